"""The order of precedence between two slots, and its reason in words [S1.32]."""

from __future__ import annotations

from msgspec import Struct

from relui.domain.calendar.slot import Slot
from relui.domain.release import IMPACTS


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
