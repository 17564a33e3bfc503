"""Figures and trends, checked against examples that were computed by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.closing import close
from relui.domain.creation import Plan, create
from relui.domain.dossier.parts import Change, Defect, Dossier
from relui.domain.instants import parse_instant
from relui.domain.learning.metrics import metrics
from relui.domain.learning.trends import failures, trends
from relui.domain.release import Release
from relui.domain.summary import Summary, summarise
from tests.domain.releases import GO_LIVE, NOW, payments

BERLIN = "Europe/Berlin"


def wall(text: str, zone: str = BERLIN) -> datetime:
    return parse_instant(text, zone).at


def row(id: str = "1", **more: Any) -> Summary:
    """A successful two-hour release on time, two hours long as planned."""
    at = more.pop("at", GO_LIVE)
    minutes = more.pop("minutes", 120)
    fields = {
        "id": f"REL-2026-11-00{id}", "go_live": at, "started_at": at, "duration": 120,
        "completed_at": at + timedelta(minutes=minutes), "outcome": "successful",
        "created_at": at - timedelta(days=10),
    }  # fmt: skip
    return replace(summarise(payments()), **{**fields, **more})


def test_every_figure_of_one_release() -> None:
    """[S1.34] Planned 20:00 for 120 min, started 20:10, done 22:40: 150 min, 30 over, and on time."""
    dossier = Dossier(
        changes=(
            Change(id="CHG-1", summary="a"),
            Change(id="CHG-2", summary="b"),
            Change(id="CHG-3", summary="c", status="withdrawn"),
        ),
        defects=(
            Defect(id="B1", summary="x", severity="high", state="verified"),
            Defect(id="B2", summary="x", severity="low"),
            Defect(id="B3", summary="x", severity="low"),
            Defect(id="B4", summary="x", severity="low", state="rejected"),
            Defect(id="B5", summary="x", severity="medium", found="post-deploy"),
        ),
    )
    made = payments(
        dossier=dossier,
        satisfaction=4,
        created_at=GO_LIVE - timedelta(hours=125),
        started_at=GO_LIVE + timedelta(minutes=10),
        completed_at=GO_LIVE + timedelta(minutes=160),
    )
    found = metrics(close(made, "ada", GO_LIVE + timedelta(days=1), reason="r").release)
    assert (found.planned_start, found.planned_end) == (GO_LIVE, GO_LIVE + timedelta(minutes=120))
    assert (found.planned_minutes, found.actual_minutes, found.overrun) == (120, 150, 30)
    assert (found.started_late, found.on_time, found.rolled_back) == (10, True, False)
    assert (found.changes, found.defects, found.escaped) == (2, {"high": 1, "low": 2}, 1)
    assert (found.satisfaction, found.lead) == (4, 125 * 60 + 10)


def test_what_never_started_has_no_times() -> None:
    found = metrics(payments())
    assert (found.actual_start, found.actual_minutes, found.overrun, found.on_time, found.lead) == (None,) * 5


def _planned(go_live: str, zone: str, started: str, started_zone: str) -> Release:
    plan = Plan(
        service="s", version="1.0.0", type="minor", owner="ada", go_live=wall(go_live, zone), zone=zone,
        template="standard",
    )  # fmt: skip
    made = create(plan, payments().phases, "REL-2026-03-001", "ada", NOW)
    return replace(made, started_at=wall(started, started_zone))


@pytest.mark.parametrize(
    ("go_live", "zone", "started", "started_zone", "late", "on_time"),
    [
        # 02:30 does not exist that night: it is 03:30 summer time, 01:30 UTC
        ("2026-03-29T02:30", BERLIN, "2026-03-29T03:40", BERLIN, 10, True),
        # 01:50 winter time to 03:05 summer time: 75 minutes on the wall, 15 that elapsed
        ("2026-03-29T01:50", BERLIN, "2026-03-29T03:05", BERLIN, 15, True),
        ("2026-03-29T01:50", BERLIN, "2026-03-29T03:06", BERLIN, 16, False),
        # the hour that exists twice: 02:30 is the first one; an hour later it is 02:30 again
        ("2026-10-25T02:30", BERLIN, "2026-10-25T02:30+01:00", BERLIN, 60, False),
        # planned in Berlin (19:00 UTC), started by somebody in New York
        ("2026-11-21T20:00", BERLIN, "2026-11-21T14:05", "America/New_York", 5, True),
        ("2026-11-21T20:00", BERLIN, "2026-11-21T20:00", "Europe/London", 60, False),
    ],
)
def test_on_time_counts_what_elapsed_across_clocks_and_zones(
    go_live: str, zone: str, started: str, started_zone: str, late: int, on_time: bool
) -> None:
    """[S1.34]"""
    found = metrics(_planned(go_live, zone, started, started_zone))
    assert (found.started_late, found.on_time) == (late, on_time)


def test_the_tolerance_is_the_policys() -> None:
    """[S1.34]"""
    made = payments(started_at=GO_LIVE + timedelta(minutes=20))
    assert [metrics(made, tolerance).on_time for tolerance in (15, 19, 20)] == [False, False, True]


def test_trends_of_a_month_by_hand() -> None:
    """[S1.34] Four releases: one late, one rolled back, one an emergency, one 60 min over."""
    rows = [
        row("1"),
        row("2", at=GO_LIVE - timedelta(days=12), started_at=GO_LIVE - timedelta(days=12, minutes=-40)),
        row("3", at=GO_LIVE - timedelta(days=16), outcome="rolled-back", minutes=45, service="ledger"),
        row("4", type="emergency", service="crm", minutes=180, escaped=2, satisfaction=3,
            at=GO_LIVE - timedelta(days=2), created_at=GO_LIVE - timedelta(days=2, hours=1)),
    ]  # fmt: skip
    (found,) = trends(rows, "month", zone=BERLIN).groups
    assert (found.key, found.releases, found.deployments) == ("2026-11", 4, 4)
    assert found.on_time == pytest.approx(2 / 4)  # 1 and 4; 2 started 40 min late, 3 was rolled back
    assert found.rolled_back == pytest.approx(1 / 4)
    assert found.overran == pytest.approx(1 / 4)  # 120, 80, 45 and 180 of 120
    assert found.overrun == pytest.approx(-20)  # median of -75, -40, 0, 60
    assert (found.escaped, found.satisfaction) == (2, 3)
    assert found.emergencies == pytest.approx(1 / 4)
    assert found.lead == 14400  # median of 60, 14400, 14400, 14440 minutes
    assert found.failed == pytest.approx(1 / 4)
    assert found.restore == 45


def test_groups_are_months_of_the_zone_services_or_types() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    rows = [row("1", at=late), row("2", service="crm", type="patch")]
    assert [each.key for each in trends(rows, "month", zone="UTC").groups] == ["2026-11"]
    assert [each.key for each in trends(rows, "month", zone=BERLIN).groups] == ["2026-11", "2026-12"]
    assert [each.key for each in trends(rows, "service").groups] == ["crm", "payments"]
    assert [each.key for each in trends(rows, "type").groups] == ["minor", "patch"]
    assert trends(rows, first=date(2026, 11, 22)).total.releases == 1
    assert trends(rows, last=date(2026, 11, 21), service="CRM").total.releases == 1


def test_a_cancelled_release_is_no_deployment() -> None:
    rows = [row("1"), row("2", outcome="cancelled", started_at=None, completed_at=None)]
    total = trends(rows).total
    assert (total.releases, total.deployments, total.on_time, total.failed) == (2, 1, 1.0, 0.0)


def test_of_nothing_there_are_no_shares() -> None:
    total = trends([]).total
    assert (total.releases, total.on_time, total.failed, total.restore, total.lead) == (
        0,
        None,
        None,
        None,
        None,
    )


def test_a_rollback_is_restored_when_it_is_completed() -> None:
    """[S1.34] From the start of what was rolled back to the end of the rollback."""
    (found,) = failures([row("1", outcome="rolled-back", minutes=50)]).values()
    assert (found.why, found.minutes) == ("rolled back", 50)


def test_an_emergency_that_names_it_makes_a_release_a_failure() -> None:
    """[S1.34] From the completion of what failed to the completion of the fix; other releases are none."""
    rows = [
        row("1"),
        row("2", at=GO_LIVE + timedelta(hours=5)),
        row("3", at=GO_LIVE + timedelta(days=20), minutes=30, type="emergency", follows="REL-2026-11-001"),
    ]
    (found,) = failures(rows).values()
    # completed at 22:00 on the 21st, fixed at 20:30 on 11 December: 19 days 22.5 hours
    assert (found.id, found.restored_by, found.minutes) == ("REL-2026-11-001", "REL-2026-11-003", 28710)


@pytest.mark.parametrize(("days", "failed"), [(6, True), (8, False)])
def test_an_emergency_soon_after_is_the_fix_of_what_went_before(days: int, failed: bool) -> None:
    """[S1.34] On the same service, within seven days, with nothing in between."""
    emergency = row("2", at=GO_LIVE + timedelta(days=days), type="emergency")
    assert bool(failures([row("1"), emergency])) is failed
    assert failures([row("1"), replace(emergency, service="crm")]) == {}
    between = row("3", at=GO_LIVE + timedelta(days=1))
    assert "REL-2026-11-001" not in failures([row("1"), between, emergency])


@given(st.lists(st.tuples(st.integers(-90, 90), st.booleans()), min_size=1, max_size=30))
def test_shares_are_shares_and_groups_add_up(shape: list[tuple[int, bool]]) -> None:
    rows = [
        row(str(number), at=GO_LIVE + timedelta(days=late), service="a" if late % 2 else "b",
            started_at=GO_LIVE + timedelta(days=late, minutes=late),
            outcome="rolled-back" if back else "successful")
        for number, (late, back) in enumerate(shape)
    ]  # fmt: skip
    found = trends(rows, "service")
    assert sum(each.releases for each in found.groups) == found.total.releases == len(rows)
    for each in (*found.groups, found.total):
        assert all(
            share is None or 0 <= share <= 1 for share in (each.on_time, each.rolled_back, each.failed)
        )
        assert (each.failed or 0) >= (each.rolled_back or 0)


def test_what_never_began_is_no_deployment() -> None:
    """[S1.34] Nor a failure; what went out without a recorded start is one all the same."""
    never = {"started_at": None, "completed_at": None}
    rows = [
        row("1", outcome="rolled-back", closed_at=GO_LIVE, **never),
        row("2", closed_at=GO_LIVE - timedelta(days=1), **never),
        row("3", closed_at=GO_LIVE + timedelta(days=1), **never),
        row("4", outcome="cancelled", closed_at=NOW, **never),
    ]
    assert trends(rows).total.deployments == 1 and not failures(rows)
    assert trends(rows).total.releases == 4 and trends(rows).total.rolled_back == 0
