"""The calendar: a week, a month or an agenda, with what is under the cursor explained in words."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from datetime import date, timedelta
from time import monotonic
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from relui.ui.calendar.agenda import AGENDA_DAYS, agenda_rows, row_of
from relui.ui.calendar.axis import COLUMN_OF_HOURS, Layout, busy_hours, layout
from relui.ui.calendar.blocks import Look
from relui.ui.calendar.commands import CALENDAR
from relui.ui.calendar.cursor import Cursor, View
from relui.ui.calendar.editing import Editing
from relui.ui.calendar.explaining import Explaining
from relui.ui.calendar.face import CalendarFace
from relui.ui.calendar.month import month_lines, month_range
from relui.ui.calendar.moving import KEYS, Moving
from relui.ui.calendar.reading import CalendarReading
from relui.ui.calendar.scene import Scene, monday_of
from relui.ui.calendar.week import legend_lines, week_lines
from relui.ui.calendar.words import bookings_made, page_title
from relui.ui.kit.command import Commands
from relui.ui.kit.lines import Bar, Pane
from relui.ui.kit.screen import DeskScreen
from relui.ui.kit.text import line, title_bar
from relui.ui.kit.times import when

VIEWS: tuple[View, ...] = ("week", "month", "agenda")
_WIDE = 140
"""Columns from which the panel stands at the right."""
_TURN = 0.004
"""Seconds that looking for conflicts may hold up a key."""


class CalendarScreen(DeskScreen):
    """Windows, blackouts and releases in one sight; everything on it can be changed by keyboard."""

    commands: ClassVar[Commands] = CALENDAR
    beside = ("panel",)
    CSS_PATH = "style.tcss"

    def __init__(self, release_id: str = "") -> None:
        super().__init__()
        self._first_release = release_id
        self._reading: CalendarReading | None = None
        self.cursor = Cursor(self)
        self.moving = Moving(self, self.cursor)
        self.editing = Editing(self, self.cursor, self.moving)
        self._explaining = Explaining(self, self.cursor, self.moving)
        self._minute = -1
        self._scene: tuple[tuple[object, ...], Scene] | None = None
        self._plan: tuple[Scene, tuple[int, int], Layout] | None = None
        self._conflicts: frozenset[str] = frozenset()
        self._fitted = (0, 0)
        self._judging: Iterator[None] = iter(())

    def parts(self) -> ComposeResult:
        """Title, the calendar itself, and the panel that explains."""
        yield Bar(id="title")
        with Container(id="body"):
            yield CalendarFace(id="face")
            yield Pane(id="panel")

    def on_mount(self) -> None:
        """Begin at the release that was selected before, else at now."""
        self.guarded(self.reading.update)
        self.cursor.zone = self.relui.zone()
        self.cursor.go_to_now()
        self.cursor.select_release(self._first_release)
        why = self.why_unchangeable()
        if why:
            self.say(why, "overdue")

    # -- what is known -------------------------------------------------------------------------------

    @property
    def reading(self) -> CalendarReading:
        """The calendar as it was last read."""
        if self._reading is None:
            self._reading = CalendarReading(self.desk)
        return self._reading

    @property
    def face(self) -> CalendarFace:
        """Where the calendar is painted."""
        return self.query_one("#face", CalendarFace)

    @property
    def panel(self) -> Pane:
        """Where it is explained."""
        return self.query_one("#panel", Pane)

    def page(self) -> int:
        """How many rows a page key moves."""
        return 6

    def span(self) -> tuple[date, int]:
        """The first day in sight, and how many there are."""
        if self.cursor.view == "month":
            return month_range(self.cursor.day)
        return monday_of(self.cursor.day), AGENDA_DAYS if self.cursor.view == "agenda" else 7

    def scene(self) -> Scene:
        """What stands on the days in sight, worked out once while nothing changes."""
        first, count = self.span()
        minute = int(self.now.timestamp() // 60)
        shown = (self.cursor.zone, self.cursor.chosen, minute, self.filter_text, self.reading.with_holidays)
        key = (self.reading.calendar, first, count, *shown)
        if self._scene is None or not all(a is b or a == b for a, b in zip(self._scene[0], key, strict=True)):
            chosen = self.reading.release(self.cursor.chosen)
            made = self.reading.scene(first, count, self.cursor.zone, self.now, chosen, self.filter_text)
            self._scene = (key, made)
            self._conflicts = self.reading.known_conflicts(made)
            self.call_after_refresh(self._judge)
        return self._scene[1]

    def _judge(self) -> None:
        """Look for conflicts once the calendar is painted; whoever may not stay is marked."""
        if self._scene is None or not self.is_mounted or not self.query("#face"):
            return
        if not self.reading.with_holidays:
            self.reading.with_holidays = True
            self.show()
            return  # the scene is new: it is judged once it is painted
        self._judging = self._look_closer(self.scene())
        self._judge_on(self._judging)

    def _judge_on(self, judging: Iterator[None]) -> None:
        """A few milliseconds' worth at a time, so that keys go first; a new scene ends it."""
        begun = monotonic()
        while judging is self._judging and self.is_mounted:
            if self.guarded(lambda: next(judging, False)) is False:
                return
            if monotonic() - begun > _TURN:
                self.call_later(self._judge_on, judging)
                return

    def _look_closer(self, scene: Scene) -> Iterator[None]:
        """Judge each release in sight, mark what was found, and get the pages beside this one ready."""
        found = self._conflicts
        for found in self.reading.judging(scene):  # noqa: B007 - the last one counts
            yield
        if found != self._conflicts:
            self._conflicts = found
            self.show()
        if self.cursor.view == "week":
            for days in (7, -7):
                yield
                first = scene.first + timedelta(days=days)
                yield from self.reading.preparing(first, scene.count, scene.zone, scene.now)

    def legend(self) -> list[Content]:
        """The calendar's signs, for its help."""
        return legend_lines(dotted=self.app.native_ansi_color)

    # -- showing -------------------------------------------------------------------------------------

    def fit(self, width: int, height: int) -> None:
        """The panel stands at the right of a wide screen, below on others."""
        super().fit(width, height)
        stacked = width < _WIDE
        self.set_class(stacked, "-stacked")
        room = height - 3
        below = min(8, room - 27) if room >= 33 else max(6, room // 4)
        self.panel.styles.height = below if stacked else "1fr"
        self.call_after_refresh(self.show)

    def plan(self) -> Layout:
        """How the week fits."""
        scene, room = self.scene(), self.face.room
        if self._plan is None or self._plan[0] is not scene or self._plan[1] != room:
            self._plan = (scene, room, layout(*room, lambda: busy_hours(scene)))
        return self._plan[2]

    def look(self) -> Look:
        """What is marked."""
        carried = self.moving.carried
        return Look(
            now=self.now,
            cursor=(self.cursor.day, self.cursor.minute),
            selected=self.cursor.selected,
            conflicts=self._conflicts,
            ghost=carried.ghost if carried is not None else None,
            ghost_free=carried is None or carried.verdict.free,
            ghost_words=carried.word if carried is not None else "",
            dotted=self.app.native_ansi_color,
        )

    def show(self) -> None:
        """Paint everything anew; only lines that differ reach the terminal."""
        if not self.is_mounted or not self.query("#face") or self.face.room[0] <= 0:
            return
        width, height = self.face.room
        if self.cursor.view == "week":
            self.face.show(week_lines(self.scene(), self.plan(), self.look()))
        elif self.cursor.view == "month":
            self.face.show(month_lines(self.scene(), self.cursor.day, width, height, self.look()))
        else:
            self._show_agenda(width)
        self.show_title()
        self.show_panel()

    def _show_agenda(self, width: int) -> None:
        rows = agenda_rows(self.scene(), width, self.look())
        self.face.show(row.content for row in rows)
        at = row_of(rows, self.cursor.selected, self.cursor.day)
        if at is not None:
            self.face.keep_in_sight(at)

    def show_keys(self) -> None:
        """While a release is on its way the key bar shows what moves it."""
        if self.moving.carried is None:
            super().show_keys()
            return
        pieces: list[str | tuple[str, str]] = [" "]
        for keys, words in KEYS:
            pieces += [(keys, "bold accent"), " ", (words, "muted"), "  "]
        self.query_one("#keys", Bar).show(line(*pieces))

    def why_unchangeable(self) -> str:
        """Why nothing can be changed here, or nothing."""
        return "relui was opened read-only (--readonly): look only." if self.desk.read_only else ""

    def show_title(self) -> None:
        """Which days these are, in which zone, and what time it is."""
        words = page_title(self.cursor.view, self.scene(), self.cursor.day)
        if self.filter_text:
            words += f"   filter: {self.filter_text}"
        now = when(self.now, self.cursor.zone)
        self.query_one("#title", Bar).show(title_bar(words, now, self.size.width))

    def show_panel(self) -> None:
        """Explain what is selected, what is being moved, or the hour under the cursor."""
        title, lines = self.guarded(self._explaining.explained) or ("", [])
        self.panel.border_title = title
        self.panel.show(lines)

    def troubles(self) -> tuple[str, ...]:
        """What is selected or moved may call for help in trouble."""
        return self._explaining.troubles()

    def next_view(self) -> None:
        """Week, month, agenda, in turn."""
        self.moving.put_back()
        self.cursor.view = VIEWS[(VIEWS.index(self.cursor.view) + 1) % len(VIEWS)]
        self.face.scroll_to(y=0, animate=False)
        if self.cursor.view == "agenda" and self.cursor.selected is None:
            self.cursor.next_thing(1)
        self.show()
        self.say("")

    def reload(self) -> None:
        """Another zone, or something was written: show it."""
        self.guarded(self.reading.update)
        self.cursor.follow_zone(self.relui.zone())
        self.show()

    def filter_by(self, text: str) -> None:
        """Show only what has every word of `text`."""
        self.filter_text = text
        self.show()

    def back(self) -> None:
        """Esc: put back what is being moved, clear the filter, select nothing, then leave."""
        if self.moving.carried is not None:
            self.moving.put_back()
            self.say("Put back: nothing was changed.", "muted")
        elif self.filter_text:
            self.filter_by("")
        elif self.cursor.selected is not None:
            self.cursor.selected = None
            self.show()
        else:
            self.leave()

    def beat(self, changed: frozenset[str]) -> None:
        """Somebody wrote something, here or elsewhere, or a minute went by."""
        before = {release.id: release for release in self.reading.calendar.releases}
        news = self.guarded(self.reading.update)
        minute = int(self.now.timestamp() // 60)
        if not news and minute == self._minute:
            return
        self._minute = minute
        if news:
            words = bookings_made(before, self.reading.calendar.releases, self.desk.actor.name)
            if words:
                self.say(words)
            if self.moving.carried is not None:
                self.moving.follow()
            else:
                self.cursor.follow()
        self.show()

    # -- what stands here ----------------------------------------------------------------------------

    def reached(self, *arguments: Any, from_here: bool) -> None:
        """Go to the release that was selected where one came from."""
        for release_id in filter(None, arguments):
            self.cursor.select_release(release_id)

    def release_in_sight(self) -> str:
        """The release that other screens go on with."""
        return self.cursor.chosen

    def open_here(self) -> Awaitable[None] | None:
        """Enter: book what is being moved, open a release, edit an entry."""
        if self.moving.carried is not None:
            return self.moving.book_here()
        thing = self.cursor.thing_here()
        if thing is None:
            self.say(self.cursor.nothing_here(), "muted")
            return None
        if thing.kind == "release":
            self.relui.open_screen("checklist", thing.id)
            return None
        if why := self.why_unchangeable():
            self.say(why, "overdue")
            return None
        return self.editing.edit_thing(thing)

    def open_checklist(self) -> None:
        """`2`: the checklist of the selected release."""
        release = self.moving.release_here()
        if release is not None:
            self.moving.put_back()
            self.relui.open_screen("checklist", release.id)

    @on(CalendarFace.Resized)
    def _fit_again(self) -> None:
        """Rows that do not fit any more become coarser; nothing scrolls out of sight."""
        if self.cursor.view != "agenda" and self._fitted != self.face.room:
            self._fitted = self.face.room
            self.show()

    # -- the keys that move --------------------------------------------------------------------------

    def move(self, by: int) -> None:
        """Up and down: the cursor, or by 15 minutes a row the release that is on its way."""
        if self.moving.carried is None:
            self.cursor.move(by)
        elif abs(by) < 1000:
            self.moving.shift(minutes=15 * by)

    def sideways(self, by: int) -> None:
        """A day back or on: the cursor, or the release that is on its way."""
        if self.moving.carried is None:
            self.cursor.sideways(by)
        else:
            self.moving.shift(days=by)

    def turn_page(self, by: int) -> None:
        """The page before or after; a release on its way goes by a week."""
        if self.moving.carried is None:
            self.cursor.turn_page(by)
        else:
            self.moving.shift(days=7 * by)

    def next_release(self, by: int) -> None:
        """Select the next release by its start, or the one before; not while one is on its way."""
        if self.moving.carried is None:
            self.cursor.next_release(by)
        else:
            self.say("A release is on its way: Enter books it here, Esc puts it back.", "muted")

    async def ask_day(self) -> None:
        """`d`: go to a date; a release that is on its way is put back."""
        day = await self.cursor.ask_day()
        if day is not None:
            self.moving.put_back()
            self.cursor.put(day, self.cursor.minute)

    # -- the mouse -----------------------------------------------------------------------------------

    @on(CalendarFace.Pressed)
    def _pressed(self, event: CalendarFace.Pressed) -> None:
        if self.moving.carried is not None or self.cursor.view == "month":
            return
        x = event.x - 1
        if self.cursor.view == "agenda":
            rows = agenda_rows(self.scene(), self.face.room[0], self.look())
            if event.y < len(rows) and rows[event.y].key is not None:
                self.cursor.day = rows[event.y].day
                self.cursor.select(rows[event.y].key)
        else:
            plan = self.plan()
            day, row = (x - COLUMN_OF_HOURS) // (plan.column + 1), event.y - 1 - plan.strip
            if 0 <= day < 7 and 0 <= row < len(plan.rows):
                self.cursor.put(self.span()[0] + timedelta(days=day), plan.rows[row].start)
        if event.twice:
            self.run_command(self.command_named("calendar-open"))
