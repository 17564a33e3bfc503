"""The facts beside a retrospective, in words."""

from __future__ import annotations

from datetime import timedelta

from relui.domain.closing import close
from relui.domain.learning.actions import Action
from relui.domain.learning.carrying import carry
from relui.domain.marking import fail
from relui.domain.outline import Outline
from relui.ui.retrospective.facts import FactsView, became, course, learned
from tests.domain.releases import GO_LIVE, payments


def test_a_reason_that_items_share_is_told_once() -> None:
    """[S1.29] A rollback leaves many items open for one reason."""
    failed = fail(payments(started_at=GO_LIVE), ["deploy.healthy"], "ada", GO_LIVE, "500 on /pay").release
    closed = close(
        failed,
        "ada",
        GO_LIVE + timedelta(hours=1),
        outcome="rolled-back",
        reason="errors after the deployment",
    ).release
    view = FactsView("UTC", GO_LIVE + timedelta(days=1))
    lines = [line.plain for line in course(closed, Outline(closed), view)]
    assert sum("errors after the deployment" in line for line in lines) == 1
    assert lines[lines.index("Failed 1") :][:3] == ["Failed 1", "[!] Healthy", "    500 on /pay"]
    left = next(line for line in lines if line.startswith("Left open"))
    assert int(left.split()[-1]) > 3


def test_actions_of_another_version_that_stand_here_are_named() -> None:
    """[S0.9] Whatever the archive knows of an earlier retrospective."""
    action = Action(
        id="A-4", text="Name who calls", service="payments", owner="ada", release="REL-2026-10-001",
        raised_at=GO_LIVE - timedelta(days=30), raised_by="ada",
    )  # fmt: skip
    made = carry(payments(), [action], GO_LIVE - timedelta(days=20)).release
    before = became(made, Outline(made), None, (), [action])
    lines = [line.plain for line in learned(made, before, FactsView("UTC", GO_LIVE))]
    assert "Actions that stand here 1" in lines
    assert "[ ] A-4 Name who calls (of REL-2026-10-001)" in lines
