"""How `relui show` tells a release's slot: who booked it, what stands against it, and the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from relui.cli.output import Piece, Styled
from relui.cli.wording import moment
from relui.domain.release import HOLD_WORDS, Booking, Release, milestones, milestones_over
from relui.domain.slot_hold import exception_words, finished, hold_of

if TYPE_CHECKING:
    from relui.domain.calendar.slot import Finding

Lines = Iterator[tuple[Piece, ...]]


def slot_lines(release: Release, conflicts: Sequence[Finding], now: datetime, zone: str) -> Lines:
    """The lines of a release's slot and its timeline; an archived one tells what it held. Times in `zone`."""
    held = release.booking
    if held is not None:
        yield _booked(release, held, now, zone)
        yield from _passed(release, held)
    elif not finished(release):
        yield ("Slot not booked",)
    for conflict in conflicts:
        yield (Styled("CONFLICT", "alarm"), f" {conflict.words} {conflict.way_out}".rstrip())
    if release.people:
        yield (f"People {', '.join(release.people)}",)
    if not release.closed:
        yield from _timeline(release, now)


def _booked(release: Release, held: Booking, now: datetime, zone: str) -> tuple[Piece, ...]:
    ended = finished(release)
    if ended:
        return (f"Slot no longer needed: {HOLD_WORDS[ended]} (was booked by {held.booked_by})",)
    words = f"by {held.booked_by}, {moment(held.booked_at, zone)}, booking {held.counter}"
    if held.held == "to-be-moved":
        taken = f", lost to {held.displaced_by}" if held.displaced_by else ""
        why = f": {held.why}" if held.why else ""
        return ("Slot ", Styled("TO BE MOVED", "alarm"), f"{taken}{why} (was booked {words})")
    hold = hold_of(release, now)
    if hold == "missed":
        return ("Slot ", Styled("MISSED", "alarm"), f", it passed unused: book another (was booked {words})")
    if hold == "requested":
        return ("Slot ", Styled("REQUESTED", "alarm"), f" as an exception {words}")
    return (f"Slot booked {words}",)


def _passed(release: Release, held: Booking) -> Lines:
    if held.exception:
        yield (f"    exception, {exception_words(release)}: {held.exception}",)
    for words in held.passed:
        yield (f"    passed: {words}",)
    if held.displaced:
        yield (f"    in place of {', '.join(held.displaced)}",)


def _timeline(release: Release, now: datetime) -> Lines:
    planned = milestones(release.type, release.go_live, release.zone)
    over = milestones_over(planned, now, release.zone)
    days = [f"{one.name} {one.day:%a} {one.day}{' (past)' if one in over else ''}" for one in planned]
    if days:
        yield (f"Timeline: {', '.join(days)}",)
