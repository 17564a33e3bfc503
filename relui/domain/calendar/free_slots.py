"""The next free slots, and why each earlier candidate was passed over [S1.31]."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.board import Board
from relui.domain.calendar.check import check
from relui.domain.calendar.slot import Finding, Slot, Verdict
from relui.domain.calendar.wall_clock import length_words, moment_words
from relui.domain.calendar.windows import EXCEPTION, HORIZON, STEP, next_start, rounded

_A_MINUTE = timedelta(minutes=1)


class PassedOver(Struct, frozen=True):
    """Candidates from `start` to `end` (UTC, the end not included) that are not free, and why.

    `findings` are what blocks the first of the `candidates`, `words` the same as sentences; the others are
    blocked by the same parties.
    """

    start: datetime
    end: datetime
    words: str
    findings: tuple[Finding, ...] = ()
    candidates: int = 1


class FreeSlots(Struct, frozen=True):
    """What was found, what was passed over before the last one, and how far was searched (UTC).

    `words` says that nothing, or less than asked for, is free; else it is empty.
    """

    found: tuple[Verdict, ...]
    passed_over: tuple[PassedOver, ...]
    until: datetime
    words: str = ""


def free_slots(
    board: Board,
    slot: Slot,
    start: datetime,
    count: int,
    now: datetime,
    *,
    step: timedelta = STEP,
    horizon: timedelta = HORIZON,
) -> FreeSlots:
    """The first `count` slots from `start` on, never before `now`, that no rule forbids.

    A slot begins where a window opens, where an obstacle ends or the slot before it does, rounded up to
    `step`; so no two overlap. The slot is asked for anew: a booking that it holds gives it no precedence.
    """
    begin = rounded(max(start.astimezone(UTC), now.astimezone(UTC)), step)
    until = begin + horizon
    asked = replace(slot, standing="planned", counter=0, service=board.relations.id_of(slot.service))
    found: list[Verdict] = []
    passed: list[PassedOver] = []
    told = 0  # what was passed over after the last free slot is of interest only when too few are found
    at = begin
    while at < until and len(found) < count:
        verdict = check(board, replace(asked, start=at), now)
        if verdict.free:
            found.append(verdict)
            told = len(passed)
            at = next_start(board, asked, verdict.slot.end, until, step)
            continue
        obstacles = [finding.end for finding in verdict.blocks if finding.rule != "window" and finding.end]
        cleared = max(obstacles, default=None)
        following = next_start(board, asked, cleared or at + _A_MINUTE, until, step)
        _tell(passed, verdict, min(following, until) if cleared is None else cleared, since=told)
        at = following
    enough = len(found) >= count
    return FreeSlots(
        tuple(found),
        tuple(passed[:told] if enough else passed),
        until,
        "" if enough else _shortage(len(found), count, board, asked, until),
    )


def _tell(passed: list[PassedOver], verdict: Verdict, end: datetime, since: int) -> None:
    """Add why a candidate was passed over, to the span before it if that was for the same reasons."""
    last = passed[-1] if len(passed) > since else None
    if last is not None and _reasons(last.findings) == _reasons(verdict.blocks):
        passed[-1] = replace(last, end=end, candidates=last.candidates + 1)
        return
    words = " ".join(finding.words for finding in verdict.blocks)
    passed.append(PassedOver(verdict.slot.start, end, words, verdict.blocks))


def _reasons(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.other) for finding in findings]


def _shortage(found: int, count: int, board: Board, slot: Slot, until: datetime) -> str:
    """That fewer slots are free than were asked for."""
    name = board.relations.name(slot.service)
    length = length_words(timedelta(minutes=slot.duration))
    number = f"Only {found} of {count} slots" if found else "No slot"
    return (
        f"{number} of {length} for {name} could be found before {moment_words(until, slot.zone)}."
        f" Shorten the release, or {EXCEPTION}."
    )
