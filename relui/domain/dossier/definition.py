"""Whether a record is complete: the release definition [S1.7], and what stays once it is out [S1.29, S1.33].

Each missing part is named with where it is met.
"""

from __future__ import annotations

from relui.domain.deployment_times import actual_window
from relui.domain.dossier.changes import carried
from relui.domain.dossier.environments import schedule_gaps
from relui.domain.dossier.package import deployed_gaps
from relui.domain.instants import format_duration
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.ruling import Gap, sentence


def definition_gaps(release: Release) -> tuple[Gap, ...]:
    """What the definition lacks [S1.7]; nothing when it is complete.

    Identifier, type, target date and duration stand on every release. Asked for are the rationale of the
    type, changes, the promotion schedule, resources, the risk summary, and the rollback's constraints and
    time limits.
    """
    return (
        *_if(not release.rationale, "the rationale of its type", "edit", "rationale"),
        *_if(not carried(release), "the changes", "change"),
        *schedule_gaps(release),
        *_if(
            not (release.dossier.resources or release.people),
            "the resources: people, environments and tools",
            "edit",
            "resources",
        ),
        *_if(not release.risk, "the risk summary", "edit", "risk"),
        *rollback_gaps(release),
    )


def lacks(release: Release) -> str:
    """How much of the definition is missing where its criterion is listed, in a sentence; else nothing."""
    asked, find = ("definition-complete", definition_gaps)
    if release.is_emergency:
        asked, find = ("definition-recorded", emergency_definition_gaps)
    gaps = find(release) if {asked, "all"}.intersection(release.criteria) else ()
    if not gaps:
        return ""
    count = "one part is" if len(gaps) == 1 else f"{len(gaps)} parts are"
    return f"The definition is incomplete, {count} missing: {sentence(gaps)}."


def rollback_gaps(release: Release) -> tuple[Gap, ...]:
    """What is not said about going back: the plan, how long it takes, and until when it is possible."""
    takes, limit = release.dossier.rollback_minutes, release.dossier.rollback_limit
    found = [
        *_if(not release.rollback, "the rollback plan and its constraints", "edit", "rollback"),
        *_if(not takes, "how long the rollback takes", "edit", "rollback-minutes"),
        *_if(not limit, "until when a rollback is possible", "edit", "rollback-limit"),
    ]
    if takes and limit and takes > limit:
        text = (
            f"the rollback takes {format_duration(takes)}, and is possible for {format_duration(limit)} only"
        )
        found.append(Gap(text, "edit", "rollback-limit"))
    return tuple(found)


def emergency_definition_gaps(release: Release) -> tuple[Gap, ...]:
    """What an emergency must have recorded before it is deployed [S1.36]: why, what, and how to go back."""
    return (
        *_if(not release.rationale, "the rationale", "edit", "rationale"),
        *_if(not carried(release), "the change that fixes it", "change"),
        *_if(not release.rollback, "the rollback plan", "edit", "rollback"),
    )


def _if(missing: bool, text: str, at: str, name: str = "") -> tuple[Gap, ...]:
    return (Gap(f"not given: {text}", at, name),) if missing else ()


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
