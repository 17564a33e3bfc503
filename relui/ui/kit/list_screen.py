"""A screen that is one list: rows under headings, filtered and sorted, and one of them in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from relui.ui.kit.lines import Bar, LineList, Pane
from relui.ui.kit.row_list import RowList
from relui.ui.kit.rows import ORDERS, Row, sign_legend
from relui.ui.kit.screen import DeskScreen
from relui.ui.kit.text import title_bar
from relui.ui.kit.times import when


class ListScreen(DeskScreen):
    """Title and sums above the rows, what is under the cursor below them. Subclasses say what stands."""

    beside = ("detail",)
    heading: ClassVar[str]
    """What stands in the title."""
    opens: ClassVar[str]
    """The id of the command that a double click runs."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None
        """What the rows were made from besides the releases: its stamp, and the minute."""

    def parts(self) -> ComposeResult:
        """Title, sums, the rows, and the one under the cursor in full."""
        yield Bar(id="title")
        yield Bar(id="sums")
        yield RowList(id="rows", signs=self.relui.settings.signs)
        yield Pane(id="detail")

    def on_mount(self) -> None:
        """The rows have the keyboard."""
        self._shown = self._stamp()
        self.rows.focus()

    @property
    def rows(self) -> RowList:
        """The rows."""
        return self.query_one("#rows", RowList)

    def main_list(self) -> LineList:
        """The moving keys move in the rows."""
        return self.rows

    @property
    def row(self) -> Row | None:
        """The row under the cursor, where that is no heading."""
        row = self.rows.selected
        return None if row is None or row.is_heading else row

    def legend(self) -> list[Content]:
        """What the signs mean."""
        return sign_legend(self.relui.settings.signs)

    # -- what subclasses answer ----------------------------------------------------------------------

    def rows_now(self) -> Sequence[Row]:
        """All rows, from what was read."""
        raise NotImplementedError

    def sums(self) -> Content:
        """The line below the title: how many there are, for whom, filtered by what."""
        raise NotImplementedError

    def detail(self) -> list[Content]:
        """What is under the cursor, in full; why there is nothing, where there is not."""
        raise NotImplementedError

    def stamp(self) -> object:
        """What differs when something that the rows are made from was written, besides releases."""
        raise NotImplementedError

    # -- what shows ----------------------------------------------------------------------------------

    def show(self) -> None:
        """Show what was read."""
        self.rows.show(self.rows_now())
        self._show_bars()
        self.show_detail()

    def _show_bars(self) -> None:
        now = when(self.now, self.relui.zone())
        self.query_one("#title", Bar).show(title_bar(self.heading, now, self.size.width))
        self.query_one("#sums", Bar).show(self.sums())

    def filter_pieces(self) -> list[str | tuple[str, str]]:
        """What is filtered by, for the line of sums."""
        return [("   filter: ", "muted"), (self.filter_text, "overdue")] if self.filter_text else []

    @on(LineList.Moved, "#rows")
    def show_detail(self) -> None:
        """What is under the cursor, from its beginning."""
        self.query_one("#detail", Pane).show(self.detail(), top=True)

    def fit(self, width: int, height: int) -> None:
        """The bars depend on the width."""
        super().fit(width, height)
        self._show_bars()

    @on(LineList.Chosen, "#rows")
    def _chosen(self) -> None:
        self.action_command(self.opens)

    def _stamp(self) -> object:
        return self.stamp(), int(self.now.timestamp() // 60)

    def beat(self, changed: frozenset[str]) -> None:
        """Something was written, or a minute went by."""
        stamp = self._stamp()
        if changed or stamp != self._shown:
            self._shown = stamp
            self.reload()

    # -- acts ----------------------------------------------------------------------------------------

    def back(self) -> None:
        """Esc clears the filter, then leaves."""
        if self.filter_text:
            self.filter_by("")
        else:
            self.app.pop_screen()

    def begin(self) -> None:
        """The cursor on the first row."""
        self.rows.begin()
        self.show_detail()

    def filter_by(self, text: str) -> None:
        """Show only lines that have every word of `text`."""
        self.filter_text = self.rows.filter = text
        self.rows.rebuild()
        self._show_bars()
        self.begin()

    def sort_lines(self) -> None:
        """The next order."""
        self.rows.order = ORDERS[(ORDERS.index(self.rows.order) + 1) % len(ORDERS)]
        self.rows.rebuild()
        self.rows.refresh()
        self.show_detail()
        self.say(f"Sorted {self.rows.order}.", "muted")
