"""The figures of one release [S1.34]: planned and actual, what was found when, whether it was on time.

Instants are UTC and durations are elapsed minutes, so that a change of the clocks makes nobody late.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from relui.domain.release import Release
from relui.domain.summary import ON_TIME_TOLERANCE, Summary, on_time, summarise


class Metrics(Struct, frozen=True, kw_only=True):
    """What was measured of a release; None is not known.

    `overrun` is the actual less the planned duration, negative when it was shorter. `started_late` is the
    actual less the planned start. `lead` is from the creation of the release to the go-live that really was.
    """

    id: str
    planned_start: datetime
    planned_end: datetime
    planned_minutes: int
    actual_start: datetime | None
    actual_end: datetime | None
    actual_minutes: int | None
    started_late: int | None
    overrun: int | None
    changes: int
    defects: dict[str, int]
    escaped: int
    rolled_back: bool
    on_time: bool | None
    satisfaction: int | None
    lead: int | None


def metrics(release: Release, tolerance: int = ON_TIME_TOLERANCE) -> Metrics:
    """The figures of a release as it is recorded now; `tolerance` in minutes is the policy's."""
    return metrics_of(summarise(release), tolerance)


def metrics_of(row: Summary, tolerance: int = ON_TIME_TOLERANCE) -> Metrics:
    """The same from its row in the catalogue."""
    return Metrics(
        id=row.id,
        planned_start=row.go_live,
        planned_end=row.go_live + timedelta(minutes=row.duration),
        planned_minutes=row.duration,
        actual_start=row.started_at,
        actual_end=row.completed_at,
        actual_minutes=actual_minutes(row),
        started_late=None if row.started_at is None else _minutes(row.go_live, row.started_at),
        overrun=overrun(row),
        changes=len(row.changes),
        defects=dict(row.defects),
        escaped=row.escaped,
        rolled_back=row.outcome == "rolled-back",
        on_time=on_time(row, tolerance),
        satisfaction=row.satisfaction,
        lead=lead(row),
    )


def actual_minutes(row: Summary) -> int | None:
    """How long the deployment took."""
    if row.started_at is None or row.completed_at is None:
        return None
    return _minutes(row.started_at, row.completed_at)


def overrun(row: Summary) -> int | None:
    """Minutes that it took longer than planned; negative when it was shorter."""
    took = actual_minutes(row)
    return None if took is None else took - row.duration


def lead(row: Summary) -> int | None:
    """Minutes from planning (the release's creation) to go-live; None when it never went live."""
    if row.created_at is None or row.started_at is None or row.outcome == "cancelled":
        return None
    minutes = _minutes(row.created_at, row.started_at)
    return minutes if minutes >= 0 else None


def was_deployed(row: Summary) -> bool:
    """It reached its users, if only for a while: it started, and was not withdrawn before.

    Where nobody recorded a start, one that was closed as successful or partial after its go-live did; what
    was closed before it, or as rolled back, had nothing to deploy or to go back from.
    """
    if row.started_at is not None or row.outcome in (None, "cancelled", "rolled-back"):
        return row.started_at is not None and row.outcome != "cancelled"
    return row.closed_at is None or row.closed_at >= row.go_live


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)
