"""Organisational events and absences from another calendar's ICS file; what cannot be read is named."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from relui.domain.calendar.effect import Imported
from relui.domain.calendar.entries import CalendarEntry, Days, Kind, Rule, Span
from relui.domain.calendar.occurrences import occurrences
from relui.domain.calendar.wall_clock import midnight, wall_of
from relui.domain.organisation import Absence
from relui.domain.text import clean, quoted, slug
from relui.errors import BadInput
from relui.files import read_regular
from relui.loading.ics_events import (
    HORIZON,
    Happening,
    NoTime,
    Series,
    check_event,
    happenings,
    is_free,
)
from relui.loading.ics_parts import (
    UNREADABLE,
    WAY_OUT,
    Part,
    is_cancelled,
    is_over,
    parts_of,
    read_event,
    read_zones,
)

if TYPE_CHECKING:
    from icalendar import Event

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes that a file may have."""
ENTRIES_LIMIT = 5000
"""Entries or absences that an import may make."""
_SHOWN = 40
"""Events that one error names; the rest is counted."""


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
    import replaces the first. An event that cannot be read is named in `passed_over`. Raises BadInput, naming
    the file, for what is no calendar, and for a file of which no event can be read.
    """
    shown = clean(str(path))
    with warnings.catch_warnings():  # the parser warns on the terminal about zones that it recognised
        warnings.simplefilter("ignore")
        reading = _Reading(shown, zone, today, absences)
        reading.read(_text(path, shown))
    if reading.broken and not reading.made:
        raise BadInput(_listed(reading.broken))
    return _imported(reading, kind, tuple(services))


class _Reading:
    """One reading of a file: what was made of its events, and what was passed over."""

    def __init__(self, shown: str, zone: str, today: date, absences: bool) -> None:
        self.shown, self.zone, self.today, self.absences = shown, zone, today, absences
        self.made: list[tuple[Series, tuple[Happening, ...]]] = []
        self.broken: list[str] = []
        self.told: list[str] = []
        self.over = 0
        self._names: dict[str, list[str]] = {}

    def read(self, text: str) -> None:
        """Fill in what the file says. Raises BadInput for what is no calendar."""
        zones, parts = parts_of(text, self.shown)
        self._known = read_zones(zones)
        self._floating = {name: self._zone(name) for name in dict.fromkeys(one.floating for one in parts)}
        self._empty = not parts
        for series, part in self._series(parts):
            try:
                found = (
                    () if series.cancelled else happenings(series, self.zone, self.today, busy=self.absences)
                )
            except (BadInput, *UNREADABLE) as error:
                self._pass_over(part, series.summary, error)
                continue
            self.made.append((series, found))
            self._account(series, found)
        self.told += self._words()

    def _zone(self, name: str) -> str:
        """The zone that X-WR-TIMEZONE names, by its usual name; nothing, told, when there is none such."""
        from icalendar.timezone import tzp

        found = tzp.timezone(name) if name else None
        if name and not isinstance(found, ZoneInfo):
            where = f"Times without a zone are meant in {self.zone or 'UTC'}."
            self.told.append(f"X-WR-TIMEZONE says {quoted(name)}, which is no time zone. {where}")
        return found.key if isinstance(found, ZoneInfo) else ""

    def _series(self, parts: list[Part]) -> Iterator[tuple[Series, Part]]:
        """The readable events by UID, each with its place; a later version of the same goes before."""
        masters: dict[str, tuple[Event, Part]] = {}
        changes: dict[str, list[tuple[Event, Part]]] = {}
        for part in parts:
            event = self._event(part)
            if event is None:
                continue
            uid = clean(str(event.get("UID") or "")).strip() or _made_uid(event)
            if "RECURRENCE-ID" in event:
                changes.setdefault(uid, []).append((event, part))
            elif uid not in masters or _sequence(event) >= _sequence(masters[uid][0]):
                masters[uid] = (event, part)
        for uid in sorted(
            {**masters, **changes}, key=lambda uid: (masters.get(uid) or changes[uid][0])[1].line
        ):
            others = changes.get(uid, [])
            (event, part), lone = (masters[uid], False) if uid in masters else (others.pop(0), True)
            rest = tuple(one for one, _ in others)
            floating = self._floating[part.floating]
            yield Series(uid, event, rest, self._known, floating, lone), part

    def _event(self, part: Part) -> Event | None:
        """An event that can be taken; else it is named, or counted when it does not matter."""
        try:
            event = read_event(part)
            if "RECURRENCE-ID" in event or not is_cancelled(event):
                check_event(event, self._floating[part.floating] or self.zone)
        except NoTime:
            self._name("moment", part) if not is_over(part, self.today) else self._past()
        except (BadInput, *UNREADABLE) as error:
            self._pass_over(part, part.first("SUMMARY") or part.first("UID"), error)
        else:
            return event
        return None

    def _past(self) -> None:
        self.over += 1

    def _pass_over(self, part: Part, name: str, error: Exception) -> None:
        if is_over(part, self.today):
            self._past()
            return
        words = f"it cannot be read: {quoted(str(error))}. Correct it, or take it out."
        if isinstance(error, BadInput):
            words = error.message
        if part.first("RECURRENCE-ID"):
            words += " It is a change of one time: that stays as it was."
        self.broken.append(f"{self.shown}:{part.line}: event {quoted(name or 'without a name')}: {words}")

    def _account(self, series: Series, found: tuple[Happening, ...]) -> None:
        """Count or name what is left out of a series."""
        if series.cancelled:
            self._name("cancelled", series)
        elif self.absences and any(is_free(one) for one in (series.event, *series.changes)):
            self._name("free", series)
        elif not found:
            self._past()
        if self.absences and any(_short(one) for one in found):
            self._name("short", series)

    def _name(self, why: str, what: Part | Series) -> None:
        name = what.summary if isinstance(what, Series) else clean(what.first("SUMMARY")) or "Event"
        self._names.setdefault(why, []).append(name)

    def _words(self) -> Iterator[str]:
        if self._empty:
            yield f"{self.shown} holds no events."
        if self.over:
            yield f"{_events(self.over, 'is', 'are')} over: left out."
        for why, (one, more, words) in _LEFT_OUT.items():
            if names := self._names.get(why):
                rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
                listed = ", ".join(map(quoted, names[:_NAMED]))
                yield f"{_events(len(names), one, more)} {words}: {listed}{rest}."


_HALF_A_DAY = timedelta(hours=4)
_NAMED = 5
"""How many events a sentence names."""
_LEFT_OUT = {
    "cancelled": ("is", "are", "cancelled: left out"),
    "free": ("is", "are", "marked as free time, which is no absence: left out"),
    "short": ("takes", "take", "part of a day, and an absence is of whole days"),
    "moment": ("takes", "take", "no time: left out"),
}


def _short(happening: Happening) -> bool:
    """It leaves most of a working day."""
    when = happening.when
    if isinstance(when, Span):
        return when.end - when.start < _HALF_A_DAY
    return isinstance(when, Rule) and timedelta(minutes=when.minutes) < _HALF_A_DAY


def _events(number: int, one: str, more: str) -> str:
    return f"1 event {one}" if number == 1 else f"{number} events {more}"


def _listed(broken: list[str]) -> str:
    shown = broken[:_SHOWN]
    return "\n".join(
        [*shown, *([f"... and {len(broken) - _SHOWN} more events."] if len(broken) > _SHOWN else [])]
    )


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
        raise BadInput(f"{shown}: the file is empty. {WAY_OUT}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{shown}:{line}: this is not UTF-8 text, so no ICS file. {WAY_OUT}") from None
    if "\0" in text or not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise BadInput(
            f"{shown}:1: this is not an ICS file: it does not begin with BEGIN:VCALENDAR. {WAY_OUT}"
        )
    return text


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


def _imported(reading: _Reading, kind: Kind, services: tuple[str, ...]) -> Imported:
    entries: list[CalendarEntry] = []
    away: list[Absence] = []
    for series, found in reading.made:
        source = source_id(series.uid)
        for number, happening in enumerate(found, 1):
            if reading.absences:
                away += _absences(series, happening, reading.zone or "UTC", source, reading.today)
                continue
            own = source if len(found) == 1 else f"{source}/{number}"
            entries.append(
                CalendarEntry(
                    kind=kind,
                    id=own,
                    name=series.summary,
                    when=happening.when,
                    zone=happening.zone,
                    services=services,
                )
            )
    if (many := max(len(entries), len(away))) > ENTRIES_LIMIT:
        words = f"its events take place {many:,} times; at most {ENTRIES_LIMIT:,} fit"
        raise BadInput(f"{reading.shown}: {words}. Export fewer years, or one calendar alone.")
    sources = tuple(dict.fromkeys(source_id(series.uid) for series, _ in reading.made))
    return Imported(tuple(entries), tuple(away), sources, tuple(reading.told), tuple(reading.broken))


def _absences(series: Series, happening: Happening, zone: str, source: str, today: date) -> Iterator[Absence]:
    """Every day, as a whole, on which it takes place; what recurs is written out."""
    if isinstance(happening.when, Days):
        yield Absence(happening.when.first, happening.when.last, series.summary, source)
        return
    entry = CalendarEntry(kind="event", id=source, name=source, when=happening.when, zone=happening.zone)
    start, end = midnight(today, zone), midnight(today + HORIZON, zone)
    for one in occurrences(entry, start, end, zone):
        last = wall_of(one.end - timedelta(seconds=1), zone).date()
        yield Absence(wall_of(one.start, zone).date(), last, series.summary, source)
