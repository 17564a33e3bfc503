"""A screen as dialogs, controllers and the acts of every screen know it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from textual.app import App
from textual.content import Content

from relui.desk.desk import Desk
from relui.ui.kit.command import Command, Commands
from relui.ui.kit.desk_app import DeskApp

Result = TypeVar("Result")


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

    async def outcome(self, do: Callable[[], Result]) -> Result:
        """Do something through the desk, beside the screen where it takes long. Raises what it raised."""
        raise NotImplementedError

    async def tried(self, do: Callable[[], Result]) -> Result | None:
        """As `outcome`; an error of relui's is shown and None returned."""

    def reload(self) -> None:
        """Show everything anew from what is on disk."""


class AnyScreen(Asker, Protocol):
    """What the acts of every screen, and its help, need of it."""

    def refresh(self, *, layout: bool = False) -> Any:
        """Paint it again."""

    def all_commands(self) -> Commands:
        """Its commands and those of every screen."""

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """The keys that run a command here and now."""

    def key_of(self, command_id: str) -> str:
        """The key that runs a command, as people write it."""

    def release_in_sight(self) -> str:
        """The release that another screen goes on with, or nothing."""

    def release_to_read(self) -> str:
        """The release that is selected, in the archive too, or nothing."""

    def troubles(self) -> tuple[str, ...]:
        """The situations in which what is under the cursor calls for help in trouble [S1.35]."""

    def legend(self) -> list[Content]:
        """What its own signs mean."""
