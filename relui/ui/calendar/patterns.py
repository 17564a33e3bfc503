"""When an entry takes place, in words."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from relui.domain.calendar.entries import (
    WEEKDAYS,
    CalendarEntry,
    Days,
    Monthly,
    Pattern,
    Rule,
    Span,
    Weekly,
    Yearly,
)
from relui.domain.instants import format_duration

_NAMES = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}


def pattern_words(when: Pattern) -> str:
    """`every Sat and Sun, 18:00 to 06:00 the next day`."""
    match when:
        case Weekly(days, start, end):
            names = listed([_NAMES[day] for day in days]) if len(days) < 7 else "day"
            if when.reach > 1 or when.later:
                return f"every {names}, {start:%H:%M} to {_end_words(when)}"
            later = " the next day" if end <= start else ""
            return f"every {names}, {start:%H:%M} to {end:%H:%M}{later}"
        case Monthly(first, last):
            later = " of the next month" if last < first else ""
            return f"every month, from the {_ordinal(first)} to the {_ordinal(last)}{later}, whole days"
        case Yearly(first, last):
            later = " of the next year" if last < first else ""
            return f"every year, from {_month_day(first)} to {_month_day(last)}{later}, whole days"
        case Days(first, last):
            return (
                f"{_day(first)}, whole day" if first == last else f"{_day(first)} to {_day(last)}, whole days"
            )
        case Span(start, end):
            return f"{_wall(start)} to {_wall(end)}"
        case Rule(rrule, start, minutes, except_for):
            left_out = f", without {listed([_wall(at) for at in except_for])}" if except_for else ""
            return f"{rrule} from {_wall(start)}, {format_duration(minutes)} each{left_out}"


def _end_words(weekly: Weekly) -> str:
    """`Mon 07:00`, or how many days later where several days have an end each."""
    if len(weekly.days) == 1:
        day = WEEKDAYS[(WEEKDAYS.index(weekly.days[0]) + weekly.reach) % 7]
        return f"{'the next ' if weekly.reach == 7 else ''}{_NAMES[day]} {weekly.end:%H:%M}"
    return f"{weekly.end:%H:%M} {'the next day' if weekly.reach == 1 else f'{weekly.reach} days later'}"


def reach_words(entry: CalendarEntry) -> str:
    """Which services and environments an entry is for."""
    services = listed(entry.services) if entry.services else "all services"
    return f"{services} in {listed(entry.environments)}" if entry.environments else services


def listed(words: list[str] | tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[1]} {calendar.month_abbr[day[0]]}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _wall(at: datetime) -> str:
    return f"{_day(at.date())} {at:%H:%M}"
