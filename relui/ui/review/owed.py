"""What is owed after releases: debts of emergencies, retrospectives, reviews (PIR) [S0.9, S1.29, S1.36]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.content import Content

from relui.domain.learning.actions import Review
from relui.domain.learning.debts import Debt
from relui.domain.learning.reviews import DueReview, OwedRetrospective
from relui.domain.summary import Summary, summarise
from relui.errors import ReluiError
from relui.ui.kit.archive_reading import READING, ReadsArchive, Stopped
from relui.ui.kit.command import Commands
from relui.ui.kit.list_screen import ListScreen
from relui.ui.kit.rows import Row
from relui.ui.kit.text import line
from relui.ui.review.commands import OWED
from relui.ui.review.rows import (
    DEBT,
    RETROSPECTIVE,
    REVIEW,
    debt_detail,
    held_detail,
    owed_rows,
    retrospective_detail,
    review_detail,
    review_key,
)

Found = tuple[Sequence[Debt], Sequence[OwedRetrospective], Sequence[DueReview], Sequence[Review]]
"""What is owed, and the reviews that were held."""


class OwedScreen(ListScreen, ReadsArchive):
    """Debts first, then reviews, the first due first; below, what is under the cursor."""

    commands: ClassVar[Commands] = OWED
    heading, opens = "Owed after releases", "owed-open"
    CSS_PATH = "owed.tcss"

    def __init__(self, review_of: str = "") -> None:
        super().__init__()
        self._review_of = review_of
        self.debts: Sequence[Debt] = ()
        self.retrospectives: Sequence[OwedRetrospective] = ()
        self.due: Sequence[DueReview] = ()
        self.held: Sequence[Review] = ()
        self.known: dict[str, Summary] = {}
        self.read = False

    def on_mount(self) -> None:
        """Ask beside the screen: the catalogue may have to be rebuilt."""
        self.show()
        self.reload()

    def bar_commands(self) -> Commands:
        """Without the way to where we are."""
        return tuple(command for command in self.all_commands() if command.id != "go-owed")

    @property
    def chosen(self) -> Debt | OwedRetrospective | DueReview | Review | None:
        """What is under the cursor."""
        row = self.row
        if row is None:
            return None
        if row.kind == DEBT:
            return next((each for each in self.debts if each.release == row.id), None)
        if row.kind == RETROSPECTIVE:
            return next((each for each in self.retrospectives if each.release == row.id), None)
        if row.kind == REVIEW:
            return next((each for each in self.due if review_key(each) == row.id), None)
        return next((each for each in self.held if each.id == row.id), None)

    def release_in_sight(self) -> str:
        """The release that owes what is under the cursor."""
        chosen = self.chosen
        return chosen.release if isinstance(chosen, (Debt, OwedRetrospective)) else ""

    def reload(self) -> None:
        """Ask anew what is owed."""
        if not self.read:
            self.say(f"{READING} archive ...", "muted")
        self.ask()

    @work(thread=True, exclusive=True, group="archive")
    def ask(self) -> None:
        """What is owed, and of which releases."""
        desk = self.desk
        try:
            rows = [
                *desk.store.catalogue.summaries(self.progress_of("archive")),
                *map(summarise, desk.journal.active().releases),
            ]
            found = (
                desk.archive.debts(),
                desk.archive.retrospectives_owed(),
                desk.archive.reviews_due(),
                desk.archive.reviews(),
            )
        except Stopped:
            return
        except ReluiError as error:
            self.hand_over(self.show_error, error)
            return
        asked = {name for each in found[2] for name in each.releases}
        asked |= {name for each in found[3] for name in each.releases}
        known = {row.id: row for row in rows if row.id in asked}
        self.hand_over(self._take, found, known)

    def _take(self, found: Found, known: dict[str, Summary]) -> None:
        self.debts, self.retrospectives, self.due, self.held = found
        self.known = known
        first, self.read = not self.read, True
        self.reading_ended()
        self.show()
        if first:
            self.begin()
            named = next((each for each in self.due if self._review_of in each.releases), None)
            if named is not None and self._review_of:
                self.rows.select([(REVIEW, review_key(named))])
        self.show_detail()

    def stamp(self) -> object:
        """Reviews that were held are learned."""
        return self.desk.store.learned.stamp()

    def rows_now(self) -> list[Row]:
        """What is owed, and what was held."""
        return owed_rows(self.debts, self.retrospectives, self.due, self.held, self.known, self.now)

    def sums(self) -> Content:
        """How much of each is owed, and how much of it is late."""
        if not self.read:
            return line()
        late = sum(each.overdue for each in self.debts) + sum(each.overdue for each in self.due)
        late += sum(each.overdue for each in self.retrospectives)
        debts, retros, due = len(self.debts), len(self.retrospectives), len(self.due)
        words: list[str | tuple[str, str]] = [
            f" {debts} {'debt' if debts == 1 else 'debts'}, {due} {'review' if due == 1 else 'reviews'} due"
        ]
        words += [f", {retros} {'retrospective' if retros == 1 else 'retrospectives'} owed"] if retros else []
        words += [(f", {late} overdue", "overdue")] if late else []
        return line(*words, *self.filter_pieces())

    def detail(self) -> list[Content]:
        """What is owed, in full."""
        chosen, zone = self.chosen, self.relui.zone()
        if isinstance(chosen, Debt):
            return debt_detail(chosen, self.now, zone)
        if isinstance(chosen, OwedRetrospective):
            return retrospective_detail(chosen, self.now, zone)
        if isinstance(chosen, DueReview):
            return review_detail(chosen, self.known, self.now, zone)
        if chosen is not None:
            return held_detail(chosen)
        if not self.read or self.rows.count():
            return []
        words = "Nothing fits." if self.filter_text else "Nothing is owed."
        return [line((words, "muted" if self.filter_text else "done"))]

    def back(self) -> None:
        """Esc stops reading, clears the filter, then leaves."""
        if not self.read and self.reading:
            self.stop_reading()
        else:
            super().back()

    def go_there(self) -> None:
        """To the checklist of a debt's release, a retrospective to be written, or the page of a review."""
        from relui.ui.review.screen import ReviewScreen

        chosen = self.chosen
        if isinstance(chosen, Debt):
            self.relui.open_screen("checklist", chosen.release, chosen.open[0].path)
        elif isinstance(chosen, OwedRetrospective):
            self.relui.open_screen("retrospective", chosen.release)
        elif isinstance(chosen, DueReview):
            self.app.push_screen(ReviewScreen(chosen.releases, chosen.words, self.known))
        elif isinstance(chosen, Review):
            words = f"{chosen.id}, held on {chosen.held}"
            self.app.push_screen(ReviewScreen(chosen.releases, words, self.known))
