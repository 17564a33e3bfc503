"""A screen as those know it who ask a person something: the app, the desk, the clock, the message line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from textual.app import App

from relui.desk.desk import Desk
from relui.ui.kit.desk_app import DeskApp


class Asker(Protocol):
    """What a screen's controllers, and the questions that they ask, need of any screen."""

    @property
    def app(self) -> App[object]:
        """Dialogs are pushed on it."""

    @property
    def relui(self) -> DeskApp:
        """The same app: drafts, what the board shows, ways to other screens."""

    @property
    def desk(self) -> Desk:
        """Every act goes through it."""

    @property
    def now(self) -> datetime:
        """The instant, from the one clock."""

    def say(self, text: str, mark: str = "text") -> None:
        """Put a sentence into the message line."""

    def guarded(self, act: Callable[[], Any]) -> Any:
        """Do something; an error of relui's is shown and None returned."""

    def reload(self) -> None:
        """Show everything anew from what is on disk."""
