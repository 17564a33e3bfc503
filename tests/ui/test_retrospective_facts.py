"""The facts beside a retrospective, in words."""

from __future__ import annotations

from datetime import timedelta

from relui.domain.closing import close
from relui.domain.outline import Outline
from relui.domain.ticking import fail
from relui.ui.presentation.retrospective_facts import FactsView, course
from tests.domain.releases import GO_LIVE, payments


def test_a_reason_that_items_share_is_told_once() -> None:
    """[S1.29] A rollback leaves many items open for one reason."""
    failed = fail(payments(), ["deploy.healthy"], "ada", GO_LIVE, "500 on /pay").release
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
