"""Who may sign what [S1.4, S1.8, S1.21, S1.25, S1.38]: roles, delegates, distinct approvers.

The people come from the organisation. One that lists nobody lets anybody sign, and the record says so. Also
who spoke for whom: a change found ready by another than its owner, a point confirmed outside of its team.
Both are allowed, and stay visible. Where the organisation lists nobody of a team, nobody speaks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.dossier.decisions import handed_to
from relui.domain.dossier.parts import Change, Confirmation, Subject
from relui.domain.organisation import Organisation, Person
from relui.domain.release import Release
from relui.domain.text import did_you_mean, one_line, quoted
from relui.errors import BadInput, Refused

ANYONE = "anyone"
SERVICE_OWNER = "service-owner"
CAB = "cab"
EMERGENCY_CAB = "emergency-cab"
RELEASE_MANAGER = "release-manager"

ROLE_WORDS: Mapping[str, str] = {
    ANYONE: "somebody",
    SERVICE_OWNER: "the service owner",
    CAB: "the CAB",
    EMERGENCY_CAB: "the emergency CAB",
    RELEASE_MANAGER: "a release manager",
}
"""Who signs, in words."""

_HELD_AS: Mapping[str, tuple[str, ...]] = {RELEASE_MANAGER: ("release-manager", "release-owner")}
"""A role -> the roles of people in the organisation that mean it; itself unless said here."""

NO_PEOPLE = "The organisation lists no people: anybody may sign."


class Signers(Struct, frozen=True):
    """One role that has to approve a subject, and the people who have it (none: nobody is listed)."""

    role: str
    people: tuple[Person, ...] = ()

    @property
    def words(self) -> str:
        """`the service owner (Grace)`."""
        names = ", ".join(person.name for person in self.people)
        return f"{ROLE_WORDS[self.role]} ({names})" if names else ROLE_WORDS[self.role]


class Authority(Struct, frozen=True):
    """By what right somebody signs: in which of the roles that are needed, and for whom."""

    by: str
    acting_for: str
    roles: tuple[str, ...]
    needs: tuple[str, ...]
    told: tuple[str, ...] = ()

    @property
    def principal(self) -> str:
        """Whose decision it is."""
        return self.acting_for or self.by


def required_signers(subject: Subject, release: Release, organisation: Organisation) -> tuple[Signers, ...]:
    """The roles that all have to approve, each with the people who may do it."""
    if not organisation.people:
        return (Signers(ANYONE),)
    roles = _roles(subject, release, organisation)
    return tuple(Signers(role, _people(role, release, organisation)) for role in roles)


def _roles(subject: Subject, release: Release, organisation: Organisation) -> tuple[str, ...]:
    if subject == "readiness":
        return (RELEASE_MANAGER,)
    if release.is_emergency and subject in ("definition", "go"):
        return (EMERGENCY_CAB,)
    if subject == "exception":
        board = EMERGENCY_CAB if release.is_emergency else CAB if release.type == "major" else SERVICE_OWNER
        return (board,) if _people(board, release, organisation) else (SERVICE_OWNER,)
    if subject == "definition" and release.type == "major":
        return (SERVICE_OWNER, CAB)
    if subject == "definition" and release.type == "patch" and organisation.policy.distinct_approver:
        managers = _people(RELEASE_MANAGER, release, organisation)
        return (RELEASE_MANAGER,) if _others(managers, release, organisation) else (SERVICE_OWNER,)
    return (SERVICE_OWNER,)


def _others(people: tuple[Person, ...], release: Release, organisation: Organisation) -> list[Person]:
    owner = person_id(organisation, release.owner)
    return [person for person in people if person.id != owner]


def exception_approver(release: Release, organisation: Organisation, name: str) -> str:
    """Whom to ask for the approval of an exception [S1.38]: `name`, or the only one who may give it.

    Whoever may not sign it themselves, owning the release, can still be signed for. Raises BadInput without a
    name where several may, Refused for somebody whom the policy does not let approve it, naming who may.
    """
    required = required_signers("exception", release, organisation)
    listed = [person.id for signers in required for person in signers.people]
    free = [each for each in listed if not _not_distinct(release, organisation, "exception", each)]
    who = f"an exception is approved by {_all(required)}"
    if organisation.people and not listed:
        raise Refused(f"Nobody in the organisation has the role that it takes: {who}.")
    if not name.strip():
        if len(free or listed) == 1:
            return (free or listed)[0]
        raise BadInput(f"Say who is asked to approve the exception: {who}.")
    wanted = organisation.checked_person(name.strip())
    if organisation.people and wanted not in listed:
        raise Refused(f"{wanted} cannot approve this exception: {who}.")
    return wanted


def _people(role: str, release: Release, organisation: Organisation) -> tuple[Person, ...]:
    if role == SERVICE_OWNER:
        service = organisation.service(release.service)
        owner = organisation.person(service.owner) if service and service.owner else None
        if owner is not None:
            return (owner,)
    held = _HELD_AS.get(role, (role,))
    found = [person for person in organisation.people if any(name in held for name in person.roles)]
    owner = organisation.person(release.owner)
    if role == RELEASE_MANAGER and owner is not None and owner not in found:
        found.append(owner)
    return tuple(found)


def person_id(organisation: Organisation, name: str) -> str:
    """The id of a person, or the name itself when the organisation does not list it."""
    found = organisation.person(name)
    return found.id if found else name


def authority(
    release: Release,
    organisation: Organisation,
    subject: Subject,
    actor: str,
    at: datetime,
    acting_for: str = "",
) -> Authority:
    """By what right `actor` signs at `at` (UTC), in the place of `acting_for` when given: a delegate named in
    advance, while the other is away or has handed over.

    Raises Refused, naming who may, for somebody who may not, who is no delegate, or who is not distinct
    though the policy asks for it; BadInput for a name that the organisation does not list.
    """
    actor = one_line(actor, what="The name of who signs", required=True)
    acting_for = one_line(acting_for, what="The name of whom it is signed for")
    required = required_signers(subject, release, organisation)
    needs = tuple(signers.role for signers in required)
    by = person_id(organisation, actor)
    _refuse_same(release, organisation, subject, by)
    if needs == (ANYONE,):
        other = "" if acting_for.casefold() == by.casefold() else acting_for
        return Authority(by, other, needs, needs, (NO_PEOPLE,))
    person = organisation.person(actor)
    if person is None:
        known = did_you_mean(actor, [each.id for each in organisation.people])
        raise Refused(
            f"{quoted(actor)} is not among the people of the organisation.{known} "
            f"The {subject} is signed by {_all(required)}."
        )
    principal = _principal(organisation, person, acting_for)
    roles = tuple(signers.role for signers in required if principal in signers.people)
    if principal is not person:
        _refuse_no_stand_in(release, organisation, subject, person, principal, at)
    if not roles:
        raise Refused(_no_right(release, subject, required, person, principal))
    return Authority(by, "" if principal is person else principal.id, roles, needs)


def _principal(organisation: Organisation, person: Person, acting_for: str) -> Person:
    if not acting_for:
        return person
    found = organisation.person(acting_for)
    if found is None:
        known = did_you_mean(acting_for, [each.id for each in organisation.people])
        raise BadInput(f"The organisation has nobody called {quoted(acting_for)}.{known}")
    return found


def _refuse_no_stand_in(
    release: Release,
    organisation: Organisation,
    subject: Subject,
    person: Person,
    principal: Person,
    at: datetime,
) -> None:
    """Raises Refused for somebody who is no delegate, or whose turn it is not, with the ways out."""
    managers = _people(RELEASE_MANAGER, release, organisation)
    if subject == "acceptance" and release.type == "patch" and person in managers:
        return
    delegate = organisation.delegate_of(principal)
    if delegate != person:
        who = f"The delegate of {principal.name} is {delegate.name}" if delegate else ""
        raise Refused(
            f"{who or f'{principal.name} has no delegate'}: {person.name} cannot sign for them. "
            "Delegates are named in advance."
        )
    if not stands_in(release, organisation, principal, at):
        raise Refused(
            f"{principal.name} is not away and has not handed over: {person.name} cannot sign for them yet. "
            f"Ways out: {principal.name} signs, or hands over (relui hand-over {release.id} --sign-offs "
            f"--as {principal.id}), or is recorded as away (relui org away add {principal.id})."
        )


def stands_in(release: Release, organisation: Organisation, principal: Person, at: datetime) -> bool:
    """The delegate of `principal` signs for them at `at` (UTC): away that day, or handed over."""
    delegate = organisation.delegate_of(principal)
    if delegate is None:
        return False
    return organisation.is_away(principal, at) or handed_to(release, principal.id, delegate.id)


def _no_right(
    release: Release, subject: Subject, required: tuple[Signers, ...], person: Person, principal: Person
) -> str:
    stands_for = [
        each
        for signers in required
        for each in signers.people
        if each.delegate and each.delegate.casefold() in (person.id.casefold(), person.name.casefold())
    ]
    empty = [signers for signers in required if not signers.people]
    words = f"The {subject} of {release.id} is signed by {_all(required)}, not by {principal.name}."
    if stands_for and principal is person:
        return f"{words} As the delegate of {stands_for[0].name}, sign for {stands_for[0].id}."
    if empty:
        return f"{words} Nobody in the organisation has the role {empty[0].role}: give it to somebody."
    return words


def _all(required: tuple[Signers, ...]) -> str:
    return " and ".join(signers.words for signers in required)


def _refuse_same(release: Release, organisation: Organisation, subject: Subject, by: str) -> None:
    """Raises Refused when the policy asks for another approver than the owner and who did the work."""
    what = _not_distinct(release, organisation, subject, by)
    if what:
        ways = _ways_round(release, organisation, subject, by)
        raise Refused(f"The policy asks for a distinct approver, and {by} is {what}. {ways}")


def barred_words(release: Release, organisation: Organisation, signers: Signers, subject: Subject) -> str:
    """Why nobody of the role may sign themselves, with the ways out; empty where somebody may."""
    found = [(person, _not_distinct(release, organisation, subject, person.id)) for person in signers.people]
    if not found or not all(what for _, what in found):
        return ""
    person, what = found[0]
    ways = _ways_round(release, organisation, subject, person.id)
    return f"{person.id} cannot sign it, being {what}: {ways[:1].lower()}{ways[1:].rstrip('.')}"


def _ways_round(release: Release, organisation: Organisation, subject: Subject, by: str) -> str:
    """Who can sign instead, or what has to change so that `by` may."""
    free = [
        person.id
        for signers in required_signers(subject, release, organisation)
        for person in signers.people
        if person.id.casefold() != by.casefold()
        and not _not_distinct(release, organisation, subject, person.id)
    ]
    ways = [f"let {' or '.join(free[:3])} sign"] if free else []
    if person_id(organisation, release.owner).casefold() == by.casefold():
        ways.append(f"give the release another owner (relui edit {release.id} --set owner=NAME)")
    person = organisation.person(by)
    if person is not None and any(
        person in signers.people for signers in required_signers(subject, release, organisation)
    ):
        delegate = organisation.delegate_of(person)
        ways.append(
            f"let the delegate {delegate.id} sign for {by} (relui sign {release.id} {subject} --for {by}), "
            f"which {by} allows where not away: relui hand-over {release.id} --sign-offs"
            if delegate
            else f"name a delegate of {by} in the organisation, who signs for them"
        )
    words = ", or ".join(ways) or "let somebody else sign, or a delegate named in advance"
    return f"{words[:1].upper()}{words[1:]}."


def _not_distinct(release: Release, organisation: Organisation, subject: Subject, by: str) -> str:
    """What somebody did that the policy keeps apart from approving it, in words; else nothing."""
    if not organisation.policy.distinct_approver or subject == "readiness":
        return ""
    did = {release.owner: f"the owner of {release.id}"}
    if subject == "definition":
        did.setdefault(release.created_by, f"who created {release.id}")
    if subject == "acceptance":
        present = (run for run in release.dossier.runs if run.iteration == release.dossier.iteration)
        did |= {run.by: "who ran its tests" for run in present if run.by and run.by not in did}
    if subject == "exception" and release.bookings:
        did.setdefault(release.bookings[-1].booked_by, "who asked for the slot")
    for name, what in did.items():
        if person_id(organisation, name).casefold() == by.casefold():
            return what
    return ""


NOBODY = Organisation()
"""One that lists nobody."""

TEAM_POINTS = ("window.",)
"""How the ids of points begin that are the word of a team, and not only usually given by one."""


def ready_said(before: Change | None, part: Change, by: str, organisation: Organisation) -> Change:
    """The change with who says that it is ready, where that is not its owner."""
    if not part.ready:
        return replace(part, ready_by="")
    speaker = person_id(organisation, by)
    own = not part.owner or person_id(organisation, part.owner).casefold() == speaker.casefold()
    if own:
        return replace(part, ready_by="")
    said = before is not None and before.ready and before.owner == part.owner
    return replace(part, ready_by=before.ready_by if said and before is not None else speaker)


def ready_kept(before: Change, part: Change, organisation: Organisation) -> Change:
    """A change that was given another owner, who has not said that it is ready: whose word it was stays."""
    speaker = before.ready_by or before.owner
    if not (before.ready and part.ready and speaker and part.owner) or before.owner == part.owner:
        return part
    own = person_id(organisation, part.owner).casefold() == person_id(organisation, speaker).casefold()
    return replace(part, ready_by="" if own else speaker)


def ready_words(change: Change) -> str:
    """`said by ben for ana`; nothing where its owner said it, or nobody did."""
    if not change.ready or not change.ready_by:
        return ""
    return f"said by {change.ready_by}" + (f" for {change.owner}" if change.owner else "")


def team_spoken_for(release: Release, point: str, role: str, by: str, organisation: Organisation) -> str:
    """The team that `by` confirms a point for without being of it; nothing where nobody of it is listed."""
    if not role or not point.startswith(TEAM_POINTS):
        return ""
    folded = person_id(organisation, by).casefold()
    named = [each.person for each in release.dossier.contacts if each.id.casefold() == role.casefold()]
    members = [person.id for person in organisation.people if role in person.roles]
    known = {person_id(organisation, name).casefold() for name in (*named, *members)}
    return role if members and folded not in known else ""


def confirmed_words(given: Confirmation) -> str:
    """`rosa for operations`, or who confirmed it for themselves."""
    return f"{given.by} for {given.acting_for}" if given.acting_for else given.by
