"""A text to read: an error in full, what was copied, a verification."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.text import clean
from relui.ui.dialogs.dialog import Dialog
from relui.ui.presentation.text import paragraphs
from relui.ui.widgets.lines import Pane


class Notice(Dialog[None]):
    """Any of Esc, Enter and q closes it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,enter,q", "close", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
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

    def on_mount(self) -> None:
        """Fold the text to the dialog's width."""
        pane = self.query_one(Pane)
        lines = paragraphs(self.text)
        pane.styles.height = min(24, sum(max(1, -(-content.cell_length // 66)) for content in lines) + 1)
        self.call_after_refresh(pane.show, lines)

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(Pane).scroll_relative(y=by, animate=False)
