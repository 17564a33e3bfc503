"""Other releases: what they say about a slot, which of two goes first, and who has to move [S1.31, S1.32]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from relui.domain.calendar.slot import Finding, Slot, Verdict
from relui.domain.calendar.timetable import Timetable
from relui.domain.calendar.wall_clock import list_words, span_words
from relui.domain.calendar.windows import EXCEPTION, busiest, capacity_of, others_of, start_after, team_of
from relui.domain.release import IMPACTS
from relui.errors import Refused


class Precedence(Struct, frozen=True):
    """Which of two slots stays, which one moves, and why, as a sentence."""

    first: Slot
    moves: Slot
    why: str


def precedence(a: Slot, b: Slot) -> Precedence:
    """An emergency first, then the higher impact, then the lower booking counter, then the identifier.

    Only a booked slot's counter counts: a displaced one has lost its place, a planned one has none yet.
    """
    first, moves = sorted((a, b), key=_rank)
    return Precedence(first, moves, _why(first, moves))


def _rank(slot: Slot) -> tuple[bool, int, float, bool, str, object]:
    rest = (slot.service, slot.start, slot.duration, slot.zone, slot.environment, slot.people)
    return (
        slot.type != "emergency",
        IMPACTS.index(slot.impact),
        _booked_as(slot),
        not slot.release,
        slot.release,
        (*rest, slot.type, slot.standing, slot.counter),
    )


def _booked_as(slot: Slot) -> float:
    return slot.counter if slot.standing == "booked" else float("inf")


def _why(first: Slot, moves: Slot) -> str:
    one, other = name_of(first), name_of(moves)
    if (first.type == "emergency") != (moves.type == "emergency"):
        return f"{one} is an emergency, which goes before a scheduled release."
    if first.impact != moves.impact:
        return f"{one} has {first.impact} impact, {other} {moves.impact}: the higher goes first."
    if _booked_as(first) != _booked_as(moves):
        if _booked_as(moves) == float("inf"):
            return f"{one} is booked, {other} is not."
        return f"{one} was booked earlier than {other}."
    return f"Nothing else tells them apart: {one} has the lower identifier."


def name_of(slot: Slot) -> str:
    """How a sentence names a slot: its release's identifier, or what it is."""
    return slot.release or "this release"


def neighbour_findings(timetable: Timetable, slot: Slot, others: Sequence[Slot]) -> Iterator[Finding]:
    """Every one of `others` that must not run beside this slot. Booked ones block, planned ones warn."""
    for other in others:
        for relation in timetable.relations.between(slot.service, other.service):
            booked = other.standing == "booked"
            held = "is booked" if booked else "is planned, not booked,"
            when = span_words(other.start, other.end, slot.zone)
            yield Finding(
                rule=relation.rule if booked else "planned",
                severity="blocks" if booked else "warns",
                words=f"{_named(other)} {held} on {when}, and {relation.words}.",
                way_out=_way_out(timetable, slot, other),
                other=other.release,
                start=other.start,
                end=other.end,
            )
    yield from _team_findings(timetable, slot, others)


def _after(timetable: Timetable, slot: Slot, at: datetime) -> str:
    """When to start instead, as the beginning of a sentence."""
    words = start_after(timetable, slot, at)
    return f"{words[0].upper()}{words[1:]}"


def _named(other: Slot) -> str:
    name = name_of(other)
    return f"{name[0].upper()}{name[1:]}"


def _way_out(timetable: Timetable, slot: Slot, other: Slot) -> str:
    order = precedence(slot, other)
    if other.standing != "booked":
        return f"Agree with {name_of(other)} who goes first, then book. {order.why}"
    after = _after(timetable, slot, other.end)
    if order.first is slot:
        return f"{after}; or take the slot, and {name_of(other)} has to move. {order.why}"
    return f"{after}; or {EXCEPTION}. This release has to move: {order.why}"


def _team_findings(timetable: Timetable, slot: Slot, others: Sequence[Slot]) -> Iterator[Finding]:
    """The team is needed by more releases at once than it can look after."""
    team = team_of(timetable, slot.service)
    if not team:
        return
    capacity = capacity_of(timetable, team)
    same = [other for other in others if team_of(timetable, other.service) == team]
    booked = busiest(slot, [other for other in same if other.standing == "booked"])
    blocks = len(booked) + 1 > capacity
    beside = booked if blocks else busiest(slot, same)
    if len(beside) + 1 <= capacity:
        return
    start = max((other.start for other in beside), default=slot.start)
    end = min((other.end for other in beside), default=slot.end)
    name = next((one.name for one in timetable.organisation.teams if one.id == team and one.name), team)
    able = "one release" if capacity == 1 else f"{capacity} releases" if capacity else "no release"
    already = f" and is needed by {list_words(sorted(name_of(other) for other in beside))}" if beside else ""
    yield Finding(
        rule="team" if blocks else "planned",
        severity="blocks" if blocks else "warns",
        words=f"Team {name} can look after {able} at a time{already} on {span_words(start, end, slot.zone)}.",
        way_out=f"{_after(timetable, slot, end)}, or raise the team's capacity"
        + (f"; or {EXCEPTION}." if blocks else "."),
        other=team,
        start=start,
        end=end,
    )


__all__ = ["Precedence", "displaceable", "name_of", "precedence"]

_BY_RELEASES = ("same-service", "dependency", "shared", "team")


def displaceable(timetable: Timetable, slot: Slot, verdict: Verdict) -> tuple[Slot, ...]:
    """The booked slots that would have to move for this one, by start.

    An emergency may take what it was only warned of. Raises Refused with the reason: nothing is in the way,
    something is that no release holds, or a release that goes first.
    """
    slot = verdict.slot
    for finding in verdict.blocks:
        if finding.rule not in _BY_RELEASES:
            raise Refused(f"{finding.words} Displacing a release does not change that. {finding.way_out}")
    others = [other for other in others_of(timetable, slot) if other.standing == "booked"]
    related = [other for other in others if timetable.relations.between(slot.service, other.service)]
    for other in related:
        _check_first(slot, other)
    moved = [*related, *_over_capacity(timetable, slot, [o for o in others if o not in related])]
    if not moved:
        if verdict.blocks:
            raise Refused(f"{verdict.blocks[0].words} {verdict.blocks[0].way_out}")
        raise Refused("No booked release is in the way of this slot, so none has to move. Book it.")
    left = _still_blocking(timetable, slot, moved)
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


def _over_capacity(timetable: Timetable, slot: Slot, others: Sequence[Slot]) -> list[Slot]:
    """Which of the team's other releases move, the last in precedence first, until it can look after all."""
    team = team_of(timetable, slot.service)
    same = [other for other in others if team and team_of(timetable, other.service) == team]
    moved: list[Slot] = []
    while True:
        beside = busiest(slot, same)
        if not beside or len(beside) + 1 <= capacity_of(timetable, team):
            return moved
        last = beside[0]
        for other in beside[1:]:
            last = precedence(last, other).moves
        _check_first(slot, last)
        moved.append(last)
        same.remove(last)


def _still_blocking(timetable: Timetable, slot: Slot, moved: Sequence[Slot]) -> Finding | None:
    """What would forbid the slot even when those have moved, such as a team that can look after none."""
    if slot.type == "emergency":
        return None
    others = [other for other in others_of(timetable, slot) if other not in moved]
    left = neighbour_findings(timetable, slot, others)
    return next((finding for finding in left if finding.severity == "blocks"), None)
