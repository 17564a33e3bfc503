"""What the calendar's panel says of what is selected or being moved, or of the hour under the cursor."""

from __future__ import annotations

from textual.content import Content

from relui.domain.learning.trouble import of_verdict
from relui.ui.calendar.cursor import Cursor
from relui.ui.calendar.moving import Moving
from relui.ui.calendar.open_calendar import OpenCalendar
from relui.ui.calendar.words import (
    Told,
    absence_lines,
    empty_lines,
    entry_lines,
    hour_lines,
    moving_lines,
    release_lines,
)
from relui.ui.kit.help import hint_lines


class Explaining:
    """The rules are asked for reasons; nothing here changes anything."""

    def __init__(self, calendar: OpenCalendar, cursor: Cursor, moving: Moving) -> None:
        self._calendar = calendar
        self._cursor = cursor
        self._moving = moving

    def troubles(self) -> tuple[str, ...]:
        """What forbids the slot of the selected or moved release; somebody away without a delegate."""
        if self._moving.carried is not None:
            return of_verdict(self._moving.carried.verdict)
        thing = self._calendar.scene().thing(self._cursor.selected)
        if thing is None:
            return ()
        if thing.kind == "absence":
            person = self._calendar.reading.organisation.person(thing.id)
            return () if person is not None and person.delegate else ("absence",)
        return of_verdict(self._calendar.reading.verdict(thing.id)) if thing.kind == "release" else ()

    def explained(self) -> tuple[str, list[Content]]:
        """The panel's title and its lines."""
        scene = self._calendar.scene()
        if self._moving.carried is not None:
            carried = self._moving.carried
            moves = self._calendar.reading.moves(carried.verdict)
            told = Told(verdict=carried.verdict, moves=moves, key=self._calendar.key_of("trouble"))
            return "moving", moving_lines(carried.ghost, scene, told)
        thing = scene.thing(self._cursor.selected)
        if thing is None:
            organisation, releases = (
                self._calendar.reading.organisation,
                self._calendar.reading.calendar.releases,
            )
            if not organisation.entries and not releases:
                why = self._calendar.why_unchangeable()
                return "begin", empty_lines(entries=False, releases=False, changeable=why)
            at = scene.instant(self._cursor.day, self._cursor.minute)
            return "hour", hour_lines(at, scene, self._cursor.things_here())
        if thing.kind == "release":
            found = self._calendar.reading.verdict(thing.id)
            moves = self._calendar.reading.moves(found) if found is not None else {}
            told = Told(verdict=found, moves=moves, key=self._calendar.key_of("trouble"))
            return "release", release_lines(thing, scene, told)
        if thing.kind == "absence":
            lines = absence_lines(thing, scene, self._calendar.reading.organisation)
            return "away", [*lines, *hint_lines(self.troubles(), self._calendar.key_of("trouble"))]
        return thing.kind, entry_lines(thing, scene)
