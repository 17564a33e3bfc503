"""Acts on the organisation: import and export it, change what stands in it, and say the effect beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, convert

from relui.desk.calendar import CalendarActs
from relui.domain.log import Act, Entry, Head, Seal, Verdict, next_entry, verify
from relui.domain.organisation import Organisation, refuse_dangling
from relui.domain.patches import Document, diff
from relui.domain.text import clean, did_you_mean, quoted
from relui.errors import BadInput, Refused
from relui.store.atomic import write_atomic
from relui.store.records import SCHEMA, document_of

if TYPE_CHECKING:
    from datetime import date

    from relui.domain.calendar import entries
    from relui.domain.calendar.effect import Imported
    from relui.domain.calendar.entries import Kind
    from relui.domain.calendar.lint import Problem
    from relui.domain.organisation import Absence

Amendment = Callable[[Organisation], Organisation]
"""From the latest organisation to the next; raises BadInput for what does not fit."""


class Amended(Struct, frozen=True):
    """An organisation after a change: whether anything was written, and what it does to the releases."""

    organisation: Organisation
    changed: bool
    effect: tuple[str, ...] = ()


class OrganisationActs(CalendarActs):
    """The organisation has a log like a release's; each change holds the calendar lock, like a booking."""

    def import_organisation(self, path: Path) -> Organisation:
        """Replace the organisation by what a YAML file says; the same again writes nothing.

        Raises BadInput with file and line.
        """
        organisation = self.read_organisation(path)
        self._amend(lambda _: organisation, f"imported the organisation from {path.name}")
        return organisation

    @staticmethod
    def read_organisation(path: Path) -> Organisation:
        """What a YAML file says, for a preview. Raises BadInput with file and line."""
        from relui.loading.organisation import read_organisation

        return read_organisation(path)

    def export_organisation(self, path: Path) -> None:
        """Write organisation.yaml. Raises Refused when the file is there already, StoreError."""
        if path.exists():
            raise Refused(f"{path} is there already. Nothing was written; choose another name.")
        write_atomic(path, self.organisation_yaml().encode())

    def preview_organisation(self, change: Amendment) -> tuple[str, ...]:
        """What a change would do to the releases, in words. Writes nothing; raises what `change` raises."""
        before = self.organisation()
        return self._effect(before, refuse_dangling(before, change(before)))

    def amend(self, change: Amendment, text: str) -> Amended:
        """Change the organisation; `text` is what the log says was done. Raises what `change` raises."""
        before: list[Organisation] = []

        def remembered(organisation: Organisation) -> Organisation:
            before.append(organisation)
            return change(organisation)

        after = self._amend(remembered, text)
        if after == before[-1]:
            return Amended(after, False)
        return Amended(after, True, self._effect(before[-1], after, done=True))

    def add_entry(self, entry: entries.Entry) -> Amended:
        """Put a window, blackout, maintenance or event into the calendar. Raises BadInput for a taken id."""
        from relui.domain.calendar.editing import with_entry

        return self.amend(partial(with_entry, entry=entry), f"added the {entry.kind} {entry.id}")

    def change_entry(self, id: str, entry: entries.Entry) -> Amended:
        """Put another entry in the place of entry `id`. Raises BadInput when there is none."""
        from relui.domain.calendar.editing import with_entry

        return self.amend(
            partial(with_entry, entry=entry, replaces=id), f"changed the {entry.kind} {entry.id}"
        )

    def remove_entry(self, id: str) -> Amended:
        """Take an entry out of the calendar. Raises BadInput, with the nearest id, when there is none."""
        from relui.domain.calendar.editing import without_entry

        return self.amend(partial(without_entry, id=id), f"removed the calendar entry {id}")

    def add_absence(self, person: str, absence: Absence) -> Amended:
        """Somebody is away on whole days. Raises BadInput for nobody, or an end before the start."""
        from relui.domain.calendar.editing import with_absence

        text = f"{person} is away from {absence.first} to {absence.last}"
        return self.amend(partial(with_absence, person=person, absence=absence), text)

    def remove_absence(self, person: str, absence: Absence) -> Amended:
        """Somebody is there after all. Raises BadInput when there is no such absence."""
        from relui.domain.calendar.editing import without_absence

        text = f"{person} is not away from {absence.first} to {absence.last}"
        return self.amend(partial(without_absence, person=person, absence=absence), text)

    def absence_of(self, person: str, first: date, last: date) -> Absence:
        """Somebody's absence of exactly these days. Raises BadInput when there is none."""
        organisation = self.organisation()
        found = organisation.person(organisation.checked_person(person))
        away = found.away if found else ()
        for absence in away:
            if (absence.first, absence.last) == (first, last):
                return absence
        listed = ", ".join(f"{absence.first} to {absence.last}" for absence in away)
        known = f"Known: {listed}." if listed else "None is recorded."
        raise BadInput(f"{person} is not away from {first} to {last}. {known}")

    def read_calendar(self, path: Path, services: Sequence[str] = (), person: str = "") -> Imported:
        """What an ICS file brings: events for some services (all without), or a person's absences.

        Writes nothing. Raises BadInput naming the file and the event.
        """
        from relui.domain.instants import local_day
        from relui.loading.calendar_ics import read_calendar_ics

        organisation = self._zoned(self.organisation())
        known = tuple(organisation.checked_service(service.strip()) for service in services)
        today = local_day(self.clock.now(), organisation.zone)
        return read_calendar_ics(path, organisation.zone, today, services=known, absences=bool(person))

    def import_calendar(self, imported: Imported, name: str, person: str = "") -> Amended:
        """Take over what `read_calendar` found in the file `name`; a second import replaces the first."""
        whose = f" as absences of {person}" if person else ""
        return self.amend(self.calendar_imported(imported, person), f"imported the calendar {name}{whose}")

    @staticmethod
    def calendar_imported(imported: Imported, person: str = "") -> Amendment:
        """The amendment of `import_calendar`, for a preview."""
        from relui.domain.calendar.effect import with_imported

        def change(organisation: Organisation) -> Organisation:
            return with_imported(
                organisation, imported, organisation.checked_person(person) if person else ""
            )

        return change

    def set_fields(self, given: Mapping[str, str]) -> Amended:
        """Set zone, name, `holidays.` and `policy.` fields from text, all or none. Raises BadInput."""
        return self.amend(self.fields_set(given), f"set {', '.join(f'{k}={v}' for k, v in given.items())}")

    @staticmethod
    def fields_set(given: Mapping[str, str]) -> Amendment:
        """The amendment of `set_fields`, for a preview."""
        from relui.loading.organisation import with_fields

        return lambda organisation: with_fields(organisation, given)

    @staticmethod
    def read_entry(kind: Kind, given: Mapping[str, str]) -> entries.Entry:
        """An entry from texts under the keys of organisation.yaml (lists with commas). Raises BadInput."""
        from relui.loading.organisation import entry_from_texts

        return entry_from_texts(kind, given)

    def entry_changed(self, id: str, given: Mapping[str, str]) -> entries.Entry:
        """Entry `id` with some of organisation.yaml's keys changed, not written yet. Raises BadInput."""
        from relui.documents.organisation_yaml import entry_plain
        from relui.loading.organisation import entry_changed

        entry = self.entry_named(id)
        return entry_changed(entry.kind, entry_plain(entry), given)

    def entry_named(self, id: str) -> entries.Entry:
        """The calendar entry of that id. Raises BadInput with the nearest."""
        known = {entry.id.casefold(): entry for entry in self.organisation().entries}
        if id.strip().casefold() in known:
            return known[id.strip().casefold()]
        words = did_you_mean(id, (entry.id for entry in known.values()))
        raise BadInput(f"The calendar has no entry {quoted(id)}.{words}")

    def organisation_yaml(self) -> str:
        """The organisation as organisation.yaml, which reads back to the same."""
        from relui.documents.organisation_yaml import organisation_yaml

        return organisation_yaml(self.organisation())

    def lint(self, organisation: Organisation | None = None) -> tuple[Problem, ...]:
        """What is odd in the calendar over the next 24 months, the worst first."""
        from relui.domain.calendar.lint import GRAVITIES, lint
        from relui.domain.instants import local_day

        looked_at = self._zoned(organisation or self.organisation())
        found = lint(looked_at, local_day(self.clock.now(), looked_at.zone))
        found = (*found, *self._unknown_packs(looked_at))
        return tuple(sorted(found, key=lambda problem: GRAVITIES.index(problem.severity)))

    def _unknown_packs(self, organisation: Organisation) -> Iterator[Problem]:
        """Services whose stack names a pack that nobody has."""
        from relui.domain.calendar.lint import Problem

        known = [pack.name for pack in self.templates.packs()] if organisation.services else []
        for service in organisation.services:
            for name in service.stack:
                if name not in known:
                    words = f"The stack of '{service.id}' names '{name}', and there is no such pack."
                    way_out = did_you_mean(name, known).strip() or "Make the pack, or leave the name out."
                    yield Problem(service.id, "warning", words, way_out)

    def _effect(self, before: Organisation, after: Organisation, *, done: bool = False) -> tuple[str, ...]:
        from relui.domain.calendar.editing import effect
        from relui.domain.calendar.slot import slots_of

        releases, old, new = self.calendar().releases, self._zoned(before), self._zoned(after)
        then = slots_of(releases, new)
        return effect(old, new, slots_of(releases, old), self.clock.now(), slots_after=then, done=done)

    def _amend(self, change: Amendment, text: str) -> Organisation:
        """Apply a change to the latest organisation; the same again writes nothing.

        Raises BadInput for what it would leave without what it names: the file could not be read again.
        """

        def apply(state: Document, head: Head) -> tuple[Document, Entry] | None:
            before = convert(state, Organisation)
            after = {"schema": SCHEMA, **document_of(refuse_dangling(before, change(before)))}
            if after == state:
                return None
            return after, self._organisation_entry(
                head, Act("organisation", clean(text), reversible=False), state, after
            )

        self.admit()
        file = self.organisation_file
        with file.calendar_lock():
            state = file.change(apply)
        self._calendar = None
        self.settle_windows()
        return convert(state, Organisation)

    def _organisation_entry(self, head: Head, act: Act, state: Document, after: Document) -> Entry:
        now, simulated = self.clock.now(), self.clock.simulated
        return next_entry(head, act, self.actor, now, diff(state, after), simulated=simulated)

    def verify_organisation(self, seal: str | None = None, *, seals: Sequence[Seal] = ()) -> Verdict:
        """Check the organisation's log against itself and its state."""
        file = self.organisation_file
        return verify("organisation", file.state(), file.log(), seal, seals=seals)
