"""What people give their name for: sign-offs [S1.8, S1.21, S1.25, S1.38] and confirmations [S1.12-S1.26].

A subject is approved, rejected or taken back, as oneself or for another. A confirmation is one check: who
says that it holds, when, on what evidence. What counts of them: `signoffs.py`, `points.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import cast, get_args

from msgspec.structs import replace

from relui.domain.dossier.definition import lacks
from relui.domain.dossier.grounds import RESTS, basis_of
from relui.domain.dossier.parts import Confirmation, SignOff, SignOffVerdict, Subject
from relui.domain.dossier.points import (
    BUILD_CHECKS,
    GROUPS,
    POINTS,
    Point,
    confirmed,
    doubts,
    point_named,
    points_of,
)
from relui.domain.dossier.signers import (
    NOBODY,
    Authority,
    authority,
    barred_words,
    person_id,
    required_signers,
    team_spoken_for,
)
from relui.domain.dossier.signoffs import (
    APPROVAL_POINTS,
    LOST,
    SUBJECT_WORDS,
    point_too_early,
    principal_of,
    standing,
    state_of,
    subject_named,
    subject_too_early,
)
from relui.domain.log import Act
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling, reason_given, refuse_closed
from relui.domain.text import did_you_mean, long_text, one_line, quoted
from relui.errors import BadInput, Refused


def confirm(
    release: Release,
    names: Iterable[str],
    by: str,
    at: datetime,
    *,
    note: str = "",
    evidence: str = "",
    notes: Mapping[str, str] | None = None,
    organisation: Organisation = NOBODY,
) -> Ruling:
    """Confirm points as one act; a group's name (`window`) means each of its points that is open.

    `notes` are those of single points by their id; `note` stands for all others.

    Whoever confirms for a team without being of it, by the organisation's roles, is recorded so. Raises
    BadInput for an unknown one, or for a note that is missing where the point asks for it, Refused for a
    build of nothing, and before there is what is confirmed (`signoffs.py`).
    """
    refuse_closed(release)
    note = long_text(note, what="The note")
    evidence = one_line(evidence, what="The evidence")
    meant = _meant(release, names)
    if not release.dossier.components and any(point.id in BUILD_CHECKS for point in meant):
        raise Refused(
            f"{release.id} declares no component: there is no build to verify. Declare what it consists of "
            f"first: relui component add {release.id} NAME --kind KIND, or component not-needed."
        )
    for point in meant:
        if early := point_too_early(release, point.id, at):
            raise Refused(f"{early} Nothing was changed.")
    given = Confirmation(
        id="",
        at=at.astimezone(UTC),
        by=one_line(by, what="The name", required=True),
        note=note,
        evidence=evidence,
        iteration=release.dossier.iteration,
    )
    kept = {each.id: each for each in release.dossier.confirmations}
    changed: list[str] = []
    for point in meant:
        team = team_spoken_for(release, point.id, point.role, by, organisation)
        own = long_text((notes or {}).get(point.id, ""), what="The note") or note
        said = _said(release, point, kept.get(point.id), replace(given, acting_for=team, note=own))
        if said is not None:
            kept[point.id] = said
            changed.append(point.id)
    already = tuple(point.id for point in meant if point.id not in changed)
    if not changed:
        return Ruling(release, None, already=already)
    teams = [kept[name].acting_for for name in changed if kept[name].acting_for]
    spoken = f", for {_and(teams)}" if teams else ""
    act = Act("confirm", f"confirmed {', '.join(changed)}{spoken}", note)
    shared = [POINTS[name] for name in changed if note and not (notes or {}).get(name)]
    told = _told(by, teams, shared)
    return Ruling(_with(release, kept.values(), at), act, tuple(changed), already=already, told=told)


def _said(
    release: Release, point: Point, before: Confirmation | None, given: Confirmation
) -> Confirmation | None:
    """What is recorded on a point; None where it stands and nothing is added. Raises BadInput without a note.

    What is said again keeps the note and the evidence of before, while that counts.
    """
    standing = before if before is not None and not doubts(release, before) else None
    if standing is not None:
        same_voice = not standing.acting_for or bool(given.acting_for)
        if same_voice and not _adds(standing, given.note, given.evidence):
            return None
        given = replace(
            given,
            note=given.note or standing.note,
            evidence=given.evidence or standing.evidence,
        )
    if point.note and not given.note:
        raise BadInput(f"'{point.words}' ({point.id}) needs a note: {point.note}. Nothing was changed.")
    return replace(given, id=point.id, basis=basis_of(release, point.rests))


def _told(by: str, teams: list[str], noted: list[Point]) -> tuple[str, ...]:
    """For whom somebody spoke, and that one note stands for points that ask for different ones."""
    told: list[str] = []
    if teams:
        told.append(f"Recorded as said by {by} for {_and(teams)}: others have that role.")
    asking = [point for point in noted if point.note]
    if len({point.note for point in asking}) > 1:
        wants = "; ".join(f"{point.id} ({point.note})" for point in asking)
        told.append(
            f"One note stands for {len(asking)} points that ask for different ones: {wants}. Confirm a point "
            "by itself where the note does not say that."
        )
    return tuple(told)


def _and(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def unconfirm(release: Release, names: Iterable[str], by: str, at: datetime, reason: str) -> Ruling:
    """Take confirmations back, for a reason that stays in the log. Raises BadInput without one."""
    refuse_closed(release)
    wanted = [point.id for point in _meant(release, names, every=True)]
    reason = reason_given(reason, "Taking a confirmation back")
    kept = {each.id: each for each in release.dossier.confirmations}
    changed = [name for name in wanted if kept.pop(name, None) is not None]
    left = tuple(name for name in wanted if name not in changed)
    if not changed:
        return Ruling(release, None, already=left)
    act = Act("unconfirm", f"took back: {', '.join(changed)}", reason)
    return Ruling(_with(release, kept.values(), at), act, tuple(changed), already=left)


def _meant(release: Release, names: Iterable[str], *, every: bool = False) -> tuple[Point, ...]:
    found: dict[str, Point] = {}
    for name in names:
        wanted = name.strip()
        if wanted in GROUPS:
            here = points_of(wanted)
            open_ones = here if every else tuple(p for p in here if not confirmed(release, p.id))
            found |= {point.id: point for point in open_ones or here}
        else:
            found[wanted] = point_named(wanted)
    if not found:
        raise BadInput(f"Say what is confirmed.{did_you_mean('', POINTS)}")
    return tuple(found.values())


def _adds(before: Confirmation, note: str, evidence: str) -> bool:
    return (note or before.note) != before.note or (evidence or before.evidence) != before.evidence


def _with(release: Release, confirmations: Iterable[Confirmation], at: datetime) -> Release:
    dossier = replace(release.dossier, confirmations=tuple(confirmations))
    return replace(release, dossier=dossier)


VERDICTS: tuple[SignOffVerdict, ...] = get_args(SignOffVerdict)
ALL_POINTS = "all"


def sign(
    release: Release,
    organisation: Organisation,
    subject: str,
    actor: str,
    at: datetime,
    *,
    verdict: str = "approve",
    acting_for: str = "",
    comment: str = "",
    confirmed: Iterable[str] = (),
    lost: Iterable[str] = (),
) -> Ruling:
    """Approve, reject or withdraw on a subject, as `actor` or for whom they are the delegate of.

    An approval confirms every point of its subject (`all` means each of them). `lost` are the calendar's
    words for people who are known to be away: go is said knowing them. `told` says what an approved
    definition still lacks. Raises Refused for somebody who may not sign, for a test plan that there is
    not, and before there is what is approved (`signoffs.py`), BadInput for a missing point or a rejection
    without its reason. Not undoable.
    """
    refuse_closed(release)
    about = subject_named(subject)
    if verdict not in VERDICTS:
        raise BadInput(f"{quoted(verdict)} is not a decision.{did_you_mean(verdict, VERDICTS)}")
    comment = long_text(comment, what="The comment")
    if verdict == "withdraw":
        return _withdraw(release, organisation, about, actor, at, acting_for, comment)
    if verdict == "reject" and not comment:
        raise BadInput(f"Rejecting {SUBJECT_WORDS[about]} needs a reason. Nothing was changed.")
    points = _points(about, confirmed) if verdict == "approve" else ()
    if verdict == "approve" and about == "test-plan" and not release.dossier.test_plan:
        raise Refused(
            f"{release.id} has no test plan that could be agreed on. Write it first: relui edit {release.id} "
            "--set test-plan=T."
        )
    right = authority(release, organisation, about, actor, at, acting_for)
    if verdict == "approve" and (early := subject_too_early(release, about, at)):
        raise Refused(f"{early} Nothing was changed.")
    given = cast("SignOffVerdict", verdict)
    roles = _covering(release, organisation, about, right) if given == "approve" else right.roles
    basis = basis_of(release, RESTS[about])
    if known := "\n".join(lost):
        basis[LOST] = known
    signoff = SignOff(
        id=_next_id(release), subject=about, verdict=given, by=right.by, acting_for=right.acting_for,
        at=at.astimezone(UTC), comment=comment, confirmed=points, roles=roles, needs=right.needs, basis=basis,
    )  # fmt: skip
    if given == "approve" and _same(release, signoff):
        return Ruling(release, None, already=(about,), told=(f"{_who(signoff)} has approved it already.",))
    told = (lacks(release),) if given == "approve" and about == "definition" else ()
    return _recorded(release, signoff, at, (*right.told, *filter(None, told)))


def _withdraw(
    release: Release,
    organisation: Organisation,
    subject: Subject,
    actor: str,
    at: datetime,
    acting_for: str,
    comment: str,
) -> Ruling:
    """Take back what stands of a person or of whom they stand for: a right lost since does not matter."""
    by = person_id(organisation, actor)
    principal = person_id(organisation, acting_for) if acting_for else by
    found = [
        each.signoff
        for each in standing(release, subject)
        if principal_of(each.signoff) == principal.casefold()
    ]
    if not found:
        raise Refused(
            f"{principal} has decided nothing about {SUBJECT_WORDS[subject]} of {release.id}: "
            "there is nothing to withdraw."
        )
    if by.casefold() not in (principal.casefold(), found[0].by.casefold()):
        authority(release, organisation, subject, actor, at, acting_for)
    signoff = SignOff(
        id=_next_id(release), subject=subject, verdict="withdraw", by=by,
        acting_for="" if principal == by else principal, at=at.astimezone(UTC), comment=comment,
    )  # fmt: skip
    return _recorded(release, signoff, at, ())


def _points(subject: Subject, confirmed: Iterable[str]) -> tuple[str, ...]:
    known = APPROVAL_POINTS.get(subject, {})
    given = [point.strip() for point in confirmed if point.strip()]
    if given == [ALL_POINTS]:
        return tuple(known)
    for point in given:
        if point not in known:
            hint = did_you_mean(point, known) or " It has none."
            raise BadInput(f"{quoted(point)} is nothing that {SUBJECT_WORDS[subject]} confirms.{hint}")
    missing = [f"{point} ({words})" for point, words in known.items() if point not in given]
    if missing:
        raise BadInput(f"Approving {SUBJECT_WORDS[subject]} confirms each point: {'; '.join(missing)}.")
    return tuple(point for point in known if point in given)


def _covering(
    release: Release, organisation: Organisation, subject: Subject, right: Authority
) -> tuple[str, ...]:
    """The roles that an approval counts for: one alone, of those still missing, where people must differ."""
    if not organisation.policy.distinct_approver or len(right.roles) < 2:
        return right.roles
    mine = right.principal.casefold()
    others = [each for each in standing(release, subject) if principal_of(each.signoff) != mine]
    covered = {role for each in others if each.approves for role in each.signoff.roles}
    return next(((role,) for role in right.roles if role not in covered), right.roles[:1])


def _same(release: Release, signoff: SignOff) -> bool:
    """The very same approval stands already, and is fresh."""
    return any(
        each.approves
        and principal_of(each.signoff) == principal_of(signoff)
        and (each.signoff.roles, each.signoff.confirmed) == (signoff.roles, signoff.confirmed)
        for each in standing(release, signoff.subject)
    )


def _recorded(release: Release, signoff: SignOff, at: datetime, told: tuple[str, ...]) -> Ruling:
    verbs = {"approve": "approved", "reject": "rejected", "withdraw": "withdrew the decision on"}
    words = f"{verbs[signoff.verdict]} {SUBJECT_WORDS[signoff.subject]}"
    if signoff.acting_for:
        words += f", for {signoff.acting_for}"
    dossier = replace(release.dossier, signoffs=(*release.dossier.signoffs, signoff))
    act = Act("sign", words, signoff.comment, reversible=False)
    return Ruling(replace(release, dossier=dossier), act, (signoff.subject,), told=told)


def _next_id(release: Release) -> str:
    return f"S-{len(release.dossier.signoffs) + 1}"


def _who(signoff: SignOff) -> str:
    return f"{signoff.by} (for {signoff.acting_for})" if signoff.acting_for else signoff.by


def unsigned_words(
    release: Release, subject: Subject, organisation: Organisation, lost: Iterable[str] = ()
) -> str:
    """Why a subject is not signed and who has to do it; empty when it is signed."""
    state = state_of(release, subject, lost)
    if state.signed:
        return ""
    found = [
        f"{_who(each.signoff)} rejected it: {' '.join(each.signoff.comment.split())}"
        for each in state.rejections
    ]
    found += [
        f"the approval of {_who(each.signoff)} is stale: {'; '.join(each.causes)}" for each in state.stale
    ]
    required = required_signers(subject, release, organisation)
    approved = {role for each in state.standing if each.approves for role in each.signoff.roles}
    waits = [signers.words for signers in required if signers.role not in approved]
    if waits:
        found.append(f"{' and '.join(waits)} {'has' if len(waits) == 1 else 'have'} to approve")
    found += [
        words
        for signers in required
        if signers.role not in approved and (words := barred_words(release, organisation, signers, subject))
    ]
    empty = [signers.role for signers in required if not signers.people and organisation.people]
    if empty:
        found.append(f"nobody in the organisation has the role {', '.join(empty)}")
    return "; ".join(found)
