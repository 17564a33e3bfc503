"""Every criterion that a template can list: its id, the gates it belongs to, what it asks, where it is met.

A criterion that a release's template did not list does not exist for that release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from msgspec import Struct

from relui.domain.dossier import conditions as ask
from relui.domain.dossier.changes import Check
from relui.domain.dossier.conditions import Condition
from relui.domain.dossier.definition import configuration_gaps, definition_gaps, emergency_definition_gaps
from relui.domain.dossier.environments import baseline_gaps
from relui.domain.dossier.package import build_gaps, package_gaps
from relui.domain.dossier.testing import blocking_gaps, coverage_gaps, undocumented_gaps
from relui.domain.release import Release
from relui.domain.ruling import Gap
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

GateName = Literal["plan", "build", "test", "stage", "go", "deploy", "close"]
GATES: tuple[GateName, ...] = get_args(GateName)
Tab = Literal["definition", "changes", "package", "testing", "sign-offs", "communication", "gates"]

ALL = "all"
NEVER_OVERRIDDEN = ("acceptance-signed", "no-blocking-defects")
"""Criteria that only an emergency may pass by an override."""

NO_BUILD = ("notices-sent", "window-confirmed", "needed-releases-out")
"""Criteria of `go` that are about the slot and other releases: no new build touches them."""


class Criterion(Struct, frozen=True):
    """One condition. `gates` are those it belongs to, `tab` and `act` lead to where it is met.

    `only` limits what `all` means: `planned` for releases that are no emergency, `emergency` for those
    that are. A template that lists it by name gets it in any case.
    """

    id: str
    gates: tuple[GateName, ...]
    words: str
    tab: Tab
    act: str
    condition: Condition
    only: Literal["", "planned", "emergency"] = ""

    @property
    def of_build(self) -> bool:
        """It is about a build and its tests: an override passes it for that build alone."""
        return not {"plan", "deploy", "close"}.intersection(self.gates) and self.id not in NO_BUILD


def _changes(name: str, check: Check, words: str) -> Criterion:
    return Criterion(name, ("plan",), words, "changes", "change edit", ask.changes_verified(check))


_TABLE: tuple[Criterion, ...] = (
    Criterion("prerequisites-confirmed", ("plan",), "Prerequisites are confirmed", "definition",
              "confirm prerequisite", ask.confirmations("prerequisite")),
    Criterion("definition-complete", ("plan",), "The definition is complete", "definition",
              "edit", ask.of_gaps(definition_gaps), "planned"),
    Criterion("definition-signed", ("plan",), "The definition is approved", "sign-offs",
              "sign definition", ask.is_signed("definition"), "planned"),
    _changes("changes-approved", "approved", "Every change is approved"),
    _changes("changes-new", "first", "No change was in an earlier release"),
    _changes("changes-timely", "date", "Every change's target date fits the schedule"),
    _changes("changes-ready", "ready", "Every change's owner says that it is ready"),
    Criterion("slot-booked", ("plan", "go"), "A slot is booked, and the calendar allows it", "definition",
              "book", ask.slot_booked, "planned"),
    Criterion("incident-response-named", ("plan",), "Incident response is named and can be reached",
              "definition", "contact add", ask.incident_response),
    Criterion("definition-recorded", ("plan", "go"), "Rationale, change and rollback are recorded",
              "definition", "edit", ask.of_gaps(emergency_definition_gaps), "emergency"),
    Criterion("version-set", ("build",), "The version is set", "definition", "edit", ask.version_set),
    Criterion("package-complete", ("build", "go"), "The package is complete", "package",
              "component add", ask.of_gaps(package_gaps)),
    Criterion("build-verified", ("build",), "The build is verified in its five points", "package",
              "confirm build", ask.of_gaps(build_gaps)),
    Criterion("notes-generated", ("build",), "The release notes are generated", "communication",
              "confirm notes.generated", ask.confirmations("notes")),
    Criterion("baseline-compared", ("build",), "The test environment was compared with its documentation",
              "package", "environment edit", ask.of_gaps(baseline_gaps)),
    Criterion("test-plan-signed", ("build",), "The test plan is agreed", "sign-offs",
              "sign test-plan", ask.is_signed("test-plan"), "planned"),
    Criterion("cases-executed", ("test",), "Every planned test case has a result", "testing",
              "test add", ask.cases_executed),
    Criterion("matrix-covered", ("test",), "Tests cover what the type of release asks for", "testing",
              "test add", ask.of_gaps(coverage_gaps)),
    Criterion("no-blocking-defects", ("test", "go"), "No critical or high defect is open", "testing",
              "defect edit", ask.of_gaps(blocking_gaps)),
    Criterion("known-issues-documented", ("test",), "Open medium and low defects are known issues", "testing",
              "defect edit", ask.of_gaps(undocumented_gaps)),
    Criterion("test-summary-proceeds", ("test",), "The test summary says to proceed", "testing",
              "test-summary", ask.summary_proceeds),
    Criterion("smoke-and-fix-verified", ("test", "go"), "The smoke test passed and the fix is verified",
              "testing", "test add", ask.smoke_and_fix, "emergency"),
    Criterion("runbook-rehearsed", ("stage",), "The runbook was executed in staging as it is written",
              "gates", "confirm runbook", ask.confirmations("runbook")),
    Criterion("user-acceptance-done", ("stage",), "User acceptance is done", "gates",
              "confirm acceptance", ask.confirmations("acceptance")),
    Criterion("acceptance-signed", ("stage", "go"), "The acceptance is signed", "sign-offs",
              "sign acceptance", ask.is_signed("acceptance")),
    Criterion("notices-sent", ("go",), "The notice went out in time", "communication",
              "message planned-release", ask.notices_sent, "planned"),
    Criterion("window-confirmed", ("go",), "Four teams confirmed the window", "gates",
              "confirm window", ask.confirmations("window")),
    Criterion("readiness-reviewed", ("go",), "The readiness review is done and signed", "gates",
              "confirm readiness", ask.readiness),
    Criterion("needed-releases-out", ("go",), "The releases that go first are out", "definition",
              "edit", ask.needed_out),
    Criterion("emergency-cab-signed", ("go",), "The emergency CAB approved", "sign-offs",
              "sign go", ask.emergency_cab, "emergency"),
    Criterion("go-decided", ("go",), "Go was said", "gates", "go", ask.go_decided),
    Criterion("handed-off", ("go",), "The release is handed off, and those who deploy are briefed", "gates",
              "confirm handoff", ask.confirmations("handoff")),
    Criterion("completion-confirmed", ("deploy",), "The completion is confirmed", "gates",
              "complete", ask.completion_confirmed),
    Criterion("configuration-updated", ("close",), "Configuration records are updated and match", "package",
              "config-item edit", ask.of_gaps(configuration_gaps)),
    Criterion("stakeholders-told", ("close",), "Stakeholders were told the result", "communication",
              "message release-successful", ask.stakeholders_told),
    Criterion("documents-archived", ("close",), "The documents are archived", "gates",
              "confirm close.documents", ask.points_confirmed("close.documents")),
    Criterion("review-planned", ("close",), "The review after the release is planned", "gates",
              "confirm close.pir", ask.points_confirmed("close.pir")),
    Criterion("metrics-recorded", ("close",), "Times and the final status are recorded", "gates",
              "complete", ask.metrics_recorded),
    Criterion("retrospective-written", ("close",), "The retrospective is written", "gates",
              "retro", ask.retrospective_written),
)  # fmt: skip

CRITERIA: Mapping[str, Criterion] = {criterion.id: criterion for criterion in _TABLE}
"""Every criterion by id, in the order of the lifecycle."""


def criterion_named(name: str) -> Criterion:
    """The criterion of that id. Raises BadInput with the nearest."""
    found = CRITERIA.get(name)
    if found is None:
        raise BadInput(f"There is no criterion {quoted(name)}.{did_you_mean(name, CRITERIA)}")
    return found


def gate_named(name: str) -> GateName:
    """The gate of that name. Raises BadInput with the nearest."""
    if name not in GATES:
        raise BadInput(f"There is no gate {quoted(name)}.{did_you_mean(name, GATES)}")
    return name


def unknown_criteria(names: Iterable[str]) -> tuple[str, ...]:
    """Those names that are no criterion, nor `all`."""
    return tuple(name for name in names if name != ALL and name not in CRITERIA)


def listed(release: Release) -> tuple[Criterion, ...]:
    """The criteria that exist for a release, in the order of the lifecycle. Names unknown here are left."""
    names = release.criteria
    mine = "emergency" if release.is_emergency else "planned"
    return tuple(
        criterion
        for criterion in CRITERIA.values()
        if criterion.id in names or (ALL in names and criterion.only in ("", mine))
    )


_PARTS = ("change", "component", "environment", "test", "defect", "config-item", "contact")


def command_for(release: Release, gap: Gap | None, act: str) -> str:
    """The command that meets a gap of a criterion; `act` is the criterion's own, where it has none."""
    at, name = (gap.at, gap.name) if gap else ("", "")
    if at == "edit" and name:
        return f"relui edit {release.id} --set {name}=..."
    if at == "promote" and name:
        return f"relui environment promote {release.id} {name} --access-verified"
    if at == "override" and name:
        return f"relui override {release.id} {name} --reason T"
    if at in ("confirm", "sign", "message") and name:
        return f"relui {at} {release.id} {name}"
    if at == "start":
        return f"wait for it, or relui start {release.id} --override REASON"
    if at == "book":
        return f"relui book {release.id} --at INSTANT"
    if at in _PARTS:
        return f"relui {at} {_part_words(release, at, name)}".rstrip()
    first, _, rest = act.partition(" ")
    if first in _PARTS:
        return f"relui {act} {release.id}"
    return f"relui {first} {release.id} {rest}".rstrip()


def _part_words(release: Release, kind: str, name: str) -> str:
    """`edit REL-2026-11-003 CHG-1` for a part that is there, else how it is added."""
    from relui.domain.dossier.editing import parts_of
    from relui.domain.dossier.package import CATEGORY_OF

    if any(part.id == name for part in parts_of(release, kind)):
        return f"edit {release.id} {name}"
    if kind == "component" and name in CATEGORY_OF:
        return f"add {release.id} {name} --kind {name}"
    if kind == "test" and name:
        return f"add {release.id} --category {name}"
    return f"add {release.id} {name}"
