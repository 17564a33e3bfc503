"""Builds of a release: when the next begins, what was recorded for which, what is as it was [S1.12, S1.16].

One rule: what was recorded for a build counts for that build alone. It keeps the build that it belongs to;
where an older record does not say, that is the first. A build begins with the fix that is in it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from relui.domain.dossier.parts import Component, PastBuild
from relui.domain.dossier.points import POINTS
from relui.domain.release import Release

TAG, LOGS = "package-tag", "build-logs"
"""Fields of the package that are those of one build."""


def build_by(release: Release, at: datetime) -> int:
    """The build at `at` (UTC), for older records that do not say: the latest of which anything was known."""
    dossier = release.dossier
    known = [each.iteration for each in dossier.confirmations if each.at <= at]
    known += [
        each.iteration for each in dossier.environments if each.promoted is not None and each.promoted <= at
    ]
    known += [int(each.id) + 1 for each in dossier.past_builds if each.ended <= at and each.id.isdigit()]
    return max(known, default=1) or 1


def begun(release: Release, at: datetime, why: str) -> Release:
    """The release at its next build: what was recorded for the present one stays readable as of that."""
    dossier, number = release.dossier, release.dossier.iteration
    ended = PastBuild(
        id=str(number),
        ended=at.astimezone(UTC),
        why=why,
        tag=dossier.package_tag if dossier.tag_build == number else "",
        logs=dossier.build_logs if dossier.logs_build == number else "",
        checksums={
            each.id: each.checksum
            for each in dossier.components
            if each.checksum and each.iteration == number
        },
        promoted={
            each.id: each.promoted
            for each in dossier.environments
            if each.promoted is not None and (each.iteration or 1) == number
        },
        confirmations=tuple(
            each
            for each in dossier.confirmations
            if each.iteration == number and each.id in POINTS and POINTS[each.id].of_build
        ),
    )  # fmt: skip
    return replace(
        release,
        dossier=replace(
            dossier,
            iteration=number + 1,
            built_at=at.astimezone(UTC),
            past_builds=(*dossier.past_builds, ended),
        ),
    )


def is_former(release: Release, component: Component) -> bool:
    """What is said of a component in the package is of a build before the present one."""
    return component.presence != "not-needed" and component.iteration != release.dossier.iteration


def former(release: Release) -> tuple[str, ...]:
    """Everything of the package that was said for an earlier build: components by name, then the fields."""
    dossier = release.dossier
    fields = ((TAG, dossier.package_tag, dossier.tag_build), (LOGS, dossier.build_logs, dossier.logs_build))
    return (
        *(each.id for each in dossier.components if is_former(release, each) and each.checksum),
        *(name for name, text, build in fields if text and build != dossier.iteration),
    )
