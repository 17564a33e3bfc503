"""The demo's bookings: through the calendar's own rules, each after those before it."""

from __future__ import annotations

from datetime import datetime

from relui.domain import booking_rules
from relui.domain.calendar.check import check
from relui.domain.calendar.slot import Slot, slot_of
from relui.domain.calendar.timetable import Timetable
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling


class Bookings:
    """Books slots one after the other; whoever comes too late or against a rule stays planned."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._booked: list[Slot] = []

    def book(self, release: Release, by: str, at: datetime) -> Ruling:
        """The release with its slot booked, or as it was when a rule forbids it on that day."""
        slot = slot_of(release, self._organisation)
        verdict = check(Timetable(self._organisation, self._booked), slot, at)
        if verdict.blocks:
            return Ruling(release, None)
        ruling = booking_rules.book(release, verdict, counter=len(self._booked) + 1, by=by, at=at)
        self._booked.append(slot_of(ruling.release, self._organisation))
        return ruling
