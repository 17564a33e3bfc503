"""One boundary for what goes wrong on a screen: an error of relui's is told, and the app goes on."""

from __future__ import annotations

from typing import Protocol, cast

from textual.css.query import NoMatches
from textual.message_pump import MessagePump

from relui.errors import ReluiError
from relui.ui.terminal.textual_private import HookedPump, is_being_removed, is_ending


class Teller(Protocol):
    """The app, as far as it is needed here: it knows where the person looks."""

    def tell_error(self, error: ReluiError) -> None:
        """Tell it there."""


class TellsErrors(HookedPump):
    """Mixed into the app, the screens and the dialogs: whatever a key, an event or a timer leads to there."""

    SURVIVES = (ReluiError, NoMatches)

    def survived(self, error: Exception) -> bool:
        """An error of relui's is told; what a screen that is gone was still told does not matter."""
        if isinstance(error, ReluiError):
            cast("Teller", self.app).tell_error(error)
            return True
        return _gone(self)


def _gone(pump: MessagePump) -> bool:
    """A screen that was left before it was drawn has no widgets: what it was still told does not matter."""
    return is_ending(pump.app) or not pump.is_attached or is_being_removed(pump)
