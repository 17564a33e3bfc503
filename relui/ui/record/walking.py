"""Walking through the record: tabs, sections, what is unmet, and back to where Enter led from."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from relui.ui.kit.question import Choose
from relui.ui.record.open_record import Key, OpenRecord
from relui.ui.record.tabs import NAMES, TABS


class GoToTab(Choose):
    """The tabs with their letters; a letter goes there at once, a digit by its place."""

    def __init__(self, current: str) -> None:
        super().__init__("Tab", [(tab.letter, tab.name) for tab in TABS], at=NAMES.index(current))

    def on_key(self, event: events.Key) -> None:
        """A letter or a digit chooses."""
        letters = [letter for at, tab in enumerate(TABS, 1) for letter in (tab.letter, str(at))]
        if event.character in letters:
            event.stop()
            event.prevent_default()
            self.dismiss(letters.index(event.character) // 2)


class Walking:
    """Nothing here changes the release."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record
        self._came_from: list[tuple[str, Key]] = []
        """Tab and row of each gate that Enter led away from."""

    def next_tab(self) -> None:
        """To the tab at the right, round and round."""
        self._go_tab(1)

    def previous_tab(self) -> None:
        """To the tab at the left, round and round."""
        self._go_tab(-1)

    def _go_tab(self, by: int) -> None:
        self._came_from.clear()
        self._record.show_tab(NAMES[(NAMES.index(self._record.tab) + by) % len(NAMES)])

    async def choose_tab(self) -> None:
        """`5` and a letter: to that tab."""
        chosen: int | None = await self._record.app.push_screen_wait(GoToTab(self._record.tab))
        if chosen is not None:
            self._came_from.clear()
            self._record.show_tab(NAMES[chosen])

    def lead_to(self, tab: str, keys: Sequence[Key]) -> None:
        """Go to where something is met; Esc comes back."""
        if (row := self._record.row) is not None:
            self._came_from.append((self._record.tab, row.key))
        self._record.show_tab(tab, keys)

    def come_back(self) -> bool:
        """Go back to where Enter led from; False where it did not."""
        if not self._came_from:
            return False
        tab, key = self._came_from.pop()
        self._record.show_tab(tab, [key])
        return True

    def next_section(self) -> None:
        """To the first line of the section below."""
        rows = self._record.rows
        heads = [place for place in rows.headings() if place > rows.cursor]
        self._go_section(heads[:1], "This is the last section.")

    def previous_section(self) -> None:
        """To the first line of the section above."""
        rows = self._record.rows
        heads = [place for place in rows.headings() if place <= rows.cursor]
        self._go_section(heads[-2:-1], "This is the first section.")

    def _go_section(self, heads: Sequence[int], otherwise: str) -> None:
        rows = self._record.rows
        if not heads:
            self._record.say(otherwise, "muted")
            return
        below = heads[0] + 1
        alone = below >= rows.count() or rows.rows[below].is_heading
        rows.move_to(heads[0] if alone else below)

    def next_unmet(self) -> None:
        """The next line that is not met, from the top again when there is none below."""
        rows = self._record.rows
        unmet = [
            place
            for place, row in enumerate(rows.rows)
            if row.state in ("unmet", "stale", "bad") and not row.is_heading
        ]
        if not unmet:
            self._record.say(f"Nothing is unmet on this tab ({self._record.tab}).", "done")
            return
        rows.move_to(next((place for place in unmet if place > rows.cursor), unmet[0]))

    def open_checklist(self) -> None:
        """The checklist of this release: the one that is open already, else a new one over this."""
        self._record.relui.go_to("checklist", self._record.release_id)
