"""Lines of the calendar, put together from runs of cells, each in a mark."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content, Span

HATCH = "╱"
"""What a blackout's ground is drawn with."""


class Runs:
    """One line in the making. Text must be clean already; it is never markup."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._spans: list[Span] = []
        self._at = 0

    def add(self, text: str, mark: str = "") -> None:
        """Append text in a mark."""
        if mark and text:
            self._spans.append(Span(self._at, self._at + len(text), mark))
        self._text.append(text)
        self._at += len(text)

    def content(self) -> Content:
        """The line."""
        return Content("".join(self._text), spans=self._spans)


def fitted(text: str, width: int) -> str:
    """Text in exactly `width` cells; what is cut off ends with a point of its own."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length == width:
        return text
    if length < width:
        return text + " " * (width - length)
    if width < 4:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


class Cell:
    """One row of one day: a ground in a mark, and pieces of text laid over it at offsets."""

    __slots__ = ("_laid", "_mark", "_pattern", "_width")

    def __init__(self, width: int, pattern: str = " ", mark: str = "") -> None:
        self._width, self._pattern, self._mark = width, pattern, mark
        self._laid: list[tuple[int, int, str, str]] = []

    @property
    def hatched(self) -> bool:
        """The ground is a blackout's."""
        return self._pattern.startswith(HATCH)

    @property
    def empty(self) -> bool:
        """Nothing was laid over the ground."""
        return not self._laid

    def over(self, pattern: str, mark: str) -> None:
        """Another ground, under everything that is laid over it."""
        self._pattern, self._mark = pattern, f"{self._mark} {mark}".strip()

    def lay(self, at: int, width: int, text: str, mark: str) -> None:
        """Lay a text of `width` cells over the ground; what lies there already stays."""
        width = min(width, self._width - at)
        if width > 0 and not any(
            start < at + width and at < start + size for start, size, _, _ in self._laid
        ):
            self._laid.append((at, width, fitted(text, width), mark))

    def write(self, runs: Runs, ground: str = "") -> None:
        """Append the row to a line; `ground` is a mark to paint the whole row in, for the cursor."""
        at = 0
        for start, width, text, mark in sorted(self._laid):
            self._ground(runs, at, start, ground)
            runs.add(text, f"{mark} {ground}".strip() if ground else mark)
            at = start + width
        self._ground(runs, at, self._width, ground)

    def _ground(self, runs: Runs, start: int, end: int, ground: str) -> None:
        if end > start:
            repeated = self._pattern * (self._width // len(self._pattern) + 1)
            runs.add(repeated[start:end], f"{self._mark} {ground}".strip())
