"""Trends over the archive [S1.34]: shares and medians by month, service or type, and what DORA measures.

A share is between 0 and 1 and None where there is nothing to share; minutes are elapsed. Two are DORA's:

- Change-failure rate: failed deployments over all deployments. A deployment failed when it was rolled back,
  or when an emergency fixed it: one that names it (`follows`), or, where it names none, the first emergency
  of the same service that went live within seven days of it while no other release came in between.
- Time to restore: from the completion of the failed deployment (its start, where none is known or it was
  rolled back) to the completion of the rollback, or of the emergency that fixed it, whichever came first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from msgspec import Struct

from relui.domain.instants import zone_named
from relui.domain.learning.metrics import lead, overrun, was_deployed
from relui.domain.summary import ON_TIME_TOLERANCE, Summary, on_time

By = Literal["month", "service", "type"]
BYS: tuple[By, ...] = ("month", "service", "type")

FIXED_WITHIN = timedelta(days=7)
"""An emergency that follows so soon, on the same service, is taken for the fix of what went before."""


class Failure(Struct, frozen=True):
    """A failed deployment: why it counts, what restored the service, and after how many minutes, if known."""

    id: str
    why: str
    restored_by: str
    minutes: int | None


class Trend(Struct, frozen=True, kw_only=True):
    """A group of releases. `overrun`, `lead` and `restore` are medians in minutes, `satisfaction` a mean."""

    key: str
    releases: int
    deployments: int
    on_time: float | None
    rolled_back: float | None
    overran: float | None
    overrun: float | None
    escaped: int
    emergencies: float | None
    lead: float | None
    failed: float | None
    restore: float | None
    satisfaction: float | None


class Trends(Struct, frozen=True):
    """Groups in order (months ascending, else by name), all of them together, and what failed."""

    by: By
    groups: tuple[Trend, ...]
    total: Trend
    failures: tuple[Failure, ...]


def trends(
    rows: Sequence[Summary],
    by: By = "month",
    *,
    zone: str = "UTC",
    tolerance: int = ON_TIME_TOLERANCE,
    first: date | None = None,
    last: date | None = None,
    service: str = "",
    type: str = "",
) -> Trends:
    """The trends of closed releases that went live from `first` to `last`, both included, in `zone`.

    Months and days are those of the actual start, else of the planned one. What failed is looked up among
    all `rows`, also outside of the period: a fix may come after its end.
    """
    days = _days(zone)
    failed = failures(rows)
    chosen = [
        row
        for row in rows
        if (not service or row.service.casefold() == service.strip().casefold())
        and (not type or row.type == type)
        and ((first is None and last is None) or (first or date.min) <= days(row) <= (last or date.max))
    ]
    groups: dict[str, list[Summary]] = {}
    for row in chosen:
        key = f"{days(row):%Y-%m}" if by == "month" else row.service if by == "service" else row.type
        groups.setdefault(key, []).append(row)
    return Trends(
        by,
        tuple(_trend(key, groups[key], failed, tolerance) for key in sorted(groups)),
        _trend("all", chosen, failed, tolerance),
        tuple(failed[row.id] for row in chosen if row.id in failed),
    )


def _days(zone: str) -> Callable[[Summary], date]:
    info = zone_named(zone)

    def day(row: Summary) -> date:
        return (row.started_at or row.go_live).astimezone(info).date()

    return day


def _trend(key: str, rows: Sequence[Summary], failed: dict[str, Failure], tolerance: int) -> Trend:
    deployed = [row for row in rows if was_deployed(row)]
    punctual = [said for row in rows if (said := on_time(row, tolerance)) is not None]
    overruns = [minutes for row in deployed if (minutes := overrun(row)) is not None]
    leads = [minutes for row in rows if (minutes := lead(row)) is not None]
    broken = [failed[row.id] for row in deployed if row.id in failed]
    restored = [each.minutes for each in broken if each.minutes is not None]
    liked = [row.satisfaction for row in rows if row.satisfaction is not None]
    return Trend(
        key=key,
        releases=len(rows),
        deployments=len(deployed),
        on_time=_share(sum(punctual), len(punctual)),
        rolled_back=_share(sum(row.outcome == "rolled-back" for row in deployed), len(deployed)),
        overran=_share(sum(minutes > 0 for minutes in overruns), len(overruns)),
        overrun=_median(overruns),
        escaped=sum(row.escaped for row in rows),
        emergencies=_share(sum(row.type == "emergency" for row in rows), len(rows)),
        lead=_median(leads),
        failed=_share(len(broken), len(deployed)),
        restore=_median(restored),
        satisfaction=round(sum(liked) / len(liked), 2) if liked else None,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _median(values: Sequence[int]) -> float | None:
    return float(median(values)) if values else None


def failures(rows: Iterable[Summary]) -> dict[str, Failure]:
    """Every failed deployment by identifier; see the head of this module for what failing means."""
    by_service: dict[str, list[Summary]] = {}
    known: dict[str, Summary] = {}
    for row in rows:
        if was_deployed(row):
            known[row.id] = row
            by_service.setdefault(row.service.casefold(), []).append(row)
    fixes: dict[str, Summary] = {}
    for line in by_service.values():
        line.sort(key=lambda row: (_start(row), row.id))
        for before, row in zip((None, *line), line, strict=False):
            if row.type != "emergency":
                continue
            broken = known.get(row.follows) if row.follows else _just_before(before, row)
            if broken is not None and (broken.id not in fixes or _start(row) < _start(fixes[broken.id])):
                fixes[broken.id] = row
    found = {row.id: row for row in known.values() if row.outcome == "rolled-back" or row.id in fixes}
    return {id: _failure(row, fixes.get(id)) for id, row in found.items()}


def _just_before(before: Summary | None, emergency: Summary) -> Summary | None:
    if before is None or _start(emergency) - _end(before) > FIXED_WITHIN:
        return None
    return before


def _failure(row: Summary, fix: Summary | None) -> Failure:
    """The earlier of the rollback's completion and the fix's ends it."""
    if row.outcome == "rolled-back" and (row.completed_at is not None or fix is None):
        return Failure(row.id, "rolled back", row.id, _minutes(row.started_at, row.completed_at))
    assert fix is not None
    why = f"fixed by the emergency {fix.id}"
    return Failure(row.id, why, fix.id, _minutes(_end(row), fix.completed_at))


def _start(row: Summary) -> datetime:
    return row.started_at or row.go_live


def _end(row: Summary) -> datetime:
    return row.completed_at or _start(row)


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None or end < start:
        return None
    return round((end - start).total_seconds() / 60)
