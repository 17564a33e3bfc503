"""The text of an ICS file -> its events, each read apart from the others: a bad one spoils no other.

Exceptions of a series (EXDATE, EXRULE, RECURRENCE-ID) are told as the series tells its times: programs
write them as a day, in UTC or without a zone where the series has a time in a zone, and the reverse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from msgspec import Struct

from relui.domain.calendar.rrule_text import read_rrule, walls_between
from relui.domain.instants import zone_named
from relui.domain.text import quoted
from relui.errors import BadInput

if TYPE_CHECKING:
    from icalendar import Event, Timezone


WAY_OUT = "Export the calendar again as ICS (iCalendar)."
EVENTS_LIMIT = 5000
"""Events that a file may have."""
UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
"""What the parser raises for content that is none."""
_DEPTH_LIMIT = 8
_LINE_LIMIT = 100_000
_DATED = re.compile(r"(?im)^(?:DTSTART|DTEND|RDATE|RECURRENCE-ID)[;:].*$")
_DATE = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_DAYS_2 = timedelta(days=2)
"""No zone is further from another; and an end that is not written lies hardly later."""
_FAR = timedelta(days=36_500)
_UNTIL = re.compile(r"(?i)UNTIL=(\d{8})")


class Part(Struct, frozen=True):
    """An event or a time zone of a file: its lines unfolded, without what is nested in an event (alarms)."""

    line: int
    text: str
    floating: str = ""
    """X-WR-TIMEZONE of the calendar that it stands in: where its times without a zone are meant."""

    def first(self, name: str) -> str:
        """The value of the first property of that name, or nothing."""
        found = re.search(rf"(?im)^{name}(?:;[^:\n]*)?:(.*)$", self.text)
        return found[1].strip() if found else ""


def parts_of(text: str, shown: str) -> tuple[list[Part], list[Part]]:
    """The time zones and the events of a file. Raises BadInput, naming the file, for what is no calendar."""
    zones: list[Part] = []
    events: list[tuple[int, Part]] = []
    floating = [""]
    odd, begun = 0, 0
    kept: list[str] = []
    for number, line, path in _placed(text, shown):
        word, colon, _ = line.rstrip().upper().partition(":")
        within = next((at for at, name in enumerate(path, 1) if name in ("VEVENT", "VTIMEZONE")), 0)
        edge = word if len(path) == within and word in ("BEGIN", "END") else ""
        if not within:
            if word == "BEGIN" and path[-1] == "VCALENDAR":
                floating.append("")
            elif word.partition(";")[0] == "X-WR-TIMEZONE" and len(path) == 1:
                floating[-1] = line.partition(":")[2].strip()
            odd = number if word and not colon and not odd else odd
            continue
        if edge == "BEGIN":
            begun, kept = number, []
        if len(path) == within or path[within - 1] == "VTIMEZONE":
            kept.append(line)
        if edge == "END":
            part = Part(begun, "\n".join(kept))
            zones += [part] if path[within - 1] == "VTIMEZONE" else []
            events += [(len(floating) - 1, part)] if path[within - 1] == "VEVENT" else []
    if odd and not events:
        raise BadInput(f"{shown}:{odd}: this is not a usable ICS file: a line without its colon. {WAY_OUT}")
    if len(events) > EVENTS_LIMIT:
        words = f"it holds {len(events):,} events; at most {EVENTS_LIMIT:,} fit"
        raise BadInput(f"{shown}: {words}. Export fewer years, or one calendar alone.")
    return zones, [Part(one.line, one.text, floating[index]) for index, one in events]


def _placed(text: str, shown: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Every line with its number and the components around it, whose first and last lines stand in them."""
    path: tuple[str, ...] = ()
    for number, line in _unfolded(text, shown):
        word, _, name = line.rstrip().upper().partition(":")
        if word == "BEGIN":
            path = (*path, name)
            if len(path) > _DEPTH_LIMIT:
                raise BadInput(f"{shown}:{number}: nested more than {_DEPTH_LIMIT} levels deep. {WAY_OUT}")
        if word == "END" and (not path or path[-1] != name):
            raise BadInput(f"{shown}:{number}: the end of {quoted(name)} has no beginning. {WAY_OUT}")
        yield number, line, path
        if word == "END":
            path = path[:-1]
    if path:
        words = f"the file ends inside {quoted(path[-1])}: it is cut off"
        raise BadInput(f"{shown}: {words}. Copy it again, or export it again as ICS.")


def _unfolded(text: str, shown: str) -> Iterator[tuple[int, str]]:
    """The lines of a file, continued ones as one, each with the number of its first."""
    begun, whole = 0, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if len(line) > _LINE_LIMIT:
            raise BadInput(f"{shown}:{number}: this line is too long. {WAY_OUT}")
        if begun and line[:1] in (" ", "\t") and line.strip():
            whole += line[1:]
            continue
        if begun:
            yield begun, whole
        begun, whole = number, line
    yield begun, whole


def read_zones(zones: list[Part]) -> list[Timezone]:
    """The time zones that a file describes, known to its events from then on; unreadable ones are left out:
    an event that needs one says so."""
    from icalendar import Calendar, Timezone
    from icalendar.timezone import tzp

    tzp.use_default()  # what another file described is forgotten
    found: list[Timezone] = []
    for part in zones:
        try:
            calendar = Calendar.from_ical(_calendar(part.text))
            found += [one for one in calendar.walk("VTIMEZONE") if isinstance(one, Timezone)]
        except UNREADABLE:
            continue
    return found


def read_event(part: Part) -> Event:
    """One event. Raises one of UNREADABLE for text that is none."""
    from icalendar import Calendar

    return cast("Event", Calendar.from_ical(_calendar(part.text)).walk("VEVENT")[0])


def _calendar(part: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:relui\n{part}\nEND:VCALENDAR\n"


def is_over(part: Part, today: date) -> bool:
    """As far as its text can be read, all of it lies before `today`: whatever is wrong never matters."""
    try:
        days = [date(*map(int, each)) for line in _DATED.findall(part.text) for each in _DATE.findall(line)]
        rule = part.first("RRULE")
        ends = _UNTIL.search(rule)
        if ends is not None:
            days.append(date.fromisoformat(ends[1]))
        elif rule:
            start = datetime.combine(min(days), time())
            later = walls_between(rule, start, "UTC", today - _DAYS_2, today + _FAR)
            if next(later, None) is not None:
                return False
    except (BadInput, *UNREADABLE):
        return False
    return bool(days) and max(days) < today - _DAYS_2


_DAY = timedelta(days=1)


def align(event: Event, changes: tuple[Event, ...], zone: str, first: date, last: date) -> tuple[Event, ...]:
    """Rewrite the exceptions of a series as days, where it is of days, else as its starts in its own zone.

    Returns the changes without those that take a time out, which have become exceptions. `zone` is where
    times without a zone are meant. A rule of exceptions is written out on the days `first` to `last`.
    Raises BadInput for a rule that cannot be read.
    """
    gone = [one for one in changes if is_cancelled(one) and not _range(one)]
    out = {one for value in values(event, "EXDATE") for one in _starts(event, value, zone)}
    out |= {one for change in gone for one in _starts(event, value_of(change, "RECURRENCE-ID"), zone)}
    out |= set(_ruled_out(event, zone, first, last))
    _put(event, "EXDATE", sorted(out))
    _put(event, "RDATE", [_added(event, value, zone) for value in values(event, "RDATE")])
    event.pop("EXRULE", None)
    kept = tuple(one for one in changes if one not in gone)
    for change in kept:
        _rename(event, change, zone)
    return kept


def value_of(event: Event, name: str) -> Any:
    """The day, time or duration of a property that stands once; None where there is none."""
    return getattr(event.get(name), "dt", None)


def words_of(event: Event, name: str) -> str:
    """The text of a property, of several the first, for comparing: in capitals."""
    value = event.get(name)
    return str((value[0] if isinstance(value, list) and value else value) or "").strip().upper()


def rule_of(rule: Any) -> str:
    """The text of an RRULE or EXRULE."""
    return str(rule.to_ical(), "utf-8", errors="replace")


def zone_of(start: datetime) -> str:
    """The zone of a time by name, UTC for one that has an offset alone; nothing for a time without a zone."""
    info = start.tzinfo
    return "" if info is None else info.key if isinstance(info, ZoneInfo) else "UTC"


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

    new = vDDDTypes(next(_starts(event, value_of(change, "RECURRENCE-ID"), zone)))
    if scope := _range(change):
        new.params["RANGE"] = scope
    change["RECURRENCE-ID"] = new


def is_cancelled(event: Event) -> bool:
    """It does not take place any more."""
    return words_of(event, "STATUS") == "CANCELLED"


def _added(event: Event, value: Any, zone: str) -> Any:
    """A date that is added to a series: a day means its usual time, a period says its own length."""
    start: date = value_of(event, "DTSTART")
    if isinstance(value, tuple):
        return value
    if not isinstance(start, datetime):
        return _day_of(value, zone)
    if isinstance(value, datetime):
        return _as_in_series(value, start, zone)
    return datetime.combine(value, start.timetz())


def values(event: Event, name: str) -> Iterator[Any]:
    """All days and times of a property that may stand several times and list several."""
    value = event.get(name)
    for one in value if isinstance(value, list) else [value] if value is not None else []:
        yield from (part.dt for part in getattr(one, "dts", [one]))


def _starts(event: Event, value: date, zone: str) -> Iterator[date]:
    """The starts of the series that an exception means; a day means all of its starts on it."""
    start: date = value_of(event, "DTSTART")
    if not isinstance(start, datetime):
        yield _day_of(value, zone)
    elif isinstance(value, datetime):
        yield _as_in_series(value, start, zone)
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


def _as_in_series(value: datetime, start: datetime, zone: str) -> datetime:
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
        told = zone_of(start) or zone or "UTC"  # where UNTIL is told
        yield from walls_between(rule_of(rule), start.replace(tzinfo=None), told, day, day)
    for value in values(event, "RDATE"):
        if isinstance(value, datetime) and (at := _as_in_series(value, start, zone)).date() == day:
            yield at.replace(tzinfo=None)


def _ruled_out(event: Event, zone: str, first: date, last: date) -> Iterator[date]:
    start: date = value_of(event, "DTSTART")
    timed = isinstance(start, datetime)
    begun = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime.combine(start, time())
    rules = event.get("EXRULE") or []
    for rule in rules if isinstance(rules, list) else [rules]:
        text = rule_of(rule)
        told = (zone_of(start) or zone or "UTC") if isinstance(start, datetime) else "UTC"
        try:
            read_rrule(text, told)
        except BadInput as error:
            raise BadInput(f"its rule of exceptions (EXRULE) cannot be used: {error.message}") from None
        for wall in walls_between(text, begun, told, first - _DAY, last + _DAY):
            yield wall.replace(tzinfo=start.tzinfo) if timed and isinstance(start, datetime) else wall.date()
