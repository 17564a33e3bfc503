"""Key people who are away during a deployment or the first two hours after it [S1.31, S1.38]."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from relui.domain.calendar.board import Board
from relui.domain.calendar.obstacles import AFTERCARE
from relui.domain.calendar.slot import Finding, Slot
from relui.domain.calendar.windows import start_after
from relui.domain.calendar.wording import span_words
from relui.domain.organisation import Person


def absence_findings(board: Board, slot: Slot) -> Iterator[Finding]:
    """Who of the slot's people is away, with the delegate who could stand in."""
    until = slot.end + AFTERCARE
    for id in sorted(set(slot.people)):
        person = board.person(id)
        if person is None:
            continue
        for start, end, reason in board.absences(id):
            if start < until and end > slot.start:
                yield Finding(
                    rule="absence",
                    severity="blocks",
                    words=_words(board, slot, person, start, end, reason),
                    way_out=_way_out(board, slot, person, end),
                    other=id,
                    start=start,
                    end=end,
                )


def _words(board: Board, slot: Slot, person: Person, start: datetime, end: datetime, reason: str) -> str:
    when = span_words(start, end, person.zone or board.zone)
    why = f" ({reason})" if reason else ""
    missed = "during the deployment" if start < slot.end else "in the two hours after the deployment"
    return f"{person.name} is away{why} on {when}, {missed}."


def _way_out(board: Board, slot: Slot, person: Person, end: datetime) -> str:
    later = start_after(board, slot, end)
    delegate = board.person(person.delegate) if person.delegate else None
    if delegate is None:
        return f"Name somebody else in their place, or {later}. {person.name} has no delegate."
    until = slot.end + AFTERCARE
    if any(a < until and b > slot.start for a, b, _ in board.absences(delegate.id)):
        return f"Name somebody else: {delegate.name}, their delegate, is away as well. Or {later}."
    return f"Let {delegate.name}, their delegate, stand in on this release; or {later}."
