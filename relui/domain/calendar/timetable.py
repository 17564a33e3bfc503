"""The board: the organisation's calendar and the releases on it, prepared for many questions.

Also how services hang together: who needs whom, and what two of them share.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from relui.domain.calendar.entries import KINDS, CalendarEntry, Kind, Occurrence
from relui.domain.calendar.occurrences import occurrences
from relui.domain.calendar.slot import Slot
from relui.domain.calendar.wall_clock import midnight
from relui.domain.organisation import Organisation, Person, Service

RelationRule = Literal["same-service", "dependency", "shared"]


class Relation(Struct, frozen=True):
    """Why two services' releases must not overlap, as the end of a sentence."""

    rule: RelationRule
    words: str


class Relations:
    """The services of an organisation by id, with their transitive dependencies; cycles are legal."""

    def __init__(self, organisation: Organisation) -> None:
        self._ids = {service.name.casefold(): service.id for service in reversed(organisation.services)}
        self._ids |= {service.id.casefold(): service.id for service in reversed(organisation.services)}
        self._services = {service.id: service for service in reversed(organisation.services)}
        self._needs = {
            service.id: sorted({self.id_of(other) for other in service.depends_on})
            for service in organisation.services
        }
        needed_by: dict[str, list[str]] = {}
        for service in sorted(self._needs):
            for other in self._needs[service]:
                needed_by.setdefault(other, []).append(service)
        self._needed_by = needed_by
        self._reached: dict[tuple[str, bool], frozenset[str]] = {}
        self._between: dict[tuple[str, str], tuple[Relation, ...]] = {}

    def id_of(self, name: str) -> str:
        """The id of a service given by id or name; an unlisted one is its own."""
        return self._ids.get(name.casefold(), name)

    def service(self, id: str) -> Service | None:
        """The service of that id."""
        return self._services.get(id)

    def name(self, id: str) -> str:
        """What people call the service."""
        service = self._services.get(id)
        return service.name if service else id

    def names(self, ids: Iterable[str]) -> list[str]:
        """What people call the services, in order of their ids."""
        return [self.name(id) for id in sorted(ids)]

    def needs(self, id: str) -> frozenset[str]:
        """Every service that this one depends on, transitively, itself not included."""
        return self._reach(id, down=True)

    def needed_by(self, id: str) -> frozenset[str]:
        """Every service that depends on this one, transitively, itself not included."""
        return self._reach(id, down=False)

    def _reach(self, id: str, *, down: bool) -> frozenset[str]:
        known = self._reached.get((id, down))
        if known is not None:
            return known
        steps = self._needs if down else self._needed_by
        found: set[str] = set()
        waiting = [id]
        while waiting:
            for other in steps.get(waiting.pop(), ()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        reached = frozenset(found - {id})
        self._reached[id, down] = reached
        return reached

    def between(self, one: str, other: str) -> tuple[Relation, ...]:
        """Every relation of two services; none when they have nothing to do with each other."""
        key = (one, other)
        if key not in self._between:
            self._between[key] = self._relate(one, other)
        return self._between[key]

    def _relate(self, one: str, other: str) -> tuple[Relation, ...]:
        if one == other:
            return (Relation("same-service", f"is of the same service, {self.name(one)}"),)
        found = []
        needed = other in self.needs(one)
        needing = one in self.needs(other)
        if needed:
            found.append(
                Relation("dependency", f"is of {self.name(other)}, which {self.name(one)} depends on")
            )
        elif needing:
            found.append(
                Relation("dependency", f"is of {self.name(other)}, which depends on {self.name(one)}")
            )
        # What a dependency has below it is shared by definition, and said already.
        services = frozenset() if needed or needing else self.needs(one) & self.needs(other)
        shared = [*self.names(services), *sorted(self._infrastructure(one) & self._infrastructure(other))]
        if shared:
            listed = ", ".join(shared)
            found.append(
                Relation("shared", f"is of {self.name(other)}, which shares {listed} with {self.name(one)}")
            )
        return tuple(found)

    def _infrastructure(self, id: str) -> frozenset[str]:
        service = self._services.get(id)
        return frozenset(service.infrastructure if service else ())


PRODUCTION = "production"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STRETCH = timedelta(days=28)
"""Entries are expanded this far at a time, and each stretch once."""

Scope = tuple[Kind, str, str]
"""A kind of entry, a service's id and an environment."""


class Timetable:
    """An organisation and the slots of its releases. Immutable to the outside; order does not matter.

    What it has expanded it keeps, so that many questions to one board are cheap.
    """

    def __init__(self, organisation: Organisation, slots: Iterable[Slot] = ()) -> None:
        self.organisation = organisation
        self.relations = Relations(organisation)
        self._entries = tuple(sorted(organisation.entries, key=lambda e: (KINDS.index(e.kind), e.id)))
        self._windows = tuple(entry for entry in self._entries if entry.kind == "window")
        self._expanded: dict[tuple[int, int], list[Occurrence]] = {}
        self._gathered_in: dict[tuple[tuple[str, ...], int], list[Occurrence]] = {}
        self._numbered: dict[Kind, list[tuple[int, CalendarEntry]]] = {kind: [] for kind in KINDS}
        for number, entry in enumerate(self._entries):
            self._numbered[entry.kind].append((number, entry))
        self._in_scopes: dict[Scope, tuple[tuple[int, CalendarEntry], ...]] = {}
        self._applies: dict[tuple[int, str, str], bool] = {}
        self._coverage: dict[tuple[Scope, int], list[tuple[datetime, datetime]]] = {}
        self._absences: dict[str, tuple[tuple[datetime, datetime, str], ...]] = {}
        self._people = {person.id: person for person in organisation.people}
        self._place(slots)

    def _place(self, slots: Iterable[Slot]) -> None:
        self.slots: tuple[Slot, ...] = tuple(sorted(slots, key=_place_of))
        self._starts = [slot.start for slot in self.slots]
        self._longest = timedelta(minutes=max((slot.duration for slot in self.slots), default=0))

    def with_slots(self, slots: Iterable[Slot]) -> Timetable:
        """A board of the same organisation with other slots; what was expanded is shared."""
        other = Timetable.__new__(Timetable)
        other.__dict__.update(self.__dict__)
        other._place(slots)
        return other

    @property
    def zone(self) -> str:
        """The organisation's zone; UTC when none is set."""
        return self.organisation.zone or "UTC"

    def occurrences(
        self, start: datetime, end: datetime, kinds: Collection[Kind] = KINDS
    ) -> list[Occurrence]:
        """What takes place in [start, end), by start, kind and id."""
        return self._gathered(start, end, [kind for kind in KINDS if kind in kinds], None)

    def applying(self, start: datetime, end: datetime, scope: Scope) -> list[Occurrence]:
        """What takes place in [start, end) for a service and an environment, by start and id."""
        return self._gathered(start, end, [scope[0]], scope)

    def slots_between(self, start: datetime, end: datetime) -> list[Slot]:
        """The slots that overlap [start, end), by start and release."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [slot for slot in self.slots[first:last] if slot.end > start]

    def has_windows(self, environment: str = "") -> bool:
        """Any window is defined, or any that counts in that environment."""
        return any(not environment or _in_environment(entry, environment) for entry in self._windows)

    def entries_of(self, kind: Kind, service: str, environment: str) -> tuple[CalendarEntry, ...]:
        """The entries of a kind, such as windows, that count for a service in an environment."""
        return tuple(entry for _, entry in self._of_scope((kind, service, environment)))

    def closed_services(self) -> tuple[Service, ...]:
        """The services that no window covers in production: closed at all times, once there is a window."""
        if not self.has_windows(PRODUCTION):
            return ()
        return tuple(
            each
            for each in self.organisation.services
            if not each.unrestricted and not self.entries_of("window", each.id, PRODUCTION)
        )

    def _of_scope(self, scope: Scope) -> tuple[tuple[int, CalendarEntry], ...]:
        """The entries of a scope with their numbers, worked out once for all stretches."""
        if scope not in self._in_scopes:
            self._in_scopes[scope] = tuple(
                (n, entry) for n, entry in self._numbered[scope[0]] if self._in_scope(n, entry, scope)
            )
        return self._in_scopes[scope]

    def open_between(
        self, start: datetime, end: datetime, service: str, environment: str
    ) -> list[tuple[datetime, datetime]]:
        """When a service's windows are open in [start, end); overlapping and adjoining ones combined.

        What adjoins outside of the range need not be part of the first and the last.
        """
        scope: Scope = ("window", service, environment)
        found: list[tuple[datetime, datetime]] = []
        for stretch in _stretches(start, end):
            key = (scope, stretch)
            if key not in self._coverage:
                here = self._in_stretch([scope[0]], scope, stretch)
                self._coverage[key] = merged((one.start, one.end) for one in here)
            found += self._coverage[key]
        return [(a, b) for a, b in merged(found) if a < end and b > start]

    def person(self, id: str) -> Person | None:
        """The person of that id."""
        return self._people.get(id)

    def absences(self, id: str) -> tuple[tuple[datetime, datetime, str], ...]:
        """When somebody is away: UTC start and end, and the reason. Whole days in their own zone."""
        if id not in self._absences:
            person = self._people.get(id)
            zone = (person.zone if person else "") or self.zone
            away = person.away if person else ()
            self._absences[id] = tuple(
                sorted(
                    (midnight(one.first, zone), midnight(one.last + timedelta(days=1), zone), one.reason)
                    for one in away
                )
            )
        return self._absences[id]

    def _gathered(
        self, start: datetime, end: datetime, kinds: list[Kind], scope: Scope | None
    ) -> list[Occurrence]:
        stretches = list(_stretches(start, end))
        found = [
            one
            for stretch in stretches
            for one in self._in_stretch(kinds, scope, stretch)
            if one.start < end and one.end > start
        ]
        if len(stretches) > 1:  # one that runs from a stretch into the next stands in both
            found = list({(id(one.entry), one.start): one for one in found}.values())
            found.sort(key=_order)
        return found

    def _in_stretch(self, kinds: list[Kind], scope: Scope | None, stretch: int) -> list[Occurrence]:
        key = (scope or tuple(kinds), stretch)
        if key not in self._gathered_in:
            numbered = self._of_scope(scope) if scope else [e for kind in kinds for e in self._numbered[kind]]
            found = [one for n, entry in numbered for one in self._expand(n, entry, stretch)]
            # Entries stand by kind and id already, and sorting keeps that among those that start together.
            self._gathered_in[key] = sorted(found, key=attrgetter("start"))
        return self._gathered_in[key]

    def _expand(self, number: int, entry: CalendarEntry, stretch: int) -> list[Occurrence]:
        key = (number, stretch)
        if key not in self._expanded:
            begin = _EPOCH + stretch * _STRETCH
            self._expanded[key] = occurrences(entry, begin, begin + _STRETCH, self.zone)
        return self._expanded[key]

    def _in_scope(self, number: int, entry: CalendarEntry, scope: Scope) -> bool:
        kind, service, environment = scope
        if not _in_environment(entry, environment):
            return False
        if not entry.services:
            return True
        key = (number, service, environment)
        if key not in self._applies:
            named = {self.relations.id_of(name) for name in entry.services}
            affected = {service}
            if kind == "event":  # what a release breaks is felt in every service above it
                affected |= self.relations.needed_by(service)
            self._applies[key] = not named.isdisjoint(affected)
        return self._applies[key]


def merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Spans by start, with overlapping and adjoining ones as one."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _in_environment(entry: CalendarEntry, environment: str) -> bool:
    return not entry.environments or environment.casefold() in (e.casefold() for e in entry.environments)


def _stretches(start: datetime, end: datetime) -> range:
    return range((start - _EPOCH) // _STRETCH, -(-(end - _EPOCH) // _STRETCH))


def _order(one: Occurrence) -> tuple[datetime, int, str]:
    return one.start, KINDS.index(one.entry.kind), one.entry.id


def _place_of(slot: Slot) -> tuple[datetime, str, str, int, int]:
    return slot.start, slot.release, slot.service, slot.duration, slot.counter
