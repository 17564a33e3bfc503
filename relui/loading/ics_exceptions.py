"""Exceptions of a series (EXDATE, EXRULE, RECURRENCE-ID), told as the series tells its times.

Programs write them as a day, in UTC or without a zone where the series has a time in a zone, and the reverse.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from relui.domain.calendar.rrule_text import read_rrule, walls_between
from relui.domain.instants import zone_named
from relui.errors import BadInput

if TYPE_CHECKING:
    from icalendar import Event

_DAY = timedelta(days=1)


def align(event: Event, changes: tuple[Event, ...], zone: str, first: date, last: date) -> tuple[Event, ...]:
    """Rewrite the exceptions of a series as days, where it is of days, else as its starts in its own zone.

    Returns the changes without those that take a time out, which have become exceptions. `zone` is where
    times without a zone are meant. A rule of exceptions is written out on the days `first` to `last`.
    Raises BadInput for a rule that cannot be read.
    """
    gone = [one for one in changes if is_cancelled(one) and not _range(one)]
    out = {one for value in values(event, "EXDATE") for one in _starts(event, value, zone)}
    out |= {one for change in gone for one in _starts(event, _dt(change, "RECURRENCE-ID"), zone)}
    out |= set(_ruled_out(event, zone, first, last))
    _put(event, "EXDATE", sorted(out))
    _put(event, "RDATE", [_added(event, value, zone) for value in values(event, "RDATE")])
    event.pop("EXRULE", None)
    kept = tuple(one for one in changes if one not in gone)
    for change in kept:
        _rename(event, change, zone)
    return kept


def _dt(event: Event, name: str) -> Any:
    return getattr(event.get(name), "dt", None)


def _range(change: Event) -> str:
    """THISANDFUTURE, when it changes all later times too."""
    params = getattr(change.get("RECURRENCE-ID"), "params", {})
    return str(params.get("RANGE", ""))


def _put(event: Event, name: str, found: list[Any]) -> None:
    event.pop(name, None)
    for one in found:
        event.add(name, [one])


def _rename(event: Event, change: Event, zone: str) -> None:
    """Name the time that a change is about as the series does."""
    from icalendar.prop import vDDDTypes

    new = vDDDTypes(next(_starts(event, _dt(change, "RECURRENCE-ID"), zone)))
    if scope := _range(change):
        new.params["RANGE"] = scope
    change["RECURRENCE-ID"] = new


def is_cancelled(event: Event) -> bool:
    """It does not take place any more."""
    value = event.get("STATUS")
    return (
        str((value[0] if isinstance(value, list) and value else value) or "").strip().upper() == "CANCELLED"
    )


def _added(event: Event, value: Any, zone: str) -> Any:
    """A date that is added to a series: a day means its usual time, a period says its own length."""
    start: date = _dt(event, "DTSTART")
    if isinstance(value, tuple):
        return value
    if not isinstance(start, datetime):
        return _day_of(value, zone)
    if isinstance(value, datetime):
        return _as_told(value, start, zone)
    return datetime.combine(value, start.timetz())


def values(event: Event, name: str) -> Iterator[Any]:
    """All days and times of a property that may stand several times and list several."""
    value = event.get(name)
    for one in value if isinstance(value, list) else [value] if value is not None else []:
        yield from (part.dt for part in getattr(one, "dts", [one]))


def _starts(event: Event, value: date, zone: str) -> Iterator[date]:
    """The starts of the series that an exception means; a day means all of its starts on it."""
    start: date = _dt(event, "DTSTART")
    if not isinstance(start, datetime):
        yield _day_of(value, zone)
    elif isinstance(value, datetime):
        yield _as_told(value, start, zone)
    else:
        for wall in sorted(set(_walls_on(event, start, value, zone))) or [
            datetime.combine(value, start.time())
        ]:
            yield wall.replace(tzinfo=start.tzinfo)


def _day_of(value: date, zone: str) -> date:
    """The day that is meant: midnight is how a day is told as a time, in whatever zone."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is not None and value.time() != time():
        value = value.astimezone(zone_named(zone or "UTC"))
    return value.date()


def _as_told(value: datetime, start: datetime, zone: str) -> datetime:
    """A time, in the zone of the series."""
    if value.tzinfo is None:
        return value.replace(tzinfo=start.tzinfo)
    if start.tzinfo is None:
        return value.astimezone(zone_named(zone or "UTC")).replace(tzinfo=None)
    return value.astimezone(start.tzinfo)


def _walls_on(event: Event, start: datetime, day: date, zone: str) -> Iterator[datetime]:
    """The wall-clock starts of the series on a day: by its rule, and by its own dates."""
    rule = event.get("RRULE")
    if rule is not None and not isinstance(rule, list):
        text = rule.to_ical().decode("utf-8", errors="replace")
        yield from walls_between(text, start.replace(tzinfo=None), _name(start, zone), day, day)
    for value in values(event, "RDATE"):
        if isinstance(value, datetime) and (told := _as_told(value, start, zone)).date() == day:
            yield told.replace(tzinfo=None)


def _ruled_out(event: Event, zone: str, first: date, last: date) -> Iterator[date]:
    start: date = _dt(event, "DTSTART")
    timed = isinstance(start, datetime)
    begun = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime.combine(start, time())
    rules = event.get("EXRULE") or []
    for rule in rules if isinstance(rules, list) else [rules]:
        text = rule.to_ical().decode("utf-8", errors="replace")
        told = _name(start, zone) if isinstance(start, datetime) else "UTC"
        try:
            read_rrule(text, told)
        except BadInput as error:
            raise BadInput(f"its rule of exceptions (EXRULE) cannot be used: {error.message}") from None
        for wall in walls_between(text, begun, told, first - _DAY, last + _DAY):
            yield wall.replace(tzinfo=start.tzinfo) if timed and isinstance(start, datetime) else wall.date()


def _name(start: datetime, zone: str) -> str:
    """The zone by name in which UNTIL is told."""
    return (
        start.tzinfo.key if isinstance(start.tzinfo, ZoneInfo) else "UTC" if start.tzinfo else zone or "UTC"
    )
