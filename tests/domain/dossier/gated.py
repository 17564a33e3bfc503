"""A governed release under every criterion: the people, the calendar's answer, and each step of its way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from relui.domain.calendar.slot import Finding, Slot, Verdict
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.parts import Contact
from relui.domain.dossier.stages import advance
from relui.domain.organisation import Organisation, Person, Policy, Service
from relui.domain.release import Booking, Release
from tests.domain.acts import confirm, record_sent, sign
from tests.domain.dossier.governed import governed
from tests.domain.releases import GO_LIVE, NOW

DAY = GO_LIVE - timedelta(hours=3)
"""On the day, before the go-live."""
EARLY = GO_LIVE - timedelta(days=20)
"""Early enough for every notice."""

ORGANISATION = Organisation(
    services=(Service("payments", "Payments", owner="grace"),),
    people=(
        Person("ada", "Ada", roles=("release-owner",), delegate="ben"),
        Person("ben", "Ben", roles=("release-manager",)),
        Person("grace", "Grace", roles=("service-owner",), delegate="heidi"),
        Person("heidi", "Heidi"),
        Person("carl", "Carl", roles=("cab",)),
        Person("eve", "Eve", roles=("emergency-cab",)),
        Person("olga", "Olga", roles=("operations", "incident-response"), contact="4200"),
    ),
)
DISTINCT = replace(ORGANISATION, policy=Policy(distinct_approver=True))
NOBODY = Organisation()


def booking(**more: Any) -> Booking:
    """The slot at the go-live."""
    fields = {"at": GO_LIVE, "duration": 120, "counter": 1, "booked_at": NOW, "booked_by": "ada"}
    return Booking(**{**fields, **more})


def context(organisation: Organisation = ORGANISATION, **more: Any) -> Context:
    """The surroundings on the day."""
    return Context(**{"organisation": organisation, "now": DAY, **more})


def verdict(*findings: Finding) -> Verdict:
    """What the calendar says about the slot."""
    return Verdict(Slot(service="payments", start=GO_LIVE, zone="UTC"), findings)


def finding(rule: str, severity: str = "blocks") -> Finding:
    return Finding(rule=rule, severity=severity, words=f"{rule} is in the way.", way_out="Move.")  # type: ignore[arg-type]


def planned(**more: Any) -> Release:
    """Everything recorded, nothing confirmed or signed: it stands in planning under all criteria."""
    contact = Contact(id="incident-response", person="olga")
    made = promoted_all(governed(contacts=(contact,), test_plan="All of it."))
    return replace(made, criteria=("all",), bookings=(booking(),), **more)


def promoted_all(release: Release) -> Release:
    """The present build in every environment before the production."""
    build = release.dossier.iteration
    environments = tuple(
        each if each.id == "production"
        else replace(each, promoted=EARLY, by="ada", access_verified=True, iteration=build)
        for each in release.dossier.environments
    )  # fmt: skip
    return replace(release, dossier=replace(release.dossier, environments=environments))


def confirmed_all(release: Release, *groups: str) -> Release:
    return confirm(release, groups, "ada", DAY, note="noted").release


def signed_by(release: Release, subject: str, name: str = "grace", **more: Any) -> Release:
    return sign(release, ORGANISATION, subject, name, DAY, confirmed=("all",), **more).release


def staged() -> Release:
    """Advanced through every gate to `deploy`, with nothing missing but the go, and what follows it."""
    made = signed_by(confirmed_all(planned(), "prerequisite", "notes"), "definition")
    made = confirmed_all(signed_by(made, "test-plan"), "runbook", "acceptance", "window", "readiness")
    made = signed_by(signed_by(made, "acceptance"), "readiness", "ben")
    made = record_sent(made, "planned-release", "ada", EARLY, to="everybody").release
    for _ in ("build", "test", "stage", "deploy"):
        made = advance(made, context(), "ada", DAY).release
    return made
