"""Closing: what is missing, the reasons for what stays open, and a debt that no reason clears."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relui.domain.checklist import State
from relui.domain.closing import missing
from relui.domain.outline import Outline
from relui.domain.release import Outcome, Release, Retrospective
from relui.errors import BadInput, Refused
from tests.domain.acts import close, fail, skip, tick
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase, release

LATER = GO_LIVE + timedelta(hours=24)


def paths(nodes: tuple) -> list[str]:
    return [node.path for node in nodes]


def test_open_items_are_told_apart_by_what_they_need() -> None:
    """[S1.29]"""
    made = fail(payments(), ["build.merged"], "ada", NOW, "conflict").release
    found = missing(made, Outline(made))
    assert paths(found.optional) == ["before.mobile", "close.retro"]
    assert "build.merged" not in paths(found.required), "a failure bears its reason already"
    assert paths(found.failed) == ["build.merged"]
    assert "close.closed" not in paths(found.required), "closing ticks it"
    assert found.owed == ()


def test_closing_with_open_required_items_needs_a_reason_each_or_one_for_all() -> None:
    """[S1.29]"""
    made = tick(payments(), ["build", "deploy", "before.vars.flags"], "ada", NOW).release
    with pytest.raises(Refused, match=r"2 required items are open.*before\.backup"):
        close(made, "ada", LATER)
    with pytest.raises(Refused, match="1 required item is open and needs a reason"):
        close(made, "ada", LATER, reasons={"before.backup": "no data"})
    made = tick(made, ["before.vars"], "ada", NOW).release
    each = close(made, "ada", LATER, reasons={"before.backup": "no data", "close.retro": "tomorrow"}).release
    assert each.closing is not None
    assert each.closing.left_open == {"before.backup": "no data", "close.retro": "tomorrow"}
    one = close(made, "ada", LATER, reason="hurry", reasons={"before.backup": "no data"}).release
    assert one.closing is not None
    assert one.closing.left_open == {"before.backup": "no data"}


def test_a_release_with_a_failed_required_item_is_successful_only_with_a_reason() -> None:
    """[S1.29] The failure is named; it stays failed, and the reason stays with it."""
    made = payments(retrospective=Retrospective("fast", "late", "earlier"))
    made = tick(made, ["build", "deploy", "before.vars"], "ada", NOW).release
    made = fail(made, ["before.backup"], "ada", NOW, "disk full").release
    with pytest.raises(Refused, match=r"1 required item failed: 'Backup' \(before\.backup\).*say why"):
        close(made, "ada", LATER)
    ruling = close(made, "ada", LATER, reasons={"before.backup": "nothing was migrated"})
    assert ruling.act is not None and ruling.act.text == "closed as successful, 1 failed"
    closing = ruling.release.closing
    assert closing is not None and closing.left_open == {"before.backup": "nothing was migrated"}
    assert ruling.release.mark("before.backup").state is State.FAILED
    one = close(made, "ada", LATER, reason="nothing was migrated").release.closing
    assert one is not None and one.left_open["before.backup"] == "nothing was migrated"


@pytest.mark.parametrize("outcome", ["partial", "cancelled"])
def test_what_failed_needs_no_second_reason_where_the_outcome_says_so(outcome: Outcome) -> None:
    """[S1.29]"""
    made = fail(payments(), ["build.merged"], "ada", NOW, "conflict").release
    closing = close(made, "ada", LATER, outcome=outcome, reason="so").release.closing
    assert closing is not None and "build.merged" not in closing.left_open


def test_a_failed_optional_item_is_in_nobodys_way() -> None:
    """[S1.29]"""
    made = tick(payments(), ["build", "deploy", "before.vars"], "ada", NOW).release
    made = fail(made, ["before.mobile"], "ada", NOW, "layout").release
    reasons = {"before.backup": "no data", "close.retro": "none"}
    assert close(made, "ada", LATER, reasons=reasons).release.closed


def test_closing_says_that_the_retrospective_is_not_written() -> None:
    """[S1.29]"""
    (told,) = close(payments(), "ada", LATER, reason="r").told
    assert "is not written, and is owed: relui retro REL-2026-11-001" in told
    left = skip(payments(), ["close.retro"], "ada", LATER, "a hotfix").release
    assert close(left, "ada", LATER, reason="r").told == ()
    assert close(payments(), "ada", NOW, outcome="cancelled", reason="r").told == ()
    written = payments(retrospective=Retrospective("fast", "late", "earlier"))
    assert close(written, "ada", LATER, reason="r").told == ()


def test_a_reason_for_an_item_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match=r"Did you mean 'before\.backup'"):
        close(payments(), "ada", LATER, reason="r", reasons={"before.bakup": "typo"})


def test_closing_ticks_what_is_bound_to_it_and_cannot_be_undone() -> None:
    """[S0.5] `Release closed as done` needs no second act."""
    ruling = close(payments(), "ada", LATER, outcome="partial", reason="two regions")
    assert ruling.release.mark("close.closed").state is State.DONE
    assert ruling.release.closed and ruling.act is not None and not ruling.act.reversible
    assert ruling.act.text == "closed as partial, 9 items left open"
    assert ruling.release.closing is not None and ruling.release.closing.outcome == "partial"


def test_cancelling_needs_a_reason() -> None:
    with pytest.raises(BadInput, match="needs a reason"):
        close(payments(), "ada", NOW, outcome="cancelled")
    assert close(payments(), "ada", NOW, outcome="cancelled", reason="withdrawn").release.closed


def test_an_outcome_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="not an outcome"):
        close(payments(), "ada", NOW, outcome="fine")  # type: ignore[arg-type]


def emergency() -> Release:
    return release(
        phase("before", item("fix"), due="T-30m"),
        phase("deploy", item("command"), item("healthy"), due="T"),
        phase(
            "close", item("debt", when_done="debt-settled"), item("closed", when_done="closed"), stage="close"
        ),
        phase(
            "full",
            item("tests"),
            item("wiki", optional=True),
            item("end", when_done="closed"),
            stage="close",
            owed=True,
        ),
        type="emergency",
        rationale="payments are down",
    )


def deployed() -> Release:
    return tick(emergency(), ["before", "deploy"], "ada", GO_LIVE).release


@pytest.mark.parametrize("outcome", ["successful", "partial", "rolled-back"])
def test_no_reason_clears_the_debt_of_a_deployed_emergency(outcome: str) -> None:
    """[S1.36] Not even for its optional items."""
    with pytest.raises(Refused, match="owes 2 items"):
        close(deployed(), "ada", LATER, outcome=outcome, reason="never mind")  # type: ignore[arg-type]


def test_calling_it_cancelled_is_no_way_around_the_debt() -> None:
    """[S1.36] What has begun is cancelled no more, whatever is still open before it."""
    for made in (deployed(), tick(emergency(), ["deploy.command"], "ada", GO_LIVE).release):
        with pytest.raises(Refused, match="cannot be cancelled any more"):
            close(made, "ada", LATER, outcome="cancelled", reason="never mind")


def test_what_has_not_begun_was_not_rolled_back_and_is_said_to_be_no_deployment() -> None:
    """[S1.34]"""
    with pytest.raises(Refused, match="nothing was rolled back"):
        close(payments(), "ada", LATER, outcome="rolled-back", reason="no")
    told = close(payments(), "ada", NOW, reason="no").told
    assert "No deployment of it has begun" in told[0] and "counts as no deployment" in told[0]
    assert "No deployment" not in close(payments(), "ada", LATER, reason="by hand").told[0]


def test_a_failed_item_is_still_owed_and_a_resolved_checklist_closes() -> None:
    """[S1.36]"""
    made = fail(deployed(), ["full.tests"], "ada", LATER, "red").release
    with pytest.raises(Refused, match="owes 2"):
        close(made, "ada", LATER)
    made = skip(made, ["full.wiki"], "ada", LATER, "").release
    made = tick(made, ["full.tests"], "ada", LATER).release
    closed = close(made, "ada", LATER).release
    assert closed.closed and Outline(closed).done == Outline(closed).total


def test_an_emergency_that_was_never_deployed_can_be_cancelled() -> None:
    """[S1.36]"""
    assert close(emergency(), "ada", NOW, outcome="cancelled", reason="false alarm").release.closed
