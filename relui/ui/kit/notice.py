"""A text to read: an error in full, what was copied, a verification."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.text import clean
from relui.ui.kit.lines import Pane
from relui.ui.kit.reading import Reading
from relui.ui.kit.text import paragraphs


class Notice(Reading):
    """Any of Esc, Enter and q closes it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,enter,q", "close", show=False),
    ]
    DEFAULT_CSS = (
        "Notice .dialog { height: auto; } Notice Pane { height: auto; max-height: 24; min-height: 2; }"
    )

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self.text = title, text

    def compose(self) -> ComposeResult:
        """The text in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title))
            box.border_subtitle = "Esc closes"
            yield Pane()

    def write(self) -> None:
        """Fold the text to the dialog's width."""
        pane = self.query_one(Pane)
        lines = paragraphs(self.text)
        pane.styles.height = min(24, sum(max(1, -(-content.cell_length // 66)) for content in lines) + 1)
        pane.show(lines)
