"""Whether a pattern can be meant: what is wrong with it, in words that name the entry and the field."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from relui.domain.calendar.entries import WEEKDAYS, Days, Entry, Monthly, Rule, Span, Weekly, Yearly
from relui.domain.calendar.rrule_text import first_wall, read_rrule
from relui.domain.calendar.wall import at_wall, midnight
from relui.domain.instants import zone_named
from relui.domain.naming import did_you_mean
from relui.domain.text import quoted
from relui.errors import BadInput

_YEARS = range(1900, 9000)
_LONGEST = 366 * 1440
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class PatternProblem(Struct, frozen=True):
    """What is wrong with a pattern: the field as it is written in YAML, the sentence and the way out."""

    field: str
    words: str


def check_pattern(entry: Entry, zone: str) -> None:
    """Raise BadInput, naming entry and field, for a pattern that cannot be meant.

    `zone` is the organisation's, for an entry without one of its own.
    """
    problem = pattern_problem(entry, zone)
    if problem is not None:
        raise BadInput(f"Entry {quoted(entry.id)}, field '{problem.field}': {problem.words}")


def pattern_problem(entry: Entry, zone: str) -> PatternProblem | None:
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
