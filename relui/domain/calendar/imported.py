"""What a calendar file brought, and the organisation with it: a second import replaces the first."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.entries import Entry
from relui.domain.organisation import Absence, Organisation
from relui.errors import BadInput


class Imported(Struct, frozen=True):
    """Entries, or one person's absences. `sources` are the ids that the file's events give: whatever was
    made of them before goes, a cancelled event's too. `told` is what was left out, in words; `passed_over`
    names each event that could not be read, with its line: what was made of it before stays."""

    entries: tuple[Entry, ...] = ()
    absences: tuple[Absence, ...] = ()
    sources: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


def with_imported(organisation: Organisation, imported: Imported, person: str = "") -> Organisation:
    """The organisation with what was imported; absences are those of `person`, an id.

    Raises BadInput for somebody who is not listed, and for an id that another entry has.
    """
    sources = set(imported.sources)
    if person:
        if person not in [one.id for one in organisation.people]:
            organisation.checked_person(person)
            raise BadInput(f"The organisation has nobody called '{person}'. Add them first.")
        people = tuple(
            replace(one, away=_away(one.away, imported, sources)) if one.id == person else one
            for one in organisation.people
        )
        return replace(organisation, people=people)
    kept = tuple(entry for entry in organisation.entries if entry.id.partition("/")[0] not in sources)
    return replace(organisation, entries=(*kept, *imported.entries))


def _away(before: tuple[Absence, ...], imported: Imported, sources: set[str]) -> tuple[Absence, ...]:
    known = {(absence.first, absence.last) for absence in imported.absences}
    kept = [
        absence
        for absence in before
        if absence.source not in sources and (absence.source or (absence.first, absence.last) not in known)
    ]
    return tuple(sorted((*kept, *imported.absences), key=lambda absence: (absence.first, absence.last)))
