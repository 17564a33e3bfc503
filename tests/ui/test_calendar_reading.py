"""What the calendar screen knows before it paints."""

from __future__ import annotations

from datetime import date

from relui.desk.desk import Desk
from relui.ui.calendar.reading import CalendarReading
from tests.ui.calendars import planned

MONDAY = date(2026, 11, 16)


def test_a_week_that_was_made_ready_shows_its_conflicts_at_once(organised: Desk) -> None:
    """Saturday's window begins at 18:00: nobody may deploy on Friday noon."""
    refused = planned(organised, "payments", "2.4.1", "2026-11-27T12:00")
    reading = CalendarReading(organised)
    now = organised.clock.now()
    following = date(2026, 11, 23)
    fresh = reading.scene(following, 7, "UTC", now)
    assert reading.known_conflicts(fresh) == frozenset()
    for _ in reading.preparing(following, 7, "UTC", now):
        pass
    assert refused in reading.known_conflicts(fresh)
    assert reading.known_conflicts(fresh) == list(reading.judging(fresh))[-1]
    assert reading.known_conflicts(reading.scene(MONDAY, 7, "UTC", now)) == frozenset()


def test_a_booked_release_is_in_order_whoever_else_plans_to_be_there(organised: Desk) -> None:
    """What is planned where another is booked may not stay; what is booked may."""
    booked = planned(organised, "payments", "2.4.1", "2026-11-21T20:00")
    organised.calendar.book(booked)
    beside = planned(organised, "payments", "2.4.2", "2026-11-21T20:00")
    reading = CalendarReading(organised)
    scene = reading.scene(MONDAY, 7, "UTC", organised.clock.now())
    assert list(reading.judging(scene))[-1] == {beside}
