"""Events of an ICS file -> when they take place: a pattern where one fits, single times where none does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.entries import CalendarEntry, Days, Rule, Span
from relui.domain.calendar.occurrences import pattern_problem
from relui.domain.calendar.rrule_text import read_rrule, walls_between
from relui.domain.instants import zone_named
from relui.domain.text import one_line, quoted
from relui.errors import BadInput
from relui.loading.ics_parts import align, is_cancelled, rule_of, value_of, values, words_of, zone_of

if TYPE_CHECKING:
    from icalendar import Event, Timezone

MONTHS = 24
"""How far what has no pattern is written out, counted from today."""
OCCURRENCES_LIMIT = 1000
"""Single times that one event may become."""
HORIZON = timedelta(days=731)
"""The same in days."""
_DAY = timedelta(days=1)
_CRITICAL = ("DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_NAMES = {"DTSTART": "its start", "DTEND": "its end", "DURATION": "its duration", "RRULE": "its rule"}


class Happening(Struct, frozen=True):
    """One pattern of an event. No zone means the organisation's."""

    when: Days | Span | Rule
    zone: str = ""


class Series(Struct, frozen=True):
    """All that a file says under one UID: the event itself, and changes of some of its times.

    A `lone` series has no event of its own: only changes were exported, and each is a time of its own.
    """

    uid: str
    event: Event
    changes: tuple[Event, ...]
    zones: Sequence[Timezone] = ()
    """What the file describes."""
    floating: str = ""
    """Where its times without a zone are meant; nothing means the organisation's zone."""
    lone: bool = False

    @property
    def summary(self) -> str:
        """What it is called, cleaned. Raises BadInput for a text that is too long."""
        return summary_of(self.event)

    @property
    def cancelled(self) -> bool:
        """It does not take place any more."""
        return is_cancelled(self.event) and not self.lone


class NoTime(BadInput):
    """An event that is a moment, such as a reminder: legal, and nothing for a calendar of times."""


def summary_of(event: Event) -> str:
    """What an event is called, cleaned. Raises BadInput for a text that is too long."""
    value = event.get("SUMMARY")
    first = value[0] if isinstance(value, list) and value else value
    return one_line(str(first or ""), what="Its summary") or "Event"


def is_free(event: Event) -> bool:
    """Whoever has it in their calendar is at work nevertheless: Outlook's word, else that of RFC 5545."""
    busy = words_of(event, "X-MICROSOFT-CDO-BUSYSTATUS")
    if busy:
        return busy in ("FREE", "WORKINGELSEWHERE")
    return words_of(event, "TRANSP") == "TRANSPARENT"


def check_event(event: Event, zone: str) -> None:
    """Raise BadInput for an event that cannot be taken, naming the property; NoTime for a moment.

    What was cancelled need only say which time of which event it is.
    """
    _check(event)
    summary_of(event)
    if not is_cancelled(event):
        span_of(event)
        _rule_text(event, zone)


def happenings(series: Series, zone: str, today: date, *, busy: bool = False) -> tuple[Happening, ...]:
    """When an event takes place from `today` on; `zone` is the organisation's. With `busy`, free time is left
    out. Each of its events was checked. Raises BadInput for what cannot be told.
    """
    found = _found(series, series.floating or zone, today, busy)
    return tuple(
        replace(one, zone=series.floating) if not one.zone and not isinstance(one.when, Days) else one
        for one in found
    )


def _found(series: Series, zone: str, today: date, busy: bool) -> Sequence[Happening]:
    event = series.event
    if series.lone:
        each = [
            one for one in (event, *series.changes) if not is_cancelled(one) and not (busy and is_free(one))
        ]
        return [found for one in each for found in _single(*span_of(one), zone, today)]
    start, end = span_of(event)
    rule = _rule_text(event, zone)
    ruled_out = "EXRULE" in event
    changes = align(event, series.changes, zone, today, today + HORIZON)
    if busy and is_free(event) and not changes:
        return ()
    if changes or "RDATE" in event or not _plain(start) or (ruled_out and isinstance(start, datetime)):
        if not rule and not changes and "RDATE" not in event:
            return _single(start, end, zone, today)
        return list(_expanded(replace(series, changes=changes), zone, today, busy))
    if not rule:
        return _single(start, end, zone, today) if start not in set(values(event, "EXDATE")) else ()
    if isinstance(start, datetime):
        return _ruled(event, rule, start, end, zone, today)
    return list(_whole_days(event, rule, start, end, today))


def span_of(event: Event) -> tuple[date, date]:
    """Start and end of an event: both days (the end not included) or both times. Raises BadInput."""
    start, end, length = (value_of(event, name) for name in ("DTSTART", "DTEND", "DURATION"))
    if not isinstance(start, date):
        raise BadInput("it has no start (DTSTART). Add one.")
    timed = isinstance(start, datetime)
    if end is None:
        end = _after(start, length if isinstance(length, timedelta) else timedelta(0) if timed else _DAY)
    if not isinstance(end, date) or isinstance(end, datetime) != timed:
        raise BadInput(
            "its start and its end (DTEND) are not of a kind. Write both as days or both as times."
        )
    if not timed and end == start:  # many programs write the one day so, as if its end counted
        end = start + _DAY
    if _ordered(end, start) == 0:
        raise NoTime("it takes no time: its end (DTEND) is its start. Write a later end.")
    if _ordered(end, start) < 0:
        raise BadInput(
            f"it ends (DTEND) on {end}, before it starts on {start}. Exchange them, or correct one."
        )
    return start, end


def _after(start: date, length: timedelta) -> date:
    """The end by a duration: days are those of the calendar, anything else is time that elapses."""
    if isinstance(start, datetime) and start.tzinfo is not None and length % _DAY:
        return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    return start + length


def _length(event: Event, start: datetime, end: datetime) -> timedelta:
    """How long each time of a series is. An end in the start's zone says it by the wall clock: the first
    night may be one on which the clocks change."""
    length = value_of(event, "DURATION")
    if isinstance(length, timedelta) and "DTEND" not in event:
        return length
    if start.tzinfo is None or zone_of(start) == zone_of(end):
        return end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return end.astimezone(UTC) - start.astimezone(UTC)


def _ordered(end: date, start: date) -> int:
    """Above, at or below 0 as the end is after, at or before the start."""
    if isinstance(end, datetime) and isinstance(start, datetime):
        if (end.tzinfo is None) != (start.tzinfo is None):
            raise BadInput(
                "its start has a zone and its end (DTEND) has none, or the reverse. Give both one."
            )
        if end.tzinfo is not None:
            end, start = end.astimezone(UTC), start.astimezone(UTC)
    return (end > start) - (end < start)


def _check(event: Event) -> None:
    """Raise BadInput for a property that could not be read, that stands twice or whose zone is unknown."""
    broken = [(str(name).upper(), str(words)) for name, words in event.errors]
    for name in _CRITICAL:
        value = event.get(name)
        if type(value).__name__ == "vBrokenProperty":
            broken.append((name, str(getattr(value, "parse_error", "") or "it cannot be read")))
    for name, words in broken:
        if name in _CRITICAL:
            raise BadInput(f"{_NAMES.get(name, 'it')} ({name}) cannot be read: {quoted(words)}. Correct it.")
    for name in ("DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID"):
        if isinstance(event.get(name), list):
            raise BadInput(f"{name} stands twice in it. Keep one.")
    for name in _CRITICAL:
        for zone, known in _zones(event.get(name)):
            if not known:
                _refuse_zone(zone)
    for name in ("DTSTART", "DTEND"):
        value = value_of(event, name)
        if isinstance(value, date) and not 1900 <= value.year < 9000:
            raise BadInput(
                f"{_NAMES[name]} ({name}) is too far away: {value}. Choose a year from 1900 to 8999."
            )


def _refuse_zone(zone: str) -> None:
    try:
        zone_named(zone)
    except BadInput as error:
        words = "The file has no readable description of it (VTIMEZONE) either. Correct its TZID."
        raise BadInput(f"{error.message} {words}") from None
    raise BadInput(f"The time zone {quoted(zone)} cannot be used. Correct its TZID.")


def _zones(value: Any) -> Iterator[tuple[str, bool]]:
    """Every TZID of a property, and whether it led to a zone."""
    for one in value if isinstance(value, list) else [value]:
        for part in getattr(one, "dts", [one]):
            params = getattr(part, "params", None)
            zone = params.get("TZID") if params else None
            if zone and isinstance(getattr(part, "dt", None), datetime):
                yield str(zone), part.dt.tzinfo is not None


def _plain(start: date) -> bool:
    """It stands in a zone that relui knows by name, or in none."""
    return (
        not isinstance(start, datetime) or start.tzinfo in (None, UTC) or isinstance(start.tzinfo, ZoneInfo)
    )


def _rule_text(event: Event, zone: str) -> str:
    """The rule, when relui takes it. Raises BadInput for one that floods or cannot be read."""
    rule = event.get("RRULE")
    if rule is None:
        return ""
    text = rule_of(rule)
    try:
        read_rrule(text, zone or "UTC")
    except BadInput as error:
        raise BadInput(f"its rule (RRULE) cannot be used: {error.message}") from None
    return text


def _single(start: date, end: date, zone: str, today: date) -> tuple[Happening, ...]:
    made = _once(start, end)
    return (made,) if _last_day(made, zone) >= today else ()


def _once(start: date, end: date) -> Happening:
    """One time: days, or wall-clock times of the start's zone, or of UTC where those cannot say it."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return Happening(Days(start, end - _DAY))
    if start.tzinfo is None:
        return Happening(Span(start, end))
    zone = zone_of(start)
    begins, ends = (at.astimezone(zone_named(zone)).replace(tzinfo=None) for at in (start, end))
    if any(wall.replace(tzinfo=zone_named(zone)).astimezone(UTC) != at.astimezone(UTC)
           for wall, at in ((begins, start), (ends, end))):  # fmt: skip
        zone = "UTC"
        begins, ends = (at.astimezone(UTC).replace(tzinfo=None) for at in (start, end))
    return Happening(Span(begins, ends), zone)


def _last_day(happening: Happening, zone: str) -> date:
    when = happening.when
    assert not isinstance(when, Rule)
    return when.last if isinstance(when, Days) else when.end.date() + _DAY


def _ruled(
    event: Event, rule: str, start: datetime, end: date, zone: str, today: date
) -> tuple[Happening, ...]:
    assert isinstance(end, datetime)
    own = zone_of(start)
    length = _length(event, start, end)
    if length % timedelta(minutes=1):
        raise BadInput("its length is not of whole minutes. Correct DTEND or DURATION.")
    left_out = tuple(sorted({value.replace(tzinfo=None) for value in values(event, "EXDATE")}))
    when = Rule(rule, start.replace(tzinfo=None), length // timedelta(minutes=1), left_out)
    problem = pattern_problem(CalendarEntry(kind="event", id="event", name="event", when=when), own or zone)
    if problem is not None:
        raise BadInput(f"its rule (RRULE) cannot be used: {problem.words}")
    beginning = today - timedelta(days=length.days + 2)
    later = walls_between(rule, when.start, own or zone or "UTC", beginning, today + HORIZON * 50)
    return (Happening(when, own),) if next(later, None) else ()


def _whole_days(event: Event, rule: str, start: date, end: date, today: date) -> Iterator[Happening]:
    """Whole days that recur, day by day: in minutes they would be wrong where the clocks change."""
    gone = set(values(event, "EXDATE"))
    length = end - start
    begun = datetime.combine(start, time())
    walls = walls_between(rule, begun, "UTC", today - length, today + HORIZON)
    for number, wall in enumerate(wall for wall in walls if wall.date() not in gone):
        _refuse_too_many(number)
        if wall.date() + length > today:
            yield Happening(Days(wall.date(), wall.date() + length - _DAY))


def _expanded(series: Series, zone: str, today: date, busy: bool) -> Iterator[Happening]:
    """Each time of a series that has changes, dates of its own or a zone of the file's own."""
    from icalendar import Calendar
    from recurring_ical_events import of  # type: ignore[import-untyped]

    alone = Calendar()
    for part in (*series.zones, series.event, *series.changes):
        alone.add_component(part)
    try:
        found: Sequence[Event] = of(alone).between(today, today + HORIZON)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise BadInput(f"its times cannot be found: {quoted(str(error))}. Correct its rule.") from None
    _refuse_too_many(len(found))
    for one in sorted(found, key=lambda event: str(event.start)):
        if not is_cancelled(one) and not (busy and is_free(one)):
            yield _once(one.start, one.end)


def _refuse_too_many(number: int) -> None:
    if number > OCCURRENCES_LIMIT:
        raise BadInput(
            f"it takes place more than {OCCURRENCES_LIMIT:,} times in {MONTHS} months. Make it rarer."
        )
