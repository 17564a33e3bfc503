"""Help in trouble [S1.35]: twelve symptoms, each with its likely cause, what to do, and where it is met.

Which situations a release shows is looked at: names for `trouble_for`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from relui.domain.calendar.slot import Verdict
from relui.domain.checklist import State
from relui.domain.dossier.decisions import completion, rolled_back
from relui.domain.dossier.deployment import last_rollback
from relui.domain.dossier.parts import Component, Defect, Run
from relui.domain.instants import parse_offset
from relui.domain.outline import Node
from relui.domain.release import Release
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput


class Remedy(Struct, frozen=True):
    """One trouble. `met_at` are criteria, findings and acts of relui where the symptom shows."""

    id: str
    symptom: str
    cause: str
    what_to_do: tuple[str, ...]
    met_at: tuple[str, ...] = ()


REMEDIES: tuple[Remedy, ...] = (
    Remedy("missing-changes", "Changes are missing from the package", "The wrong branch or tag was built.",
           ("Compare the reference of each change with what is on the tag that was built.",
            "Build again from the right one, and verify the build anew."),
           ("package-complete", "build-verified", "configuration-updated", "component")),
    Remedy("test-deployment-fails", "The deployment to test fails although the build was verified",
           "The environment has drifted away from its documented configuration.",
           ("Compare the environment with its baseline, and write down what differs.",
            "Mend the environment, not the package; then deploy again."),
           ("baseline-compared", "environment", "test-deployment")),
    Remedy("acceptance-mismatch", "Acceptance finds something else than was asked for",
           "The requirements moved after the definition was approved.",
           ("Document what differs, and who asked for what when.",
            "Decide with the service owner: delay the release, or accept it as a known limitation."),
           ("user-acceptance-done", "acceptance-signed", "rejected")),
    Remedy("runbook-errors", "The runbook does not work in staging",
           "It is stale: it describes an earlier release or another environment.",
           ("Record each deviation, and correct the runbook where it stands.",
            "Let a second person read it, and execute it again from the beginning."),
           ("runbook-rehearsed", "runbook")),
    Remedy("service-owner-unavailable", "The service owner cannot be reached for a decision",
           "Nobody was named to stand in.",
           ("Ask the delegate, who signs for the service owner; both names are recorded.",
            "Name a delegate for every approver in advance, in the organisation's people."),
           ("definition-signed",
            "test-plan-signed",
            "acceptance-signed",
            "readiness-reviewed",
            "emergency-cab-signed",
            "go-decided",
            "sign-off",
            "absence")),
    Remedy("no-free-window", "There is no free window",
           "Blackouts and other releases leave no room that is long enough.",
           ("Request an exception with its justification and the name of an approver.",
            "Or split the release, so that its parts fit into the windows that there are."),
           ("slot-booked", "window", "blackout", "maintenance", "event", "slots")),
    Remedy("missing-dependency", "Something that is needed is missing at the deployment",
           "It was never part of the package.",
           ("Add it to the package and to its manifest, with location and checksum.",
            "Go on only when the package is verified again; otherwise roll back."),
           ("needed-releases-out", "deploy")),
    Remedy("verification-fails", "The verification after the deployment fails",
           "Either the release is broken, or the check is.",
           ("Do the failing step by hand, to see which of the two it is.",
            "Call the deployment team, and mind the last safe moment for a rollback."),
           ("completion-confirmed", "smoke-and-fix-verified", "post-deploy", "deploy", "fail")),
    Remedy("tests-missed-it", "Users report what the tests did not find", "No test covers it.",
           ("Record it as a defect found after the deployment, with a workaround: a known issue.",
            "Open a problem record, and let the retrospective ask for the missing test."),
           ("defect", "retrospective")),
    Remedy("rollback-too-long", "The rollback takes longer than its limit",
           "It was never timed, or more was deployed than was planned.",
           ("Roll back in part: first what hurts users most.",
            "Call the emergency support now, not when the time is over."), ("rollback",)),
    Remedy("two-in-one-window", "Two releases stand in one window, although both were checked",
           "Both were checked before either was booked.",
           ("Book in one step, which checks and reserves under a lock: `relui book`.",
            "Of the two, the one without precedence moves; the calendar says which."),
           ("same-service", "dependency", "shared", "team", "conflict")),
    Remedy("disputed-tests", "The test results are disputed", "The test plan was never agreed on.",
           ("Let the stakeholders review the test plan and sign it before the tests begin.",
            "For now: agree which cases decide, run those again, and record who agreed."),
           ("test-plan-signed", "cases-executed", "test-summary-proceeds", "test")),
)  # fmt: skip
"""In the order in which a release can meet them."""


SITUATIONS: Mapping[str, str] = {
    "component": "a component that is not in the package",
    "environment": "an environment that is not ready",
    "test-deployment": "an item of the test stage that failed",
    "rejected": "an acceptance that was rejected or is stale",
    "runbook": "a rehearsal of the runbook",
    "sign-off": "a sign-off that is waited for",
    "slots": "a search for free slots that found none",
    "deploy": "an item of the deployment that failed",
    "post-deploy": "an item of the verification, or a region, that failed",
    "fail": "any item that failed",
    "defect": "a defect that was found after the deployment",
    "retrospective": "what a release taught",
    "rollback": "a rollback that was declared too late, or takes too long",
    "conflict": "a slot that another release took",
    "test": "a test run with failed or blocked cases",
}
"""Where a symptom shows beside criteria and the calendar's rules: a name for each, and what it is."""


def trouble_for(*situations: str) -> tuple[Remedy, ...]:
    """What helps, each once, by the first situation that needs it: ids, criteria, calendar rules, acts."""
    found: dict[str, Remedy] = {}
    for situation in situations:
        wanted = situation.strip().casefold()
        found |= {each.id: each for each in REMEDIES if wanted == each.id or wanted in each.met_at}
    return tuple(found.values())


def remedy(name: str) -> Remedy:
    """The remedy of that id. Raises BadInput with the nearest."""
    found = next((each for each in REMEDIES if each.id == name.strip().casefold()), None)
    if found is None:
        known = did_you_mean(name, (each.id for each in REMEDIES))
        raise BadInput(f"There is no help for {quoted(name)}.{known}")
    return found


def of_item(node: Node) -> tuple[str, ...]:
    """A failed item, or what holds one: by its stage, and by whether it is due after the go-live."""
    if node.state is not State.FAILED:
        return ()
    if node.phase.stage == "test":
        return ("test-deployment",)
    if node.phase.stage != "deploy":
        return ()
    due = parse_offset(node.phase.due).rough_minutes
    return ("post-deploy",) if due > 0 else ("deploy",) if due == 0 else ()


def of_rollback(release: Release, now: datetime) -> tuple[str, ...]:
    """A rollback that was declared after its last safe moment, or runs longer than was estimated."""
    declared = rolled_back(release)
    if declared is None:
        return ()
    last, takes = last_rollback(release), release.dossier.rollback_minutes
    if last is not None and declared.at > last:
        return ("rollback",)
    running = takes and completion(release) is None and now - declared.at > timedelta(minutes=takes)
    return ("rollback",) if running else ()


def of_part(part: object) -> tuple[str, ...]:
    """A component that is missing, a run with failed or blocked cases, a defect that users found."""
    if isinstance(part, Component) and part.presence == "missing":
        return ("component",)
    if isinstance(part, Run) and any(case.result in ("failed", "blocked") for case in part.cases):
        return ("test",)
    if isinstance(part, Defect) and part.found == "post-deploy" and part.state != "rejected":
        return ("defect",)
    return ()


def of_verdict(verdict: Verdict | None) -> tuple[str, ...]:
    """What forbids a slot, and that another release took it."""
    if verdict is None:
        return ()
    taken = ("conflict",) if verdict.slot.standing == "to-be-moved" else ()
    return (*taken, *dict.fromkeys(finding.rule for finding in verdict.blocks))
