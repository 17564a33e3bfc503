"""Forms of the calendar: checked while typing, with what they mean, and their effect before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from relui.domain.text import clean
from relui.errors import ReluiError
from relui.ui.kit.form import Entry, Form

Meaning = Callable[[dict[str, str]], Sequence[str]]
"""From what is typed to what it means, in sentences; raises ReluiError for what does not fit."""
_PAUSE = 0.3
"""Seconds after the last key until the effect on releases is worked out."""


class CheckedForm(Form):
    """A form whose values only make sense together: what they mean, and what they do, stands below them.

    When saving has an effect on releases that was not shown yet, Enter shows it first and saves when it
    is pressed again.
    """

    DEFAULT_CSS = """
    CheckedForm .means { color: $done; background: $panel; width: 1fr; height: auto; margin-top: 1; }
    CheckedForm .effect { color: $overdue; background: $panel; width: 1fr; height: auto; max-height: 8; }
    """

    def __init__(
        self, title: str, entries: Sequence[Entry], *, meaning: Meaning, effect: Meaning, draft: str
    ) -> None:
        super().__init__(title, entries, draft=draft)
        self._meaning, self._effect = meaning, effect
        self._warned: dict[str, str] | None = None
        self._pending: Timer | None = None

    def on_mount(self) -> None:
        """Room for the meaning below the lines."""
        box = self.query_one(".dialog")
        box.mount(Static("", classes="means", markup=False), Static("", classes="effect", markup=False))
        self.call_after_refresh(self.explain)

    def _wrong(self, field: Input) -> bool:
        """Any line may change what all of them mean; the effect waits for a pause in typing."""
        self._warned = None
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(_PAUSE, self.show_effect)
        return not self.explain()

    def explain(self) -> bool:
        """Say what is typed means, or what is wrong with it; True when it can be saved."""
        found = self.query(".means")
        if not found:
            return False
        means, wrong = found.first(Static), self.query_one(".wrong", Static)
        try:
            words = "\n".join(self._meaning(self.values()))
        except ReluiError as error:
            means.update(Content(""))
            self.query_one(".effect", Static).update(Content(""))
            wrong.update(Content(clean(error.message, multiline=True)) if self.values() != self._own else "")
            return False
        means.update(Content(clean(words, multiline=True)))
        wrong.update(Content(""))
        return True

    def show_effect(self) -> Sequence[str]:
        """Say what saving does to releases."""
        try:
            effect = list(self._effect(self.values()))
        except ReluiError:
            return []
        told = "\n".join(f"! {sentence}" for sentence in effect)
        self.query_one(".effect", Static).update(Content(clean(told, multiline=True)))
        if effect:
            self._warned = self.values()
        return effect

    def action_save(self) -> None:
        """Save, unless something is wrong, or an effect has yet to be seen."""
        if self._pending is not None:
            self._pending.stop()
        if not self.explain():
            try:
                self._meaning(self.values())
            except ReluiError as error:
                self.query_one(".wrong", Static).update(Content(clean(error.message, multiline=True)))
            return
        seen = self._warned == self.values()
        if not seen and self.show_effect():
            self.query_one(".dialog").border_subtitle = "Enter again saves it all the same, Esc leaves"
            return
        self.answer(self.values())
