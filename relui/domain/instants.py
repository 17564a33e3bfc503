"""Instants, zones, durations and offsets, as people write them and as the record keeps them.

The record keeps UTC instants beside the name of the zone that they were agreed in. Wall-clock input
in an hour that does not exist moves to the next that does; one that exists twice means the first
(RFC 5545), and the person is told.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# Compiled at their first use: a start of the app needs none of them.
_DURATION = r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?"
_OFFSET = r"T(?:\s*([+-])\s*(\d{1,5})(d|h|m))?"
_INSTANT = r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?"
_YEARS = range(1900, 9000)
"""Far from the ends of the calendar, so that no offset, zone or timeline can run over them."""
Moment = Annotated[datetime, Meta(tz=True)]
"""An instant: an aware datetime, kept in UTC."""
YEAR = 60 * 24 * 366
"""Minutes that a duration may have."""
Minutes = Annotated[int, Meta(ge=1, le=YEAR)]
"""A duration as records hold it."""
_HOST_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
"""Names that mean something else on every host, or count leap seconds."""


def within_reach(**fields: object) -> None:
    """Raises ValueError when a date or an instant among `fields` is in a year that nothing can be added to.

    For the structs of records: a file that was altered may hold any date, and must be told as damaged.
    """
    for name, value in fields.items():
        if isinstance(value, date) and value.year not in _YEARS:
            raise ValueError(f"{name}: {value.isoformat()} is too far away")


class Instant(Struct, frozen=True):
    """A parsed instant (UTC), the zone it was meant in, and what to tell the person who typed it."""

    at: datetime
    zone: str
    told: str = ""


def zone_named(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises BadInput, with the nearest name, for one that does not exist."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        if name and ".." not in name and not name.startswith(("/", *_HOST_ZONES)):
            return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError; a folder is an OSError
        pass
    known = (zone for zone in available_timezones() if not zone.startswith(_HOST_ZONES))
    raise BadInput(f"There is no time zone {quoted(name)}.{did_you_mean(name, known)}")


def parse_instant(text: str, zone: str) -> Instant:
    """Read an ISO 8601 date and time; without an offset it is wall-clock time in `zone`.

    A date alone is its midnight. Raises BadInput for anything else, naming the text.
    """
    found = re.fullmatch(_INSTANT, text.strip(), re.ASCII)
    example = "Write it as 2026-11-21T20:00, or with an offset: 2026-11-21T20:00+01:00."
    if found is None:
        raise BadInput(f"{quoted(text)} is not a date and time. {example}")
    day, clock, offset = found.groups(default="")
    clock = f"0{clock}" if clock[1:2] == ":" else clock or "00:00"
    try:
        wall = datetime.fromisoformat(f"{day}T{clock}{offset}")
    except ValueError as error:
        raise BadInput(f"{quoted(text)} is not a date and time: {error}. {example}") from None
    if wall.tzinfo is None:
        return from_wall(wall, zone)
    _check_year(wall)
    return Instant(wall.astimezone(UTC), zone)


def _check_year(wall: datetime) -> None:
    if wall.year not in _YEARS:
        raise BadInput(
            f"'{wall.isoformat()}' is too far away. Choose a year from {_YEARS.start} to {_YEARS.stop - 1}."
        )


def from_wall(wall: datetime, zone: str) -> Instant:
    """The instant of a naive wall-clock time in `zone`, with a word when that hour is special.

    The offset before a change of the clocks counts, which is what RFC 5545 asks for: an hour that is
    skipped moves on by what was skipped, and of a double hour the first is meant. Raises BadInput.
    """
    _check_year(wall)
    return _resolved(wall, zone)


def _resolved(wall: datetime, zone: str) -> Instant:
    info = zone_named(zone)
    first = wall.replace(tzinfo=info, fold=0)
    at = first.astimezone(UTC)
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    if before == after or before is None or after is None:
        return Instant(at, zone)
    if before > after:
        return Instant(at, zone, f"{wall:%H:%M} exists twice on that night in {zone}: the first is meant.")
    moved = at.astimezone(info)
    told = f"{moved:%H:%M}" if moved.date() == wall.date() else f"{moved:%H:%M} on {moved:%Y-%m-%d}"
    return Instant(at, zone, f"{wall:%H:%M} does not exist on that night in {zone}: it is {told}.")


def parse_duration(text: str) -> int:
    """Minutes of a duration written `2h`, `90m`, `1h30m` or `1d`. Raises BadInput."""
    found = re.fullmatch(_DURATION, text.strip().lower(), re.ASCII)
    if found is None or not any(found.groups()):
        raise BadInput(f"{quoted(text)} is not a duration. Write 2h, 90m or 1h30m.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    total = days * 1440 + hours * 60 + minutes
    if not 0 < total <= YEAR:
        raise BadInput(
            f"{quoted(text)} is not a usable duration: it must be longer than nothing and at most a year."
        )
    return total


def format_duration(minutes: int) -> str:
    """A duration as people write it: `45m`, `2h`, `1h30m`, `2d4h`."""
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = [f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (left, "m")) if n]
    return "".join(parts) or "0m"


class Offset(Struct, frozen=True):
    """A due time relative to go-live [S0.2]: hours and minutes elapse, days are calendar days."""

    minutes: int = 0
    days: int = 0

    def apply(self, go_live: datetime, zone: str) -> datetime:
        """The UTC instant this far from `go_live`; calendar days keep the wall-clock time in `zone`."""
        if not self.days:
            return go_live.astimezone(UTC) + timedelta(minutes=self.minutes)
        wall = go_live.astimezone(zone_named(zone)).replace(tzinfo=None) + timedelta(days=self.days)
        return _resolved(wall, zone).at

    @property
    def rough_minutes(self) -> int:
        """Minutes, with a day as 24 hours: for ordering offsets."""
        return self.minutes + self.days * 1440

    def words(self) -> str:
        """How people say it: `48 h before`, `at go-live`, `first 30 min`."""
        amount = abs(self.days) if self.days else abs(self.minutes)
        if not amount:
            return "at go-live"
        if self.days:
            unit = "day" if amount == 1 else "days"
        elif amount % 60 == 0:
            amount, unit = amount // 60, "h"
        else:
            unit = "min"
        return f"{amount} {unit} before" if self.rough_minutes < 0 else f"first {amount} {unit}"


@lru_cache(maxsize=512)
def parse_offset(text: str) -> Offset:
    """Read `T`, `T-48h`, `T+30m`, `T-2d`. Raises BadInput."""
    found = re.fullmatch(_OFFSET, text.strip(), re.ASCII)
    if found is None:
        raise BadInput(f"{quoted(text)} is not a due time. Write T, T-48h, T+30m or T-2d (T is the go-live).")
    sign, amount, unit = found.groups()
    if amount is None:
        return Offset()
    value = int(amount) * (-1 if sign == "-" else 1)
    return Offset(days=value) if unit == "d" else Offset(minutes=value * (60 if unit == "h" else 1))


def same_clock(zone: str, other: str, at: datetime) -> bool:
    """Whether two zones show the same times, under the same name, throughout the year around `at`."""
    one, two = zone_named(zone), zone_named(other)
    moments = [at + timedelta(days=91 * quarter) for quarter in range(-2, 3)]
    return all(f"{m.astimezone(one):%z %Z}" == f"{m.astimezone(two):%z %Z}" for m in moments)


def local_day(at: datetime, zone: str) -> date:
    """The calendar day of an instant in a zone."""
    return at.astimezone(zone_named(zone)).date()
