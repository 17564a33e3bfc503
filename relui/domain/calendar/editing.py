"""Changing what stands in the calendar and in the organisation, checked before it is kept.

Each rule returns a new organisation and raises before anything is half changed. `effect` says what a change
does to the coming releases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from msgspec.structs import replace

from relui.domain.calendar.effect import effect
from relui.domain.calendar.entries import KINDS, CalendarEntry
from relui.domain.calendar.holidays import check_holidays
from relui.domain.calendar.occurrences import check_pattern
from relui.domain.calendar.wall_clock import list_words
from relui.domain.instants import zone_named
from relui.domain.organisation import Absence, Holidays, Organisation, Person, Service, Team
from relui.domain.text import clean, did_you_mean, long_text, one_line, quoted
from relui.errors import BadInput, Refused

__all__ = [
    "effect",
    "with_absence",
    "with_entry",
    "with_holidays",
    "with_person",
    "with_service",
    "with_team",
    "without_absence",
    "without_entry",
    "without_person",
    "without_service",
    "without_team",
]


class _Named(Protocol):
    @property
    def id(self) -> str: ...


MOST_RELEASES = 1000
"""At once, for a team."""

T = TypeVar("T", bound=_Named)


def with_entry(organisation: Organisation, entry: CalendarEntry, *, replaces: str = "") -> Organisation:
    """The organisation with a new entry, or with one that takes the place of entry `replaces`.

    Raises BadInput for a taken or empty id, a pattern that cannot be meant, and names that are not listed.
    """
    if replaces:
        _known(organisation.entries, replaces, "calendar has no entry")
    id_ = one_line(entry.id, what="The entry's id", required=True)
    taken = {other.id: other for other in organisation.entries if other.id != replaces}
    if id_ in taken:
        holder = f"the {taken[id_].kind} '{clean(taken[id_].name)}'"
        raise BadInput(f"Entry {quoted(id_)}, field 'id': {holder} has it already. Choose another id.")
    if entry.kind not in KINDS:
        raise BadInput(
            f"Entry {quoted(id_)}: {quoted(entry.kind)} is no kind.{did_you_mean(entry.kind, KINDS)}"
        )
    checked = replace(
        entry,
        id=id_,
        name=one_line(entry.name, what=f"Entry {quoted(id_)}, field 'name'") or id_,
        note=long_text(entry.note, what=f"Entry {quoted(id_)}, field 'note'").strip(),
        services=_each(
            f"Entry {quoted(id_)}, field 'services'", entry.services, organisation.checked_service
        ),
        environments=_each(
            f"Entry {quoted(id_)}, field 'environments'",
            [name for name in entry.environments if name.strip()],
            organisation.checked_environment,
        ),
    )
    check_pattern(checked, organisation.zone)
    return replace(organisation, entries=_placed(organisation.entries, checked, replaces))


def without_entry(organisation: Organisation, id: str) -> Organisation:
    """The organisation without that entry. Raises BadInput, with the nearest id, when there is none."""
    _known(organisation.entries, id, "calendar has no entry")
    return replace(organisation, entries=tuple(entry for entry in organisation.entries if entry.id != id))


def with_absence(organisation: Organisation, person: str, absence: Absence) -> Organisation:
    """The organisation with somebody's absence added; one that is there already changes nothing.

    Raises BadInput for an unknown person or an end before the start.
    """
    found = _person(organisation, person)
    cleaned = _checked_absence(found.id, absence)
    if cleaned in found.away:
        return organisation
    away = tuple(sorted((*found.away, cleaned), key=lambda one: (one.first, one.last, one.reason)))
    people = _placed(organisation.people, replace(found, away=away), found.id)
    return replace(organisation, people=people)


def without_absence(organisation: Organisation, person: str, absence: Absence) -> Organisation:
    """The organisation without that absence. Raises BadInput when there is none such."""
    found = _person(organisation, person)
    if absence not in found.away:
        known = ", ".join(f"{one.first} to {one.last}" for one in found.away) or "no absence"
        raise BadInput(
            f"{found.name} has no such absence from {absence.first} to {absence.last}. Entered is: {known}."
        )
    away = tuple(one for one in found.away if one != absence)
    return replace(organisation, people=_placed(organisation.people, replace(found, away=away), found.id))


def with_service(organisation: Organisation, service: Service) -> Organisation:
    """The organisation with a service added, or changed when its id is known. Raises BadInput."""
    what = f"Service {quoted(service.id)}"
    id_ = one_line(service.id, what="The service's id", required=True)
    name = one_line(service.name, what=f"{what}, field 'name'") or id_
    _check_unambiguous(what, (id_, name), [(s.id, s.name) for s in organisation.services if s.id != id_])
    if service.zone:
        zone_named(service.zone)
    team = one_line(service.team, what=f"{what}, field 'team'")
    if team and organisation.teams and team not in {one.id for one in organisation.teams}:
        near = did_you_mean(team, [one.id for one in organisation.teams])
        raise BadInput(f"{what}, field 'team': there is no team {quoted(team)}.{near}")
    # It may be the first one: then what it depends on cannot be checked against a list yet.
    depends_on = _each(f"{what}, field 'depends_on'", service.depends_on, organisation.checked_service)
    if id_ in depends_on:
        raise BadInput(f"{what}, field 'depends_on': it cannot depend on itself. Leave it out.")
    owner = service.owner and _each(f"{what}, field 'owner'", [service.owner], organisation.checked_person)[0]
    checked = replace(
        service,
        id=id_,
        name=name,
        depends_on=depends_on,
        owner=owner,
        team=team,
        infrastructure=_lines(f"{what}, field 'infrastructure'", service.infrastructure),
        stack=_lines(f"{what}, field 'stack'", service.stack),
    )
    return replace(organisation, services=_placed(organisation.services, checked, id_))


def without_service(organisation: Organisation, id: str) -> Organisation:
    """The organisation without a service. Raises BadInput when unknown, Refused when something names it."""
    _known(organisation.services, id, "organisation has no service")
    users = [f"service '{s.id}'" for s in organisation.services if id in s.depends_on]
    users += [f"{entry.kind} '{entry.id}'" for entry in organisation.entries if id in entry.services]
    _check_unused(f"Service '{id}'", users)
    return replace(organisation, services=tuple(s for s in organisation.services if s.id != id))


def with_person(organisation: Organisation, person: Person) -> Organisation:
    """The organisation with a person added, or changed when the id is known. Raises BadInput."""
    what = f"Person {quoted(person.id)}"
    id_ = one_line(person.id, what="The person's id", required=True)
    name = one_line(person.name, what=f"{what}, field 'name'") or id_
    _check_unambiguous(what, (id_, name), [(p.id, p.name) for p in organisation.people if p.id != id_])
    if person.zone:
        zone_named(person.zone)
    away = tuple(_checked_absence(id_, absence) for absence in person.away)
    roles = _lines(f"{what}, field 'roles'", person.roles)
    delegate = person.delegate
    if delegate:
        delegate = _each(f"{what}, field 'delegate'", [delegate], organisation.checked_person)[0]
        if delegate == id_:
            raise BadInput(f"{what}, field 'delegate': nobody stands in for themselves. Name somebody else.")
    contact = one_line(person.contact, what=f"{what}, field 'contact'")
    checked = replace(person, id=id_, name=name, roles=roles, delegate=delegate, contact=contact, away=away)
    return replace(organisation, people=_placed(organisation.people, checked, id_))


def without_person(organisation: Organisation, id: str) -> Organisation:
    """The organisation without a person. Raises BadInput when unknown, Refused when something names them."""
    _known(organisation.people, id, "organisation has nobody called")
    users = [f"service '{service.id}' (owner)" for service in organisation.services if service.owner == id]
    users += [f"'{person.id}' (delegate)" for person in organisation.people if person.delegate == id]
    _check_unused(f"'{id}'", users)
    return replace(organisation, people=tuple(p for p in organisation.people if p.id != id))


def with_team(organisation: Organisation, team: Team) -> Organisation:
    """The organisation with a team added, or changed when its id is known. Raises BadInput."""
    id_ = one_line(team.id, what="The team's id", required=True)
    if team.capacity < 1:
        raise BadInput(
            f"Team {quoted(id_)}, field 'capacity': {team.capacity} is too small. Write 1 or more releases."
        )
    if team.capacity > MOST_RELEASES:
        raise BadInput(f"Team {quoted(id_)}, field 'capacity': at most {MOST_RELEASES} releases.")
    checked = replace(team, id=id_, name=one_line(team.name, what=f"Team {quoted(id_)}, field 'name'"))
    return replace(organisation, teams=_placed(organisation.teams, checked, id_))


def without_team(organisation: Organisation, id: str) -> Organisation:
    """The organisation without a team. Raises BadInput when unknown, Refused when a service names it."""
    _known(organisation.teams, id, "organisation has no team")
    _check_unused(f"Team '{id}'", [f"service '{s.id}'" for s in organisation.services if s.team == id])
    return replace(organisation, teams=tuple(team for team in organisation.teams if team.id != id))


def with_holidays(organisation: Organisation, holidays: Holidays) -> Organisation:
    """The organisation with other holidays. Raises BadInput for an unknown country or subdivision."""
    check_holidays(holidays)
    return replace(organisation, holidays=replace(holidays, dates=tuple(sorted(set(holidays.dates)))))


def _placed(listed: tuple[T, ...], new: T, replaces: str) -> tuple[T, ...]:
    """`listed` with `new` in the place of what it replaces, or at the end."""
    if any(one.id == replaces for one in listed):
        return tuple(new if one.id == replaces else one for one in listed)
    return (*listed, new)


def _known(listed: Sequence[_Named], id: str, has_none: str) -> None:
    ids = [one.id for one in listed]
    if id not in ids:
        raise BadInput(f"The {has_none} {quoted(id)}.{did_you_mean(id, ids)}")


def _lines(what: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Texts as a file can hold them: a line each, none empty, each once."""
    return tuple(dict.fromkeys(line for text in texts if (line := one_line(text, what=what))))


class _Checker(Protocol):
    def __call__(self, name: str, /) -> str: ...


def _each(what: str, names: Iterable[str], checked: _Checker) -> tuple[str, ...]:
    """The ids of the names, each once. Raises BadInput with `what` in front."""
    found = []
    for name in names:
        try:
            found.append(checked(clean(name).strip()))
        except BadInput as error:
            raise BadInput(f"{what}: {error.message}") from None
    return tuple(dict.fromkeys(found))


def _person(organisation: Organisation, name: str) -> Person:
    found = organisation.person(name.strip())
    if found is None:
        near = did_you_mean(name, [person.id for person in organisation.people])
        raise BadInput(f"The organisation has nobody called {quoted(name)}.{near}")
    return found


def _checked_absence(who: str, absence: Absence) -> Absence:
    """The absence with texts that a file can hold. Raises BadInput for days that cannot be meant."""
    if absence.last < absence.first:
        raise BadInput(
            f"The absence of {quoted(who)}, field 'to': it ends on {absence.last}, before it starts on"
            f" {absence.first}. Choose a later end."
        )
    if not 1900 <= absence.first.year <= absence.last.year < 9000:
        raise BadInput(f"The absence of {quoted(who)} is too far away. Choose a year from 1900 to 8999.")
    reason = one_line(absence.reason, what="The reason of the absence")
    return replace(absence, reason=reason, source=one_line(absence.source, what="The absence's source"))


def _check_unambiguous(what: str, own: Iterable[str], others: Iterable[tuple[str, str]]) -> None:
    """Ids and names are looked up alike, so none may be another's."""
    folded = {name.casefold() for name in own}
    for id_, name in others:
        if folded & {id_.casefold(), name.casefold()}:
            raise BadInput(f"{what}: '{clean(id_)}' ({clean(name)}) has that id or name. Choose another one.")


def _check_unused(what: str, users: Sequence[str]) -> None:
    if users:
        raise Refused(f"{what} is named by {list_words(users, most=6)}. Change that first.")
