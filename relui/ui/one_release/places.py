"""Where in a release's record something is met, for whoever leads there, and the labels of its fields."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from relui.domain.dossier.fields import KINDS
from relui.domain.ruling import Gap

DEFINITION_LABELS = {
    "title": "Title",
    "service": "Service",
    "version": "Version",
    "type": "Type",
    "rationale": "Rationale of the type",
    "impact": "Impact",
    "owner": "Owner",
    "go-live": "Go-live",
    "duration": "Duration",
    "environment": "Environment",
    "people": "Named people",
    "resources": "Resources",
    "risk": "Risk summary",
    "rollback": "Rollback plan",
    "rollback-minutes": "Rollback takes",
    "rollback-limit": "Rollback possible for",
    "rollback-triggers": "Rollback triggers",
    "needs": "Goes after",
    "follows": "Follows",
    "notes-link": "Link to the notes",
    "schema-versions": "Schema versions",
    "api-versions": "Compatible APIs",
    "user-action": "What users must do",
    "started": "Really started",
    "completed": "Really ended",
}
PACKAGE_LABELS = {
    "package-at": "Stored at",
    "package-access": "Who has access",
    "package-tag": "Tag",
    "build-logs": "Build logs",
    "deployed-version": "Version found running",
}

_TAB_OF_KIND: Mapping[str, str] = {
    "change": "changes",
    "component": "package",
    "config-item": "package",
    "test": "testing",
    "defect": "testing",
    "environment": "definition",
    "contact": "definition",
}
_STEPS = {"go", "resume", "complete", "start", "retrospective"}


class Target(Struct, frozen=True):
    """Where something is met: a tab, and the rows there that it may be, the best first."""

    tab: str
    keys: tuple[tuple[str, str], ...]


def target_of_gap(gap: Gap, own: str) -> Target:
    """Where a gap is met; `own` is the tab when the gap does not say."""
    at, name = gap.at, gap.name
    if at in KINDS:
        tab = _TAB_OF_KIND[at]
        extra = {
            "component": (("undeclared", name),),
            "test": (("coverage", name),) if name else (("summary", ""),),
            "contact": (("missing-contact", name),),
        }.get(at, ())
        return Target(tab, ((at, name), *extra, ("heading", at)))
    if at == "edit":
        if name in PACKAGE_LABELS:
            return Target("package", (("field", name),))
        tab = "definition" if name in DEFINITION_LABELS else "testing"
        return Target(tab, (("field", name), ("heading", "field")))
    if at == "confirm":
        group = name.partition(".")[0]
        tab = {"prerequisite": "definition", "build": "package", "notes": "communication"}.get(group, "gates")
        return Target(tab, (("point", name),))
    if at == "sign":
        return Target("sign-offs", (("subject", name),))
    if at == "book":
        return Target("definition", (("slot", ""),))
    if at == "message":
        return Target("communication", (("message", name),))
    if at in _STEPS:
        return Target("gates", (("act", at),))
    return Target(own, ())
