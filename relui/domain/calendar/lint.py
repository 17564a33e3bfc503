"""What is odd in an organisation's calendar, with the months to come expanded.

Times in which blackouts take every window away are, and roles that sign-offs need and nobody has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from relui.domain.calendar.entries import CalendarEntry, Occurrence
from relui.domain.calendar.holidays import known_until
from relui.domain.calendar.occurrences import occurrences, pattern_problem, vanished
from relui.domain.calendar.timetable import PRODUCTION, Timetable, merged
from relui.domain.calendar.wall_clock import day_words, length_words, list_words, midnight, moment_words
from relui.domain.instants import local_day
from relui.domain.organisation import Organisation
from relui.domain.text import nearest
from relui.errors import BadInput

_LISTED = 6
Spans = list[tuple[datetime, datetime]]


class Closure(Struct, frozen=True):
    """From `start` to `end` (UTC) these services have windows, and blackouts take all of them."""

    start: datetime
    end: datetime
    services: tuple[str, ...]
    blackouts: tuple[CalendarEntry, ...]

    @property
    def length(self) -> timedelta:
        """How long nothing is open."""
        return self.end - self.start

    def words(self, timetable: Timetable) -> str:
        """The closure as a sentence, in the organisation's zone."""
        names = [timetable.relations.name(service) for service in self.services if service]
        whom = list_words(names, most=_LISTED) if names else "every service"
        by = list_words(f"'{entry.name}'" for entry in self.blackouts)
        start, end = moment_words(self.start, timetable.zone), moment_words(self.end, timetable.zone)
        return f"Blackouts leave {whom} no window for {self.length.days} days, from {start} to {end}: {by}."


def closures(
    timetable: Timetable,
    taking_place: Mapping[str, Sequence[Occurrence]],
    start: datetime,
    end: datetime,
    shortest: timedelta,
) -> Iterator[Closure]:
    """Every closure of production in [start, end), once for services with the same windows and blackouts.

    `taking_place` holds the occurrences of the entries that count, by the entry's id. Where the windows
    themselves lie `shortest` apart, blackouts are to blame only when they take a whole opening.
    """
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    blackouts = {}
    for service in _services(timetable):
        open_in = tuple(
            one.id for one in timetable.entries_of("window", service, PRODUCTION) if one.id in taking_place
        )
        shut_in = [
            one for one in timetable.entries_of("blackout", service, PRODUCTION) if one.id in taking_place
        ]
        blackouts.update({one.id: one for one in shut_in})
        if open_in and shut_in:
            alike.setdefault((open_in, tuple(one.id for one in shut_in)), []).append(service)
    for (open_in, ids), services in alike.items():
        shine = merged((one.start, one.end) for id_ in open_in for one in taking_place[id_])
        dark = merged((one.start, one.end) for id_ in ids for one in taking_place[id_])
        for begin, finish in gaps(left_of(shine, dark), start, end):
            if finish - begin < shortest:
                continue
            whole = any(begin <= a and b <= finish for a, b in shine)
            apart = max((b - a for a, b in gaps(shine, begin, finish)), default=timedelta())
            if whole or apart < shortest:
                by = [i for i in ids if any(o.start < finish and o.end > begin for o in taking_place[i])]
                yield Closure(begin, finish, tuple(services), tuple(blackouts[i] for i in by))


def _services(timetable: Timetable) -> list[str]:
    """The services that are listed and restricted, or else those that entries name, or else any."""
    organisation = timetable.organisation
    if organisation.services:
        return [service.id for service in organisation.services if not service.unrestricted]
    return sorted({name for entry in organisation.entries for name in entry.services}) or [""]


def left_of(spans: Spans, dark: Spans) -> Spans:
    """What is left of `spans` outside of `dark`; both merged and in order."""
    left: Spans = []
    first = 0
    for start, end in spans:
        while first < len(dark) and dark[first][1] <= start:
            first += 1
        at = start
        for begin, finish in dark[first:]:
            if begin >= end:
                break
            if at < begin:
                left.append((at, begin))
            at = max(at, finish)
        if at < end:
            left.append((at, end))
    return left


def gaps(spans: Spans, start: datetime, end: datetime) -> Spans:
    """The times in [start, end) between spans, which are in order."""
    found: Spans = []
    at = start
    for begin, finish in spans:
        if at < begin and at < end:
            found.append((at, min(begin, end)))
        at = max(at, finish)
    return [*found, (at, end)] if at < end else found


SIGNING_ROLES = {
    "service-owner": "approves definitions, test plans, acceptance and go of services without an owner",
    "cab": "approves the definition of a major release, and exceptions",
    "emergency-cab": "approves an emergency and its go",
    "release-manager": "reviews readiness; so does release-owner",
    "release-owner": "leads releases, and reviews readiness",
}
"""A role -> what only those who have it can sign. docs/organisation.md lists them too."""


def missing_roles(organisation: Organisation) -> Iterator[tuple[str, str]]:
    """Each role that nobody has although a release may wait for it, with what waits.

    Somebody always reviews readiness: the release's own owner may.
    """
    held = {role for person in organisation.people for role in person.roles}
    if held.isdisjoint(SIGNING_ROLES):
        return
    ownerless = [service.id for service in organisation.services if not service.owner]
    if "service-owner" not in held and ownerless:
        services = ", ".join(ownerless[:3]) + (", ..." if len(ownerless) > 3 else "")
        yield "service-owner", f"{SIGNING_ROLES['service-owner']} ({services})"
    for role in ("cab", "emergency-cab"):
        if role not in held:
            yield role, SIGNING_ROLES[role]


MONTHS = 24
CLOSED_TOO_LONG = timedelta(days=30)
"""Blackouts that leave no window for this long are told."""

Gravity = Literal["error", "warning", "note"]
GRAVITIES: tuple[Gravity, ...] = ("error", "warning", "note")


class Problem(Struct, frozen=True):
    """One oddity: the entry's (or service's) id or nothing, how bad, what it is, what to do."""

    entry: str
    severity: Gravity
    words: str
    way_out: str


def lint(organisation: Organisation, today: date, months: int = MONTHS) -> tuple[Problem, ...]:
    """Every oddity in the `months` from `today` on, the worst first."""
    zone = organisation.zone or "UTC"
    start = midnight(today, zone)
    end = midnight(today + timedelta(days=months * 366 // 12), zone)
    found: list[Problem] = []
    sound: list[CalendarEntry] = []
    taking_place: dict[str, list[Occurrence]] = {}
    for entry in organisation.entries:
        problem = pattern_problem(entry, zone)
        if problem is not None:
            found.append(
                Problem(entry.id, "error", f"Field '{problem.field}': {problem.words}", "Correct it.")
            )
            continue
        sound.append(entry)
        taking_place[entry.id] = occurrences(entry, start, end, zone)
        found += _entry_problems(entry, taking_place[entry.id], start, end, zone)
        found += _unknown_names(organisation, entry)
    timetable = Timetable(organisation)
    found += [
        Problem(
            each.id,
            "warning",
            f"No window covers the service '{each.name}': it is closed at all times.",
            "Define a window for it, or mark it as unrestricted.",
        )
        for each in timetable.closed_services()
    ]
    found += _windows_in_blackouts(sound, taking_place)
    found += [
        Problem(one.blackouts[0].id, "warning", one.words(timetable), "Shorten a blackout, or add a window.")
        for one in closures(timetable, taking_place, start, end, CLOSED_TOO_LONG)
    ]
    found += _holidays(organisation, today, months)
    found += _doubtful_roles(organisation)
    found += [
        Problem("", "note", f"Nobody has the role {role}, which {what}.", "Give it to somebody who may.")
        for role, what in missing_roles(organisation)
    ]
    return tuple(sorted(found, key=lambda p: (GRAVITIES.index(p.severity), p.entry, p.words)))


def _entry_problems(
    entry: CalendarEntry, found: list[Occurrence], start: datetime, end: datetime, zone: str
) -> Iterator[Problem]:
    """What can be said of one entry by itself."""
    own = entry.zone or zone
    what = f"The {entry.kind} '{entry.name}'"
    if not found:
        days = f"between {day_words(local_day(start, own))} and {day_words(local_day(end, own))}"
        yield Problem(entry.id, "note", f"{what} does not occur {days}.", "Remove it, or correct its days.")
    overlapping = [b for a, b in pairwise(found) if b.start < a.end]
    if overlapping:
        first = moment_words(overlapping[0].start, own)
        yield Problem(
            entry.id,
            "warning",
            f"{what} overlaps itself {len(overlapping)} times, first on {first}.",
            "Shorten it, or let it begin less often.",
        )
    changed = [one for one in found if one.told]
    if changed:
        nights = [
            f"{day_words(local_day(one.start, own))} ({length_words(one.end - one.start)})" for one in changed
        ]
        words = f"The clocks change during {what[0].lower()}{what[1:]}: {_shortened(nights)}."
        yield Problem(entry.id, "note", words, "Nothing is wrong: plan with the real length.")
    gone = vanished(entry, start, end, zone)
    if gone:
        words = f"{what} does not take place on {_days(gone, own)}: the clocks skip its hours."
        yield Problem(entry.id, "warning", words, "Move it by an hour, or let it last longer.")


def _days(instants: Iterable[datetime], zone: str) -> str:
    return _shortened([day_words(local_day(at, zone)) for at in instants])


def _shortened(days: list[str]) -> str:
    return list_words(days, most=_LISTED, of="days")


def _unknown_names(organisation: Organisation, entry: CalendarEntry) -> Iterator[Problem]:
    for what, names, checked in (
        ("services", entry.services, organisation.checked_service),
        ("environments", entry.environments, organisation.checked_environment),
    ):
        for name in names:
            try:
                checked(name)
            except BadInput as error:
                words = f"The {entry.kind} '{entry.name}': {error.message}"
                yield Problem(entry.id, "error", words, f"Correct the entry's {what}.")


def _doubtful_roles(organisation: Organisation) -> Iterator[Problem]:
    """A role that is nearly one with a meaning: probably that was meant."""
    held = {role: person for person in organisation.people for role in person.roles}
    for role, person in held.items():
        meant = nearest(role, SIGNING_ROLES, cutoff=0.85)
        if meant is not None and role not in SIGNING_ROLES:
            words = f"'{person.id}' has the role '{role}', which has no meaning for sign-offs."
            yield Problem("", "warning", words, f"Write '{meant}', if that is meant.")


def _windows_in_blackouts(
    entries: list[CalendarEntry], taking_place: dict[str, list[Occurrence]]
) -> Iterator[Problem]:
    """Windows that blackouts take away every time."""
    blackouts = [entry for entry in entries if entry.kind == "blackout"]
    for window in (entry for entry in entries if entry.kind == "window"):
        over = [one for one in blackouts if _reaches(one.services, window.services)]
        over = [one for one in over if _reaches(one.environments, window.environments)]
        dark = merged((o.start, o.end) for one in over for o in taking_place[one.id])
        times = taking_place[window.id]
        if times and all(any(a <= o.start and o.end <= b for a, b in dark) for o in times):
            names = list_words(f"'{one.name}'" for one in over if taking_place[one.id])
            yield Problem(
                window.id,
                "warning",
                f"The window '{window.name}' always lies inside a blackout: {names}.",
                "Move the window, or shorten the blackout.",
            )


def _reaches(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """What `wide` names includes all that `narrow` does; naming nothing means everything."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _holidays(organisation: Organisation, today: date, months: int) -> Iterator[Problem]:
    try:
        known = known_until(organisation.holidays)
    except BadInput as error:
        yield Problem("", "error", error.message, "Correct the organisation's holidays.")
        return
    if known is not None and known < (today + timedelta(days=months * 366 // 12)).year:
        way_out = "Add the dates of the coming years, or update relui."
        yield Problem("", "note", f"Holidays are known only up to the end of {known}.", way_out)
