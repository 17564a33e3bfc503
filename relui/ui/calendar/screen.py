"""The calendar: a week, a month or an agenda, with what is under the cursor explained in words."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from datetime import date, timedelta
from time import monotonic
from typing import Any, ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from relui.domain.instants import zone_named
from relui.domain.learning.trouble import of_verdict
from relui.domain.release import Release
from relui.ui.calendar.agenda import AGENDA_DAYS, agenda_rows, row_of
from relui.ui.calendar.axis import COLUMN_OF_HOURS, Layout, busy_hours, layout
from relui.ui.calendar.blocks import Look
from relui.ui.calendar.commands import CALENDAR
from relui.ui.calendar.editing import CalendarEditing
from relui.ui.calendar.face import CalendarFace
from relui.ui.calendar.month import month_lines, month_range
from relui.ui.calendar.scene import Scene, monday_of
from relui.ui.calendar.sight import Sight
from relui.ui.calendar.titles import bookings_made, page_title
from relui.ui.calendar.week import legend_lines, week_lines
from relui.ui.calendar.words import (
    Told,
    absence_lines,
    empty_lines,
    entry_lines,
    hour_lines,
    moving_lines,
    release_lines,
)
from relui.ui.kit.command import Commands
from relui.ui.kit.help import hint_lines
from relui.ui.kit.lines import Bar, Pane
from relui.ui.kit.text import title_bar
from relui.ui.kit.times import when

View = Literal["week", "month", "agenda"]
VIEWS: tuple[View, ...] = ("week", "month", "agenda")
_WIDE = 140
"""Columns from which the panel stands at the right."""
_TURN = 0.004
"""Seconds that looking for conflicts may hold up a key."""


class CalendarScreen(CalendarEditing):
    """Windows, blackouts and releases in one sight; everything on it can be changed by keyboard."""

    commands: ClassVar[Commands] = CALENDAR
    beside = ("panel",)
    CSS_PATH = "style.tcss"

    def __init__(self, release_id: str = "") -> None:
        super().__init__()
        self._first_release = release_id
        self._sight: Sight | None = None
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
        self.guarded(self.sight.look)
        self.zone = self.relui.zone()
        self.go_to_now()
        self.select_release(self._first_release)
        why = self.why_unchangeable()
        if why:
            self.say(why, "overdue")

    # -- what is known -------------------------------------------------------------------------------

    @property
    def sight(self) -> Sight:
        """The calendar as it was last read."""
        if self._sight is None:
            self._sight = Sight(self.desk)
        return self._sight

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
        if self.view == "month":
            return month_range(self.day)
        return monday_of(self.day), AGENDA_DAYS if self.view == "agenda" else 7

    def scene(self) -> Scene:
        """What stands on the days in sight, worked out once while nothing changes."""
        first, count = self.span()
        minute = int(self.now.timestamp() // 60)
        shown = (self.zone, self.chosen, minute, self.filter_text, self.sight.with_holidays)
        key = (self.sight.calendar, first, count, *shown)
        if self._scene is None or not all(a is b or a == b for a, b in zip(self._scene[0], key, strict=True)):
            chosen = self.sight.release(self.chosen)
            made = self.sight.scene(first, count, self.zone, self.now, chosen, self.filter_text)
            self._scene = (key, made)
            self._conflicts = self.sight.known_conflicts(made)
            self.call_after_refresh(self._judge)
        return self._scene[1]

    def _judge(self) -> None:
        """Look for conflicts once the calendar is painted; whoever may not stay is marked."""
        if self._scene is None or not self.is_mounted or not self.query("#face"):
            return
        if not self.sight.with_holidays:
            self.sight.with_holidays = True
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
        for found in self.sight.judging(scene):  # noqa: B007 - the last one counts
            yield
        if found != self._conflicts:
            self._conflicts = found
            self.show()
        if self.view == "week":
            for days in (7, -7):
                yield
                first = scene.first + timedelta(days=days)
                yield from self.sight.preparing(first, scene.count, scene.zone, scene.now)

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
        return Look(
            now=self.now,
            cursor=(self.day, self.minute),
            selected=self.selected,
            conflicts=self._conflicts,
            ghost=self.moving.ghost if self.moving is not None else None,
            ghost_free=self.moving is None or self.moving.verdict.free,
            ghost_words=self.moving.word if self.moving is not None else "",
            dotted=self.app.native_ansi_color,
        )

    def show(self) -> None:
        """Paint everything anew; only lines that differ reach the terminal."""
        if not self.is_mounted or not self.query("#face") or self.face.room[0] <= 0:
            return
        width, height = self.face.room
        if self.view == "week":
            self.face.show(week_lines(self.scene(), self.plan(), self.look()))
        elif self.view == "month":
            self.face.show(month_lines(self.scene(), self.day, width, height, self.look()))
        else:
            self._show_agenda(width)
        self.show_title()
        self.show_panel()

    def _show_agenda(self, width: int) -> None:
        rows = agenda_rows(self.scene(), width, self.look())
        self.face.show(row.content for row in rows)
        at = row_of(rows, self.selected, self.day)
        if at is not None:
            self.face.keep_in_sight(at)

    def show_title(self) -> None:
        """Which days these are, in which zone, and what time it is."""
        words = page_title(self.view, self.scene(), self.day)
        if self.filter_text:
            words += f"   filter: {self.filter_text}"
        now = when(self.now, self.zone)
        self.query_one("#title", Bar).show(title_bar(words, now, self.size.width))

    def show_panel(self) -> None:
        """Explain what is selected, what is being moved, or the hour under the cursor."""
        title, lines = self.guarded(self._explained) or ("", [])
        self.panel.border_title = title
        self.panel.show(lines)

    def troubles(self) -> tuple[str, ...]:
        """What forbids the slot of the selected or moved release; somebody away without a delegate."""
        if self.moving is not None:
            return of_verdict(self.moving.verdict)
        thing = self.scene().thing(self.selected)
        if thing is None:
            return ()
        if thing.kind == "absence":
            person = self.sight.organisation.person(thing.id)
            return () if person is not None and person.delegate else ("absence",)
        return of_verdict(self.sight.verdict(thing.id)) if thing.kind == "release" else ()

    def _explained(self) -> tuple[str, list[Content]]:
        scene = self.scene()
        if self.moving is not None:
            verdict = self.moving.verdict
            told = Told(verdict=verdict, moves=self.sight.moves(verdict), key=self.key_of("trouble"))
            return "moving", moving_lines(self.moving.ghost, scene, told)
        thing = scene.thing(self.selected)
        if thing is None:
            organisation, releases = self.sight.organisation, self.sight.calendar.releases
            if not organisation.entries and not releases:
                why = self.why_unchangeable()
                return "begin", empty_lines(entries=False, releases=False, changeable=why)
            return "hour", hour_lines(scene.instant(self.day, self.minute), scene, self.things_here())
        if thing.kind == "release":
            found = self.sight.verdict(thing.id)
            moves = self.sight.moves(found) if found is not None else {}
            told = Told(verdict=found, moves=moves, key=self.key_of("trouble"))
            return "release", release_lines(thing, scene, told)
        if thing.kind == "absence":
            lines = absence_lines(thing, scene, self.sight.organisation)
            return "away", [*lines, *hint_lines(self.troubles(), self.key_of("trouble"))]
        return thing.kind, entry_lines(thing, scene)

    def next_view(self) -> None:
        """Week, month, agenda, in turn."""
        self.put_back()
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        self.face.scroll_to(y=0, animate=False)
        if self.view == "agenda" and self.selected is None:
            self.next_thing(1)
        self.show()
        self.say("")

    def reload(self) -> None:
        """Another zone, or something was written: show it."""
        self.guarded(self.sight.look)
        self.follow_zone(self.relui.zone())
        self.show()

    def filter_by(self, text: str) -> None:
        """Show only what has every word of `text`."""
        self.filter_text = text
        self.show()

    def back(self) -> None:
        """Esc: put back what is being moved, clear the filter, select nothing, then leave."""
        if self.moving is not None:
            self.put_back()
            self.say("Put back: nothing was changed.", "muted")
        elif self.filter_text:
            self.filter_by("")
        elif self.selected is not None:
            self.selected = None
            self.show()
        else:
            self.leave()

    def beat(self, changed: frozenset[str]) -> None:
        """Somebody wrote something, here or elsewhere, or a minute went by."""
        before = {release.id: release for release in self.sight.calendar.releases}
        news = self.guarded(self.sight.look)
        minute = int(self.now.timestamp() // 60)
        if not news and minute == self._minute:
            return
        self._minute = minute
        if news:
            words = bookings_made(before, self.sight.calendar.releases, self.desk.actor.name)
            if words:
                self.say(words)
            self.follow_news()
        self.show()

    # -- what stands here ----------------------------------------------------------------------------

    def release_here(self) -> Release | None:
        """The release that is selected."""
        if self.moving is not None:
            return self.moving.release
        thing = self.scene().thing(self.selected) or next(iter(self.things_here()), None)
        return self.sight.release(thing.id) if thing is not None and thing.kind == "release" else None

    def reached(self, *arguments: Any, from_here: bool) -> None:
        """Go to the release that was selected where one came from."""
        for release_id in filter(None, arguments):
            self.select_release(release_id)

    def release_in_sight(self) -> str:
        """The release that other screens go on with."""
        return self.chosen

    def select_release(self, release_id: str) -> None:
        """Put the cursor on a release, wherever it stands."""
        release = self.sight.release(release_id)
        if release is None:
            return
        slot = self.sight.calendar.slot_at(release)
        self.chosen = release_id
        local = slot.start.astimezone(zone_named(self.zone))
        self.put_cursor(local.date(), local.hour * 60 + local.minute)
        self.select(("release", release_id, slot.start))

    def open_here(self) -> Awaitable[None] | None:
        """Enter: book what is being moved, open a release, edit an entry."""
        if self.moving is not None:
            return self.finish_move()
        thing = self.scene().thing(self.selected) or next(iter(self.things_here()), None)
        if thing is None:
            self.say(self.nothing_here(), "muted")
            return None
        if thing.kind == "release":
            self.relui.open_screen("checklist", thing.id)
            return None
        if why := self.why_unchangeable():
            self.say(why, "overdue")
            return None
        return self.edit_thing(thing)

    def open_checklist(self) -> None:
        """`2`: the checklist of the selected release."""
        release = self.release_here()
        if release is not None:
            self.put_back()
            self.relui.open_screen("checklist", release.id)

    @on(CalendarFace.Resized)
    def _fit_again(self) -> None:
        """Rows that do not fit any more become coarser; nothing scrolls out of sight."""
        if self.view != "agenda" and self._fitted != self.face.room:
            self._fitted = self.face.room
            self.show()

    # -- the mouse -----------------------------------------------------------------------------------

    @on(CalendarFace.Pressed)
    def _pressed(self, event: CalendarFace.Pressed) -> None:
        if self.moving is not None or self.view == "month":
            return
        x = event.x - 1
        if self.view == "agenda":
            rows = agenda_rows(self.scene(), self.face.room[0], self.look())
            if event.y < len(rows) and rows[event.y].key is not None:
                self.day = rows[event.y].day
                self.select(rows[event.y].key)
        else:
            plan = self.plan()
            day, row = (x - COLUMN_OF_HOURS) // (plan.column + 1), event.y - 1 - plan.strip
            if 0 <= day < 7 and 0 <= row < len(plan.rows):
                self.put_cursor(self.span()[0] + timedelta(days=day), plan.rows[row].start)
        if event.twice:
            self.run_command(self.command_named("calendar-open"))
