"""When an entry takes place: its pattern turned into UTC instants [S1.30]."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from relui.domain.calendar.entries import (
    WEEKDAYS,
    Days,
    Entry,
    Monthly,
    Occurrence,
    Pattern,
    Rule,
    Span,
    Weekly,
    Yearly,
)
from relui.domain.calendar.pattern import check_pattern as check_pattern  # noqa: PLC0414 - one place to look
from relui.domain.calendar.rrule_text import walls_between
from relui.domain.calendar.wall import at_wall, changes_clocks, midnight, steady_offset
from relui.domain.instants import format_duration, from_wall

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_ZONE_REACH = timedelta(days=2)
"""A wall-clock day lies within this of the same day in UTC, a skipped day included."""

_Spell = tuple[datetime, datetime, str]
"""UTC start and end, and what a change of the clocks does."""


def occurrences(entry: Entry, start: datetime, end: datetime, zone: str) -> list[Occurrence]:
    """Every occurrence that overlaps [start, end), by start. `zone` is the organisation's.

    Wall-clock times are resolved in the entry's zone, so a night is as long as it really is. Raises
    BadInput for an unknown zone or a rule that cannot be read.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return []
    found = {
        (begins, ends): Occurrence(entry, begins, ends, told)
        for begins, ends, told in _spells(entry, start, end, entry.zone or zone or "UTC")
        if begins < end and ends > start and begins < ends
    }
    return [found[key] for key in sorted(found)]


def vanished(entry: Entry, start: datetime, end: datetime, zone: str) -> list[datetime]:
    """When, in [start, end), an occurrence does not take place: the clocks skip all of it (UTC)."""
    spells = _spells(entry, start, end, entry.zone or zone or "UTC")
    return sorted({begins for begins, ends, _ in spells if begins >= ends and start <= begins < end})


def _spells(entry: Entry, start: datetime, end: datetime, zone: str) -> Iterator[_Spell]:
    """Everything that may overlap [start, end), and a little more, in any order."""
    first, last = (start - _ZONE_REACH).date(), (end + _ZONE_REACH).date()
    if _is_over(entry.when, first, last):
        return iter(())
    match entry.when:
        case Weekly() as weekly:
            return _weekly(weekly, first - timedelta(days=weekly.reach), last, zone)
        case Span() as span:
            return iter([_between_walls(span.start, span.end, zone)])
        case Rule() as rule:
            return _rule(rule, first - timedelta(minutes=rule.minutes), last, zone)
        case Monthly() as monthly:
            return _whole_days(_monthly(monthly, first, last), zone)
        case Yearly() as yearly:
            return _whole_days(_yearly(yearly, first, last), zone)
        case Days(one, other):
            return _whole_days(((one, other),), zone)


def _is_over(when: Pattern, first: date, last: date) -> bool:
    """A one-off takes place on other days: most entries of a long-lived calendar do."""
    if isinstance(when, Days):
        return when.last < first or when.first > last
    return isinstance(when, Span) and (when.end.date() < first or when.start.date() > last)


def _weekly(weekly: Weekly, first: date, last: date, zone: str) -> Iterator[_Spell]:
    over_midnight = timedelta(days=weekly.reach)
    for weekday in {WEEKDAYS.index(day) for day in weekly.days}:
        day = first + timedelta(days=(weekday - first.weekday()) % 7)
        while day <= last:
            begin = datetime.combine(day, weekly.start)
            yield _between_walls(begin, datetime.combine(day, weekly.end) + over_midnight, zone)
            day += _WEEK


def _between_walls(begin: datetime, end: datetime, zone: str) -> _Spell:
    offset = steady_offset(begin.date(), zone)
    if offset is not None and offset == steady_offset(end.date(), zone):
        return (begin - offset).replace(tzinfo=UTC), (end - offset).replace(tzinfo=UTC), ""
    begins, ends = at_wall(begin, zone), at_wall(end, zone)
    return begins, ends, _told(begin, end, begins, ends, zone)


def _told(begin: datetime, end: datetime, begins: datetime, ends: datetime, zone: str) -> str:
    """What a change of the clocks does to one occurrence."""
    words = [from_wall(wall, zone).told for wall in (begin, end)]
    real, written = ends - begins, end - begin
    if real != written and real > timedelta():
        words.append(f"The clocks change: it lasts {_length(real)} instead of {_length(written)}.")
    return " ".join(word for word in words if word)


def _length(length: timedelta) -> str:
    return format_duration(round(length.total_seconds() / 60))


def _rule(rule: Rule, first: date, last: date, zone: str) -> Iterator[_Spell]:
    for wall in walls_between(rule.rrule, rule.start, zone, first, last):
        if wall in rule.except_for:
            continue
        begins = at_wall(wall, zone)
        told = from_wall(wall, zone).told if changes_clocks(wall.date(), zone) else ""
        yield begins, begins + timedelta(minutes=rule.minutes), told


def _whole_days(
    ranges: Iterator[tuple[date, date]] | tuple[tuple[date, date], ...], zone: str
) -> Iterator[_Spell]:
    for first, last in ranges:
        yield midnight(first, zone), midnight(last + _DAY, zone), ""


def _day_of(year: int, month: int, day: int) -> date:
    """The day, or the last one of a month that has no such day."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _monthly(monthly: Monthly, first: date, last: date) -> Iterator[tuple[date, date]]:
    for number in range(first.year * 12 + first.month - 2, last.year * 12 + last.month):
        yield monthly_range(monthly, number // 12, number % 12 + 1)


def monthly_range(monthly: Monthly, year: int, month: int) -> tuple[date, date]:
    """The first and the last day of the range that begins in a month."""
    over = monthly.last < monthly.first
    next_year, next_month = divmod(year * 12 + month - 1 + over, 12)
    return _day_of(year, month, monthly.first), _day_of(next_year, next_month + 1, monthly.last)


def _yearly(yearly: Yearly, first: date, last: date) -> Iterator[tuple[date, date]]:
    over = yearly.last < yearly.first
    for year in range(first.year - 1, last.year + 1):
        yield _day_of(year, *yearly.first), _day_of(year + over, *yearly.last)
