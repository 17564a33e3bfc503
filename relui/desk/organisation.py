"""The organisation: as it is now, and acts that change it, their effect said beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, convert
from msgspec.structs import replace

from relui.desk.act import Signing
from relui.domain.log import Act, Entry, Head, IntegrityCheck, Seal, verify
from relui.domain.organisation import Organisation, refuse_dangling
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.text import clean, did_you_mean, quoted
from relui.errors import BadInput, Refused, StoreError
from relui.files import write_atomic
from relui.store.records import SCHEMA, Stamp, document_of

if TYPE_CHECKING:
    from datetime import date

    from relui.domain.calendar import entries
    from relui.domain.calendar.effect import Imported
    from relui.domain.calendar.entries import Kind
    from relui.domain.calendar.lint import Problem
    from relui.domain.organisation import Absence, Organisation
    from relui.loading.templates import TemplateLibrary
    from relui.store.seam import Store


Amendment = Callable[[Organisation], Organisation]
"""From the latest organisation to the next; raises BadInput for what does not fit."""


class Amended(Struct, frozen=True):
    """An organisation after a change: whether anything was written, and what it does to the releases."""

    organisation: Organisation
    changed: bool
    effect: tuple[str, ...] = ()


class OrganisationActs:
    """The organisation has a log like a release's; each change holds the calendar lock, like a booking."""

    def __init__(
        self,
        store: Store,
        signing: Signing,
        *,
        library: Callable[[], TemplateLibrary],
        host_zone: Callable[[], str],
        display_zone: str | None,
        releases: Callable[[], tuple[Release, ...]],
        changed: Callable[[], None],
    ) -> None:
        """`releases` are the active ones, for the effect of a change; `changed` is called after each."""
        self._store = store
        self._signing = signing
        self._library = library
        self._host_zone, self._display_zone = host_zone, display_zone
        self._releases, self._changed = releases, changed
        self._read: tuple[Stamp, Organisation] | None = None
        self.admitted = False
        """Something was written, or tried, under the acting name."""

    def read(self) -> Organisation:
        """The organisation as it is on disk now; read again only when its file was written since."""
        stamp = self._store.organisation.stamp()
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, self._store.organisation.load()
        return self._read[1]

    def input_zone(self, service: str = "") -> str:
        """The zone of times without an offset: the service's, the organisation's, the host's."""
        organisation = self.read()
        found = organisation.service(service) if service else None
        return (found.zone if found else "") or organisation.zone or self._display_zone or self._host_zone()

    def display_zone(self) -> str:
        """The zone that times are shown in: as asked for, the organisation's, the host's."""
        return self._display_zone or self.read().zone or self._host_zone()

    def stranger(self) -> str:
        """A sentence when the organisation lists people and not the one who acts; else nothing."""
        if self.people().lists(self._signing.actor.name):
            return ""
        return f"You act as {self._signing.actor.name}, whom the organisation does not list."

    def admit(self) -> None:
        """Before anything is written: who acts is nobody's slip.

        Raises BadInput for a chosen name that is nearly that of somebody listed; the account's own is taken.
        """
        self.admitted = True
        actor = self._signing.actor
        if actor.name == actor.account:
            return
        meant = self.people().slip(actor.name)
        if meant is not None:
            raise BadInput(
                f"The organisation lists nobody called {quoted(actor.name)}. Did you mean '{meant}'? "
                "Act as them (--as, RELUI_USER), or let the organisation list the other. Nothing was changed."
            )

    def people(self) -> Organisation:
        """The organisation, or an empty one when it cannot be read: acts on a release do not wait for it."""
        try:
            return self.read()
        except StoreError:
            return Organisation()

    def zoned(self, organisation: Organisation) -> Organisation:
        """The organisation with the zone that is used for it: entries without one are in that."""
        return organisation if organisation.zone else replace(organisation, zone=self._host_zone())

    def import_file(self, path: Path) -> Organisation:
        """Replace the organisation by what a YAML file says; the same again writes nothing.

        Raises BadInput with file and line.
        """
        organisation = self.read_file(path)
        self._amend(lambda _: organisation, f"imported the organisation from {path.name}")
        return organisation

    @staticmethod
    def read_file(path: Path) -> Organisation:
        """What a YAML file says, for a preview. Raises BadInput with file and line."""
        from relui.loading.organisation import read_organisation

        return read_organisation(path)

    def export(self, path: Path) -> None:
        """Write organisation.yaml. Raises Refused when the file is there already, StoreError."""
        if path.exists():
            raise Refused(f"{path} is there already. Nothing was written; choose another name.")
        write_atomic(path, self.as_yaml().encode())

    def preview(self, change: Amendment) -> tuple[str, ...]:
        """What a change would do to the releases, in words. Writes nothing; raises what `change` raises."""
        before = self.read()
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

    def add_entry(self, entry: entries.CalendarEntry) -> Amended:
        """Put a window, blackout, maintenance or event into the calendar. Raises BadInput for a taken id."""
        from relui.domain.calendar.editing import with_entry

        return self.amend(partial(with_entry, entry=entry), f"added the {entry.kind} {entry.id}")

    def change_entry(self, id: str, entry: entries.CalendarEntry) -> Amended:
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
        organisation = self.read()
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

        organisation = self.zoned(self.read())
        known = tuple(organisation.checked_service(service.strip()) for service in services)
        today = local_day(self._signing.clock.now(), organisation.zone)
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
    def read_entry(kind: Kind, given: Mapping[str, str]) -> entries.CalendarEntry:
        """An entry from texts under the keys of organisation.yaml (lists with commas). Raises BadInput."""
        from relui.loading.organisation import entry_from_texts

        return entry_from_texts(kind, given)

    def entry_changed(self, id: str, given: Mapping[str, str]) -> entries.CalendarEntry:
        """Entry `id` with some of organisation.yaml's keys changed, not written yet. Raises BadInput."""
        from relui.documents.organisation_yaml import entry_plain
        from relui.loading.organisation import entry_changed

        entry = self.entry_named(id)
        return entry_changed(entry.kind, entry_plain(entry), given)

    def entry_named(self, id: str) -> entries.CalendarEntry:
        """The calendar entry of that id. Raises BadInput with the nearest."""
        known = {entry.id.casefold(): entry for entry in self.read().entries}
        if id.strip().casefold() in known:
            return known[id.strip().casefold()]
        words = did_you_mean(id, (entry.id for entry in known.values()))
        raise BadInput(f"The calendar has no entry {quoted(id)}.{words}")

    def as_yaml(self) -> str:
        """The organisation as organisation.yaml, which reads back to the same."""
        from relui.documents.organisation_yaml import organisation_yaml

        return organisation_yaml(self.read())

    def lint(self, organisation: Organisation | None = None) -> tuple[Problem, ...]:
        """What is odd in the calendar over the next 24 months, the worst first."""
        from relui.domain.calendar.lint import GRAVITIES, lint
        from relui.domain.instants import local_day

        looked_at = self.zoned(organisation or self.read())
        found = lint(looked_at, local_day(self._signing.clock.now(), looked_at.zone))
        found = (*found, *self._unknown_packs(looked_at))
        return tuple(sorted(found, key=lambda problem: GRAVITIES.index(problem.severity)))

    def _unknown_packs(self, organisation: Organisation) -> Iterator[Problem]:
        """Services whose stack names a pack that nobody has."""
        from relui.domain.calendar.lint import Problem

        known = [pack.name for pack in self._library().packs()] if organisation.services else []
        for service in organisation.services:
            for name in service.stack:
                if name not in known:
                    words = f"The stack of '{service.id}' names '{name}', and there is no such pack."
                    way_out = did_you_mean(name, known).strip() or "Make the pack, or leave the name out."
                    yield Problem(service.id, "warning", words, way_out)

    def _effect(self, before: Organisation, after: Organisation, *, done: bool = False) -> tuple[str, ...]:
        from relui.domain.calendar.effect import effect
        from relui.domain.calendar.slot import slots_of

        releases, old, new = self._releases(), self.zoned(before), self.zoned(after)
        then = slots_of(releases, new)
        return effect(
            old, new, slots_of(releases, old), self._signing.clock.now(), slots_after=then, done=done
        )

    def _amend(self, change: Amendment, text: str) -> Organisation:
        """Apply a change to the latest organisation; the same again writes nothing.

        Raises BadInput for what it would leave without what it names: the file could not be read again.
        """

        def apply(state: Document, head: Head) -> tuple[Document, Entry] | None:
            before = convert(state, Organisation)
            after = {"schema": SCHEMA, **document_of(refuse_dangling(before, change(before)))}
            if after == state:
                return None
            return after, self._signing.entry(
                head, Act("organisation", clean(text), reversible=False), state, after
            )

        self.admit()
        file = self._store.organisation
        with self._store.calendar_lock():
            state = file.change(apply)
        self._changed()
        return convert(state, Organisation)

    def verify(self, seal: str | None = None, *, seals: Sequence[Seal] = ()) -> IntegrityCheck:
        """Check the organisation's log against itself and its state."""
        file = self._store.organisation
        return verify("organisation", file.state(), file.log(), seal, seals=seals)
