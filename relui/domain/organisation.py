"""The organisation: its zone, services, people, teams, holidays, calendar entries and policy.

Between its parts must hold: ids once, and every named one listed. The same that `relui org import` asks of a
file (`loading/organisation.py`, which knows the lines): what an edit leaves behind can be exported and
read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from msgspec import Struct

from relui.domain.calendar.entries import CalendarEntry
from relui.domain.calendar.wall_clock import list_words
from relui.domain.instants import local_day
from relui.domain.text import did_you_mean, nearest, quoted
from relui.errors import BadInput


class Service(Struct, frozen=True, omit_defaults=True):
    """Something that is released.

    `zone` is where its wall-clock times are meant, if not the organisation's.
    """

    id: str
    name: str
    owner: str = ""
    zone: str = ""
    depends_on: tuple[str, ...] = ()
    infrastructure: tuple[str, ...] = ()
    team: str = ""
    stack: tuple[str, ...] = ()
    unrestricted: bool = False


class Absence(Struct, frozen=True, omit_defaults=True):
    """Whole days, both included, on which somebody is away. `source` is the imported event that said so."""

    first: date
    last: date
    reason: str = ""
    source: str = ""


class Person(Struct, frozen=True, omit_defaults=True):
    """A contact: a name, roles and a way to reach them; a delegate stands in when they are away."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    contact: str = ""
    delegate: str = ""
    zone: str = ""
    away: tuple[Absence, ...] = ()


class Team(Struct, frozen=True, omit_defaults=True):
    """People who can look after `capacity` releases at the same time."""

    id: str
    name: str = ""
    capacity: int = 1


class Holidays(Struct, frozen=True, omit_defaults=True):
    """Which days are no business days: a country's (ISO 3166, with its subdivision), and own dates."""

    country: str = ""
    subdivision: str = ""
    dates: tuple[date, ...] = ()


class Policy(Struct, frozen=True, omit_defaults=True):
    """What the organisation decided. Tolerance in minutes, PIR in business days, retention in months.

    `finish_after_window`: a deployment that started legally may finish when its window has shut.
    `governed_emergencies`: an emergency has the criteria of the template governed-emergency.
    `calendar_file`: the ICS file that is written anew on each booking, absolute or under the data folder.
    """

    retention_months: int = 12
    pir_days: int = 5
    distinct_approver: bool = False
    on_time_tolerance: int = 15
    emergency_criteria: tuple[str, ...] = ("production incident", "security vulnerability")
    governed_emergencies: bool = False
    finish_after_window: bool = True
    calendar_file: str = ""


USUAL_ENVIRONMENTS = ("dev", "test", "staging", "production")
"""Every organisation has these."""


class Organisation(Struct, frozen=True, omit_defaults=True):
    """Everything that holds for all releases. An empty one restricts nothing.

    `environments` are its own ones, beside the usual four.
    """

    name: str = ""
    zone: str = ""
    services: tuple[Service, ...] = ()
    people: tuple[Person, ...] = ()
    teams: tuple[Team, ...] = ()
    holidays: Holidays = Holidays()
    entries: tuple[CalendarEntry, ...] = ()
    policy: Policy = Policy()
    environments: tuple[str, ...] = ()

    def service(self, name: str) -> Service | None:
        """The service of that id or name, or None."""
        folded = name.casefold()
        return next((s for s in self.services if folded in (s.id.casefold(), s.name.casefold())), None)

    def person(self, name: str) -> Person | None:
        """The person of that id or name, or None."""
        folded = name.casefold()
        return next((p for p in self.people if folded in (p.id.casefold(), p.name.casefold())), None)

    def is_away(self, person: Person, at: datetime) -> bool:
        """The person is away on the day that `at` (UTC) falls on in their zone, else the organisation's."""
        today = local_day(at, person.zone or self.zone or "UTC")
        return any(each.first <= today <= each.last for each in person.away)

    def delegate_of(self, person: Person) -> Person | None:
        """Who stands in for a person, named in advance."""
        return self.person(person.delegate) if person.delegate else None

    def lists(self, name: str) -> bool:
        """The person is listed, or nobody is: then anybody acts."""
        return not self.people or self.person(name) is not None

    def slip(self, name: str) -> str | None:
        """The listed person whom somebody unlisted probably meant to be; two who differ more are two."""
        known = [*(person.name for person in self.people), *(person.id for person in self.people)]
        return None if self.lists(name) else nearest(name, known, cutoff=0.75)

    def checked_service(self, name: str) -> str:
        """The id of the service. Where none is listed any name is taken; else BadInput with the nearest."""
        found = self.service(name)
        if found is not None or not self.services:
            return found.id if found else name
        known = [service.id for service in self.services]
        raise BadInput(f"The organisation has no service '{name}'.{did_you_mean(name, known)}")

    def checked_environment(self, name: str) -> str:
        """The environment as it is listed: one of the usual or of its own. BadInput with the nearest."""
        known = [*USUAL_ENVIRONMENTS, *self.environments]
        found = next((each for each in known if each.casefold() == name.casefold()), None)
        if found is None:
            own = "Environments of your own are listed under `environments`."
            raise BadInput(f"no environment is called '{name}'.{did_you_mean(name, known)} {own}")
        return found

    def checked_person(self, name: str) -> str:
        """The id of the person. Where nobody is listed any name is taken; else BadInput with the nearest."""
        found = self.person(name)
        if found is not None or not self.people:
            return found.id if found else name
        known = [person.id for person in self.people]
        raise BadInput(f"The organisation has nobody called '{name}'.{did_you_mean(name, known)}")


def refuse_dangling(before: Organisation, after: Organisation) -> Organisation:
    """`after`, where nothing in it names what is not listed. What did so `before` already hinders nothing.

    Raises BadInput for what a change would leave behind, with the way out.
    """
    known = set(dangling(before))
    found = [words for words in dangling(after) if words not in known]
    if found:
        raise BadInput(f"{' '.join(found[:3])} Nothing was changed.")
    return after


def dangling(organisation: Organisation) -> Iterator[str]:
    """Each id that is used twice, and each name that is not listed, in a sentence with the way out.

    Without any person, team or service in the list, an owner, a team or an entry may name any.
    """
    services = [service.id for service in organisation.services]
    people = [person.id for person in organisation.people]
    teams = [team.id for team in organisation.teams]
    entries = [entry.id for entry in organisation.entries]
    yield from _twice("service", services)
    yield from _twice("person", people)
    yield from _twice("team", teams)
    yield from _twice("entry", entries)
    for service in organisation.services:
        what = f"Service {quoted(service.id)}"
        yield from _unlisted(f"{what} depends on", service.depends_on, "service", services)
        if people:
            yield from _unlisted(f"{what} is owned by", [service.owner], "person", people)
        if teams:
            yield from _unlisted(f"{what} is looked after by", [service.team], "team", teams)
    for person in organisation.people:
        yield from _unlisted(
            f"Person {quoted(person.id)} has the delegate", [person.delegate], "person", people
        )
    if services:
        for entry in organisation.entries:
            yield from _unlisted(f"Entry {quoted(entry.id)} is for", entry.services, "service", services)
    holidays = organisation.holidays
    if holidays.subdivision and not holidays.country:
        yield (
            f"The holidays' subdivision {quoted(holidays.subdivision)} needs its country: take it away too, "
            "or say the country."
        )


def _twice(what: str, ids: Sequence[str]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for id in ids:
        first = seen.setdefault(id.casefold(), id)
        if first is not id:
            yield f"There is a {what} {quoted(first)} already, and {quoted(id)} would be the same. Rename it."


def _unlisted(what: str, names: Iterable[str], kind: str, listed: Sequence[str]) -> Iterator[str]:
    known = set(listed)
    missing = [name for name in names if name and name not in known]
    if missing:
        words = list_words([quoted(name) for name in missing])
        near = did_you_mean(missing[0], listed)
        yield f"{what} {words}, which is no {kind} of the organisation: add it first, or name another.{near}"
