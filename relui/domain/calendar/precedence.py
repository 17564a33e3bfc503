"""Who has to move when two releases want the same time, and which ones a slot may displace [S1.32]."""

from __future__ import annotations

from collections.abc import Sequence

from relui.domain.calendar.board import Board
from relui.domain.calendar.neighbours import neighbour_findings
from relui.domain.calendar.obstacles import busiest, capacity_of, others_of, team_of
from relui.domain.calendar.ranking import Precedence, name_of, precedence
from relui.domain.calendar.slot import Finding, Slot, Verdict
from relui.errors import Refused

__all__ = ["Precedence", "displaceable", "name_of", "precedence"]

_BY_RELEASES = ("same-service", "dependency", "shared", "team")


def displaceable(board: Board, slot: Slot, verdict: Verdict) -> tuple[Slot, ...]:
    """The booked slots that would have to move for this one, by start.

    An emergency may take what it was only warned of. Raises Refused with the reason: nothing is in the way,
    something is that no release holds, or a release that goes first.
    """
    slot = verdict.slot
    for finding in verdict.blocks:
        if finding.rule not in _BY_RELEASES:
            raise Refused(f"{finding.words} Displacing a release does not change that. {finding.way_out}")
    others = [other for other in others_of(board, slot) if other.standing == "booked"]
    related = [other for other in others if board.relations.between(slot.service, other.service)]
    for other in related:
        _check_first(slot, other)
    moved = [*related, *_over_capacity(board, slot, [o for o in others if o not in related])]
    if not moved:
        if verdict.blocks:
            raise Refused(f"{verdict.blocks[0].words} {verdict.blocks[0].way_out}")
        raise Refused("No booked release is in the way of this slot, so none has to move. Book it.")
    left = _still_blocking(board, slot, moved)
    if left is not None:
        raise Refused(f"{left.words} {left.way_out}")
    return tuple(sorted(moved, key=lambda other: (other.start, other.release)))


def _check_first(slot: Slot, other: Slot) -> None:
    order = precedence(slot, other)
    if order.first is other:
        raise Refused(
            f"{name_of(other)} goes first and keeps its slot. {order.why} Choose another time,"
            " or ask for an exception with a justification and an approver."
        )


def _over_capacity(board: Board, slot: Slot, others: Sequence[Slot]) -> list[Slot]:
    """Which of the team's other releases move, the last in precedence first, until it can look after all."""
    team = team_of(board, slot.service)
    same = [other for other in others if team and team_of(board, other.service) == team]
    moved: list[Slot] = []
    while True:
        beside = busiest(slot, same)
        if not beside or len(beside) + 1 <= capacity_of(board, team):
            return moved
        last = beside[0]
        for other in beside[1:]:
            last = precedence(last, other).moves
        _check_first(slot, last)
        moved.append(last)
        same.remove(last)


def _still_blocking(board: Board, slot: Slot, moved: Sequence[Slot]) -> Finding | None:
    """What would forbid the slot even when those have moved, such as a team that can look after none."""
    if slot.type == "emergency":
        return None
    others = [other for other in others_of(board, slot) if other not in moved]
    left = neighbour_findings(board, slot, others)
    return next((finding for finding in left if finding.severity == "blocks"), None)
