"""The reviews that the demo's organisation held: all but the latest, which wait [S1.29]."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from msgspec import Struct

from relui.demo.times import Moments
from relui.domain.learning.actions import Learned
from relui.domain.learning.reviews import DueReview, reviews_due
from relui.domain.organisation import Organisation
from relui.domain.summary import Summary

WAITING = timedelta(days=20)
"""Reviews that were due so lately have not been held yet."""


class HeldReview(Struct, frozen=True):
    """One review as it is recorded: when, of which releases, by whom, and what it found."""

    at: datetime
    releases: tuple[str, ...]
    by: str
    notes: str


def held_reviews(
    rows: Sequence[Summary],
    organisation: Organisation,
    moments: Moments,
    notes: Sequence[str],
    waiting: timedelta = WAITING,
) -> list[HeldReview]:
    """The reviews of closed releases that were held, each on the day when it was due, at ten."""
    due = reviews_due(rows, Learned(), organisation, moments.now, moments.zone)
    owners = {row.id: row.owner for row in rows}
    past = [each for each in due if each.due < moments.now - waiting]
    return [_held(each, moments, owners, notes[number % len(notes)]) for number, each in enumerate(past)]


def _held(due: DueReview, moments: Moments, owners: dict[str, str], notes: str) -> HeldReview:
    at = moments.wall(moments.day_of(due.due), time(10))
    return HeldReview(at, due.releases, owners[due.releases[0]], notes)
