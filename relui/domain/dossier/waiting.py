"""What waits for whom over the active releases: sign-offs, confirmations, items, debts, retrospectives,
notices, actions, reviews.

Instants are UTC. A row names the people it waits for; without any, the role alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.checklist import State
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import Criterion, listed
from relui.domain.dossier.decisions import completion, handed_to, leader, rolled_back
from relui.domain.dossier.gates import judged, stage_now, unmet_again
from relui.domain.dossier.notices import end_of_day, owed_notices
from relui.domain.dossier.parts import Subject
from relui.domain.dossier.points import POINTS, confirmation_gaps
from relui.domain.dossier.signers import SERVICE_OWNER, required_signers
from relui.domain.dossier.signoffs import SUBJECT_WORDS, signed, state_of
from relui.domain.instants import local_day
from relui.domain.organisation import Organisation
from relui.domain.outline import Node, Outline, due_at, late_at
from relui.domain.progress import deployed, owing
from relui.domain.release import MILESTONES, Release, milestones
from relui.domain.slot_hold import requested
from relui.domain.text import counted

WaitingKind = Literal[
    "sign-off", "confirmation", "item", "debt", "retrospective", "notice", "action", "review"
]

_SIGNED_BY: dict[str, Subject] = {
    "definition-signed": "definition",
    "test-plan-signed": "test-plan",
    "acceptance-signed": "acceptance",
    "readiness-reviewed": "readiness",
    "go-decided": "go",
    "emergency-cab-signed": "go",
}
_GROUPS: dict[str, str] = {
    "prerequisites-confirmed": "prerequisite",
    "build-verified": "build",
    "notes-generated": "notes",
    "runbook-rehearsed": "runbook",
    "user-acceptance-done": "acceptance",
    "window-confirmed": "window",
    "readiness-reviewed": "readiness",
    "handed-off": "handoff",
}
_OWNERS = ("", "release-owner", "release-manager")
"""Roles of items that mean the release's own owner."""
READINESS_BEFORE = timedelta(hours=24)
"""The readiness review is due so long before the go-live [S1.24]."""
RETROSPECTIVE_WITHIN = timedelta(hours=24)
"""From the go-live until the retrospective of a deployed release is to be written."""


class Waiting(Struct, frozen=True):
    """One thing that waits: what, on which release, for whom, until when, and the name of what it is.

    `name` is the subject, point, item path, message or decision that it is about.
    """

    kind: WaitingKind
    release: str
    name: str
    words: str
    people: tuple[str, ...] = ()
    role: str = ""
    due: datetime | None = None
    overdue: bool = False


def waiting(
    releases: Iterable[Release], organisation: Organisation, context: Callable[[Release], Context]
) -> tuple[Waiting, ...]:
    """Everything that waits for somebody, the most urgent first.

    `context` gives each release's surroundings. Of a release the present stage is looked at, once it is
    staged `go` as well; closed releases wait for nobody.
    """
    found = [
        row
        for release in releases
        if not release.closed
        for row in of_release(release, organisation, context)
    ]
    return by_urgency(found)


def by_urgency(rows: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """What is overdue first, then what has a date, each by when it is due."""
    return tuple(sorted(rows, key=_urgency))


def _urgency(row: Waiting) -> tuple[bool, bool, float, str, str, str]:
    due = row.due.timestamp() if row.due else 0.0
    return (not row.overdue, row.due is None, due, row.release, row.kind, row.name)


def of_release(
    release: Release, organisation: Organisation, context: Callable[[Release], Context]
) -> Iterator[Waiting]:
    """What waits on one release."""
    around = context(release)
    yield from _items(release, organisation, around.now)
    criteria = listed(release)
    if criteria:
        yield from _of_gates(release, organisation, around, criteria)
    if criteria or rolled_back(release) is not None:
        yield from _notices(release, organisation, around.now)
    if requested(release):
        yield from _signatures(release, organisation, "exception", release.go_live, around)
    yield from _actions(release, organisation)
    if any(each.id == "review-planned" for each in criteria):
        yield from _review(release, organisation, around.now)


def waits_for(
    rows: Iterable[Waiting], person: str, organisation: Organisation, now: datetime
) -> tuple[Waiting, ...]:
    """The rows that wait for one person: by name, by role, or in the place of somebody who is away today."""
    found = organisation.person(person)
    me = found.id if found else person
    names = {me.casefold()}
    names |= {
        each.id.casefold()
        for each in organisation.people
        if each.delegate
        and organisation.person(each.delegate) == found
        and found is not None
        and organisation.is_away(each, now)
    }
    return tuple(row for row in rows if any(name.casefold() in names for name in row.people))


def _of_gates(
    release: Release, organisation: Organisation, context: Context, criteria: tuple[Criterion, ...]
) -> Iterator[Waiting]:
    gates = {stage_now(release), *(("go",) if stage_now(release) in ("stage", "deploy") else ())}
    for criterion in criteria:
        if release.started_at is not None and criterion.gates == ("go",):
            continue
        line = judged(release, criterion, context)
        if line.passes or not (gates.intersection(criterion.gates) or unmet_again(release, (line,))):
            continue
        due = _due(release, criterion)
        if criterion.id in _GROUPS:
            yield from _points(release, organisation, _GROUPS[criterion.id], due, context.now)
        if criterion.id in _SIGNED_BY:
            yield from _signatures(release, organisation, _SIGNED_BY[criterion.id], due, context)


def _due(release: Release, criterion: Criterion) -> datetime:
    """Until when a criterion is to be met (UTC): the end of its stage's milestone [S1.5], for the readiness
    review a day before the go-live, for all else the go-live."""
    if criterion.id == "readiness-reviewed":
        return release.go_live - READINESS_BEFORE
    for milestone in milestones(release.type, release.go_live, release.zone):
        if MILESTONES[milestone.name] == criterion.gates[0]:
            return end_of_day(milestone.day, release.zone)
    return release.go_live


def _signatures(
    release: Release, organisation: Organisation, subject: Subject, due: datetime, context: Context
) -> Iterator[Waiting]:
    lost = context.lost if subject == "go" else ()
    if signed(release, subject, lost):
        return
    state = state_of(release, subject, lost)
    done = {role for each in state.standing if each.fresh for role in each.signoff.roles}
    why = "; ".join(cause for each in state.stale for cause in each.causes)
    words = f"Sign {SUBJECT_WORDS[subject]}" + (f" again: {why}" if why else "")
    for signers in required_signers(subject, release, organisation):
        if signers.role in done and not state.rejections:
            continue
        asked = release.booking.approver if subject == "exception" and release.booking else ""
        persons = [each for each in signers.people if each.id == asked] or list(signers.people)
        people = tuple(each.id for each in persons) + tuple(
            delegate.id
            for each in persons
            if (delegate := organisation.delegate_of(each)) and handed_to(release, each.id, delegate.id)
        )
        yield Waiting("sign-off", release.id, subject, words, people, signers.role, due, context.now > due)


def _points(
    release: Release, organisation: Organisation, group: str, due: datetime, now: datetime
) -> Iterator[Waiting]:
    for gap in confirmation_gaps(release, group):
        point = POINTS[gap.name]
        people, words = _having(organisation, release, point.role), f"Confirm: {point.words}"
        yield Waiting("confirmation", release.id, point.id, words, people, point.role, due, now > due)


def _items(release: Release, organisation: Organisation, now: datetime) -> Iterator[Waiting]:
    """The open leaves of the first phase with something for a person to do, then what a deployment left.

    What ticks itself waits for nobody. What is due at or after the go-live is late when the checklist says
    so (`late_at`), not while it is being worked on.
    """
    outline = Outline(release)
    for phase in outline.phases:
        leaves = [leaf for leaf in phase.leaves() if _is_a_persons(leaf)]
        if not leaves or phase.phase.owed:
            continue
        due, late = due_at(release, phase.phase), now > late_at(release, phase.phase)
        for leaf in leaves:
            role = leaf.item.role if leaf.item else ""
            people = _having(organisation, release, role)
            yield Waiting("item", release.id, leaf.path, leaf.text, people, role, due, late)
        break
    yield from _debt(release, outline, now)
    if deployed(release, outline):
        yield from _retrospective(release, outline, now)


def _is_a_persons(leaf: Node) -> bool:
    return leaf.state is State.OPEN and not leaf.when_done


def _debt(release: Release, outline: Outline, now: datetime) -> Iterator[Waiting]:
    """One row for an emergency's full checklist: how much is owed, and until when [S1.36]."""
    debt = owing(release, outline, now)
    if debt is None:
        return
    until = moment_words(debt.due, release.zone)
    words = f"Owes {counted(len(debt.leaves), 'item')} of the full checklist until {until}"
    first, people = debt.leaves[0].path, (leader(release),)
    yield Waiting("debt", release.id, first, words, people, "release-owner", debt.due, debt.overdue)


def _retrospective(release: Release, outline: Outline, now: datetime) -> Iterator[Waiting]:
    if release.retrospective.written or now <= release.go_live:
        return
    if any(
        leaf.when_done == "retrospective" and leaf.state is State.NOT_APPLICABLE for leaf in outline.bound
    ):
        return
    due = release.go_live + RETROSPECTIVE_WITHIN
    words = "Write the retrospective"
    yield Waiting(
        "retrospective", release.id, "retrospective", words, (release.owner,), "release-owner", due, now > due
    )


def _having(organisation: Organisation, release: Release, role: str) -> tuple[str, ...]:
    """The people of a role: the release's own contact before everybody who has it in the organisation."""
    if role in _OWNERS:
        return (leader(release),)
    named = [each.person for each in release.dossier.contacts if each.id.casefold() == role.casefold()]
    if named:
        found = organisation.person(named[0])
        return (found.id if found else named[0],)
    if role == SERVICE_OWNER:
        service = organisation.service(release.service)
        if service is not None and service.owner:
            return (service.owner,)
    return tuple(person.id for person in organisation.people if role in person.roles)


def _notices(release: Release, organisation: Organisation, now: datetime) -> Iterator[Waiting]:
    for notice in owed_notices(release, organisation.holidays):
        if notice.sent is not None or notice.due is None:
            continue
        people = _having(organisation, release, "communications") or (leader(release),)
        words = f"Send '{notice.message}' to {notice.audience}" + (f": {notice.why}" if notice.why else "")
        late = notice.overdue(now)
        yield Waiting("notice", release.id, notice.message, words, people, "communications", notice.due, late)


def _actions(release: Release, organisation: Organisation) -> Iterator[Waiting]:
    done = completion(release)
    for number, action in enumerate(done.actions if done else (), start=1):
        assert done is not None
        yield Waiting("action", release.id, f"{done.id}.{number}", action, (leader(release),))


def _review(release: Release, organisation: Organisation, now: datetime) -> Iterator[Waiting]:
    """A major release is reviewed within the policy's business days; until it is planned, that is due."""
    if release.completed_at is None or release.type != "major":
        return
    if not any(gap.name == "close.pir" for gap in confirmation_gaps(release, "close")):
        return
    due = review_due(release, organisation)
    words = "Plan the review after the release"
    yield Waiting("review", release.id, "close.pir", words, (release.owner,), "release-owner", due, now > due)


def review_due(release: Release, organisation: Organisation) -> datetime:
    """Until when a completed major release is reviewed (UTC): the policy's business days after it."""
    from relui.domain.calendar.holidays import business_days_after

    day = local_day(release.completed_at or release.go_live, release.zone)
    last = business_days_after(day, organisation.policy.pir_days, organisation.holidays)
    return end_of_day(last, release.zone)
