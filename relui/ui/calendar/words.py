"""The calendar in words: its title, what its panel says of releases, entries, absences and empty hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct
from textual.content import Content

from relui.domain.calendar.slot import Verdict
from relui.domain.instants import format_duration, zone_named
from relui.domain.learning.trouble import of_verdict, trouble_for
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.slot_hold import exception_words, requested
from relui.ui.calendar.blocks import SIGNS, STANDING_WORDS, STATE_MARKS, short_id, state_of
from relui.ui.calendar.form_texts import pattern_words, reach_words
from relui.ui.calendar.scene import LETTERS, Scene, Thing
from relui.ui.kit.text import line
from relui.ui.kit.times import relative, span, when
from relui.ui.one_release.slot_words import OPEN_CALENDAR, finding_lines, verdict_head

KIND_WORDS = {
    "release": "release",
    "window": "maintenance window",
    "blackout": "blackout",
    "maintenance": "infrastructure maintenance",
    "event": "organisational event",
    "absence": "away",
}


class Told(Struct, frozen=True, kw_only=True):
    """What is known beside a scene: a verdict, by other release who has to move and why, the key for help."""

    verdict: Verdict | None = None
    moves: Mapping[str, str] = {}
    key: str = ""


def moving_lines(thing: Thing, scene: Scene, told: Told) -> list[Content]:
    """A release on its way: where it would stand, and what the rules say."""
    if thing.slot is None or told.verdict is None:
        return []
    times = range_words(thing.start, thing.end, scene.zone)
    head = line(
        (f"{thing.id} ", "accent"), (thing.name, "bold text"), ("  to ", "muted"), (times, "bold text")
    )
    return [head, *verdict_lines(told.verdict, told.moves, told.key)]


def release_lines(thing: Thing, scene: Scene, told: Told) -> list[Content]:
    """A release: what, when, how it stands, and every finding."""
    release, slot, verdict = thing.release, thing.slot, told.verdict
    if release is None or slot is None:
        return []
    conflicts = frozenset([thing.id]) if verdict is not None and not verdict.free else frozenset[str]()
    state, hold = state_of(thing, conflicts, scene.now), slot.stand(scene.now)
    told_when = "finished" if slot.finished else relative(slot.start, scene.now)
    lines = [
        line(
            (SIGNS[state], STATE_MARKS[state]),
            " ",
            (f"{thing.id} ", "accent"),
            (thing.name, "bold text"),
            (f"  {STANDING_WORDS[hold]}", STATE_MARKS[hold]),
        ),
        line(
            (when(slot.start, scene.zone, year=scene.now.year), "text"),
            (f"  for {format_duration(slot.duration)}, {told_when}", "muted"),
        ),
        line(
            (
                f"{release.type}, impact {release.impact}, in {slot.environment}, owner {release.owner}",
                "muted",
            )
        ),
    ]
    booking = release.booking
    if booking is not None:
        act = "requested" if requested(release) else "booked"
        by = f"{act} by {booking.booked_by} on {when(booking.booked_at, scene.zone, year=scene.now.year)}"
        lines.append(line((by, "muted")))
        if booking.exception:
            words = f"exception: {booking.exception} ({exception_words(release)})"
            lines.append(line((words, "overdue")))
        if booking.displaced_by:
            lines.append(line((f"displaced by {booking.displaced_by}: {booking.why}", "overdue")))
    if verdict is None or slot.finished:
        return lines
    if slot.end <= scene.now and not slot.started:
        lines.append(line(("This time is over.", "overdue")))
    return [*lines, *verdict_lines(verdict, told.moves, told.key)]


def verdict_lines(verdict: Verdict, moves: Mapping[str, str] | None = None, key: str = "") -> list[Content]:
    """Every finding with its rule, who has to move, and the way out; the blocking ones first.

    Where there is help in trouble the first line names its `key`: the panel may be low.
    """
    helps = key and trouble_for(*of_verdict(verdict))
    lines = [line(verdict_head(verdict), (f"; {key} tells what to do" if helps else "", "accent"))]
    if verdict.open_calendar:
        lines.append(line((OPEN_CALENDAR, "muted")))
    for finding in verdict.findings:
        lines += finding_lines(finding, (moves or {}).get(finding.other, ""))
    return lines


def verdict_word(verdict: Verdict) -> str:
    """The verdict in a few cells."""
    if not verdict.free:
        return f"{len(verdict.blocks)} against"
    return f"free, {len(verdict.warnings)} warn" if verdict.warnings else "free"


def entry_lines(thing: Thing, scene: Scene) -> list[Content]:
    """A window, blackout, maintenance or event: this time of it, and how it is written."""
    entry = thing.occurrence.entry if thing.occurrence is not None else None
    if entry is None:
        return []
    mark = "text" if thing.kind == "window" else thing.kind
    lines = [
        line(
            (f"{LETTERS[thing.kind]} ", mark),
            (thing.name, "bold text"),
            (f"  {KIND_WORDS[thing.kind]}", mark),
        ),
        line((range_words(thing.start, thing.end, scene.zone), "text")),
        line((f"{pattern_words(entry.when)}, {entry.zone or 'the organisation’s zone'}", "muted")),
        line((f"for {reach_words(entry)}  ({entry.id})", "muted")),
    ]
    lines += [line((thing.told, "overdue"))] if thing.told else []
    lines += [line(""), line((thing.note, "text"))] if thing.note else []
    return lines


def absence_lines(thing: Thing, scene: Scene, organisation: Organisation) -> list[Content]:
    """Somebody who is away, and who stands in."""
    person = organisation.person(thing.id)
    lines = [
        line(("A ", "absence"), (thing.name, "bold text"), ("  away", "absence")),
        line((range_words(thing.start, thing.end, scene.zone), "text")),
    ]
    lines += [line((thing.note, "muted"))] if thing.note else []
    delegate = person.delegate if person is not None else ""
    stands_in = f"{delegate} stands in" if delegate else "nobody is named to stand in"
    return [*lines, line((stands_in, "text" if delegate else "overdue"))]


def range_words(start: datetime, end: datetime, zone: str) -> str:
    """`Sat 21 Nov 18:00 to Sun 22 Nov 06:00 CET (12 h)`; whole days without their midnights."""
    info = zone_named(zone)
    first, last = start.astimezone(info), end.astimezone(info)
    if not (first.hour or first.minute or last.hour or last.minute):
        final = date.fromordinal(last.date().toordinal() - 1)
        days = (last.date() - first.date()).days
        one = f"{first:%a} {first.day} {first:%b %Y}"
        if days == 1:
            return f"{one}, whole day"
        return f"{one} to {final:%a} {final.day} {final:%b %Y}, {days} days"
    tail = f"{last:%H:%M %Z}" if first.date() == last.date() else when(end, zone)
    return f"{first:%a} {first.day} {first:%b} {first:%H:%M} to {tail} ({span(end - start)})"


def hour_lines(at: datetime, scene: Scene, things: Sequence[Thing]) -> list[Content]:
    """An hour without anything selected: when it is, and what holds then."""
    lines = [
        line(
            (when(at, scene.zone, year=scene.now.year), "bold text"),
            (f"  {relative(at, scene.now)}", "muted"),
        )
    ]
    for thing in things:
        lines.append(thing_line(thing, scene))
    if scene.open_calendar:
        lines.append(line((OPEN_CALENDAR, "overdue")))
    elif not any(thing.kind == "window" for thing in things):
        lines.append(line(("No window is open: releases wait, unless they are emergencies.", "muted")))
    return lines


def thing_line(thing: Thing, scene: Scene, conflicts: frozenset[str] = frozenset()) -> Content:
    """A thing in one line: letter or sign, when, what."""
    times = range_words(thing.start, thing.end, scene.zone)
    if thing.kind == "release":
        state = state_of(thing, conflicts, scene.now)
        return line(
            (f"{SIGNS[state]} {short_id(thing.id)} ", STATE_MARKS[state]),
            (thing.name, "text"),
            (f"  {times}", "muted"),
        )
    mark = "text" if thing.kind == "window" else thing.kind
    return line((f"{LETTERS[thing.kind]} ", mark), (thing.name, "text"), (f"  {times}", "muted"))


def empty_lines(*, entries: bool, releases: bool, changeable: str) -> list[Content]:
    """How to begin, while the calendar is empty."""
    lines = [line(("Nothing stands in this calendar yet.", "bold text"))]
    if changeable:
        return [*lines, line((changeable, "overdue"))]
    if not entries:
        lines.append(line(("W a window, B a blackout, M maintenance, O an event, A an absence.", "text")))
        lines.append(
            line(("E opens the whole organisation in your editor; relui org import reads a file.", "muted"))
        )
    if not releases:
        lines.append(
            line(("c on the release list (1) creates a release; m moves it here, b books it.", "text"))
        )
    return lines


def page_title(view: str, scene: Scene, day: date) -> str:
    """`Calendar  week 47, 16 to 22 Nov 2026`, the month's name, or the agenda's days."""
    if view == "month":
        return f"Calendar  {day:%B %Y}"
    last = scene.first + timedelta(days=scene.count - 1)
    first_month = f" {scene.first:%b}" if scene.first.month != last.month else ""
    first_year = f" {scene.first.year}" if scene.first.year != last.year else ""
    days = f"{scene.first.day}{first_month}{first_year} to {last.day} {last:%b %Y}"
    name = f"week {scene.first.isocalendar().week}" if view == "week" else "agenda"
    return f"Calendar  {name}, {days}"


def bookings_made(before: Mapping[str, Release], after: Iterable[Release], own: str) -> str:
    """Who else booked, moved or lost a slot since `before`, in words; nothing when nobody did."""
    words = []
    for release in after:
        old, new = before.get(release.id), release.booking
        if old is None or old.booking == new:
            continue
        if new is None:
            words.append(f"{release.id} gave its slot back.")
        elif new.held == "to-be-moved":
            words.append(f"{release.id} has to move: {new.displaced_by or 'another release'} took its slot.")
        elif new.booked_by != own:
            words.append(f"{new.booked_by} booked {release.id}.")
    return " ".join(words)
