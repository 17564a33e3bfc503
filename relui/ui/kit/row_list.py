"""Rows under headings as a list with a cursor, filtered and sorted on the screen alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from relui.ui.kit.lines import ListOf
from relui.ui.kit.rows import ORDERS, Order, Row, fitting, name_widths, ordered, record_row


class RowList(ListOf[Row]):
    """All rows are kept; what shows of them is what fits the filter, in the order asked for."""

    def __init__(self, *, id: str | None = None, signs: str = "ascii") -> None:
        super().__init__(id=id)
        self.signs = signs
        self.filter = ""
        self.unmet_only = False
        self.order: Order = ORDERS[0]
        self.rows: list[Row] = []
        self.marked: set[tuple[str, str]] = set()
        """The keys of the lines that are acted on together."""
        self._all: list[Row] = []
        self._widths: tuple[int, dict[str, int]] = (0, {})

    def show(self, rows: Sequence[Row]) -> None:
        """Set the rows; the cursor stays on its row, and only lines that look different are repainted."""
        self._all = list(rows)
        self.rebuild()

    def rebuild(self) -> None:
        """Work out what shows anew: after a change, a filter or another order."""
        before, at = self.rows, self.selected
        self.rows = ordered(fitting(self._all, self.filter, unmet_only=self.unmet_only), self.order)
        if at is not None:
            place = find(self.rows, [at.key])
            self.cursor = place if place is not None else self.cursor
        self._widths = (0, {})
        self.resized()
        if len(before) != len(self.rows):
            self.refresh()
            return
        for index, row in enumerate(self.rows):
            if row != before[index]:
                self.refresh_line(index)

    def headings(self) -> list[int]:
        """The places of the headings that show, in order."""
        return [index for index, row in enumerate(self.rows) if row.is_heading]

    def marked_rows(self) -> list[Row]:
        """The marked lines that show, in order."""
        return [row for row in self.rows if row.key in self.marked]

    def mark(self) -> bool:
        """Mark the line under the cursor, or not any more; on a heading all that stands below it. False where
        nothing can be marked."""
        row = self.selected
        if row is None:
            return False
        keys = {each.key for each in self.rows if not each.is_heading and each.section == row.section}
        keys = keys if row.is_heading else {row.key}
        self.marked = self.marked - keys if keys <= self.marked else self.marked | keys
        self.refresh()
        return bool(keys)

    def unmark(self) -> None:
        """Mark nothing."""
        self.marked = set()
        self.refresh()

    def select(self, keys: Sequence[tuple[str, str]]) -> bool:
        """Put the cursor on the first of these rows that is there, with its section in sight."""
        index = find(self.rows, keys)
        if index is None:
            return False
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        self.move_to(index)
        if height > 2 and not top <= index < top + height - 1:
            head = max((at for at in self.headings() if at <= index), default=index)
            self.scroll_to(y=head if index - head < height - 1 else index - 1, animate=False, force=True)
        return True

    def begin(self) -> None:
        """Put the cursor on the first row that is no heading."""
        first = next((index for index, row in enumerate(self.rows) if not row.is_heading), 0)
        self.cursor = first
        self.scroll_to(y=0, animate=False, force=True)
        self.keep_in_sight()
        self.refresh()

    def content(self, index: int, width: int) -> Content:
        """One row."""
        if self._widths[0] != width:
            self._widths = (width, name_widths(self.rows, width))
        row = self.rows[index]
        room = self._widths[1].get(row.section, 12)
        return record_row(row, width, room, self.signs, marked=row.key in self.marked)

    @property
    def text(self) -> str:
        """All rows, as plain text."""
        return "\n".join(self.content(index, 200).plain.rstrip() for index in range(self.count()))


def find(rows: Sequence[Row], keys: Iterable[tuple[str, str]]) -> int | None:
    """The line of the first of these keys that is there."""
    places = {row.key: index for index, row in enumerate(rows)}
    folded = {(kind, name.casefold()): index for (kind, name), index in reversed(places.items())}
    for kind, name in keys:
        found = places.get((kind, name), folded.get((kind, name.casefold())))
        if found is not None:
            return found
    return None
