"""The timeline, counted back from the go-live day in calendar days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from relui.domain.composing import compose
from relui.domain.creation import Plan, lead_time
from relui.domain.instants import local_day, parse_instant, parse_offset
from relui.domain.outline import due_at, due_offset
from relui.domain.release import ReleaseType, milestones, milestones_over
from relui.loading.templates import TemplateLibrary
from tests.domain.releases import item, payments, phase

BUNDLED = TemplateLibrary(Path(__file__).parents[2] / "templates", None)
GOVERNED = compose(BUNDLED.get("governed"), (), type="minor")
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
    assert milestones_over(planned, datetime(2025, 3, 7, 23, 59, tzinfo=UTC), "Europe/London") == planned[:1]
    assert milestones_over(planned, datetime(2025, 3, 8, 0, 0, tzinfo=UTC), "Europe/London") == planned[:2]


@pytest.mark.parametrize("type_", ["patch", "minor", "major"])
def test_a_governed_checklist_is_due_on_the_days_of_its_milestones(type_: ReleaseType) -> None:
    """[S1.5] The phases of the bundled template, whatever the type; what is due in hours stays."""
    made = replace(payments(), type=type_, criteria=("all",), phases=GOVERNED)
    found = {each.id: due_at(made, each) for each in made.phases}
    days = [each.day for each in milestones(type_, made.go_live, made.zone)]
    names = ("planning", "pre-release", "staging-test", "communication")
    assert [local_day(found[name], made.zone) for name in names] == days
    assert found["pre-deploy"] == made.go_live - timedelta(hours=1)
    assert due_offset(made, made.phases[0]).words() == f"{15 if type_ == 'major' else 10} days before"


@pytest.mark.parametrize(
    ("due", "expected"), [("T-1d", -1), ("T-2d", -3), ("T-7d", -10), ("T+2d", 2), ("T", 0), ("T-48h", 0)]
)
def test_only_days_before_the_go_live_are_stretched(due: str, expected: int) -> None:
    """[S1.5] In whole days, as the milestones are; of majors with criteria alone."""
    one = phase("a", item("x"), due=due)
    major = replace(payments(), type="major", criteria=("all",), phases=(one,))
    assert due_offset(major, one).days == expected
    for other in ({"criteria": ()}, {"type": "minor"}, {"type": "emergency"}):
        assert due_offset(replace(major, **other), one) == parse_offset(due)  # type: ignore[arg-type]


def test_a_proposed_go_live_leaves_what_a_majors_first_phase_needs() -> None:
    """[S1.5] A day before it is due."""
    plan = Plan(
        service="payments", version="3.0.0", type="major", owner="ada", go_live=GO_LIVE, zone="UTC",
        template="governed", criteria=("all",),
    )  # fmt: skip
    assert lead_time(plan, GOVERNED) == timedelta(days=16)
    assert lead_time(replace(plan, type="minor"), GOVERNED) == timedelta(days=11)
