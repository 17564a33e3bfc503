"""What was recorded for one build does not stand for the next; fixes made together are one [S1.12, S1.16]."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.dossier.builds import begun, build_by, former
from relui.domain.dossier.components import carry_over
from relui.domain.dossier.criteria import CRITERIA
from relui.domain.dossier.editing import add_part, edit_part
from relui.domain.dossier.environments import promote
from relui.domain.dossier.package import package_gaps
from relui.domain.dossier.parts import Defect, Dossier
from relui.domain.dossier.points import POINTS, doubts
from relui.domain.dossier.signing import confirm
from relui.domain.dossier.signoffs import signed
from relui.domain.dossier.testing import coverage, present_runs
from relui.domain.editing import edit
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput
from tests.domain.dossier.gated import DAY, confirmed_all, context, promoted_all, signed_by, staged
from tests.domain.dossier.governed import confirmed, governed, runs

OF_BUILD = (
    "package-complete", "build-verified", "notes-generated", "cases-executed", "matrix-covered",
    "test-summary-proceeds", "runbook-rehearsed", "user-acceptance-done", "acceptance-signed",
    "readiness-reviewed", "handed-off",
)  # fmt: skip
"""Criteria that are met by what is recorded for a build."""
LATER = DAY + timedelta(minutes=10)


def met(release: Release, *names: str) -> set[str]:
    return {name for name in names if CRITERIA[name].condition(release, context()).holds}


def whole() -> Release:
    """Build 1 with everything recorded for it."""
    return signed_by(confirmed_all(staged(), "handoff"), "go")


def next_build(release: Release) -> Release:
    return begun(release, LATER, "the fix of BUG-1")


def test_nothing_that_was_recorded_for_a_build_meets_a_criterion_of_the_next() -> None:
    """[S1.12, S1.16] All of it is asked for again, and the way there names the build."""
    first = whole()
    assert met(first, *OF_BUILD) == set(OF_BUILD) and signed(first, "go")
    second = next_build(first)
    assert met(second, *OF_BUILD) == set() and not signed(second, "go")
    why = CRITERIA["package-complete"].condition(second, context()).why
    assert "said for build 1, to be said for build 2: the-binary, the-image" in why


ACTS: dict[str, Any] = {
    "confirm": lambda made, at: confirm(
        made, [name for name in POINTS if not name.startswith("close.")], "ada", at, note="noted"
    ).release,
    "carry": lambda made, at: carry_over(made, ["all"], at).release,
    "tag": lambda made, at: edit(
        made, {"package-tag": f"{made.id}_{made.version}", "build-logs": "https://ci/78"}, at
    ).release,
    "promote": lambda made, at: promote(
        promote(made, "test", at, "ada", access_verified=True).release, "staging", at, "ada",
        access_verified=True,
    ).release,
    "test": lambda made, at: replace(
        made, dossier=replace(made.dossier, runs=(*made.dossier.runs, *runs(made, made.dossier.iteration)))
    ),
    "sign": lambda made, at: signed_by(signed_by(promoted_all(made), "acceptance"), "readiness", "ben"),
}  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=6))
def test_whatever_is_recorded_for_a_build_it_never_meets_a_criterion_of_the_next(acts: list[str]) -> None:
    """[S1.16] In whatever order, and again for the one after that."""
    made, at = next_build(whole()), LATER
    for name in acts:
        at += timedelta(minutes=1)
        if name == "confirm":
            made = promoted_all(made)
        made = ACTS[name](made, at)
    assert met(begun(made, at + timedelta(minutes=1), "a fix"), *OF_BUILD) == set()


def test_the_facts_of_a_build_stay_readable_as_its_own() -> None:
    """[S1.16] Its checksums, tag, logs, promotions and confirmations; a third build keeps both."""
    second = next_build(whole())
    (one,) = second.dossier.past_builds
    assert (one.id, one.why, one.tag) == ("1", "the fix of BUG-1", second.dossier.package_tag)
    assert one.checksums["the-image"] == "tag-1" and set(one.promoted) == {"test", "staging"}
    assert {"build.images", "notes.generated", "runbook.executed"} <= {each.id for each in one.confirmations}
    third = begun(carry_over(second, ["the-image"], LATER).release, LATER, "another")
    assert [each.id for each in third.dossier.past_builds] == ["1", "2"]
    assert third.dossier.past_builds[1].checksums == {"the-image": "tag-1"}
    assert third.dossier.past_builds[1].tag == ""


def test_what_is_in_the_build_as_before_is_carried_over_by_name_or_all_of_it() -> None:
    """[S1.9, S1.12] The tag and the logs are named; nothing else changes."""
    second = next_build(whole())
    ruling = carry_over(second, ["the-image"], LATER)
    assert ruling.changed == ("the-image",) and ruling.act is not None
    assert "the-image" not in former(ruling.release) and "the-binary" in former(ruling.release)
    rest = carry_over(ruling.release, ["all"], LATER).release
    assert former(rest) == ("package-tag", "build-logs")
    assert package_gaps(carry_over(rest, ["package-tag", "build-logs"], LATER).release) == ()
    assert carry_over(rest, ["all"], LATER).act is None
    with pytest.raises(BadInput, match="Did you mean 'the-image'"):
        carry_over(second, ["the-imgae"], LATER)


def test_saying_the_same_again_says_it_for_the_present_build() -> None:
    """[S1.9, S1.13] By the part, and by the release's own fields; what else a part has says nothing."""
    second = next_build(whole())
    made = edit_part(second, "component", "the-image", {"checksum": "tag-1"}, LATER, "ada")
    assert made.act is not None and "in build 2 as before" in made.act.text
    assert "the-image" not in former(made.release)
    assert edit_part(made.release, "component", "the-image", {"checksum": "tag-1"}, LATER, "ada").act is None
    renamed = edit_part(second, "component", "the-image", {"id": "image"}, LATER, "ada").release
    assert "image" in former(renamed)
    tag = second.dossier.package_tag
    again = edit(second, {"package-tag": tag}, LATER)
    assert again.act is not None and "package-tag: in build 2 as before" in again.act.text
    assert "package-tag" not in former(again.release)
    assert edit(again.release, {"package-tag": tag}, LATER).act is None


# -- which build has a fix -------------------------------------------------------------------------


def found(*severities: str) -> Release:
    """Build 1, tested, with open defects D-1, D-2 ... that were seen in it."""
    made = governed()
    for number, severity in enumerate(severities, 1):
        text = {"id": f"D-{number}", "summary": "x", "severity": severity}
        made = add_part(made, "defect", text, DAY, "ada").release
    return made


def fix(release: Release, name: str, **more: str) -> Ruling:
    given = {"state": "fixed", **{key.replace("_", "-"): value for key, value in more.items()}}
    return edit_part(release, "defect", name, given, LATER, "ada")


def fixes(release: Release) -> list[int]:
    return [each.fixed_in for each in release.dossier.defects]


def test_fixes_that_go_together_make_one_build() -> None:
    """[S1.16] Until it has a test result; the defects of then are fixed in the next one."""
    one = fix(found("critical", "high", "high"), "D-1").release
    ruling = fix(one, "D-2")
    assert ruling.release.dossier.iteration == 2 and fixes(ruling.release) == [2, 2, 0]
    assert ruling.told == ("The fix of D-2 is in build 2: no other build begins.",)
    tested = add_part(
        ruling.release, "test", {"category": "smoke", "cases": "passed a"}, LATER, "ada"
    ).release
    assert fixes(fix(tested, "D-3").release) == [2, 2, 3]
    assert fixes(fix(tested, "D-3", fixed_in="2").release) == [2, 2, 2]


def test_a_defect_that_was_seen_in_a_build_is_not_fixed_in_it() -> None:
    """[S1.16] Nor because somebody says so; one that was entered late says where it was seen."""
    two = fix(found("critical"), "D-1").release
    late = {"id": "D-9", "summary": "x", "severity": "high"}
    seen = add_part(two, "defect", late, LATER, "ada").release
    assert fix(seen, "D-9").release.dossier.iteration == 3
    with pytest.raises(BadInput, match=r"this is build 2, and the defect was seen in build 2\. Say 3\."):
        fix(seen, "D-9", fixed_in="2")
    earlier = add_part(two, "defect", {**late, "seen-in": "1"}, LATER, "ada").release
    assert fix(earlier, "D-9").release.dossier.iteration == 2


def test_a_fix_that_failed_is_in_the_build_after_the_one_it_failed_in() -> None:
    """[S1.16]"""
    two = fix(found("critical"), "D-1").release
    again = edit_part(two, "defect", "D-1", {"state": "open"}, LATER, "ada").release
    assert (again.dossier.defects[0].build, again.dossier.defects[0].fixed_in) == (2, 0)
    three = fix(again, "D-1").release
    assert (three.dossier.iteration, three.dossier.defects[0].iterations) == (3, 2)


def test_a_lesser_fix_begins_a_build_only_where_it_names_the_next() -> None:
    """[S1.16]"""
    made = found("medium")
    assert fix(made, "D-1").release.dossier.iteration == 1
    assert fix(made, "D-1", fixed_in="2").release.dossier.iteration == 2
    for wrong in ("3", "0x", "-1"):
        with pytest.raises(BadInput):
            fix(made, "D-1", fixed_in=wrong)
    with pytest.raises(BadInput, match="Give its state as well"):
        edit_part(made, "defect", "D-1", {"fixed-in": "1"}, LATER, "ada")


@given(st.lists(st.sampled_from(["critical", "high", "medium", "low"]), min_size=1, max_size=5))
def test_defects_that_are_fixed_without_a_test_between_them_cost_one_build(severities: list[str]) -> None:
    """[S1.16] Each is counted as fixed once."""
    made = found(*severities)
    for number in range(1, len(severities) + 1):
        made = fix(made, f"D-{number}").release
    assert made.dossier.iteration == 1 + bool({"critical", "high"} & set(severities))
    assert {each.iterations for each in made.dossier.defects} == {1}
    assert len(made.dossier.past_builds) == made.dossier.iteration - 1


def test_no_test_and_no_promotion_is_older_than_its_build() -> None:
    """[S1.14, S1.18] A build that was made before it was recorded says when; that moves what counts."""
    two = fix(found("critical"), "D-1").release
    before = (LATER - timedelta(hours=2)).isoformat()
    run = {"id": "smoke-2", "category": "smoke", "cases": "passed a", "started": before}
    with pytest.raises(BadInput, match=r"was before build 2.*--set built=INSTANT"):
        add_part(two, "test", run, LATER, "ada")
    with pytest.raises(BadInput, match=r"Build 2 is of .*--set built=INSTANT"):
        promote(two, "test", LATER, "ada", access_verified=True, when=LATER - timedelta(hours=2))
    earlier = edit(two, {"built": (LATER - timedelta(hours=3)).isoformat()}, LATER).release
    made = add_part(earlier, "test", run, LATER, "ada").release
    assert [each.id for each in present_runs(made)] == ["smoke-2"]
    moved = edit(made, {"built": LATER.isoformat()}, LATER).release
    assert present_runs(moved) == () and coverage(moved)[0].why == "not run since build 2 began"
    with pytest.raises(BadInput, match="still to come"):
        edit(made, {"built": (LATER + timedelta(hours=1)).isoformat()}, LATER)


# -- older records ---------------------------------------------------------------------------------


def test_facts_of_an_older_record_belong_to_the_first_build() -> None:
    """[S1.12, S1.21] What says no build at all is of the first one, or of the one that was known by then."""
    made = whole()
    plain = tuple(
        replace(each, basis={name: mark for name, mark in each.basis.items() if name != "build"})
        for each in made.dossier.signoffs
    )
    old = replace(made, dossier=replace(made.dossier, signoffs=plain))
    assert signed(old, "acceptance") and signed(old, "readiness") and signed(old, "go")
    later = replace(old, dossier=replace(old.dossier, iteration=2))
    assert not signed(later, "acceptance") and not signed(later, "readiness") and not signed(later, "go")
    assert signed(later, "definition") and signed(later, "test-plan")
    second = replace(later, dossier=replace(later.dossier, confirmations=confirmed(2)))
    assert build_by(second, DAY) == 2 and signed(second, "readiness")
    assert Defect(id="x", summary="x", severity="low").build == 1 and Dossier().past_builds == ()


def test_points_of_an_older_record_count_for_the_build_that_they_name() -> None:
    """[S1.12] Their basis says nothing of a build: the confirmation itself does."""
    made = confirm(promoted_all(governed()), ["notes.generated"], "ada", DAY).release
    old = replace(made.dossier.confirmations[-1], basis={})
    assert doubts(made, old) == ()
    (why,) = doubts(next_build(made), old)
    assert why == "it was given for build 1, and this is build 2"
