"""What is in the way of a slot, and when it is free: times alone, without the words of a finding [S1.31]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from relui.domain.calendar.board import Board
from relui.domain.calendar.slot import Slot

STEP = timedelta(minutes=15)
HORIZON = timedelta(days=180)
"""How far a free slot is looked for."""
AFTERCARE = timedelta(hours=2)
"""How long after a deployment its people must be there."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH = timedelta(days=28)
_ATTEMPTS = 200
"""Candidates that are looked at before a search gives up."""


def unrestricted(board: Board, slot: Slot) -> bool:
    """No window is asked of the slot: none counts in its environment, or its service is marked so."""
    service = board.relations.service(board.relations.id_of(slot.service))
    return bool(service and service.unrestricted) or not board.has_windows(slot.environment)


def others_of(board: Board, slot: Slot) -> list[Slot]:
    """The slots of other releases that overlap this one and hold or want their time.

    Neither one that was displaced and has lost its place, nor one that is finished, is in the way.
    """
    return [
        other
        for other in board.slots_between(slot.start, slot.end)
        if other.standing != "to-be-moved"
        and not other.finished
        and not (slot.release and other.release == slot.release)
    ]


def team_of(board: Board, service: str) -> str:
    """The id of the team that looks after a service, or nothing."""
    found = board.relations.service(service)
    return found.team if found else ""


def capacity_of(board: Board, team: str) -> int:
    """How many releases a team can look after at once; 1 unless said."""
    return next((one.capacity for one in board.organisation.teams if one.id == team), 1)


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


def next_start(board: Board, slot: Slot, at: datetime, until: datetime, step: timedelta = STEP) -> datetime:
    """The next candidate from `at` on: where a window opens, or a whole step from which it fits into one;
    `until` when there is none before."""
    if unrestricted(board, slot):
        return rounded(at, step)
    length = timedelta(minutes=slot.duration)
    reach = at
    while reach < until:  # a month at a time: most answers are near
        month = reach + _MONTH
        for start, end in board.open_between(reach, month + length, slot.service, slot.environment):
            candidate = start if start >= at else rounded(at, step)
            if start >= at or candidate + length <= end:
                return min(candidate, until)
        reach = month
    return until


def next_free(board: Board, slot: Slot, at: datetime) -> datetime | None:
    """The first start from `at` on that nothing forbids, as a search for free slots finds it; None when there
    is none soon."""
    until = at + HORIZON
    start = next_start(board, slot, at, until)
    for _ in range(_ATTEMPTS):
        if start >= until:
            return None
        ends = list(obstacles(board, replace(slot, start=start)))
        if not ends:
            return start
        start = next_start(board, slot, max(ends), until)
    return None


def obstacles(board: Board, slot: Slot) -> Iterator[datetime]:
    """When each thing ends that forbids the slot at its time; windows are left out."""
    for kind in ("blackout", "maintenance", "event"):
        found = board.applying(slot.start, slot.end, (kind, slot.service, slot.environment))
        yield from (one.end for one in found)
    booked = [other for other in others_of(board, slot) if other.standing == "booked"]
    yield from (other.end for other in booked if any(board.relations.between(slot.service, other.service)))
    team = team_of(board, slot.service)
    beside = busiest(slot, [other for other in booked if team and team_of(board, other.service) == team])
    if team and len(beside) + 1 > capacity_of(board, team):
        yield min((other.end for other in beside), default=slot.end)
    until = slot.end + AFTERCARE
    for person in slot.people:
        yield from (end for start, end, _ in board.absences(person) if start < until and end > slot.start)
