"""RFC 5545 rules read strictly, before python-dateutil sees them.

INTERVAL=0 hangs dateutil for ever, FREQ=SECONDLY floods, an aware UNTIL beside a naive start raises: what
passes here is bounded. Rules are expanded in naive wall-clock time, month by month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from relui.domain.calendar.wall_clock import wall_of
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_TOO_OFTEN = ("HOURLY", "MINUTELY", "SECONDLY")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_COUNT_LIMIT = 5_000
_INTERVAL_LIMIT = 1_000
_REACH = 100
"""Years after its start in which a rule must occur; a counted rule is not followed any further."""

# Part: how far its numbers go, with which frequencies it may stand.
_NUMBERS: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "BYMONTH": (1, 12, _FREQUENCIES),
    "BYMONTHDAY": (-31, 31, ("YEARLY", "MONTHLY", "DAILY")),
    "BYYEARDAY": (-366, 366, ("YEARLY",)),
    "BYWEEKNO": (-53, 53, ("YEARLY",)),
    "BYSETPOS": (-366, 366, ("YEARLY", "MONTHLY")),
    "BYHOUR": (0, 23, _FREQUENCIES),
    "BYMINUTE": (0, 59, _FREQUENCIES),
}
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", *_NUMBERS)


class Recurrence(Struct, frozen=True):
    """A rule that was read. `until` is naive wall-clock time, included; days are (ordinal or 0, weekday)."""

    freq: str
    interval: int = 1
    count: int = 0
    until: datetime | None = None
    days: tuple[tuple[int, int], ...] = ()
    numbers: tuple[tuple[str, tuple[int, ...]], ...] = ()
    week_start: int = 0

    def part(self, name: str) -> tuple[int, ...]:
        """The numbers of one part, or none."""
        return dict(self.numbers).get(name, ())


@lru_cache(maxsize=8192)
def read_rrule(text: str, zone: str) -> Recurrence:
    """Read a rule such as `FREQ=MONTHLY;BYDAY=2SA`; `zone` is where UNTIL with Z is told. Raises BadInput."""
    parts = _split(text)
    freq = parts.get("FREQ", "")
    if freq in _TOO_OFTEN:
        raise BadInput(f"FREQ={freq} is too often for a calendar. Write FREQ=DAILY with BYHOUR and BYMINUTE.")
    if freq not in _FREQUENCIES:
        raise BadInput(f"FREQ is {quoted(freq)}. Write one of {', '.join(_FREQUENCIES)}.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadInput("COUNT and UNTIL exclude each other. Keep one.")
    numbers = []
    for name, (low, high, allowed) in _NUMBERS.items():
        if name in parts:
            if freq not in allowed:
                raise BadInput(f"{name} does not go with FREQ={freq}. It goes with {', '.join(allowed)}.")
            numbers.append((name, tuple(_number(name, one, low, high) for one in parts[name].split(","))))
    if "BYSETPOS" in parts and not any(n.startswith("BY") and n != "BYSETPOS" for n in parts):
        raise BadInput("BYSETPOS needs another part to choose from, such as BYDAY.")
    return Recurrence(
        freq=freq,
        interval=_number("INTERVAL", parts.get("INTERVAL", "1"), 1, _INTERVAL_LIMIT),
        count=_number("COUNT", parts["COUNT"], 1, _COUNT_LIMIT) if "COUNT" in parts else 0,
        until=_until(parts["UNTIL"], zone) if "UNTIL" in parts else None,
        days=tuple(_day(one, freq) for one in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        numbers=tuple(numbers),
        week_start=_weekday("WKST", parts.get("WKST", "MO")),
    )


def _split(text: str) -> dict[str, str]:
    written = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    if not written:
        raise BadInput("The rule is empty. Write one such as FREQ=MONTHLY;BYDAY=2SA.")
    if len(written) > 500:
        raise BadInput(f"The rule has {len(written)} characters; at most 500 fit.")
    parts: dict[str, str] = {}
    for part in written.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise BadInput(f"{quoted(part)} is not a part of a rule. Write NAME=VALUE.")
        if name not in _PARTS:
            raise BadInput(f"{quoted(name)} is not a part of a rule.{did_you_mean(name, _PARTS)}")
        if name in parts:
            raise BadInput(f"{name} stands twice. Keep one.")
        parts[name] = value
    return parts


def _number(name: str, text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,6}", text, re.ASCII):
        raise BadInput(f"{name} is {quoted(text)}, which is not a whole number.")
    number = int(text)
    if not low <= number <= high or (low < 0 and not number):
        reach = f"{low} to -1 or 1 to {high}" if low < 0 else f"{low} to {high}"
        raise BadInput(f"{name} is {number}. It goes from {reach}.")
    return number


def _weekday(name: str, text: str) -> int:
    if text not in _DAYS:
        raise BadInput(f"{name} is {quoted(text)}. Write one of {', '.join(_DAYS)}.")
    return _DAYS.index(text)


def _day(text: str, freq: str) -> tuple[int, int]:
    ordinal, name = text[:-2], text[-2:]
    weekday = _weekday("BYDAY", name)
    if not ordinal:
        return 0, weekday
    if freq not in ("MONTHLY", "YEARLY"):
        raise BadInput(
            f"BYDAY={text} counts within a month or year, which FREQ={freq} has not. Write {name}."
        )
    high = 5 if freq == "MONTHLY" else 53
    return _number("BYDAY", ordinal, -high, high), weekday


def _until(text: str, zone: str) -> datetime:
    """The last wall-clock time: a date includes its whole day, Z is UTC and told in `zone`."""
    found = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z?))?", text, re.ASCII)
    try:
        if found is None:
            raise ValueError
        day, clock, utc = found.groups()
        if clock is None:
            return datetime.combine(datetime.strptime(day, "%Y%m%d").date(), time(23, 59, 59))
        until = datetime.strptime(f"{day}{clock}", "%Y%m%d%H%M%S")
    except ValueError:
        raise BadInput(
            f"UNTIL is {quoted(text)}. Write a date or time such as 20261231 or 20261231T220000Z."
        ) from None
    return wall_of(until.replace(tzinfo=UTC), zone) if utc else until


def walls_between(text: str, start: datetime, zone: str, first: date, last: date) -> Iterator[datetime]:
    """The naive wall-clock starts of a rule on the days `first` to `last`, in order. Raises BadInput."""
    rule = read_rrule(text, zone)
    if first_wall(text, start, zone) is None:
        return
    low, high = datetime.combine(first, time()), datetime.combine(last, time.max)
    if rule.count:
        yield from (wall for wall in _counted(text, start, zone) if low <= wall <= high)
        return
    month = max(first, start.date()).replace(day=1)
    end = min(last, rule.until.date()) if rule.until else last
    while month <= end:
        yield from (wall for wall in _month(text, start, zone, month) if low <= wall <= high)
        month += timedelta(days=monthrange(month.year, month.month)[1])


@lru_cache(maxsize=8192)
def first_wall(text: str, start: datetime, zone: str) -> datetime | None:
    """The first wall-clock start within a hundred years, None when the rule never occurs."""
    if read_rrule(text, zone).count:
        return next(iter(_counted(text, start, zone)), None)
    return next(_expanded(read_rrule(text, zone), start, start, _far(start)), None)


@lru_cache(maxsize=1024)
def _counted(text: str, start: datetime, zone: str) -> tuple[datetime, ...]:
    rule = read_rrule(text, zone)
    return tuple(islice(_expanded(rule, start, start, _far(start)), rule.count))


@lru_cache(maxsize=65536)
def _month(text: str, start: datetime, zone: str, month: date) -> tuple[datetime, ...]:
    low = datetime.combine(month, time())
    high = low + timedelta(days=monthrange(month.year, month.month)[1], microseconds=-1)
    return tuple(_expanded(read_rrule(text, zone), start, low, high))


def _far(start: datetime) -> datetime:
    return start.replace(year=start.year + _REACH, day=min(start.day, 28))


def _expanded(rule: Recurrence, start: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """The starts between `low` and `high`, both included, beginning near `low` instead of at the start."""
    low = max(low, start)
    high = min(high, rule.until) if rule.until else high
    found = takewhile(lambda wall: wall <= high, _dateutil_rule(rule, start, low, high))
    months, monthdays = rule.part("BYMONTH"), rule.part("BYMONTHDAY")
    weekdays = {weekday for _, weekday in rule.days}
    by_hand = rule.freq in ("WEEKLY", "DAILY")
    for wall in found:
        if wall < low:
            continue
        if by_hand and months and wall.month not in months:
            continue
        if rule.freq == "DAILY" and not _on_day(wall, monthdays, weekdays):
            continue
        yield wall


def _on_day(wall: datetime, monthdays: tuple[int, ...], weekdays: set[int]) -> bool:
    if weekdays and wall.weekday() not in weekdays:
        return False
    from_end = wall.day - monthrange(wall.year, wall.month)[1] - 1
    return not monthdays or wall.day in monthdays or from_end in monthdays


def _dateutil_rule(rule: Recurrence, start: datetime, low: datetime, high: datetime) -> rrule:
    """dateutil's rule with everything said that it would take from the start, begun at or before `low`.

    What limits days and weeks is left to `_expanded`: dateutil looks for it until the year 9999.
    """
    from dateutil import rrule as dateutil

    by: dict[str, Any] = {name.lower(): values for name, values in rule.numbers}
    days = [dateutil.weekday(weekday, ordinal or None) for ordinal, weekday in rule.days]
    if rule.freq in ("WEEKLY", "DAILY"):
        by = {name: values for name, values in by.items() if name in ("byhour", "byminute")}
    if rule.freq == "WEEKLY":
        days = days or [dateutil.weekday(start.weekday())]
    elif rule.freq == "DAILY":
        days = []
    elif not days and not {"bymonthday", "byyearday", "byweekno"} & set(by):
        by["bymonthday"] = (start.day,)
        if rule.freq == "YEARLY":
            by.setdefault("bymonth", (start.month,))
    by.setdefault("byhour", (start.hour,))
    by.setdefault("byminute", (start.minute,))
    return dateutil.rrule(
        freq=getattr(dateutil, rule.freq),
        dtstart=_begun(rule, start, low),
        interval=rule.interval,
        until=high,
        wkst=rule.week_start,
        byweekday=days or None,
        bysecond=(start.second,),
        **by,
    )


def _begun(rule: Recurrence, start: datetime, low: datetime) -> datetime:
    """The beginning of the last period at or before `low` that INTERVAL reaches from the start."""
    midnight = datetime(start.year, start.month, start.day)
    if rule.freq == "YEARLY":
        year = low.year - (low.year - start.year) % rule.interval
        return datetime(year, 1, 1)
    if rule.freq == "MONTHLY":
        since = (low.year - start.year) * 12 + low.month - start.month
        months = start.year * 12 + start.month - 1 + since - since % rule.interval
        return datetime(months // 12, months % 12 + 1, 1)
    length = rule.interval * (7 if rule.freq == "WEEKLY" else 1)
    days = (low - midnight).days
    return midnight + timedelta(days=days - days % length)
