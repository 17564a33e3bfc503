"""The record of one release: eight tabs over its dossier, each list changed by keyboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from relui.desk.act import Done, Opened
from relui.desk.context import Contexts
from relui.domain.dossier.gates import stage_now
from relui.domain.dossier.signoffs import SUBJECT_WORDS, signed_subjects
from relui.domain.outline import Outline
from relui.domain.progress import standing
from relui.domain.release import Release
from relui.domain.text import slug
from relui.errors import ReluiError
from relui.ui.kit.command import Commands
from relui.ui.kit.help import hint_lines
from relui.ui.kit.judged_form import Field, PartForm
from relui.ui.kit.lines import Bar, LineList, Pane
from relui.ui.kit.row_list import RowList
from relui.ui.kit.rows import ORDERS, Row, sign_legend
from relui.ui.kit.text import line
from relui.ui.one_release.rows import header
from relui.ui.one_release.screen import ReleaseScreen
from relui.ui.record.commands import RECORD
from relui.ui.record.confirming import Confirming
from relui.ui.record.deciding import Deciding
from relui.ui.record.detail import detail_of, troubles_of
from relui.ui.record.editing import Editing
from relui.ui.record.groups import Groups
from relui.ui.record.importing import Importing
from relui.ui.record.line_acts import LineActs
from relui.ui.record.open_record import Rule
from relui.ui.record.outgoing import Documents, Messages
from relui.ui.record.signing import Signing
from relui.ui.record.tabs import tab_named, tab_strip, unmet_by_tab
from relui.ui.record.view import View, view_of
from relui.ui.record.walking import Walking

_WIDE = 110
"""Columns from which the panel stands beside the rows."""


class RecordScreen(ReleaseScreen):
    """What a release is, what was recorded, who signed, what each gate still asks for."""

    commands: ClassVar[Commands] = RECORD
    beside = ("detail",)
    CSS_PATH = "style.tcss"

    def __init__(self, release_id: str, tab: str = "definition", at: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(release_id)
        self.tab = tab
        self._at = tuple(at)
        self._around: Contexts | None = None
        self._began = False
        self._cursors: dict[str, tuple[str, str]] = {}
        self.view: View | None = None
        self.walking = Walking(self)
        self.importing = Importing(self)
        self.confirming = Confirming(self)
        self.deciding = Deciding(self)
        self.documents = Documents(self)
        self.editing = Editing(self)
        self.messages = Messages(self)
        self.signing = Signing(self)
        self.line = LineActs(
            record=self,
            confirming=self.confirming,
            deciding=self.deciding,
            editing=self.editing,
            groups=Groups(self, self.confirming),
            messages=self.messages,
            signing=self.signing,
            walking=self.walking,
        )
        self._minute = -1
        self._organisation: object = None

    def parts(self) -> ComposeResult:
        """Header, tabs, the rows of the tab, and beside them what is under the cursor."""
        yield Bar(id="title")
        yield Bar(id="tabs")
        with Container(id="body"):
            yield RowList(id="rows", signs=self.relui.settings.signs)
            yield Pane(id="detail", classes="framed")
        yield Pane(id="unreadable")

    def on_mount(self) -> None:
        """Open the release at the tab and line asked for."""
        self.reload()
        if self.view is None:
            return
        self.rows.focus()
        self.show_tab(self.tab, self._at)
        why = self.why_unchangeable()
        if why:
            self.say(why, "muted" if self.archived else "overdue")

    # -- what shows ----------------------------------------------------------------------------------

    @property
    def rows(self) -> RowList:
        """The rows of the present tab."""
        return self.query_one("#rows", RowList)

    @property
    def panel(self) -> Pane:
        """Where the line under the cursor is told in full."""
        return self.query_one("#detail", Pane)

    @property
    def row(self) -> Row | None:
        """The line under the cursor."""
        return self.rows.selected

    @property
    def at_cursor(self) -> Row:
        """The line under the cursor; commands on a line are refused where there is none."""
        row = self.row
        assert row is not None
        return row

    @property
    def release(self) -> Release:
        """The release as it was read last; commands that need it are refused where it cannot be read."""
        assert self.opened is not None
        return self.opened.release

    def main_list(self) -> LineList:
        """The moving keys move in the rows."""
        return self.rows

    def reached(self, *arguments: Any, from_here: bool) -> Awaitable[None] | None:
        """To a tab of it, when it was in sight already."""
        return self.walking.choose_tab() if from_here else None

    def legend(self) -> list[Content]:
        """What the record's signs mean."""
        return sign_legend(self.relui.settings.signs)

    def reload(self) -> None:
        """Read the release and its surroundings from disk, and show them."""
        self._around = None
        try:
            self._take(self.desk.journal.open(self.release_id))
        except ReluiError as error:
            self.show_unreadable(error)

    def _take(self, opened: Opened) -> None:
        self.opened = opened
        self._seen = opened.record.head.seq
        self.show()

    def show_unreadable(self, error: ReluiError) -> None:
        """Nothing but why."""
        super().show_unreadable(error)
        self.view = None
        self.query_one("#body").display = False

    @property
    def around(self) -> Contexts:
        """What the release is judged by, read once until something was written."""
        if self._around is None:
            self._around = Contexts(self.desk.calendar)
        return self._around

    @property
    def judged(self) -> View:
        """The release as it was judged last, which is there wherever it could be read."""
        assert self.view is not None
        return self.view

    def show(self) -> None:
        """Judge the release as it is now and show it; only lines that changed are repainted."""
        if self.opened is None:
            return
        release = self.opened.release
        self.messages.forget()
        self.view = view_of(release, self.around.of(release), self.relui.zone(), self.opened.entries)
        self.rows.show(tab_named(self.tab).rows(self.view))
        self._show_bars()
        self.show_detail()

    def _show_bars(self) -> None:
        if self.view is None:
            return
        release, width = self.view.release, self.size.width
        stand = standing(release, self.now, Outline(release))
        by = self.desk.actor.name
        title = header(release, stand, self.now, self.relui.zone(), width, self._note(width), by)
        self.query_one("#title", Bar).show(title)
        self.query_one("#tabs", Bar).show(tab_strip(self.tab, unmet_by_tab(self.view), width))

    def _note(self, width: int) -> str:
        assert self.view is not None
        return f"stage {stage_now(self.view.release)}" if self.view.lines and width >= 74 else ""

    def show_detail(self, *, top: bool = False) -> None:
        """Fill the panel for the line under the cursor."""
        row, view = self.row, self.view
        if view is None:
            return
        if row is None:
            words = "Nothing fits the filter." if self.filter_text else "Nothing is unmet here."
            self.panel.show([line((words, "muted"))])
            return
        lines = detail_of(view, row, self.relui.settings.signs)
        lines += hint_lines(self.troubles(), self.key_of("trouble"))
        self.panel.show([*lines, *self.messages.preview_lines(row)], top=top)

    def troubles(self) -> tuple[str, ...]:
        """What the line under the cursor calls for help with."""
        return troubles_of(self.view, self.row) if self.view is not None and self.row is not None else ()

    def fit(self, width: int, height: int) -> None:
        """The bars depend on the width."""
        super().fit(width, height)
        self.set_class(width < _WIDE, "-stacked")
        self._show_bars()

    # -- events --------------------------------------------------------------------------------------

    @on(LineList.Moved, "#rows")
    def _moved(self) -> None:
        self.show_detail(top=True)

    @on(LineList.Chosen, "#rows")
    def _chosen(self) -> None:
        self.action_command("record-open")

    def beat(self, changed: frozenset[str]) -> None:
        """Another terminal wrote something, or a minute went by: what is met may differ now."""
        stamp, minute = self.desk.store.organisation.stamp(), int(self.now.timestamp() // 60)
        if self.release_id in changed:
            self.take_others()
        elif changed or stamp != self._organisation or minute != self._minute:
            self._around = None
            self.guarded(self.show)
        self._organisation, self._minute = stamp, minute

    def back(self) -> None:
        """Esc unmarks, clears the filter, goes back to where Enter came from, then leaves."""
        if self.rows.marked:
            self.rows.unmark()
            self.say("")
        elif self.filter_text or self.rows.unmet_only:
            self.rows.unmet_only = False
            self.filter_by("")
        elif not self.walking.come_back():
            self.app.pop_screen()

    def mark_line(self) -> None:
        """Mark the line for the next Space or e, or not any more."""
        if not self.rows.mark():
            self.say("There is no line here to mark.", "muted")
            return
        count = len(self.rows.marked_rows())
        words = f"{count} marked. Space confirms them, e edits them, Esc unmarks." if count else ""
        self.say(words, "muted")
        self.move(1)

    # -- moving --------------------------------------------------------------------------------------

    def show_tab(self, name: str, at: Sequence[tuple[str, str]] = ()) -> bool:
        """Show a tab, with the cursor on the first of these rows that is there, else where it was."""
        if self.row is not None and self._began:
            self._cursors[self.tab] = self.row.key
        self.tab, self._began = name, True
        self.rows.unmet_only, self.filter_text, self.rows.filter = False, "", ""
        self.rows.cursor, self.rows.rows = 0, []
        if self.view is None:
            return False
        self.rows.show(tab_named(name).rows(self.view))
        self.rows.begin()
        wanted = [
            *at,
            *([self._cursors[name]] if name in self._cursors else tab_named(name).begins(self.view)),
        ]
        found = self.rows.select(wanted)
        self._show_bars()
        self.show_hints()
        self.show_detail(top=True)
        return found

    def show_hints(self) -> None:
        """Say what is filtered and sorted; nothing when all shows as recorded."""
        words = [f"filter: {self.filter_text}"] if self.filter_text else []
        words += ["unmet only"] if self.rows.unmet_only else []
        words += [f"sorted {self.rows.order}"] if self.rows.order != ORDERS[0] else []
        if words:
            self.say(f"{', '.join(words)} ({self.rows.count()} lines).", "muted")

    def filter_by(self, text: str) -> None:
        """Show only lines that have every word of `text`."""
        self.filter_text = self.rows.filter = text
        self._refilter()

    def toggle_unmet(self) -> None:
        """Show only what is not met, or all again."""
        self.rows.unmet_only = not self.rows.unmet_only
        self._refilter()

    def _refilter(self) -> None:
        self.rows.rebuild()
        row = self.row
        if row is not None and row.is_heading and self.rows.cursor + 1 < self.rows.count():
            self.rows.move_to(self.rows.cursor + 1)
        self.rows.refresh()
        self.say("")
        self.show_hints()
        self.show_detail()

    def sort_lines(self) -> None:
        """The next order."""
        self.rows.order = ORDERS[(ORDERS.index(self.rows.order) + 1) % len(ORDERS)]
        self.rows.rebuild()
        self.rows.keep_in_sight()
        self.rows.refresh()
        self.say(f"Sorted {self.rows.order}.", "muted")

    # -- acts ----------------------------------------------------------------------------------------

    def show_done(self, done: Done) -> None:
        """Show what an act led to: what it did, and what it made stale."""
        before = _signed(self.since or self.opened)
        self.relui.board.put(done, shown_by=self)
        archived = done.record.archived
        self.guarded(lambda: self._take(done.opened))
        self._tell(done, before - _signed(self.opened))
        if archived:
            self.relui.board.update()

    def _tell(self, done: Done, lost: frozenset[str]) -> None:
        ruling = done.ruling
        told = [
            *ruling.told,
            *(f"To be signed again: {SUBJECT_WORDS[name]}." for name in SUBJECT_WORDS if name in lost),
        ]
        if ruling.act is None:
            self.say(" ".join(told) or "It is so already: nothing changed.", "overdue" if told else "muted")
            return
        words = f"{ruling.act.text[:1].upper()}{ruling.act.text[1:]}."
        self.say(" ".join([words, *told]), "overdue" if told else "muted")

    async def ask_form(
        self,
        title: str,
        fields: Sequence[Field],
        rule: Callable[[dict[str, str]], Rule],
        do: Callable[[dict[str, str]], Done | Awaitable[Done | None]],
        *,
        words: str = "",
        at: str = "",
    ) -> Done | None:
        """A form that tries its rule while somebody types, tells what saving would make stale, and stands
        until `do` carried it out."""
        before = signed_subjects(self.release)

        def judge(values: dict[str, str]) -> Sequence[str]:
            ruling = rule(values)(self.release)
            lost = before - signed_subjects(ruling.release)
            stale = [f"To be signed again: {words}." for name, words in SUBJECT_WORDS.items() if name in lost]
            return [*ruling.told, *stale]

        draft = f"{self.release_id}-record-{slug(title)}"
        return await self.act_on(PartForm(title, fields, judge, words=words, at=at, draft=draft), do)

    def undo(self) -> Awaitable[None] | None:
        """One's own last act; on the log's tab the entry under the cursor, after a question."""
        if self.tab != "log" or self.row is None or self.row.kind != "entry":
            return self.undo_last()
        return self._undo_entry(self.row)

    async def _undo_entry(self, row: Row) -> None:
        from relui.ui.kit.question import confirm

        if await confirm(self, "Undo this entry?", f"{row.name} {row.words}", yes="Undo it"):
            self.act(lambda: self.desk.releases.undo(self.release_id, int(row.id)))

    def redo(self) -> None:
        """What one's own last undo took back."""
        self.act(lambda: self.desk.releases.redo(self.release_id))


def _signed(opened: Opened | None) -> frozenset[str]:
    """The subjects that are signed in a release."""
    return frozenset(signed_subjects(opened.release)) if opened else frozenset()
