"""Several values at once, checked while they are typed; what is typed is kept and offered again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from relui.domain.text import clean
from relui.errors import ReluiError
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.lines import Rows
from relui.ui.kit.pick import Pick, Picks

if TYPE_CHECKING:
    from relui.ui.kit.desk_app import DeskApp


CHOSEN = ", "
"""Between the names of what is chosen, where several can be."""
OFFERED = "This is what was typed and not saved before. ^N starts clean."
_KEPT = "Nothing is changed. What was typed is kept and offered again."


class KeptForm(Dialog[dict[str, str] | None]):
    """Lines with a name each, in widgets `#value-0` and on. Without the name of a draft nothing is kept."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape", "leave", show=False),
        Binding("ctrl+n", "start_clean", show=False, priority=True),
    ]

    def __init__(self, draft: str) -> None:
        super().__init__()
        self.draft = draft
        self.typed: Mapping[str, str] = {}
        """What was typed into such a form a moment ago: it goes before a draft."""
        self._own: dict[str, str] = {}
        self._anew: frozenset[str] = frozenset()
        self._offered: dict[str, str] = {}
        self._warned_of_loss = False

    def offer_draft(self, own: Mapping[str, str], anew: Collection[str] = ()) -> ComposeResult:
        """Look for a draft and say that it is there; `own` is what the lines hold without one.

        Lines in `anew` are never kept: what is confirmed is looked at each time.
        """
        self._own, self._anew = dict(own), frozenset(anew)
        kept = cast("DeskApp", self.app).draft(self.draft) if self.draft else {}
        kept |= self.typed
        again = {name: text for name, text in kept.items() if name in self._own and name not in self._anew}
        self._offered = changed(self._own, again)
        if self._offered:
            yield Static(Content(OFFERED), classes="hint", id="kept")

    def offered(self, name: str) -> str:
        """What a line begins with: what was typed before, else its own value."""
        return self._offered.get(name, self._own[name])

    def values(self) -> dict[str, str]:
        """What is typed and chosen now, by name."""
        return {name: value_of(self.query_one(f"#value-{at}")) for at, name in enumerate(self._own)}

    @property
    def drafted(self) -> dict[str, dict[str, str]]:
        """What would be lost if the app ended now: draft name -> its texts that differ."""
        if not self.draft or not self.is_mounted:
            return {}
        typed = changed(self._own, self.values())
        kept = {name: text for name, text in typed.items() if name not in self._anew}
        return {self.draft: kept} if kept else {}

    def answer(self, values: dict[str, str]) -> None:
        """End with what was typed: it is no draft any more."""
        if self.commit is None:
            self.settle()
        self.dismiss(values)

    def settle(self) -> None:
        """What was typed is recorded."""
        if self._offered:
            cast("DeskApp", self.app).forget_draft(self.draft)

    def action_leave(self) -> None:
        """Leave everything as it is, and keep what was typed. Where it cannot be kept, Esc again leaves."""
        app, drafted = cast("DeskApp", self.app), self.drafted
        try:
            for name, texts in drafted.items():
                app.keep_draft(name, texts)
            if self._offered and not drafted:
                app.forget_draft(self.draft)
        except ReluiError as error:
            if not self._warned_of_loss:
                self._warned_of_loss = True
                words = f"{error.message} Esc again leaves without keeping what was typed."
                self.query_one(".wrong", Static).update(Content(clean(words)))
                return
            drafted = {}
        if drafted and not app.desk.read_only:
            cast("DeskApp", self.app).say_below(_KEPT)
        self.dismiss(None)

    def action_start_clean(self) -> None:
        """Forget the draft that was offered: every line is as it would be without it."""
        if not self._offered:
            return
        cast("DeskApp", self.app).forget_draft(self.draft)
        self._offered = {}
        self.query_one("#kept").remove()
        for at, text in enumerate(self._own.values()):
            _put(self.query_one(f"#value-{at}"), text)
        self.query_one("#value-0").focus()


def value_of(widget: Widget) -> str:
    """What is typed into a line, or chosen on it."""
    if isinstance(widget, Input):
        return widget.value
    if isinstance(widget, TextArea):
        return widget.text
    if isinstance(widget, Picks):
        return CHOSEN.join(name for name in widget.names if name in widget.chosen)
    assert isinstance(widget, Pick)
    return widget.value


def _put(widget: Widget, text: str) -> None:
    if isinstance(widget, Input):
        widget.value = text
    elif isinstance(widget, TextArea):
        widget.text = text
    elif isinstance(widget, Picks):
        widget.chosen = {name for name in text.split(CHOSEN) if name}
        widget.refresh()
        widget.post_message(widget.Changed())
    elif isinstance(widget, Pick):
        widget.value = text
        widget.refresh()
        widget.post_message(widget.Changed())


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What was typed differently."""
    return {name: text for name, text in after.items() if text != before.get(name, "")}


def first_choice(value: str, choices: Sequence[str]) -> str:
    """What a line of choices holds at first."""
    return value or next(iter(choices), "")


@contextmanager
def kept_when_refused(app: DeskApp, draft: str, typed: dict[str, str]) -> Iterator[None]:
    """What was saved from a form and is refused then is offered again."""
    try:
        yield
    except ReluiError:
        with suppress(ReluiError):  # the refusal is told; it is the one that matters
            app.keep_draft(draft, typed)
        raise


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
