"""The hours of a week as rows: as fine as the height allows, busy hours finer where there is room left."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from msgspec import Struct

from relui.ui.calendar.scene import WHOLE_DAY, Scene

STEPS = (15, 30, 60, 120, 180, 240)
"""Minutes that a row may stand for."""
_STRIP, _MOST_STRIP = 2, 4
COLUMN_OF_HOURS = 6
"""Cells that the hours take at the left."""


class Row(Struct, frozen=True):
    """One row of the day: minutes by the wall clock, the end not included."""

    start: int
    end: int

    @property
    def label(self) -> str:
        """`20:00`."""
        return f"{self.start // 60:02d}:{self.start % 60:02d}"


class Layout(Struct, frozen=True):
    """How a week fits a size: cells of a day's column (a gap of one follows), lines of the strip, rows."""

    width: int
    column: int
    strip: int
    rows: tuple[Row, ...]
    legend: bool
    starts: tuple[int, ...]
    middles: tuple[int, ...]

    def row_of(self, minute: int) -> int:
        """The row that holds a minute of the day."""
        return max(0, bisect_right(self.starts, minute) - 1)

    def touched(self, start: int, end: int) -> range:
        """The rows that a stretch of the day touches."""
        return range(self.row_of(start), self.row_of(max(end - 1, start)) + 1)

    def filled(self, start: int, end: int) -> range:
        """The rows that a stretch of the day fills by half at least; the nearest one when it fills none."""
        found = range(bisect_left(self.middles, start), bisect_left(self.middles, end))
        return found or range(self.row_of(start), self.row_of(start) + 1)


def layout(width: int, height: int, busy: Callable[[], Sequence[int]] | None = None) -> Layout:
    """The layout for a size; `busy` gives the hours (0 to 23) that get finer rows, the first ones first."""
    column = max((width - COLUMN_OF_HOURS) // 7 - 1, 3)
    room = max(height - 1 - _STRIP, 6)
    step = next((step for step in STEPS if WHOLE_DAY // step <= room), STEPS[-1])
    left = room - WHOLE_DAY // step
    legend = left > 0
    left -= legend
    strip = _STRIP + max(0, min(left, _MOST_STRIP - _STRIP))
    left -= strip - _STRIP
    finer = busy()[:left] if busy is not None and step == 60 and left > 0 else ()
    rows = _rows(step, frozenset(finer))
    starts = tuple(row.start for row in rows)
    middles = tuple((row.start + row.end) // 2 for row in rows)
    return Layout(width, column, strip, rows, legend, starts, middles)


def _rows(step: int, finer: frozenset[int]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for start in range(0, WHOLE_DAY, step):
        if start // 60 in finer:
            rows += [Row(start, start + 30), Row(start + 30, start + 60)]
        else:
            rows.append(Row(start, start + step))
    return tuple(rows)


def busy_hours(scene: Scene) -> list[int]:
    """The hours of the day (0 to 23) in which something lies, those of releases first, then the fullest."""
    weight = dict.fromkeys(range(24), 0)
    for piece in scene.pieces:
        worth = _WORTH.get(piece.thing.kind, 0)
        for hour in range(piece.start // 60, min((piece.end + 59) // 60, 24)) if worth else ():
            weight[hour] += worth
    return sorted((hour for hour in weight if weight[hour]), key=lambda hour: (-weight[hour], hour))


_WORTH = {"release": 1000, "maintenance": 3, "window": 1}
