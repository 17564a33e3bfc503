"""Days and times as people write them in a file: a day, a time of day, a wall-clock time without its zone."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from relui.domain.text import quoted
from relui.errors import BadInput

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_WALL = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2}(?::\d{2})?)", re.ASCII)
_WITH_OFFSET = re.compile(r".*\d(?:Z|[+-]\d{2}:?\d{2})", re.ASCII)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEARS = range(1900, 9000)


def is_day(text: str) -> bool:
    """Whether a text is written as a day, whether or not that day exists."""
    return _DAY.fullmatch(text) is not None


def day_named(text: str) -> date:
    """The day of `2026-11-21`. Raises BadInput for anything else, 30 February included."""
    if not _DAY.fullmatch(text.strip()):
        raise BadInput(f"{quoted(text)} is not a date. Write it as 2026-11-21.")
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(f"{quoted(text)} is not a date: {error}. Choose a day that exists.") from None
    if day.year not in _YEARS:
        raise BadInput(
            f"{quoted(text)} is too far away. Choose a year from {_YEARS.start} to {_YEARS.stop - 1}."
        )
    return day


def clock_named(text: str) -> time:
    """The time of day of `20:00`; `24:00` is midnight. Raises BadInput."""
    found = _CLOCK.fullmatch(text.strip())
    if text.strip() == "24:00":
        return time(0)
    try:
        if found is not None:
            return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        pass
    raise BadInput(f'{quoted(text)} is not a time of day. Write it as "20:00".')


def weekly_named(text: str) -> tuple[str, time]:
    """Weekday and time of day of `fri 23:00`, or no weekday for `23:00` alone. Raises BadInput."""
    day, _, clock = text.strip().rpartition(" ")
    named = day.strip().rstrip(",").casefold()
    if not named:
        return "", clock_named(clock)
    found = next((full[:3] for full in _WEEKDAYS if named in (full, full[:3])), "")
    if not found:
        raise BadInput(f'{quoted(text)} is not a time of a week. Write it as "fri 23:00".')
    return found, clock_named(clock)


def has_weekday(text: str) -> bool:
    """Whether a text begins as a time of a week does."""
    return text.strip()[:3].casefold() in [full[:3] for full in _WEEKDAYS]


def wall_named(text: str) -> datetime:
    """The naive wall-clock time of `2026-11-21T20:00`. Raises BadInput, also for one with an offset."""
    found = _WALL.fullmatch(text.strip())
    if found is None:
        way_out = (
            "Write the wall-clock time without an offset, and the place as `zone:`."
            if _WITH_OFFSET.fullmatch(text.strip())
            else "Write it as 2026-11-21T20:00."
        )
        raise BadInput(f"{quoted(text)} is not a date and time of the entry's zone. {way_out}")
    return datetime.combine(day_named(found[1]), clock_named(found[2]))
