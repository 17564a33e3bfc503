"""What is looked back at: reviews after the release (PIR) [S1.29], and retrospectives that are owed [S0.9].

A major release is reviewed alone, the others of a month on one page. What was learned waits for people:
open actions for their owners, reviews for those of the releases. What is past its retention [S0.8] is
listed, and removed only by somebody who says exactly what; nothing is by itself. Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.holidays import business_days_after
from relui.domain.dossier.notices import end_of_day
from relui.domain.dossier.waiting import Waiting
from relui.domain.instants import local_day
from relui.domain.learning.actions import Action, Learned, Purge, Review, Step
from relui.domain.learning.carrying import carried_by
from relui.domain.learning.metrics import was_deployed
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.summary import Summary
from relui.domain.text import counted, long_text
from relui.errors import BadInput, Refused


def months_before(at: datetime, months: int) -> datetime:
    """The instant that many calendar months earlier; a day that the month has not is its last."""
    index = at.year * 12 + at.month - 1 - months
    year, month = divmod(index, 12)
    for day in (at.day, 30, 29, 28):
        try:
            return at.replace(year=max(year, 1), month=month + 1, day=min(at.day, day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def past_retention(
    rows: Iterable[Summary], months: int, before: datetime, now: datetime
) -> tuple[Summary, ...]:
    """The closed releases that ended before `before` and whose retention is over, the oldest first."""
    limit = min(before, months_before(now, months))
    found = [row for row in rows if row.closed_at is not None and row.closed_at < limit]
    return tuple(sorted(found, key=lambda row: (row.closed_at or row.go_live, row.id)))


def confirmation(count: int) -> str:
    """What somebody has to type who means it."""
    return f"purge {counted(count, 'release')}"


def refuse_unconfirmed(typed: str, count: int) -> None:
    """Raises Refused unless the words are exactly those of `confirmation`."""
    if typed.strip() != confirmation(count):
        raise Refused(
            f"Nothing was removed. To remove them for good, confirm it with the words: {confirmation(count)}"
        )


def purged(learned: Learned, releases: Sequence[tuple[str, str]], export: str, by: str, at: datetime) -> Step:
    """Note which releases (identifier and seal) were removed, and which export holds them."""
    ids = tuple(release for release, _ in releases)
    purge = Purge(
        id=f"R-{len(learned.purges) + 1}",
        releases=ids,
        seals=tuple(seal for _, seal in releases),
        export=export,
        at=at.astimezone(UTC),
        by=by,
    )
    words = f"removed {len(ids)} past their retention, exported to {export}: {', '.join(ids)}"
    return replace(learned, purges=(*learned.purges, purge)), words


class DueReview(Struct, frozen=True):
    """A review that has to be held: of one major release, or of the other releases of a month (`2026-10`)."""

    kind: Literal["major", "periodic"]
    releases: tuple[str, ...]
    month: str
    due: datetime
    overdue: bool

    @property
    def words(self) -> str:
        """What is to be reviewed."""
        if self.kind == "major":
            return f"Review of {self.releases[0]}, a major release"
        return f"Periodic review of {self.month}: {counted(len(self.releases), 'release')}"


def reviews_due(
    rows: Iterable[Summary], learned: Learned, organisation: Organisation, now: datetime, zone: str
) -> tuple[DueReview, ...]:
    """What has to be reviewed, the first due first. `rows` are archived and active releases.

    A month counts when it is over.
    """
    reviewed = learned.reviewed
    policy, horizon = organisation.policy, months_before(now, organisation.policy.retention_months)
    found: list[DueReview] = []
    months: dict[str, list[Summary]] = {}
    for row in rows:
        ended = _ended(row)
        if ended is None or ended < horizon or row.id in reviewed:
            continue
        if row.type == "major":
            day = local_day(ended, row.zone)
            due = end_of_day(business_days_after(day, policy.pir_days, organisation.holidays), row.zone)
            found.append(DueReview("major", (row.id,), f"{day:%Y-%m}", due, now > due))
        else:
            months.setdefault(f"{local_day(ended, zone):%Y-%m}", []).append(row)
    this_month = f"{local_day(now, zone):%Y-%m}"
    for month, group in months.items():
        if month >= this_month:
            continue
        last = _last_day(month)
        due = end_of_day(business_days_after(last, policy.pir_days, organisation.holidays), zone)
        ids = tuple(sorted(row.id for row in group))
        found.append(DueReview("periodic", ids, month, due, now > due))
    return tuple(sorted(found, key=lambda each: (each.due, each.releases)))


def _ended(row: Summary) -> datetime | None:
    """When it was deployed; None when it was not, or is being deployed."""
    if not was_deployed(row):
        return None
    return row.completed_at or (row.closed_at if row.outcome else None)


def _last_day(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    following = date(year + number // 12, number % 12 + 1, 1)
    return following - timedelta(days=1)


def record_review(
    learned: Learned, releases: Sequence[str], notes: str, held: date, by: str, at: datetime
) -> Step:
    """Record that a review was held, on each of its releases. Raises BadInput without notes, or releases.

    A release that was reviewed before may be reviewed again: both stay.
    """
    notes = long_text(notes, what="The notes of the review")
    if not notes:
        raise BadInput("Say what the review found. Nothing was recorded.")
    ids = tuple(dict.fromkeys(releases))
    if not ids:
        raise BadInput("Name the releases that were reviewed. Nothing was recorded.")
    if held > at.date() + timedelta(days=1):
        raise BadInput(f"{held} is still to come: a review is recorded when it was held.")
    review = Review(
        id=f"P-{len(learned.reviews) + 1}",
        releases=ids,
        held=held,
        notes=notes,
        recorded_at=at.astimezone(UTC),
        recorded_by=by,
    )
    return replace(learned, reviews=(*learned.reviews, review)), f"reviewed {', '.join(ids)} ({review.id})"


class OwedRetrospective(Struct, frozen=True):
    """A release that was closed without its retrospective: whose it is, since when, and until when."""

    release: str
    service: str
    version: str
    owner: str
    closed: datetime
    due: datetime
    overdue: bool


def retrospective_due(closed: datetime, zone: str, organisation: Organisation) -> datetime:
    """Until when it is written: the end of the policy's business days (`pir_days`) after the closing."""
    day = business_days_after(local_day(closed, zone), organisation.policy.pir_days, organisation.holidays)
    return end_of_day(day, zone)


def retrospectives_owed(
    rows: Iterable[Summary], organisation: Organisation, now: datetime
) -> tuple[OwedRetrospective, ...]:
    """Those of archived releases, the first due first; one older than the retention is owed no more."""
    horizon = months_before(now, organisation.policy.retention_months)
    found: list[OwedRetrospective] = []
    for row in rows:
        if row.retrospective != "owed" or row.closed_at is None or row.closed_at < horizon:
            continue
        due = retrospective_due(row.closed_at, row.zone, organisation)
        found.append(
            OwedRetrospective(row.id, row.service, row.version, row.owner, row.closed_at, due, now > due)
        )
    return tuple(sorted(found, key=lambda each: (each.due, each.release)))


def waiting_actions(actions: Iterable[Action], releases: Iterable[Release]) -> Iterator[Waiting]:
    """A row for each open action, on the active release where it stands, else on the one that raised it."""
    places = {name: release.id for release in releases for name in carried_by(release)}
    for each in actions:
        if each.open:
            where = places.get(each.id, each.release)
            words = f"{each.id} of {each.release}: {each.text}"
            yield Waiting("action", where, each.id, words, (each.owner,))


def waiting_retrospectives(owed: Iterable[OwedRetrospective]) -> Iterator[Waiting]:
    """A row for each retrospective that is owed after the closing, for the owner of its release."""
    for each in owed:
        words = f"Write the retrospective of {each.service} {each.version}, which was closed without"
        yield Waiting(
            "retrospective", each.release, "retrospective", words, (each.owner,), "release-owner", each.due,
            each.overdue,
        )  # fmt: skip


def waiting_reviews(reviews: Iterable[DueReview], owners: Mapping[str, str]) -> Iterator[Waiting]:
    """A row for each review that is due; a periodic one waits for every owner of its releases."""
    for each in reviews:
        people = tuple(dict.fromkeys(owners[name] for name in each.releases if name in owners))
        first, late = each.releases[0], each.overdue
        yield Waiting("review", first, "close.pir", each.words, people, "release-owner", each.due, late)
