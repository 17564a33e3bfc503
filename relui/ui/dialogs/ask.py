"""Asking a person: one line, a text, several values, or yes or no. Each awaits the answer; None is Esc."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from relui.domain.checklist import ItemField

if TYPE_CHECKING:
    from relui.ui.screens.desk_screen import DeskScreen


async def ask_line(
    screen: DeskScreen, title: str, hint: str, *, value: str = "", required: bool = False
) -> str | None:
    """One line of text."""
    from relui.ui.dialogs.line_prompt import LinePrompt

    answer: str | None = await screen.app.push_screen_wait(LinePrompt(title, hint, value, required=required))
    return answer


async def ask_text(screen: DeskScreen, title: str, text: str, *, draft: str = "") -> str | None:
    """A text of several lines; an unsaved `draft` of it is offered again."""
    from relui.ui.dialogs.text_editor import TextEditor

    kept = screen.relui.draft(draft).get("text") if draft else None
    editor = TextEditor(title, text, kept=kept, draft=draft)
    answer: str | None = await screen.app.push_screen_wait(editor)
    return answer


async def ask_values(
    screen: DeskScreen, title: str, fields: Sequence[ItemField], values: Mapping[str, str], *, draft: str
) -> dict[str, str] | None:
    """The values of an item's fields, checked against their kinds before the dialog ends; else a draft."""
    from relui.domain.fields import checked_value
    from relui.domain.text import one_line
    from relui.ui.dialogs.form import Entry, Form

    people = screen.desk.organisation() if any(field.kind == "person" for field in fields) else None

    def check(name: str, text: str) -> None:
        field = next(field for field in fields if field.id == name)
        cleaned = one_line(text, what=field.label)
        if not cleaned:
            return
        checked_value(field, cleaned)
        if people is not None and field.kind == "person":
            people.checked_person(cleaned)

    names = ", ".join(person.id for person in people.people[:6]) if people is not None else ""
    hints = {
        "date": "2026-11-21", "time": "20:15", "link": "https://...", "number": "a number", "person": names,
    }  # fmt: skip
    entries = [
        Entry(
            name=field.id,
            label=field.label,
            value=values.get(field.id, ""),
            hint=" / ".join(field.choices) or hints.get(field.kind, ""),
        )
        for field in fields
    ]
    form = Form(title, entries, check=check, draft=draft)
    answer: dict[str, str] | None = await screen.app.push_screen_wait(form)
    return answer


async def confirm(screen: DeskScreen, title: str, words: str, *, yes: str) -> bool:
    """A question whose default is to leave things as they are."""
    from relui.ui.dialogs.confirm import Confirm

    answer: bool | None = await screen.app.push_screen_wait(Confirm(title, words, yes))
    return bool(answer)
