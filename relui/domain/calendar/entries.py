"""What stands in the calendar, as it is written: a pattern of days and hours in a zone of its own.

`occurrences` (in its own module) turns an entry into instants.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

from msgspec import Struct

Kind = Literal["window", "blackout", "maintenance", "event"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

KINDS: tuple[Kind, ...] = ("window", "blackout", "maintenance", "event")
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Weeks start on Monday."""


class Weekly(Struct, frozen=True, tag="weekly", omit_defaults=True):
    """On these weekdays from one wall-clock time to another; an end not after the start is the next day's.

    `later` is how many days after the start's the end is where it is a later day, 7 at most.
    """

    days: tuple[Weekday, ...]
    start: time
    end: time
    later: int = 0

    @property
    def reach(self) -> int:
        """How many days after the start's day the end is."""
        return self.later or int(self.end <= self.start)

    @property
    def minutes(self) -> int:
        """How long it is by the wall clock."""
        start, end = (at.hour * 60 + at.minute for at in (self.start, self.end))
        return self.reach * 1440 + end - start


class Monthly(Struct, frozen=True, tag="monthly"):
    """Whole days of every month, both included; `last` before `first` runs into the next month.

    A day that a month does not have is its last day.
    """

    first: int
    last: int


class Yearly(Struct, frozen=True, tag="yearly"):
    """Whole days of every year, both included, as (month, day); `last` before `first` runs over new year."""

    first: tuple[int, int]
    last: tuple[int, int]


class Days(Struct, frozen=True, tag="days"):
    """Once, whole days, both included."""

    first: date
    last: date


class Span(Struct, frozen=True, tag="span"):
    """Once, from one naive wall-clock time to another in the entry's zone."""

    start: datetime
    end: datetime


class Rule(Struct, frozen=True, tag="rule", omit_defaults=True):
    """An RFC 5545 rule, its first naive wall-clock start, and how long each lasts, in real minutes."""

    rrule: str
    start: datetime
    minutes: int
    except_for: tuple[datetime, ...] = ()


Pattern = Weekly | Monthly | Yearly | Days | Span | Rule


class CalendarEntry(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One window, blackout, maintenance or organisational event. Its id is unique among all kinds.

    No zone means the organisation's, no services all of them, no environments every one.
    """

    kind: Kind
    id: str
    name: str
    when: Pattern
    zone: str = ""
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    note: str = ""


class Occurrence(Struct, frozen=True):
    """One time that an entry takes place: UTC instants, the end not included.

    `told` is what a change of the clocks does to it, or nothing.
    """

    entry: CalendarEntry
    start: datetime
    end: datetime
    told: str = ""
