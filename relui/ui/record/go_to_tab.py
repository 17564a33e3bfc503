"""`5` and a letter: which tab of the record."""

from __future__ import annotations

from textual import events

from relui.ui.kit.choose import Choose
from relui.ui.record.tabs import NAMES, TABS


class GoToTab(Choose):
    """The tabs with their letters; a letter goes there at once, a digit by its place."""

    def __init__(self, current: str) -> None:
        super().__init__("Tab", [(tab.letter, tab.name) for tab in TABS], at=NAMES.index(current))

    def on_key(self, event: events.Key) -> None:
        """A letter or a digit chooses."""
        found = next(
            (index for index, tab in enumerate(TABS, 1) if event.character in (tab.letter, str(index))), 0
        )
        if found:
            event.stop()
            event.prevent_default()
            self.dismiss(found - 1)
