"""What every dialog is: a modal screen in which an error is told and nothing typed is lost."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.screen import ModalScreen

from relui.ui.boundary import TellsErrors

Answer = TypeVar("Answer")


class Dialog(TellsErrors, ModalScreen[Answer]):
    """Over a screen; dismissed with an answer."""

    # At once, before the keys behind it are handed to the field that is being left: over a slow line a
    # whole line arrives in one piece.
    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Give the answer, once: an Enter that comes twice must not take the screen below away too."""
        if not self.is_current:
            return AwaitComplete()
        return super().dismiss(result)
