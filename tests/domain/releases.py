"""Releases to test with: small, explicit, and the same every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from relui.domain.checklist import Item, ItemField, Phase
from relui.domain.log import Actor
from relui.domain.release import Release

GO_LIVE = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
NOW = GO_LIVE - timedelta(days=5)
ADA = Actor(account="ada", name="ada")
BOB = Actor(account="bob", name="bob")


def item(id_: str, *items: Item, **more: Any) -> Item:
    """An item called by its id, with sub-items."""
    return Item(id=id_, text=id_.replace("-", " ").capitalize(), items=items, **more)


def phase(id_: str, *items: Item, **more: Any) -> Phase:
    """A phase called by its id."""
    return Phase(id=id_, name=id_.capitalize(), items=items, **{"stage": "deploy", **more})


def release(*phases: Phase, **more: Any) -> Release:
    """A minor release of payments on Saturday 21 November 2026, 20:00 UTC."""
    fields: dict[str, Any] = {
        "id": "REL-2026-11-001",
        "title": "2.4.0 - Release - 2026-11-21",
        "service": "payments",
        "version": "2.4.0",
        "owner": "ada",
        "go_live": GO_LIVE,
        "zone": "UTC",
        "template": "standard",
        "phases": phases,
        "created_at": NOW,
        "created_by": "ada",
    }
    return Release(**{**fields, **more})


def payments(**more: Any) -> Release:
    """A release with everything in it: depth, requirements, fields, options, facts."""
    return release(
        phase(
            "build", item("merged"), item("tested", requires=("build.merged",)), stage="build", due="T-48h"
        ),
        phase(
            "before",
            item("backup", fields=(ItemField("where", "Where it is", required=True),)),
            item("vars", item("keys"), item("flags", item("on"), item("off"))),
            item("mobile", optional=True),
            due="T-1h",
        ),
        phase("deploy", item("command"), item("healthy", requires=("deploy.command",)), due="T"),
        phase(
            "close",
            item("started", when_done="started"),
            item("retro", when_done="retrospective"),
            item("closed", when_done="closed"),
            stage="close",
            due="T+24h",
        ),
        **more,
    )
