"""Sign-offs: what was approved, by whom and for whom, and which are stale [S1.8, S1.21, S1.25, S1.38].

A sign-off is an entry that stays: it is superseded by a later one of the same person, or withdrawn by a new
entry, never undone. How one is given: `signing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import get_args

from msgspec import Struct

from relui.domain.dossier.builds import build_by
from relui.domain.dossier.facets import RESTS, causes
from relui.domain.dossier.parts import SignOff, Subject
from relui.domain.dossier.timely import not_staged
from relui.domain.naming import did_you_mean
from relui.domain.release import Release
from relui.domain.text import quoted
from relui.errors import BadInput

SUBJECTS: tuple[Subject, ...] = get_args(Subject)

SUBJECT_WORDS: Mapping[Subject, str] = {
    "definition": "the release definition",
    "test-plan": "the test plan",
    "acceptance": "the acceptance in staging",
    "readiness": "the readiness review",
    "go": "the go decision",
    "exception": "the exception to the calendar's rules",
}

POINTS: Mapping[Subject, Mapping[str, str]] = {
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


class Standing(Struct, frozen=True):
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
    standing: tuple[Standing, ...]
    missing: tuple[str, ...] = ()

    @property
    def stale(self) -> tuple[Standing, ...]:
        """Approvals that count no more."""
        return tuple(each for each in self.standing if not each.fresh and each.signoff.verdict == "approve")

    @property
    def rejections(self) -> tuple[Standing, ...]:
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
    """What has changed of the facets that a sign-off rests on, in words; nothing when it is fresh.

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


def standing(release: Release, subject: Subject, lost: Iterable[str] = ()) -> tuple[Standing, ...]:
    """The last decision of each person on a subject, those withdrawn left out, in the order of time."""
    last: dict[str, SignOff] = {}
    for signoff in release.dossier.signoffs:
        if signoff.subject == subject:
            last.pop(principal_of(signoff), None)
            last[principal_of(signoff)] = signoff
    people = tuple(lost)
    return tuple(
        Standing(each, stale(release, each, people)) for each in last.values() if each.verdict != "withdraw"
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
