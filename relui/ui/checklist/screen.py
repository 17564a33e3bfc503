"""The checklist of one release: ticked by keyboard, phase by phase, each tick durable before it shows."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.worker import get_current_worker

from relui.desk.act import Done, Opened
from relui.domain.checklist import State
from relui.domain.fields import missing_fields
from relui.domain.learning.trouble import of_item, of_rollback
from relui.domain.outline import Node, Outline
from relui.domain.progress import next_open, standing
from relui.domain.release import Release
from relui.errors import ReluiError
from relui.ui.checklist.commands import CHECKLIST
from relui.ui.checklist.deployment_clock import Ending, deployment_clock, is_near
from relui.ui.checklist.item_acts import ItemActs
from relui.ui.checklist.list import Checklist
from relui.ui.checklist.log_list import LogList
from relui.ui.checklist.log_reading import LogReading
from relui.ui.checklist.phase_strip import phase_strip
from relui.ui.kit.command import Commands
from relui.ui.kit.help import hint_lines
from relui.ui.kit.lines import Bar, LineList, Pane
from relui.ui.kit.text import line
from relui.ui.one_release.detail import detail, entry_detail
from relui.ui.one_release.rows import header
from relui.ui.one_release.screen import ReleaseScreen

OPEN_ONLY = "state:open"
"""The filter that keeps what is left to do."""


class ChecklistScreen(ReleaseScreen):
    """One release, full screen: phase strip, checklist, detail of the item, log.

    `items` does what is done with items, `reading` what is done with the log's entries.
    """

    commands: ClassVar[Commands] = CHECKLIST
    beside = ("detail",)
    CSS_PATH = "style.tcss"

    def __init__(self, release_id: str, path: str = "") -> None:
        """The cursor begins on the item of that path, where there is one."""
        super().__init__(release_id)
        self._path = path
        self.outline: Outline | None = None
        self.checklist: Checklist
        self.log_list: LogList
        self.items: ItemActs
        self.reading: LogReading
        self._minute = -1
        self._passed: set[str] = set()
        self._ends: Ending | None = None
        self._booked: object = None

    def parts(self) -> ComposeResult:
        """Header, phase strip, the checklist, and beside it the item's detail and the log."""
        self.checklist = Checklist(id="checklist", signs=self.relui.settings.signs)
        self.log_list = LogList(id="log")
        self.items = ItemActs(self, self.checklist)
        self.reading = LogReading(self, self.checklist, self.log_list)
        yield Bar(id="title")
        yield Bar(id="strip")
        with Container(id="body"):
            yield self.checklist
            with Container(id="side"):
                yield Pane(id="detail", classes="framed")
                yield self.log_list
                yield Pane(id="unreadable")

    def on_mount(self) -> None:
        """Open the release, with the cursor on the first open item."""
        self.query_one("#unreadable").display = False
        self.log_list.border_title = "log"
        self.log_list.add_class("framed")
        self.reload()
        if self.opened is None:
            return
        self.checklist.focus()
        first = self.checklist.first_open()
        if first is not None:
            self.checklist.select(first)
        if self._path:
            self.call_after_refresh(self.checklist.select, self._path)
        if self.opened.archived:
            self.say("This release is archived: read-only. C on the archive copies it as a new one.", "muted")
        elif self.opened.read_only:
            self.say(self.opened.read_only, "overdue")

    # -- what shows ----------------------------------------------------------------------------------

    def main_list(self) -> LineList:
        """The moving keys move in the checklist unless the log has the keyboard."""
        return self.checklist

    @property
    def node(self) -> Node | None:
        """The phase or item under the cursor."""
        return self.checklist.selected

    def reload(self) -> None:
        """Read the release from disk and show it."""
        try:
            opened = self.desk.journal.open(self.release_id)
        except ReluiError as error:
            self.show_unreadable(error)
            return
        self._take(opened)

    def show_unreadable(self, error: ReluiError) -> None:
        """Nothing but why."""
        super().show_unreadable(error)
        self.checklist.display = False
        self.query_one("#detail").display = False
        self.log_list.display = False

    def _take(self, opened: Opened) -> None:
        self.opened = opened
        self.outline = opened.outline
        self._seen = opened.record.head.seq
        self.show()
        self._look_again()

    def _look_again(self) -> None:
        """Ask for the window when the slot or the calendar changed, once the go-live is near."""
        if self.opened is None or self.outline is None:
            return
        release = self.opened.release
        slot = (release.booking, release.go_live, self.desk.store.organisation.stamp())
        if slot != self._booked and is_near(release, self.outline, self.now):
            self._booked = slot
            self.look_for_window(release)

    @work(thread=True, exclusive=True, group="window")
    def look_for_window(self, release: Release) -> None:
        """Ask beside the screen when the slot's window shuts: the calendar takes a moment to read."""
        try:
            found = self.desk.calendar.window_of(release)
        except ReluiError:  # the header is there without
            return
        booking = release.booking
        ends = Ending("window", found[1]) if found else Ending("slot", booking.end) if booking else None
        if not get_current_worker().is_cancelled:  # else somebody asked again meanwhile
            self.app.call_from_thread(self._show_window, ends)

    def _show_window(self, ends: Ending | None) -> None:
        self._ends = ends
        if self.is_attached and self.children:  # it may have been left while its worker read
            self._show_bars()

    def show(self) -> None:
        """Show the release as it is now; only lines that changed are repainted."""
        if self.opened is None or self.outline is None:
            return
        zone, now = self.relui.zone(), self.now
        self.checklist.show(self.opened.release, self.outline, now, zone)
        self.log_list.show(self.opened.entries, now, zone)
        simulated = any(entry.simulated for entry in self.opened.entries)
        self.log_list.border_subtitle = "~ simulated clock" if simulated else ""
        self._show_bars()
        self.show_detail()

    def _show_bars(self) -> None:
        if self.opened is None or self.outline is None:
            return
        release, width = self.opened.release, self.size.width
        stand = standing(release, self.now, self.outline)
        note = stand.troubles[0].text if stand.troubles and width >= 100 else ""
        zone = self.relui.zone()
        clock = deployment_clock(release, self.outline, stand, self.now, zone, self._ends)
        title = header(release, stand, self.now, zone, width, note, clock=clock)
        self.query_one("#title", Bar).show(title)
        at = self.node.phase.id if self.node else ""
        self.query_one("#strip", Bar).show(phase_strip(release, self.outline, at, self.now, width))

    def show_detail(self, *, top: bool = False) -> None:
        """Fill the panel for what is under the cursor: an item, or the entry while the log is read."""
        node = self.node
        pane = self.query_one("#detail", Pane)
        entry = self.log_list.selected
        if self.reading.active and entry is not None and self.outline is not None:
            pane.show(entry_detail(entry, self.reading.view(entry)), top=top)
            return
        if node is None or self.opened is None or self.outline is None:
            pane.show([line(("No item fits the filter.", "muted"))] if self.filter_text else [])
            return
        zone, signs = self.relui.zone(), self.relui.settings.signs
        lines = detail(self.opened.release, self.outline, node, self.now, zone, signs)
        pane.show([*lines, *hint_lines(self.troubles(), self.key_of("trouble"))], top=top)

    def troubles(self) -> tuple[str, ...]:
        """A failed item of the tests, the deployment or its verification; a rollback that takes too long."""
        node, opened = self.node, self.opened
        if node is None or opened is None or opened.archived or self.reading.active:
            return ()
        stage = node.phase.stage
        return (*of_item(node), *(of_rollback(opened.release, self.now) if stage == "deploy" else ()))

    def fit(self, width: int, height: int) -> None:
        """The bars depend on the width; where there is no room for both, the log takes turns."""
        super().fit(width, height)
        self.reading.arrange_panes()
        self._show_bars()

    def bar_commands(self) -> Commands:
        """In the log, and of an archived release, only what can be done there."""
        commands = self.all_commands()
        limited = self.archived or self.reading.active
        return tuple(c for c in commands if not c.refused(self)) if limited else commands

    # -- events --------------------------------------------------------------------------------------

    @on(LineList.Moved, "#checklist")
    def _moved(self) -> None:
        self.show_detail(top=True)
        self._show_bars()

    @on(LineList.Moved, "#log")
    def _read(self) -> None:
        self.show_detail(top=True)

    def on_descendant_focus(self) -> None:
        """The panel follows the keyboard."""
        self.reading.arrange_panes()
        self.show_detail(top=True)
        self.show_keys()

    @on(LineList.Chosen, "#log")
    def _entry_chosen(self) -> None:
        self.action_command("toggle-fold")

    @on(LineList.Chosen, "#checklist")
    def _chosen(self) -> None:
        self.action_command("toggle-fold")

    def beat(self, changed: frozenset[str]) -> None:
        """Another terminal wrote this release, or time went by."""
        if self.release_id in changed:
            self.take_others()
        else:
            self._show_bars()
            minute = int(self.now.timestamp() // 60)
            if minute != self._minute:
                self._minute = minute
                self.show()
                self._look_again()

    def back(self) -> None:
        """Esc clears the filter, then goes back to the list."""
        if self.filter_text:
            self.filter_by("")
        elif self.reading.active:
            self.reading.switch_pane()
        else:
            self.app.pop_screen()

    # -- moving --------------------------------------------------------------------------------------

    def go_next_open(self) -> None:
        """A failed item that was not looked at yet, else the next open one, from the top again."""
        if self.outline is None:
            return
        here = self.node
        if here is not None and here.state is State.FAILED:
            self._passed.add(here.path)
        found = next_open(self.outline, here.path if here else None, self._passed)
        if found is None and here is not None and here.is_leaf and here.state is State.FAILED:
            self.say(f"Nothing else is open. {here.text} failed, and blocks the release.", "failed")
            return
        if found is None:
            self.say("Nothing is open any more. F finishes the release.", "done")
            return
        if self.filter_text:
            self.filter_by("")
        self.checklist.select(found.path)

    def go_phase(self, by: int) -> None:
        """To the neighbouring phase; its first item when it is unfolded."""
        if self.outline is None or self.node is None:
            return
        ids = [phase.path for phase in self.outline.phases]
        index = ids.index(self.node.phase.id) + by
        if 0 <= index < len(ids):
            self.checklist.select(ids[index])
        else:
            self.say("This is the last phase." if by > 0 else "This is the first phase.", "muted")

    def toggle_fold(self) -> Awaitable[None] | None:
        """Enter: fold or unfold; on an item, fill in what it asks for, else write its note."""
        if self.reading.active:
            self.action_command("undo")
            return None
        node = self.node
        if node is None:
            return None
        if node.is_leaf:
            command = "fields" if node.item is not None and node.item.fields else "note"
            self.action_command(command)
        elif node.path in self.checklist.folded:
            self.checklist.unfold(node)
        else:
            self.checklist.fold(node)
        return None

    def toggle_open_only(self) -> None:
        """Only what is left to do, or all again."""
        self.filter_by("" if self.filter_text else OPEN_ONLY)

    def filter_by(self, text: str) -> None:
        """Show only items that fit the words."""
        self.filter_text = text
        self.checklist.filter_by(text)
        what = "Open and failed items" if text == OPEN_ONLY else f"Filter: {text}"
        self.say(f"{what} ({self.checklist.count()} rows). Esc shows all." if text else "", "muted")
        self.show_detail()

    # -- acts ----------------------------------------------------------------------------------------

    def show_done(self, done: Done) -> None:
        """Show what an act led to; what it left, and why, is told."""
        self.relui.board.put(done, shown_by=self)
        self._take(done.opened)
        self._tell(done)

    def _tell(self, done: Done) -> None:
        ruling, outline = done.ruling, self.outline
        assert outline is not None
        if ruling.act is None:
            self._tell_unchanged(done, outline)
        elif ruling.left:
            left = "; ".join(f"{outline[path].text} {why}" for path, why in ruling.left[:3])
            more = f" and {len(ruling.left) - 3} more" if len(ruling.left) > 3 else ""
            asks = any(missing_fields(outline[path], outline[path].mark.fields) for path, _ in ruling.left)
            fill = f". {self.key_of('fields')} fills in." if asks else ""
            self.say(f"{ruling.act.text}. Left: {left}{more}{fill}", "overdue")
        else:
            told = " ".join(ruling.told)
            self.say(f"{ruling.act.text}. {told}".strip(), "overdue" if told else "muted")

    def _tell_unchanged(self, done: Done, outline: Outline) -> None:
        if not done.ruling.already:
            self.say("Nothing changed.", "muted")
            return
        node = outline[done.ruling.already[0]]
        who = f" by {node.mark.by}" if node.mark.by else ""
        word = "not applicable" if node.state is State.NOT_APPLICABLE else str(node.state)
        self.say(f"Already so: {node.text} is {word}{who}. Nothing changed.", "muted")
