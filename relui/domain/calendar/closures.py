"""Times in which blackouts take every window away from a service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from relui.domain.calendar.board import PRODUCTION, Board, merged
from relui.domain.calendar.entries import Entry, Occurrence
from relui.domain.calendar.wording import list_words, moment_words

_LISTED = 6
Spans = list[tuple[datetime, datetime]]


class Closure(Struct, frozen=True):
    """From `start` to `end` (UTC) these services have windows, and blackouts take all of them."""

    start: datetime
    end: datetime
    services: tuple[str, ...]
    blackouts: tuple[Entry, ...]

    @property
    def length(self) -> timedelta:
        """How long nothing is open."""
        return self.end - self.start

    def words(self, board: Board) -> str:
        """The closure as a sentence, in the organisation's zone."""
        names = [board.relations.name(service) for service in self.services if service]
        more = [f"{len(names) - _LISTED} more"] if len(names) > _LISTED else []
        whom = list_words(names[:_LISTED] + more) if names else "every service"
        by = list_words(f"'{entry.name}'" for entry in self.blackouts)
        start, end = moment_words(self.start, board.zone), moment_words(self.end, board.zone)
        return f"Blackouts leave {whom} no window for {self.length.days} days, from {start} to {end}: {by}."


def closures(
    board: Board,
    taking_place: Mapping[str, Sequence[Occurrence]],
    start: datetime,
    end: datetime,
    shortest: timedelta,
) -> Iterator[Closure]:
    """Every closure of production in [start, end), once for services with the same windows and blackouts.

    `taking_place` holds the occurrences of the entries that count, by the entry's id. Where the windows
    themselves lie `shortest` apart, blackouts are to blame only when they take a whole opening.
    """
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    blackouts = {}
    for service in _services(board):
        open_in = tuple(one.id for one in board.windows_of(service, PRODUCTION) if one.id in taking_place)
        shut_in = [one for one in board.blackouts_of(service, PRODUCTION) if one.id in taking_place]
        blackouts.update({one.id: one for one in shut_in})
        if open_in and shut_in:
            alike.setdefault((open_in, tuple(one.id for one in shut_in)), []).append(service)
    for (open_in, ids), services in alike.items():
        shine = merged((one.start, one.end) for id_ in open_in for one in taking_place[id_])
        dark = merged((one.start, one.end) for id_ in ids for one in taking_place[id_])
        for begin, finish in gaps(left_of(shine, dark), start, end):
            if finish - begin < shortest:
                continue
            whole = any(begin <= a and b <= finish for a, b in shine)
            apart = max((b - a for a, b in gaps(shine, begin, finish)), default=timedelta())
            if whole or apart < shortest:
                by = [i for i in ids if any(o.start < finish and o.end > begin for o in taking_place[i])]
                yield Closure(begin, finish, tuple(services), tuple(blackouts[i] for i in by))


def _services(board: Board) -> list[str]:
    """The services that are listed and restricted, or else those that entries name, or else any."""
    organisation = board.organisation
    if organisation.services:
        return [service.id for service in organisation.services if not service.unrestricted]
    return sorted({name for entry in organisation.entries for name in entry.services}) or [""]


def left_of(spans: Spans, dark: Spans) -> Spans:
    """What is left of `spans` outside of `dark`; both merged and in order."""
    left: Spans = []
    first = 0
    for start, end in spans:
        while first < len(dark) and dark[first][1] <= start:
            first += 1
        at = start
        for begin, finish in dark[first:]:
            if begin >= end:
                break
            if at < begin:
                left.append((at, begin))
            at = max(at, finish)
        if at < end:
            left.append((at, end))
    return left


def gaps(spans: Spans, start: datetime, end: datetime) -> Spans:
    """The times in [start, end) between spans, which are in order."""
    found: Spans = []
    at = start
    for begin, finish in spans:
        if at < begin and at < end:
            found.append((at, min(begin, end)))
        at = max(at, finish)
    return [*found, (at, end)] if at < end else found
