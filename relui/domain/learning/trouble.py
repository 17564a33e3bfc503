"""Help in trouble [S1.35]: twelve symptoms, each with its likely cause, what to do, and where it is met."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from relui.domain.naming import did_you_mean
from relui.domain.text import quoted
from relui.errors import BadInput


class Remedy(Struct, frozen=True):
    """One trouble. `met_at` are criteria, findings and acts of relui where the symptom shows."""

    id: str
    symptom: str
    cause: str
    what_to_do: tuple[str, ...]
    met_at: tuple[str, ...] = ()


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        "missing-changes",
        "Changes are missing from the package",
        "The wrong branch or tag was built.",
        (
            "Compare the reference of each change with what is on the tag that was built.",
            "Build again from the right one, and verify the build anew.",
        ),
        ("package-complete", "changes-approved", "changes-new", "component"),
    ),
    Remedy(
        "test-deployment-fails",
        "The deployment to test fails although the build was verified",
        "The environment has drifted away from its documented configuration.",
        (
            "Compare the environment with its baseline, and write down what differs.",
            "Mend the environment, not the package; then deploy again.",
        ),
        ("baseline-compared", "build-verified", "environment"),
    ),
    Remedy(
        "acceptance-mismatch",
        "Acceptance finds something else than was asked for",
        "The requirements moved after the definition was approved.",
        (
            "Document what differs, and who asked for what when.",
            "Decide with the service owner: delay the release, or accept it as a known limitation.",
        ),
        ("user-acceptance-done", "acceptance-signed", "rejected"),
    ),
    Remedy(
        "runbook-errors",
        "The runbook does not work in staging",
        "It is stale: it describes an earlier release or another environment.",
        (
            "Record each deviation, and correct the runbook where it stands.",
            "Let a second person read it, and execute it again from the beginning.",
        ),
        ("runbook-rehearsed", "runbook"),
    ),
    Remedy(
        "service-owner-unavailable",
        "The service owner cannot be reached for a decision",
        "Nobody was named to stand in.",
        (
            "Ask the delegate, who signs for the service owner; both names are recorded.",
            "Name a delegate for every approver in advance, in the organisation's people.",
        ),
        ("go-decided", "definition-signed", "sign-off", "absence"),
    ),
    Remedy(
        "no-free-window",
        "There is no free window",
        "Blackouts and other releases leave no room that is long enough.",
        (
            "Request an exception with its justification and the name of an approver.",
            "Or split the release, so that its parts fit into the windows that there are.",
        ),
        ("slot-booked", "window", "blackout", "slots"),
    ),
    Remedy(
        "missing-dependency",
        "Something that is needed is missing at the deployment",
        "It was never part of the package.",
        (
            "Add it to the package and to its manifest, with location and checksum.",
            "Go on only when the package is verified again; otherwise roll back.",
        ),
        ("needed-releases-out", "dependency", "component"),
    ),
    Remedy(
        "verification-fails",
        "The verification after the deployment fails",
        "Either the release is broken, or the check is.",
        (
            "Do the failing step by hand, to see which of the two it is.",
            "Call the deployment team, and mind the last safe moment for a rollback.",
        ),
        ("post-deploy", "fail", "completion-confirmed"),
    ),
    Remedy(
        "tests-missed-it",
        "Users report what the tests did not find",
        "No test covers it.",
        (
            "Record it as a defect found after the deployment, with a workaround: a known issue.",
            "Open a problem record, and let the retrospective ask for the missing test.",
        ),
        ("defect", "retrospective"),
    ),
    Remedy(
        "rollback-too-long",
        "The rollback takes longer than its limit",
        "It was never timed, or more was deployed than was planned.",
        (
            "Roll back in part: first what hurts users most.",
            "Call the emergency support now, not when the time is over.",
        ),
        ("rollback",),
    ),
    Remedy(
        "two-in-one-window",
        "Two releases stand in one window, although both were checked",
        "Both were checked before either was booked.",
        (
            "Book in one step, which checks and reserves under a lock: `relui book`.",
            "Of the two, the one without precedence moves; the calendar says which.",
        ),
        ("same-service", "shared", "team", "conflict"),
    ),
    Remedy(
        "disputed-tests",
        "The test results are disputed",
        "The test plan was never agreed on.",
        (
            "Let the stakeholders review the test plan and sign it before the tests begin.",
            "For now: agree which cases decide, run those again, and record who agreed.",
        ),
        ("test-plan-signed", "test-summary-proceeds", "test"),
    ),
)
"""In the order in which a release can meet them."""


def trouble_for(situation: str) -> tuple[Remedy, ...]:
    """What helps in a situation: a remedy's id, a criterion, a calendar rule or an act. Maybe nothing."""
    wanted = situation.strip().casefold()
    return tuple(each for each in REMEDIES if wanted == each.id or wanted in each.met_at)


def remedy(name: str) -> Remedy:
    """The remedy of that id. Raises BadInput with the nearest."""
    found = next((each for each in REMEDIES if each.id == name.strip().casefold()), None)
    if found is None:
        known = did_you_mean(name, (each.id for each in REMEDIES))
        raise BadInput(f"There is no help for {quoted(name)}.{known}")
    return found


def hint(situations: Iterable[str]) -> str:
    """One sentence that offers help where a symptom is met; empty when there is none."""
    for situation in situations:
        for each in trouble_for(situation):
            return f"{each.symptom}? See `relui trouble {each.id}`."
    return ""
