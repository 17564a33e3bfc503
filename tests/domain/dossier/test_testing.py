"""Testing: the matrix, what runs cover, defects, the builds that their fixes cost, and the summary."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.dossier.assessment import assess
from relui.domain.dossier.editing import add_part, edit_part
from relui.domain.dossier.package import build_gaps
from relui.domain.dossier.parts import Case, Defect, Run
from relui.domain.dossier.testing import (
    MATRIX,
    SCOPES,
    asked_of,
    blocking_gaps,
    coverage,
    coverage_gaps,
    known_issues,
    undocumented_gaps,
    unexecuted_gaps,
)
from relui.domain.release import RELEASE_TYPES, Release, ReleaseType
from relui.errors import BadInput
from tests.domain.dossier.governed import defect, governed, runs
from tests.domain.releases import GO_LIVE, NOW, payments

TABLE = """
smoke                | required            | required            | required
functional-changed   | required            | required            | required
functional-unchanged | sample              | required            | required
regression           | critical paths      | full suite          | full suite
integration          | affected interfaces | all interfaces      | all interfaces
performance          | not required        | baseline comparison | full load test
security             | vulnerability scan  | vulnerability scan  | penetration test
"""


def of_type(type_: ReleaseType, **more: Any) -> Release:
    return replace(governed(**more), type=type_)


def test_the_matrix_is_the_table_of_the_trade() -> None:
    """[S1.14]"""
    for line in TABLE.strip().splitlines():
        category, *cells = (cell.strip() for cell in line.split("|"))
        found = [asked_of(category, type_) for type_ in ("patch", "minor", "major")]  # type: ignore[arg-type]
        assert found == cells, category


def test_an_emergency_asks_for_smoke_and_what_verifies_the_fix() -> None:
    """[S1.14, S1.36]"""
    asked = [category for category in MATRIX if asked_of(category, "emergency") != "not required"]
    assert asked == ["smoke", "fix"]


@pytest.mark.parametrize("type_", RELEASE_TYPES)
def test_runs_of_everything_that_is_asked_cover_the_matrix(type_: ReleaseType) -> None:
    """[S1.14]"""
    made = of_type(type_)
    made = replace(made, dossier=replace(made.dossier, runs=runs(made)))
    assert coverage_gaps(made) == ()
    for run in made.dossier.runs:
        others = tuple(each for each in made.dossier.runs if each is not run)
        gaps = coverage_gaps(replace(made, dossier=replace(made.dossier, runs=others)))
        assert [gap.name for gap in gaps] == [run.category]


def test_a_run_that_went_less_far_than_the_matrix_asks_does_not_cover_it() -> None:
    """[S1.14] A larger one does."""
    for category, scopes in SCOPES.items():
        for type_ in RELEASE_TYPES:
            asked = asked_of(category, type_)
            for scope in scopes:
                made = of_type(
                    type_, runs=(Run(id="x", category=category, cases=(Case("a", "passed"),), scope=scope),)
                )
                row = next(row for row in coverage(made) if row.category == category)
                enough = asked not in scopes or scopes.index(scope) >= scopes.index(asked)
                assert row.covered == enough, (category, type_, scope)


def test_a_run_that_does_not_say_its_scope_has_what_the_matrix_asks_when_it_is_entered() -> None:
    """[S1.14] A type that asks for more afterwards is not covered by it."""
    given = {"category": "security", "cases": "passed scan"}
    made = add_part(of_type("minor", runs=()), "test", given, NOW, "ada").release
    assert made.dossier.runs[0].scope == "vulnerability scan"
    row = next(row for row in coverage(replace(made, type="major")) if row.category == "security")
    assert row.why == "only vulnerability scan was run, penetration test is required"
    moved = edit_part(made, "test", "security", {"category": "smoke"}, NOW, "ada").release
    assert moved.dossier.runs[0].scope == ""


def with_cases(*results: str, **more: Any) -> Release:
    cases = tuple(Case(f"c{number}", result) for number, result in enumerate(results))  # type: ignore[arg-type]
    return governed(runs=(Run(id="smoke", category="smoke", cases=cases),), **more)


@pytest.mark.parametrize(
    ("results", "why"),
    [((), "no case was executed"), (("blocked", "planned"), "no case was executed"), (("failed",), ""),
     (("passed", "blocked"), "")],
)  # fmt: skip
def test_a_run_covers_its_category_when_something_in_it_was_executed(
    results: tuple[str, ...], why: str
) -> None:
    """[S1.14]"""
    assert coverage(with_cases(*results))[0].why == why


def test_a_planned_case_waits_until_it_has_a_result() -> None:
    """[S1.14] Planning it again takes no result away."""
    made = with_cases("passed", "planned")
    assert [gap.text for gap in unexecuted_gaps(made)] == ["c1 (smoke) was planned and not executed"]
    made = add_part(made, "test", {"category": "smoke", "cases": "blocked c1; c0"}, NOW, "ada").release
    assert unexecuted_gaps(made) == ()
    assert (coverage(made)[0].passed, coverage(made)[0].blocked) == (1, 1)


@pytest.mark.parametrize("severity", ["critical", "high"])
def test_fixing_a_serious_defect_is_a_new_build_and_testing_restarts(severity: str) -> None:
    """[S1.16] Runs and build verifications of the build before count no more, and people are told."""
    made = governed(defects=(defect(severity=severity),))
    assert build_gaps(made) == () and coverage_gaps(made) == ()
    ruling = edit_part(made, "defect", "BUG-1", {"state": "fixed"}, NOW, "ada")
    assert ruling.release.dossier.iteration == 2 and ruling.release.dossier.defects[0].iterations == 1
    assert "Testing restarts at build verification" in ruling.told[0]
    assert len(build_gaps(ruling.release)) == 5 and len(coverage_gaps(ruling.release)) == 7
    assert coverage_gaps(ruling.release)[0].text.endswith("not run since build 2 began")
    verified = edit_part(ruling.release, "defect", "BUG-1", {"state": "verified"}, NOW, "ada")
    assert verified.release.dossier.iteration == 2 and verified.told == ()
    opened = edit_part(verified.release, "defect", "BUG-1", {"state": "open"}, NOW, "ada").release
    again = edit_part(opened, "defect", "BUG-1", {"state": "fixed"}, NOW, "ada").release
    assert (again.dossier.iteration, again.dossier.defects[0].iterations) == (3, 2)


def test_fixing_a_lesser_defect_counts_the_fix_and_no_build() -> None:
    """[S1.16]"""
    ruling = edit_part(governed(defects=(defect(),)), "defect", "BUG-1", {"state": "fixed"}, NOW, "ada")
    assert ruling.release.dossier.iteration == 1 and ruling.release.dossier.defects[0].iterations == 1


def test_lowering_the_severity_together_with_the_fix_saves_no_build() -> None:
    """[S1.16]"""
    made = governed(defects=(defect(severity="high"),))
    ruling = edit_part(made, "defect", "BUG-1", {"state": "fixed", "severity": "low"}, NOW, "ada", "Known")
    assert ruling.release.dossier.iteration == 2


def test_a_serious_defect_that_is_entered_as_fixed_begins_a_build_too() -> None:
    """[S1.16] Nobody knows whether the present build has the fix."""
    text = {"id": "B", "summary": "x", "severity": "critical", "state": "fixed"}
    ruling = add_part(payments(), "defect", text, NOW, "ada")
    assert ruling.release.dossier.iteration == 2 and ruling.release.dossier.defects[0].iterations == 1
    assert "The fix of B is build 2" in ruling.told[0]
    assert add_part(ruling.release, "defect", text, NOW, "ada").act is None
    minor = add_part(payments(), "defect", {**text, "severity": "low"}, NOW, "ada").release
    assert (minor.dossier.iteration, minor.dossier.defects[0].iterations) == (1, 1)
    late = replace(governed(), completed_at=GO_LIVE)
    found = add_part(late, "defect", {**text, "found": "post-deploy"}, NOW, "ada").release
    assert found.dossier.iteration == 1


def test_a_serious_defect_becomes_a_lesser_one_or_none_only_for_a_reason() -> None:
    """[S1.15] No override passes it; the reason is in the log."""
    made = governed(defects=(defect(severity="critical"),))
    for texts, words in (
        ({"severity": "high"}, "from critical to high"),
        ({"severity": "low"}, "from critical to low"),
        ({"state": "rejected"}, "Rejecting BUG-1"),
    ):
        with pytest.raises(BadInput, match=words):
            edit_part(made, "defect", "BUG-1", texts, NOW, "ada")
        ruling = edit_part(made, "defect", "BUG-1", texts, NOW, "ada", "It was the test's own fault")
        assert ruling.act is not None and ruling.act.reason == "It was the test's own fault"
    lesser = governed(defects=(defect(),))
    assert edit_part(lesser, "defect", "BUG-1", {"severity": "low"}, NOW, "ada").act is not None


def test_a_defect_that_was_found_after_the_deployment_begins_no_build() -> None:
    made = replace(governed(defects=(defect(severity="high", found="post-deploy"),)), completed_at=GO_LIVE)
    assert edit_part(made, "defect", "BUG-1", {"state": "fixed"}, NOW, "ada").release.dossier.iteration == 1


@pytest.mark.parametrize(
    ("found", "blocks", "undocumented"),
    [
        (defect(severity="critical"), True, False),
        (defect(severity="high", known_issue=True), True, False),
        (defect(severity="high", state="fixed"), False, False),
        (defect(), False, True),
        (defect(severity="low"), False, True),
        (defect(known_issue=True), False, False),
        (defect(state="accepted"), False, False),
        (defect(state="verified"), False, False),
        (defect(state="rejected", severity="critical"), False, False),
    ],
)
def test_serious_defects_block_and_lesser_ones_must_be_known_issues(
    found: Defect, blocks: bool, undocumented: bool
) -> None:
    """[S1.15, S1.17]"""
    made = governed(defects=(found,))
    assert (blocking_gaps(made) != (), undocumented_gaps(made) != ()) == (blocks, undocumented)
    assert assess(made).proceed == (not blocks and not undocumented)


def test_the_summary_of_good_tests_says_proceed() -> None:
    """[S1.17]"""
    found = assess(governed())
    assert found.proceed and found.halts == () and found.cautions == ()
    assert (found.total, found.passed, found.failed, found.blocked, found.planned) == (7, 7, 0, 0, 0)
    assert [tally.total for tally in found.defects] == [0, 0, 0, 0]


def test_the_summary_counts_the_latest_results_and_lists_known_issues_with_their_risk() -> None:
    """[S1.17]"""
    made = governed(defects=(defect(known_issue=True, workaround="Reload"), defect(id="L", severity="low", state="accepted", risk="None")))  # fmt: skip # noqa: E501
    made = add_part(
        made, "test", {"category": "smoke", "cases": "failed smoke-1; blocked more -- no data"}, NOW, "a"
    ).release
    found = assess(made)
    assert (found.total, found.passed, found.failed, found.blocked) == (8, 6, 1, 1)
    assert [(issue.id, issue.risk, issue.workaround) for issue in found.known_issues] == [
        ("BUG-1", "degrades: should be fixed, or be a known issue", "Reload"),
        ("L", "None", ""),
    ]
    assert [(tally.severity, tally.total, tally.open) for tally in found.defects][2:] == [
        ("medium", 1, 1),
        ("low", 1, 1),
    ]
    assert found.halts == ("smoke-1 (smoke) failed, and no defect names it as its test case",)
    assert found.cautions == (
        "more (smoke) was blocked: no data",
        "L (low) is a known issue without a workaround",
    )
    explained = edit_part(made, "defect", "BUG-1", {"case": "smoke-1"}, NOW, "ada").release
    assert assess(explained).proceed


def test_the_summary_halts_with_every_reason() -> None:
    """[S1.17]"""
    made = with_cases(
        "planned", defects=(defect(severity="critical"), defect(id="M"), defect(id="F", state="fixed"))
    )
    halts = " ".join(assess(made).halts)
    for words in (
        "BUG-1 (critical) is open",
        "M (medium) is open and no known issue",
        "regression tests (full suite): not run",
        "was planned",
    ):
        assert words in halts
    assert "the fix of F (medium) was not verified yet" in assess(made).cautions


defects = st.builds(
    Defect,
    id=st.sampled_from("ABCDEF"),
    summary=st.just("x"),
    severity=st.sampled_from(["critical", "high", "medium", "low"]),
    state=st.sampled_from(["open", "fixed", "verified", "accepted", "rejected"]),
    known_issue=st.booleans(),
)


@given(st.lists(defects, max_size=6, unique_by=lambda found: found.id))
def test_every_open_defect_blocks_lacks_documentation_or_is_a_known_issue(found: list[Defect]) -> None:
    """[S1.15, S1.17]"""
    made = governed(defects=tuple(found))
    told = {gap.name for gap in (*blocking_gaps(made), *undocumented_gaps(made))}
    told |= {issue.id for issue in known_issues(made)}
    assert told == {each.id for each in found if each.state in ("open", "accepted")}
    assert assess(made).proceed == (not blocking_gaps(made) and not undocumented_gaps(made))


@given(
    st.lists(st.sampled_from(["open", "fixed", "verified", "rejected"]), max_size=8),
    st.sampled_from(["high", "low"]),
)
def test_builds_are_counted_by_the_fixes_of_serious_defects(states: list[str], severity: str) -> None:
    """[S1.16]"""
    made, state, fixes = governed(defects=(defect(severity=severity),)), "open", 0
    for new in states:
        fixes += state == "open" and new in ("fixed", "verified")
        made = edit_part(made, "defect", "BUG-1", {"state": new}, NOW, "ada", "Said so").release
        state = new
    assert made.dossier.defects[0].iterations == fixes
    assert made.dossier.iteration == 1 + (fixes if severity == "high" else 0)
