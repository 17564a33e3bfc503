"""What a copy of a release takes of its dossier: its parts, without anything that was decided or recorded."""

from __future__ import annotations

from msgspec.structs import replace

from relui.domain.dossier.parts import Component, ConfigItem, Dossier, Environment
from relui.domain.release import Release


def copied_dossier(source: Release) -> Dossier:
    """The dossier that a copy begins with [S0.2].

    It keeps which environments, components, configuration items and contacts there are, who and what is
    needed, and the rollback's limits and triggers. Dates, checksums, results, changes and decisions
    stay behind.
    """
    before = source.dossier
    return Dossier(
        resources=before.resources,
        rollback_minutes=before.rollback_minutes,
        rollback_limit=before.rollback_limit,
        rollback_triggers=before.rollback_triggers,
        package_at=before.package_at,
        package_access=before.package_access,
        components=tuple(_component(each) for each in before.components),
        environments=tuple(Environment(id=each.id) for each in before.environments),
        test_plan=before.test_plan,
        config_items=tuple(ConfigItem(id=each.id, old=each.new or each.old) for each in before.config_items),
        contacts=before.contacts,
    )


def _component(before: Component) -> Component:
    """What is not needed stays so, with its reason; everything else has to be put into the new package."""
    if before.presence == "not-needed":
        return replace(before, iteration=1)
    return replace(before, presence="missing", checksum="", version="", location="", iteration=1)
