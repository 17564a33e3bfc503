"""Lists of the metrics: the measures, and the items of checklists."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from relui.domain.learning.item_record import ItemRecord
from relui.domain.learning.trends import MeasureChange
from relui.ui.kit.lines import ListOf
from relui.ui.metrics.words import item_row, score_row


class MeasureList(ListOf[MeasureChange]):
    """The measures, each with how it stands and its months."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._values: Sequence[Sequence[float | None]] = ()

    def show(self, changes: Sequence[MeasureChange], values: Sequence[Sequence[float | None]]) -> None:
        """Set the measures, with their values month by month; the cursor stays on its measure."""
        at = self.selected
        self.rows, self._values = changes, values
        ids = [each.measure.id for each in changes]
        if at is not None and at.measure.id in ids:
            self.cursor = ids.index(at.measure.id)
        self.resized()
        self.refresh()

    def content(self, index: int, width: int) -> Content:
        """One measure."""
        return score_row(self.rows[index], self._values[index], width)


class ItemList(ListOf[ItemRecord]):
    """Items of checklists and how they fared."""

    def show(self, items: Sequence[ItemRecord]) -> None:
        """Set the items; the cursor stays on its item."""
        at = self.selected
        self.rows = items
        if at is not None:
            paths = [each.path for each in items]
            self.cursor = paths.index(at.path) if at.path in paths else 0
        self.resized()
        self.keep_in_sight()
        self.refresh()

    def content(self, index: int, width: int) -> Content:
        """One item."""
        return item_row(self.rows[index], width)
