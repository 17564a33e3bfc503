"""Sign-offs: what was approved, by whom and for whom, and which are stale [S1.8, S1.21, S1.25, S1.38].

A sign-off is an entry that stays: it is superseded by a later one of the same person, or withdrawn by a new
entry, never undone. How one is given: `signing.py`. Nor is one given, or a point confirmed, before there is
what it is for [S1.20, S1.24]: told in words with the way out, with which the rules that record them refuse.
What an approval was given for may go again afterwards: `not_staged` is also why an acceptance is stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args

from msgspec import Struct

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.builds import build_by
from relui.domain.dossier.decisions import go_decision, on_hold
from relui.domain.dossier.environments import promoted, staging
from relui.domain.dossier.grounds import RESTS, causes
from relui.domain.dossier.parts import SignOff, Subject
from relui.domain.instants import local_day, parse_offset
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

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


SUBJECTS: tuple[Subject, ...] = get_args(Subject)

SUBJECT_WORDS: Mapping[Subject, str] = {
    "definition": "the release definition",
    "test-plan": "the test plan",
    "acceptance": "the acceptance in staging",
    "readiness": "the readiness review",
    "go": "the go decision",
    "exception": "the exception to the calendar's rules",
}

APPROVAL_POINTS: Mapping[Subject, Mapping[str, str]] = {
    "acceptance": {
        "satisfactory": "Acceptance was satisfactory",
        "known-issues": "The known issues are acceptable",
        "timing": "The timing is still right",
        "rollback-criteria": "The rollback criteria are understood",
    },
    "go": {
        "open-issues": "Open issues that came up late were looked at",
        "people": "People and resources are there",
        "business": "Business circumstances allow it",
    },
}
"""What an approval confirms, point by point: id -> words. Every point must be confirmed [S1.21, S1.25]."""

LOST = "lost"
"""In the basis of a go: who was known to be away when it was said."""


class StandingSignOff(Struct, frozen=True):
    """A decision that nothing superseded, and what has changed since it was given (nothing: it is fresh)."""

    signoff: SignOff
    causes: tuple[str, ...] = ()

    @property
    def fresh(self) -> bool:
        """What it was given for is as it was."""
        return not self.causes

    @property
    def approves(self) -> bool:
        """An approval that counts."""
        return self.fresh and self.signoff.verdict == "approve"


class SubjectState(Struct, frozen=True):
    """Where a subject stands: `signed` when every needed role approved, and nobody's fresh no stands.

    `missing` are the roles that have to approve (again).
    """

    subject: Subject
    signed: bool
    standing: tuple[StandingSignOff, ...]
    missing: tuple[str, ...] = ()

    @property
    def stale(self) -> tuple[StandingSignOff, ...]:
        """Approvals that count no more."""
        return tuple(each for each in self.standing if not each.fresh and each.signoff.verdict == "approve")

    @property
    def rejections(self) -> tuple[StandingSignOff, ...]:
        """Rejections of what still is as it was."""
        return tuple(each for each in self.standing if each.fresh and each.signoff.verdict == "reject")


def subject_named(name: str) -> Subject:
    """The subject of that name. Raises BadInput with the nearest."""
    if name not in SUBJECTS:
        raise BadInput(f"{quoted(name)} is not a subject of a sign-off.{did_you_mean(name, SUBJECTS)}")
    return name


def principal_of(signoff: SignOff) -> str:
    """Whose decision it is, case folded: of whom somebody signed for, else of who signed."""
    return (signoff.acting_for or signoff.by).casefold()


def stale(release: Release, signoff: SignOff, lost: Iterable[str] = ()) -> tuple[str, ...]:
    """What has changed of the grounds that a sign-off rests on, in words; nothing when it is fresh.

    An acceptance also rests on the build being in staging, until the deployment begins.
    `lost` are the calendar's words for key people who are away: those who were there touch go alone.
    """
    found = causes(release, signoff.basis)
    if not _over(release) and "build" in RESTS[signoff.subject] and "build" not in signoff.basis:
        build, number = build_by(release, signoff.at), release.dossier.iteration
        if build != number:
            found = (*found, f"it was given for build {build}, and this is build {number}")
    if signoff.subject == "go" and signoff.verdict == "approve":
        known = signoff.basis.get(LOST, "").split("\n")
        return (*found, *(words for words in lost if words not in known))
    if signoff.subject == "acceptance" and signoff.verdict == "approve" and not _over(release):
        return (*found, *filter(None, [not_staged(release)]))
    return found


def _over(release: Release) -> bool:
    """Its deployment has begun, or it is archived: what it was accepted on is history."""
    return release.closed or release.started_at is not None or release.completed_at is not None


def standing(release: Release, subject: Subject, lost: Iterable[str] = ()) -> tuple[StandingSignOff, ...]:
    """The last decision of each person on a subject, those withdrawn left out, in the order of time."""
    last: dict[str, SignOff] = {}
    for signoff in release.dossier.signoffs:
        if signoff.subject == subject:
            last.pop(principal_of(signoff), None)
            last[principal_of(signoff)] = signoff
    people = tuple(lost)
    return tuple(
        StandingSignOff(each, stale(release, each, people))
        for each in last.values()
        if each.verdict != "withdraw"
    )


def state_of(release: Release, subject: Subject, lost: Iterable[str] = ()) -> SubjectState:
    """Where a subject stands, by the roles that were needed when it was signed last."""
    found = standing(release, subject, lost)
    approvals = [each.signoff for each in found if each.approves]
    roles = {role for signoff in approvals for role in signoff.roles}
    needs = (approvals or [each.signoff for each in found] or [_NEVER])[-1].needs
    missing = tuple(role for role in needs if role not in roles)
    rejected = any(each.fresh and each.signoff.verdict == "reject" for each in found)
    return SubjectState(subject, bool(approvals) and not missing and not rejected, found, missing)


_NEVER = SignOff(id="", subject="go", verdict="withdraw", by="", at=datetime(1970, 1, 1, tzinfo=UTC))


def signed(release: Release, subject: Subject, lost: Iterable[str] = ()) -> bool:
    """Every role that is needed approves what is there now, and nobody rejects it."""
    return state_of(release, subject, lost).signed


def signed_subjects(release: Release) -> frozenset[Subject]:
    """The subjects that are signed now."""
    given = {signoff.subject for signoff in release.dossier.signoffs}
    return frozenset(subject for subject in given if signed(release, subject))


def go_stands(release: Release, lost: Iterable[str] = ()) -> bool:
    """Go was said, its sign-off is fresh, and the release is not on hold.

    `lost` are the calendar's words for key people who are away.
    """
    return not on_hold(release) and go_said(release, lost)


def go_said(release: Release, lost: Iterable[str] = ()) -> bool:
    """Go was said, and its sign-off is fresh: a hold stops what follows, and takes no word back."""
    return go_decision(release) is not None and signed(release, "go", lost)
