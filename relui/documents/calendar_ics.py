"""The calendar as ICS (RFC 5545): releases, windows, blackouts, maintenance, events and absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from relui.documents.ics_series import Series, timezone, written
from relui.domain.calendar.entries import CalendarEntry, Kind, Occurrence
from relui.domain.calendar.wall_clock import at_wall, midnight, wall_of
from relui.domain.instants import zone_named
from relui.domain.organisation import Organisation, Person
from relui.domain.release import HOLD_WORDS, Release
from relui.domain.slot_hold import exception_words, finished, hold_of
from relui.errors import BadInput

if TYPE_CHECKING:
    from icalendar import Event

_KINDS: Mapping[Kind, str] = {
    "window": "Maintenance window",
    "blackout": "Blackout",
    "maintenance": "Infrastructure maintenance",
    "event": "Event",
}
_PRODUCT = "-//relui//release calendar//EN"


def calendar_ics(
    organisation: Organisation,
    releases: Iterable[Release],
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    only: str | None = None,
    revision: int = 0,
    sequences: Mapping[str, int] | None = None,
) -> bytes:
    """The calendar between two instants as an ICS file, stamped `now` (all UTC); `only` is one release's id.

    What recurs is a series; what has no exact rule is written out up to `end`. SEQUENCE of entries and
    absences is `revision` (the organisation's log counts it), of a release its number in `sequences` or how
    often its booking changed. Raises BadInput when `only` is not among the releases.
    """
    from icalendar import Calendar

    stamp = now.astimezone(UTC).replace(microsecond=0)
    zone = organisation.zone or "UTC"
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Releases of {organisation.name}" if organisation.name else "Releases")
    numbers = sequences or {}
    wanted = [release for release in releases if only in (None, release.id)]
    if only is not None and not wanted:
        raise BadInput(f"There is no active release '{only}' to export.")
    events = [_release(release, organisation, numbers.get(release.id), now) for release in wanted]
    if only is None:
        for entry in organisation.entries:
            events += _entry(entry, zone, start, end, revision)
        for person in organisation.people:
            events += _absences(person, zone, start, end, revision)
    last = end + timedelta(days=366 * 5)
    for name, first in sorted(_zones(events).items()):
        calendar.add_component(timezone(name, first, last))
    for event in events:
        event.add("dtstamp", stamp)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _release(release: Release, organisation: Organisation, sequence: int | None, now: datetime) -> Event:
    service = organisation.service(release.service)
    name = service.name if service else release.service
    owner = organisation.person(release.owner)
    booking = release.booking
    starts = booking.at if booking else release.go_live
    duration = booking.duration if booking else release.duration
    status, state = _state(release, now)
    lines = [
        f"Release: {release.id}, {release.title}",
        f"Service: {name}",
        f"Version: {release.version}",
        f"Type: {release.type}",
        f"Impact: {release.impact}",
        f"Environment: {release.environment}",
        f"State: {state}",
        f"Owner: {owner.name if owner else release.owner}",
    ]
    if booking and booking.exception:
        lines.append(f"Exception: {booking.exception} ({exception_words(release)})")
    event = _event(f"{release.id}@relui", f"{name} {release.version}: {state}", "Release", lines)
    _place(event, starts, starts + timedelta(minutes=duration), release.zone)
    event.add("status", status)
    event.add("transp", "OPAQUE")
    event.add("sequence", _changes(release) if sequence is None else sequence)
    if release.notes_link.startswith(("https://", "http://")):
        event.add("url", release.notes_link)
    return event


def _state(release: Release, now: datetime) -> tuple[str, str]:
    """STATUS, and the state of the booking in words."""
    if release.closing is not None:
        return (
            "CANCELLED" if release.closing.outcome == "cancelled" else "CONFIRMED"
        ), release.closing.outcome
    if ended := finished(release):
        return "CONFIRMED", HOLD_WORDS[ended]
    booking = release.booking
    if booking is None:
        return "TENTATIVE", "planned, not booked"
    if booking.held == "to-be-moved":
        return "TENTATIVE", f"to be moved, {booking.displaced_by or 'another release'} goes first"
    hold = hold_of(release, now)
    return ("CONFIRMED" if hold == "booked" else "TENTATIVE"), HOLD_WORDS[hold]


def _changes(release: Release) -> int:
    """How often a booking was made, moved, displaced or given back: only ever rises."""
    made = sum(1 if booking.held == "booked" else 2 for booking in release.bookings)
    return made + (release.closing is not None)


def _entry(entry: CalendarEntry, zone: str, start: datetime, end: datetime, revision: int) -> Iterator[Event]:
    what = written(entry, zone, start, end)
    zone = entry.zone or zone
    for number, series in enumerate(what.series):
        event = _entry_event(entry, f"entry-{entry.id}{f'/{number + 1}' if number else ''}@relui", revision)
        _place_series(event, series, zone)
        yield event
    alone = not what.series and len(what.singles) == 1
    for one in what.singles:
        uid = f"entry-{entry.id}" if alone else f"entry-{entry.id}/{one.start:%Y%m%dT%H%M%SZ}"
        event = _entry_event(entry, f"{uid}@relui", revision, one)
        _place(event, one.start, one.end, zone)
        yield event


def _entry_event(entry: CalendarEntry, uid: str, revision: int, one: Occurrence | None = None) -> Event:
    lines = [f"Services: {', '.join(entry.services) or 'all'}"]
    if entry.environments:
        lines.append(f"Environments: {', '.join(entry.environments)}")
    lines += [text for text in (entry.note, one.told if one else "") if text]
    event = _event(uid, f"{_KINDS[entry.kind]}: {entry.name}", _KINDS[entry.kind], lines)
    event.add("transp", "TRANSPARENT")
    event.add("sequence", revision)
    return event


def _absences(person: Person, zone: str, start: datetime, end: datetime, revision: int) -> Iterator[Event]:
    zone = person.zone or zone
    for number, absence in enumerate(person.away):
        begins, ends = midnight(absence.first, zone), midnight(absence.last + timedelta(days=1), zone)
        if begins >= end or ends <= start:
            continue
        lines = [
            text
            for text in (absence.reason, f"Delegate: {person.delegate}" if person.delegate else "")
            if text
        ]
        uid = f"away-{person.id}/{absence.first:%Y%m%d}-{number}@relui"
        event = _event(uid, f"Away: {person.name}", "Absence", lines)
        _place(event, begins, ends, zone)
        event.add("transp", "TRANSPARENT")
        event.add("sequence", revision)
        yield event


def _event(uid: str, summary: str, category: str, lines: list[str]) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("summary", summary)
    event.add("categories", [category])
    if lines:
        event.add("description", "\n".join(lines))
    return event


def _place(event: Event, start: datetime, end: datetime, zone: str) -> None:
    """Start and end in the zone; both in UTC where the wall clock alone would mean another instant."""
    if any(at_wall(wall_of(at, zone), zone) != at.astimezone(UTC) for at in (start, end)):
        zone = "UTC"
    info = zone_named(zone)
    event.add("dtstart", start.astimezone(info))
    event.add("dtend", end.astimezone(info))


def _place_series(event: Event, series: Series, zone: str) -> None:
    from icalendar import vRecur

    info = zone_named(zone)
    event.add("dtstart", series.start.replace(tzinfo=info))
    event.add("duration", series.length)  # an end would mean another length if the first night is special
    event.add("rrule", vRecur.from_ical(series.rrule))
    if series.left_out:
        event.add("exdate", [wall.replace(tzinfo=info) for wall in series.left_out])


def _zones(events: Iterable[Event]) -> dict[str, datetime]:
    """Every zone that is named, and the first time that stands in it."""
    found: dict[str, datetime] = {}
    for event in events:
        for name, at in (("dtstart", event.start), ("dtend", event.end)):
            named = "TZID" in getattr(event.get(name), "params", {})  # a zone that is UTC is written with Z
            if named and isinstance(at, datetime) and isinstance(at.tzinfo, ZoneInfo):
                found[at.tzinfo.key] = min(at, found.get(at.tzinfo.key, at))
    return found
