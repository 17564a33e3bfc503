"""What several documents say of a release in words: when, how long, what is affected, whom to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct

from relui.domain.calendar.timetable import Relations
from relui.domain.instants import zone_named
from relui.domain.organisation import Organisation
from relui.domain.release import Impact, Release

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

IMPACT_WORDS: Mapping[Impact, str] = {
    "high": "the service is not available",
    "medium": "the service may be slow, or parts of it may be missing",
    "low": "no effect is expected",
}
"""What users notice during the deployment."""

USER_ACTIONS: Mapping[Impact, str] = {
    "high": "Save your work and sign out before it begins. Sign in again when we say that it is over.",
    "medium": "Save your work before it begins, and expect short interruptions.",
    "low": "You need not do anything.",
}
"""What users must do when the release says nothing of its own."""

_ASKED = ("support", "release-manager", "communications", "operations", "on-call")
"""Contacts who answer users, the first one that is there."""


class Paper(Struct, frozen=True, kw_only=True):
    """What a document is written with: the organisation, the present instant (UTC), the zone of its times."""

    organisation: Organisation
    now: datetime
    zone: str

    def name(self, person: str) -> str:
        """What people call somebody: by id or name, whether the organisation lists them or not."""
        found = self.organisation.person(person) if person else None
        return found.name if found else person

    def reach(self, person: str, given: str = "") -> str:
        """How to reach somebody: as `given`, else as the organisation knows."""
        found = self.organisation.person(person) if person else None
        return given or (found.contact if found else "")

    def known(self, person: str) -> str:
        """What people call somebody, with how to reach them."""
        return _reached(self.name(person), self.reach(person))

    def service(self, release: Release) -> str:
        """What people call the release's service."""
        found = self.organisation.service(release.service)
        return found.name if found else release.service


def day_words(at: datetime, zone: str) -> str:
    """`Saturday 21 November 2026`."""
    return date_words(at.astimezone(zone_named(zone)).date())


def date_words(day: date) -> str:
    """The same of a day; not as the host's language would write it."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def clock_words(at: datetime, zone: str) -> str:
    """`20:00`."""
    return f"{at.astimezone(zone_named(zone)):%H:%M}"


def zone_words(at: datetime, zone: str) -> str:
    """`Europe/Berlin, UTC+01:00`: the offset too, for those who do not know the zone's name."""
    offset = at.astimezone(zone_named(zone)).isoformat()[-6:]
    return zone if zone == "UTC" else f"{zone}, UTC{offset}"


def duration_words(minutes: int) -> str:
    """`1 hour 30 minutes`."""
    days, rest = divmod(minutes, 24 * 60)
    parts = ((days, "day"), (rest // 60, "hour"), (rest % 60, "minute"))
    found = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count]
    return " ".join(found) or "0 minutes"


def affected_services(release: Release, organisation: Organisation) -> tuple[str, ...]:
    """The release's service and every one that depends on it, by the names that people use."""
    relations = Relations(organisation)
    mine = relations.id_of(release.service)
    return (relations.name(mine), *relations.names(relations.needed_by(mine) - {mine}))


def whom_to_ask(release: Release, paper: Paper) -> str:
    """Who answers questions, with how to reach them: a contact of the release, else its owner."""
    for role in _ASKED:
        for contact in release.dossier.contacts:
            if contact.id == role:
                return _reached(paper.name(contact.person), paper.reach(contact.person, contact.reach))
    support = next((each for each in paper.organisation.people if "support" in each.roles), None)
    if support is not None:
        return _reached(support.name, support.contact)
    return _reached(paper.name(release.owner), paper.reach(release.owner))


def _reached(name: str, reach: str) -> str:
    return f"{name} ({reach})" if reach else name


class Known(Struct, frozen=True):
    """Somebody with a part in the release: in which role, who, and how to reach them."""

    role: str
    name: str
    reach: str = ""

    @property
    def words(self) -> str:
        """`incident-response: Olga (4200)`."""
        return f"{self.role}: {_reached(self.name, self.reach)}"


OWNER, SERVICE_OWNER = "release-owner", "service-owner"
_ESCALATION = (
    "technical-lead", "release-manager", OWNER, "on-call", "incident-response", "escalation", SERVICE_OWNER,
    "emergency-cab",
)  # fmt: skip


def contacts(release: Release, paper: Paper) -> tuple[Known, ...]:
    """Who takes part: the owner, the service owner, the release's contacts and named people, and whom the
    organisation has for incidents (in an emergency its board too) where the release names nobody."""
    return tuple(dict.fromkeys(_contacts(release, paper)))


def _contacts(release: Release, paper: Paper) -> Iterator[Known]:
    organisation = paper.organisation
    yield Known(OWNER, paper.name(release.owner), paper.reach(release.owner))
    service = organisation.service(release.service)
    if service is not None and service.owner:
        yield Known(SERVICE_OWNER, paper.name(service.owner), paper.reach(service.owner))
    own = {contact.id for contact in release.dossier.contacts}
    for contact in release.dossier.contacts:
        reach = paper.reach(contact.person, contact.reach)
        yield Known(contact.id, paper.name(contact.person), reach)
    for person in release.people:
        yield Known("named resource", paper.name(person), paper.reach(person))
    for role in ("incident-response", *(("emergency-cab",) if release.is_emergency else ())):
        if role not in own:
            for each in organisation.people:
                if role in each.roles:
                    yield Known(role, each.name, each.contact)


def escalation(release: Release, paper: Paper) -> tuple[Known, ...]:
    """Whom to call one after the other when something goes wrong."""
    known = contacts(release, paper)
    return tuple(each for role in _ESCALATION for each in known if each.role == role)
