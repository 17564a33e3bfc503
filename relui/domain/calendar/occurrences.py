"""When an entry takes place: its pattern, checked and turned into UTC instants [S1.30].

What is wrong with a pattern is told in words that name the entry and the field.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from relui.domain.calendar.entries import (
    WEEKDAYS,
    CalendarEntry,
    Days,
    Monthly,
    Occurrence,
    Pattern,
    Rule,
    Span,
    Weekly,
    Yearly,
)
from relui.domain.calendar.rrule_text import first_wall, read_rrule, walls_between
from relui.domain.calendar.wall_clock import at_wall, changes_clocks, midnight, steady_offset
from relui.domain.instants import format_duration, from_wall, zone_named
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

_YEARS = range(1900, 9000)
_LONGEST = 366 * 1440
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class PatternProblem(Struct, frozen=True):
    """What is wrong with a pattern: the field as it is written in YAML, the sentence and the way out."""

    field: str
    words: str


def check_pattern(entry: CalendarEntry, zone: str) -> None:
    """Raise BadInput, naming entry and field, for a pattern that cannot be meant.

    `zone` is the organisation's, for an entry without one of its own.
    """
    problem = pattern_problem(entry, zone)
    if problem is not None:
        raise BadInput(f"Entry {quoted(entry.id)}, field '{problem.field}': {problem.words}")


def pattern_problem(entry: CalendarEntry, zone: str) -> PatternProblem | None:
    """What `check_pattern` would say, with the field apart; None when nothing is wrong."""
    try:
        zone_named(entry.zone or zone or "UTC")
    except BadInput as error:
        return PatternProblem("zone", error.message)
    zone = entry.zone or zone or "UTC"
    match entry.when:
        case Weekly() as weekly:
            return _weekly_problem(weekly)
        case Monthly() as monthly:
            return _monthly_problem(monthly)
        case Yearly() as yearly:
            return _yearly_problem(yearly)
        case Days() as days:
            return _days_problem(days, zone)
        case Span() as span:
            return _span_problem(span, zone)
        case Rule() as rule:
            return _rule_problem(rule, zone)


def _weekly_problem(weekly: Weekly) -> PatternProblem | None:
    if not weekly.days:
        return PatternProblem("weekly", f"no weekday is given. Write some of {', '.join(WEEKDAYS)}.")
    for day in weekly.days:
        if day not in WEEKDAYS:
            return PatternProblem("weekly", f"{quoted(day)} is no weekday.{did_you_mean(day, WEEKDAYS)}")
    for field, clock in (("from", weekly.start), ("to", weekly.end)):
        if clock.tzinfo is not None:
            return PatternProblem(field, "a time has no offset. The entry's zone says where it is meant.")
    if not 0 <= weekly.later <= 7 or weekly.minutes > 7 * 1440:
        return PatternProblem("to", "it is longer than a week. Write an end within seven days.")
    return None


def _monthly_problem(monthly: Monthly) -> PatternProblem | None:
    for side, day in (("from", monthly.first), ("to", monthly.last)):
        if not 1 <= day <= 31:
            return PatternProblem(
                "monthly", f"'{side}' is {day}, and no month has that day. Write 1 to 31; 31 is the last day."
            )
    return None


def _yearly_problem(yearly: Yearly) -> PatternProblem | None:
    for side, (month, day) in (("from", yearly.first), ("to", yearly.last)):
        if not 1 <= month <= 12:
            return PatternProblem("yearly", f"'{side}' names month {month}. Write 01-01 to 12-31.")
        if not 1 <= day <= _MONTH_DAYS[month - 1]:
            return PatternProblem(
                "yearly",
                f"'{side}' is {month:02}-{day:02}, a day that does not exist."
                f" That month ends on {month:02}-{_MONTH_DAYS[month - 1]}.",
            )
    return None


def _days_problem(days: Days, zone: str) -> PatternProblem | None:
    for field, day in (("from", days.first), ("to", days.last)):
        if day.year not in _YEARS:
            return PatternProblem(field, _too_far(day.isoformat()))
    if days.last < days.first:
        return PatternProblem(
            "to", f"it ends on {days.last}, before it starts on {days.first}. Choose a later end."
        )
    if midnight(days.first, zone) >= midnight(days.last + timedelta(days=1), zone):
        return PatternProblem("from", f"{days.first} does not exist in {zone}. Choose another day.")
    return None


def _span_problem(span: Span, zone: str) -> PatternProblem | None:
    for field, wall in (("from", span.start), ("to", span.end)):
        problem = _wall_problem(field, wall)
        if problem:
            return problem
    if span.end == span.start:
        return PatternProblem(
            "to", f"it ends when it starts, {span.start}: it has no length. Choose a later end."
        )
    if span.end < span.start:
        return PatternProblem("to", f"it ends {span.end}, before it starts {span.start}. Choose a later end.")
    if at_wall(span.end, zone) <= at_wall(span.start, zone):
        return PatternProblem(
            "to", f"the clocks in {zone} skip all of {span.start} to {span.end}. Choose a later end."
        )
    return None


def _rule_problem(rule: Rule, zone: str) -> PatternProblem | None:
    problem = _wall_problem("from", rule.start)
    if problem:
        return problem
    if rule.minutes <= 0:
        return PatternProblem("duration", "it has no length. Write how long each one takes, such as 4h.")
    if rule.minutes > _LONGEST:
        return PatternProblem("duration", "it is longer than a year. Write a shorter one.")
    try:
        until = read_rrule(rule.rrule, zone).until
        if until is not None and until < rule.start:
            return PatternProblem(
                "rrule", f"UNTIL ends it before it starts on {rule.start}. Choose a later one."
            )
        if first_wall(rule.rrule, rule.start, zone) is None:
            return PatternProblem(
                "rrule", f"{quoted(rule.rrule)} never occurs. Correct the days that it asks for."
            )
    except BadInput as error:
        return PatternProblem("rrule", error.message)
    return None


def _wall_problem(field: str, wall: datetime) -> PatternProblem | None:
    if wall.tzinfo is not None:
        return PatternProblem(field, "a time has no offset. The entry's zone says where it is meant.")
    return PatternProblem(field, _too_far(wall.isoformat())) if wall.year not in _YEARS else None


def _too_far(written: str) -> str:
    return f"{written} is too far away. Choose a year from {_YEARS.start} to {_YEARS.stop - 1}."


_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_ZONE_REACH = timedelta(days=2)
"""A wall-clock day lies within this of the same day in UTC, a skipped day included."""

_Spell = tuple[datetime, datetime, str]
"""UTC start and end, and what a change of the clocks does."""


def occurrences(entry: CalendarEntry, start: datetime, end: datetime, zone: str) -> list[Occurrence]:
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


def vanished(entry: CalendarEntry, start: datetime, end: datetime, zone: str) -> list[datetime]:
    """When, in [start, end), an occurrence does not take place: the clocks skip all of it (UTC)."""
    spells = _spells(entry, start, end, entry.zone or zone or "UTC")
    return sorted({begins for begins, ends, _ in spells if begins >= ends and start <= begins < end})


def _spells(entry: CalendarEntry, start: datetime, end: datetime, zone: str) -> Iterator[_Spell]:
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
