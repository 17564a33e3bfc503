"""The window that covers a slot: what is open around it, with adjoining windows as one [S1.30]."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from relui.domain.calendar.board import Board
from relui.domain.calendar.obstacles import unrestricted
from relui.domain.calendar.slot import Slot
from relui.domain.calendar.windows import entry_findings, window_findings
from relui.domain.window_fit import OpenTime

_AROUND = timedelta(days=7)
"""A window that goes on for longer than this is told as shutting then."""


def covering_window(board: Board, slot: Slot) -> tuple[datetime, datetime] | None:
    """The open time in which all of the slot lies (UTC); None without one, or where nothing restricts it."""
    slot = replace(slot, service=board.relations.id_of(slot.service))
    if unrestricted(board, slot):
        return None
    spans = board.open_between(slot.start - _AROUND, slot.end + _AROUND, slot.service, slot.environment)
    return next(((start, end) for start, end in spans if start <= slot.start and slot.end <= end), None)


def open_time(board: Board, slot: Slot) -> OpenTime:
    """How long the calendar leaves from the slot's start on, or why it is not open then.

    An emergency passes windows and blackouts: nothing restricts it [S1.36].
    """
    if slot.type == "emergency":
        return OpenTime()
    slot = replace(slot, service=board.relations.id_of(slot.service))
    against = next(iter(window_findings(board, slot)), None) or next(
        (each for each in entry_findings(board, slot) if each.rule == "blackout"), None
    )
    if against is not None:
        return OpenTime(why=against.words.rstrip("."))
    found = covering_window(board, slot)
    return OpenTime((found[1] - slot.start).total_seconds() / 60 if found else None)
