"""Wall-clock times: resolved to UTC instants, and named in sentences with weekday, date, time and zone.

Fast enough for a calendar of thousands of entries. The same answers as `relui.domain.instants.from_wall`
(RFC 5545): a skipped hour moves on, of a double one the first is meant. Days on which the clocks stand
still share one offset.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from relui.domain.instants import format_duration, zone_named

_DAY = timedelta(days=1)


@lru_cache(maxsize=65536)
def steady_offset(day: date, zone: str) -> timedelta | None:
    """The zone's offset on a day without a change of the clocks, None on one with a change."""
    info = zone_named(zone)
    midnight = datetime.combine(day, time())
    offsets = {(midnight + _DAY * n / 4).replace(tzinfo=info).utcoffset() for n in range(5)}
    return offsets.pop() if len(offsets) == 1 else None


def at_wall(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a naive wall-clock time. Raises BadInput for an unknown zone."""
    offset = steady_offset(wall.date(), zone)
    if offset is not None:
        return (wall - offset).replace(tzinfo=UTC)
    return wall.replace(tzinfo=zone_named(zone), fold=0).astimezone(UTC)


def midnight(day: date, zone: str) -> datetime:
    """The UTC instant at which a calendar day begins, at the latest when the next one does."""
    return at_wall(datetime(day.year, day.month, day.day), zone)


def changes_clocks(day: date, zone: str) -> bool:
    """On that day the zone's offset changes."""
    return steady_offset(day, zone) is None


def wall_of(at: datetime, zone: str) -> datetime:
    """The naive wall-clock time of an instant in a zone."""
    return at.astimezone(zone_named(zone)).replace(tzinfo=None)


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


def list_words(names: Iterable[str], word: str = "and", *, most: int = 0, of: str = "") -> str:
    """`a`, `a and b`, `a, b and c`; of more than `most` how many more there are, and `of` what."""
    known = list(names)
    if most and len(known) > most:
        known = [*known[:most], f"{len(known) - most} more {of}".rstrip()]
    *head, last = known
    return f"{', '.join(head)} {word} {last}" if head else last


def _clock(wall: datetime) -> str:
    return f"{day_words(wall.date())} {wall:%H:%M}"


def _midnight(wall: datetime) -> bool:
    return not (wall.hour or wall.minute or wall.second)
