"""Organisational events and absences from another calendar's ICS file, whole or not at all."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from relui.domain.calendar.entries import Days, Entry, Kind
from relui.domain.calendar.imported import Imported
from relui.domain.calendar.occurrences import occurrences
from relui.domain.calendar.wall import midnight, wall_of
from relui.domain.naming import slug
from relui.domain.organisation import Absence
from relui.domain.text import clean, quoted
from relui.errors import BadInput
from relui.loading.ics_events import HORIZON, Happening, Series, happenings
from relui.regular_files import read_regular

if TYPE_CHECKING:
    from icalendar import Calendar, Event

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes that a file may have."""
EVENTS_LIMIT = 5000
"""Events that a file may have."""
ENTRIES_LIMIT = 5000
"""Entries or absences that an import may make."""
_DEPTH_LIMIT = 8
_LINE_LIMIT = 100_000
_WAY_OUT = "Export the calendar again as ICS (iCalendar)."
_UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
"""What the parser raises for content that is none."""


def read_calendar_ics(
    path: Path,
    zone: str,
    today: date,
    *,
    kind: Kind = "event",
    services: Sequence[str] = (),
    absences: bool = False,
) -> Imported:
    """The events of a file from `today` on, as entries of a `kind` for `services`, or as `absences`.

    Times without a zone are meant in `zone`. An entry's id follows from the event's UID, so that a second
    import replaces the first. Raises BadInput naming the file and, where there is one, the event.
    """
    shown = clean(str(path))
    with warnings.catch_warnings():  # the parser warns on the terminal about zones that it recognised
        warnings.simplefilter("ignore")
        calendars, lines = _parsed(_text(path, shown), shown)
        made: list[tuple[Series, tuple[Happening, ...]]] = []
        for series, line in _series(calendars, lines, shown):
            try:
                _ = series.summary
                found: tuple[Happening, ...] = () if series.cancelled else happenings(series, zone, today)
            except BadInput as error:
                name = quoted(str(series.event.get("SUMMARY") or series.uid))
                raise BadInput(f"{shown}:{line}: event {name}: {error.message}") from None
            except _UNREADABLE as error:
                name = quoted(str(series.event.get("SUMMARY") or series.uid))
                words = f"it cannot be read: {quoted(str(error))}. Correct it, or take it out."
                raise BadInput(f"{shown}:{line}: event {name}: {words}") from None
            made.append((series, found))
    return _imported(made, zone, today, shown, kind, tuple(services), absences)


def _text(path: Path, shown: str) -> str:
    try:
        raw = read_regular(path, SIZE_LIMIT + 1)
    except OSError as error:
        raise BadInput(f"{shown}: cannot be read: {error.strerror}. Check the name and the rights.") from None
    except ValueError:  # a NUL in the name
        raise BadInput(f"{shown}: is not a usable file name. Check the name.") from None
    if len(raw) > SIZE_LIMIT:
        raise BadInput(
            f"{shown}: the file is larger than {SIZE_LIMIT // 1024 // 1024} MB. Export fewer years."
        )
    if not raw.strip():
        raise BadInput(f"{shown}: the file is empty. {_WAY_OUT}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{shown}:{line}: this is not UTF-8 text, so no ICS file. {_WAY_OUT}") from None
    if "\0" in text or not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise BadInput(
            f"{shown}:1: this is not an ICS file: it does not begin with BEGIN:VCALENDAR. {_WAY_OUT}"
        )
    return text


def _parsed(text: str, shown: str) -> tuple[list[Calendar], list[int]]:
    """The calendars of a file, and the line of each event in the file's order."""
    lines = _event_lines(text, shown)
    from icalendar import Calendar

    try:
        found = Calendar.from_ical(text, multiple=True)
    except _UNREADABLE as error:
        raise BadInput(f"{shown}: this is not a usable ICS file: {quoted(str(error))}. {_WAY_OUT}") from None
    calendars = found if isinstance(found, list) else [found]
    return calendars, lines


def _event_lines(text: str, shown: str) -> list[int]:
    """Where events begin; what is truncated, nested or too much is refused before anything is built."""
    found: list[int] = []
    open_parts: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if len(line) > _LINE_LIMIT:
            raise BadInput(f"{shown}:{number}: this line is too long. {_WAY_OUT}")
        word, _, name = line.rstrip().upper().partition(":")
        if word == "BEGIN":
            open_parts.append(name)
            if len(open_parts) > _DEPTH_LIMIT:
                raise BadInput(f"{shown}:{number}: nested more than {_DEPTH_LIMIT} levels deep. {_WAY_OUT}")
            if name == "VEVENT":
                found.append(number)
        elif word == "END" and (not open_parts or open_parts.pop() != name):
            raise BadInput(f"{shown}:{number}: the end of {quoted(name)} has no beginning. {_WAY_OUT}")
    if open_parts:
        words = f"the file ends inside {quoted(open_parts[-1])}: it is cut off"
        raise BadInput(f"{shown}: {words}. Copy it again, or export it again as ICS.")
    if len(found) > EVENTS_LIMIT:
        words = f"it holds {len(found):,} events; at most {EVENTS_LIMIT:,} fit"
        raise BadInput(f"{shown}: {words}. Export fewer years, or one calendar alone.")
    return found


def _series(calendars: list[Calendar], lines: list[int], shown: str) -> Iterator[tuple[Series, int]]:
    """The events by UID, each with the line it begins in; a later version of the same goes before."""
    events = [(cast("Event", event), calendar) for calendar in calendars for event in calendar.walk("VEVENT")]
    masters: dict[str, tuple[Event, Calendar, int]] = {}
    changes: dict[str, list[Event]] = {}
    first: dict[str, tuple[Event, Calendar, int]] = {}
    for (event, calendar), line in zip(events, lines, strict=False):
        uid = clean(str(event.get("UID") or "")).strip() or _made_uid(event)
        first.setdefault(uid, (event, calendar, line))
        if "RECURRENCE-ID" in event:
            changes.setdefault(uid, []).append(event)
        elif uid not in masters or _sequence(event) >= _sequence(masters[uid][0]):
            masters[uid] = (event, calendar, line)
    for uid, lone in first.items():
        event, calendar, line = masters.get(uid, lone)
        others = changes.get(uid, [])
        if uid not in masters:  # only changes of some times were exported: each is a time of its own
            others = [one for one in others if one is not event]
            event.pop("RECURRENCE-ID", None)
        yield Series(uid, event, tuple(others), calendar), line


def _made_uid(event: Event) -> str:
    """A name for an event without one, from what it says."""
    start = event.get("DTSTART")
    return (
        f"{clean(str(event.get('SUMMARY') or ''))} {start.to_ical() if hasattr(start, 'to_ical') else start}"
    )


def _sequence(event: Event) -> int:
    try:
        return int(event.get("SEQUENCE") or 0)
    except (TypeError, ValueError):
        return 0


def source_id(uid: str) -> str:
    """The id of what is made from an event: readable, and the same for the same UID."""
    return f"ics-{slug(uid, limit=24)}-{sha256(uid.encode('utf-8', errors='replace')).hexdigest()[:8]}"


def _imported(
    made: list[tuple[Series, tuple[Happening, ...]]],
    zone: str,
    today: date,
    shown: str,
    kind: Kind,
    services: tuple[str, ...],
    absences: bool,
) -> Imported:
    entries: list[Entry] = []
    away: list[Absence] = []
    past = 0
    for series, found in made:
        source = source_id(series.uid)
        past += not found and not series.cancelled
        for number, happening in enumerate(found, 1):
            if absences:
                away += _absences(series, happening, zone or "UTC", source, today)
                continue
            own = source if len(found) == 1 else f"{source}/{number}"
            entries.append(
                Entry(
                    kind=kind,
                    id=own,
                    name=series.summary,
                    when=happening.when,
                    zone=happening.zone,
                    services=services,
                )
            )
    if max(len(entries), len(away)) > ENTRIES_LIMIT:
        words = f"its events take place {max(len(entries), len(away)):,} times; at most {ENTRIES_LIMIT:,} fit"
        raise BadInput(f"{shown}: {words}. Export fewer years, or one calendar alone.")
    told = [] if made else [f"{shown} holds no events."]
    if past:
        told.append("1 event is over: left out." if past == 1 else f"{past} events are over: left out.")
    sources = tuple(dict.fromkeys(source_id(series.uid) for series, _ in made))
    return Imported(tuple(entries), tuple(away), sources, tuple(told))


def _absences(series: Series, happening: Happening, zone: str, source: str, today: date) -> Iterator[Absence]:
    """Every day, as a whole, on which it takes place; what recurs is written out."""
    if isinstance(happening.when, Days):
        yield Absence(happening.when.first, happening.when.last, series.summary, source)
        return
    entry = Entry(kind="event", id=source, name=source, when=happening.when, zone=happening.zone)
    start, end = midnight(today, zone), midnight(today + HORIZON, zone)
    for one in occurrences(entry, start, end, zone):
        last = wall_of(one.end - timedelta(seconds=1), zone).date()
        yield Absence(wall_of(one.start, zone).date(), last, series.summary, source)
