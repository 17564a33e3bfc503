"""Moving and booking releases on the calendar. The rules decide; this asks and says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.domain.calendar.slot import Verdict
from relui.domain.instants import zone_named
from relui.domain.release import Release
from relui.ui.calendar.cursor import CalendarCursor
from relui.ui.calendar.scene import Thing, instant_of, release_thing
from relui.ui.calendar.words import verdict_word
from relui.ui.kit.times import when

if TYPE_CHECKING:
    from relui.desk.act import Done

MOVING_KEYS = (
    ("j k", "15 min"),
    ("h l", "day"),
    ("[ ]", "week"),
    ("Enter", "Book here"),
    ("Esc", "Put back"),
)


class Moving(Struct, frozen=True):
    """A release on its way: where it would go, and what the rules say about that."""

    release: Release
    ghost: Thing
    verdict: Verdict

    @property
    def word(self) -> str:
        """The verdict in a few cells."""
        return verdict_word(self.verdict)


class CalendarMoving(CalendarCursor):
    """What happens to slots."""

    def __init__(self) -> None:
        super().__init__()
        self.moving: Moving | None = None

    def release_here(self) -> Release | None:
        """The release that is selected."""
        raise NotImplementedError

    def select_release(self, release_id: str) -> None:
        """Put the cursor on a release, wherever it stands."""
        raise NotImplementedError

    @property
    def is_moving(self) -> bool:
        """A release is on its way."""
        return self.moving is not None

    # -- moving --------------------------------------------------------------------------------------

    def begin_move(self) -> None:
        """Take up the selected release."""
        release = self.release_here()
        if release is None or self.moving is not None:
            return
        if self.view != "week":
            self.view = "week"
        slot = self.sight.calendar.slot_at(release)
        self._place(release, slot.start)
        self.say(f"Moving {release.id}: nothing is written until Enter books it. Esc puts it back.")
        self.show_keys()

    def shift(self, *, minutes: int = 0, days: int = 0) -> None:
        """Move the release that is on its way: elapsed minutes, or days by the wall clock."""
        if self.moving is None:
            return
        at = self.moving.ghost.start + timedelta(minutes=minutes)
        if days:
            local = at.astimezone(zone_named(self.zone))
            at = instant_of(local.date() + timedelta(days=days), local.hour * 60 + local.minute, self.zone)
        self._place(self.moving.release, at)
        self.say(
            f"{when(at, self.zone)}: {self.moving.word}.", "text" if self.moving.verdict.free else "failed"
        )

    def _place(self, release: Release, at: datetime) -> None:
        verdict = self.sight.check(release, at)
        ghost = release_thing(release, verdict.slot)
        self.moving = Moving(release, ghost, verdict)
        local = at.astimezone(zone_named(self.zone))
        self.day, self.minute = local.date(), local.hour * 60 + local.minute
        self.chosen = release.id
        self.show()

    def put_back(self) -> None:
        """Let go of the release that is on its way, where it was."""
        if self.moving is not None:
            release_id, self.moving = self.moving.release.id, None
            self.select_release(release_id)
            self.show_keys()

    def follow_news(self) -> None:
        """What changed elsewhere counts for a release on its way, too."""
        if self.moving is None:
            super().follow_news()
            return
        release = self.sight.release(self.moving.release.id)
        if release is None:
            self.moving = None
            self.say("The release was closed elsewhere.", "overdue")
        else:
            self._place(release, self.moving.ghost.start)

    def show_keys(self) -> None:
        """While a release is on its way the key bar shows what moves it."""
        if self.moving is None:
            super().show_keys()
            return
        from relui.ui.kit.lines import Bar
        from relui.ui.kit.text import line

        pieces: list[str | tuple[str, str]] = [" "]
        for keys, words in MOVING_KEYS:
            pieces += [(keys, "bold accent"), " ", (words, "muted"), "  "]
        self.query_one("#keys", Bar).show(line(*pieces))

    async def finish_move(self) -> None:
        """Enter: book the release where it was moved to."""
        if self.moving is not None:
            moving = self.moving
            if await self._book(moving.release, moving.ghost.start):
                self.moving = None
                self.select_release(moving.release.id)
                self.show_keys()

    # -- booking -------------------------------------------------------------------------------------

    async def book_here(self) -> None:
        """`b`: book the selected release where it stands."""
        release = self.release_here()
        if release is not None:
            at = self.moving.ghost.start if self.moving is not None else None
            slot = self.sight.calendar.slot_at(release, at)
            if await self._book(release, slot.start):
                self.moving = None
                self.select_release(release.id)
                self.show_keys()

    async def _book(self, release: Release, at: datetime) -> bool:
        """Book, or ask how when rules forbid it. True when it is booked."""
        from relui.domain.booking_rules import SlotRefused

        try:
            self._booked(self.desk.calendar.book(release.id, at))
        except SlotRefused as refused:
            return await self._book_anyway(release, at, refused.verdict)
        return True

    async def _book_anyway(self, release: Release, at: datetime, verdict: Verdict) -> bool:
        from relui.ui.calendar.book_anyway import How, book_anyway

        def book(how: How) -> Done:
            return self.desk.calendar.book(
                release.id, at, displace=how.displace, exception=how.exception, approver=how.approver
            )

        done = await book_anyway(self, self.sight, release, verdict, book)
        if done is None:
            self.say("Nothing was booked.", "muted")
            return False
        self._booked(done)
        return True

    def _booked(self, done: Done) -> None:
        """Show what was written."""
        self.relui.board.update()
        self.sight.look()
        words = done.ruling.act.text if done.ruling.act is not None else ""
        told = " ".join(done.ruling.told)
        text = f"{done.release.id} {words}." if words else ""
        self.say(f"{text} {told}".strip(), "overdue" if told else "done")

    async def give_back(self) -> None:
        """`D`: give the slot of the selected release back."""
        from relui.ui.kit.question import ask_line

        release = self.release_here()
        if release is None:
            return
        self.put_back()
        hint = "Why it is given back; it stays in the record."
        done = await ask_line(
            self,
            f"Give the slot of {release.id} back",
            hint,
            lambda reason: self.desk.calendar.give_back(release.id, reason),
            required=True,
        )
        if done is None:
            return
        self._booked(done)
        self.select_release(release.id)

    # -- free slots and dates ------------------------------------------------------------------------

    async def choose_free_slot(self) -> None:
        """`f`: choose among the next free slots; the chosen one is taken up, and Enter books it."""
        from relui.ui.calendar.free_slots import FreeSlotsDialog

        release = self.release_here()
        if release is None:
            return
        self.say("Looking for free slots ...")
        found = self.desk.calendar.free_slots(release.id, None, 10)
        chosen: Verdict | None = await self.app.push_screen_wait(
            FreeSlotsDialog(release, found, self.zone, lambda: self.now)
        )
        self.say("")
        if chosen is None:
            return
        if why := self.why_unchangeable():
            self.say(why, "overdue")
            return
        self.view = "week"
        self._place(release, chosen.slot.start)
        self.say(
            f"{when(chosen.slot.start, self.zone)}: {verdict_word(chosen)}. Enter books it, Esc puts it back."
        )
        self.show_keys()

    async def ask_day(self) -> None:
        """`d`: go to a date."""
        from relui.loading.written_times import day_named
        from relui.ui.kit.question import ask_line

        day = await ask_line(self, "Go to date", "2026-11-21", day_named, value=f"{self.day:%Y-%m-%d}")
        if day is None:
            return
        self.put_back()
        self.put_cursor(day, self.minute)
