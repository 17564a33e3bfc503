"""Figures to read in full, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.text import clean
from relui.ui.kit.lines import Pane
from relui.ui.kit.reading import Reading


class Figures(Reading):
    """Any of Esc, Enter and q closes it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,enter,q", "close", show=False),
    ]
    DEFAULT_CSS = "Figures Pane { height: auto; max-height: 70vh; min-height: 2; }"

    def __init__(self, title: str, lines: Sequence[Content]) -> None:
        super().__init__()
        self._title, self._lines = title, list(lines)

    def compose(self) -> ComposeResult:
        """The lines in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title)).truncate(70, ellipsis=True)
            box.border_subtitle = "j k scroll, Esc closes"
            yield Pane()

    def write(self) -> None:
        """As high as there are lines."""
        pane = self.query_one(Pane)
        pane.styles.height = sum(max(1, -(-content.cell_length // 66)) for content in self._lines)
        pane.show(self._lines)
