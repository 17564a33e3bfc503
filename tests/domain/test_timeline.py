"""The timeline, counted back from the go-live day in calendar days."""

from __future__ import annotations

from datetime import UTC, date, datetime

from relui.domain.instants import parse_instant
from relui.domain.timeline import milestones, passed

GO_LIVE = parse_instant("2025-03-15T20:00", "Europe/London").at


def test_the_example_of_the_domain() -> None:
    """[S1.5] Saturday 15 March 2025, 20:00 London."""
    planned = milestones("minor", GO_LIVE, "Europe/London")
    assert [(m.name, m.day, f"{m.day:%A}") for m in planned] == [
        ("planning complete", date(2025, 3, 5), "Wednesday"),
        ("build complete", date(2025, 3, 7), "Friday"),
        ("test complete", date(2025, 3, 11), "Tuesday"),
        ("staging acceptance", date(2025, 3, 13), "Thursday"),
    ]
    assert milestones("patch", GO_LIVE, "Europe/London") == planned


def test_a_major_release_has_one_and_a_half_times_the_lead() -> None:
    """[S1.5]"""
    assert [m.days_before for m in milestones("major", GO_LIVE, "UTC")] == [15, 12, 6, 3]


def test_an_emergency_has_no_timeline() -> None:
    """[S1.5]"""
    assert milestones("emergency", GO_LIVE, "UTC") == ()


def test_days_count_in_the_zone_of_the_go_live() -> None:
    """[S1.5] 20:00 in London is the next day in Tokyo."""
    assert milestones("minor", GO_LIVE, "Asia/Tokyo")[-1].day == date(2025, 3, 14)


def test_a_milestone_is_passed_when_its_day_is_over() -> None:
    """[S1.5] In the past it is a warning at planning."""
    planned = milestones("minor", GO_LIVE, "Europe/London")
    assert passed(planned, datetime(2025, 3, 7, 23, 59, tzinfo=UTC), "Europe/London") == planned[:1]
    assert passed(planned, datetime(2025, 3, 8, 0, 0, tzinfo=UTC), "Europe/London") == planned[:2]
