"""What the calendar itself says about a slot: windows, blackouts, maintenance and events [S1.30, S1.31]."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from relui.domain.calendar.board import PRODUCTION, Board
from relui.domain.calendar.entries import Occurrence
from relui.domain.calendar.obstacles import next_free, next_start, rounded, unrestricted
from relui.domain.calendar.slot import Finding, RuleName, Slot
from relui.domain.calendar.wording import length_words, moment_words, span_words

EXCEPTION = "ask for an exception with a justification and an approver"
_AHEAD = timedelta(days=120)
"""How far the next window is looked for."""


def start_after(board: Board, slot: Slot, at: datetime) -> str:
    """The way out of what ends at `at`: the first time after it at which the slot is free."""
    opens = next_free(board, slot, at)
    if opens is None:
        return f"look for a free slot after {moment_words(at, slot.zone)}"
    words = f"start on {moment_words(opens, slot.zone)} or later"
    if opens == rounded(at):
        return words
    window = opens == next_start(board, slot, at, opens + _AHEAD)
    return f"{words}, {'when a window is open again' if window else 'when nothing else is in the way'}"


def regime(board: Board, slot: Slot) -> Literal["open", "windows", "closed"]:
    """Whether the slot's service is restricted to windows there, and has any."""
    if unrestricted(board, slot):
        return "open"
    service = board.relations.id_of(slot.service)
    return "windows" if board.windows_of(service, slot.environment) else "closed"


def window_findings(board: Board, slot: Slot) -> Iterator[Finding]:
    """The parts of a slot that no window covers; overlapping and adjoining windows combine."""
    if unrestricted(board, slot):
        return
    name = board.relations.name(slot.service)
    where = "" if slot.environment == PRODUCTION else f" in {slot.environment}"
    if not board.windows_of(slot.service, slot.environment):
        yield _found(
            "window",
            words=f"No window covers {name}{where}, so it is closed at all times.",
            way_out=f"Define a window for {name}, or mark the service as unrestricted; or {EXCEPTION}.",
        )
        return
    covered = board.open_between(slot.start, slot.end, slot.service, slot.environment)
    if not covered:
        yield _missed(board, slot, name, where)
        return
    at = slot.start
    for start, end in [*covered, (slot.end, slot.end)]:
        if at < start:
            yield _uncovered(board, slot, at, start, covered)
        at = max(at, end)


def _missed(board: Board, slot: Slot, name: str, where: str) -> Finding:
    """No window is open at any moment of the slot."""
    asked = span_words(slot.start, slot.end, slot.zone)
    length = timedelta(minutes=slot.duration)
    words = f"No window of {name}{where} is open on {asked}."
    free = next_free(board, slot, slot.end)
    if free is not None:
        start, end = board.open_between(free, free + length, slot.service, slot.environment)[0]
        entry = board.applying(free, free + length, ("window", slot.service, slot.environment))[0]
        opens = "which opens on" if entry.start == free else "where it is free on"
        where_to = f"'{entry.entry.name}', {opens} {moment_words(free, slot.zone)}"
        return _found(
            "window",
            words=words,
            way_out=f"Move it to {where_to}; or {EXCEPTION}.",
            other=entry.entry.id,
            start=start,
            end=end,
        )
    return _found("window", words=words, way_out=f"Define a window that is long enough; or {EXCEPTION}.")


def _uncovered(
    board: Board, slot: Slot, start: datetime, end: datetime, covered: list[tuple[datetime, datetime]]
) -> Finding:
    """One part of the slot from `start` to `end`, before, after or between the windows."""
    length = length_words(end - start)
    if start == slot.start:
        one = _at_edge(board, slot, end, starts=True)
        words = f"It starts {length} before '{one.entry.name}' opens on {moment_words(end, slot.zone)}."
        return _of(one, words, _fitting(slot, covered[0]))
    one = _at_edge(board, slot, start, starts=False)
    if end == slot.end:
        words = f"It exceeds '{one.entry.name}' by {length}: that shuts on {moment_words(start, slot.zone)}."
        return _of(one, words, _fitting(slot, covered[-1]))
    after = _at_edge(board, slot, end, starts=True)
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


def _at_edge(board: Board, slot: Slot, at: datetime, *, starts: bool) -> Occurrence:
    """The window that opens, or shuts, at that instant."""
    minute = timedelta(minutes=1)
    scope = ("window", slot.service, slot.environment)
    near = board.applying(at - minute, at + minute, ("window", *scope[1:]))
    return next(one for one in near if (one.start if starts else one.end) == at)


def _of(one: Occurrence, words: str, way_out: str) -> Finding:
    return _found("window", words=words, way_out=way_out, other=one.entry.id, start=one.start, end=one.end)


def _found(
    rule: RuleName,
    *,
    words: str,
    way_out: str,
    other: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
) -> Finding:
    return Finding(
        rule=rule, severity="blocks", words=words, way_out=way_out, other=other, start=start, end=end
    )


def entry_findings(board: Board, slot: Slot) -> Iterator[Finding]:
    """The blackouts, maintenance and events that a slot overlaps. A blackout beats a window."""
    for kind in ("blackout", "maintenance", "event"):
        for one in board.applying(slot.start, slot.end, (kind, slot.service, slot.environment)):
            when = span_words(one.start, one.end, one.entry.zone or board.zone)
            after = start_after(board, slot, one.end)
            yield _found(
                kind,
                words=_entry_words(board, slot, one, when),
                way_out=f"Choose another time: {after}; or {EXCEPTION}.",
                other=one.entry.id,
                start=one.start,
                end=one.end,
            )


def _entry_words(board: Board, slot: Slot, one: Occurrence, when: str) -> str:
    name = one.entry.name
    if one.entry.kind == "blackout":
        return f"Blackout '{name}' forbids releases on {when}."
    if one.entry.kind == "maintenance":
        return f"Maintenance '{name}' takes place in {slot.environment} on {when}."
    affected = {board.relations.id_of(service) for service in one.entry.services}
    above = board.relations.names(affected & board.relations.needed_by(slot.service))
    if one.entry.services and slot.service not in affected:
        own = board.relations.name(slot.service)
        return f"Event '{name}' needs {', '.join(above)}, which depends on {own}, on {when}."
    needed = board.relations.name(slot.service) if one.entry.services else "every service"
    return f"Event '{name}' needs {needed} on {when}."
