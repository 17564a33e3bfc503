"""One boundary for what goes wrong on a screen: an error of relui's is told, and the app goes on."""

from __future__ import annotations

from typing import Protocol, cast

from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump

from relui.errors import ReluiError


class Teller(Protocol):
    """The app, as far as it is needed here: it knows where the person looks."""

    def tell_error(self, error: ReluiError) -> None:
        """Tell it there."""


class TellsErrors(MessagePump):
    """Mixed into the app, the screens and the dialogs: whatever a key, an event or a timer leads to there."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except ReluiError as error:
            cast("Teller", self.app).tell_error(error)
        except NoMatches:
            if not _gone(self):
                raise


def _gone(pump: MessagePump) -> bool:
    """A screen that was left before it was drawn has no widgets: what it was still told does not matter."""
    return pump.app._exit or not pump.is_attached or (isinstance(pump, DOMNode) and pump._pruning)
