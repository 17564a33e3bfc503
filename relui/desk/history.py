"""Acts on the log: undo and redo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from relui.desk.core import DeskCore, Done
from relui.domain import history
from relui.domain.binding import settle
from relui.domain.history import Reversal
from relui.domain.instants import zone_named
from relui.domain.log import Entry
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.store.records import Record, release_from, state_of

Reverse = Callable[[Document, Sequence[Entry]], Reversal]


class HistoryActs(DeskCore):
    """What was done is never taken out of the log: undo and redo are entries of their own."""

    def undo(self, short: str, seq: int | None = None) -> Done:
        """Take back one's own last act on this release, or the act number `seq`."""
        return self._reverse(short, lambda state, log: history.undo(state, log, self.actor, seq, self._told))

    def redo(self, short: str) -> Done:
        """Do again what one's own last undo took back."""
        return self._reverse(short, lambda state, log: history.redo(state, log, self.actor, self._told))

    def _told(self, at: datetime) -> str:
        """An instant in the zone that times are shown in."""
        local = at.astimezone(zone_named(self.display_zone()))
        return f"{local:%a} {local.day} {local:%b %H:%M %Z}"

    def _reverse(self, short: str, reverse: Reverse) -> Done:
        from relui.domain.booking_rules import refuse_moving

        reached: list[tuple[Release, Reversal]] = []

        def apply(record: Record) -> tuple[Document, Entry]:
            reversal = reverse(record.state, record.entries)
            # What others did since may keep a fact true that the undone act had made true.
            release = settle(release_from(reversal.state, record.where), self.clock.now())
            release = self._settled(Ruling(release, reversal.act)).release
            refuse_moving(record.release, release)
            reached.append((release, reversal))
            state = state_of(release)
            return state, self.entry(record, reversal.act, state)

        record = self.write(short, apply)
        release, reversal = reached[-1]
        return Done(
            release=release, record=record, ruling=Ruling(release, reversal.act, told=reversal.passed)
        )
