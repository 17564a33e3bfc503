"""The changes of a release: verified one by one, found in earlier releases, counted, left over [S1.3]."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.closing import close
from relui.domain.dossier.changes import (
    CHECK_WORDS,
    advice,
    change_gaps,
    earlier_releases,
    leftovers,
    verify_change,
)
from relui.domain.dossier.decisions import final_outcome
from relui.domain.dossier.parts import Change, Decision
from relui.domain.release import Release
from relui.domain.summary import Summary, matches, summarise
from relui.errors import Refused
from tests.domain.dossier.governed import CHANGES, defect, governed
from tests.domain.releases import GO_LIVE, NOW

GOOD = CHANGES[0]


def lacking(change: Change, **earlier: tuple[str, ...]) -> list[str]:
    return [found.check for found in verify_change(governed(), change, earlier) if not found.holds]


def test_a_change_holds_when_it_is_approved_new_in_time_and_ready() -> None:
    """[S1.3]"""
    assert lacking(GOOD) == [] and change_gaps(governed(), {}) == ()
    assert [found.check for found in verify_change(governed(), GOOD, {})] == list(CHECK_WORDS)


@pytest.mark.parametrize(
    ("more", "check"),
    [
        ({"status": "proposed"}, "approved"),
        ({"status": "rejected"}, "approved"),
        ({"ready": False}, "ready"),
        ({"target": None}, "date"),
        ({"target": date(2026, 11, 20)}, "date"),
    ],
)
def test_each_verification_fails_alone_and_says_why(more: dict[str, Any], check: str) -> None:
    """[S1.3] Not approved, not ready, no target date, or wanted before the release goes live."""
    changed = replace(GOOD, **more)
    assert lacking(changed) == [check]
    made = governed(changes=(changed, *CHANGES[1:]))
    (gap,) = change_gaps(made, {})
    assert gap.at == "change" and gap.name == GOOD.id and gap.text.startswith(f"{GOOD.id} ")
    assert change_gaps(made, {}, check) == (gap,)  # type: ignore[arg-type]


def test_the_go_live_day_counts_in_the_zone_of_the_release() -> None:
    """[S1.3] 20:00 UTC on the 21st is the 22nd in Auckland."""
    wanted = replace(GOOD, target=date(2026, 11, 21))
    assert verify_change(governed(), wanted, {})[2].holds
    assert not verify_change(replace(governed(), zone="Pacific/Auckland"), wanted, {})[2].holds


def test_a_withdrawn_change_asks_for_nothing() -> None:
    withdrawn = replace(GOOD, status="withdrawn", ready=False)
    assert change_gaps(governed(changes=(withdrawn,)), {}) == ()
    assert advice(governed(changes=(withdrawn,))) == "There is nothing to release: it has no changes."


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "nothing to release"), (1, "1 change: 3 to 15"), (2, "2 changes: 3 to 15"), (3, ""), (15, ""),
     (16, "3 to 15 are usual"), (20, "3 to 15 are usual"), (21, "Split the release")],
)  # fmt: skip
def test_the_number_of_changes_is_advised_on(count: int, words: str) -> None:
    """[S1.3] 3 to 15 are usual; over 20 advise a split."""
    made = governed(changes=tuple(Change(id=str(number), summary="x") for number in range(count)))
    found = advice(made)
    assert words in found and bool(words) == bool(found)
    assert ("Split" in found) == (count > 20)


def other(number: int, outcome: str | None, *references: str, **more: Any) -> Summary:
    row = summarise(governed(changes=tuple(Change(id=name, summary="x") for name in references)))
    return replace(row, id=f"REL-2026-10-{number:03d}", outcome=outcome, **more)


def test_a_change_that_went_out_before_is_found_across_the_archive() -> None:
    """[S1.3] What was cancelled or rolled back did not go out, and a later release is not earlier."""
    others = [
        other(1, "successful", "chg-2026-0001", "X"),
        other(2, "partial", "CHG-2026-0001"),
        other(3, "rolled-back", "CHG-2026-0002"),
        other(4, "cancelled", "CHG-2026-0002"),
        other(5, None, "CHG-2026-0003", go_live=GO_LIVE - timedelta(days=1)),
        other(6, None, "CHG-2026-0004", go_live=GO_LIVE + timedelta(days=1)),
    ]
    found = earlier_releases(governed(), others)
    assert found == {
        "chg-2026-0001": ("REL-2026-10-001", "REL-2026-10-002"),
        "chg-2026-0003": ("REL-2026-10-005",),
    }
    assert lacking(GOOD, **{"chg-2026-0001": ("REL-2026-10-001",)}) == ["first"]
    texts = [gap.text for gap in change_gaps(governed(), found, "first")]
    assert texts[0] == "CHG-2026-0001 was in REL-2026-10-001, REL-2026-10-002 already" and len(texts) == 2


def test_a_release_is_not_earlier_than_itself_nor_one_whose_leftover_it_takes() -> None:
    made = governed(changes=(replace(GOOD, origin="REL-2026-10-001"),))
    assert earlier_releases(made, [summarise(made), other(1, "partial", GOOD.id)]) == {}


def ended(outcome: str, *changes: Change) -> Release:
    made = governed(changes=changes)
    if outcome != "cancelled":
        made = replace(made, started_at=GO_LIVE)
    return close(made, "ada", GO_LIVE, outcome=outcome, reason="r").release  # type: ignore[arg-type]


def test_after_a_rollback_every_change_is_left_over() -> None:
    """[S1.3]"""
    gone = replace(GOOD, id="W", status="withdrawn")
    for outcome in ("rolled-back", "cancelled"):
        left = leftovers(ended(outcome, GOOD, gone))
        assert left == (replace(GOOD, ready=False, origin="REL-2026-11-001"),)


def test_after_a_success_what_was_rejected_or_not_ready_is_left_over() -> None:
    """[S1.3]"""
    rejected = replace(GOOD, id="R", status="rejected")
    unready = replace(GOOD, id="U", ready=False)
    left = leftovers(ended("partial", GOOD, rejected, unready))
    assert [(change.id, change.status, change.ready) for change in left] == [
        ("R", "proposed", False),
        ("U", "approved", False),
    ]


def test_a_release_without_an_outcome_leaves_nothing_over() -> None:
    with pytest.raises(Refused, match="has no outcome yet"):
        leftovers(governed())


def test_the_outcome_of_a_release_that_is_not_closed_follows_from_its_decisions() -> None:
    def decided(*decisions: Decision) -> str | None:
        return final_outcome(governed(decisions=decisions))

    start, done, back = (
        Decision(id=kind, kind=kind, at=NOW, by="ada")  # type: ignore[arg-type]
        for kind in ("start", "complete", "rollback")
    )
    assert (decided(start), decided(start, done), decided(start, back)) == (None, "successful", "rolled-back")
    undone = Decision(id="d4", kind="decide", at=NOW, by="ada", withdraws="rollback")
    assert decided(start, back, undone) is None


def test_a_summary_bears_the_changes_and_counts_the_defects() -> None:
    """[S1.34] Defects found while testing by severity, and those that escaped; rejected ones are none."""
    made = governed(
        changes=(
            GOOD,
            replace(GOOD, id="CHG-9", summary="Ledger EXPORT"),
            replace(GOOD, id="W", status="withdrawn"),
        ),
        defects=(
            defect(), defect(id="B", severity="high"), defect(id="C", found="post-deploy"),
            defect(id="D", state="rejected"),
        ),
    )  # fmt: skip
    row = summarise(made)
    assert row.changes == (GOOD.id, "CHG-9") and row.defects == {"medium": 1, "high": 1} and row.escaped == 1
    assert matches(row, "chg-9") and matches(row, "ledger export") and not matches(row, "chg-10")


changes = st.builds(
    Change,
    id=st.sampled_from("ABCDEFGH"),
    summary=st.just("x"),
    status=st.sampled_from(["proposed", "approved", "rejected", "withdrawn"]),
    target=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    ready=st.booleans(),
)


@given(st.lists(changes, max_size=6, unique_by=lambda change: change.id))
def test_a_release_has_no_gap_exactly_when_every_verification_of_every_change_holds(
    found: list[Change],
) -> None:
    """[S1.3]"""
    made = governed(changes=tuple(found))
    all_hold = all(
        each.holds
        for change in found
        if change.status != "withdrawn"
        for each in verify_change(made, change, {})
    )
    assert (change_gaps(made, {}) == ()) == all_hold


@given(st.lists(changes, max_size=6, unique_by=lambda change: change.id))
def test_what_goes_out_and_what_is_left_over_are_all_the_changes_that_nobody_withdrew(
    found: list[Change],
) -> None:
    """[S1.3]"""
    made = governed(changes=tuple(found))
    left = {change.id for change in leftovers(made, "successful")}
    out = {change.id for change in found if change.status == "approved" and change.ready}
    assert left | out == {change.id for change in found if change.status != "withdrawn"} and not left & out
