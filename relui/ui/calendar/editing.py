"""Making, changing and deleting what stands in the calendar. The desk checks and says what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from relui.desk.organisation import Amended, OrganisationActs
from relui.domain.calendar.editing import with_absence, with_entry, without_absence, without_entry
from relui.domain.calendar.entries import CalendarEntry, Kind
from relui.domain.calendar.occurrences import occurrences
from relui.domain.organisation import Absence
from relui.domain.text import slug
from relui.errors import BadInput
from relui.loading.written_times import day_named
from relui.ui.calendar.cursor import Cursor
from relui.ui.calendar.entry_form import CheckedForm
from relui.ui.calendar.form_texts import keys_of, lines_of, pattern_words, reach_words
from relui.ui.calendar.moving import Moving
from relui.ui.calendar.open_calendar import OpenCalendar
from relui.ui.calendar.scene import Thing, absence_of
from relui.ui.calendar.words import KIND_WORDS, range_words
from relui.ui.kit.form import Entry as FormLine
from relui.ui.kit.question import carry_out, confirm

_NOTHING = "Nothing stands here that could be {}. n goes to the next thing."


class Editing:
    """What happens to entries, absences and the organisation."""

    def __init__(self, calendar: OpenCalendar, cursor: Cursor, moving: Moving) -> None:
        self._calendar = calendar
        self._cursor = cursor
        self._moving = moving

    @property
    def _desk(self) -> OrganisationActs:
        return self._calendar.desk.organisation

    def _amended(self, done: Amended, words: str) -> None:
        """Show what was written, and what it did."""
        self._calendar.reading.update()
        self._calendar.show()
        effect = " ".join(done.effect)
        text = words if done.changed else "Nothing changed."
        self._calendar.say(f"{text} {effect}".strip(), "overdue" if effect else "done")

    # -- entries -------------------------------------------------------------------------------------

    async def new_entry(self, kind: Kind) -> None:
        """Make an entry by a form."""
        await self._ask_entry(f"New {KIND_WORDS[kind]}", kind, None, "stands in the calendar")

    async def _change_entry(self, old: CalendarEntry) -> None:
        await self._ask_entry(f"{old.name}: {KIND_WORDS[old.kind]}", old.kind, old, "is changed")

    def _go_to_entry(self, entry: CalendarEntry) -> None:
        """Select what was written, so that the next key is for it: the first time on this page, from the
        cursor's day on where there is one."""
        scene = self._calendar.scene()
        day = scene.instant(self._cursor.day, 0)
        own = [thing.key for thing in scene.things if (thing.kind, thing.id) == (entry.kind, entry.id)]
        key = next((key for key in own if key[2] >= day), next(iter(own), None))
        if key is not None:
            self._cursor.go_to(key)

    async def _ask_entry(self, title: str, kind: Kind, old: CalendarEntry | None, became: str) -> None:
        """A form for an entry, which stands until it is written; the entry is selected then."""
        organisation = self._calendar.reading.organisation
        taken = tuple(entry.id for entry in organisation.entries)
        own = old.id if old is not None else ""

        def read(values: dict[str, str]) -> CalendarEntry:
            return self._desk.read_entry(kind, keys_of(values, taken, own, kind=kind))

        def meaning(values: dict[str, str]) -> Sequence[str]:
            entry = read(values)
            with_entry(organisation, entry, replaces=own)
            return [f"{pattern_words(entry.when)}; {reach_words(entry)}.", self._first_time(entry)]

        def effect(values: dict[str, str]) -> Sequence[str]:
            return self._desk.preview(partial(with_entry, entry=read(values), replaces=own))

        lines = [
            FormLine(line.name, line.name, line.value, line.hint)
            for line in lines_of(old, kind, self._cursor.day, organisation)
        ]
        form = CheckedForm(title, lines, meaning=meaning, effect=effect, draft=f"calendar-{kind}-{own}")

        def save(values: dict[str, str]) -> tuple[CalendarEntry, Amended]:
            entry = read(values)
            return entry, self._desk.change_entry(own, entry) if own else self._desk.add_entry(entry)

        saved = await carry_out(self._calendar, form, save)
        if saved is not None:
            entry, done = saved
            self._calendar.reading.update()
            self._go_to_entry(entry)
            self._amended(done, f"{entry.name} {became}.")

    def _first_time(self, entry: CalendarEntry) -> str:
        """The next time that it takes place, with how long it really is."""
        now, zone = self._calendar.now, self._calendar.reading.organisation.zone or "UTC"
        first = next(iter(occurrences(entry, now, now + timedelta(days=800), zone)), None)
        if first is None:
            return "It does not take place in the next two years."
        return f"Next: {range_words(first.start, first.end, self._cursor.zone)}. {first.told}".strip()

    # -- absences ------------------------------------------------------------------------------------

    async def new_absence(self) -> None:
        """Enter an absence by a form."""
        day = f"{self._cursor.day}"
        await self._ask_absence("Away", {"from": day, "to": day}, self._desk.add_absence)

    async def _change_absence(self, thing: Thing) -> None:
        old = self._absence_of(thing)
        texts = {"person": thing.id, "from": f"{old.first}", "to": f"{old.last}", "reason": old.reason}

        def moved(person: str, absence: Absence) -> Amended:
            return self._desk.amend(
                lambda one: with_absence(without_absence(one, thing.id, old), person, absence),
                f"{person} is away from {absence.first} to {absence.last} now, instead of {thing.id} from "
                f"{old.first} to {old.last}",
            )

        await self._ask_absence(f"{thing.name} away", texts, moved)

    async def _ask_absence(
        self, title: str, texts: dict[str, str], write: Callable[[str, Absence], Amended]
    ) -> None:
        """A form for an absence, which stands until it is written."""
        organisation = self._calendar.reading.organisation
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
            return self._desk.preview(partial(with_absence, person=person, absence=absence))

        lines = [FormLine(name, name, texts.get(name, ""), hint) for name, hint in hints.items()]
        draft = f"calendar-{slug(title)}"
        form = CheckedForm(title, lines, meaning=meaning, effect=effect, draft=draft)

        def save(values: dict[str, str]) -> tuple[str, Absence, Amended]:
            person, absence = read(values)
            return person, absence, write(person, absence)

        saved = await carry_out(self._calendar, form, save)
        if saved is not None:
            person, absence, done = saved
            self._amended(done, f"{person} is away from {absence.first} to {absence.last}.")

    def _absence_of(self, thing: Thing) -> Absence:
        """The stored absence behind a thing. Raises BadInput when it is gone."""
        found = absence_of(self._calendar.reading.organisation, thing, self._cursor.zone)
        if found is None:
            raise BadInput(f"{thing.name} is not away then any more.")
        return found

    # -- what is under the cursor --------------------------------------------------------------------

    async def edit_here(self) -> None:
        """Edit what is selected or stands under the cursor."""
        thing = self._cursor.thing_here()
        if thing is None:
            raise BadInput(_NOTHING.format("edited"))
        await self.edit_thing(thing)

    async def edit_thing(self, thing: Thing) -> None:
        """Edit a thing by the form of its kind."""
        from relui.ui.one_release.changing import edit_release

        self._moving.put_back()
        if thing.kind == "release":
            await edit_release(self._calendar, thing.id)
        elif thing.kind == "absence":
            await self._change_absence(thing)
        elif thing.occurrence is not None:
            await self._change_entry(thing.occurrence.entry)

    async def delete_here(self) -> None:
        """Delete what is selected, after a question that says what it does."""
        thing = self._cursor.thing_here()
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
        effect = self._desk.preview(change)
        told = "\n".join(f"! {words}" for words in effect) or "No release is affected."
        words = f"{what}\nEvery time of it goes.\n\n{told}"
        if not await confirm(self._calendar, "Delete", words, yes="Delete"):
            self._calendar.say("Nothing was deleted.", "muted")
            return
        done = (
            self._desk.remove_absence(thing.id, absence)
            if thing.kind == "absence"
            else self._desk.remove_entry(thing.id)
        )
        self._cursor.selected = None
        self._amended(done, f"{thing.name} is deleted.")

    # -- the organisation ----------------------------------------------------------------------------

    async def edit_members(self) -> None:
        """Services and people, by a form."""
        from relui.ui.calendar.organisation_editing import edit_members

        written = await edit_members(self._calendar)
        if written is not None:
            self._amended(written.done, written.words)

    async def edit_organisation(self) -> None:
        """Edit the whole organisation as YAML in the person's own editor; a mistake loses nothing typed."""
        from relui.ui.calendar.organisation_editing import edit_organisation

        done = await edit_organisation(self._calendar)
        if done is not None:
            self._amended(done, "The organisation is changed.")
