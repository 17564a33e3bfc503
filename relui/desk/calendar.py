"""Acts on slots: book, give back, and edit a release that holds one [S1.37, S1.38].

One atomic step: the calendar lock is held from reading every active release until the booking is durable.
Locks are taken in this order: calendar, then the release that is booked, then the organisation or a release
that gives way to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.desk.act import Done
from relui.desk.agenda import Calendar
from relui.domain.binding import asks_for_window, settle
from relui.domain.calendar.slot import unpassed
from relui.domain.log import Act
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.slot_hold import finished
from relui.errors import ReluiError, StoreError
from relui.files import write_atomic
from relui.store.records import Stamp

if TYPE_CHECKING:
    from relui.desk.agenda import Event
    from relui.desk.journal import Journal, Rule
    from relui.desk.organisation import OrganisationActs
    from relui.domain.calendar.check import FreeSlots
    from relui.domain.calendar.slot import Finding, Slot, Verdict
    from relui.domain.organisation import Organisation


_RELEASES = ("same-service", "dependency", "shared", "team")
"""The rules by which another release stands in the way."""


class CalendarActs:
    """The calendar as it is now, what stands against a slot, and who holds which."""

    def __init__(self, journal: Journal, organisation: OrganisationActs, data: Path) -> None:
        """`data` is the folder within which the policy names the calendar file."""
        self.journal = journal
        self._organisation = organisation
        self._data = data
        self._kept: tuple[tuple[Mapping[str, Stamp], Stamp], Calendar] | None = None

    def read(self) -> Calendar:
        """The calendar as it is on disk; taken from memory while no file changed."""
        stamp = (self.journal.store.releases.fingerprint(), self.journal.store.organisation.stamp())
        kept = self._kept
        if kept is None or kept[0] != stamp:
            kept = self._kept = (stamp, self._read_anew())
        return kept[1]

    def whole(self, but: str = "") -> Calendar:
        """The calendar for whoever books, read anew, without the release that is booked.

        Raises StoreError when a release is unreadable.
        """
        active = self.journal.active(but=but)
        if active.problems:
            raise StoreError(
                f"A slot cannot be checked while a release cannot be read: {active.problems[0]} Nothing was "
                "changed. `relui doctor` says what to do."
            )
        return self.of(active.releases)

    def of(self, releases: tuple[Release, ...]) -> Calendar:
        """The calendar with these releases on it, in today's organisation."""
        from relui.domain.calendar.slot import slots_of
        from relui.domain.calendar.timetable import Timetable

        organisation = self._organisation.zoned(self._organisation.read())
        return Calendar(organisation, releases, Timetable(organisation, slots_of(releases, organisation)))

    def check(self, release_id: str, at: datetime | None = None, duration: int | None = None) -> Verdict:
        """Everything that the rules say about a release at an instant; its own time when none is given."""
        from relui.domain.calendar.check import check

        calendar = self.read()
        release = self.journal.open(release_id).release
        slot = calendar.slot_at(release, at, duration)
        return check(calendar.without(release.id), slot, self.journal.clock.now())

    def free_slots(self, release_id: str, start: datetime | None = None, count: int = 5) -> FreeSlots:
        """The next slots for a release that no rule forbids, and why earlier ones were passed over.

        From `start`, or now; a start in the past means now.
        """
        from relui.domain.calendar.check import free_slots

        calendar, now = self.read(), self.journal.clock.now()
        release = self.journal.open(release_id).release
        slot = calendar.slot_at(release, max(start or now, now))
        timetable = calendar.without(release.id)
        return free_slots(timetable, slot, slot.start, count, now)

    def conflicts(
        self, releases: Sequence[Release], active: tuple[Release, ...] | None = None
    ) -> Mapping[str, tuple[Finding, ...]]:
        """What forbids slots that are booked and not over now, by identifier; what was passed is left out.

        `active` are all active releases, when they were read already. Reads and imports nothing of the
        calendar when nothing is booked.
        """
        now = self.journal.clock.now()
        held = [r for r in releases if r.booking and r.booking.held == "booked" and r.booking.end > now]
        held = [release for release in held if not finished(release)]
        if not held:
            return {}
        from relui.domain.calendar.check import blocking_findings, in_order
        from relui.domain.calendar.slot import slot_of

        calendar = self.read() if active is None else self.of(active)
        found: dict[str, tuple[Finding, ...]] = {}
        for release in held:
            # Without the warnings: whether a notice was due needs the holidays, which take long to import.
            slot = slot_of(release, calendar.organisation)
            blocks = [one for one in blocking_findings(calendar.timetable, slot) if one.severity == "blocks"]
            left = unpassed(release.booking, in_order(blocks))
            if left:
                found[release.id] = left
        return found

    def events(self, start: datetime, end: datetime) -> tuple[Event, ...]:
        """Everything in the calendar that overlaps [start, end): entries, releases, absences, by start."""
        from relui.desk.agenda import events

        calendar = self.read()
        return events(calendar, start, end, self.conflicts(calendar.releases), self.journal.clock.now())

    def ics(self, release_id: str = "") -> bytes:
        """The whole calendar, or one release, as ICS: from a month ago to two years ahead."""
        from relui.documents.calendar_ics import calendar_ics

        calendar, now = self.read(), self.journal.clock.now()
        only = self.journal.resolve(release_id) if release_id else None
        start, end = now - timedelta(days=31), now + timedelta(days=731)
        return calendar_ics(
            calendar.organisation,
            calendar.releases,
            start,
            end,
            now,
            only=only,
            revision=len(self.journal.store.organisation.log()),
            sequences={
                one.id: self.journal.store.releases.load(one.id).head.seq for one in calendar.releases
            },
        )

    def write_ics(self, path: Path, release_id: str = "") -> None:
        """Write the ICS file, whole or not at all. Raises StoreError."""
        write_atomic(path, self.ics(release_id))

    def window_of(self, release: Release) -> tuple[datetime, datetime] | None:
        """The window in which a release's slot lies (UTC); None without one, or where none is asked."""
        from relui.domain.calendar.slot import slot_of
        from relui.domain.calendar.windows import covering_window

        calendar = self.read()
        return covering_window(calendar.timetable, slot_of(release, calendar.organisation))

    def settle_windows(self) -> None:
        """After a change of the calendar: every active release whose checklist asks for its window.

        Each that differs is written with an entry of its own. One that cannot be written now (held by
        another, closed a moment ago) follows with its next act: the calendar is changed already.
        """
        for release in self.journal.active().releases:
            if asks_for_window(release) and self._resettled(release, "", self.journal.clock.now()).act:
                with suppress(ReluiError):
                    self.journal.change(release.id, self._resettled)

    def book(
        self,
        release_id: str,
        at: datetime | None = None,
        *,
        duration: int | None = None,
        displace: bool = False,
        exception: str = "",
        approver: str = "",
    ) -> Done:
        """Reserve a slot, at the release's own go-live unless `at` says other (minutes for `duration`).

        With `displace` releases that this one goes before lose theirs: first they, then the booking, so
        that no two ever hold it. Raises SlotRefused with every finding, BadInput, Refused, StoreError.
        """
        with self.journal.store.calendar_lock():
            return self.book_locked(
                release_id, at, duration=duration, displace=displace, exception=exception, approver=approver
            )

    def book_locked(
        self,
        release_id: str,
        at: datetime | None = None,
        *,
        duration: int | None = None,
        displace: bool = False,
        exception: str = "",
        approver: str = "",
    ) -> Done:
        """Book, for whoever holds the calendar lock."""
        from relui.domain import booking_rules

        release_id = self.journal.resolve(release_id)
        calendar, told = self.whole(but=release_id), list[str]()

        def rule(release: Release, by: str, now: datetime) -> Ruling:
            """Under the release's lock: nobody edits it between the check and the booking."""
            named = exception.strip() or approver.strip()
            asked = self._approver(calendar.organisation, release, approver) if named else approver
            slot = calendar.slot_at(release, at, duration)
            verdict, moved = self._cleared(calendar, release, slot, displace, exception)
            booked = partial(
                booking_rules.book,
                release,
                verdict=verdict,
                by=by,
                at=now,
                displaced=tuple(other.release for other, _ in moved),
                exception=exception,
                approver=asked,
            )
            ruling = booked(counter=0)  # refuses before anything is written or spent
            if ruling.act is None:
                return ruling
            counter = self.next_booking(calendar, release)
            for other, why in moved:
                self.journal.change(other.release, _giving_way(release.id, why))
                told.append(f"{other.release} has to move: {why}")
            return booked(counter=counter)

        return self.published(self.journal.change(release_id, rule), told)

    def give_back(self, release_id: str, reason: str) -> Done:
        """Give the slot of a release back; its go-live stays as a plan."""
        from relui.domain import booking_rules

        with self.journal.store.calendar_lock():
            return self.published(
                self.journal.change(
                    release_id,
                    lambda release, _by, now: booking_rules.give_back(release, reason=reason, at=now),
                )
            )

    def _cleared(
        self, calendar: Calendar, release: Release, slot: Slot, displace: bool, exception: str
    ) -> tuple[Verdict, list[tuple[Slot, str]]]:
        """What the rules say of the slot, and who gives way for it, each with the reason.

        An exception passes what is no release's; an emergency may displace what it was only warned of.
        """
        from relui.domain.booking_rules import holds
        from relui.domain.calendar.check import check
        from relui.domain.calendar.precedence import displaceable, precedence
        from relui.domain.calendar.slot import Verdict

        now = self.journal.clock.now()
        timetable = calendar.without(release.id)
        verdict = check(timetable, slot, now)
        others = tuple(finding for finding in verdict.findings if finding.rule in _RELEASES)
        in_the_way = any(finding.passed or finding.severity == "blocks" for finding in others)
        if not displace or holds(release, slot) or (verdict.free and not in_the_way):
            return verdict, []
        asked = Verdict(slot, others, verdict.open_calendar) if exception.strip() and in_the_way else verdict
        moving = displaceable(timetable, slot, asked)
        left = calendar.without(release.id, *(other.release for other in moving))
        return check(left, slot, now), [(other, precedence(slot, other).why) for other in moving]

    def _approver(self, organisation: Organisation, release: Release, name: str) -> str:
        """Whom the approval of an exception is asked of, as the organisation lists them."""
        from relui.domain.dossier.signers import exception_approver

        return exception_approver(release, organisation, name)

    def next_booking(self, calendar: Calendar, own: Release) -> int:
        """Spend the next number of the booking counter, above every one that is on record here."""
        used = [booking.counter for release in (*calendar.releases, own) for booking in release.bookings]
        return self.journal.store.organisation.next_booking(max(used, default=0))

    def published(self, done: Done, told: Sequence[str] = ()) -> Done:
        """Write the calendar file that the policy names; what went wrong with it is told, the act stands."""
        words = [*told, *(self.refresh_file() if done.changed else ())]
        if not words:
            return done
        return replace(done, ruling=replace(done.ruling, told=(*done.ruling.told, *words)))

    def refresh_file(self) -> tuple[str, ...]:
        """Write the ICS file that the policy names, if it names one. Returns what went wrong, in words."""
        wanted = self._organisation.read().policy.calendar_file
        if not wanted:
            return ()
        if not wanted.lower().endswith(".ics"):  # it could be one of relui's own files
            return (
                f"The calendar file was not refreshed: '{wanted}' does not end in .ics. Change the policy.",
            )
        try:
            self.write_ics(self._data / wanted)
        except ReluiError as error:
            return (f"The calendar file was not refreshed: {error.message}",)
        return ()

    def _read_anew(self) -> Calendar:
        known = {} if self._kept is None else self._unchanged(*self._kept)
        return self.of(self.journal.active(known).releases)

    def _unchanged(self, stamp: tuple[Mapping[str, Stamp], Stamp], kept: Calendar) -> dict[str, Release]:
        """The releases whose files are what they were."""
        now = self.journal.store.releases.fingerprint()
        return {r.id: r for r in kept.releases if r.id in now and stamp[0].get(r.id) == now[r.id]}

    def _resettled(self, release: Release, _by: str, now: datetime) -> Ruling:
        after = settle(release, now, self.journal.open_time(release))
        act = Act("settle", "the calendar changed: looked again at the window", reversible=False)
        return Ruling(after, act if after != release else None)


def _giving_way(to: str, why: str) -> Rule:
    from relui.domain.booking_rules import displace

    return lambda release, _by, now: displace(release, by=to, why=why, at=now)
