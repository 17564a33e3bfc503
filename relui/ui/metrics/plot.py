"""A plot in the theme's own marks: plotext places the characters, the theme gives them their colours.

textual-plotext's own widget mixes colours of its own into a theme and knows no native ANSI; only its figure,
one for each plot, is used here. Each ink is a number that is read back from what it drew, and becomes a mark.
"""

from __future__ import annotations

import re

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from relui.ui.kit.lines import MarkStyles, Painted
from relui.ui.kit.text import line
from relui.ui.metrics.plot_spec import PlotSpec
from relui.ui.metrics.words import BAR, EARLIER
from relui.ui.terminal.textual_private import size_plot

_RECENT, _BEFORE = 1, 2
_INKS = {_RECENT: "accent", _BEFORE: "muted"}
_INK = re.compile(r"\x1b\[([0-9;]*)m")


def drawn(spec: PlotSpec, width: int, height: int) -> list[Content]:
    """The plot as lines of at most `width` cells. Imports the plotting library, which takes a moment."""
    from textual_plotext import Plot

    grid = _grid(spec, width, height)
    figure = Plot()
    figure.theme("clear")
    size_plot(figure, grid.width, grid.height)
    places = [float(place) for place in range(len(spec.names))]
    if spec.lying:
        places.reverse()  # the first one at the top
    bars = list(zip(places, spec.values, spec.recent, strict=True))
    for ink, sign, recent in ((_RECENT, BAR, True), (_BEFORE, EARLIER, False)):
        chosen = [(place, value) for place, value, mine in bars if mine == recent and value]
        if chosen:
            figure.bar(
                [place for place, _ in chosen],
                [value for _, value in chosen],
                orientation="horizontal" if spec.lying else "vertical",
                width=grid.thickness / _spacing([place for place, _ in chosen]),
                marker=sign,
                color=ink,
            )
    low, high = spec.scale[0][0], spec.scale[-1][0]
    at, words = [tick for tick, _ in spec.scale], [word for _, word in spec.scale]
    if spec.lying:
        figure.xlim(low, high)
        figure.ylim(*grid.ends)
        figure.xticks(at, words)
        figure.yticks(places, list(spec.names))
    else:
        figure.ylim(low, high)
        figure.xlim(*grid.ends)
        figure.yticks(at, words)
        figure.xticks(places[:: grid.step], list(spec.names[:: grid.step]))
    figure.xaxes(True, False)
    figure.yaxes(True, False)
    return [_inked(row, width) for row in figure.build().split("\n")[:height]]


def _spacing(places: list[float]) -> float:
    """What the library takes for the distance of two bars: their mean one, though some may be missing."""
    return (max(places) - min(places)) / (len(places) - 1) if len(places) > 1 else 1.0


class _Grid(Struct, frozen=True):
    """The size of a figure in cells, what its bars take of it, and which of them are named."""

    width: int
    height: int
    ends: tuple[float, float]
    thickness: float
    step: int = 1


def _grid(spec: PlotSpec, width: int, height: int) -> _Grid:
    """Whole cells for each bar, so that equal values look equal."""
    count = len(spec.names)
    if spec.lying:  # one row for each bar, and one between them where there is room
        rows = max(1, min(2, (height - 2) // count))
        return _Grid(width, rows * count + 2, (0.0, (rows * count - 1) / rows), 0.01)
    axis = max(len(words) for _, words in spec.scale) + 1
    each = max(1, min((width - axis) // count, 12))
    before = (each - 1) / 2 / each
    thick = each if each < 3 else each - (2 if each < 9 else 4)
    ends = (-before, count - 1 + before)
    longest = max(map(len, spec.names)) + 1
    return _Grid(axis + each * count, height, ends, max(thick - 1, 0.01) / each, -(-longest // each))


def _inked(row: str, width: int) -> Content:
    """A drawn row with marks in place of colours."""
    pieces: list[str | tuple[str, str] | Content] = []
    mark = "muted"
    for number, part in enumerate(_INK.split(row)):
        if number % 2:
            code = part.rpartition(";")[2]
            mark = _INKS.get(int(code), "muted") if part.startswith("38;5;") else "muted"
        elif part:
            pieces.append((part, mark))
    return line(*pieces).truncate(width)


class PlotView(Painted, Widget):
    """A plot that is drawn anew when its size or what it shows changes."""

    DEFAULT_CSS = "PlotView { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._marks = MarkStyles(self)
        self._spec: PlotSpec | None = None
        self._lines: list[Content] = []

    def show(self, spec: PlotSpec | None) -> None:
        """Set what it shows."""
        if spec != self._spec:
            self._spec = spec
            self._draw()

    def _draw(self) -> None:
        width, height = self.size
        enough = self._spec is not None and width > 10 and height > 4
        self._lines = drawn(self._spec, width, height) if enough and self._spec else []
        self.refresh()

    @property
    def text(self) -> str:
        """What is drawn, as plain text."""
        return "\n".join(content.plain.rstrip() for content in self._lines)

    def on_resize(self, event: events.Resize) -> None:
        """Another size, another plot."""
        self._draw()

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        content = self._lines[y] if y < len(self._lines) else Content()
        return self._strip(content, self.size.width, self.visual_style)
