"""Whether there is already what a sign-off or a confirmation is given for [S1.8, S1.20, S1.21, S1.24, S1.25].

Told in words with the way out; the rules that record them refuse with these words. What an approval was
given for may go again afterwards: `not_staged` is also why an acceptance is stale.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.environments import promoted, staging
from relui.domain.dossier.parts import Subject
from relui.domain.instants import local_day, parse_offset
from relui.domain.outline import Outline
from relui.domain.release import Release

READINESS_FROM = parse_offset("T-2d")
"""The readiness review says how things are on the day: nobody knows that earlier than two days before."""
GO_FROM = timedelta(hours=24)
"""Go is said on the day of the go-live, or in the 24 hours before it."""
NEEDS_STAGED = ("runbook.executed", "runbook.deviations", "acceptance.scenarios")
"""Points that tell what was seen in staging."""
NEEDS_COMPLETED = ("close.documents",)
"""Points that tell what there is only after the deployment: its log and what was verified."""


def not_staged(release: Release) -> str:
    """Why the present build is not in staging, in words without a full stop; empty when it is.

    Staging is the environment of that name, else the last of the schedule before the release's target. A
    release without criteria and without a schedule is asked for neither.
    """
    build = release.dossier.iteration
    where = staging(release)
    if where is None and not release.criteria:
        return ""
    if where is None:
        return "the promotion schedule has no environment before its target to accept it in"
    if promoted(release, where.id):
        return ""
    before = f", build {where.iteration or 1} was" if where.promoted is not None else ""
    return f"build {build} was not promoted to {where.id}{before}"


def subject_too_early(release: Release, subject: Subject, at: datetime) -> str:
    """Why a subject cannot be approved yet at `at`, in sentences; empty when it can."""
    if subject == "acceptance" and (why := not_staged(release)):
        return f"There is nothing to accept yet: {why}. {_to_staging(release)}"
    if subject == "readiness":
        return _before_readiness(release, at)
    if subject == "go":
        return before_go(release, at)
    return ""


def point_too_early(release: Release, point: str, at: datetime) -> str:
    """Why a point cannot be confirmed yet at `at`, in sentences; empty when it can."""
    if point in NEEDS_STAGED and (why := not_staged(release)):
        return f"{point} cannot be confirmed yet: {why}. {_to_staging(release)}"
    if point.startswith("readiness."):
        return _before_readiness(release, at)
    if point in NEEDS_COMPLETED and not _completed(release):
        return f"{point} cannot be confirmed yet: the deployment is not completed, its log is part of them."
    return ""


def before_go(release: Release, at: datetime) -> str:
    """Why go cannot be said yet; empty on the day of the go-live, and for an emergency."""
    if release.is_emergency or local_day(at, release.zone) == local_day(release.go_live, release.zone):
        return ""
    if at >= release.go_live - GO_FROM:
        return ""
    return (
        f"Go is said on the day: not earlier than 24 hours before the go-live on "
        f"{local_day(release.go_live, release.zone)}."
    )


def _before_readiness(release: Release, at: datetime) -> str:
    first = READINESS_FROM.apply(release.go_live, release.zone)
    if release.is_emergency or at >= first:
        return ""
    return (
        f"The readiness review says how things are before the go-live on "
        f"{moment_words(release.go_live, release.zone)}: it can be given from two days before it, "
        f"{moment_words(first, release.zone)}."
    )


def _completed(release: Release) -> bool:
    return actual_window(release, Outline(release))[1] is not None


def _to_staging(release: Release) -> str:
    where = staging(release)
    if where is None:
        return f"Add it first: relui environment add {release.id} staging, then relui environment promote."
    return f"Record the promotion first: relui environment promote {release.id} {where.id} --access-verified."
