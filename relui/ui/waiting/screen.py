"""What waits for whom over all active releases: sign-offs, confirmations, items, notices, actions."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from relui.desk.releases import Waits
from relui.domain.dossier.waiting import Waiting
from relui.errors import BadInput
from relui.ui.kit.command import Commands, bindings
from relui.ui.kit.everywhere import EVERYWHERE, MOVING
from relui.ui.kit.lines import Bar, LineList, Pane
from relui.ui.kit.row_list import RowList
from relui.ui.kit.rows import ORDERS, sign_legend
from relui.ui.kit.screen import DeskScreen
from relui.ui.kit.text import line
from relui.ui.kit.times import when
from relui.ui.one_release.rows import title_bar
from relui.ui.waiting.commands import WAITING
from relui.ui.waiting.rows import number_of, place_of, waiting_detail, waiting_rows


class WaitingScreen(DeskScreen):
    """A list, the most urgent first; Enter goes to where it is done."""

    commands: ClassVar[Commands] = WAITING
    beside = ("detail",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((*WAITING, *MOVING, *EVERYWHERE))]
    CSS_PATH = "style.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.person: str | None = None
        self.waits = Waits(())
        self._minute = -1
        self._organisation: object = None

    def parts(self) -> ComposeResult:
        """Title, for whom, the rows, and the selected one in full."""
        yield Bar(id="title")
        yield Bar(id="whom")
        yield RowList(id="rows", signs=self.relui.settings.signs)
        yield Pane(id="detail")

    def on_mount(self) -> None:
        """Begin with what waits for whoever acts; somebody whom nobody lists sees everything."""
        self.person = self._me()
        self.reload()
        self.rows.begin()
        self.show_detail()
        self.rows.focus()

    def _me(self) -> str:
        """Who acts, or everybody when the organisation does not list them."""
        organisation = self.desk.organisation.read()
        try:
            return organisation.checked_person(self.desk.actor.name)
        except BadInput:
            self.say(
                f"{self.desk.actor.name} is not among the people: what waits for everybody is shown.", "muted"
            )
            return ""

    @property
    def rows(self) -> RowList:
        """The rows."""
        return self.query_one("#rows", RowList)

    def main_list(self) -> LineList:
        """The moving keys move in the rows."""
        return self.rows

    @property
    def chosen(self) -> Waiting | None:
        """What is under the cursor."""
        row = self.rows.selected
        return None if row is None or row.is_heading else self.waits.rows[number_of(row)]

    def release_in_sight(self) -> str:
        """The release of what is under the cursor."""
        return self.chosen.release if self.chosen else ""

    def legend(self) -> list[Content]:
        """What the signs mean."""
        return sign_legend(self.relui.settings.signs)

    def reload(self) -> None:
        """Ask anew what waits, and show it."""
        found = self.guarded(lambda: self.desk.releases.waiting(self.person or ""))
        if found is None:
            return
        self.waits = found
        organisation = self.desk.organisation.read()
        board = self.relui.board.releases
        self.rows.show(waiting_rows(found.rows, board, organisation, self.now, self.relui.zone()))
        self._show_bars()
        self.show_detail()

    def _show_bars(self) -> None:
        width, now = self.size.width, when(self.now, self.relui.zone())
        self.query_one("#title", Bar).show(title_bar("What waits for whom", now, width))
        person = self.desk.organisation.read().person(self.person) if self.person else None
        whom = person.name if person else self.person or "everybody"
        late = sum(1 for each in self.waits.rows if each.overdue)
        words: list[str | tuple[str, str]] = [" for ", (whom, "bold accent"), f": {len(self.waits.rows)}"]
        words += [(f", {late} overdue", "overdue")] if late else []
        if self.filter_text:
            words += [("   filter: ", "muted"), (self.filter_text, "overdue")]
        if self.waits.problems:
            words += [(f"   {len(self.waits.problems)} releases cannot be read (P)", "failed")]
        self.query_one("#whom", Bar).show(line(*words))

    def show_detail(self) -> None:
        """The selected line in full."""
        pane, chosen = self.query_one("#detail", Pane), self.chosen
        if chosen is None:
            words = "" if self.rows.count() else "Nothing fits." if self.filter_text else "Nothing waits."
            pane.show([line((words, "done"))])
            return
        pane.show(
            waiting_detail(chosen, self.desk.organisation.read(), self.now, self.relui.zone()), top=True
        )

    def fit(self, width: int, height: int) -> None:
        """The bars depend on the width."""
        super().fit(width, height)
        self._show_bars()

    @on(LineList.Moved, "#rows")
    def _moved(self) -> None:
        self.show_detail()

    @on(LineList.Chosen, "#rows")
    def _chosen(self) -> None:
        self.action_command("waiting-open")

    def beat(self, changed: frozenset[str]) -> None:
        """Something was written, or a minute went by."""
        stamp, minute = self.desk.organisation.file.stamp(), int(self.now.timestamp() // 60)
        if changed or stamp != self._organisation or minute != self._minute:
            self._organisation, self._minute = stamp, minute
            self.reload()

    def back(self) -> None:
        """Esc clears the filter, then leaves."""
        if self.filter_text:
            self.filter_by("")
        else:
            self.app.pop_screen()

    def filter_by(self, text: str) -> None:
        """Show only lines that have every word of `text`."""
        self.filter_text = self.rows.filter = text
        self.rows.rebuild()
        self.rows.begin()
        self._show_bars()
        self.show_detail()

    def sort_lines(self) -> None:
        """The next order."""
        self.rows.order = ORDERS[(ORDERS.index(self.rows.order) + 1) % len(ORDERS)]
        self.rows.rebuild()
        self.rows.refresh()
        self.show_detail()
        self.say(f"Sorted {self.rows.order}.", "muted")

    def toggle_everybody(self) -> None:
        """Everybody, or whoever acts."""
        self.show_for("" if self.person else self._me())

    def show_for(self, person: str) -> None:
        """Show what waits for one person, or for everybody."""
        self.person = person
        self.reload()
        self.rows.begin()
        self.show_detail()

    async def choose_person(self) -> None:
        """Choose among the people of the organisation."""
        from relui.ui.kit.choose import Choose

        people = self.desk.organisation.read().people
        choices = [("everybody", ""), *((person.name, ", ".join(person.roles)) for person in people)]
        ids = ["", *(person.id for person in people)]
        at = ids.index(self.person) if self.person in ids else 0
        chosen = await self.app.push_screen_wait(Choose("For whom", choices, at=at))
        if chosen is not None:
            self.show_for(ids[chosen])

    def go_there(self) -> Awaitable[None] | None:
        """To the line of the record, the item of the checklist, the action, or the review that is owed."""
        chosen = self.chosen
        if chosen is None:
            return None
        if chosen.kind == "review" and self._is_due(chosen.release):
            self.relui.open_screen("owed", chosen.release)
            return None
        target = place_of(chosen)
        if target is not None:
            self.relui.open_screen("record", chosen.release, target.tab, target.keys)
            return None
        if chosen.kind == "retrospective":
            self.relui.open_screen("retrospective", chosen.release)
            return None
        path = chosen.name if chosen.kind in ("item", "debt") else self._item_of(chosen)
        if not path:
            from relui.ui.one_release.actions import show_actions

            return show_actions(self, chosen.name)
        self.relui.open_screen("checklist", chosen.release, path)
        return None

    def _item_of(self, action: Waiting) -> str:
        """The path of the item as which an action stands on its release; nothing when it stands on none."""
        from relui.domain.learning.carrying import carried_by

        board = {release.id: release for release in self.relui.board.releases}
        items = carried_by(board[action.release]) if action.release in board else {}
        return items[action.name].path if action.name in items else ""

    def _is_due(self, release_id: str) -> bool:
        """A review is due of it; a release that is not deployed yet plans one in its record."""
        return any(release_id in each.releases for each in self.desk.archive.reviews_due())
