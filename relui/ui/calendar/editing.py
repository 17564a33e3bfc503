"""Making, changing and deleting what stands in the calendar. The desk checks and says what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from relui.domain.calendar.entries import CalendarEntry, Kind
from relui.domain.text import slug
from relui.errors import BadInput
from relui.ui.calendar.entry_texts import keys_of, lines_of
from relui.ui.calendar.moving import CalendarMoving
from relui.ui.calendar.patterns import pattern_words, reach_words
from relui.ui.calendar.scene import Thing
from relui.ui.calendar.words import KIND_WORDS, range_words
from relui.ui.kit.question import carry_out, confirm

if TYPE_CHECKING:
    from relui.desk.organisation import Amended
    from relui.domain.organisation import Absence

_NOTHING = "Nothing stands here that could be {}. n goes to the next thing."


class CalendarEditing(CalendarMoving):
    """What happens to entries, absences and the organisation."""

    def thing_here(self) -> Thing | None:
        """What is selected, else the weightiest thing under the cursor."""
        return self.scene().thing(self.selected) or next(iter(self.things_here()), None)

    def _amended(self, done: Amended, words: str) -> None:
        """Show what was written, and what it did."""
        self.sight.look()
        self.show()
        effect = " ".join(done.effect)
        text = words if done.changed else "Nothing changed."
        self.say(f"{text} {effect}".strip(), "overdue" if effect else "done")

    # -- entries -------------------------------------------------------------------------------------

    async def new_entry(self, kind: Kind) -> None:
        """Make an entry by a form."""
        await self._ask_entry(f"New {KIND_WORDS[kind]}", kind, None, "stands in the calendar")

    async def _change_entry(self, old: CalendarEntry) -> None:
        await self._ask_entry(f"{old.name}: {KIND_WORDS[old.kind]}", old.kind, old, "is changed")

    def _go_to_entry(self, entry: CalendarEntry) -> None:
        """Select what was written, so that the next key is for it: the first time on this page, from the
        cursor's day on where there is one."""
        scene = self.scene()
        day = scene.instant(self.day, 0)
        own = [thing.key for thing in scene.things if (thing.kind, thing.id) == (entry.kind, entry.id)]
        key = next((key for key in own if key[2] >= day), next(iter(own), None))
        if key is not None:
            self._go_to(key)

    async def _ask_entry(self, title: str, kind: Kind, old: CalendarEntry | None, became: str) -> None:
        """A form for an entry, which stands until it is written; the entry is selected then."""
        from relui.domain.calendar.editing import with_entry
        from relui.ui.calendar.entry_form import CheckedForm
        from relui.ui.kit.form import Entry as FormLine

        organisation = self.sight.organisation
        taken = tuple(entry.id for entry in organisation.entries)
        own = old.id if old is not None else ""

        def read(values: dict[str, str]) -> CalendarEntry:
            return self.desk.organisation.read_entry(kind, keys_of(values, taken, own, kind=kind))

        def meaning(values: dict[str, str]) -> Sequence[str]:
            entry = read(values)
            with_entry(organisation, entry, replaces=own)
            return [f"{pattern_words(entry.when)}; {reach_words(entry)}.", self._first_time(entry)]

        def effect(values: dict[str, str]) -> Sequence[str]:
            return self.desk.organisation.preview(partial(with_entry, entry=read(values), replaces=own))

        lines = [
            FormLine(line.name, line.name, line.value, line.hint)
            for line in lines_of(old, kind, self.day, organisation)
        ]
        form = CheckedForm(title, lines, meaning=meaning, effect=effect, draft=f"calendar-{kind}-{own}")

        def save(values: dict[str, str]) -> tuple[CalendarEntry, Amended]:
            entry = read(values)
            return entry, self.desk.organisation.change_entry(
                own, entry
            ) if own else self.desk.organisation.add_entry(entry)

        saved = await carry_out(self, form, save)
        if saved is not None:
            entry, done = saved
            self.sight.look()
            self._go_to_entry(entry)
            self._amended(done, f"{entry.name} {became}.")

    def _first_time(self, entry: CalendarEntry) -> str:
        """The next time that it takes place, with how long it really is."""
        from datetime import timedelta

        from relui.domain.calendar.occurrences import occurrences

        until = self.now + timedelta(days=800)
        found = occurrences(entry, self.now, until, self.sight.organisation.zone or "UTC")
        if not found:
            return "It does not take place in the next two years."
        first = found[0]
        return f"Next: {range_words(first.start, first.end, self.zone)}. {first.told}".strip()

    # -- absences ------------------------------------------------------------------------------------

    async def new_absence(self) -> None:
        """Enter an absence by a form."""
        await self._ask_absence(
            "Away", {"from": f"{self.day}", "to": f"{self.day}"}, self.desk.organisation.add_absence
        )

    async def _change_absence(self, thing: Thing) -> None:
        from relui.domain.calendar.editing import with_absence, without_absence

        old = self._absence_of(thing)
        texts = {"person": thing.id, "from": f"{old.first}", "to": f"{old.last}", "reason": old.reason}

        def moved(person: str, absence: Absence) -> Amended:
            return self.desk.organisation.amend(
                lambda one: with_absence(without_absence(one, thing.id, old), person, absence),
                f"{person} is away from {absence.first} to {absence.last} now, instead of {thing.id} from "
                f"{old.first} to {old.last}",
            )

        await self._ask_absence(f"{thing.name} away", texts, moved)

    async def _ask_absence(
        self, title: str, texts: dict[str, str], write: Callable[[str, Absence], Amended]
    ) -> None:
        """A form for an absence, which stands until it is written."""
        from relui.domain.calendar.editing import with_absence
        from relui.domain.organisation import Absence
        from relui.loading.written_times import day_named
        from relui.ui.calendar.entry_form import CheckedForm
        from relui.ui.kit.form import Entry as FormLine

        organisation = self.sight.organisation
        if not organisation.people:
            raise BadInput("The organisation lists nobody yet. E opens it in your editor.")
        names = ", ".join(person.id for person in organisation.people[:8])
        hints = {"person": names, "from": "2026-11-21", "to": "2026-11-22", "reason": ""}

        def read(values: dict[str, str]) -> tuple[str, Absence]:
            person = organisation.checked_person(values["person"].strip())
            first = day_named(values["from"])
            return person, Absence(first, day_named(values["to"] or values["from"]), values["reason"].strip())

        def meaning(values: dict[str, str]) -> Sequence[str]:
            person, absence = read(values)
            with_absence(organisation, person, absence)
            days = (absence.last - absence.first).days + 1
            found = organisation.person(person)
            stands_in = f"{found.delegate} stands in" if found and found.delegate else "nobody stands in"
            return [f"{person}, {days} {'day' if days == 1 else 'days'}; {stands_in}."]

        def effect(values: dict[str, str]) -> Sequence[str]:
            person, absence = read(values)
            return self.desk.organisation.preview(partial(with_absence, person=person, absence=absence))

        lines = [FormLine(name, name, texts.get(name, ""), hint) for name, hint in hints.items()]
        draft = f"calendar-{slug(title)}"
        form = CheckedForm(title, lines, meaning=meaning, effect=effect, draft=draft)

        def save(values: dict[str, str]) -> tuple[str, Absence, Amended]:
            person, absence = read(values)
            return person, absence, write(person, absence)

        saved = await carry_out(self, form, save)
        if saved is not None:
            person, absence, done = saved
            self._amended(done, f"{person} is away from {absence.first} to {absence.last}.")

    def _absence_of(self, thing: Thing) -> Absence:
        """The stored absence behind a thing. Raises BadInput when it is gone."""
        from relui.ui.calendar.scene import absence_of

        found = absence_of(self.sight.organisation, thing, self.zone)
        if found is None:
            raise BadInput(f"{thing.name} is not away then any more.")
        return found

    # -- what is under the cursor --------------------------------------------------------------------

    async def edit_here(self) -> None:
        """Edit what is selected or stands under the cursor."""
        thing = self.thing_here()
        if thing is None:
            raise BadInput(_NOTHING.format("edited"))
        await self.edit_thing(thing)

    async def edit_thing(self, thing: Thing) -> None:
        """Edit a thing by the form of its kind."""
        self.put_back()
        if thing.kind == "release":
            from relui.ui.one_release.changing import edit_release

            await edit_release(self, thing.id)
        elif thing.kind == "absence":
            await self._change_absence(thing)
        elif thing.occurrence is not None:
            await self._change_entry(thing.occurrence.entry)

    async def delete_here(self) -> None:
        """Delete what is selected, after a question that says what it does."""
        from relui.domain.calendar.editing import without_absence, without_entry

        thing = self.thing_here()
        if thing is None or thing.kind == "release":
            words = "D gives a release's slot back; F on the release list finishes it."
            raise BadInput(words if thing is not None else _NOTHING.format("deleted"))
        if thing.kind == "absence":
            absence = self._absence_of(thing)
            change = partial(without_absence, person=thing.id, absence=absence)
            what = f"{thing.name} away, {absence.first} to {absence.last}"
        else:
            assert thing.occurrence is not None
            entry = thing.occurrence.entry
            change = partial(without_entry, id=entry.id)
            what = f"{KIND_WORDS[entry.kind]} {entry.name}: {pattern_words(entry.when)}"
        effect = self.desk.organisation.preview(change)
        told = "\n".join(f"! {words}" for words in effect) or "No release is affected."
        if not await confirm(self, "Delete", f"{what}\nEvery time of it goes.\n\n{told}", yes="Delete"):
            self.say("Nothing was deleted.", "muted")
            return
        done = (
            self.desk.organisation.remove_absence(thing.id, absence)
            if thing.kind == "absence"
            else self.desk.organisation.remove_entry(thing.id)
        )
        self.selected = None
        self._amended(done, f"{thing.name} is deleted.")

    # -- the organisation ----------------------------------------------------------------------------

    async def edit_members(self) -> None:
        """Services and people, by a form."""
        from relui.ui.calendar.members import edit_members

        written = await edit_members(self)
        if written is not None:
            self._amended(written.done, written.words)

    async def edit_organisation(self) -> None:
        """Edit the whole organisation as YAML in the person's own editor; a mistake loses nothing typed."""
        from relui.documents.organisation_yaml import organisation_yaml
        from relui.ui.calendar.organisation_editing import edit_organisation

        before = self.desk.organisation.read()
        done = await edit_organisation(self, before, organisation_yaml(before))
        if done is not None:
            self._amended(done, "The organisation is changed.")
