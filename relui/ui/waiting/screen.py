"""What waits for whom over all active releases: sign-offs, confirmations, items, notices, actions."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import ClassVar

from textual.content import Content

from relui.desk.releases import Waits
from relui.domain.dossier.waiting import Waiting
from relui.errors import BadInput
from relui.ui.kit.command import Commands
from relui.ui.kit.list_screen import ListScreen
from relui.ui.kit.rows import Row
from relui.ui.kit.text import line
from relui.ui.waiting.commands import WAITING
from relui.ui.waiting.rows import number_of, place_of, waiting_detail, waiting_rows


class WaitingScreen(ListScreen):
    """A list, the most urgent first; Enter goes to where it is done."""

    commands: ClassVar[Commands] = WAITING
    heading, opens = "What waits for whom", "waiting-open"
    CSS_PATH = "style.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.person: str | None = None
        self.waits = Waits(())

    def on_mount(self) -> None:
        """Begin with what waits for whoever acts; somebody whom nobody lists sees everything."""
        self.show_for(self._me())

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
    def chosen(self) -> Waiting | None:
        """What is under the cursor."""
        return None if self.row is None else self.waits.rows[number_of(self.row)]

    def release_in_sight(self) -> str:
        """The release of what is under the cursor."""
        return self.chosen.release if self.chosen else ""

    def stamp(self) -> object:
        """Who has which role is the organisation's."""
        return self.desk.store.organisation.stamp()

    def reload(self) -> None:
        """Ask anew what waits, and show it."""
        waits = self.guarded(lambda: self.desk.releases.waiting(self.person or ""))
        if waits is not None:
            self.waits = waits
            self.show()

    def rows_now(self) -> list[Row]:
        """What waits, by when it is due."""
        organisation, board = self.desk.organisation.read(), self.relui.board.releases
        return waiting_rows(self.waits.rows, board, organisation, self.now, self.relui.zone())

    def sums(self) -> Content:
        """For whom, how much, and how much of it is late."""
        person = self.desk.organisation.read().person(self.person) if self.person else None
        whom = person.name if person else self.person or "everybody"
        late = sum(1 for each in self.waits.rows if each.overdue)
        words: list[str | tuple[str, str]] = [" for ", (whom, "bold accent"), f": {len(self.waits.rows)}"]
        words += [(f", {late} overdue", "overdue")] if late else []
        words += self.filter_pieces()
        if self.waits.problems:
            words += [(f"   {len(self.waits.problems)} releases cannot be read (P)", "failed")]
        return line(*words)

    def detail(self) -> list[Content]:
        """What waits, in full."""
        if self.chosen is None:
            words = "" if self.rows.count() else "Nothing fits." if self.filter_text else "Nothing waits."
            return [line((words, "done"))]
        return waiting_detail(self.chosen, self.desk.organisation.read(), self.now, self.relui.zone())

    def toggle_everybody(self) -> None:
        """Everybody, or whoever acts."""
        self.show_for("" if self.person else self._me())

    def show_for(self, person: str) -> None:
        """Show what waits for one person, or for everybody."""
        self.person = person
        self.reload()
        self.begin()

    async def choose_person(self) -> None:
        """Choose among the people of the organisation."""
        from relui.ui.kit.question import Choose

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
