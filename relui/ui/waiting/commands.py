"""Commands of what waits for whom."""

from __future__ import annotations

from functools import partial

from relui.ui.kit.command import Command, Commands, nothing_chosen

_waiting = partial(Command, section="Waiting")

# fmt: off
WAITING: Commands = (
    _waiting("waiting-open", "Go there", ("enter",), "go_there",
             "Go to where it is done: the line of the record, the item of the checklist, the review.",
             rank=1, refused=nothing_chosen),
    _waiting("waiting-person", "For whom", ("p",), "choose_person",
             "Choose for whom: one person, or everybody.", rank=2),
    _waiting("waiting-all", "Everybody / me", ("a", "tab"), "toggle_everybody",
             "Show what waits for everybody, or for you alone.", rank=3),
    _waiting("waiting-filter", "Filter", ("slash",), "start_filter",
             "Show only lines with these words.", rank=4),
    _waiting("waiting-sort", "Sort", ("s",), "sort_lines",
             "Sort: the most urgent first, by release, worst first, by when it is due.", rank=5),
)
# fmt: on
