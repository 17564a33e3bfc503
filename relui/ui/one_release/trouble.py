"""Help in trouble: what to do about the symptom that is met here, else about all twelve [S1.35]."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.learning.trouble import REMEDIES, trouble_for
from relui.ui.kit.lines import Pane
from relui.ui.kit.reading import Reading
from relui.ui.kit.text import line
from relui.ui.one_release.trouble_words import troubles


class TroubleDialog(Reading):
    """What is met here is told in full; `a` shows the others too."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q,enter,r", "close", show=False),
        Binding("a", "all", show=False),
    ]
    DEFAULT_CSS = """
    TroubleDialog .dialog { width: 90; max-width: 94%; height: auto; }
    TroubleDialog Pane { height: auto; }
    """

    def __init__(self, situations: Sequence[str]) -> None:
        super().__init__()
        self._met = trouble_for(*situations)
        self._all = not self._met

    def compose(self) -> ComposeResult:
        """The words in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = "In trouble"
            yield Pane()

    def write(self) -> None:
        """As high as there are lines, where there is room."""
        pane, box = self.query_one(Pane), self.query_one(".dialog")
        lines = self.lines(pane.scrollable_content_region.width)
        pane.styles.height = max(1, min(len(lines), self.size.height - 6))
        more = "" if self._all else "a shows all twelve, "
        scrolls = "j k scroll, " if len(lines) > self.size.height - 6 else ""
        box.border_subtitle = f"{more}{scrolls}Esc closes"
        pane.show(lines)

    def lines(self, width: int) -> list[Content]:
        """What shows, folded to a width."""
        if not self._all:
            return troubles(self._met, width)
        others = [each for each in REMEDIES if each not in self._met]
        if self._met:
            return [*troubles(self._met, width), line(""), line(("Other trouble", "muted")), line(""),
                    *troubles(others, width)]  # fmt: skip
        words = "Nothing here shows one of these. They are what releases meet most often."
        return [*line((words, "muted")).wrap(max(width, 20)), line(""), *troubles(REMEDIES, width)]

    def action_all(self) -> None:
        """Show the others too."""
        self._all = True
        self.write()
