"""The calendar as it was read at one moment, and what takes place in a span of it, by time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.instants import from_wall

if TYPE_CHECKING:
    from relui.domain.calendar.slot import Finding, Slot
    from relui.domain.calendar.timetable import Timetable
    from relui.domain.organisation import Organisation
    from relui.domain.release import Release


class Calendar(Struct, frozen=True):
    """The organisation and the active releases at one moment, and the timetable made of them."""

    organisation: Organisation
    releases: tuple[Release, ...]
    timetable: Timetable

    def without(self, *gone: str) -> Timetable:
        """The timetable without the slots of some releases; what was expanded is shared."""
        return self.timetable.with_slots(slot for slot in self.timetable.slots if slot.release not in gone)

    def slot_at(self, release: Release, at: datetime | None = None, duration: int | None = None) -> Slot:
        """The slot that a release has or would have there. Another one than it holds is not booked yet."""
        from relui.domain.calendar.slot import slot_of

        own = slot_of(release, self.organisation)
        wanted = replace(own, start=at or own.start, duration=duration or own.duration)
        return own if wanted == own else replace(wanted, standing="planned", counter=0)


class Event(Struct, frozen=True, kw_only=True):
    """One thing in the calendar: UTC instants, the end not included.

    `kind` is an entry's, `release` or `absence`; `state` is a release's hold on its time, or how that ended;
    `conflicts` is what forbids a booked slot now; `told` what a change of the clocks does to it.
    """

    kind: str
    id: str
    name: str
    start: datetime
    end: datetime
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    note: str = ""
    told: str = ""
    state: str = ""
    conflicts: tuple[Finding, ...] = ()


def events(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    conflicts: Mapping[str, tuple[Finding, ...]],
    now: datetime,
) -> tuple[Event, ...]:
    """Everything that overlaps [start, end), by start, kind and id."""
    found = [*_entries(calendar, start, end), *_absences(calendar), *_releases(calendar, conflicts, now)]
    return tuple(
        sorted(
            (event for event in found if event.start < end and event.end > start),
            key=lambda event: (event.start, event.kind, event.id),
        )
    )


def _entries(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Event]:
    for occurrence in calendar.timetable.occurrences(start, end):
        entry = occurrence.entry
        yield Event(
            kind=entry.kind,
            id=entry.id,
            name=entry.name,
            start=occurrence.start,
            end=occurrence.end,
            services=entry.services,
            environments=entry.environments,
            note=entry.note,
            told=occurrence.told,
        )


def _absences(calendar: Calendar) -> Iterator[Event]:
    organisation = calendar.organisation
    for person in organisation.people:
        zone = person.zone or organisation.zone
        for away in person.away:
            yield Event(
                kind="absence",
                id=person.id,
                name=person.name,
                start=from_wall(datetime.combine(away.first, time()), zone).at,
                end=from_wall(datetime.combine(away.last + timedelta(days=1), time()), zone).at,
                note=", ".join(part for part in (away.reason, _delegate(person.delegate)) if part),
            )


def _delegate(name: str) -> str:
    return f"{name} stands in" if name else ""


def _releases(
    calendar: Calendar, conflicts: Mapping[str, tuple[Finding, ...]], now: datetime
) -> Iterator[Event]:
    titles = {release.id: release for release in calendar.releases}
    for slot in calendar.timetable.slots:
        release = titles[slot.release]
        yield Event(
            kind="release",
            id=slot.release,
            name=f"{release.service} {release.version}",
            start=slot.start,
            end=slot.end,
            services=(slot.service,),
            environments=(slot.environment,),
            note=release.title,
            state=slot.stand(now),
            conflicts=conflicts.get(slot.release, ()),
        )
