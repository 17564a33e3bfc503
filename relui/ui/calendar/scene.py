"""What stands in a stretch of the calendar: one list of things, and where each lies on which day.

Days and minutes are wall-clock ones in the zone of the display; instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from relui.domain.calendar.entries import Occurrence
from relui.domain.calendar.slot import Slot
from relui.domain.instants import from_wall, zone_named
from relui.domain.organisation import Absence, Organisation
from relui.domain.release import Release, milestones
from relui.domain.text import clean

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

ThingKind = Literal["release", "blackout", "window", "maintenance", "event", "absence"]

LETTERS: Mapping[ThingKind, str] = {
    "release": "R",
    "blackout": "B",
    "window": "W",
    "maintenance": "M",
    "event": "O",
    "absence": "A",
}
"""The letter of each kind: it marks the thing on the calendar, and is the key that makes a new one."""
WHOLE_DAY = 1440
"""Minutes of a day by the wall clock, whatever the clocks do on it."""


class Thing(Struct, frozen=True, kw_only=True):
    """Something that can be selected: a release, one occurrence of an entry, or somebody's absence.

    `id` is the release's, the entry's, or the person's. `told` is what a change of the clocks does to it.
    """

    kind: ThingKind
    id: str
    name: str
    start: datetime
    end: datetime
    release: Release | None = None
    slot: Slot | None = None
    occurrence: Occurrence | None = None
    note: str = ""
    told: str = ""

    @property
    def key(self) -> tuple[str, str, datetime]:
        """What tells it from every other thing."""
        return (self.kind, self.id, self.start)


class Piece(Struct, frozen=True):
    """The part of a thing on one day: minutes by the wall clock, and whether it goes on before and after."""

    thing: Thing
    day: int
    start: int
    end: int
    before: bool = False
    after: bool = False


class Scene(Struct, frozen=True, kw_only=True):
    """Some days from `first` on, in `zone`, with all things on them by start, and words for single days."""

    zone: str
    now: datetime
    first: date
    count: int
    things: tuple[Thing, ...]
    pieces: tuple[Piece, ...]
    notes: Mapping[date, tuple[str, ...]]
    open_calendar: bool = False

    @property
    def days(self) -> list[date]:
        """The days, in order."""
        return [self.first + timedelta(days=number) for number in range(self.count)]

    def place(self, at: datetime) -> tuple[date, int]:
        """Day and minute of an instant by the wall clock of the display."""
        local = at.astimezone(zone_named(self.zone))
        return local.date(), local.hour * 60 + local.minute

    def instant(self, day: date, minute: int) -> datetime:
        """The instant (UTC) of a day and minute of the display."""
        return instant_of(day, minute, self.zone)

    def thing(self, key: tuple[str, str, datetime] | None) -> Thing | None:
        """The thing of that key, if it is in here."""
        return next((thing for thing in self.things if thing.key == key), None)


def instant_of(day: date, minute: int, zone: str) -> datetime:
    """The instant (UTC) of a wall-clock day and minute; an hour that does not exist moves on."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    return from_wall(wall, zone).at


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def bounds(first: date, count: int, zone: str) -> tuple[datetime, datetime]:
    """The instants (UTC) between which `count` days from `first` lie."""
    return instant_of(first, 0, zone), instant_of(first + timedelta(days=count), 0, zone)


def release_thing(release: Release, slot: Slot) -> Thing:
    """A release at its slot."""
    return Thing(
        kind="release",
        id=release.id,
        name=clean(f"{release.service} {release.version}"),
        start=slot.start,
        end=slot.end,
        release=release,
        slot=slot,
    )


def absence_things(organisation: Organisation, zone: str) -> list[Thing]:
    """Everybody's absences: whole days in the person's own zone, else the organisation's, else `zone`."""
    found = []
    for person in organisation.people:
        home = person.zone or organisation.zone or zone
        for away in person.away:
            start, end = bounds(away.first, (away.last - away.first).days + 1, home)
            found.append(
                Thing(
                    kind="absence",
                    id=person.id,
                    name=clean(person.name),
                    start=start,
                    end=end,
                    note=clean(away.reason),
                )
            )
    return found


def absence_of(organisation: Organisation, thing: Thing, zone: str) -> Absence | None:
    """The absence that a thing shows, if it is still there."""
    person = organisation.person(thing.id)
    home = (person.zone if person is not None else "") or organisation.zone or zone
    for away in person.away if person is not None else ():
        if bounds(away.first, (away.last - away.first).days + 1, home)[0] == thing.start:
            return away
    return None


def occurrence_things(occurrences: Iterable[Occurrence]) -> list[Thing]:
    """Each time that an entry takes place."""
    return [
        Thing(
            kind=one.entry.kind,
            id=one.entry.id,
            name=clean(one.entry.name) or one.entry.id,
            start=one.start,
            end=one.end,
            occurrence=one,
            note=clean(one.entry.note),
            told=one.told,
        )
        for one in occurrences
    ]


def fits(thing: Thing, words: str) -> bool:
    """Whether a thing has every one of these words: in its kind, name, identifier or service."""
    if not words.strip():
        return True
    entry = thing.occurrence.entry if thing.occurrence is not None else None
    more = f"{thing.release.owner} {thing.release.title}" if thing.release is not None else ""
    services = " ".join(entry.services) if entry is not None else ""
    text = f"{thing.kind} {thing.id} {thing.name} {more} {services}".casefold()
    return all(word in text for word in words.casefold().split())


def build_scene(
    things: Iterable[Thing],
    first: date,
    count: int,
    zone: str,
    now: datetime,
    *,
    holidays: Mapping[date, str] | None = None,
    chosen: Release | None = None,
    open_calendar: bool = False,
) -> Scene:
    """The scene of those things that touch the days; `chosen` is the release whose timeline shows."""
    start, end = bounds(first, count, zone)
    inside = [thing for thing in things if thing.start < end and thing.end > start]
    inside.sort(key=lambda thing: (thing.start, _ORDER[thing.kind], thing.id))
    info = zone_named(zone)
    pieces = [piece for thing in inside for piece in _pieces(thing, first, count, info)]
    return Scene(
        zone=zone,
        now=now,
        first=first,
        count=count,
        things=tuple(inside),
        pieces=tuple(pieces),
        notes=_notes(first, count, info, holidays or {}, chosen),
        open_calendar=open_calendar,
    )


def pieces_of(thing: Thing, scene: Scene) -> list[Piece]:
    """The parts of a thing on the days of a scene that it need not belong to."""
    return _pieces(thing, scene.first, scene.count, zone_named(scene.zone))


_ORDER: Mapping[ThingKind, int] = {kind: number for number, kind in enumerate(LETTERS)}


def _pieces(thing: Thing, first: date, count: int, info: ZoneInfo) -> list[Piece]:
    start, end = thing.start.astimezone(info), thing.end.astimezone(info)
    from_day = (start.date() - first).days
    to_day = (end.date() - first).days
    from_minute, to_minute = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    if to_minute == 0 and to_day > from_day:  # until midnight is not on the next day
        to_day, to_minute = to_day - 1, WHOLE_DAY
    found = []
    for day in range(max(from_day, 0), min(to_day, count - 1) + 1):
        low = from_minute if day == from_day else 0
        high = to_minute if day == to_day else WHOLE_DAY
        found.append(Piece(thing, day, low, max(high, low + 1), day > from_day, day < to_day))
    return found


def _notes(
    first: date, count: int, info: ZoneInfo, holidays: Mapping[date, str], chosen: Release | None
) -> dict[date, tuple[str, ...]]:
    """Changed clocks, milestones of the chosen release, holidays: by day, the weightiest first."""
    notes: dict[date, tuple[str, ...]] = {}
    planned = milestones(chosen.type, chosen.go_live, chosen.zone) if chosen is not None else ()
    for day in (first + timedelta(days=number) for number in range(count)):
        words = [clock_change(day, info)]
        words += [f"^ {milestone.name}" for milestone in planned if milestone.day == day]
        words += [f"H {clean(holidays[day])}"] if holidays.get(day) else []
        found = tuple(word for word in words if word)
        if found:
            notes[day] = found
    return notes


def clock_change(day: date, info: ZoneInfo) -> str:
    """`clocks +1h` on a day that is an hour shorter, `clocks -1h` on one that is longer, else nothing."""
    start = datetime(day.year, day.month, day.day, tzinfo=info)
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=info)
    before, after = start.utcoffset(), end.utcoffset()
    if before is None or after is None or before == after:
        return ""
    minutes = int((after - before).total_seconds() // 60)
    hours, left = divmod(abs(minutes), 60)
    amount = f"{hours}h" if not left else f"{hours}h{left:02d}" if hours else f"{left}m"
    return f"clocks {'+' if minutes > 0 else '-'}{amount}"
