"""The demo's calendar: what happens once, relative to now, beside what recurs in organisation.yaml."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from relui.demo.inputs import EntryInput, read_calendar
from relui.demo.times import Moments
from relui.desk.organisation import OrganisationActs
from relui.documents.organisation_yaml import organisation_yaml
from relui.domain.calendar.entries import CalendarEntry, Days, Span
from relui.domain.organisation import Absence, Organisation


def import_calendar(
    acts: OrganisationActs, organisation: Organisation, inputs: Path, moments: Moments
) -> None:
    """Import the organisation again, with the entries and absences of data/calendar.yaml around now."""
    whole = with_calendar(organisation, inputs, moments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "organisation.yaml"
        path.write_text(organisation_yaml(whole), encoding="utf-8")
        acts.import_file(path)


def with_calendar(organisation: Organisation, inputs: Path, moments: Moments) -> Organisation:
    """The organisation with what happens once around the present moment. Raises BadInput."""
    given = read_calendar(inputs)
    away: dict[str, tuple[Absence, ...]] = {}
    for absence in given.away:
        first, last = moments.day(absence.first), moments.day(absence.last)
        away[absence.person] = (*away.get(absence.person, ()), Absence(first, last, absence.reason))
    people = tuple(
        replace(person, away=(*person.away, *away.get(person.id, ()))) for person in organisation.people
    )
    entries = (*organisation.entries, *(_entry(entry, moments) for entry in given.entries))
    return replace(organisation, people=people, entries=entries)


def _entry(given: EntryInput, moments: Moments) -> CalendarEntry:
    when: Days | Span
    if moments.is_day(given.first):
        when = Days(moments.day(given.first), moments.day(given.last))
    else:
        when = Span(_wall(given.first, moments), _wall(given.last, moments))
    return CalendarEntry(
        kind=given.kind,
        id=given.id,
        name=given.name,
        when=when,
        services=given.services,
        environments=given.environments,
        note=given.note,
    )


def _wall(text: str, moments: Moments) -> datetime:
    return moments.read(text).astimezone(moments.info).replace(tzinfo=None)
