"""Reading the calendar: the board, what stands against a slot, the next free ones, and present conflicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.desk.calendar_reading import Calendar
from relui.desk.core import DeskCore
from relui.domain.binding import asks_for_window, settle
from relui.domain.calendar.slot import unpassed
from relui.domain.log import Act
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.slot_hold import finished
from relui.errors import ReluiError, StoreError
from relui.store.atomic import write_atomic

if TYPE_CHECKING:
    from relui.desk.agenda import Event
    from relui.domain.calendar.board import Board
    from relui.domain.calendar.check import FreeSlots
    from relui.domain.calendar.slot import Finding, Slot, Verdict
    from relui.domain.organisation import Organisation


class CalendarActs(DeskCore):
    """Nothing here writes. What is read stays read while no file changes: a screen may ask on every key."""

    def calendar_board(self, exclude: str = "") -> Board:
        """The calendar as it is on disk now, without the slot of the release `exclude`."""
        return self._without(self.calendar(), (exclude,) if exclude else ())

    def check_slot(self, short: str, at: datetime | None = None, duration: int | None = None) -> Verdict:
        """Everything that the rules say about a release at an instant; its own time when none is given."""
        from relui.domain.calendar.check import check

        calendar = self.calendar()
        release = self.open(short).release
        slot = self.slot_at(calendar, release, at, duration)
        return check(self._without(calendar, (release.id,)), slot, self.clock.now())

    def free_slots(self, short: str, start: datetime | None = None, count: int = 5) -> FreeSlots:
        """The next slots for a release that no rule forbids, and why earlier ones were passed over.

        From `start`, or now; a start in the past means now.
        """
        from relui.domain.calendar.check import free_slots

        calendar, now = self.calendar(), self.clock.now()
        release = self.open(short).release
        slot = self.slot_at(calendar, release, max(start or now, now), None)
        board = self._without(calendar, (release.id,))
        return free_slots(board, slot, slot.start, count, now)

    def conflicts(
        self, releases: Sequence[Release], active: tuple[Release, ...] | None = None
    ) -> Mapping[str, tuple[Finding, ...]]:
        """What forbids slots that are booked and not over now, by identifier; what was passed is left out.

        `active` are all active releases, when they were read already. Reads and imports nothing of the
        calendar when nothing is booked.
        """
        now = self.clock.now()
        held = [r for r in releases if r.booking and r.booking.held == "booked" and r.booking.end > now]
        held = [release for release in held if not finished(release)]
        if not held:
            return {}
        from relui.domain.calendar.check import blocking_findings, in_order
        from relui.domain.calendar.slot import slot_of

        calendar = self.calendar() if active is None else self.calendar_of(active)
        found: dict[str, tuple[Finding, ...]] = {}
        for release in held:
            # Without the warnings: whether a notice was due needs the holidays, which take long to import.
            slot = slot_of(release, calendar.organisation)
            blocks = [one for one in blocking_findings(calendar.board, slot) if one.severity == "blocks"]
            left = unpassed(release.booking, in_order(blocks))
            if left:
                found[release.id] = left
        return found

    def events(self, start: datetime, end: datetime) -> tuple[Event, ...]:
        """Everything in the calendar that overlaps [start, end): entries, releases, absences, by start."""
        from relui.desk.agenda import events

        calendar = self.calendar()
        return events(calendar, start, end, self.conflicts(calendar.releases), self.clock.now())

    def calendar_ics(self, short: str = "") -> bytes:
        """The whole calendar, or one release, as ICS: from a month ago to two years ahead."""
        from relui.documents.calendar_ics import calendar_ics

        calendar, now = self.calendar(), self.clock.now()
        only = self.resolve(short) if short else None
        start, end = now - timedelta(days=31), now + timedelta(days=731)
        return calendar_ics(
            calendar.organisation,
            calendar.releases,
            start,
            end,
            now,
            only=only,
            revision=len(self.organisation_file.log()),
            sequences={one.id: self.files.load(one.id).head.seq for one in calendar.releases},
        )

    def write_calendar(self, path: Path, short: str = "") -> None:
        """Write the ICS file, whole or not at all. Raises StoreError."""
        write_atomic(path, self.calendar_ics(short))

    def _settled(self, ruling: Ruling) -> Ruling:
        """Items that are bound to the window, settled by the calendar as it is now; others cost nothing.

        Where the organisation cannot be read the window stays unknown: no act on a release waits for it.
        """
        if ruling.act is None or not asks_for_window(ruling.release):
            return ruling
        with suppress(StoreError):
            return replace(ruling, release=self._in_window(ruling.release))
        return ruling

    def _in_window(self, release: Release) -> Release:
        from relui.domain.calendar.slot import slot_of
        from relui.domain.calendar.windows import open_time

        calendar = self.calendar_of(())
        found = open_time(calendar.board, slot_of(release, calendar.organisation))
        return settle(release, self.clock.now(), found)

    def window_of(self, release: Release) -> tuple[datetime, datetime] | None:
        """The window in which a release's slot lies (UTC); None without one, or where none is asked."""
        from relui.domain.calendar.slot import slot_of
        from relui.domain.calendar.windows import covering_window

        calendar = self.calendar()
        return covering_window(calendar.board, slot_of(release, calendar.organisation))

    def settle_windows(self) -> None:
        """After a change of the calendar: every active release whose checklist asks for its window.

        Each that differs is written with an entry of its own. One that cannot be written now (held by
        another, closed a moment ago) follows with its next act: the calendar is changed already.
        """
        for release in self.active().releases:
            if asks_for_window(release) and self._in_window(release) != release:
                with suppress(ReluiError):
                    self.change(release.id, self._resettled)

    def _resettled(self, release: Release) -> Ruling:
        after = self._in_window(release)
        act = Act("settle", "the calendar changed: looked again at the window", reversible=False)
        return Ruling(after, act if after != release else None)

    def calendar(self) -> Calendar:
        """The calendar as it is on disk; taken from memory while no file changed."""
        stamp = (self.fingerprint(), self.organisation_file.stamp())
        kept = self._calendar
        if kept is None or kept[0] != stamp:
            kept = self._calendar = (stamp, self._read_calendar())
        return kept[1]

    def whole_calendar(self) -> Calendar:
        """The calendar for whoever books, read anew. Raises StoreError when a release is unreadable."""
        active = self.active()
        if active.problems:
            raise StoreError(
                f"A slot cannot be checked while a release cannot be read: {active.problems[0]} Nothing was "
                "changed. `relui doctor` says what to do."
            )
        return self.calendar_of(active.releases)

    def _read_calendar(self) -> Calendar:
        known = {} if self._calendar is None else self._unchanged(*self._calendar)
        return self.calendar_of(self.active(known).releases)

    def _unchanged(
        self, stamp: tuple[dict[str, tuple[int, int]], object], kept: Calendar
    ) -> dict[str, Release]:
        """The releases whose files are what they were."""
        now = self.fingerprint()
        return {r.id: r for r in kept.releases if r.id in now and stamp[0].get(r.id) == now[r.id]}

    def calendar_of(self, releases: tuple[Release, ...]) -> Calendar:
        """The calendar with these releases on it, in today's organisation."""
        from relui.domain.calendar.board import Board
        from relui.domain.calendar.slot import slots_of

        organisation = self._zoned(self.organisation())
        return Calendar(organisation, releases, Board(organisation, slots_of(releases, organisation)))

    def _zoned(self, organisation: Organisation) -> Organisation:
        """The organisation with the zone that is used for it: entries without one are in that."""
        return organisation if organisation.zone else replace(organisation, zone=self._host_zone())

    @staticmethod
    def _without(calendar: Calendar, gone: Sequence[str]) -> Board:
        """The board without the slots of some releases; what was expanded is shared."""
        return calendar.board.with_slots(slot for slot in calendar.board.slots if slot.release not in gone)

    @staticmethod
    def slot_at(calendar: Calendar, release: Release, at: datetime | None, duration: int | None) -> Slot:
        """The slot that a release has or would have there. Another one than it holds is not booked yet."""
        from relui.domain.calendar.slot import slot_of

        own = slot_of(release, calendar.organisation)
        wanted = replace(own, start=at or own.start, duration=duration or own.duration)
        return own if wanted == own else replace(wanted, standing="planned", counter=0)
