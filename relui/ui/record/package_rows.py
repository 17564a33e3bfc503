"""The record's tabs of the package and of testing [S1.9, S1.12 - S1.17, S1.33]."""

from __future__ import annotations

from relui.domain.dossier.assessment import Assessment, assess
from relui.domain.dossier.package import (
    CATEGORY_OF,
    CATEGORY_WORDS,
    component_gaps,
    kind_words,
    undeclared,
)
from relui.domain.dossier.parts import Component, ConfigItem, Defect, Run
from relui.domain.dossier.testing import CATEGORY_WORDS as TEST_WORDS
from relui.domain.dossier.testing import Coverage, is_open, is_serious
from relui.ui.kit.rows import Row, RowState, section
from relui.ui.one_release.places import PACKAGE_LABELS
from relui.ui.record.view import View, field_rows, point_rows


def package_rows(view: View) -> list[Row]:
    """The package: where it is, its components, what is not declared, build verification, configuration."""
    dossier = view.release.dossier
    complete = view.asks("package-complete")
    asked = {"package-at", "package-access", "package-tag", "build-logs"} if complete else set()
    asked |= {"deployed-version"} if view.asks("configuration-updated") else set()
    build = f"build {dossier.iteration}" if dossier.iteration > 1 else ""
    rows = section("field", "Package", field_rows(view, PACKAGE_LABELS, frozenset(asked)), build)
    rows += section(
        "component",
        "Components",
        [_component_row(view, each) for each in dossier.components],
        "" if dossier.components else "none; c adds one",
    )
    missing = undeclared(view.release) if complete else ()
    if missing:
        left = [
            Row(
                "undeclared",
                kind,
                kind_words(kind),
                CATEGORY_WORDS[CATEGORY_OF[kind]],
                "unmet",
                "needed or not?",
            )
            for kind in missing
        ]
        rows += section("undeclared", "Not declared yet", left, "Enter adds one, Space: not needed")
    rows += point_rows(view, "build")
    rows += section(
        "config-item",
        "Configuration items",
        [_config_row(view, each) for each in dossier.config_items],
        "" if dossier.config_items else "none; c adds one",
    )
    return rows


def _component_row(view: View, component: Component) -> Row:
    words = ", ".join(part for part in (component.kind, component.location) if part)
    if component.presence == "not-needed":
        words = f"{component.kind}: {component.why_not}"
        return Row("component", component.id, component.id, words, "left-out", "not needed")
    lacking = component_gaps(view.release, component)
    state = view.state("component", component.id, asked=view.asks("package-complete"))
    tail = "present" if component.presence == "present" else "missing"
    if component.presence == "present" and lacking and state == "unmet":
        tail = lacking[0].text.removeprefix(f"{component.id} has ")
        if lacking[0].shared:
            tail = f"of build {component.iteration}; Space: as before"
    return Row("component", component.id, component.id, words, state, tail, component.version)


def _config_row(view: View, item: ConfigItem) -> Row:
    words = f"{item.old or '?'} -> {item.new or '?'}" if item.old or item.new else item.attributes
    asked = view.asks("configuration-updated")
    state: RowState = view.state("config-item", item.id, asked=asked)
    return Row(
        "config-item", item.id, item.id, words or "-", state, "updated" if item.updated else "not updated"
    )


def testing_rows(view: View) -> list[Row]:
    """Testing: plan and summary, the matrix, the runs, the defects."""
    release = view.release
    rows = section("field", "Testing", field_rows(view, {"test-plan": "Test plan"}, frozenset()))
    shown = view.asks("matrix-covered", "cases-executed", "test-summary-proceeds", "smoke-and-fix-verified")
    if shown or release.dossier.runs:
        summary = assess(release)
        rows += section("summary", "Test summary", [_summary_row(view, summary)], _build_words(view))
        rows += section("coverage", "Matrix", [_coverage_row(view, each) for each in summary.coverage])
    rows += section(
        "test",
        "Test runs",
        [_run_row(view, run) for run in release.dossier.runs],
        "" if release.dossier.runs else "none; c adds one",
    )
    rows += section(
        "defect",
        "Defects",
        [_defect_row(view, each) for each in release.dossier.defects],
        "" if release.dossier.defects else "none; c adds one",
    )
    return rows


def _build_words(view: View) -> str:
    iteration = view.release.dossier.iteration
    if iteration == 1:
        return ""
    return f"build {iteration}: a serious defect was fixed, and testing began anew with build verification"


def _summary_row(view: View, summary: Assessment) -> Row:
    counts = (
        f"{summary.total} cases: {summary.passed} passed, {summary.failed} failed, {summary.blocked} blocked"
    )
    counts += f", {summary.planned} planned" if summary.planned else ""
    asked = view.asks("test-summary-proceeds")
    if summary.proceed:
        return Row("summary", "", "Proceed", counts, "met" if asked else "plain", "")
    count = len(summary.halts)
    tail = f"{count} reason{'' if count == 1 else 's'} to halt"
    line = view.lines.get("test-summary-proceeds")
    state: RowState = "plain" if line is None else "overridden" if line.passes else "unmet"
    return Row("summary", "", "Halt", counts, state, tail)


def _coverage_row(view: View, row: Coverage) -> Row:
    name = TEST_WORDS[row.category]
    counts = f"{row.passed} passed" + (f", {row.failed} failed" if row.failed else "")
    counts += f", {row.blocked} blocked" if row.blocked else ""
    if not row.required:
        return Row("coverage", row.category, name, counts if row.passed else "", "left-out", "not required")
    asked = view.asks("matrix-covered", "smoke-and-fix-verified")
    state: RowState = "met" if row.covered else "unmet"
    if ("test", row.category) in view.owed:
        state = "unmet"
    return Row(
        "coverage",
        row.category,
        name,
        counts if row.covered else row.why,
        state if asked else "plain",
        row.asked,
    )


def _run_row(view: View, run: Run) -> Row:
    results = [case.result for case in run.cases]
    counts = ", ".join(f"{results.count(name)} {name}" for name in ("passed", "failed", "blocked", "planned") if name in results)  # fmt: skip # noqa: E501
    words = f"{run.category}: {counts or 'no cases'}"
    old = run.iteration != view.release.dossier.iteration
    state: RowState = "left-out" if old else "bad" if "failed" in results else "met" if results else "plain"
    tail = f"build {run.iteration}: counts no more" if old else "failed" if state == "bad" else run.scope
    return Row("test", run.id, run.id, words, state, tail, view.when(run.ended or run.started) or run.by)


def _defect_row(view: View, defect: Defect) -> Row:
    fixes = f"{defect.iterations} fix{'' if defect.iterations == 1 else 'es'}" if defect.iterations else ""
    tail = f"{defect.severity} {defect.state}"
    if is_open(defect):
        known = defect.known_issue or defect.state == "accepted"
        tail += ", known issue" if known else ""
        state: RowState = "bad" if is_serious(defect) else "plain" if known else "unmet"
        if not view.lines and state == "unmet":
            state = "plain"
    else:
        state = "left-out" if defect.state == "rejected" else "met"
    return Row("defect", defect.id, defect.id, defect.summary, state, tail, fixes)
