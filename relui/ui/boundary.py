"""One boundary for what goes wrong on a screen: an error of relui's is told, and the app goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump

from relui.errors import ReluiError

if TYPE_CHECKING:
    from textual.app import App


class TellsErrors(MessagePump):
    """Mixed into the app, the screens and the dialogs: whatever a key, an event or a timer leads to there."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except ReluiError as error:
            tell_error(self.app, error)
        except NoMatches:
            if not _gone(self):
                raise


def _gone(pump: MessagePump) -> bool:
    """A screen that was left before it was drawn has no widgets: what it was still told does not matter."""
    return pump.app._exit or not pump.is_attached or (isinstance(pump, DOMNode) and pump._pruning)


def tell_error(app: App[Any], error: ReluiError) -> None:
    """Tell it where the person looks: in the screen's message line, or over the dialog, which stays open."""
    from relui.ui.dialogs.notice import Notice
    from relui.ui.screens.desk_screen import DeskScreen

    screen = app.screen
    if isinstance(screen, DeskScreen):
        screen.show_error(error)
    elif not (isinstance(screen, Notice) and screen.text == error.message):
        app.push_screen(Notice(error.title, error.message))
