"""Reading the log beside the checklist: each entry in full, and undone from there when it can be."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.domain import history
from relui.domain.log import Entry
from relui.domain.outline import Outline
from relui.errors import ReluiError
from relui.ui.kit.question import confirm
from relui.ui.kit.times import when
from relui.ui.one_release.log_detail import EntryView

if TYPE_CHECKING:
    from relui.ui.checklist.screen import ChecklistScreen


class LogReading:
    """Mixed into the checklist screen."""

    def _reader(self) -> ChecklistScreen:
        from relui.ui.checklist.screen import ChecklistScreen

        assert isinstance(self, ChecklistScreen)
        return self

    @property
    def reading_log(self) -> bool:
        """The keyboard is in the log."""
        screen = self._reader()
        return screen.focused is not None and screen.focused is screen.log_list

    def arrange_panes(self, *, log: bool | None = None) -> None:
        """Side by side all of it shows. In a narrow window checklist and detail, or log and entry."""
        screen = self._reader()
        if screen.opened is None:
            return
        log = self.reading_log if log is None else log
        narrow = screen.has_class("-narrow")
        screen.set_class(log, "-log")
        screen.log_list.display = log or not narrow
        screen.checklist.display = not (log and narrow)

    def switch_pane(self) -> None:
        """Between the checklist and the log."""
        screen = self._reader()
        if screen.opened is None:
            return
        target = screen.checklist if self.reading_log else screen.log_list
        self.arrange_panes(log=target is screen.log_list)
        target.focus()

    def entry_view(self, entry: Entry, outline: Outline) -> EntryView:
        """How to show an entry in full."""
        screen = self._reader()
        assert screen.opened is not None
        return EntryView(
            outline=outline,
            zone=screen.relui.zone(),
            now=screen.now,
            undone_by=history.undone_by(screen.opened.entries).get(entry.seq, 0),
            why_not=self.why_not_undone(entry),
            undo_key=screen.key_of("undo"),
            signs=screen.relui.settings.signs,
        )

    def undo(self) -> Awaitable[None] | None:
        """One's own last act; in the log, the entry under the cursor after a question, if it can be."""
        screen = self._reader()
        entry = screen.log_list.selected
        if not self.reading_log or entry is None:
            return screen.undo_last()
        if why := self.why_not_undone(entry):
            screen.say(why, "overdue")
            return None
        return self._undo_entry(entry.seq, f"{entry.name} {entry.text}")

    async def _undo_entry(self, seq: int, words: str) -> None:
        screen = self._reader()
        if await confirm(screen, "Undo this entry?", words, yes="Undo it"):
            screen.act(lambda: screen.desk.undo(screen.release_id, seq))

    def why_not_undone(self, entry: Entry) -> str:
        """Why undo cannot take an entry back, in a sentence; empty when it can."""
        screen = self._reader()
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
