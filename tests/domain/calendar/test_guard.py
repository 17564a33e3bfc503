"""The calendar's answer to a pipeline."""

from __future__ import annotations

from msgspec.structs import replace

from relui.domain.calendar.guard import Answer, may_deploy
from relui.domain.calendar.timetable import Timetable
from relui.domain.organisation import Organisation, Policy
from tests.domain.calendar.calendars import MONTH_END, NOW, WEEKEND, booked, organisation, slot


def asked(org: Organisation, start: str, *, started: bool = False, **more: object) -> Answer:
    return may_deploy(Timetable(org, [booked("2025-03-16T01:00")]), slot(start, **more), NOW, started=started)


ORG = organisation(WEEKEND, MONTH_END)


def test_a_pipeline_may_deploy_in_a_window() -> None:
    """[S1.31]"""
    answer = asked(ORG, "2025-03-15T20:00")
    assert answer.allowed and answer.reasons == (
        "Nothing in the calendar forbids Finance system on Sat 15 Mar 2025 20:00 to 22:00 (Europe/London).",
    )


def test_a_pipeline_may_not_deploy_outside_of_it_or_over_another_release() -> None:
    """[S1.31] Every reason is given."""
    outside = asked(ORG, "2025-03-01T12:00")
    assert not outside.allowed
    assert [reason.split()[0] for reason in outside.reasons] == ["No", "Blackout"]
    assert "REL-2025-03-009 is booked" in asked(ORG, "2025-03-16T02:00").reasons[0]


def test_a_deployment_that_started_may_finish_when_the_window_shuts_if_the_policy_says_so() -> None:
    """[S1.31]"""
    late = asked(ORG, "2025-03-16T05:30", started=True)
    assert late.allowed and "It has started, and the policy lets it finish." in late.reasons[0]
    assert not asked(ORG, "2025-03-16T05:30").allowed
    strict = replace(ORG, policy=Policy(finish_after_window=False))
    assert not asked(strict, "2025-03-16T05:30", started=True).allowed
    assert not asked(ORG, "2025-03-01T20:00", started=True).allowed


def test_an_emergency_may_and_is_told_what_it_passes() -> None:
    """[S1.36]"""
    answer = asked(ORG, "2025-03-01T12:00", type="emergency")
    assert answer.allowed
    assert any("An emergency passes windows, blackouts and events." in reason for reason in answer.reasons)


def test_an_open_calendar_says_that_it_restricts_nothing() -> None:
    """[S1.30]"""
    answer = asked(organisation(), "2025-03-12T12:00")
    assert answer.allowed and answer.reasons[-1] == "No window is defined: the calendar restricts nothing."
