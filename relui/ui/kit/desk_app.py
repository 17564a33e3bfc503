"""What screens and dialogs know of the app: desk, board, drafts, ways to screens, where errors go."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual.css.query import NoMatches
from textual.message_pump import MessagePump
from textual.screen import Screen

from relui.clock import host_zone
from relui.desk.act import Done
from relui.desk.desk import Desk
from relui.domain.instants import same_clock
from relui.domain.release import Release
from relui.errors import ReluiError
from relui.locations import Locations
from relui.settings import Settings
from relui.store.records import Stamp
from relui.ui.kit.acting import Acts
from relui.ui.kit.themes import first_theme
from relui.ui.terminal.ending import EndsInOrder
from relui.ui.terminal.textual_private import HookedPump, is_being_removed, is_ending
from relui.ui.terminal.typing_ahead import KeysInTurn

if TYPE_CHECKING:
    from relui.loading.keymap import CommandKeys


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


class Board:
    """Knows which files changed since the last look, so that a look costs one folder listing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[str, Stamp] = {}
        self._own: list[tuple[str, object]] = []
        self.releases: tuple[Release, ...] = ()
        self.problems: tuple[str, ...] = ()

    def update(self) -> frozenset[str]:
        """Read what changed. Returns the identifiers that are new, changed or gone. Raises StoreError."""
        seen = self._desk.store.releases.fingerprint()
        if seen == self._seen:
            return frozenset()
        changed = frozenset(
            name for name in seen.keys() | self._seen.keys() if seen.get(name) != self._seen.get(name)
        )
        known = {release.id: release for release in self.releases if release.id not in changed}
        active = self._desk.journal.active(known)
        self.releases, self.problems = active.releases, active.problems
        self._seen = dict(seen)
        return changed

    def put(self, done: Done, *, shown_by: object = None) -> None:
        """Take over what was just written here, and shown by a screen: nobody reads it again for that."""
        release = done.release
        self.releases = tuple(release if known.id == release.id else known for known in self.releases)
        if done.changed and done.stamp is not None and release.id in self._seen:
            self._seen[release.id] = done.stamp
            self._own.append((release.id, shown_by))

    def own(self) -> list[tuple[str, object]]:
        """The releases that were put since this was asked last, each with the screen that showed it."""
        own, self._own = self._own, []
        return own


class DeskApp(KeysInTurn, TellsErrors, EndsInOrder):
    """An app over one desk and one board. Which screens there are, `ReluiApp` knows."""

    def __init__(
        self, desk: Desk, locations: Locations, settings: Settings, *, note: str, ansi_color: bool | None
    ) -> None:
        super().__init__(ansi_color=ansi_color)
        self.desk = desk
        self.locations = locations
        self.settings = settings
        self.board = Board(desk)
        self.acts = Acts()
        self.looks = Acts()
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
            self._zone = self.desk.organisation.display_zone()
        return self._zone

    def organisation_name(self) -> str:
        """What the organisation calls itself, read once."""
        if self._organisation is None:
            self._organisation = self.desk.organisation.read().name
        return self._organisation

    def next_zone(self) -> str:
        """Switch to the next zone for display: the desk's, the host's, the releases', UTC; returns its name.

        Zones that show the same times count once.
        """
        now = self.desk.clock.now()
        host, releases = host_zone(os.environ, self.settings.zone), [one.zone for one in self.board.releases]
        order: list[str] = []
        for zone in (self.desk.organisation.display_zone(), host, *releases, "UTC"):
            if zone not in order and not any(same_clock(zone, one, now) for one in order):
                order.append(zone)
        here = next((at for at, zone in enumerate(order) if same_clock(zone, self.zone(), now)), -1)
        self._zone = order[(here + 1) % len(order)]
        return self._zone

    def all_problems(self) -> list[str]:
        """What is wrong with files as they are now: releases first, then the person's own."""
        from relui.loading.templates import own_file_problems

        theme = first_theme(self.settings.theme, os.environ)
        own = own_file_problems(self.locations, self.desk.templates, self.command_keys, theme=theme)
        return [*self.board.problems, *own, *self.desk.documents.message_problems(), *self.trouble]

    def act_under_way(self) -> bool:
        """Keys wait while an act goes on beside the screen."""
        return self.acts.under_way is not None

    def give_up(self) -> bool:
        """Esc while an act waits."""
        return self.acts.give_up()

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

    def keep_drafts(self) -> None:
        """Write what every open dialog and form says would be lost. A full disk does not stop the others."""
        for screen in self.screen_stack:
            drafted: dict[str, dict[str, str]] = getattr(screen, "drafted", {})
            for name, texts in drafted.items():
                with suppress(ReluiError):  # the app is ending; what can be kept is kept
                    self.keep_draft(name, texts)

    # -- screens -------------------------------------------------------------------------------------

    def say_below(self, words: str) -> None:
        """Put a sentence into the message line of the screen below the dialog that shows, where one is."""
        raise NotImplementedError

    def command_keys(self) -> Mapping[str, CommandKeys]:
        """Every command with its built-in keys and the screens that it is on."""
        raise NotImplementedError

    def screen_of(self, name: str, *arguments: Any) -> Screen[None]:
        """A new screen of that name in the registry, over what is named: a release, a tab, a line."""
        raise NotImplementedError

    def open_screen(self, name: str, *arguments: Any) -> None:
        """Open a new screen over the present one."""
        self.push_screen(self.screen_of(name, *arguments))

    def stands_below(self, name: str, *arguments: Any) -> bool:
        """Whether the screen below the present one is that one."""
        raise NotImplementedError

    def go_to(self, name: str, *arguments: Any) -> Awaitable[None] | None:
        """To the screen of that name that is open already over the same, else to a new one over this."""
        raise NotImplementedError
