"""The test summary as a document [S1.17]: totals, defects, known issues, coverage, and what it advises."""

from __future__ import annotations

from collections.abc import Iterable

from relui.documents.facts import Paper
from relui.documents.page import Page
from relui.domain.dossier.assessment import Assessment, KnownIssue, assess
from relui.domain.dossier.parts import Defect
from relui.domain.dossier.testing import CATEGORY_WORDS, SEVERITY_WORDS, latest_cases
from relui.domain.release import Release


def summary_markdown(release: Release, paper: Paper) -> str:
    """The test summary of a release as it stands at the paper's instant, which it names."""
    found = assess(release)
    page = Page(f"Test summary: {release.title}", paper.zone)
    page.facts(
        ("Release", release.id),
        ("Version", release.version),
        ("Type", release.type),
        ("As of", f"{page.at(paper.now)} ({paper.zone})"),
    )
    if not (release.dossier.runs or release.dossier.defects or release.criteria):
        page.text("No test run and no defect is recorded.")
        return page.whole
    recommendation(page, found)
    totals(page, found)
    not_passed(page, release)
    coverage_section(page, found)
    _runs(page, release)
    _defects(page, release, found)
    known_issues_section(page, found)
    page.section("Test plan").quote(release.dossier.test_plan)
    return page.whole


def recommendation(page: Page, found: Assessment) -> None:
    """Proceed or halt, with every reason."""
    page.section("Recommendation").text("Proceed." if found.proceed else "Halt.")
    page.section("Reasons to halt", 3).bullets(found.halts)
    page.section("To be thought of", 3).bullets(found.cautions)


def totals(page: Page, found: Assessment) -> None:
    """How many cases have which result."""
    page.section("Totals").facts(
        ("Build", str(found.iteration)),
        ("Cases", str(found.total)),
        ("Passed", str(found.passed)),
        ("Failed", str(found.failed)),
        ("Blocked", str(found.blocked)),
        ("Not executed", str(found.planned) if found.planned else ""),
    )


def not_passed(page: Page, release: Release) -> None:
    """By name, each case whose latest result for the present build is not a pass; failed ones first."""
    defects = {each.case: each.id for each in release.dossier.defects if each.case}
    found = [
        (case, words)
        for category, words in CATEGORY_WORDS.items()
        for case in latest_cases(release, category).values()
        if case.result != "passed"
    ]
    found.sort(key=lambda each: _WORST_FIRST.index(each[0].result))
    page.section("Cases that did not pass", 3).table(
        ("Case", "Result", "Tests", "Defect", "Note"),
        ((case.id, case.result, words, defects.get(case.id, ""), case.note) for case, words in found),
    )


_WORST_FIRST = ("failed", "blocked", "planned")


def coverage_section(page: Page, found: Assessment) -> None:
    """The matrix of the release's type against what was run."""
    page.section("Coverage").table(
        ("Tests", "Asked for", "Covered", "Passed", "Failed", "Blocked", "Missing"),
        (
            (CATEGORY_WORDS[row.category], row.asked, "yes" if row.covered else "no", str(row.passed),
             str(row.failed), str(row.blocked), row.why)
            for row in found.coverage
            if row.required or row.passed or row.failed or row.blocked
        ),
    )  # fmt: skip


def _runs(page: Page, release: Release) -> None:
    page.section("Test runs")
    rows = []
    for run in release.dossier.runs:
        results = [case.result for case in run.cases]
        words = ", ".join(f"{results.count(each)} {each}" for each in dict.fromkeys(results))
        build = f"{run.iteration}{'' if run.iteration == release.dossier.iteration else ' (counts no more)'}"
        rows.append(
            (run.id, CATEGORY_WORDS[run.category], run.scope, build, words, page.at(run.started),
             page.at(run.ended), run.by, run.evidence)
        )  # fmt: skip
    page.table(("Run", "Tests", "Scope", "Build", "Results", "Started", "Ended", "By", "Evidence"), rows)


def _defects(page: Page, release: Release, found: Assessment) -> None:
    page.section("Defects").table(
        ("Severity", "Found", "Open", "Meaning"),
        (
            (tally.severity, str(tally.total), str(tally.open), SEVERITY_WORDS[tally.severity])
            for tally in found.defects
            if release.dossier.defects
        ),
    )
    page.table(
        ("Reference", "Summary", "Severity", "State", "Found in", "Fixes", "Case", "Known issue"),
        (
            (each.id, each.summary, each.severity, each.state, each.found, str(each.iterations or ""),
             each.case, "yes" if each.known_issue or each.state == "accepted" else "")
            for each in release.dossier.defects
        ),
    )  # fmt: skip


def known_issues_section(page: Page, found: Assessment) -> None:
    """What users will still meet, what it means for them, and what helps."""
    page.section("Known issues")
    known_issues_table(page, found.known_issues)


def known_issues_table(page: Page, found: Iterable[Defect | KnownIssue]) -> None:
    """Defects with their risk and workaround."""
    page.table(
        ("Reference", "Summary", "Severity", "Risk", "Workaround"),
        ((each.id, each.summary, each.severity, each.risk, each.workaround) for each in found),
    )
