"""The week of the subject matter: March 2025 in London, with its windows, blackouts and two releases."""

from __future__ import annotations

from datetime import UTC, datetime

from relui.domain.calendar.check import check, free_slots
from relui.domain.calendar.timetable import Timetable
from relui.domain.release import milestones
from tests.domain.calendar.calendars import (
    BOARD_MEETING,
    LONDON,
    MONTH_END,
    NOW,
    WEEKEND,
    YEAR_END,
    at,
    blocking,
    organisation,
    slot,
    verdict,
)

ORGANISATION = organisation(WEEKEND, MONTH_END, YEAR_END, BOARD_MEETING)
FINANCE = slot("2025-03-15T20:00")
HR = slot("2025-03-16T19:00", release="REL-2025-03-002", service="hr")


def test_both_releases_of_the_week_are_free_beside_each_other() -> None:
    """[S1.6, S1.30 - S1.31] Finance on Saturday 20:00, the HR portal on Sunday 19:00."""
    timetable = Timetable(ORGANISATION, (FINANCE, HR))
    for asked in (FINANCE, HR):
        assert check(timetable, asked, NOW).findings == ()


def test_the_timeline_of_finance() -> None:
    """[S1.5] Thursday 13, Tuesday 11, Friday 7, Wednesday 5 March."""
    days = [f"{m.day:%A %-d}" for m in milestones("minor", FINANCE.start, LONDON)]
    assert days == ["Wednesday 5", "Friday 7", "Tuesday 11", "Thursday 13"]


def test_the_board_meeting_and_the_days_without_a_window_are_closed() -> None:
    """[S1.31] A Thursday evening lies in no window and in a blackout; every finding is told."""
    thursday = verdict(ORGANISATION, slot("2025-03-13T20:00"))
    assert blocking(thursday) == ["window", "blackout"]
    assert [finding.other for finding in thursday.blocks] == ["weekend", "board"]


def test_the_month_end_beats_the_weekend() -> None:
    """[S1.30] Saturday 1 March lies in a window and in a blackout."""
    assert blocking(verdict(ORGANISATION, slot("2025-03-01T20:00"))) == ["blackout"]
    assert blocking(verdict(ORGANISATION, slot("2025-12-20T20:00"))) == ["blackout"]


def test_the_first_free_slot_after_the_month_end_is_told_with_what_was_passed_over() -> None:
    """[S1.31]"""
    found = free_slots(Timetable(ORGANISATION), FINANCE, at("2025-02-27T09:00"), 2, at("2025-02-01T09:00"))
    assert [one.slot.start for one in found.found] == [
        datetime(2025, 3, 3, 0, tzinfo=UTC),
        datetime(2025, 3, 3, 2, tzinfo=UTC),
    ]
    reasons = [[finding.rule for finding in one.findings] for one in found.passed_over]
    assert reasons == [["window"], ["blackout"]]
    assert (found.passed_over[1].start, found.passed_over[1].end) == (
        at("2025-03-01T18:00"),
        at("2025-03-03"),
    )
