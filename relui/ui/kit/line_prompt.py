"""One line, asked for in one line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from relui.domain.text import clean
from relui.ui.kit.dialog import Dialog


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
