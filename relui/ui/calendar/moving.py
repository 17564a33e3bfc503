"""Moving and booking releases on the calendar. The rules decide; this asks and says."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from relui.desk.act import Done
from relui.domain.booking_rules import SlotRefused
from relui.domain.calendar.slot import Verdict
from relui.domain.instants import zone_named
from relui.domain.release import Release
from relui.ui.calendar.booking import FreeSlotsDialog, How, book_anyway
from relui.ui.calendar.cursor import Cursor
from relui.ui.calendar.open_calendar import OpenCalendar
from relui.ui.calendar.scene import Thing, instant_of, release_thing
from relui.ui.calendar.words import verdict_word
from relui.ui.kit.question import ask_line
from relui.ui.kit.times import when

KEYS = (
    ("j k", "15 min"),
    ("h l", "day"),
    ("[ ]", "week"),
    ("Enter", "Book here"),
    ("Esc", "Put back"),
)


class Carried(Struct, frozen=True):
    """A release on its way: where it would go, and what the rules say about that."""

    release: Release
    ghost: Thing
    verdict: Verdict

    @property
    def word(self) -> str:
        """The verdict in a few cells."""
        return verdict_word(self.verdict)


class Moving:
    """What happens to slots; `carried` is the release that is on its way, if one is."""

    def __init__(self, calendar: OpenCalendar, cursor: Cursor) -> None:
        self._calendar = calendar
        self._cursor = cursor
        self.carried: Carried | None = None

    def release_here(self) -> Release | None:
        """The release that is on its way, else the one that is selected."""
        return self.carried.release if self.carried is not None else self._cursor.release_here()

    # -- moving --------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Take up the selected release."""
        release = self.release_here()
        if release is None or self.carried is not None:
            return
        self._cursor.view = "week"
        self._place(release, self._calendar.reading.calendar.slot_at(release).start)
        self._calendar.say(f"Moving {release.id}: nothing is written until Enter books it. Esc puts it back.")
        self._calendar.show_keys()

    def shift(self, *, minutes: int = 0, days: int = 0) -> None:
        """Move the release that is on its way: elapsed minutes, or days by the wall clock."""
        if self.carried is None:
            return
        at = self.carried.ghost.start + timedelta(minutes=minutes)
        if days:
            zone = self._cursor.zone
            local = at.astimezone(zone_named(zone))
            at = instant_of(local.date() + timedelta(days=days), local.hour * 60 + local.minute, zone)
        self._place(self.carried.release, at)
        words = f"{when(at, self._cursor.zone)}: {self.carried.word}."
        self._calendar.say(words, "text" if self.carried.verdict.free else "failed")

    def _place(self, release: Release, at: datetime) -> None:
        verdict = self._calendar.reading.check(release, at)
        ghost = release_thing(release, verdict.slot)
        self.carried = Carried(release, ghost, verdict)
        self._cursor.place(at)
        self._cursor.chosen = release.id
        self._calendar.show()

    def put_back(self) -> None:
        """Let go of the release that is on its way, where it was."""
        if self.carried is not None:
            release_id, self.carried = self.carried.release.id, None
            self._cursor.select_release(release_id)
            self._calendar.show_keys()

    def follow(self) -> None:
        """What changed elsewhere counts for a release on its way, too."""
        if self.carried is None:
            return
        release = self._calendar.reading.release(self.carried.release.id)
        if release is None:
            self.carried = None
            self._calendar.say("The release was closed elsewhere.", "overdue")
        else:
            self._place(release, self.carried.ghost.start)

    # -- booking -------------------------------------------------------------------------------------

    async def book_here(self) -> None:
        """Book the release that is on its way where it is now, else the selected one where it stands."""
        release = self.release_here()
        if release is not None:
            at = self.carried.ghost.start if self.carried is not None else None
            slot = self._calendar.reading.calendar.slot_at(release, at)
            if await self._book(release, slot.start):
                self.carried = None
                self._cursor.select_release(release.id)
                self._calendar.show_keys()

    async def _book(self, release: Release, at: datetime) -> bool:
        """Book, or ask how when rules forbid it. True when it is booked."""
        try:
            self._booked(
                await self._calendar.outcome(lambda: self._calendar.desk.calendar.book(release.id, at))
            )
        except SlotRefused as refused:
            return await self._book_anyway(release, at, refused.verdict)
        return True

    async def _book_anyway(self, release: Release, at: datetime, verdict: Verdict) -> bool:
        def book(how: How) -> Done:
            return self._calendar.desk.calendar.book(
                release.id, at, displace=how.displace, exception=how.exception, approver=how.approver
            )

        done = await book_anyway(self._calendar, self._calendar.reading, release, verdict, book)
        if done is None:
            self._calendar.say("Nothing was booked.", "muted")
            return False
        self._booked(done)
        return True

    def _booked(self, done: Done) -> None:
        """Show what was written."""
        self._calendar.relui.board.update()
        self._calendar.reading.update()
        words = done.ruling.act.text if done.ruling.act is not None else ""
        told = " ".join(done.ruling.told)
        text = f"{done.release.id} {words}." if words else ""
        self._calendar.say(f"{text} {told}".strip(), "overdue" if told else "done")

    async def give_back(self) -> None:
        """`D`: give the slot of the selected release back."""
        release = self.release_here()
        if release is None:
            return
        self.put_back()
        hint = "Why it is given back; it stays in the record."
        done = await ask_line(
            self._calendar,
            f"Give the slot of {release.id} back",
            hint,
            lambda reason: self._calendar.desk.calendar.give_back(release.id, reason),
            required=True,
        )
        if done is None:
            return
        self._booked(done)
        self._cursor.select_release(release.id)

    # -- free slots ----------------------------------------------------------------------------------

    async def choose_free_slot(self) -> None:
        """`f`: choose among the next free slots; the chosen one is taken up, and Enter books it."""
        release = self.release_here()
        if release is None:
            return
        self._calendar.say("Looking for free slots ...")
        found = self._calendar.desk.calendar.free_slots(release.id, None, 10)
        chosen: Verdict | None = await self._calendar.app.push_screen_wait(
            FreeSlotsDialog(release, found, self._cursor.zone, lambda: self._calendar.now)
        )
        self._calendar.say("")
        if chosen is None:
            return
        if why := self._calendar.why_unchangeable():
            self._calendar.say(why, "overdue")
            return
        self._cursor.view = "week"
        self._place(release, chosen.slot.start)
        words = f"{when(chosen.slot.start, self._cursor.zone)}: {verdict_word(chosen)}."
        self._calendar.say(f"{words} Enter books it, Esc puts it back.")
        self._calendar.show_keys()
