"""Configuration items, and whether a record is complete once the release is out [S1.29, S1.33]."""

from __future__ import annotations

from relui.domain.deployment_times import actual_window
from relui.domain.dossier.definition import definition_gaps, emergency_definition_gaps
from relui.domain.dossier.gaps import Gap
from relui.domain.dossier.package import deployed_gaps
from relui.domain.outline import Outline
from relui.domain.release import Release


def config_gaps(release: Release) -> tuple[Gap, ...]:
    """The configuration items that are incomplete or whose records were not updated [S1.29].

    A release without any has nothing to update.
    """
    found: list[Gap] = []
    for each in release.dossier.config_items:
        if not each.new and not each.relationships and not each.attributes:
            found.append(Gap(f"{each.id}: nothing says what changes", "config-item", each.id))
        elif each.new and not each.old:
            found.append(Gap(f"{each.id} has no old version", "config-item", each.id))
        elif not each.updated:
            found.append(Gap(f"the record of {each.id} was not updated", "config-item", each.id))
    return tuple(found)


def configuration_gaps(release: Release) -> tuple[Gap, ...]:
    """Whether the configuration matches the deployment: items updated, and the package's version running."""
    return (*config_gaps(release), *deployed_gaps(release))


def field_gaps(release: Release) -> tuple[Gap, ...]:
    """The mandatory fields of a finished release that are empty [S1.33]: definition, times, notes."""
    definition = emergency_definition_gaps if release.is_emergency else definition_gaps
    started, completed = actual_window(release, Outline(release))
    times = [
        Gap(f"not given: {text}", "edit", name)
        for text, name, value in (
            ("when the deployment started", "started", started),
            ("when the deployment was completed", "completed", completed),
        )
        if value is None
    ]
    return (*definition(release), *times)
