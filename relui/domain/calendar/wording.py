"""How the calendar's sentences name instants, spans and lengths: always with weekday, date, time and zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from relui.domain.calendar.wall import wall_of
from relui.domain.instants import format_duration

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date) -> str:
    """`Sat 15 Mar 2025`, the same in every locale."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=4096)
def moment_words(at: datetime, zone: str) -> str:
    """`Sat 15 Mar 2025 20:00 (Europe/London)`."""
    return f"{_clock(wall_of(at, zone))} ({zone})"


@lru_cache(maxsize=4096)
def span_words(start: datetime, end: datetime, zone: str) -> str:
    """`Sat 15 Mar 2025 20:00 to 22:00 (Europe/London)`; whole days without their midnights."""
    begin, finish = wall_of(start, zone), wall_of(end, zone)
    if _midnight(begin) and _midnight(finish) and finish > begin:
        first, last = begin.date(), finish.date() - timedelta(days=1)
        days = day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"
        return f"{days}, all day ({zone})"
    until = f"{finish:%H:%M}" if finish.date() == begin.date() else _clock(finish)
    return f"{_clock(begin)} to {until} ({zone})"


def length_words(length: timedelta) -> str:
    """`1h30m`; what is shorter than a minute counts as one."""
    return format_duration(max(1, round(length.total_seconds() / 60)))


def list_words(names: Iterable[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *head, last = list(names)
    return f"{', '.join(head)} {word} {last}" if head else last


def _clock(wall: datetime) -> str:
    return f"{day_words(wall.date())} {wall:%H:%M}"


def _midnight(wall: datetime) -> bool:
    return not (wall.hour or wall.minute or wall.second)
