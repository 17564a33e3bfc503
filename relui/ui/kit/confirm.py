"""Yes or no, with no as the default."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from relui.domain.text import clean
from relui.ui.kit.dialog import Dialog


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
