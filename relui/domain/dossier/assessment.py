"""The test summary: totals, defects, known issues, coverage, and whether to proceed, and why [S1.17]."""

from __future__ import annotations

from msgspec import Struct

from relui.domain.dossier.parts import Severity
from relui.domain.dossier.testing import (
    SEVERITIES,
    SEVERITY_WORDS,
    Coverage,
    blocking_gaps,
    coverage,
    coverage_gaps,
    is_open,
    known_issues,
    latest_cases,
    undocumented_gaps,
    unexecuted_gaps,
)
from relui.domain.release import Release


class KnownIssue(Struct, frozen=True):
    """A defect that users will still meet: what it means for them, and what they can do meanwhile."""

    id: str
    summary: str
    severity: Severity
    risk: str
    workaround: str


class Tally(Struct, frozen=True):
    """How many defects of one severity there are, and how many of them are open."""

    severity: Severity
    total: int
    open: int


class Assessment(Struct, frozen=True):
    """What testing the present build (`iteration`) found. `proceed` is false when there is a reason to halt.

    Totals count the latest result of each case. `cautions` are no reasons to halt, but to think.
    """

    iteration: int
    total: int
    passed: int
    failed: int
    blocked: int
    planned: int
    defects: tuple[Tally, ...]
    known_issues: tuple[KnownIssue, ...]
    coverage: tuple[Coverage, ...]
    halts: tuple[str, ...]
    cautions: tuple[str, ...]

    @property
    def proceed(self) -> bool:
        """The recommendation."""
        return not self.halts


def assess(release: Release) -> Assessment:
    """The test summary of a release [S1.17]."""
    cases = latest_cases(release)
    results = [case.result for case in cases.values()]
    return Assessment(
        iteration=release.dossier.iteration,
        total=len(results),
        passed=results.count("passed"),
        failed=results.count("failed"),
        blocked=results.count("blocked"),
        planned=results.count("planned"),
        defects=tallies(release),
        known_issues=tuple(
            KnownIssue(
                defect.id,
                defect.summary,
                defect.severity,
                defect.risk or SEVERITY_WORDS[defect.severity],
                defect.workaround,
            )
            for defect in known_issues(release)
        ),
        coverage=coverage(release),
        halts=_halts(release),
        cautions=_cautions(release),
    )


def tallies(release: Release) -> tuple[Tally, ...]:
    """Defects by severity, the worst first; the rejected ones are none."""
    found = [defect for defect in release.dossier.defects if defect.state != "rejected"]
    return tuple(
        Tally(
            severity,
            sum(1 for defect in found if defect.severity == severity),
            sum(1 for defect in found if defect.severity == severity and is_open(defect)),
        )
        for severity in SEVERITIES
    )


def _halts(release: Release) -> tuple[str, ...]:
    """Why not to proceed; a failed case that no defect explains is one reason."""
    gaps = (
        *blocking_gaps(release),
        *undocumented_gaps(release),
        *coverage_gaps(release),
        *unexecuted_gaps(release),
    )
    explained = {defect.case for defect in release.dossier.defects}
    failed = tuple(
        f"{case_id} ({category}) failed, and no defect names it as its test case"
        for (category, case_id), case in latest_cases(release).items()
        if case.result == "failed" and case_id not in explained
    )
    return (*(gap.text for gap in gaps), *failed)


def _cautions(release: Release) -> tuple[str, ...]:
    blocked = tuple(
        f"{case_id} ({category}) was blocked{': ' + case.note if case.note else ''}"
        for (category, case_id), case in latest_cases(release).items()
        if case.result == "blocked"
    )
    unproved = tuple(
        f"the fix of {defect.id} ({defect.severity}) was not verified yet"
        for defect in release.dossier.defects
        if defect.state == "fixed"
    )
    without = tuple(
        f"{defect.id} ({defect.severity}) is a known issue without a workaround"
        for defect in known_issues(release)
        if not defect.workaround
    )
    return (*blocked, *unproved, *without)
