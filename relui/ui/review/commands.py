"""Commands of what is owed after releases, and of the page of a review."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from relui.ui.kit.command import Command, Commands, first_of, nothing_chosen


class _Reads(Protocol):
    read: bool

    @property
    def reading(self) -> bool: ...


def _still_read(screen: _Reads) -> str:
    return "What is owed is still being read." if not screen.read and screen.reading else ""


_owed = partial(Command, section="Owed")

# fmt: off
OWED: Commands = (
    _owed("owed-open", "Go there", ("enter", "l", "right"), "go_there",
          "Go there: a debt leads to its release's checklist, a review to its page.",
          rank=1, refused=first_of(_still_read, nothing_chosen)),
    _owed("owed-filter", "Filter", ("slash",), "start_filter", "Show only lines with these words.", rank=2),
)
# fmt: on


class _Page(Protocol):
    @property
    def on_page(self) -> Sequence[str]: ...


def _empty_page(screen: _Page) -> str:
    return "" if screen.on_page else "No release is on the page. Space puts one on it."


_review = partial(Command, section="Review")

# fmt: off
REVIEW: Commands = (
    _review("review-choose", "On the page", ("space",), "choose",
            "Take the release under the cursor off the page, or put it on again.", rank=1),
    _review("review-all", "All/none", ("a",), "choose_all", "All releases on the page, or none.", rank=3),
    _review("review-held", "Record as held", ("H",), "record_held",
            "Record that the review of the releases on the page was held: notes, the day, actions.",
            rank=2, refused=_empty_page),
    _review("review-open", "Open", ("enter",), "release_acts.checklist",
            "Open the checklist of the release under the cursor.", rank=4),
    _review("review-pane", "Releases/page", ("tab",), "switch_pane",
            "Move between the releases and the page; the moving keys scroll the page then.", rank=5),
)
# fmt: on
