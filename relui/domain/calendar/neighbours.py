"""What other releases say about a slot: same service, dependencies, what is shared, and teams [S1.31]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from relui.domain.calendar.board import Board
from relui.domain.calendar.obstacles import busiest, capacity_of, team_of
from relui.domain.calendar.ranking import name_of, precedence
from relui.domain.calendar.slot import Finding, Slot
from relui.domain.calendar.windows import EXCEPTION, start_after
from relui.domain.calendar.wording import list_words, span_words


def neighbour_findings(board: Board, slot: Slot, others: Sequence[Slot]) -> Iterator[Finding]:
    """Every one of `others` that must not run beside this slot. Booked ones block, planned ones warn."""
    for other in others:
        for relation in board.relations.between(slot.service, other.service):
            booked = other.standing == "booked"
            held = "is booked" if booked else "is planned, not booked,"
            when = span_words(other.start, other.end, slot.zone)
            yield Finding(
                rule=relation.rule if booked else "planned",
                severity="blocks" if booked else "warns",
                words=f"{_named(other)} {held} on {when}, and {relation.words}.",
                way_out=_way_out(board, slot, other),
                other=other.release,
                start=other.start,
                end=other.end,
            )
    yield from _team_findings(board, slot, others)


def _after(board: Board, slot: Slot, at: datetime) -> str:
    """When to start instead, as the beginning of a sentence."""
    words = start_after(board, slot, at)
    return f"{words[0].upper()}{words[1:]}"


def _named(other: Slot) -> str:
    name = name_of(other)
    return f"{name[0].upper()}{name[1:]}"


def _way_out(board: Board, slot: Slot, other: Slot) -> str:
    order = precedence(slot, other)
    if other.standing != "booked":
        return f"Agree with {name_of(other)} who goes first, then book. {order.why}"
    after = _after(board, slot, other.end)
    if order.first is slot:
        return f"{after}; or take the slot, and {name_of(other)} has to move. {order.why}"
    return f"{after}; or {EXCEPTION}. This release has to move: {order.why}"


def _team_findings(board: Board, slot: Slot, others: Sequence[Slot]) -> Iterator[Finding]:
    """The team is needed by more releases at once than it can look after."""
    team = team_of(board, slot.service)
    if not team:
        return
    capacity = capacity_of(board, team)
    same = [other for other in others if team_of(board, other.service) == team]
    booked = busiest(slot, [other for other in same if other.standing == "booked"])
    blocks = len(booked) + 1 > capacity
    beside = booked if blocks else busiest(slot, same)
    if len(beside) + 1 <= capacity:
        return
    start = max((other.start for other in beside), default=slot.start)
    end = min((other.end for other in beside), default=slot.end)
    name = next((one.name for one in board.organisation.teams if one.id == team and one.name), team)
    able = "one release" if capacity == 1 else f"{capacity} releases" if capacity else "no release"
    already = f" and is needed by {list_words(sorted(name_of(other) for other in beside))}" if beside else ""
    yield Finding(
        rule="team" if blocks else "planned",
        severity="blocks" if blocks else "warns",
        words=f"Team {name} can look after {able} at a time{already} on {span_words(start, end, slot.zone)}.",
        way_out=f"{_after(board, slot, end)}, or raise the team's capacity"
        + (f"; or {EXCEPTION}." if blocks else "."),
        other=team,
        start=start,
        end=end,
    )
