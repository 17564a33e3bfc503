"""What is owed after releases: debts of emergencies, retrospectives, reviews (PIR) [S0.9, S1.29, S1.36]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from relui.domain.learning.actions import Review
from relui.domain.learning.debts import Debt
from relui.domain.learning.reviews import DueReview, OwedRetrospective
from relui.domain.summary import Summary, summarise
from relui.errors import ReluiError
from relui.ui.kit.archive_reading import READING, ReadsArchive, Stopped
from relui.ui.kit.command import Commands, bindings
from relui.ui.kit.everywhere import EVERYWHERE, MOVING
from relui.ui.kit.lines import Bar, LineList, Pane
from relui.ui.kit.row_list import RowList
from relui.ui.kit.rows import sign_legend
from relui.ui.kit.text import line
from relui.ui.kit.times import when
from relui.ui.one_release.rows import title_bar
from relui.ui.review.commands import OWED
from relui.ui.review.owed_rows import (
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


class OwedScreen(ReadsArchive):
    """Debts first, then reviews, the first due first; below, what is under the cursor."""

    commands: ClassVar[Commands] = OWED
    beside = ("detail",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((*OWED, *MOVING, *EVERYWHERE))]
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
        self._minute = -1
        self._learned: object = None

    def parts(self) -> ComposeResult:
        """Title, what there is, the rows, and the selected one in full."""
        yield Bar(id="title")
        yield Bar(id="sums")
        yield RowList(id="rows", signs=self.relui.settings.signs)
        yield Pane(id="detail")

    def on_mount(self) -> None:
        """Ask beside the screen: the catalogue may have to be rebuilt."""
        self._show()
        self.rows.focus()
        self.reload()

    @property
    def rows(self) -> RowList:
        """The rows."""
        return self.query_one("#rows", RowList)

    def bar_commands(self) -> Commands:
        """Without the way to where we are."""
        return tuple(command for command in self.all_commands() if command.id != "go-owed")

    def main_list(self) -> LineList:
        """The moving keys move in the rows."""
        return self.rows

    def legend(self) -> list[Content]:
        """What the signs mean."""
        return sign_legend(self.relui.settings.signs)

    @property
    def chosen(self) -> Debt | OwedRetrospective | DueReview | Review | None:
        """What is under the cursor."""
        row = self.rows.selected
        if row is None or row.is_heading:
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
                *desk.files.archived(self.progress_of("archive")),
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
        self._show()
        if first:
            self.rows.begin()
            named = next((each for each in self.due if self._review_of in each.releases), None)
            if named is not None and self._review_of:
                self.rows.select([(REVIEW, review_key(named))])
        self._show_detail()

    def _show(self) -> None:
        self.rows.show(owed_rows(self.debts, self.retrospectives, self.due, self.held, self.known, self.now))
        self._show_bars()
        self._show_detail()

    def _show_bars(self) -> None:
        width = self.size.width
        self.query_one("#title", Bar).show(
            title_bar("Owed after releases", when(self.now, self.relui.zone()), width)
        )
        late = sum(each.overdue for each in self.debts) + sum(each.overdue for each in self.due)
        late += sum(each.overdue for each in self.retrospectives)
        debts, retros, due = len(self.debts), len(self.retrospectives), len(self.due)
        words: list[str | tuple[str, str]] = [
            f" {debts} {'debt' if debts == 1 else 'debts'}, {due} {'review' if due == 1 else 'reviews'} due"
        ]
        words += [f", {retros} {'retrospective' if retros == 1 else 'retrospectives'} owed"] if retros else []
        words += [(f", {late} overdue", "overdue")] if late else []
        if self.filter_text:
            words += [("   filter: ", "muted"), (self.filter_text, "overdue")]
        self.query_one("#sums", Bar).show(line(*words) if self.read else line())

    def _show_detail(self) -> None:
        pane, chosen, zone = self.query_one("#detail", Pane), self.chosen, self.relui.zone()
        if isinstance(chosen, Debt):
            pane.show(debt_detail(chosen, self.now, zone), top=True)
        elif isinstance(chosen, OwedRetrospective):
            pane.show(retrospective_detail(chosen, self.now, zone), top=True)
        elif isinstance(chosen, DueReview):
            pane.show(review_detail(chosen, self.known, self.now, zone), top=True)
        elif chosen is not None:
            pane.show(held_detail(chosen), top=True)
        elif self.read and not self.rows.count():
            words = "Nothing fits." if self.filter_text else "Nothing is owed."
            pane.show([line((words, "muted" if self.filter_text else "done"))])
        else:
            pane.show([])

    def fit(self, width: int, height: int) -> None:
        """The bars depend on the width."""
        super().fit(width, height)
        self._show_bars()

    @on(LineList.Moved, "#rows")
    def _moved(self) -> None:
        self._show_detail()

    @on(LineList.Chosen, "#rows")
    def _chosen(self) -> None:
        self.action_command("owed-open")

    def beat(self, changed: frozenset[str]) -> None:
        """Something was written, or a minute went by."""
        stamp, minute = self.desk.learning.file.stamp(), int(self.now.timestamp() // 60)
        if changed or stamp != self._learned or minute != self._minute:
            first, self._learned, self._minute = self._minute < 0, stamp, minute
            if not first:
                self.reload()

    def back(self) -> None:
        """Esc stops reading, clears the filter, then leaves."""
        if not self.read and self.reading:
            self.stop_reading()
        elif self.filter_text:
            self.filter_by("")
        else:
            self.app.pop_screen()

    def filter_by(self, text: str) -> None:
        """Show only lines that have every word of `text`."""
        self.filter_text = self.rows.filter = text
        self.rows.rebuild()
        self.rows.begin()
        self._show_bars()
        self._show_detail()

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
