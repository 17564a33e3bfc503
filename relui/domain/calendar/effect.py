"""What a change of the organisation does to the coming releases, and what a calendar file brought.

In words, before it is saved. A second import of a file replaces the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.check import blocking_findings, in_order
from relui.domain.calendar.entries import CalendarEntry
from relui.domain.calendar.slot import Finding, Slot
from relui.domain.calendar.timetable import Timetable
from relui.domain.calendar.wall_clock import list_words, moment_words
from relui.domain.calendar.windows import regime
from relui.domain.organisation import Absence, Organisation
from relui.errors import BadInput


class Imported(Struct, frozen=True):
    """Entries, or one person's absences. `sources` are the ids that the file's events give: whatever was
    made of them before goes, a cancelled event's too. `told` is what was left out, in words; `passed_over`
    names each event that could not be read, with its line: what was made of it before stays."""

    entries: tuple[CalendarEntry, ...] = ()
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


_NAMED = 6
"""How many services a sentence lists."""


def effect(
    before: Organisation,
    after: Organisation,
    slots: Iterable[Slot],
    now: datetime,
    *,
    slots_after: Iterable[Slot] = (),
    done: bool = False,
) -> tuple[str, ...]:
    """Who would newly conflict and who is freed, the earliest release first; nothing when nothing changes.

    What opens or closes the whole calendar, or a service, is told before that. `slots_after` are the slots
    as the organisation would make them by then: another owner of a service is another key person. What is
    `done` is told as it is now, not as it would be.
    """
    then_of = {slot.release: slot for slot in slots_after if slot.release}
    words = _openings(before, after)
    coming = [slot for slot in slots if slot.end > now]
    later = [then_of.get(slot.release, slot) for slot in coming]
    old, new = _timetables(before, after, coming, later)
    for slot in sorted(_touched(before, after, coming), key=lambda slot: (slot.start, slot.release)):
        found, then = _blocks(old, slot), _blocks(new, then_of.get(slot.release, slot))
        came = in_order(then[key] for key in then.keys() - found.keys())
        went = in_order(found[key] for key in found.keys() - then.keys())
        words += _told(slot, came, went, free=not then, done=done)
    return tuple(words)


def _touched(before: Organisation, after: Organisation, slots: list[Slot]) -> list[Slot]:
    """The slots for which something may differ: most lie where no changed entry takes place."""
    if replace(before, entries=()) != replace(after, entries=()):
        return slots
    old, new = Timetable(before), Timetable(after)
    changed = tuple(set(before.entries) ^ set(after.entries))
    times = Timetable(replace(before, entries=changed))
    return [
        slot
        for slot in slots
        if times.occurrences(slot.start, slot.end) or regime(old, slot) != regime(new, slot)
    ]


def _told(
    slot: Slot, came: tuple[Finding, ...], went: tuple[Finding, ...], *, free: bool, done: bool
) -> list[str]:
    stands = {"booked": "booked", "planned": "planned", "to-be-moved": "to be moved"}[slot.standing]
    who = f"{slot.release or slot.service} ({stands}, {moment_words(slot.start, slot.zone)})"
    words = [f"{who} {'conflicts now' if done else 'would conflict'}: {finding.words}" for finding in came]
    if went and not came:
        rest = f"{'is' if done else 'would be'} {'free' if free else 'freed of one conflict'}"
        words.append(f"{who} {rest}. Until now: {' '.join(finding.words for finding in went)}")
    return words


def _blocks(timetable: Timetable, slot: Slot) -> dict[tuple[str, str, datetime | None], Finding]:
    """What forbids the slot, by rule, other party and time; which window is missed makes no difference."""
    found = blocking_findings(timetable, replace(slot, service=timetable.relations.id_of(slot.service)))
    return {
        (f.rule, "", None) if f.rule == "window" else (f.rule, f.other, f.start): f
        for f in found
        if f.severity == "blocks"
    }


def _timetables(
    before: Organisation, after: Organisation, slots: list[Slot], later: list[Slot]
) -> tuple[Timetable, Timetable]:
    """Two timetables with no more in them than what differs: a form asks while somebody is typing.

    Releases stand in each other's way by services and teams alone, windows only mean something together.
    """
    if (before.services, before.teams, before.zone) != (after.services, after.teams, after.zone):
        return Timetable(before, slots), Timetable(after, later)
    old, new = set(before.entries), set(after.entries)
    changed = old ^ new
    windows = any(entry.kind == "window" for entry in changed)

    def reduced(organisation: Organisation) -> Timetable:
        kept = [e for e in organisation.entries if e in changed or (windows and e.kind == "window")]
        return Timetable(replace(organisation, entries=tuple(kept)))

    return reduced(before), reduced(after)


def _openings(before: Organisation, after: Organisation) -> list[str]:
    old, new = Timetable(before), Timetable(after)
    if new.has_windows() and not old.has_windows():
        closed = _names(new)
        rest = f" {_listed(closed)} would be closed at all times." if closed else ""
        return [f"This is the first window: from then on production is open only in windows.{rest}"]
    if old.has_windows() and not new.has_windows():
        return ["No window would be left: the calendar would restrict nothing."]
    newly = sorted(set(_names(new)) - set(_names(old)))
    return [f"No window would cover {_listed(newly)}: closed at all times."] if newly else []


def _names(timetable: Timetable) -> list[str]:
    return sorted(service.name for service in timetable.closed_services())


def _listed(names: list[str]) -> str:
    return list_words(names, most=_NAMED, of="services")
