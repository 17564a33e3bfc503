"""Testing [S1.14 - S1.16]: what each type needs, what the runs cover, defects and the builds they cost.

Only runs of the present build count. The summary of all this stands in `assessment.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.dossier.builds import begun
from relui.domain.dossier.parts import Case, Defect, Run, Severity, TestCategory
from relui.domain.release import Release, ReleaseType
from relui.domain.ruling import Gap
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

CATEGORY_WORDS: Mapping[TestCategory, str] = {
    "smoke": "Smoke",
    "functional-changed": "Functional, changed areas",
    "functional-unchanged": "Functional, unchanged areas",
    "regression": "Regression",
    "integration": "Integration",
    "performance": "Performance",
    "security": "Security",
    "fix": "What verifies the fix",
}

NOT_REQUIRED = "not required"
REQUIRED = "required"

MATRIX: Mapping[TestCategory, Mapping[ReleaseType, str]] = {
    "smoke": {"patch": REQUIRED, "minor": REQUIRED, "major": REQUIRED, "emergency": REQUIRED},
    "functional-changed": {"patch": REQUIRED, "minor": REQUIRED, "major": REQUIRED},
    "functional-unchanged": {"patch": "sample", "minor": REQUIRED, "major": REQUIRED},
    "regression": {"patch": "critical paths", "minor": "full suite", "major": "full suite"},
    "integration": {"patch": "affected interfaces", "minor": "all interfaces", "major": "all interfaces"},
    "performance": {"minor": "baseline comparison", "major": "full load test"},
    "security": {"patch": "vulnerability scan", "minor": "vulnerability scan", "major": "penetration test"},
    "fix": {"emergency": REQUIRED},
}
"""What is required of each category by the type of release [S1.14]; what is not here is not required."""

SCOPES: Mapping[TestCategory, tuple[str, ...]] = {
    "functional-unchanged": ("sample", REQUIRED),
    "regression": ("critical paths", "full suite"),
    "integration": ("affected interfaces", "all interfaces"),
    "performance": ("baseline comparison", "full load test"),
    "security": ("vulnerability scan", "penetration test"),
}
"""How far a run of a category can go, the smaller first: a larger one covers what asks for the smaller."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
SEVERITY_WORDS: Mapping[Severity, str] = {
    "critical": "prevents core function: blocks the release",
    "high": "impairs: must be fixed before the release",
    "medium": "degrades: should be fixed, or be a known issue",
    "low": "minor: acceptable as a known issue",
}
SERIOUS: tuple[Severity, ...] = ("critical", "high")
"""Severities whose fix means a new build."""

ANOTHER_ZONE = timedelta(hours=26)
"""So far two zones are apart at most."""

_Told = tuple[str, ...]


class Coverage(Struct, frozen=True):
    """One row of the matrix for one release: what is asked, whether runs of the present build cover it.

    `why` says what is missing; `last` counts the latest result of each case.
    """

    category: TestCategory
    asked: str
    covered: bool
    why: str = ""
    passed: int = 0
    failed: int = 0
    blocked: int = 0
    planned: int = 0

    @property
    def required(self) -> bool:
        """The matrix asks for it."""
        return self.asked != NOT_REQUIRED


def asked_of(category: TestCategory, type_: ReleaseType) -> str:
    """The matrix's word for a category and a type of release."""
    return MATRIX[category].get(type_, NOT_REQUIRED)


def checked_run(release: Release, before: Run | None, run: Run, at: datetime) -> Run:
    """The run with a scope: one of its category's, or what the matrix asks for. Raises BadInput.

    Its times must be over at `at`, and not before its build: nobody has tested what was not there.
    """
    if before is None or (before.started, before.ended) != (run.started, run.ended):
        _check_times(release, run, at)
    known = SCOPES.get(run.category, ())
    scope = " ".join(run.scope.lower().split())
    if before is not None and before.category != run.category and run.scope == before.scope:
        scope = ""
    if not scope:
        asked = asked_of(run.category, release.type)
        return replace(run, scope=asked if asked in known else "")
    if scope not in known:
        hint = did_you_mean(scope, known) if known else " Leave it out."
        raise BadInput(f"{quoted(run.scope)} is no scope of {run.category} tests.{hint}")
    return replace(run, scope=scope)


def _check_times(release: Release, run: Run, at: datetime) -> None:
    if run.started and run.ended and run.ended < run.started:
        raise BadInput(f"The test run {quoted(run.id)} cannot end before it starts.")
    began = release.dossier.built_at
    first = min((moment for moment in (run.started, run.ended) if moment is not None), default=None)
    if began is not None and first is not None and first < began and _is_present(release, run):
        number = release.dossier.iteration
        raise BadInput(
            f"The test run {quoted(run.id)} was before build {number}, which is of "
            f"{moment_words(began, release.zone)}: it tested another build. If that build was made earlier, "
            f"say when: relui edit {release.id} --set built=INSTANT."
        )
    for moment in (run.started, run.ended):
        if moment is not None and moment > at:
            words = moment_words(moment, release.zone)
            raise BadInput(
                f"The test run {quoted(run.id)} is recorded when it was: {words} is still to come. Correct "
                "its times, or leave them out."
            )


_Times = tuple[datetime | None, datetime | None]


def timely(started: datetime | None, ended: datetime | None, zone: str, at: datetime) -> tuple[_Times, _Told]:
    """A report's start and end (UTC), and what people are told.

    Many reports give wall-clock times without their zone: read in another one they seem to be of the next
    hours. Such times are not taken over, and that is told; the results are. What is further ahead is left
    as it is, for `checked_run` to refuse.
    """
    latest = max((moment for moment in (started, ended) if moment is not None), default=at)
    if not at < latest <= at + ANOTHER_ZONE:
        return (started, ended), ()
    words = moment_words(latest, zone)
    return (None, None), (
        f"The report's times are not taken over: read in {zone} it ended on {words}, which is still to come.",
    )


def present_runs(release: Release) -> tuple[Run, ...]:
    """The runs of the present build, in the order in which they were entered.

    One that took place before the build was made, as is known now, is not of it.
    """
    began = release.dossier.built_at
    return tuple(
        run
        for run in release.dossier.runs
        if _is_present(release, run) and not (began and (run.ended or run.started or began) < began)
    )


def _is_present(release: Release, run: Run) -> bool:
    return run.iteration == release.dossier.iteration


def is_tested(release: Release) -> bool:
    """The present build has a test result: a fix that is made now is in the next one."""
    return any(case.result != "planned" for run in present_runs(release) for case in run.cases)


def latest_cases(release: Release, category: TestCategory | None = None) -> dict[tuple[str, str], Case]:
    """(category, case id) -> its latest result in the present build. A case planned again stays executed."""
    found: dict[tuple[str, str], Case] = {}
    for run in present_runs(release):
        if category is not None and run.category != category:
            continue
        for case in run.cases:
            if case.result != "planned" or (run.category, case.id) not in found:
                found[run.category, case.id] = case
    return found


def coverage(release: Release) -> tuple[Coverage, ...]:
    """The matrix for this release against the runs of its present build [S1.14], in the matrix's order."""
    return tuple(_row(release, category) for category in MATRIX)


def _row(release: Release, category: TestCategory) -> Coverage:
    asked = asked_of(category, release.type)
    results = [case.result for case in latest_cases(release, category).values()]
    counted = {name: results.count(name) for name in ("passed", "failed", "blocked", "planned")}
    why = ""
    if asked != NOT_REQUIRED:
        why = _uncovered(release, category, asked, executed=counted["passed"] + counted["failed"])
    return Coverage(category, asked, not why, why, **counted)


def _uncovered(release: Release, category: TestCategory, asked: str, *, executed: int) -> str:
    runs = [run for run in present_runs(release) if run.category == category]
    if not runs:
        older = any(run.category == category for run in release.dossier.runs)
        return f"not run since build {release.dossier.iteration} began" if older else "not run"
    if not executed:
        return "no case was executed"
    scopes = SCOPES.get(category, ())
    if asked in scopes:
        enough = scopes[scopes.index(asked) :]
        done = [run for run in runs if any(case.result in ("passed", "failed") for case in run.cases)]
        if not any(run.scope in enough for run in done):
            return f"only {done[-1].scope or 'an unknown part'} was run, {_whole(asked)} is required"
    return ""


def _whole(asked: str) -> str:
    return "all of it" if asked == REQUIRED else asked


def coverage_gaps(release: Release) -> tuple[Gap, ...]:
    """What the matrix still asks for [S1.14]."""
    return tuple(
        Gap(f"{CATEGORY_WORDS[row.category].lower()} tests ({row.asked}): {row.why}", "test", row.category)
        for row in coverage(release)
        if not row.covered
    )


def unexecuted_gaps(release: Release) -> tuple[Gap, ...]:
    """Planned cases of the present build without a result."""
    return tuple(
        Gap(f"{case_id} ({category}) was planned and not executed", "test", category)
        for (category, case_id), case in latest_cases(release).items()
        if case.result == "planned"
    )


def is_open(defect: Defect) -> bool:
    """Users will still meet it: nobody fixed it, and it is a defect."""
    return defect.state in ("open", "accepted")


def is_serious(defect: Defect) -> bool:
    """Critical or high."""
    return defect.severity in SERIOUS


def blocking_gaps(release: Release) -> tuple[Gap, ...]:
    """Critical and high defects that are open [S1.15]."""
    return tuple(
        Gap(f"{defect.id} ({defect.severity}) is open", "defect", defect.id)
        for defect in release.dossier.defects
        if is_serious(defect) and is_open(defect)
    )


def undocumented_gaps(release: Release) -> tuple[Gap, ...]:
    """Open medium and low defects that are no documented known issue [S1.17]."""
    return tuple(
        Gap(f"{defect.id} ({defect.severity}) is open and no known issue", "defect", defect.id)
        for defect in release.dossier.defects
        if not is_serious(defect) and is_open(defect) and not is_known_issue(defect)
    )


def is_known_issue(defect: Defect) -> bool:
    """It is documented for users; accepting a defect says so as well."""
    return defect.known_issue or defect.state == "accepted"


def known_issues(release: Release) -> tuple[Defect, ...]:
    """The defects that users will still meet and are told about, the worst first [S1.11, S1.17]."""
    found = [defect for defect in release.dossier.defects if is_open(defect) and is_known_issue(defect)]
    return tuple(sorted(found, key=lambda defect: SEVERITIES.index(defect.severity)))


def checked_defect(release: Release, before: Defect | None, defect: Defect) -> Defect:
    """The defect, its fixes counted. Raises BadInput when a critical or high one is accepted.

    What was found after the deployment can be accepted, whatever it is: users have it already.
    """
    if defect.state == "accepted" and is_serious(defect) and defect.found != "post-deploy":
        raise BadInput(
            f"A {defect.severity} defect cannot be accepted: it must be fixed before the release. "
            "Lower its severity only if it is not as bad as it was thought."
        )
    if before is not None and not is_open(before) and is_open(defect):
        return replace(defect, build=release.dossier.iteration, fixed_in=0)
    if not defect.build:
        defect = replace(defect, build=before.build if before is not None else release.dossier.iteration)
    if not 1 <= defect.build <= release.dossier.iteration:
        raise BadInput(
            f"{quoted(defect.id)} cannot have been seen in build {defect.build}: this is build "
            f"{release.dossier.iteration}."
        )
    if _is_fixed(before, defect):
        iterations = (before.iterations if before is not None else 0) + 1
        return replace(defect, iterations=iterations, fixed_in=_fixed_in(release, before, defect))
    if defect.fixed_in != (before.fixed_in if before is not None else 0):
        raise BadInput(
            f"{quoted(defect.id)} is {defect.state}: the build that has its fix is said when it becomes "
            "fixed. Give its state as well."
        )
    return defect


def _fixed_in(release: Release, before: Defect | None, defect: Defect) -> int:
    """The build that has a fix: what was said, or for a serious defect the first that can have it.

    A defect that was seen in a build is not fixed in it. Whatever is fixed before the next build has a test
    result is in that one. Raises BadInput for another build.
    """
    number = release.dossier.iteration
    serious = is_serious(defect) or (before is not None and is_serious(before))
    seen = before.build if before is not None and serious else 0
    if defect.fixed_in:
        if not seen < defect.fixed_in <= number + 1:
            known = " or ".join(str(each) for each in range(max(seen + 1, number), number + 2))
            raise BadInput(
                f"The fix of {quoted(defect.id)} is not in build {defect.fixed_in}: this is build {number}"
                + (f", and the defect was seen in build {seen}" if seen else "")
                + f". Say {known}."
            )
        return defect.fixed_in
    if not serious or (defect.found == "post-deploy" and release.completed_at is not None):
        return 0
    untested = number > 1 and not is_tested(release)
    return number if untested and seen < number else number + 1


def eased(before: Defect, after: Defect) -> str:
    """What makes a serious defect a lesser one, or none, in words; empty when nothing does.

    No override passes such a defect, so whoever calls it less serious, or none, says why [S1.15].
    """
    if not is_serious(before):
        return ""
    if SEVERITIES.index(after.severity) > SEVERITIES.index(before.severity):
        return f"Lowering the severity of {before.id} from {before.severity} to {after.severity}"
    if is_open(before) and after.state == "rejected":
        return f"Rejecting {before.id}, which is {before.severity},"
    return ""


def _is_fixed(before: Defect | None, after: Defect) -> bool:
    """Its fix is news: it was open, or was not known here."""
    was_open = before is None or before.state in ("open", "accepted")
    return was_open and after.state in ("fixed", "verified")


def after_defect(
    release: Release, before: Defect | None, defect: Defect, at: datetime
) -> tuple[Release, list[str]]:
    """What follows from a defect's new state: a fix in the next build begins that build [S1.16].

    Several fixes in one build make one build. Testing restarts at build verification: what earlier builds
    were tested, confirmed and accepted by counts no more. Returns the release and what people are told.
    """
    number = release.dossier.iteration
    if not _is_fixed(before, defect) or not defect.fixed_in:
        return release, []
    if defect.fixed_in <= number:
        return release, [f"The fix of {defect.id} is in build {defect.fixed_in}: no other build begins."]
    after = begun(release, at, f"the fix of {defect.id}")
    told = (
        f"The fix of {defect.id} is build {number + 1}. Testing restarts at build verification; checksums, "
        "tag, promotions, runs, confirmations and the acceptance of earlier builds count no more."
    )
    if after.dossier.stage in ("test", "stage", "deploy") and after.started_at is None:
        after = replace(after, dossier=replace(after.dossier, stage="build"))
        told += " The release is back in the stage build."
    return after, [told]
