"""What is past its retention [S0.8, S1.29]: it is listed, and removed only by somebody who says exactly what.

Nothing is removed by itself. Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from relui.domain.learning.actions import Learned, Purge, Step
from relui.domain.summary import Summary
from relui.errors import Refused


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
    return f"purge {count} {'release' if count == 1 else 'releases'}"


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
