"""Wall-clock times resolved to UTC instants, fast enough for a calendar of thousands of entries.

The same answers as `relui.domain.instants.from_wall` (RFC 5545): a skipped hour moves on, of a double one the
first is meant. Days on which the clocks stand still share one offset.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from relui.domain.instants import zone_named

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
