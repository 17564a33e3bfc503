"""The timeline of a release, counted back from the go-live day in calendar days [S1.5]."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import Struct

from relui.domain.instants import Offset, local_day
from relui.domain.release import ReleaseType

_DAYS = (("planning complete", 10), ("build complete", 8), ("test complete", 4), ("staging acceptance", 2))
MAJOR_FACTOR = 1.5
NAMES = tuple(name for name, _ in _DAYS)
"""The milestones' names, the earliest first."""


class Milestone(Struct, frozen=True):
    """A day by which something should be complete, in the go-live's zone."""

    name: str
    day: date
    days_before: int


def milestones(type_: ReleaseType, go_live: datetime, zone: str) -> tuple[Milestone, ...]:
    """The four milestones, the earliest first; majors have 1.5 times the lead, emergencies none."""
    if type_ == "emergency":
        return ()
    day = local_day(go_live, zone)
    factor = MAJOR_FACTOR if type_ == "major" else 1
    found = []
    for name, days in _DAYS:
        before = int(days * factor)
        found.append(Milestone(name, day - timedelta(days=before), before))
    return tuple(found)


def stretched(offset: Offset, type_: ReleaseType) -> Offset:
    """A due time counted in days before the go-live, as the milestones of that type are counted [S1.5].

    Hours and minutes, and what is due after the go-live, belong to the deployment itself: they stay.
    """
    if type_ != "major" or offset.days >= 0:
        return offset
    return Offset(days=-int(-offset.days * MAJOR_FACTOR))


def passed(planned: tuple[Milestone, ...], now: datetime, zone: str) -> tuple[Milestone, ...]:
    """The milestones whose day is over at `now`, in the go-live's zone: a warning at planning [S1.5]."""
    today = local_day(now, zone)
    return tuple(milestone for milestone in planned if milestone.day < today)
