"""`relui calendar`: days of the calendar in words, or all of it as ICS."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from relui.cli.command import FILE, command, option
from relui.cli.completing import release_ids
from relui.cli.output import Lines, Styled, moment
from relui.cli.session import Session
from relui.cli.shapes import event_shape
from relui.domain.instants import from_wall, local_day, zone_named
from relui.domain.release import HOLD_WORDS
from relui.domain.text import quoted
from relui.errors import BadInput

if TYPE_CHECKING:
    from relui.desk.agenda import Event

_WEEK = r"(\d{4})-?W(\d{1,2})"
NO_WINDOW = "No window is defined: the calendar restricts no release to certain hours."
LONGEST = 400
"""Days that are printed at once."""
_ORDER = ("blackout", "window", "maintenance", "event", "absence", "release")
_KINDS = {"release": "release", "absence": "away"}


@command("calendar")
def calendar_command(
    session: Session,
    week: str = option("An ISO week, which begins on Monday.", "2026-W47"),
    first: str = option("The first day: 2026-11-16.", "D", "--from"),
    last: str = option("The last day; six days later, without.", "D", "--to"),
    ics: str = option("Write the calendar as an ICS file; - for stdout.", "FILE", default="", type=FILE),
    release: str = option("With --ics: this release alone.", "ID", completing=release_ids),
) -> None:
    """Print this week of the calendar, or other days; or write all of it as ICS."""
    if week and (first or last):
        raise click.UsageError("Choose --week, or --from and --to.")
    if release and not ics:
        raise click.UsageError("--release belongs to --ics. `relui show` prints one release.")
    if ics:
        if week or first or last:
            raise click.UsageError("--ics writes the whole calendar: leave the days out.")
        _write(session, ics, release)
        return
    zone = session.desk.organisation.display_zone()
    start, end = _days(session, week, first, last, zone)
    opens, closes = _midnight(start, zone), _midnight(end + timedelta(days=1), zone)
    events = session.desk.calendar.events(opens, closes)
    is_open = not any(entry.kind == "window" for entry in session.desk.organisation.read().entries)
    days = {"from": start, "to": end, "zone": zone, "open_calendar": is_open}
    if session.answers({**days, "events": [event_shape(one) for one in events]}):
        return
    session.out.lines(_text(events, start, end, zone))
    if is_open:
        session.out.word(NO_WINDOW)


def _write(session: Session, ics: str, release: str) -> None:
    if ics != "-":
        session.desk.calendar.write_ics(Path(ics), release)
        if not session.answers({"file": ics}):
            session.out.word(f"Wrote {ics}.")
    elif session.json:
        raise click.UsageError("--ics - prints ICS, not JSON. Name a file.")
    else:
        session.out.line(session.desk.calendar.ics(release).decode().rstrip("\r\n"))


def _midnight(day: date, zone: str) -> datetime:
    """When a day begins in `zone`."""
    return from_wall(datetime.combine(day, time()), zone).at


def _days(session: Session, week: str, first: str, last: str, zone: str) -> tuple[date, date]:
    """The first and the last day that were asked for: this week when nothing was."""
    if week:
        monday = _monday(week)
        return monday, monday + timedelta(days=6)
    today = local_day(session.clock.now(), zone)
    start = day(first) if first else (today - timedelta(days=today.weekday()))
    end = day(last) if last else start + timedelta(days=6)
    if end < start:
        raise BadInput(f"--to {end} lies before --from {start}. Exchange them.")
    if (end - start).days >= LONGEST:
        raise BadInput(f"From {start} to {end} are more than {LONGEST} days. Ask for less.")
    return start, end


def _monday(text: str) -> date:
    matched = re.fullmatch(_WEEK, text.strip(), re.ASCII | re.IGNORECASE)
    try:
        if matched is not None:
            return date.fromisocalendar(int(matched[1]), int(matched[2]), 1)
    except ValueError:
        pass
    raise BadInput(f"--week: {quoted(text)} is not a week. Write it as 2026-W47; a year has 52 or 53.")


def day(text: str) -> date:
    """The day of `2026-11-16`. Raises BadInput."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
            found = date.fromisoformat(text.strip())
            if 1900 <= found.year < 9000:
                return found
    except ValueError:
        pass
    raise BadInput(f"{quoted(text)} is not a day. Write it as 2026-11-16.")


def _text(events: tuple[Event, ...], first: date, last: date, zone: str) -> Lines:
    year, number, _ = first.isocalendar()
    week = f"Week {year}-W{number:02d}, " if (last - first).days == 6 and first.weekday() == 0 else ""
    yield (Styled(f"{week}{first:%a} {first} to {last:%a} {last}, {zone}", "bold"),)
    for today in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        start, end = _midnight(today, zone), _midnight(today + timedelta(days=1), zone)
        yield ("",)
        changed = (end - start) != timedelta(days=1)
        hours = f"  ({(end - start).total_seconds() / 3600:g} hours: the clocks change)" if changed else ""
        yield (Styled(f"{today:%a} {today}{hours}", "bold"),)
        held = [event for event in events if event.start < end and event.end > start]
        held.sort(key=lambda one: (max(one.start, start), _ORDER.index(one.kind), one.id))
        for event in held:
            yield from _event(event, start, end, zone)
        if not held:
            yield ("    -",)


def _event(event: Event, start: datetime, end: datetime, zone: str) -> Lines:
    kind = _KINDS.get(event.kind, event.kind)
    words = f"    {_hours(event, start, end, zone):<13}  {kind:<11}  {event.name} ({event.id})"
    if event.services and event.kind != "release":
        words += f", for {', '.join(event.services)}"
    if event.environments and event.environments != ("production",):
        words += f", in {', '.join(event.environments)}"
    words += _beyond(event, start, end, zone)
    if event.state:
        words += f", {HOLD_WORDS[event.state]}"
    alarm = (", ", Styled("CONFLICT", "alarm")) if event.conflicts else ()
    yield (words, *alarm)
    if event.start >= start:
        for note in (event.note if event.kind != "release" else "", event.told):
            if note:
                yield (f"{'':32}{' '.join(note.split())}",)
        for conflict in event.conflicts:
            yield (f"{'':32}{conflict.words}",)


def _hours(event: Event, start: datetime, end: datetime, zone: str) -> str:
    """The hours of an event on one day: `18:00-24:00`, `all day`."""
    if event.start <= start and event.end >= end:
        return "all day"
    info = zone_named(zone)
    begins = max(event.start, start).astimezone(info)
    ends = "24:00" if event.end >= end else f"{event.end.astimezone(info):%H:%M}"
    return f"{begins:%H:%M}-{ends}"


def _beyond(event: Event, start: datetime, end: datetime, zone: str) -> str:
    """Since when and until when something takes place that runs over midnight."""
    since = f", since {moment(event.start, zone)}" if event.start < start else ""
    return since + (f", until {moment(event.end, zone)}" if event.end > end else "")
