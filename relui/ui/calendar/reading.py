"""The calendar as the screen read it from the desk, and what was worked out of it while no file changes.

Holds no rule: it asks the domain's, and keeps their answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from relui.domain.calendar.slot import Slot, Verdict
from relui.domain.release import Release
from relui.errors import ReluiError
from relui.ui.calendar.scene import (
    Scene,
    Thing,
    absence_things,
    bounds,
    build_scene,
    fits,
    occurrence_things,
    release_thing,
)

if TYPE_CHECKING:
    from relui.desk.agenda import Calendar
    from relui.desk.desk import Desk
    from relui.domain.organisation import Organisation


class CalendarReading:
    """One calendar at a time. Every method may read files through the desk, and raise StoreError."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._calendar: Calendar | None = None
        self.with_holidays = False
        """Knowing a country's holidays takes a moment once: the first look goes without."""
        self._verdicts: dict[str, Verdict] = {}
        self._judged = -1
        self._found: dict[str, bool] = {}
        self._releases: dict[str, Release] = {}
        self._slots: dict[str, Slot] = {}
        self._things: dict[tuple[date, int, str], list[Thing]] = {}

    def update(self) -> bool:
        """Read what changed. True when something did since it was last read."""
        found = self._desk.calendar.read()
        if found is self._calendar:
            return False
        self._calendar = found
        self._releases = {release.id: release for release in found.releases}
        self._slots = {slot.release: slot for slot in found.timetable.slots}
        self._verdicts.clear()
        self._found.clear()
        self._things.clear()
        return True

    @property
    def calendar(self) -> Calendar:
        """The calendar as last read."""
        if self._calendar is None:
            self.update()
        assert self._calendar is not None
        return self._calendar

    @property
    def organisation(self) -> Organisation:
        """The organisation as last read."""
        return self.calendar.organisation

    def release(self, release_id: str) -> Release | None:
        """An active release by its identifier."""
        self.calendar  # noqa: B018 - read once
        return self._releases.get(release_id)

    def releases_in_order(self, words: str = "") -> list[tuple[datetime, str]]:
        """Start (UTC) and identifier of every active release that has these words, by start."""
        self.calendar  # noqa: B018 - read once
        slots = self._slots
        shown = (release for release in self._releases.values() if release.id in slots)
        return sorted(
            (slots[release.id].start, release.id)
            for release in shown
            if fits(release_thing(release, slots[release.id]), words)
        )

    # -- scenes --------------------------------------------------------------------------------------

    def scene(
        self,
        first: date,
        count: int,
        zone: str,
        now: datetime,
        chosen: Release | None = None,
        words: str = "",
    ) -> Scene:
        """What stands on those days and has every one of `words`; `chosen`'s milestones show."""
        return build_scene(
            [thing for thing in self._standing(first, count, zone) if fits(thing, words)],
            first,
            count,
            zone,
            now,
            holidays=self.holidays(first, count) if self.with_holidays else {},
            chosen=chosen,
            open_calendar=self.open_calendar,
        )

    @property
    def open_calendar(self) -> bool:
        """No window is defined at all."""
        return not any(entry.kind == "window" for entry in self.organisation.entries)

    def _standing(self, first: date, count: int, zone: str) -> list[Thing]:
        known = self._things.get((first, count, zone))
        if known is not None:
            return known
        start, end = bounds(first, count, zone)
        calendar = self.calendar
        slots = self._slots
        things = [
            release_thing(release, slots[release.id])
            for release in calendar.releases
            if release.id in slots and slots[release.id].start < end and slots[release.id].end > start
        ]
        things += occurrence_things(calendar.timetable.occurrences(start, end))
        things += absence_things(calendar.organisation, zone)
        if len(self._things) > 8:
            self._things.clear()
        self._things[first, count, zone] = things
        return things

    def holidays(self, first: date, count: int) -> dict[date, str]:
        """The organisation's holidays on those days, by name; none when its country is not known."""
        from relui.domain.calendar.holidays import holiday_on

        found = {}
        for day in (first + timedelta(days=number) for number in range(count)):
            try:
                name = holiday_on(self.organisation.holidays, day)
            except ReluiError:  # doctor says so; the calendar shows without them
                return {}
            if name:
                found[day] = name
        return found

    # -- verdicts ------------------------------------------------------------------------------------

    def check(self, release: Release, at: datetime | None = None, duration: int | None = None) -> Verdict:
        """What the rules say about a release at an instant, or at its own time."""
        from relui.domain.calendar.check import check

        slot = self.calendar.slot_at(release, at, duration)
        return check(self.calendar.timetable, slot, self._desk.clock.now())

    def verdict(self, release_id: str) -> Verdict | None:
        """What the rules say about a release where it stands, worked out once in a minute."""
        minute = int(self._desk.clock.now().timestamp() // 60)
        if minute != self._judged:
            self._verdicts.clear()
            self._judged = minute
        release = self.release(release_id)
        if release is None:
            return None
        if release_id not in self._verdicts:
            self._verdicts[release_id] = self.check(release)
        return self._verdicts[release_id]

    def judging(self, scene: Scene) -> Iterator[frozenset[str]]:
        """The conflicts of a scene, release by release, so that whoever iterates may stop in between.

        Releases that are not over yet, whose slot something forbids that they did not pass: each time all
        that are found so far. Who merely stands in the way of another is in order.
        """
        found: set[str] = set()
        for release, slot in _judged(scene.things, scene.now):
            if self._against(release, slot):
                found.add(release.id)
            yield frozenset(found)

    def known_conflicts(self, scene: Scene) -> frozenset[str]:
        """The conflicts of a scene as far as they were looked for before: nothing is worked out."""
        judged = _judged(scene.things, scene.now)
        return frozenset(release.id for release, _ in judged if self._found.get(release.id))

    def _against(self, release: Release, slot: Slot) -> bool:
        """Something forbids a release its slot that it did not pass."""
        if release.id not in self._found:
            from relui.domain.calendar.check import blocking_findings
            from relui.domain.calendar.slot import unpassed

            blocks = [
                one for one in blocking_findings(self.calendar.timetable, slot) if one.severity == "blocks"
            ]
            self._found[release.id] = bool(unpassed(release.booking, blocks))
        return self._found[release.id]

    def preparing(self, first: date, count: int, zone: str, now: datetime) -> Iterator[None]:
        """Work out what stands on days that may be looked at next, and its conflicts, in small steps."""
        things = self._standing(first, count, zone)
        yield
        for release, slot in _judged(things, now):
            self._against(release, slot)
            yield

    def moves(self, verdict: Verdict) -> Mapping[str, str]:
        """Who has to move and why, for each other release that a verdict names."""
        from relui.domain.calendar.precedence import precedence

        words: dict[str, str] = {}
        for finding in verdict.findings:
            other = self._slots.get(finding.other)
            if other is not None and other.release != verdict.slot.release:
                ruled = precedence(verdict.slot, other)
                words[finding.other] = f"{ruled.moves.release or 'This one'} has to move: {ruled.why}"
        return words


def _judged(things: Iterable[Thing], now: datetime) -> Iterator[tuple[Release, Slot]]:
    """The releases among them whose slot is neither over nor done with: their conflicts count."""
    for thing in things:
        if thing.release is None or thing.slot is None or thing.slot.finished:
            continue
        if thing.end > now:
            yield thing.release, thing.slot
