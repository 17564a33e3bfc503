"""Nothing is signed, confirmed or recorded before there is what it is about [S1.8, S1.14, S1.20-S1.25]."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from relui.domain.dossier.editing import add_part, add_parts, edit_part
from relui.domain.dossier.environments import promote, staging
from relui.domain.dossier.parts import Environment, Run
from relui.domain.dossier.points import POINTS, confirmed
from relui.domain.dossier.signing import confirm, sign
from relui.domain.dossier.signoffs import APPROVAL_POINTS, signed, state_of
from relui.domain.dossier.testing import timely
from relui.domain.release import Release
from relui.errors import BadInput, Refused
from tests.domain.dossier.gated import DAY, NOBODY, planned, promoted_all, signed_by
from tests.domain.dossier.governed import governed
from tests.domain.releases import GO_LIVE, NOW

HOUR = timedelta(hours=1)


def unstaged(**more: Any) -> Release:
    """Nothing of it was promoted anywhere."""
    return replace(governed(), criteria=("all",), **more)


def approve(release: Release, subject: str, at: datetime = DAY) -> Release:
    points = ("all",) if subject in APPROVAL_POINTS else ()
    return sign(release, NOBODY, subject, "ada", at, confirmed=points).release


@pytest.mark.parametrize("point", ["runbook.executed", "runbook.deviations", "acceptance.scenarios"])
def test_what_is_seen_in_staging_is_not_confirmed_before_the_build_is_there(point: str) -> None:
    """[S1.19, S1.20]"""
    with pytest.raises(
        Refused, match=r"build 1 was not promoted to staging\. .*environment promote .* staging"
    ):
        confirm(unstaged(), [point], "ada", DAY, note="none")
    assert confirmed(confirm(promoted_all(unstaged()), [point], "ada", DAY, note="none").release, point)


def test_an_acceptance_is_not_given_before_the_build_is_staged() -> None:
    """[S1.21] Saying no is possible at any time."""
    with pytest.raises(Refused, match="nothing to accept yet: build 1 was not promoted to staging"):
        approve(unstaged(), "acceptance")
    assert sign(unstaged(), NOBODY, "acceptance", "ada", DAY, verdict="reject", comment="No").act
    assert signed(approve(promoted_all(unstaged()), "acceptance"), "acceptance")


def test_an_acceptance_is_stale_when_its_promotion_is_gone_until_the_deployment_begins() -> None:
    """[S1.21]"""
    given = signed_by(planned(), "acceptance")
    gone = tuple(replace(each, promoted=None, iteration=0) for each in given.dossier.environments)
    without = replace(given, dossier=replace(given.dossier, environments=gone))
    assert state_of(without, "acceptance").stale[0].causes == ("build 1 was not promoted to staging",)
    assert signed(replace(without, started_at=DAY), "acceptance")


def test_a_schedule_without_staging_is_accepted_in_its_last_environment_before_the_target() -> None:
    """[S1.18] Without any, the way out is to add one."""
    names = ("test", "preprod", "production")
    made = unstaged()
    own = replace(made, dossier=replace(made.dossier, environments=tuple(Environment(id=n) for n in names)))
    assert (found := staging(own)) is not None and found.id == "preprod"
    alone = replace(made, dossier=replace(made.dossier, environments=(Environment(id="production"),)))
    with pytest.raises(Refused, match=r"relui environment add .* staging"):
        approve(alone, "acceptance")
    assert signed(approve(replace(alone, criteria=()), "acceptance"), "acceptance"), (
        "the light way asks nothing"
    )


READINESS = [name for name in POINTS if name.startswith("readiness.")]


@pytest.mark.parametrize("name", [*READINESS, "readiness"])
def test_readiness_is_not_said_earlier_than_two_days_before(name: str) -> None:
    """[S1.24] Neither a point, nor the review; an emergency has no two days."""

    def say(release: Release, at: datetime) -> Release:
        if name == "readiness":
            return approve(release, name, at)
        return confirm(release, [name], "ada", at, note="Olga").release

    first = GO_LIVE - timedelta(days=2)
    for early in (first - timedelta(minutes=1), first - timedelta(days=20)):
        with pytest.raises(Refused, match=r"from two days before it, Thu 19 Nov 2026 20:00 \(UTC\)"):
            say(planned(), early)
    assert say(planned(), first) != planned()
    assert say(replace(planned(), type="emergency"), NOW - timedelta(days=9))


def test_readiness_counts_no_more_when_the_go_live_moves_away() -> None:
    """[S1.24]"""
    given = confirm(approve(planned(), "readiness"), ["readiness"], "ada", DAY, note="Olga").release
    moved = replace(given, go_live=GO_LIVE + timedelta(days=7))
    assert not signed(moved, "readiness") and not confirmed(moved, "readiness.rollback")


def test_go_is_not_approved_before_its_day() -> None:
    """[S1.25]"""
    with pytest.raises(Refused, match="not earlier than 24 hours before the go-live on 2026-11-21"):
        approve(planned(), "go", GO_LIVE - timedelta(hours=25))
    assert signed(approve(planned(), "go", GO_LIVE - timedelta(hours=24)), "go")


def test_the_documents_are_not_archived_before_the_deployment_is_completed() -> None:
    """[S1.29]"""
    with pytest.raises(Refused, match="the deployment is not completed"):
        confirm(planned(), ["close.documents"], "ada", DAY, note="wiki")
    done = replace(planned(), started_at=DAY, completed_at=DAY)
    assert confirmed(confirm(done, ["close.documents"], "ada", DAY, note="wiki").release, "close.documents")


@pytest.mark.parametrize("name", ["started", "ended"])
def test_a_test_result_is_not_of_the_future(name: str) -> None:
    """[S1.14] By hand, from a report, and when it is edited."""
    when = NOW + timedelta(minutes=5)
    with pytest.raises(BadInput, match="still to come"):
        add_part(unstaged(), "test", {"category": "smoke", name: when.isoformat()}, NOW, "ada")
    with pytest.raises(BadInput, match="still to come"):
        add_parts(unstaged(), "test", [Run(id="x", category="smoke", **{name: when})], "a.xml", NOW, "ada")  # type: ignore[arg-type]
    made = add_part(unstaged(), "test", {"id": "x", "category": "smoke"}, NOW, "ada").release
    with pytest.raises(BadInput, match="still to come"):
        edit_part(made, "test", "x", {name: when.isoformat()}, NOW, "ada")
    assert edit_part(made, "test", "x", {name: (NOW - HOUR).isoformat()}, NOW, "ada").act


def test_times_of_a_report_that_gives_no_zone_are_left_out_where_they_seem_to_come() -> None:
    """[S1.14] Those of another year are not explained by a zone."""
    assert timely(NOW - HOUR, NOW, "UTC", NOW) == ((NOW - HOUR, NOW), ())
    times, told = timely(NOW + HOUR, NOW + 6 * HOUR, "America/New_York", NOW)
    assert times == (None, None) and "read in America/New_York it ended on" in told[0]
    far = NOW + timedelta(days=400)
    assert timely(NOW, far, "UTC", NOW) == ((NOW, far), ())


def test_a_promotion_is_not_of_the_future() -> None:
    """[S1.18]"""
    with pytest.raises(BadInput, match="is to come"):
        promote(unstaged(), "test", NOW, "ada", access_verified=True, when=NOW + HOUR)
