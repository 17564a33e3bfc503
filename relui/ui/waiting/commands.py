"""Commands of what waits for whom."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.kit.command import Command, Commands

if TYPE_CHECKING:
    from relui.ui.waiting.screen import WaitingScreen


class _View(Command):
    section = "Waiting"


class GoThere(_View):
    """Go to where it is done: the line of the record, the item of the checklist, the review."""

    id, title, keys, rank = "waiting-open", "Go there", ("enter",), 1

    @classmethod
    def refusal(cls, screen: WaitingScreen) -> str:
        return "" if screen.chosen else "Nothing is selected."

    @classmethod
    def run(cls, screen: WaitingScreen) -> Awaitable[None] | None:
        return screen.go_there()


class ChoosePerson(_View):
    """Choose for whom: one person, or everybody."""

    id, title, keys, rank = "waiting-person", "For whom", ("p",), 2

    @classmethod
    def run(cls, screen: WaitingScreen) -> Awaitable[None]:
        return screen.choose_person()


class Everybody(_View):
    """Show what waits for everybody, or for you alone."""

    id, title, keys, rank = "waiting-all", "Everybody / me", ("a", "tab"), 3

    @classmethod
    def run(cls, screen: WaitingScreen) -> None:
        screen.toggle_everybody()


class FilterWaiting(_View):
    """Show only lines with these words."""

    id, title, keys, rank = "waiting-filter", "Filter", ("slash",), 4

    @classmethod
    def run(cls, screen: WaitingScreen) -> None:
        screen.start_filter()


class SortWaiting(_View):
    """Sort: the most urgent first, by release, worst first, by when it is due."""

    id, title, keys, rank = "waiting-sort", "Sort", ("s",), 5

    @classmethod
    def run(cls, screen: WaitingScreen) -> None:
        screen.sort_lines()


WAITING: Commands = (GoThere, ChoosePerson, Everybody, FilterWaiting, SortWaiting)
