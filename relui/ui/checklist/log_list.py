"""The log of one release: newest first, one line an entry; an entry can be chosen to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from relui.domain.history import undone_by
from relui.domain.log import Entry
from relui.ui.kit.lines import ListOf
from relui.ui.one_release.detail import log_line


class LogList(ListOf[Entry]):
    """Entries of one release's log."""

    idle_cursor = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._undone: set[int] = set()
        self._now = datetime.min
        self._zone = "UTC"

    def show(self, entries: Sequence[Entry], now: datetime, zone: str) -> None:
        """Set the entries, in the order of the log."""
        same = [entry.seq for entry in entries] == [entry.seq for entry in reversed(self.rows)]
        self.rows = list(reversed(entries))
        self._undone = set(undone_by(entries))
        self._now, self._zone = now, zone
        self.resized()
        if not same:
            self.refresh_lines(self.scroll_offset.y, self.size.height)

    def content(self, index: int, width: int) -> Content:
        """One entry's line."""
        entry = self.rows[index]
        made = log_line(entry, self._zone, self._now, undone=entry.seq in self._undone)
        return made.truncate(width, ellipsis=True)

    @property
    def text(self) -> str:
        """All lines, as plain text."""
        return "\n".join(self.content(index, 500).plain for index in range(self.count()))
