"""Reading the log beside the checklist: each entry in full, and undone from there when it can be."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.domain import history
from relui.domain.log import Entry
from relui.errors import ReluiError
from relui.ui.kit.question import confirm
from relui.ui.kit.times import when
from relui.ui.one_release.detail import EntryView

if TYPE_CHECKING:
    from relui.ui.checklist.list import Checklist
    from relui.ui.checklist.log_list import LogList
    from relui.ui.one_release.screen import ReleaseScreen


class LogReading:
    """Which of checklist and log has the keyboard, and what can be done with an entry of the log."""

    def __init__(self, screen: ReleaseScreen, rows: Checklist, log: LogList) -> None:
        self._screen = screen
        self._rows = rows
        self._log = log

    @property
    def active(self) -> bool:
        """The keyboard is in the log."""
        return self._screen.focused is self._log

    def arrange_panes(self, *, log: bool | None = None) -> None:
        """Side by side all of it shows. In a narrow window checklist and detail, or log and entry."""
        screen = self._screen
        if screen.opened is None:
            return
        log = self.active if log is None else log
        narrow = screen.has_class("-narrow")
        screen.set_class(log, "-log")
        self._log.display = log or not narrow
        self._rows.display = not (log and narrow)

    def switch_pane(self) -> None:
        """Between the checklist and the log."""
        if self._screen.opened is None:
            return
        target = self._rows if self.active else self._log
        self.arrange_panes(log=target is self._log)
        target.focus()

    def view(self, entry: Entry) -> EntryView:
        """How to show an entry in full."""
        screen = self._screen
        assert screen.opened is not None and self._rows.outline is not None
        return EntryView(
            outline=self._rows.outline,
            zone=screen.relui.zone(),
            now=screen.now,
            undone_by=history.undone_by(screen.opened.entries).get(entry.seq, 0),
            why_not=self.why_not_undone(entry),
            undo_key=screen.key_of("undo"),
            signs=screen.relui.settings.signs,
        )

    def undo(self) -> Awaitable[None] | None:
        """One's own last act; in the log, the entry under the cursor after a question, if it can be."""
        screen = self._screen
        entry = self._log.selected
        if not self.active or entry is None:
            return screen.undo_last()
        if why := self.why_not_undone(entry):
            screen.say(why, "overdue")
            return None
        return self._undo_entry(entry.seq, f"{entry.name} {entry.text}")

    async def _undo_entry(self, seq: int, words: str) -> None:
        screen = self._screen
        if await confirm(screen, "Undo this entry?", words, yes="Undo it"):
            screen.act(lambda: screen.desk.releases.undo(screen.release_id, seq))

    def why_not_undone(self, entry: Entry) -> str:
        """Why undo cannot take an entry back, in a sentence; empty when it can."""
        screen = self._screen
        if why := screen.why_unchangeable():
            return why
        assert screen.opened is not None
        zone, opened = screen.relui.zone(), screen.opened
        try:
            history.undo(
                opened.record.state,
                opened.entries,
                screen.desk.actor,
                entry.seq,
                lambda at: when(at, zone),
            )
        except ReluiError as error:
            return error.message
        return ""
