"""A new release: cleaned, complete, every item open; or a copy with its past left behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.creation import (
    Plan,
    create,
    default_go_live,
    default_title,
    lead_time,
    plan_copy,
)
from relui.domain.instants import zone_named
from relui.domain.marking import tick
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.errors import BadInput
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase


def plan(**more: Any) -> Plan:
    fields: dict[str, Any] = {
        "service": "payments",
        "version": "2.4.0",
        "type": "minor",
        "owner": "ada",
        "go_live": GO_LIVE,
        "zone": "Europe/Berlin",
        "template": "standard",
    }
    return Plan(**{**fields, **more})


def created(**more: Any) -> Release:
    return create(plan(**more), payments().phases, "REL-2026-11-001", "bob", NOW)


def test_a_new_release_is_titled_by_version_and_date_in_its_zone_and_all_open() -> None:
    """[S0.1] [S1.4] [S1.7]"""
    made = created(go_live=datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    assert made.title == "2.4.0 - Release - 2026-11-22"
    assert (made.type, made.impact, made.environment, made.created_by) == (
        "minor",
        "medium",
        "production",
        "bob",
    )
    assert Outline(made).done == 0 and made.marks == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": " \u200b"},
        {"version": ""},
        {"owner": "\x1b[0m"},
        {"type": "huge"},
        {"impact": "none"},
        {"duration": 0},
        {"zone": "Europe/Londn"},
        {"type": "emergency"},
        {"type": "emergency", "rationale": " \n"},
    ],
)
def test_a_plan_that_lacks_something_is_refused(wrong: dict[str, Any]) -> None:
    """[S1.4] [S1.36] An emergency needs its rationale."""
    with pytest.raises(BadInput):
        created(**wrong)


def test_what_was_typed_is_cleaned_and_instants_are_kept_in_utc() -> None:
    local = GO_LIVE.astimezone(zone_named("Asia/Tokyo"))
    made = created(
        service=" pay\u202ements ", go_live=local, values={"region": ("eu\x1b[1m", "us")}, title="T\tU"
    )
    assert (made.service, made.title, made.values) == ("payments", "T U", {"region": ("eu", "us")})
    assert made.go_live == GO_LIVE and made.go_live.tzinfo is UTC


def test_a_copy_takes_checklist_team_and_parts_and_leaves_states_and_dates_behind() -> None:
    """[S0.2]"""
    source = replace(
        tick(payments(), ["build", "deploy"], "ada", NOW).release,
        rollback="revert",
        risk="low",
        impact="high",
    )
    later = GO_LIVE + timedelta(days=30)
    copy = plan_copy(source, version="2.5.0", owner="bob", go_live=later)
    made = create(copy, source.phases, "REL-2026-12-001", "bob", NOW)
    assert (made.phases, made.rollback, made.risk, made.impact) == (source.phases, "revert", "low", "high")
    assert (made.version, made.owner, made.go_live, made.copied_from) == ("2.5.0", "bob", later, source.id)
    assert made.marks == {} and made.closing is None and made.started_at is None
    assert made.title == default_title("2.5.0", later, "UTC")


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])


@given(moments, zones)
def test_a_proposed_go_live_is_an_early_weekday_evening_with_time_to_prepare(
    now: datetime, zone: str
) -> None:
    at = default_go_live(now, zone, "minor")
    wall = at.astimezone(zone_named(zone))
    assert (wall.hour, wall.minute) == (20, 0) and wall.weekday() <= 3
    assert timedelta(hours=72) <= at - now <= timedelta(days=8)


def test_a_go_live_leaves_what_the_first_phase_asks_for_and_three_days_at_least() -> None:
    assert lead_time(plan(), [phase("a", item("x"), due="T-24h")]) == timedelta(days=3)
    assert lead_time(plan(), [phase("a", item("x"), due="T-10d"), phase("b", item("y"))]) == timedelta(
        days=11
    )


@given(moments, zones)
def test_an_emergency_is_proposed_for_the_next_quarter_after_an_hour(now: datetime, zone: str) -> None:
    at = default_go_live(now, zone, "emergency")
    assert timedelta(hours=1) <= at - now < timedelta(hours=1, minutes=15)
    assert at.minute % 15 == at.second == at.microsecond == 0
