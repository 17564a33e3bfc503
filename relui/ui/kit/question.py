"""Asking a person: one line, a text, several values, or yes or no. Each awaits the answer; None is Esc."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relui.domain.checklist import ItemField
from relui.errors import WrittenMeanwhile

if TYPE_CHECKING:
    from relui.desk.act import Opened
    from relui.ui.kit.asker import Asker
    from relui.ui.kit.dialog import Dialog
    from relui.ui.kit.form import Form
    from relui.ui.kit.text_editor import TextEditor


async def carry_out(screen: Asker, dialog: Dialog[Any], do: Callable[[Any], Any]) -> Any:
    """Show a dialog until its answer was carried out by `do`; returns what that gave, None after Esc.

    What `do` refuses is told in the dialog, which stays with all that was typed. `do` may ask another
    question first, and gives back None where the answer to that was no.
    """
    dialog.commit = do
    answer = await screen.app.push_screen_wait(dialog)
    return None if answer is None else dialog.done


def careful(screen: Asker, opened: Opened, do: Callable[[], Any]) -> Any:
    """Do something by somebody who saw the release as it was `opened`.

    What others wrote since is replaced only after a yes: then an awaitable of what `do` gave, or None.
    """
    try:
        with screen.desk.journal.seeing(opened.record):
            return do()
    except WrittenMeanwhile as clash:
        return _replacing(screen, clash, do)


async def _replacing(screen: Asker, clash: WrittenMeanwhile, do: Callable[[], Any]) -> Any:
    return do() if await confirm(screen, clash.title, clash.message, yes="Replace it") else None


async def ask_line(
    screen: Asker,
    title: str,
    hint: str,
    do: Callable[[str], Any],
    *,
    value: str = "",
    required: bool = False,
) -> Any:
    """One line of text, carried out by `do` while its dialog stands; returns what that gave, or None."""
    from relui.ui.kit.line_prompt import LinePrompt

    return await carry_out(screen, LinePrompt(title, hint, value, required=required), do)


def text_editor(screen: Asker, title: str, text: str, *, draft: str = "") -> TextEditor:
    """An editor for a text of several lines; an unsaved `draft` of it is offered again."""
    from relui.ui.kit.text_editor import TextEditor

    kept = screen.relui.draft(draft).get("text") if draft else None
    return TextEditor(title, text, kept=kept, draft=draft)


def values_form(
    screen: Asker, title: str, fields: Sequence[ItemField], values: Mapping[str, str], *, draft: str
) -> Form:
    """A form for the values of an item's fields, checked against their kinds while they are typed."""
    from relui.domain.fields import checked_value
    from relui.domain.text import one_line
    from relui.ui.kit.form import Entry, Form

    people = screen.desk.organisation.read() if any(field.kind == "person" for field in fields) else None

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
    return Form(title, entries, check=check, draft=draft)


async def confirm(screen: Asker, title: str, words: str, *, yes: str) -> bool:
    """A question whose default is to leave things as they are."""
    from relui.ui.kit.confirm import Confirm

    answer: bool | None = await screen.app.push_screen_wait(Confirm(title, words, yes))
    return bool(answer)
