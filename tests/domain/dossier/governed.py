"""A governed release with everything that its rules ask for: each test takes something away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from relui.domain.dossier.package import BUILD_CHECKS, CATEGORY_OF
from relui.domain.dossier.parts import (
    Case,
    Change,
    Component,
    ConfigItem,
    Confirmation,
    Defect,
    Dossier,
    Environment,
    Run,
)
from relui.domain.dossier.testing import MATRIX, SCOPES, asked_of
from relui.domain.release import Release
from tests.domain.releases import GO_LIVE, NOW, payments

CHANGES = tuple(
    Change(id=f"CHG-2026-{number:04d}", summary=f"Change {number}", status="approved",
           target=date(2026, 11, 30), owner="ben", ready=True)
    for number in range(1, 5)
)  # fmt: skip


def runs(release: Release, iteration: int = 1) -> tuple[Run, ...]:
    """A passed run for whatever the matrix asks of the release's type."""
    made = []
    for category in MATRIX:
        asked = asked_of(category, release.type)
        if asked != "not required":
            scope = asked if asked in SCOPES.get(category, ()) else ""
            case = Case(f"{category}-1", "passed")
            made.append(Run(id=f"{category}-{iteration}", category=category, cases=(case,), scope=scope, iteration=iteration))  # fmt: skip # noqa: E501
    return tuple(made)


def confirmed(iteration: int = 1) -> tuple[Confirmation, ...]:
    """The five build verifications, given for a build."""
    return tuple(Confirmation(id=check, at=NOW, by="ada", iteration=iteration) for check in BUILD_CHECKS)


def governed(**more: Any) -> Release:
    """A minor release whose definition, package, build and tests are complete."""
    made = payments(
        rationale="New features without changes of the architecture.",
        risk="Low.",
        rollback="Put the former image back.",
    )
    dossier = Dossier(
        resources="Two people.",
        rollback_minutes=45,
        rollback_limit=240,
        rollback_triggers="Payments fail.",
        package_at="store/payments",
        package_access="deployment team",
        package_tag=f"{made.id}_{made.version}",
        build_logs="https://ci/77",
        deployed_version="v2.4.0",
        changes=CHANGES,
        components=tuple(
            Component(id=f"the-{kind}", category=category, kind=kind, location="store",
                      checksum="tag-1", presence="present")
            for kind, category in CATEGORY_OF.items()
        ),
        environments=tuple(
            Environment(id=name, planned=GO_LIVE - timedelta(days=days), baseline="as documented")
            for name, days in (("test", 6), ("staging", 3), ("production", 0))
        ),
        runs=runs(made),
        confirmations=confirmed(),
        config_items=(ConfigItem(id="payments", old="2.3.0", new="2.4.0", updated=True),),
    )  # fmt: skip
    return replace(made, dossier=replace(dossier, **more))


def defect(**more: Any) -> Defect:
    """A medium defect, found while testing."""
    return Defect(**{"id": "BUG-1", "summary": "Slow list", "severity": "medium", **more})
