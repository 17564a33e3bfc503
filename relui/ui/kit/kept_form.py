"""Forms that lose nothing typed: when they are left, or the app ends, it stays as a draft, offered again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from relui.domain.text import clean
from relui.errors import ReluiError
from relui.ui.kit.dialog import Dialog
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
            self._say_below(_KEPT)
        self.dismiss(None)

    def _say_below(self, words: str) -> None:
        from relui.ui.kit.screen import DeskScreen

        below = self.app.screen_stack[-2]
        if isinstance(below, DeskScreen):
            below.say(words, "muted")

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
