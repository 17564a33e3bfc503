"""What the calendar itself says about a slot: windows, blackouts, maintenance and events [S1.30, S1.31].

`obstacles` are the times alone, without the words of a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from relui.domain.binding import OpenTime
from relui.domain.calendar.entries import Occurrence
from relui.domain.calendar.slot import Finding, Slot
from relui.domain.calendar.timetable import PRODUCTION, Timetable
from relui.domain.calendar.wall_clock import length_words, moment_words, span_words

STEP = timedelta(minutes=15)
HORIZON = timedelta(days=180)
"""How far a free slot is looked for."""
AFTERCARE = timedelta(hours=2)
"""How long after a deployment its people must be there."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH = timedelta(days=28)
_ATTEMPTS = 200
"""Candidates that are looked at before a search gives up."""


def unrestricted(timetable: Timetable, slot: Slot) -> bool:
    """No window is asked of the slot: none counts in its environment, or its service is marked so."""
    service = timetable.relations.service(timetable.relations.id_of(slot.service))
    return bool(service and service.unrestricted) or not timetable.has_windows(slot.environment)


def others_of(timetable: Timetable, slot: Slot) -> list[Slot]:
    """The slots of other releases that overlap this one and hold or want their time.

    Neither one that was displaced and has lost its place, nor one that is finished, is in the way.
    """
    return [
        other
        for other in timetable.slots_between(slot.start, slot.end)
        if other.standing != "to-be-moved"
        and not other.finished
        and not (slot.release and other.release == slot.release)
    ]


def team_of(timetable: Timetable, service: str) -> str:
    """The id of the team that looks after a service, or nothing."""
    found = timetable.relations.service(service)
    return found.team if found else ""


def capacity_of(timetable: Timetable, team: str) -> int:
    """How many releases a team can look after at once; 1 unless said."""
    return next((one.capacity for one in timetable.organisation.teams if one.id == team), 1)


def busiest(slot: Slot, others: Sequence[Slot]) -> list[Slot]:
    """Those of `others` that run beside the slot at its busiest moment, the earliest such."""
    moments = sorted({max(slot.start, other.start) for other in others})
    best: list[Slot] = []
    for at in moments:
        running = [other for other in others if other.start <= at < other.end]
        if len(running) > len(best):
            best = running
    return best


def rounded(at: datetime, step: timedelta = STEP) -> datetime:
    """The next whole step, or `at` itself when it is one."""
    return _EPOCH + -(-(at - _EPOCH) // step) * step


def next_start(
    timetable: Timetable, slot: Slot, at: datetime, until: datetime, step: timedelta = STEP
) -> datetime:
    """The next candidate from `at` on: where a window opens, or a whole step from which it fits into one;
    `until` when there is none before."""
    if unrestricted(timetable, slot):
        return rounded(at, step)
    length = timedelta(minutes=slot.duration)
    reach = at
    while reach < until:  # a month at a time: most answers are near
        month = reach + _MONTH
        for start, end in timetable.open_between(reach, month + length, slot.service, slot.environment):
            candidate = start if start >= at else rounded(at, step)
            if start >= at or candidate + length <= end:
                return min(candidate, until)
        reach = month
    return until


def next_free(timetable: Timetable, slot: Slot, at: datetime) -> datetime | None:
    """The first start from `at` on that nothing forbids, as a search for free slots finds it; None when there
    is none soon."""
    until = at + HORIZON
    start = next_start(timetable, slot, at, until)
    for _ in range(_ATTEMPTS):
        if start >= until:
            return None
        ends = list(obstacles(timetable, replace(slot, start=start)))
        if not ends:
            return start
        start = next_start(timetable, slot, max(ends), until)
    return None


def obstacles(timetable: Timetable, slot: Slot) -> Iterator[datetime]:
    """When each thing ends that forbids the slot at its time; windows are left out."""
    for kind in ("blackout", "maintenance", "event"):
        found = timetable.applying(slot.start, slot.end, (kind, slot.service, slot.environment))
        yield from (one.end for one in found)
    booked = [other for other in others_of(timetable, slot) if other.standing == "booked"]
    yield from (
        other.end for other in booked if any(timetable.relations.between(slot.service, other.service))
    )
    team = team_of(timetable, slot.service)
    beside = busiest(slot, [other for other in booked if team and team_of(timetable, other.service) == team])
    if team and len(beside) + 1 > capacity_of(timetable, team):
        yield min((other.end for other in beside), default=slot.end)
    until = slot.end + AFTERCARE
    for person in slot.people:
        yield from (end for start, end, _ in timetable.absences(person) if start < until and end > slot.start)


EXCEPTION = "ask for an exception with a justification and an approver"
_AHEAD = timedelta(days=120)
"""How far the next window is looked for."""


def start_after(timetable: Timetable, slot: Slot, at: datetime) -> str:
    """The way out of what ends at `at`: the first time after it at which the slot is free."""
    opens = next_free(timetable, slot, at)
    if opens is None:
        return f"look for a free slot after {moment_words(at, slot.zone)}"
    words = f"start on {moment_words(opens, slot.zone)} or later"
    if opens == rounded(at):
        return words
    window = opens == next_start(timetable, slot, at, opens + _AHEAD)
    return f"{words}, {'when a window is open again' if window else 'when nothing else is in the way'}"


def regime(timetable: Timetable, slot: Slot) -> Literal["open", "windows", "closed"]:
    """Whether the slot's service is restricted to windows there, and has any."""
    if unrestricted(timetable, slot):
        return "open"
    service = timetable.relations.id_of(slot.service)
    return "windows" if timetable.entries_of("window", service, slot.environment) else "closed"


def window_findings(timetable: Timetable, slot: Slot) -> Iterator[Finding]:
    """The parts of a slot that no window covers; overlapping and adjoining windows combine."""
    if unrestricted(timetable, slot):
        return
    name = timetable.relations.name(slot.service)
    where = "" if slot.environment == PRODUCTION else f" in {slot.environment}"
    if not timetable.entries_of("window", slot.service, slot.environment):
        yield Finding(
            rule="window",
            words=f"No window covers {name}{where}, so it is closed at all times.",
            way_out=f"Define a window for {name}, or mark the service as unrestricted; or {EXCEPTION}.",
        )
        return
    covered = timetable.open_between(slot.start, slot.end, slot.service, slot.environment)
    if not covered:
        yield _missed(timetable, slot, name, where)
        return
    at = slot.start
    for start, end in [*covered, (slot.end, slot.end)]:
        if at < start:
            yield _uncovered(timetable, slot, at, start, covered)
        at = max(at, end)


def _missed(timetable: Timetable, slot: Slot, name: str, where: str) -> Finding:
    """No window is open at any moment of the slot."""
    asked = span_words(slot.start, slot.end, slot.zone)
    length = timedelta(minutes=slot.duration)
    words = f"No window of {name}{where} is open on {asked}."
    free = next_free(timetable, slot, slot.end)
    if free is not None:
        start, end = timetable.open_between(free, free + length, slot.service, slot.environment)[0]
        entry = timetable.applying(free, free + length, ("window", slot.service, slot.environment))[0]
        opens = "which opens on" if entry.start == free else "where it is free on"
        where_to = f"'{entry.entry.name}', {opens} {moment_words(free, slot.zone)}"
        return Finding(
            rule="window",
            words=words,
            way_out=f"Move it to {where_to}; or {EXCEPTION}.",
            other=entry.entry.id,
            start=start,
            end=end,
        )
    return Finding(
        rule="window", words=words, way_out=f"Define a window that is long enough; or {EXCEPTION}."
    )


def _uncovered(
    timetable: Timetable, slot: Slot, start: datetime, end: datetime, covered: list[tuple[datetime, datetime]]
) -> Finding:
    """One part of the slot from `start` to `end`, before, after or between the windows."""
    length = length_words(end - start)
    if start == slot.start:
        one = _at_edge(timetable, slot, end, starts=True)
        words = f"It starts {length} before '{one.entry.name}' opens on {moment_words(end, slot.zone)}."
        return _of(one, words, _fitting(slot, covered[0]))
    one = _at_edge(timetable, slot, start, starts=False)
    if end == slot.end:
        words = f"It exceeds '{one.entry.name}' by {length}: that shuts on {moment_words(start, slot.zone)}."
        return _of(one, words, _fitting(slot, covered[-1]))
    after = _at_edge(timetable, slot, end, starts=True)
    words = (
        f"Between '{one.entry.name}' and '{after.entry.name}' no window is open for {length},"
        f" on {span_words(start, end, slot.zone)}."
    )
    return _of(one, words, f"Move it into one window, or shorten it; or {EXCEPTION}.")


def _fitting(slot: Slot, window: tuple[datetime, datetime]) -> str:
    start, end = window
    last = end - timedelta(minutes=slot.duration)
    if last < start:
        return (
            f"Shorten it to {length_words(end - start)} at most, or choose a longer window; or {EXCEPTION}."
        )
    if slot.start < start:
        return f"Start on {moment_words(start, slot.zone)} at the earliest; or {EXCEPTION}."
    return f"Start by {moment_words(last, slot.zone)} at the latest, or shorten it; or {EXCEPTION}."


def _at_edge(timetable: Timetable, slot: Slot, at: datetime, *, starts: bool) -> Occurrence:
    """The window that opens, or shuts, at that instant."""
    minute = timedelta(minutes=1)
    scope = ("window", slot.service, slot.environment)
    near = timetable.applying(at - minute, at + minute, ("window", *scope[1:]))
    return next(one for one in near if (one.start if starts else one.end) == at)


def _of(one: Occurrence, words: str, way_out: str) -> Finding:
    return Finding(
        rule="window", words=words, way_out=way_out, other=one.entry.id, start=one.start, end=one.end
    )


def entry_findings(timetable: Timetable, slot: Slot) -> Iterator[Finding]:
    """The blackouts, maintenance and events that a slot overlaps. A blackout beats a window."""
    for kind in ("blackout", "maintenance", "event"):
        for one in timetable.applying(slot.start, slot.end, (kind, slot.service, slot.environment)):
            when = span_words(one.start, one.end, one.entry.zone or timetable.zone)
            after = start_after(timetable, slot, one.end)
            yield Finding(
                rule=kind,
                words=_entry_words(timetable, slot, one, when),
                way_out=f"Choose another time: {after}; or {EXCEPTION}.",
                other=one.entry.id,
                start=one.start,
                end=one.end,
            )


def _entry_words(timetable: Timetable, slot: Slot, one: Occurrence, when: str) -> str:
    name = one.entry.name
    if one.entry.kind == "blackout":
        return f"Blackout '{name}' forbids releases on {when}."
    if one.entry.kind == "maintenance":
        return f"Maintenance '{name}' takes place in {slot.environment} on {when}."
    affected = {timetable.relations.id_of(service) for service in one.entry.services}
    above = timetable.relations.names(affected & timetable.relations.needed_by(slot.service))
    if one.entry.services and slot.service not in affected:
        own = timetable.relations.name(slot.service)
        return f"Event '{name}' needs {', '.join(above)}, which depends on {own}, on {when}."
    needed = timetable.relations.name(slot.service) if one.entry.services else "every service"
    return f"Event '{name}' needs {needed} on {when}."


_AROUND = timedelta(days=7)
"""A window that goes on for longer than this is told as shutting then."""


def covering_window(timetable: Timetable, slot: Slot) -> tuple[datetime, datetime] | None:
    """The open time in which all of the slot lies (UTC); None without one, or where nothing restricts it."""
    slot = replace(slot, service=timetable.relations.id_of(slot.service))
    if unrestricted(timetable, slot):
        return None
    spans = timetable.open_between(slot.start - _AROUND, slot.end + _AROUND, slot.service, slot.environment)
    return next(((start, end) for start, end in spans if start <= slot.start and slot.end <= end), None)


def open_time(timetable: Timetable, slot: Slot) -> OpenTime:
    """How long the calendar leaves from the slot's start on, or why it is not open then.

    An emergency passes windows and blackouts: nothing restricts it [S1.36].
    """
    if slot.type == "emergency":
        return OpenTime()
    slot = replace(slot, service=timetable.relations.id_of(slot.service))
    against = next(iter(window_findings(timetable, slot)), None) or next(
        (each for each in entry_findings(timetable, slot) if each.rule == "blackout"), None
    )
    if against is not None:
        return OpenTime(why=against.words.rstrip("."))
    found = covering_window(timetable, slot)
    return OpenTime((found[1] - slot.start).total_seconds() / 60 if found else None)
