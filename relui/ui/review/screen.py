"""The page of a review: which releases are on it, their figures and words, and that it was held [S1.29]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from relui.domain.instants import local_day
from relui.domain.summary import Summary
from relui.errors import BadInput, ReluiError
from relui.ui.kit.archive_reading import ReadsArchive
from relui.ui.kit.command import Commands
from relui.ui.kit.lines import Bar, LineList, ListOf, Pane
from relui.ui.kit.rows import ROW_MARKS, sign_of
from relui.ui.kit.screen import DeskScreen
from relui.ui.kit.text import line, title_bar
from relui.ui.kit.times import when
from relui.ui.one_release.acts import ReleaseActs
from relui.ui.review.commands import REVIEW
from relui.ui.review.rows import page_lines

_ACTIONS = ("first", "second", "third")
"""Actions that one form takes; more are raised with `relui pir done --action`."""


class _Releases(ListOf[str]):
    """The releases that the review may be about, each with whether it is on the page."""

    def __init__(self, releases: Sequence[str], known: Mapping[str, Summary], signs: str) -> None:
        super().__init__(id="releases")
        self.rows, self.known, self.signs = list(releases), known, signs
        self.on_page = set(releases)

    def content(self, index: int, width: int) -> Content:
        """One release."""
        name = self.rows[index]
        there = name in self.on_page
        sign = (sign_of("met" if there else "unmet", self.signs), ROW_MARKS["met"] if there else "muted")
        row, mark = self.known.get(name), "text" if there else "muted"
        words = f"  {row.service} {row.version}" if row else ""
        return line(" ", sign, " ", (name, "accent" if there else "muted"), (words, mark)).truncate(
            width, ellipsis=True
        )


class PagePane(Pane):
    """The page, set out anew at each width."""

    def __init__(self) -> None:
        super().__init__(id="page")
        self._page = ""

    def show_page(self, page: str) -> None:
        """Set the page."""
        self._page = page
        self.show([line(row) for row in page.split("\n")])

    def folded(self, width: int) -> list[Content]:
        """The page at a width."""
        return page_lines(self._page, width)


class ReviewScreen(ReadsArchive):
    """The releases at the left, the one page about those that are chosen beside them."""

    commands: ClassVar[Commands] = REVIEW
    beside = ("page",)
    CSS_PATH = "style.tcss"

    def __init__(self, releases: Sequence[str], words: str, known: Mapping[str, Summary]) -> None:
        super().__init__()
        self._releases, self._words, self._known = tuple(releases), words, known
        self._on_pane = False
        self.release_acts = ReleaseActs(self)

    def parts(self) -> ComposeResult:
        """Title, the releases and their page."""
        yield Bar(id="title")
        yield Bar(id="what")
        with Container(id="body"):
            yield _Releases(self._releases, self._known, self.relui.settings.signs)
            yield PagePane()

    def on_mount(self) -> None:
        """All of them are on the page at first."""
        self.releases.focus()
        self.reload()

    @property
    def releases(self) -> _Releases:
        """The releases."""
        return self.query_one(_Releases)

    @property
    def page_pane(self) -> PagePane:
        """The page."""
        return self.query_one(PagePane)

    @property
    def on_page(self) -> list[str]:
        """The releases on the page, in their order."""
        return [name for name in self._releases if name in self.releases.on_page]

    def main_list(self) -> LineList:
        """The moving keys move in the releases, or scroll the page."""
        return self.releases

    def release_to_read(self) -> str:
        """The release under the cursor."""
        return self.releases.selected or ""

    def move(self, by: int) -> None:
        """In the releases, or through the page."""
        if self._on_pane:
            self.page_pane.scroll_relative(y=by, animate=False)
        else:
            super().move(by)

    def page(self) -> int:
        """A page of what the keys move in."""
        return max(1, self.page_pane.size.height - 2) if self._on_pane else super().page()

    def reload(self) -> None:
        """The page anew."""
        self._show_bars()
        self.releases.refresh()
        self.write_page(self.on_page)

    def _show_bars(self) -> None:
        width = self.size.width
        self.query_one("#title", Bar).show(title_bar("Review", when(self.now, self.relui.zone()), width))
        count = f"{len(self.on_page)} of {len(self._releases)} on the page"
        words = line(" ", (self._words, "bold text"), (f"   {count}", "muted"))
        self.query_one("#what", Bar).show(words.truncate(max(width, 1), ellipsis=True))

    def fit(self, width: int, height: int) -> None:
        """The bars depend on the width."""
        super().fit(width, height)
        self._show_bars()

    @work(thread=True, exclusive=True, group="archive")
    def write_page(self, names: Sequence[str]) -> None:
        """Read the releases beside the screen: a month may have had many."""
        try:
            page = self.desk.archive.review_page(names) if names else "No release is on the page."
        except ReluiError as error:
            self.hand_over(self.show_error, error)
            return
        self.hand_over(self._show_page, page)

    def _show_page(self, page: str) -> None:
        self.page_pane.show_page(page)

    @on(LineList.Chosen)
    def _double(self) -> None:
        self.choose()

    def choose(self) -> None:
        """Put the release under the cursor on the page, or take it off."""
        self.releases.on_page ^= {self.release_to_read()}
        self.reload()

    def choose_all(self) -> None:
        """All, or none."""
        everything = set(self._releases)
        self.releases.on_page = set() if self.releases.on_page == everything else everything
        self.reload()

    def switch_pane(self) -> None:
        """To the page or back."""
        self._on_pane = not self._on_pane
        self.page_pane.set_class(self._on_pane, "-reading")

    def back(self) -> None:
        """Esc leaves."""
        self.app.pop_screen()

    async def record_held(self) -> None:
        """Ask for the notes, the day and actions; the notes stay as a draft until they are recorded."""
        from relui.desk.archive import Reviewed
        from relui.ui.kit.form import Entry, Form
        from relui.ui.kit.question import carry_out, text_editor

        names = self.on_page
        draft = f"review-{names[0]}"
        title = f"What the review of {names[0] if len(names) == 1 else f'{len(names)} releases'} found"
        notes: str | None = await self.app.push_screen_wait(text_editor(self, title, "", draft=draft))
        if notes is None:
            return
        if notes.strip():
            self.relui.keep_draft(draft, {"text": notes})
        today = local_day(self.now, self.desk.organisation.display_zone())
        entries = [Entry("held", "Held on", str(today), "2026-11-21")]
        entries += [
            Entry(name, f"Its {name} action", "", "what changes; empty for none") for name in _ACTIONS
        ]
        words = f"Actions are raised for {names[0]} and come back on the next release of its service."
        form = Form("The review was held", entries, check=_check_day, words=words, draft=f"{draft}-held")

        def record(values: dict[str, str]) -> Reviewed:
            actions = [values[name].strip() for name in _ACTIONS if values[name].strip()]
            return self.desk.archive.record_review(
                names, notes or "", held=_day(values["held"]), actions=actions
            )

        done = await carry_out(self, form, record)
        if done is None:
            self.say("Nothing was recorded. H offers what was typed again.", "muted")
            return
        self.relui.forget_draft(draft)
        raised = f" with {', '.join(each.id for each in done.actions)}" if done.actions else ""
        self._recorded(f"{done.review.id} is recorded: {len(names)} reviewed{raised}.")

    def _recorded(self, words: str) -> None:
        """Back to where the review was asked for, with what was done."""
        if self.is_current:
            self.app.pop_screen()
            below = self.app.screen
            if isinstance(below, DeskScreen):
                below.reload()
                below.say(words, "done")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"'{text.strip()}' is no day. Write it as 2026-11-21.") from None


def _check_day(name: str, text: str) -> None:
    if name == "held":
        _day(text)
