"""VTIMEZONE: a zone's changes of the clocks, each at the wall-clock time before it, as RFC 5545 has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.domain.instants import zone_named

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from icalendar import Timezone

_STEP = timedelta(hours=12)
"""Changes that undo each other within this are not looked for: none exist."""


class Change(Struct, frozen=True):
    """A change of the clocks at a UTC instant, from one offset to another; `name` is the new time's."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


def timezone(name: str, first: datetime, last: datetime) -> Timezone:
    """The VTIMEZONE of a zone, right from the year of `first` to the year of `last`."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    made = Timezone()
    made.add("tzid", name)
    kinds: dict[tuple[object, ...], list[Change]] = {}
    for change in _changes(name, first.year - 1, last.year):  # a year begins later west of Greenwich
        kinds.setdefault((change.before, change.after, change.name, change.daylight), []).append(change)
    for same in kinds.values():
        change = same[0]
        part = TimezoneDaylight() if change.daylight else TimezoneStandard()
        onsets = [(one.at + one.before).replace(tzinfo=None) for one in same]
        part.add("dtstart", onsets[0])
        part.add("tzoffsetfrom", change.before)
        part.add("tzoffsetto", change.after)
        part.add("tzname", change.name)
        if onsets[1:]:
            part.add("rdate", onsets[1:])
        made.add_component(part)
    return made


@lru_cache(maxsize=64)
def _changes(name: str, first: int, last: int) -> tuple[Change, ...]:
    """What held on 1 January of the first year, and every change until the end of the last one."""
    return tuple(_found(zone_named(name), first, last))


def _found(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    offset = _offset(at, zone)
    yield _change(at, offset, zone)
    while at < end:
        after = at + _STEP
        if _offset(after, zone) != offset:
            moment = _moment(at, after, zone)
            yield _change(moment, offset, zone)
            offset = _offset(after, zone)
        at = after


def _moment(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the offset that holds at `high`."""
    wanted = _offset(high, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if _offset(middle, zone) == wanted else (middle, high)
    return high


def _change(at: datetime, before: timedelta, zone: ZoneInfo) -> Change:
    local = at.astimezone(zone)
    return Change(at, before, _offset(at, zone), local.tzname() or "", bool(local.dst()))


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
