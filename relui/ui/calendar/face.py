"""The calendar's face: lines that are not folded, and where the mouse pressed."""

from __future__ import annotations

from textual import events
from textual.message import Message

from relui.ui.kit.lines import Pane

_AROUND = 4
"""Lines above and below the cursor that stay in sight: what is next matters as much."""


class CalendarFace(Pane):
    """Shows the lines of a week, a month or an agenda; only those that differ are repainted."""

    class Pressed(Message):
        """A cell was pressed; twice in a row opens what stands there."""

        def __init__(self, x: int, y: int, *, twice: bool) -> None:
            super().__init__()
            self.x, self.y, self.twice = x, y, twice

    class Resized(Message):
        """There is more or less room: a message of two lines came or went."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, fold=False)

    def on_resize(self, event: events.Resize) -> None:
        """Let the calendar fit itself to the room."""
        self.post_message(self.Resized())

    @property
    def room(self) -> tuple[int, int]:
        """Cells for lines, and lines."""
        region = self.scrollable_content_region
        return region.width, region.height

    def keep_in_sight(self, index: int) -> None:
        """Scroll as little as needed to show a line with what stands around it."""
        height, top = self.room[1], self.scroll_offset.y
        if height <= 0:
            return
        around = min(_AROUND, height // 4)
        if index - around < top:
            self.scroll_to(y=max(0, index - around), animate=False, force=True)
        elif index + around >= top + height:
            self.scroll_to(y=index + around - height + 1, animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """Say which cell it was."""
        self.post_message(self.Pressed(event.x, event.y + self.scroll_offset.y, twice=event.chain == 2))
