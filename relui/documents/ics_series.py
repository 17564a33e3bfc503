"""A recurring entry in ICS: an RFC 5545 series where that is exact, single events where it is not.

A series means the same for every program only while the wall clock and the elapsed time agree. A night on
which the clocks change is taken out of the series and written as an event of its own.

Beside them the zones that they name (VTIMEZONE): each change of the clocks at the wall-clock time before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.domain.calendar.entries import (
    WEEKDAYS,
    CalendarEntry,
    Monthly,
    Occurrence,
    Pattern,
    Rule,
    Weekly,
    Yearly,
)
from relui.domain.calendar.occurrences import monthly_range, occurrences
from relui.domain.calendar.rrule_text import first_wall, read_rrule, walls_between
from relui.domain.calendar.wall_clock import at_wall, changes_clocks, wall_of
from relui.domain.instants import zone_named

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from icalendar import Timezone


_DAY = timedelta(days=1)
_MONTHS = tuple(range(1, 13))
_DAYS = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}


class Series(Struct, frozen=True, kw_only=True):
    """One event that recurs: its first naive wall-clock start in the zone, the wall-clock length, the rule,
    and the starts that do not take place."""

    start: datetime
    length: timedelta
    rrule: str
    left_out: tuple[datetime, ...] = ()


class Written(Struct, frozen=True):
    """What an entry becomes: its series, the weightiest first, and the occurrences that stand alone."""

    series: tuple[Series, ...]
    singles: tuple[Occurrence, ...]


class _Part(Struct, frozen=True):
    """One exact rule, and the months in which what it says begins."""

    rrule: str
    months: tuple[int, ...] = _MONTHS


def written(entry: CalendarEntry, zone: str, start: datetime, end: datetime) -> Written:
    """The entry between two instants (UTC); a series begins with the year before `start`.

    `zone` is the organisation's, for an entry without one. Raises BadInput for a rule that cannot be read.
    """
    when, zone = entry.when, entry.zone or zone or "UTC"
    parts = _parts(when, zone)
    if not parts:
        return Written((), tuple(occurrences(entry, start, end, zone)))
    found = occurrences(entry, _beginning(when, zone, start), end, zone)
    months = {month for part in parts for month in part.months}
    regular: list[Occurrence] = []
    singles: list[Occurrence] = []
    for one in found:
        fits = wall_of(one.start, zone).month in months and _is_regular(one, when, zone)
        (regular if fits else singles).append(one)
    if len(regular) * 2 <= len(found):
        return Written((), tuple(one for one in found if one.end > start))
    made = (_series(part, when, zone, regular, singles, end) for part in parts)
    return Written(tuple(series for series in made if series is not None), tuple(singles))


def _series(
    part: _Part, when: Pattern, zone: str, regular: list[Occurrence], singles: list[Occurrence], end: datetime
) -> Series | None:
    """The series of one part; None when nothing of it takes place."""
    own = [one for one in regular if wall_of(one.start, zone).month in part.months]
    if not own:
        return None
    first = own[0]
    left_out = {wall for one in singles for wall in _walls(one, zone) if wall.month in part.months}
    begins = wall_of(first.start, zone)
    if isinstance(when, Rule):
        left_out |= set(when.except_for)
        written = first_wall(when.rrule, when.start, zone)
        assert written is not None, "a rule that occurs has a first start"
        begins = written
    elif isinstance(when, Weekly):
        held = {wall_of(one.start, zone) for one in own}
        left_out |= _skipped(when, zone, begins.date(), end.date()) - held
    return Series(
        start=begins,
        length=wall_of(first.end, zone) - wall_of(first.start, zone),
        rrule=part.rrule,
        left_out=tuple(sorted(wall for wall in left_out if wall >= begins)),
    )


def _parts(when: Pattern, zone: str) -> tuple[_Part, ...]:
    """The exact rules of a pattern, or none where RFC 5545 has none."""
    if isinstance(when, Weekly):
        return (_Part(f"FREQ=WEEKLY;BYDAY={','.join(_DAYS[day] for day in when.days)}"),)
    if isinstance(when, Monthly):
        return _monthly(when)
    if isinstance(when, Yearly) and not _meets_leap_day(when):
        month, day = when.first
        return (_Part(f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"),)
    return (_Part(_with_utc_until(when, zone)),) if isinstance(when, Rule) else ()


def _monthly(when: Monthly) -> tuple[_Part, ...]:
    """A rule for all months of which the range begins on the same day and is as long.

    What a leap year makes differ has no rule: those few stand alone. A month's last days have one for long
    months and one for short ones.
    """
    alike: dict[tuple[int, int], list[int]] = {}
    for month in _MONTHS:
        common, leap = _range_in(when, 2003, month), _range_in(when, 2004, month)
        if common == leap:
            alike.setdefault(common, []).append(month)
    parts = []
    for (day, _), months in sorted(alike.items(), key=lambda it: (-len(it[1]), it[0])):
        named = ",".join(str(month) for month in months)
        every = "FREQ=MONTHLY" if len(months) == len(_MONTHS) else f"FREQ=YEARLY;BYMONTH={named}"
        parts.append(_Part(f"{every};BYMONTHDAY={day}", tuple(months)))
    return tuple(parts)


def _range_in(when: Monthly, year: int, month: int) -> tuple[int, int]:
    """On which day of that month the range begins, and how many days it has."""
    first, last = monthly_range(when, year, month)
    return first.day, (last - first).days + 1


def _meets_leap_day(when: Yearly) -> bool:
    """The range is a day longer in leap years, or begins or ends on 29 February."""
    if (2, 29) in (when.first, when.last):
        return True
    year = 1 if when.last < when.first else 0
    first, last = date(2000, *when.first), date(2000 + year, *when.last)
    return first <= date(2000, 2, 29) <= last or bool(year and last >= date(2001, 3, 1))


def _with_utc_until(rule: Rule, zone: str) -> str:
    """The rule's text; an UNTIL in wall-clock time is told in UTC, as RFC 5545 asks beside a zone."""
    until = read_rrule(rule.rrule, zone).until
    parts = rule.rrule.strip().upper().removeprefix("RRULE:").rstrip(";").split(";")
    kept = [part for part in parts if not part.startswith("UNTIL=")]
    return ";".join([*kept, f"UNTIL={at_wall(until, zone):%Y%m%dT%H%M%SZ}"] if until else kept)


def _beginning(when: Pattern, zone: str, start: datetime) -> datetime:
    """Where a series is looked at from: a fixed day, so that exports of one year agree."""
    first = datetime(start.year - 1, 1, 1, tzinfo=UTC)
    if isinstance(when, Rule) and (begins := first_wall(when.rrule, when.start, zone)):
        return max(first, at_wall(begins, zone)) if not _counted(when, zone) else at_wall(begins, zone)
    return first


def _counted(rule: Rule, zone: str) -> bool:
    return read_rrule(rule.rrule, zone).count > 0


def _is_regular(one: Occurrence, when: Pattern, zone: str) -> bool:
    """It begins when the rule says, and the wall clock and the elapsed time agree on its length."""
    begins, ends = wall_of(one.start, zone), wall_of(one.end, zone)
    if at_wall(begins, zone) != one.start or ends - begins != one.end - one.start:
        return False
    if isinstance(when, Weekly):
        return begins.time() == when.start and ends.time() == when.end
    if isinstance(when, Rule):
        return begins in walls_between(when.rrule, when.start, zone, begins.date(), begins.date())
    return begins.time() == time() == ends.time()


def _skipped(when: Weekly, zone: str, first: date, last: date) -> set[datetime]:
    """The written starts around a change of the clocks, some of which no time is left for."""
    found = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {
        datetime.combine(day, when.start)
        for day in found
        if WEEKDAYS[day.weekday()] in when.days
        and (changes_clocks(day, zone) or changes_clocks(day + _DAY, zone))
    }


def _walls(one: Occurrence, zone: str) -> tuple[datetime, datetime]:
    """The wall-clock starts that a series could have for it: as it is, and as it is written where the hour
    does not exist."""
    before = wall_of(one.start - _DAY, zone) - (one.start - _DAY).replace(tzinfo=None)
    return wall_of(one.start, zone), one.start.replace(tzinfo=None) + before


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
