"""What must hold between the parts of organisation.yaml: ids once, and every named service, person and team
listed. Where none is listed at all, any name is taken. Every organisation has the usual environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from relui.domain.organisation import Holidays, Organisation
from relui.domain.text import did_you_mean
from relui.errors import BadInput
from relui.loading.organisation_forms import EntryForm, OrganisationForm
from relui.loading.yaml_reader import SHOWN_PROBLEMS, Loc, Problem, YamlDocument

SECTIONS = {"windows": "window", "blackouts": "blackout", "maintenance": "maintenance", "events": "event"}
"""The section of each kind of calendar entry."""


def entry_forms(form: OrganisationForm) -> Iterator[tuple[Loc, EntryForm]]:
    """Every calendar entry with its place in the file, in the order of the sections."""
    for section in SECTIONS:
        entries: list[EntryForm] = getattr(form, section)
        for index, entry in enumerate(entries):
            yield (section, index), entry


def name_problems(form: OrganisationForm, document: YamlDocument) -> list[Problem]:
    """All names that are used twice or not listed; the nearest is dear to find, so not for thousands."""
    services = [service.id for service in form.services]
    people = [person.id for person in form.people]
    return [
        *_twice(document, "service", [(("services", at), s.id) for at, s in enumerate(form.services)]),
        *_twice(document, "person", [(("people", at), p.id) for at, p in enumerate(form.people)]),
        *_twice(document, "team", [(("teams", at), t.id) for at, t in enumerate(form.teams)]),
        *_twice(document, "entry", [(at, entry.id) for at, entry in entry_forms(form)]),
        *islice(_services(form, document, services, people), SHOWN_PROBLEMS),
        *islice(_people(form, document, people), SHOWN_PROBLEMS),
        *islice(_entries(form, document, services), SHOWN_PROBLEMS),
        *islice(_environments(form, document), SHOWN_PROBLEMS),
        *_holidays(form, document),
    ]


def _twice(document: YamlDocument, what: str, ids: Iterable[tuple[Loc, str]]) -> Iterator[Problem]:
    first: dict[str, Loc] = {}
    for loc, name in ids:
        folded = name.casefold()
        if folded in first:
            line = document.line((*first[folded], "id"))
            words = (
                f"the {what} '{name}' is listed twice (first in line {line}). Keep one, or give another id."
            )
            yield document.problem((*loc, "id"), words)
        first.setdefault(folded, loc)


def _services(
    form: OrganisationForm, document: YamlDocument, services: Sequence[str], people: Sequence[str]
) -> Iterator[Problem]:
    teams = [team.id for team in form.teams]
    for at, service in enumerate(form.services):
        for turn, needed in enumerate(service.depends_on):
            loc: Loc = ("services", at, "depends_on", turn)
            if needed == service.id:
                yield document.problem(loc, f"'{needed}' depends on itself. Remove it here.")
            elif needed not in services:
                yield document.problem(loc, _no_service(needed, services))
        if service.owner and people and service.owner not in people:
            yield document.problem(("services", at, "owner"), _nobody(service.owner, people))
        if service.team and teams and service.team not in teams:
            words = f"there is no team '{service.team}'.{did_you_mean(service.team, teams)}"
            yield document.problem(("services", at, "team"), words)


def _people(form: OrganisationForm, document: YamlDocument, people: Sequence[str]) -> Iterator[Problem]:
    for at, person in enumerate(form.people):
        if person.delegate == person.id:
            words = f"'{person.id}' cannot stand in for themselves. Name somebody else."
            yield document.problem(("people", at, "delegate"), words)
        elif person.delegate and person.delegate not in people:
            yield document.problem(("people", at, "delegate"), _nobody(person.delegate, people))
        for turn, away in enumerate(person.away):
            if away.last < away.first:
                words = f"it ends on {away.last}, before it starts on {away.first}. Correct one of them."
                yield document.problem(("people", at, "away", turn, "to"), words)


def _entries(form: OrganisationForm, document: YamlDocument, services: Sequence[str]) -> Iterator[Problem]:
    for loc, entry in entry_forms(form):
        for turn, name in enumerate(entry.services):
            if services and name not in services:
                yield document.problem((*loc, "services", turn), _no_service(name, services))


def _environments(form: OrganisationForm, document: YamlDocument) -> Iterator[Problem]:
    listed = Organisation(environments=tuple(form.environments))
    for loc, entry in entry_forms(form):
        for turn, name in enumerate(entry.environments):
            try:
                listed.checked_environment(name)
            except BadInput as error:
                yield document.problem((*loc, "environments", turn), error.message)


def _holidays(form: OrganisationForm, document: YamlDocument) -> Iterator[Problem]:
    given = form.holidays
    if given.subdivision and not given.country:
        words = "a subdivision needs its `country` beside it, such as GB."
        yield document.problem(("holidays", "subdivision"), words)
    elif given.country:
        from relui.domain.calendar.holidays import check_holidays

        try:
            check_holidays(Holidays(given.country, given.subdivision or ""))
        except BadInput as error:
            key = "country"
            if given.subdivision:
                try:
                    check_holidays(Holidays(given.country))
                    key = "subdivision"
                except BadInput:
                    pass
            yield document.problem(("holidays", key), error.message)


def _no_service(name: str, services: Sequence[str]) -> str:
    return f"no service '{name}'.{did_you_mean(name, services)}"


def _nobody(name: str, people: Sequence[str]) -> str:
    return f"nobody is called '{name}'.{did_you_mean(name, people)}"
