"""organisation.yaml -> the organisation, with errors that name file, line and the nearest right name.

Ids stand once, and every named service, person and team is listed; where none is listed at all, any name
is taken. Every organisation has the usual environments. Parts can also be texts typed one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

from msgspec import structs

from relui.domain.calendar.entries import CalendarEntry, Kind, Pattern
from relui.domain.calendar.occurrences import pattern_problem
from relui.domain.organisation import Absence, Holidays, Organisation, Person, Policy, Service, Team
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput
from relui.loading.entry_patterns import UnfitPattern, pattern_of
from relui.loading.organisation_forms import (
    EntryForm,
    HolidaysForm,
    OrganisationForm,
    PersonForm,
    PolicyForm,
    ServiceForm,
)
from relui.loading.yaml_models import validate
from relui.loading.yaml_reader import (
    SHOWN_PROBLEMS,
    Loc,
    Problem,
    YamlDocument,
    listed,
    parse_yaml,
    read_yaml,
)

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


SIZE_LIMIT = 1024 * 1024
"""Bytes that an organisation's file may have: some thousands of calendar entries."""


def read_organisation(path: Path) -> Organisation:
    """Read and check an organisation file. Raises BadInput naming file, line and the way out."""
    return organisation_from(read_yaml(path, limit=SIZE_LIMIT))


def organisation_text(text: str, shown: str) -> Organisation:
    """The organisation that a YAML text says; `shown` names it in errors. Raises BadInput."""
    return organisation_from(parse_yaml(text, shown, limit=SIZE_LIMIT))


def organisation_from(document: YamlDocument) -> Organisation:
    """The organisation in a document. Raises BadInput with every problem, each with its line."""
    form = validate(document, OrganisationForm)
    found = name_problems(form, document)
    patterns: dict[Loc, Pattern] = {}
    for loc, entry in entry_forms(form):
        try:
            patterns[loc] = _checked(entry, pattern_of(entry), form.zone or "UTC")
        except UnfitPattern as error:
            found += [_at(document, loc, key, words) for key, words in error.said.items()]
    if found:
        raise BadInput(listed(sorted(found, key=lambda problem: problem.line)))
    return Organisation(
        name=form.name or "",
        zone=form.zone or "",
        services=tuple(_service(service) for service in form.services),
        people=tuple(_person(person) for person in form.people),
        teams=tuple(Team(team.id, team.name or "", team.capacity) for team in form.teams),
        holidays=Holidays(
            form.holidays.country or "", form.holidays.subdivision or "", tuple(form.holidays.dates)
        ),
        entries=tuple(_entry(loc, entry, patterns[loc]) for loc, entry in entry_forms(form)),
        policy=_policy(form.policy),
        environments=tuple(dict.fromkeys(form.environments)),
    )


def _checked(form: EntryForm, pattern: Pattern, zone: str) -> Pattern:
    """The pattern, when the calendar's own rules take it: they know which days and RFC 5545 rules occur."""
    entry = CalendarEntry(kind="event", id=form.id, name=form.id, when=pattern)
    problem = pattern_problem(entry, form.zone or zone)
    if problem is not None:
        raise UnfitPattern({problem.field: problem.words})
    return pattern


def _at(document: YamlDocument, loc: Loc, key: str, words: str) -> Problem:
    return document.problem((*loc, *key.split(".")) if key else loc, words)


def _service(form: ServiceForm) -> Service:
    return Service(
        id=form.id,
        name=form.name or form.id,
        owner=form.owner or "",
        zone=form.zone or "",
        depends_on=tuple(form.depends_on),
        infrastructure=tuple(form.infrastructure),
        team=form.team or "",
        stack=tuple(form.stack),
        unrestricted=form.unrestricted,
    )


def _person(form: PersonForm) -> Person:
    return Person(
        id=form.id,
        name=form.name or form.id,
        roles=tuple(form.roles),
        contact=form.contact or "",
        delegate=form.delegate or "",
        zone=form.zone or "",
        away=tuple(
            Absence(away.first, away.last, away.reason or "", away.source or "") for away in form.away
        ),
    )


def _entry(loc: Loc, form: EntryForm, pattern: Pattern) -> CalendarEntry:
    return CalendarEntry(
        kind=cast("Kind", SECTIONS[str(loc[0])]),
        id=form.id,
        name=form.name or form.id,
        when=pattern,
        zone=form.zone or "",
        services=tuple(form.services),
        environments=tuple(form.environments),
        note=form.note or "",
    )


def _policy(form: PolicyForm) -> Policy:
    return Policy(
        retention_months=form.retention_months,
        pir_days=form.pir_days,
        distinct_approver=form.distinct_approver,
        on_time_tolerance=form.on_time_tolerance,
        emergency_criteria=tuple(form.emergency_criteria),
        governed_emergencies=form.governed_emergencies,
        finish_after_window=form.finish_after_window,
        calendar_file=form.calendar_file or "",
    )


_LISTS = ("weekly", "services", "environments", "except", "emergency_criteria", "dates")
_RANGES = ("monthly", "yearly")
_GIVEN = "what was given"
_PLACE = re.compile(rf"{_GIVEN}:\d+: (?:[\w-]+\.[\w-]+\.)?")
"""File, line and entry of a document that was made from a form or from options."""


def entry_from_texts(kind: Kind, given: Mapping[str, str]) -> CalendarEntry:
    """The entry that texts say under organisation.yaml's keys; empty ones are left out.

    Lists have commas; `monthly` is `28..2`, `yearly` is `12-15..01-05`. Whether its services and
    environments are listed is for the organisation to say. Raises BadInput.
    """
    section = next(name for name, of in SECTIONS.items() if of == kind)
    keys = {key: _value(key, text) for key, text in given.items() if text.strip()}
    return _read_entry(section, keys)


_PATTERNS = ("weekly", "monthly", "yearly", "rrule")
_WHEN = (*_PATTERNS, "from", "to", "duration", "except")
"""The keys that say together when an entry takes place."""


def entry_changed(kind: Kind, plain: Mapping[str, object], given: Mapping[str, str]) -> CalendarEntry:
    """An entry, given as organisation.yaml writes it, with some keys changed; an empty text takes one away.

    Another kind of pattern (`weekly` instead of `rrule`) replaces everything that says when. Raises BadInput.
    """
    when = any(key in given and key not in plain for key in _PATTERNS)
    kept = {key: value for key, value in plain.items() if key not in given and not (when and key in _WHEN)}
    keys = {key: _value(key, text) for key, text in given.items() if text.strip()}
    section = next(name for name, of in SECTIONS.items() if of == kind)
    return _read_entry(section, {**kept, **keys})


def _read_entry(section: str, keys: Mapping[str, Any]) -> CalendarEntry:
    """One entry; whether its environments are listed is for the organisation to say."""
    return _read({section: [keys], "environments": [*(keys.get("environments") or ())]}).entries[0]


def with_fields(organisation: Organisation, given: Mapping[str, str]) -> Organisation:
    """The organisation with fields set from texts: `zone`, `name`, `holidays.country`, `policy.pir_days` ...

    Raises BadInput for an unknown field, with the nearest, and for a value that does not fit.
    """
    known = [
        "name",
        "zone",
        "environments",
        *(f"holidays.{key}" for key in HolidaysForm.model_fields),
        *(f"policy.{key}" for key in PolicyForm.model_fields),
    ]
    for name, text in given.items():
        if name not in known:
            raise BadInput(f"The organisation has no field {quoted(name)}.{did_you_mean(name, known)}")
        part, _, key = name.rpartition(".")
        if not text.strip():
            organisation = _set(organisation, part, key, getattr(_part(Organisation(), part), key))
            continue
        value = _value(key, text)
        read = _read({part: {key: value}} if part == "policy" else _beside(organisation, part, key, value))
        organisation = _set(organisation, part, key, getattr(_part(read, part), key))
    return organisation


def _beside(organisation: Organisation, part: str, key: str, value: object) -> dict[str, Any]:
    """A document with the value; a subdivision is only right beside its country."""
    if not part:
        return {key: value}
    country = {"country": organisation.holidays.country} if organisation.holidays.country else {}
    return {part: {**country, key: value}}


def _part(organisation: Organisation, part: str) -> Any:
    return getattr(organisation, part) if part else organisation


def _set(organisation: Organisation, part: str, key: str, value: object) -> Organisation:
    if not part:
        return structs.replace(organisation, **{key: value})
    changed = structs.replace(getattr(organisation, part), **{key: value})
    return structs.replace(organisation, **{part: changed})


def _value(key: str, text: str) -> object:
    if key in _LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    first, dots, last = text.strip().partition("..")
    if key in _RANGES and dots:
        return {"from": first.strip(), "to": last.strip()}
    return text.strip()


def _read(document: Mapping[str, Any]) -> Organisation:
    import yaml

    text = yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=10_000)
    try:
        return organisation_text(text, _GIVEN)
    except BadInput as error:  # nobody sees the lines that were made here: the keys alone say where
        raise BadInput(_PLACE.sub("", error.message), title=error.title) from None
