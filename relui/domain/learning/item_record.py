"""How each checklist item fared over many releases: done, late, failed, not applicable, in what time [S1.34].

The time of an item is counted from the tick before it in the same phase of the same release; what was ticked
in one act with others, or first in its phase, says nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Literal

from msgspec import Struct

from relui.domain.checklist import State

ENOUGH = 5
"""Releases that an item must have been on before anything is concluded from it."""
OFTEN = 0.2
"""The share of failures or delays from which an item is worth automating."""

Advice = Literal["", "drop", "automate"]


class BareItem(Struct, gc=False):
    """What is needed of an item of a stored release."""

    id: str
    text: str = ""
    when_done: str = ""
    items: tuple[BareItem, ...] = ()


class BarePhase(Struct, gc=False):
    """What is needed of a phase."""

    id: str
    items: tuple[BareItem, ...] = ()


class BareMark(Struct, gc=False):
    """What is needed of a mark."""

    state: State = State.OPEN
    at: datetime | None = None
    late: bool = False
    bound: bool = False


class BareRelease(Struct, gc=False):
    """A release without all that is not about its items: quick to read by the thousand."""

    id: str
    phases: tuple[BarePhase, ...] = ()
    marks: dict[str, BareMark] = {}


class ItemRecord(Struct, frozen=True):
    """One item, by its path: on how many releases it was and what became of it there.

    `minutes` is the median of what it took, None when nothing is known; `left_open` was never resolved.
    """

    path: str
    text: str
    releases: int
    done: int
    late: int
    failed: int
    left_out: int
    left_open: int
    minutes: float | None

    @property
    def advice(self) -> Advice:
        """Never applicable: drop it. Often late or failing: let a machine do it."""
        if self.releases < ENOUGH:
            return ""
        if self.left_out + self.left_open == self.releases:
            return "drop"
        return "automate" if (self.failed + self.late) / self.releases >= OFTEN else ""


class ItemRecords:
    """Counts releases one by one, so that thousands need no memory of their own."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._texts: dict[str, str] = {}
        self._minutes: dict[str, list[float]] = {}

    def add(self, release: BareRelease) -> None:
        """Count one release. Items that tick themselves are nobody's work and are left out."""
        for phase in release.phases:
            ticks: list[tuple[datetime, str]] = []
            for path, item in _leaves(phase.id, phase.items):
                if item.when_done:
                    continue
                mark = release.marks.get(path)
                self._count(path, item.text, mark)
                if mark is not None and mark.state is State.DONE and mark.at is not None and not mark.bound:
                    ticks.append((mark.at, path))
            self._time(ticks)

    def _count(self, path: str, text: str, mark: BareMark | None) -> None:
        counts = self._counts.get(path)
        if counts is None:
            counts = self._counts[path] = [0] * 6
        self._texts[path] = text
        state = mark.state if mark is not None else State.OPEN
        counts[0] += 1
        counts[_PLACE[state]] += 1
        if mark is not None and mark.late and state is State.DONE:
            counts[2] += 1

    def _time(self, ticks: list[tuple[datetime, str]]) -> None:
        ticks.sort()
        for (before, _), (at, path) in pairwise(ticks):
            seconds = (at - before).total_seconds()
            if seconds > 0:
                self._minutes.setdefault(path, []).append(seconds / 60)

    def result(self) -> tuple[ItemRecord, ...]:
        """Every item: those that fail or are late most often first, then those that never apply."""
        found = [
            ItemRecord(
                path, self._texts[path], total, done, late, failed, left_out, left_open,
                round(median(self._minutes[path]), 1) if path in self._minutes else None,
            )
            for path, (total, done, late, failed, left_out, left_open) in self._counts.items()
        ]  # fmt: skip
        return tuple(sorted(found, key=_rank))


_PLACE = {
    State.DONE: 1,
    State.FAILED: 3,
    State.NOT_APPLICABLE: 4,
    State.OPEN: 5,
    State.PARTIAL: 5,
}


def _leaves(above: str, items: Iterable[BareItem]) -> Iterable[tuple[str, BareItem]]:
    for item in items:
        path = f"{above}.{item.id}"
        if item.items:
            yield from _leaves(path, item.items)
        else:
            yield path, item


def _rank(each: ItemRecord) -> tuple[bool, float, float, str]:
    trouble = (each.failed + each.late) / each.releases
    return not each.advice, -trouble, -each.left_out / each.releases, each.path
