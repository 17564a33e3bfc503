"""The slot of a release: its booked or planned time, and everything that the rules ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relui.domain.calendar.slot import Slot, Standing
from relui.domain.checklist import Item
from relui.domain.deployment_times import begun
from relui.domain.organisation import Organisation, Service
from relui.domain.release import Release
from relui.domain.slot_hold import finished, requested


def slots_of(releases: Iterable[Release], organisation: Organisation) -> tuple[Slot, ...]:
    """The slots of several releases; closed ones have none."""
    roll = _Roll(organisation)
    return tuple(_slot(release, roll) for release in releases if not release.closed)


def slot_of(release: Release, organisation: Organisation) -> Slot:
    """The release's slot: its booking's time, or the planned one.

    `people` are its owner, named resources, the service's owner, and whom its checklist names, by id.
    """
    return _slot(release, _Roll(organisation))


class _Roll:
    """Services and people by id and by name, the first of each: hundreds of releases ask for them."""

    def __init__(self, organisation: Organisation) -> None:
        self._services: dict[str, Service] = {}
        self._people: dict[str, str] = {}
        for service in organisation.services:
            for name in (service.id, service.name):
                self._services.setdefault(name.casefold(), service)
        for person in organisation.people:
            for name in (person.id, person.name):
                self._people.setdefault(name.casefold(), person.id)

    def service(self, name: str) -> Service | None:
        return self._services.get(name.casefold())

    def people(self, names: Iterable[str]) -> tuple[str, ...]:
        """The ids of those who are listed, each once."""
        found = (self._people.get(name.casefold()) for name in names)
        return tuple(dict.fromkeys(id_ for id_ in found if id_))


def _slot(release: Release, roll: _Roll) -> Slot:
    booking = release.booking
    service = roll.service(release.service)
    standing: Standing = "planned"
    if booking is not None:
        standing = "to-be-moved" if booking.held == "to-be-moved" else "booked"
    owner = service.owner if service else ""
    return Slot(
        release=release.id,
        service=service.id if service else release.service,
        start=booking.at if booking else release.go_live,
        duration=booking.duration if booking else release.duration,
        zone=release.zone,
        environment=booking.environment if booking else release.environment,
        type=release.type,
        impact=release.impact,
        people=roll.people([release.owner, *release.people, owner, *_named_in_checklist(release)]),
        standing=standing,
        counter=booking.counter if booking else 0,
        started=begun(release),
        requested=requested(release),
        finished=finished(release),
    )


def _named_in_checklist(release: Release) -> Iterator[str]:
    """Who stands in the person fields of the checklist, such as the on-call."""
    filled = {path: mark.fields for path, mark in release.marks.items() if mark.fields}
    if not filled:
        return

    def walk(items: tuple[Item, ...], path: str) -> Iterator[str]:
        for item in items:
            own = f"{path}.{item.id}"
            fields = filled.get(own, {})
            yield from (fields[f.id] for f in item.fields if f.kind == "person" and fields.get(f.id))
            yield from walk(item.items, own)

    for phase in release.phases:
        yield from walk(phase.items, phase.id)
