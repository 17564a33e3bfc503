"""Asking a person: one of a few, one line, a text, several values, yes or no. Awaited; None is Esc."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from relui.domain.checklist import ItemField
from relui.domain.text import clean
from relui.errors import WrittenMeanwhile
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.lines import PickList
from relui.ui.kit.text import column, line

if TYPE_CHECKING:
    from relui.desk.act import Opened
    from relui.ui.kit.asker import Asker
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

    answer: bool | None = await screen.app.push_screen_wait(Confirm(title, words, yes))
    return bool(answer)


class _Choices(PickList[tuple[str, str]]):
    def __init__(self, choices: Sequence[tuple[str, str]], muted: Collection[int]) -> None:
        super().__init__()
        self.rows = list(choices)
        self.muted = frozenset(muted)

    def content(self, index: int, width: int) -> Content:
        name, words = self.rows[index]
        room = min(max(len(name) for name, _ in self.rows) + 1, width // 2)
        return Content.assemble(
            " ", column(name, room, "muted" if index in self.muted else "text"), " ", line((words, "muted"))
        ).truncate(width, ellipsis=True)


class Choose(Dialog[int | None]):
    """j and k move, Enter chooses, Esc leaves. `muted` choices are grey; their words say why."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q", "leave", show=False),
        Binding("enter,space", "choose", show=False),
    ]

    def __init__(
        self, title: str, choices: Sequence[tuple[str, str]], *, at: int = 0, muted: Collection[int] = ()
    ) -> None:
        super().__init__()
        self._muted = muted
        self._title, self._choices, self._at = title, list(choices), at

    def compose(self) -> ComposeResult:
        """The choices in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "Enter chooses, Esc leaves"
            yield _Choices(self._choices, self._muted)

    def on_mount(self) -> None:
        """As high as there are choices."""
        choices = self.query_one(_Choices)
        choices.styles.height = min(len(self._choices), 16)
        choices.cursor = self._at
        choices.focus()

    def on_line_list_chosen(self) -> None:
        """A double click chooses."""
        self.action_choose()

    def action_choose(self) -> None:
        """Answer with the number of the choice."""
        self.dismiss(self.query_one(_Choices).cursor)

    def action_leave(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)


class Confirm(Dialog[bool]):
    """Esc and Enter on the default leave things as they are."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,n", "answer(False)", show=False),
        Binding("y", "answer(True)", show=False),
        Binding("left,h", "app.focus_previous", show=False),
        Binding("right,l", "app.focus_next", show=False),
    ]

    DEFAULT_CSS = """
    Confirm Horizontal { height: 3; align-horizontal: right; margin-top: 1; }
    Confirm Button { margin-left: 2; min-width: 14; }
    """

    def __init__(self, title: str, words: str, yes: str) -> None:
        super().__init__()
        self._title, self._words, self._yes = title, words, yes

    def compose(self) -> ComposeResult:
        """The question and two buttons."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title))
            box.border_subtitle = "y / n"
            yield Static(Content(clean(self._words, multiline=True)), classes="words")
            with Horizontal():
                yield Button(Content("Cancel"), id="no")
                yield Button(Content(self._yes), id="yes", variant="warning")

    def on_mount(self) -> None:
        """Cancel has the keyboard."""
        self.query_one("#no", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer by key."""
        self.dismiss(answer)


class LinePrompt(Dialog[str | None]):
    """Enter answers, Esc leaves everything as it is."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape", "cancel", show=False),
        Binding("ctrl+s", "save", show=False, priority=True),
    ]

    def __init__(self, title: str, hint: str, value: str = "", *, required: bool = False) -> None:
        super().__init__()
        self._title, self._hint, self._value, self._required = title, hint, value, required

    def compose(self) -> ComposeResult:
        """A hint, the line, and a word when something is missing."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title)).truncate(70, ellipsis=True)
            box.border_subtitle = "Enter saves, Esc cancels"
            yield Static(Content(self._hint), classes="hint")
            yield Input(self._value, compact=True)
            yield Static("", classes="wrong", markup=False)

    def on_input_submitted(self) -> None:
        """Enter saves."""
        self.action_save()

    def action_save(self) -> None:
        """Answer, unless a needed line is empty."""
        value = self.query_one(Input).value
        if self._required and not clean(value).strip():
            self.query_one(".wrong", Static).update(
                Content("A word is needed here. Esc leaves things as they are.")
            )
            return
        self.dismiss(value)

    def action_cancel(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
