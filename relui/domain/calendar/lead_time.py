"""Warnings about time: milestones and notice already past, a go-live before free days [S1.5, S1.6, S1.23]."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from relui.domain.calendar.board import Board
from relui.domain.calendar.holidays import business_days_before, holiday_on
from relui.domain.calendar.slot import Finding, RuleName, Slot
from relui.domain.calendar.wording import day_words
from relui.domain.instants import local_day
from relui.domain.release import Impact
from relui.domain.timeline import milestones, passed

NOTICE_DAYS: dict[Impact, int] = {"high": 5, "medium": 3, "low": 1}
"""Business days of notice by impact [S1.23]."""
_FRIDAY = 4


def lead_time_findings(board: Board, slot: Slot, now: datetime) -> Iterator[Finding]:
    """What should have been done before `now`, and a go-live on a Friday or before a holiday.

    Once the slot has begun or the deployment was started, planning is over: nothing was due any more.
    """
    if slot.start > now and not slot.started:
        yield from _milestones(slot, now)
        yield from _notice(board, slot, now)
    yield from _eve(board, slot)


def _milestones(slot: Slot, now: datetime) -> Iterator[Finding]:
    for milestone in passed(milestones(slot.type, slot.start, slot.zone), now, slot.zone):
        yield _warning(
            "milestone",
            f"{milestone.name.capitalize()} was due on {day_words(milestone.day)} ({slot.zone}).",
            "Make sure that it is done, or choose a later slot.",
            milestone.name,
        )


def notice_day(slot: Slot, board: Board) -> date:
    """The last day on which the notice can go out in time, in the slot's zone [S1.23]."""
    day = local_day(slot.start, slot.zone)
    return business_days_before(day, NOTICE_DAYS[slot.impact], board.organisation.holidays)


def _notice(board: Board, slot: Slot, now: datetime) -> Iterator[Finding]:
    due = notice_day(slot, board)
    if due < local_day(now, slot.zone):
        days = NOTICE_DAYS[slot.impact]
        unit = "business day" if days == 1 else "business days"
        yield _warning(
            "notice",
            f"{slot.impact.capitalize()} impact asks for {days} {unit} of notice:"
            f" it was due on {day_words(due)} ({slot.zone}).",
            "Send the notice now if it has not gone out, or choose a later slot.",
        )


def _eve(board: Board, slot: Slot) -> Iterator[Finding]:
    day = local_day(slot.start, slot.zone)
    tomorrow = day + timedelta(days=1)
    holiday = holiday_on(board.organisation.holidays, tomorrow)
    way_out = "Make sure that people are there on the days after, or choose an earlier day."
    if day.weekday() == _FRIDAY:
        yield _warning("eve", f"The go-live is on a Friday, {day_words(day)} ({slot.zone}).", way_out)
    if holiday:
        words = f"The go-live on {day_words(day)} ({slot.zone}) is the day before a holiday: {holiday}."
        yield _warning("eve", words, way_out, holiday)


def _warning(rule: RuleName, words: str, way_out: str, other: str = "") -> Finding:
    return Finding(rule=rule, severity="warns", words=words, way_out=way_out, other=other)
