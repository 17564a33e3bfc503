"""The text of an ICS file -> its events, each read apart from the others: a bad one spoils no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from relui.domain.calendar.rrule_text import walls_between
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
_DAY = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
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
        days = [date(*map(int, each)) for line in _DATED.findall(part.text) for each in _DAY.findall(line)]
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
