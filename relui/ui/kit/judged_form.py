"""A form of lines, texts and choices, judged as a whole while it is typed: parts, sign-offs, decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from relui.domain.text import clean
from relui.errors import ReluiError
from relui.ui.kit.form import CHOSEN, KeptForm, first_choice
from relui.ui.kit.lines import Rows
from relui.ui.kit.pick import Pick, Picks


class Field(Struct, frozen=True):
    """One line of the form. `choices` are (value, words); `several` is a text of more than one line.

    `points` are (id, words) that are ticked one by one; their value is the ids of those that are.
    """

    name: str
    label: str
    value: str = ""
    about: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = False
    points: tuple[tuple[str, str], ...] = ()


Judge = Callable[[dict[str, str]], Sequence[str]]
"""From what is typed to what saving it does, in sentences; raises ReluiError for what does not fit."""


class Chooser(Pick, inherit_bindings=False):
    """One of a few: left and right choose, a letter goes to the next choice that begins with it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("right,space", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
    ]

    def on_key(self, event: events.Key) -> None:
        """Go to the next choice with that letter."""
        letter = (event.character or "").casefold()
        if not letter.isalnum():
            return
        names = [name for name, _ in self.choices]
        start = names.index(self.value) + 1 if self.value in names else 0
        for name in [*names[start:], *names[:start]]:
            if name.casefold().startswith(letter):
                self.value = name
                self.refresh()
                self.post_message(self.Changed())
                event.stop()
                return


class Points(Picks):
    """What is confirmed, each point with its words on a line of its own: up and down move over them."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("down,j", "walk(1)", show=False),
        Binding("up,k", "walk(-1)", show=False),
        Binding("a", "all", show=False),
    ]

    def __init__(self, points: Sequence[tuple[str, str]], chosen: Sequence[str], *, id: str) -> None:
        super().__init__([name for name, _ in points], chosen, id=id)
        self.words = dict(points)

    def lines(self, width: int) -> list[Content]:
        """`[x] The timing is still right`, one below the other."""
        from relui.ui.kit.text import line

        rows = []
        for index, name in enumerate(self.names):
            here = self.has_focus and index == self.at
            mark = "cursor" if here else "done" if name in self.chosen else "text"
            sign = f" [{'x' if name in self.chosen else ' '}] {self.words[name]}"
            rows.append(line((sign, mark)).truncate(width, ellipsis=True))
        return rows

    def action_all(self) -> None:
        """Choose all of them, or none."""
        self.chosen = set() if set(self.names) <= self.chosen else set(self.names)
        self.refresh()
        self.post_message(self.Changed())

    def action_walk(self, by: int) -> None:
        """The point below or above; past either end the line of the form there."""
        if 0 <= self.at + by < len(self.names):
            self.action_move(by)
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()


class PartForm(KeptForm):
    """Enter or Ctrl+S saves all of it, Tab goes on, Esc leaves everything as it is."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("enter", "save", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    PartForm .dialog { width: 90; }
    PartForm Rows { height: auto; max-height: 60vh; background: $panel; }
    PartForm .row { height: auto; }
    PartForm .label { width: 22; height: 1; color: $muted; background: $panel; padding: 0 1 0 0; }
    PartForm .row Input { width: 1fr; }
    PartForm .row TextArea { width: 1fr; height: 4; }
    PartForm .about { color: $muted; background: $panel; width: 1fr; height: auto; margin-top: 1; }
    PartForm .means { color: $overdue; background: $panel; width: 1fr; height: auto; max-height: 6; }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        judge: Judge,
        *,
        words: str = "",
        at: str = "",
        draft: str = "",
    ) -> None:
        """`draft` names where what is typed is kept when the form is left, or the app ends."""
        super().__init__(draft)
        self._title, self._fields, self._judge, self._words, self._at = title, list(fields), judge, words, at
        self._touched = False
        self._refusal: tuple[dict[str, str], str] = {}, ""
        """What was refused last, and why: told until something else is typed."""

    def compose(self) -> ComposeResult:
        """Words, then a label and something to fill in for each field."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title)).truncate(76, ellipsis=True)
            box.border_subtitle = "Enter saves (Ctrl+S in a text), Tab goes on, Esc leaves"
            own = {field.name: _own(field) for field in self._fields}
            yield from self.offer_draft(own, [field.name for field in self._fields if field.points])
            if self._words:
                yield Static(Content(clean(self._words, multiline=True)), classes="words")
            with Rows():
                for number, field in enumerate(self._fields):
                    with Horizontal(classes="row"):
                        yield Static(Content(clean(field.label)).truncate(21, ellipsis=True), classes="label")
                        yield self._widget(field, self.offered(field.name), f"value-{number}")
            yield Static("", classes="about", markup=False)
            yield Static("", classes="means", markup=False)
            yield Static("", classes="wrong", markup=False)

    @staticmethod
    def _widget(field: Field, value: str, name: str) -> Widget:
        if field.points:
            return Points(field.points, value.split(CHOSEN), id=name)
        if field.choices:
            return Chooser(field.choices, value, id=name)
        if field.several:
            return TextArea(value, id=name, compact=True, soft_wrap=True, tab_behavior="focus")
        return Input(value, id=name, compact=True)

    def on_mount(self) -> None:
        """The keyboard goes to the field asked for, else to the first."""
        names = [field.name for field in self._fields]
        number = names.index(self._at) if self._at in names else 0
        if self._fields:
            self.query_one(f"#value-{number}").focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what is expected in the field with the keyboard."""
        number = (event.widget.id or "").removeprefix("value-")
        about = self._fields[int(number)].about if number.isdigit() else ""
        self.query_one(".about", Static).update(Content(clean(about)))

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Pick.Changed)
    @on(Picks.Changed)
    def _typed(self) -> None:
        if self._touched or self.values() != self._own:
            self._touched = True
            self.judged()

    def judged(self) -> bool:
        """Say what is typed does, or what is wrong with it; True when it can be saved."""
        means, wrong = self.query_one(".means", Static), self.query_one(".wrong", Static)
        try:
            values = self.values()
            told = "\n".join(f"! {words}" for words in self._judge(values))
        except ReluiError as error:
            means.update(Content(""))
            wrong.update(Content(clean(error.message, multiline=True)))
            return False
        means.update(Content(clean(told, multiline=True)))
        wrong.update(Content(self._refusal[1] if values == self._refusal[0] else ""))
        return True

    def refused(self, error: ReluiError) -> None:
        """Tell why the answer is not carried out, for as long as it stands as it is."""
        self._refusal = self.values(), clean(error.message, multiline=True)
        super().refused(error)

    def beat(self) -> None:
        """Judge what is typed by the present instant."""
        if self._touched and self.is_mounted:
            self.judged()

    def on_input_submitted(self) -> None:
        """Enter saves."""
        self.action_save()

    def action_save(self) -> None:
        """Answer, unless something does not fit: that is said, and what was typed stays."""
        self._touched = True
        self._refusal = {}, ""
        if self.judged():
            self.answer(self.values())


def _own(field: Field) -> str:
    """What a field holds at first, as its widget gives it."""
    if field.points:
        chosen = field.value.split(CHOSEN)
        return CHOSEN.join(name for name, _ in field.points if name in chosen)
    return first_choice(field.value, [name for name, _ in field.choices])
