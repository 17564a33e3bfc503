"""organisation.yaml -> the organisation, with errors that name file, line and the nearest right name."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from relui.domain.calendar.entries import Entry, Kind, Pattern
from relui.domain.calendar.occurrences import pattern_problem
from relui.domain.organisation import Absence, Holidays, Organisation, Person, Policy, Service, Team
from relui.errors import BadInput
from relui.loading.entry_patterns import UnfitPattern, pattern_of
from relui.loading.organisation_forms import EntryForm, OrganisationForm, PersonForm, PolicyForm, ServiceForm
from relui.loading.organisation_names import SECTIONS, entry_forms, name_problems
from relui.loading.yaml_models import validate
from relui.loading.yaml_reader import Loc, Problem, YamlDocument, listed, parse_yaml, read_yaml

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
    entry = Entry(kind="event", id=form.id, name=form.id, when=pattern)
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


def _entry(loc: Loc, form: EntryForm, pattern: Pattern) -> Entry:
    return Entry(
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
