"""Walking through the record: tabs, sections, what is unmet, filter and order."""

from __future__ import annotations

from collections.abc import Sequence

from relui.ui.kit.rows import ORDERS
from relui.ui.record.importing import RecordImporting
from relui.ui.record.tabs import NAMES

Place = tuple[str, tuple[str, str]]


class RecordWalking(RecordImporting):
    """Nothing here changes the release."""

    came_from: list[Place]

    def show_tab(self, name: str, at: Sequence[tuple[str, str]] = ()) -> bool:
        """Show a tab, with the cursor on the first of these rows that is there."""
        raise NotImplementedError

    def show_hints(self) -> None:
        """Say what is filtered and sorted."""
        raise NotImplementedError

    def show_detail(self, *, top: bool = False) -> None:
        """Fill the panel for the line under the cursor."""
        raise NotImplementedError

    def go_tab(self, by: int) -> None:
        """To a neighbouring tab, round and round."""
        self.came_from.clear()
        self.show_tab(NAMES[(NAMES.index(self.tab) + by) % len(NAMES)])

    async def choose_tab(self) -> None:
        """`5` and a letter: to that tab."""
        from relui.ui.record.go_to_tab import GoToTab

        chosen: int | None = await self.app.push_screen_wait(GoToTab(self.tab))
        if chosen is not None:
            self.came_from.clear()
            self.show_tab(NAMES[chosen])

    def lead_to(self, tab: str, keys: Sequence[tuple[str, str]]) -> None:
        """Go to where something is met; Esc comes back."""
        if self.row is not None:
            self.came_from.append((self.tab, self.row.key))
        self.show_tab(tab, keys)

    def go_section(self, by: int) -> None:
        """To the first line of a neighbouring section."""
        heads = [index for index, row in enumerate(self.rows.rows) if row.is_heading]
        cursor = self.rows.cursor
        here = max((place for place in heads if place <= cursor), default=-1)
        others = [place for place in heads if (place > cursor if by > 0 else place < here)]
        if not others:
            self.say("This is the last section." if by > 0 else "This is the first section.", "muted")
            return
        place = others[0] if by > 0 else others[-1]
        alone = place + 1 >= len(self.rows.rows) or self.rows.rows[place + 1].is_heading
        self.rows.move_to(place if alone else place + 1)

    def go_next_unmet(self) -> None:
        """The next line that is not met, from the top again when there is none below."""
        rows = self.rows.rows
        found = [
            i for i, row in enumerate(rows) if row.state in ("unmet", "stale", "bad") and not row.is_heading
        ]
        if not found:
            self.say(f"Nothing is unmet on this tab ({self.tab}).", "done")
            return
        self.rows.move_to(next((place for place in found if place > self.rows.cursor), found[0]))

    def open_checklist(self) -> None:
        """The checklist of this release: the one that is open already, else a new one over this."""
        from relui.ui.checklist.screen import ChecklistScreen

        def is_its(screen: object) -> bool:
            return isinstance(screen, ChecklistScreen) and screen.release_id == self.release_id

        if any(is_its(screen) for screen in self.app.screen_stack):
            while not is_its(self.app.screen):
                self.app.pop_screen()
        else:
            self.relui.open_release(self.release_id)

    # -- filter and order ----------------------------------------------------------------------------

    def filter_by(self, text: str) -> None:
        """Show only lines that have every word of `text`."""
        self.filter_text = self.rows.filter = text
        self._refilter()

    def _refilter(self) -> None:
        self.rows.rebuild()
        row = self.row
        if row is not None and row.is_heading and self.rows.cursor + 1 < self.rows.count():
            self.rows.move_to(self.rows.cursor + 1)
        self.rows.refresh()
        self.say("")
        self.show_hints()
        self.show_detail()

    def toggle_unmet(self) -> None:
        """Show only what is not met, or all again."""
        self.rows.unmet_only = not self.rows.unmet_only
        self._refilter()

    def sort_lines(self) -> None:
        """The next order."""
        self.rows.order = ORDERS[(ORDERS.index(self.rows.order) + 1) % len(ORDERS)]
        self.rows.rebuild()
        self.rows.keep_in_sight()
        self.rows.refresh()
        self.say(f"Sorted {self.rows.order}.", "muted")
