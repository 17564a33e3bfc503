"""Acts on slots: book, give back, and edit a release that holds one [S1.37, S1.38].

One atomic step: the calendar lock is held from reading every active release until the booking is durable.
Locks are taken in this order: calendar, then one release or the organisation at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.desk.calendar import CalendarActs
from relui.desk.calendar_reading import Calendar
from relui.desk.core import Done
from relui.domain.release import Release, ReleaseType
from relui.errors import BadInput, ReluiError, StoreError

if TYPE_CHECKING:
    from relui.domain.calendar.slot import Slot, Verdict
    from relui.domain.organisation import Organisation
    from relui.domain.ruling import Ruling

PLACING = ("go-live", "duration", "service", "type", "impact", "environment", "people")
"""The fields of a release that its slot depends on."""

_RELEASES = ("same-service", "dependency", "shared", "team")
"""The rules by which another release stands in the way."""


class BookingActs(CalendarActs):
    """Whoever changes who holds which slot holds the calendar lock."""

    def book(
        self,
        short: str,
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
        with self.organisation_file.calendar_lock():
            return self._book(
                short,
                at,
                duration=duration,
                displace=displace,
                exception=exception,
                approver=approver,
            )

    def _book(
        self,
        short: str,
        at: datetime | None = None,
        *,
        duration: int | None = None,
        displace: bool = False,
        exception: str = "",
        approver: str = "",
    ) -> Done:
        """Book, for whoever holds the calendar lock."""
        from relui.domain import booking_rules

        calendar = self.whole_calendar()
        release = self.open(short).release
        if exception.strip() or approver.strip():
            approver = self._approver(calendar.organisation, release, approver)
        slot = self.slot_at(calendar, release, at, duration)
        verdict, moved = self._cleared(calendar, release, slot, displace, exception)
        rule = partial(
            booking_rules.book,
            verdict=verdict,
            by=self.actor.name,
            at=self.clock.now(),
            displaced=tuple(other.release for other, _ in moved),
            exception=exception,
            approver=approver,
        )
        if rule(release, counter=0).act is None:  # also refuses before anything is written or spent
            return self.change(release.id, partial(rule, counter=0))
        counter = self._next_booking(calendar)
        for other, why in moved:
            self.change(other.release, self._giving_way(release.id, why))
        done = self.change(release.id, partial(rule, counter=counter))
        return self._published(done, [f"{other.release} has to move: {why}" for other, why in moved])

    def give_back(self, short: str, reason: str) -> Done:
        """Give the slot of a release back; its go-live stays as a plan."""
        from relui.domain import booking_rules

        with self.organisation_file.calendar_lock():
            rule = partial(booking_rules.give_back, reason=reason, at=self.clock.now())
            return self._published(self.change(short, rule))

    def edit(self, short: str, given: Mapping[str, str]) -> Done:
        """Set fields of a release from text: all of them or none.

        When it holds a slot, another date, duration, environment or service is a new booking, checked and
        written as one. Raises SlotRefused when that conflicts.
        """
        checked = self._checked(given)
        done = self._edit(short, checked)
        if not done.changed:
            return done
        release = done.release
        told: tuple[str, ...] = ()
        if {"version", "type", "service"} & checked.keys():
            told = self._step(release.service, release.version, release.type)
        if "environment" in checked:
            told += self._environment(release.environment)
        return replace(done, ruling=replace(done.ruling, told=(*done.ruling.told, *told)))

    def _environment(self, name: str) -> tuple[str, ...]:
        """That nobody has that environment: what stands in the calendar for a named one passes it by."""
        try:
            self.organisation().checked_environment(name)
        except BadInput as error:
            return (f"{error.message[0].upper()}{error.message[1:]}",)
        return ()

    def _step(self, service: str, version: str, type: ReleaseType) -> tuple[str, ...]:
        """What the last released version of the service says against the type of another."""
        from relui.domain.doubts import step_doubts

        try:
            return step_doubts(service, version, type, self.files.archived())
        except StoreError:  # an archive that cannot be read must not stop an edit
            return ()

    def _edit(self, short: str, checked: Mapping[str, str]) -> Done:
        from relui.domain import editing

        rule = partial(editing.edit, given=checked, at=self.clock.now())
        if not any(name in checked for name in PLACING):
            return self.change(short, rule)
        with self.organisation_file.calendar_lock():
            release = self.open(short).release
            if release.booking is None or release.closed:
                return self.change(short, rule)
            calendar = self.whole_calendar()
            placed = partial(self._edit_booked, calendar, rule)
            placed(release, counter=0)  # refuses before a number is spent
            counter = self._next_booking(calendar)
            return self._published(self.change(release.id, partial(placed, counter=counter)))

    def _edit_booked(
        self, calendar: Calendar, rule: partial[Ruling], release: Release, *, counter: int
    ) -> Ruling:
        from relui.domain.booking_rules import edit_booked
        from relui.domain.calendar.check import check
        from relui.domain.calendar.slot import slot_of

        ruling, now = rule(release), self.clock.now()
        edited = ruling.release
        board = self._without(calendar, (release.id,))
        before = check(board, slot_of(release, calendar.organisation), now)
        planned = replace(edited, bookings=())  # the time that was typed, not the one that was booked
        after = check(board, slot_of(planned, calendar.organisation), now)
        return edit_booked(release, ruling, after, before, counter=counter, by=self.actor.name, at=now)

    def _checked(self, given: Mapping[str, str]) -> dict[str, str]:
        """The given texts, with services and people as the organisation calls them. Raises BadInput."""
        organisation = self.organisation()
        checked = dict(given)
        if "service" in checked:
            checked["service"] = organisation.checked_service(checked["service"].strip())
        if "owner" in checked:
            checked["owner"] = organisation.checked_person(checked["owner"].strip())
        if "people" in checked:
            names = (name.strip() for name in checked["people"].split(","))
            checked["people"] = ",".join(organisation.checked_person(name) for name in names if name)
        return checked

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

        now = self.clock.now()
        board = self._without(calendar, (release.id,))
        verdict = check(board, slot, now)
        others = tuple(finding for finding in verdict.findings if finding.rule in _RELEASES)
        in_the_way = any(finding.passed or finding.severity == "blocks" for finding in others)
        if not displace or holds(release, slot) or (verdict.free and not in_the_way):
            return verdict, []
        asked = Verdict(slot, others, verdict.open_calendar) if exception.strip() and in_the_way else verdict
        moving = displaceable(board, slot, asked)
        left = self._without(calendar, (release.id, *(other.release for other in moving)))
        return check(left, slot, now), [(other, precedence(slot, other).why) for other in moving]

    def _giving_way(self, to: str, why: str) -> partial[Ruling]:
        from relui.domain.booking_rules import displace

        return partial(displace, by=to, why=why, at=self.clock.now())

    def _approver(self, organisation: Organisation, release: Release, name: str) -> str:
        """Whom the approval of an exception is asked of, as the organisation lists them."""
        from relui.domain.dossier.signers import exception_approver

        return exception_approver(release, organisation, name)

    def _next_booking(self, calendar: Calendar) -> int:
        """Spend the next number of the booking counter, above every one that is on record here."""
        used = [booking.counter for release in calendar.releases for booking in release.bookings]
        return self.organisation_file.next_booking(max(used, default=0))

    def _published(self, done: Done, told: Sequence[str] = ()) -> Done:
        """Write the calendar file that the policy names; what went wrong with it is told, the act stands."""
        words = [*told, *(self.refresh_calendar_file() if done.changed else ())]
        if not words:
            return done
        return replace(done, ruling=replace(done.ruling, told=(*done.ruling.told, *words)))

    def refresh_calendar_file(self) -> tuple[str, ...]:
        """Write the ICS file that the policy names, if it names one. Returns what went wrong, in words."""
        wanted = self.organisation().policy.calendar_file
        if not wanted:
            return ()
        if not wanted.lower().endswith(".ics"):  # it could be one of relui's own files
            return (
                f"The calendar file was not refreshed: '{wanted}' does not end in .ics. Change the policy.",
            )
        try:
            self.write_calendar(self.data / wanted)
        except ReluiError as error:
            return (f"The calendar file was not refreshed: {error.message}",)
        return ()
