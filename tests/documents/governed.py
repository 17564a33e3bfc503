"""Releases to write documents of: a governed one with everything in it, and a light one with nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from relui.documents.facts import Paper
from relui.domain.dossier.deployment import complete, start
from relui.domain.dossier.parts import Contact, Defect
from relui.domain.dossier.sending import record_sent
from relui.domain.dossier.stages import say_go
from relui.domain.organisation import Organisation, Service
from relui.domain.release import Release
from tests.domain.dossier.gated import (
    DAY,
    ORGANISATION,
    booking,
    confirmed_all,
    context,
    planned,
    signed_by,
    staged,
)
from tests.domain.releases import GO_LIVE, NOW, payments

MESSAGES = Path(__file__).parents[2] / "templates" / "messages"

COMPANY = replace(
    ORGANISATION,
    services=(
        Service("payments", "Payments", owner="grace", depends_on=("ledger",)),
        Service("ledger", "Ledger"),
        Service("shop", "Web shop", depends_on=("payments",)),
    ),
)
LEFT = Defect(
    id="BUG-7", summary="Slow list | of * everything", severity="medium", known_issue=True,
    workaround="Filter by day.", risk="Long waits on Mondays.",
)  # fmt: skip


def paper(organisation: Organisation = COMPANY, **more: Any) -> Paper:
    return Paper(**{"organisation": organisation, "now": NOW, "zone": "Europe/Berlin", **more})


def light(**more: Any) -> Release:
    """A release of the light way: a checklist and nothing beside."""
    return payments(**more)


def full(**more: Any) -> Release:
    """A governed release on its day, staged, with a known issue and people to ask."""
    made = staged()
    dossier = replace(
        made.dossier,
        defects=(LEFT,),
        schema_versions="ledger 12",
        api_versions="v2, v3",
        needs=("REL-2026-11-009",),
        user_action="Sign out before eight.",
        contacts=(*made.dossier.contacts, Contact(id="support", person="Support desk", reach="#help")),
        **more,
    )
    return replace(made, dossier=dossier)


def deployed() -> Release:
    """A governed release that was deployed successfully, twenty minutes late."""
    made = say_go(staged(), context(), "grace", DAY, confirmed=("all",)).release
    made = confirmed_all(made, "handoff")
    began, ended = GO_LIVE + timedelta(minutes=20), GO_LIVE + timedelta(minutes=95)
    made = start(made, context(now=began), "ada", began).release
    made = complete(
        made, context(now=ended), "ada", ended, verification="All green.", issues="A slow query, indexed.",
        actions=("Watch the index",),
    ).release  # fmt: skip
    return record_sent(made, "deploy-complete", "ada", ended, to="everybody", text="It is done.").release


__all__ = ["booking", "confirmed_all", "deployed", "full", "light", "paper", "planned", "signed_by"]
