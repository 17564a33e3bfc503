"""What screens and dialogs know of the app: the desk, what was seen of it, drafts, ways to other screens."""

from __future__ import annotations

import os
from collections.abc import Awaitable

from textual.app import App

from relui.clock import host_zone
from relui.desk.desk import Desk
from relui.domain.instants import same_clock
from relui.locations import Locations
from relui.settings import Settings
from relui.ui.kit.board import Board
from relui.ui.kit.boundary import TellsErrors
from relui.ui.kit.themes import first_theme
from relui.ui.terminal.typing_ahead import KeysInTurn


class DeskApp(KeysInTurn, TellsErrors, App[None]):
    """An app over one desk and one board. Which screens there are, `ReluiApp` knows."""

    def __init__(
        self, desk: Desk, locations: Locations, settings: Settings, *, note: str, ansi_color: bool | None
    ) -> None:
        super().__init__(ansi_color=ansi_color)
        self.desk = desk
        self.locations = locations
        self.settings = settings
        self.board = Board(desk)
        self.note = note
        self.problems: list[str] = []
        """What was wrong with the person's own files at the start: told once."""
        self.trouble: list[str] = []
        """What else went wrong at the start, and stays."""
        self.own_keys: dict[str, tuple[str, ...]] = {}
        self._organisation: str | None = None
        self._zone = ""

    # -- the data behind the screens -----------------------------------------------------------------

    def beat(self) -> None:
        """Look at the data folder; screens in sight show what changed now, the others when they are again."""
        raise NotImplementedError

    def zone(self) -> str:
        """The zone to show times in: the one that was switched to, else the desk's."""
        if not self._zone:
            self._zone = self.desk.display_zone()
        return self._zone

    def organisation_name(self) -> str:
        """What the organisation calls itself, read once."""
        if self._organisation is None:
            self._organisation = self.desk.organisation().name
        return self._organisation

    def next_zone(self) -> str:
        """Switch to the next zone for display: the desk's, the host's, the releases', UTC; returns its name.

        Zones that show the same times count once.
        """
        now = self.desk.clock.now()
        host, releases = host_zone(os.environ, self.settings.zone), [one.zone for one in self.board.releases]
        order: list[str] = []
        for zone in (self.desk.display_zone(), host, *releases, "UTC"):
            if zone not in order and not any(same_clock(zone, one, now) for one in order):
                order.append(zone)
        here = next((at for at, zone in enumerate(order) if same_clock(zone, self.zone(), now)), -1)
        self._zone = order[(here + 1) % len(order)]
        return self._zone

    def all_problems(self) -> list[str]:
        """What is wrong with files as they are now: releases first, then the person's own."""
        from relui.loading.own_files import own_file_problems
        from relui.ui.start import command_keys

        theme = first_theme(self.settings.theme, os.environ)
        own = own_file_problems(self.locations, self.desk.templates, command_keys, theme=theme)
        return [*self.board.problems, *own, *self.desk.message_problems(), *self.trouble]

    # -- drafts --------------------------------------------------------------------------------------

    def draft(self, name: str) -> dict[str, str]:
        """What was typed under that name and not saved yet."""
        return self.desk.drafts.find(name)

    def keep_draft(self, name: str, texts: dict[str, str]) -> None:
        """Keep what was typed; it is offered again."""
        if not self.desk.read_only:
            self.desk.drafts.keep(name, texts)

    def forget_draft(self, name: str) -> None:
        """What was typed under that name is saved now."""
        self.desk.drafts.drop(name)

    # -- screens -------------------------------------------------------------------------------------

    def hung_up(self) -> None:
        """The terminal is gone."""
        raise NotImplementedError

    def go_home(self, *, archive: bool) -> None:
        """Back to the release list, on the tab asked for."""
        raise NotImplementedError

    def go_calendar(self, release_id: str) -> None:
        """To the calendar: the one that is open already, else a new one over this screen."""
        raise NotImplementedError

    def go_metrics(self) -> None:
        """To the metrics: the open ones, or new ones over this screen."""
        raise NotImplementedError

    def go_owed(self) -> None:
        """To what is owed after releases: the open screen, or a new one over this one."""
        raise NotImplementedError

    def go_record(self, release_id: str) -> Awaitable[None] | None:
        """To the record of a release, the open one or a new one; on the record itself to a tab of it."""
        raise NotImplementedError

    def open_release(self, release_id: str) -> None:
        """Open a release's checklist."""
        raise NotImplementedError
