"""How services hang together: who needs whom, and what two of them share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from relui.domain.organisation import Organisation, Service

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
