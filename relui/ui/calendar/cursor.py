"""The calendar's cursor: where it stands, what it selects, and how the keys move it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from relui.domain.instants import zone_named
from relui.domain.release import Release
from relui.loading.written_times import day_named
from relui.ui.calendar.agenda import agenda_rows, row_of
from relui.ui.calendar.blocks import Key
from relui.ui.calendar.open_calendar import OpenCalendar
from relui.ui.calendar.scene import WHOLE_DAY, Thing, instant_of
from relui.ui.kit.question import ask_line

View = Literal["week", "month", "agenda"]
_FIRST = {"release": 0, "maintenance": 1, "event": 2, "blackout": 3, "absence": 4, "window": 5}
"""What Enter means when several things stand in one hour."""


class Cursor:
    """A day and a minute by the wall clock of the display, and the thing that is selected there."""

    def __init__(self, calendar: OpenCalendar) -> None:
        self._calendar = calendar
        self.view: View = "week"
        self.zone = "UTC"
        self.day = date(2000, 1, 1)
        self.minute = 0
        self.selected: Key | None = None
        self.chosen = ""
        """The release that was selected last: other screens go on with it."""

    # -- placing it ----------------------------------------------------------------------------------

    def put(self, day: date, minute: int) -> None:
        """Put the cursor there and select what stands there."""
        self.day, self.minute = day, max(0, min(minute, WHOLE_DAY - 1))
        if not self._calendar.is_mounted or self._calendar.face.room[0] <= 0:
            return
        here = [thing for thing in self.things_here() if thing.kind == "release"]
        current = next((thing for thing in here if thing.key == self.selected), None)
        chosen = current or next(iter(here), None)
        self.select(chosen.key if chosen is not None and self.view == "week" else None)

    def select(self, key: Key | None) -> None:
        """Select a thing, or nothing; a release's timeline shows from now on."""
        self.selected = key
        if key is not None and key[0] == "release":
            self.chosen = key[1]
        self._calendar.show()

    def place(self, at: datetime) -> None:
        """Put it at an instant, whatever stands there."""
        local = at.astimezone(zone_named(self.zone))
        self.day, self.minute = local.date(), local.hour * 60 + local.minute

    def go_to_now(self) -> None:
        """Put the cursor on now."""
        self.place(self._calendar.now)
        self.put(self.day, self.minute)

    def select_release(self, release_id: str) -> None:
        """Put the cursor on a release, wherever it stands."""
        release = self._calendar.reading.release(release_id)
        if release is None:
            return
        start = self._calendar.reading.calendar.slot_at(release).start
        self.chosen = release_id
        self.place(start)
        self.put(self.day, self.minute)
        self.select(("release", release_id, start))

    def follow_zone(self, zone: str) -> None:
        """Keep the cursor at its instant when the zone of the display changes."""
        if zone != self.zone:
            at, self.zone = instant_of(self.day, self.minute, self.zone), zone
            self.place(at)

    def follow(self) -> None:
        """A selected release may stand elsewhere now: the selection goes with it."""
        if self.selected is not None and self._calendar.scene().thing(self.selected) is None:
            kind, name, _ = self.selected
            found = next(
                (one for one in self._calendar.scene().things if (one.kind, one.id) == (kind, name)), None
            )
            self.selected = found.key if found is not None else None

    def things_here(self) -> list[Thing]:
        """What stands in the row (in the month: on the day) of the cursor, the weightiest first."""
        scene = self._calendar.scene()
        number = (self.day - scene.first).days
        low, high = 0, WHOLE_DAY
        if self.view == "week":
            plan = self._calendar.plan()
            row = plan.rows[plan.row_of(self.minute)]
            low, high = row.start, row.end
        found = [
            piece.thing
            for piece in scene.pieces
            if piece.day == number and piece.start < high and piece.end > low
        ]
        return sorted(found, key=lambda thing: _FIRST[thing.kind])

    def thing_here(self) -> Thing | None:
        """What is selected, else the weightiest thing under the cursor."""
        return self._calendar.scene().thing(self.selected) or next(iter(self.things_here()), None)

    def release_here(self) -> Release | None:
        """The release that is selected, or else the weightiest under the cursor."""
        thing = self.thing_here()
        is_release = thing is not None and thing.kind == "release"
        return self._calendar.reading.release(thing.id) if thing is not None and is_release else None

    # -- the moving keys -----------------------------------------------------------------------------

    def move(self, by: int) -> None:
        """Up and down: a row of the week, a week of the month, a line of the agenda."""
        if self.view == "agenda":
            self._move_in_agenda(by)
        elif self.view == "month":
            self.put(self.day + timedelta(days=7 * max(-4, min(by, 4))), self.minute)
        else:
            plan = self._calendar.plan()
            row = max(0, min(plan.row_of(self.minute) + by, len(plan.rows) - 1))
            self.put(self.day, plan.rows[row].start)

    def _move_in_agenda(self, by: int) -> None:
        rows = [
            row
            for row in agenda_rows(self._calendar.scene(), self._calendar.face.room[0], self._calendar.look())
            if row.key
        ]
        if not rows:
            return
        at = row_of(rows, self.selected, self.day)
        found = rows[max(0, min((at if at is not None else -1 if by > 0 else 0) + by, len(rows) - 1))]
        self.go_to(found.key, found.day)

    def sideways(self, by: int) -> None:
        """A day back or on; over the edge the page turns."""
        self.put(self.day + timedelta(days=by), self.minute)

    def turn_page(self, by: int) -> None:
        """The page before or after; the cursor keeps its weekday, in the month its day."""
        if self.view == "month":
            first = (self.day.replace(day=1) + timedelta(days=31 if by > 0 else -1)).replace(day=1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            self.put(first.replace(day=min(self.day.day, last.day)), self.minute)
        else:
            days = 28 if self.view == "agenda" else 7
            self.put(self.day + timedelta(days=days * by), self.minute)
            if self.view == "agenda":
                self.next_thing(1)

    def next_thing(self, by: int) -> None:
        """Select the next or the previous thing in sight, round at the ends of the page."""
        scene = self._calendar.scene()
        things = list(scene.things)
        if not things:
            self._calendar.say(
                f"Nothing stands on this page. {']' if by > 0 else '['} turns the page.", "muted"
            )
            return
        at = next((n for n, thing in enumerate(things) if thing.key == self.selected), None)
        if at is None:
            here = scene.instant(self.day, self.minute)
            after = [n for n, thing in enumerate(things) if thing.start >= here]
            at = (
                (after[0] - 1 if after else len(things) - 1)
                if by > 0
                else (after[0] if after else len(things))
            )
        over = not 0 <= at + by < len(things)
        way = "] turns the page" if by > 0 else "[ turns the page"
        self._calendar.say(f"Round again: nothing more stands on this page. {way}." if over else "", "muted")
        self.go_to(things[(at + by) % len(things)].key)

    def no_release(self) -> str:
        """Why no release is selected, and what leads to one: never a key that leads nowhere."""
        if self._calendar.reading.releases_in_order(self._calendar.filter_text):
            return "No release is selected. Put the cursor on one; Tab goes to the next."
        if self._calendar.filter_text:
            return "No release fits the filter. Esc clears it."
        return "No release is planned. c on the release list (1) creates one."

    def nothing_here(self) -> str:
        """What to do where nothing stands."""
        way = "n goes to the next thing" if self._calendar.scene().things else "] turns the page"
        if self._calendar.why_unchangeable():
            return f"Nothing stands here. {way[0].upper()}{way[1:]}."
        return f"Nothing stands here. W B M O A make something new, {way}."

    async def ask_day(self) -> date | None:
        """`d`: ask for a date; nothing when it was thought better of."""
        day: date | None = await ask_line(
            self._calendar, "Go to date", "2026-11-21", day_named, value=f"{self.day:%Y-%m-%d}"
        )
        return day

    def next_release(self, by: int) -> None:
        """Select the next release by its start, or the one before, turning to its page; round at the ends."""
        kind, selected, here = self.selected or (
            "",
            "",
            self._calendar.scene().instant(self.day, self.minute),
        )
        order = self._calendar.reading.releases_in_order(self._calendar.filter_text)
        own = (here, selected if kind == "release" else "")
        others = [place for place in order if place != own]
        if not others:
            alone = bool(order)
            self._calendar.say("This is the only release here." if alone else self.no_release(), "muted")
            return
        onward = [place for place in others if (place > own) == (by > 0)]
        end = "first" if by > 0 else "last"
        self._calendar.say("" if onward else f"Round again: this is the {end} release.", "muted")
        found = onward or others
        self.select_release((found[0] if by > 0 else found[-1])[1])

    def go_to(self, key: Key | None, day: date | None = None) -> None:
        """Select a thing and put the cursor on that day of it, or on its first in sight."""
        scene = self._calendar.scene()
        parts = [piece for piece in scene.pieces if piece.thing.key == key]
        first = next((piece for piece in parts if day in (None, scene.days[piece.day])), None)
        if first is not None:
            self.day, self.minute = scene.days[first.day], first.start
        self.select(key)
