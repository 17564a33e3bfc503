"""The one-line filter above the message line: it filters while typing, Enter keeps, Esc clears."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input

from relui.ui.terminal.textual_private import HookedInput


class FilterField(HookedInput):
    """Mounted when a filter is asked for, so that no screen pays for it before."""

    DEFAULT_CSS = """
    FilterField { height: 1; border: none; padding: 0 1;
                  background: $panel; color: $text; }
    FilterField:focus { border: none; }
    """

    class Typed(Message):
        """The text changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Ended(Message):
        """The keyboard goes back to the list."""

    def __init__(self, text: str) -> None:
        super().__init__(text, id="filter", placeholder="words", compact=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        event.stop()
        self.post_message(self.Typed(event.value.strip()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter keeps the filter."""
        event.stop()
        self.post_message(self.Ended())

    def took(self, event: events.Key) -> bool:
        """Esc clears the filter, Down keeps it; both go back to the list."""
        if event.key not in ("escape", "down"):
            return False
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.value = ""
            self.post_message(self.Typed(""))
        self.post_message(self.Ended())
        return True
