"""Several values at once: labels and lines, checked before the dialog ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from relui.domain.text import clean
from relui.errors import ReluiError
from relui.ui.kit.kept_form import KeptForm, first_choice
from relui.ui.kit.lines import Rows
from relui.ui.kit.pick import Pick


class Entry(Struct, frozen=True):
    """One line of a form: its name, label, present value, and a word on what is expected.

    With `choices` it is chosen among them instead of typed.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()


Check = Callable[[str, str], None]
"""Takes a name and a text; raises ReluiError when the text does not fit."""


def _field(entry: Entry, value: str, id: str) -> Input | Pick:
    if entry.choices:
        return Pick([(name, "") for name in entry.choices], value, id=id)
    return Input(value, placeholder=entry.hint, id=id, compact=True)


class Form(KeptForm):
    """Enter or Ctrl+S saves all of it, Tab goes on, Esc leaves everything as it is."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("enter", "save", show=False),  # on a line that is chosen; one that is typed answers itself
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    Form Rows { height: auto; max-height: 70vh; background: $panel; }
    Form .row { height: 1; }
    Form .label { width: 22; height: 1; color: $muted; background: $panel; padding: 0 1 0 0; }
    Form .row Input { width: 1fr; }
    """

    def __init__(
        self,
        title: str,
        entries: Sequence[Entry],
        *,
        check: Check | None = None,
        words: str = "",
        draft: str = "",
    ) -> None:
        """`draft` names where what is typed is kept when the form is left, or the app ends."""
        super().__init__(draft)
        self._title, self._entries, self._check, self._words = title, list(entries), check, words

    def compose(self) -> ComposeResult:
        """Words, then a label and a line for each entry."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title)).truncate(70, ellipsis=True)
            box.border_subtitle = "Enter saves, Tab goes on, Esc leaves"
            own = {entry.name: first_choice(entry.value, entry.choices) for entry in self._entries}
            yield from self.offer_draft(own)
            if self._words:
                yield Static(Content(clean(self._words, multiline=True)), classes="words")
            wide = self._label_width()
            with Rows():
                for number, entry in enumerate(self._entries):
                    with Horizontal(classes="row"):
                        text = Content(clean(entry.label)).truncate(wide - 1, ellipsis=True)
                        label = Static(text, classes="label")
                        label.styles.width = wide
                        yield label
                        yield _field(entry, self.offered(entry.name), f"value-{number}")
            yield Static("", classes="wrong", markup=False)

    def _label_width(self) -> int:
        """Room for the longest label: a zone's name may stand in it."""
        longest = max((Content(clean(entry.label)).cell_length for entry in self._entries), default=0)
        return min(max(longest + 1, 22), 34)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._wrong(event.input)

    def _wrong(self, field: Input) -> bool:
        """Say what is wrong with one line while it is typed; True when something is."""
        number = int((field.id or "value-0").removeprefix("value-"))
        words = self.query_one(".wrong", Static)
        try:
            if self._check is not None:
                self._check(self._entries[number].name, field.value)
        except ReluiError as error:
            words.update(Content(clean(error.message)))
            return True
        words.update(Content(""))
        return False

    def on_input_submitted(self) -> None:
        """Enter saves."""
        self.action_save()

    def action_save(self) -> None:
        """Answer, unless a value does not fit: then the keyboard goes there."""
        for number in range(len(self._entries)):
            field = self.query_one(f"#value-{number}")
            if isinstance(field, Input) and self._wrong(field):
                field.focus()
                return
        self.answer(self.values())
