"""The archive's rows, ready to be searched with every key: words, filters and an order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct

from relui.domain.instants import local_day
from relui.domain.release import OUTCOMES
from relui.domain.summary import Summary

FILTERS = ("service", "type", "outcome", "since", "until")
"""Written before a colon, they narrow the archive: `type:patch outcome:rolled-back since:2026-09`."""


class Wanted(Struct, frozen=True):
    """What a search asks for: every word somewhere, and the beginnings of service, type and outcome.

    `since` and `until` are the beginnings of ISO days (`2026`, `2026-09`), both included, in the zone of
    each release.
    """

    words: tuple[str, ...] = ()
    service: str = ""
    type: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""


def wanted(text: str) -> Wanted:
    """What was typed. A filter without a value asks for nothing; an unknown one is a word."""
    words: list[str] = []
    filters: dict[str, str] = {}
    for part in text.casefold().split():
        name, colon, value = part.partition(":")
        if colon and name in FILTERS:
            filters[name] = value
        else:
            words.append(part)
    return Wanted(tuple(words), **filters)


def with_filter(text: str, name: str, value: str) -> str:
    """The text with one filter set to a value, or without it when the value is empty."""
    kept = [part for part in text.split() if not part.casefold().startswith(f"{name}:")]
    return " ".join([*kept, f"{name}:{value}"] if value else kept)


def _overrun(row: Summary) -> float:
    """Minutes beyond the planned duration; what never ended comes last."""
    if row.started_at is None or row.completed_at is None:
        return float("-inf")
    return (row.completed_at - row.started_at).total_seconds() / 60 - row.duration


_WORST_FIRST = {name: number for number, name in enumerate(("rolled-back", "partial", "cancelled"))}
ORDERS: dict[str, tuple[Callable[[Summary], Any], bool]] = {
    "newest first": (lambda row: (row.go_live, row.id), True),
    "oldest first": (lambda row: (row.go_live, row.id), False),
    "by service": (lambda row: (row.service.casefold(), row.go_live), False),
    "worst outcome first": (lambda row: (_WORST_FIRST.get(row.outcome or "", 9), -row.failed), False),
    "longest overrun first": (_overrun, True),
}
"""Name -> key, and whether it is turned round."""


class ArchiveIndex:
    """Rows in the chosen order. A search that goes on from the last one looks at its rows only.

    The rows' own words are searched where they are: nothing large is held twice.
    """

    def __init__(self, rows: Iterable[Summary], order: str = "newest first") -> None:
        key, turned = ORDERS[order]
        self.rows = sorted(rows, key=key, reverse=turned)
        self.order = order
        self._heads = [_head(row) for row in self.rows]
        self._days: list[str] = []
        self._last: tuple[str, list[int]] = ("", list(range(len(self.rows))))

    def find(self, text: str) -> list[Summary]:
        """The rows that have every word and pass every filter, in the order of the index."""
        before, among = self._last
        # Only a text that goes on can but narrow: a filter's value may have changed otherwise.
        goes_on = text.startswith(before) and not before.endswith(":")
        asked = wanted(text)
        found = self._among(among if goes_on else range(len(self.rows)), asked)
        self._last = (text, found)
        return [self.rows[number] for number in found]

    def _among(self, numbers: Sequence[int], asked: Wanted) -> list[int]:
        heads, rows = self._heads, self.rows
        found = list(numbers)
        for word in asked.words:
            found = [number for number in found if word in heads[number] or word in rows[number].words]
        if asked.service:
            found = [n for n in found if rows[n].service.casefold().startswith(asked.service)]
        if asked.type:
            found = [n for n in found if rows[n].type.startswith(asked.type)]
        if asked.outcome:
            found = [n for n in found if (rows[n].outcome or "").startswith(asked.outcome)]
        if asked.since or asked.until:
            found = [n for n in found if self._within(n, asked)]
        return found

    def _within(self, number: int, asked: Wanted) -> bool:
        if not self._days:
            self._days = [local_day(row.go_live, row.zone).isoformat() for row in self.rows]
        day = self._days[number]
        return day >= asked.since and (not asked.until or day[: len(asked.until)] <= asked.until)

    def values(self, name: str) -> list[tuple[str, int]]:
        """What a filter can be set to, each with how many rows it leaves; years for `since` and `until`."""
        counts: dict[str, int] = {}
        for row in self.rows:
            value = str(local_day(row.go_live, row.zone).year)
            if name in ("service", "type", "outcome"):
                value = getattr(row, name) or ""
            counts[value] = counts.get(value, 0) + 1
        known = list(OUTCOMES) if name == "outcome" else sorted(counts)
        return [(value, counts[value]) for value in known if value and value in counts]


def _head(row: Summary) -> str:
    """What a search finds beside the words that the row holds folded already."""
    parts = (row.id, row.title, row.service, row.version, row.owner, row.type, row.outcome or "")
    return " ".join((*parts, *row.changes)).casefold()
