"""Trends over the archive [S1.34]: shares and medians by month, service or type, and what DORA measures.

A share is between 0 and 1 and None where there is nothing to share; minutes are elapsed. Two are DORA's:

- Change-failure rate: failed deployments over all deployments. A deployment failed when it was rolled back,
  or when an emergency fixed it: one that names it (`follows`), or, where it names none, the first emergency
  of the same service that went live within seven days of it while no other release came in between.
- Time to restore: from the completion of the failed deployment (its start, where none is known or it was
  rolled back) to the completion of the rollback, or of the emergency that fixed it, whichever came first.

Are releases getting better or worse: each measure is judged over the last months against the months before.
A share counts as changed from five points on, and from what one release more or less would make; a duration,
rate or score from a tenth on, a duration also from five minutes on. Of fewer than five releases on either
side nothing is concluded. Months are written `2026-10`, days are those of the organisation's zone.
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


Unit = Literal["count", "share", "minutes", "score"]
Tendency = Literal["better", "worse", "as before", "other", "unclear"]
"""`other`: it changed, and neither direction is the better one."""

ENOUGH = 5
"""Releases on each side before anything is concluded."""
POINTS = 0.05
PART = 0.1
MINUTES = 5


class Measure(Struct, frozen=True):
    """One measure: the field of a `Trend`, its unit, and which direction is the better one, if any."""

    id: str
    title: str
    unit: Unit
    better: Literal["more", "less", ""]
    words: str

    def of(self, trend: Trend) -> float | None:
        """Its value in a group of releases; None where nothing was measured."""
        value: float | None = getattr(trend, self.id)
        return value


MEASURES: tuple[Measure, ...] = (
    Measure("on_time", "On time", "share", "more", "started as planned, and not rolled back"),
    Measure("rolled_back", "Rolled back", "share", "less", "of the deployments"),
    Measure(
        "failed", "Change failures", "share", "less", "deployments rolled back, or fixed by an emergency"
    ),
    Measure("restore", "Time to restore", "minutes", "less", "median, from a failed deployment to its fix"),
    Measure("escaped", "Escaped defects", "count", "less", "found after the deployment"),
    Measure("emergencies", "Emergencies", "share", "less", "of the releases"),
    Measure("overrun", "Overrun", "minutes", "less", "median, actual less planned duration"),
    Measure("lead", "Lead time", "minutes", "less", "median, from the release's creation to its go-live"),
    Measure("releases", "Releases", "count", "", "closed, by the month of their start"),
    Measure("satisfaction", "Satisfaction", "score", "more", "mean, of 5"),
)


class MeasureChange(Struct, frozen=True):
    """One measure in the last months (`recent`) and in those `before`; counts of both are rates.

    Releases are counted a month, escaped defects a release.
    """

    measure: Measure
    recent: float | None
    before: float | None
    verdict: Tendency


class Span(Struct, frozen=True):
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def months(self) -> float:
        """How many months that is, for rates."""
        return ((self.last - self.first).days + 1) / 30.4375

    @property
    def month_keys(self) -> tuple[str, ...]:
        """Every month that a day of it is in, in order."""
        months, day = [], self.first.replace(day=1)
        while day <= self.last:
            months.append(f"{day:%Y-%m}")
            day = (day + timedelta(days=31)).replace(day=1)
        return tuple(months)


class Course(Struct, frozen=True):
    """A period, parted into its last months and those before; `before` is None for a period of one month."""

    whole: Span
    recent: Span
    before: Span | None


def course(first: date, today: date) -> Course:
    """The period from `first` to today: its last three months and the rest; of less than six the last one.

    The month of today counts as one, however young it is.
    """
    first = min(first, today)
    whole = Span(first, today)
    count = len(whole.month_keys)
    turn = month_start(today, 3 if count >= 6 else 1)
    before = Span(first, turn - timedelta(days=1)) if turn > first else None
    return Course(whole, Span(max(turn, first), today), before)


def month_start(today: date, months: int) -> date:
    """The first day of the last `months` months, that of today included."""
    index = today.year * 12 + today.month - months
    year, month = divmod(index, 12)
    return date(max(year, 1), month + 1, 1)


def changes(recent: Trend, before: Trend | None, spans: Course) -> tuple[MeasureChange, ...]:
    """Every measure over both parts of a period; what was never measured in either is left out."""
    found: list[MeasureChange] = []
    for measure in MEASURES:
        now = _rate(measure, recent, spans.recent)
        then = _rate(measure, before, spans.before) if before and spans.before else None
        if now is None and then is None and measure.id == "satisfaction":
            continue
        found.append(MeasureChange(measure, now, then, _verdict(measure, now, then, recent, before)))
    return tuple(found)


def _rate(measure: Measure, trend: Trend, span: Span) -> float | None:
    if measure.id == "releases":
        return trend.releases / span.months
    if measure.id == "escaped":
        return trend.escaped / trend.releases if trend.releases else None
    return measure.of(trend)


def _verdict(
    measure: Measure, now: float | None, then: float | None, recent: Trend, before: Trend | None
) -> Tendency:
    if now is None or then is None or before is None or min(recent.releases, before.releases) < ENOUGH:
        return "unclear"
    if abs(now - then) < _noise(measure, then, recent.releases):
        return "as before"
    if not measure.better:
        return "other"
    return "better" if (now > then) == (measure.better == "more") else "worse"


def _noise(measure: Measure, then: float, releases: int) -> float:
    """What is no change yet."""
    if measure.unit == "share":
        return max(POINTS, 1 / releases) - 1e-9
    if measure.id == "escaped":
        return max(abs(then) * PART, 1 / releases)
    return max(abs(then) * PART, MINUTES if measure.unit == "minutes" else 0.0) + 1e-9


def by_month(groups: Sequence[Trend], span: Span) -> tuple[tuple[str, Trend | None], ...]:
    """Every month of a span, also those without a release."""
    known = {each.key: each for each in groups}
    return tuple((key, known.get(key)) for key in span.month_keys)


class PeriodTrends(Struct, frozen=True):
    """A period month by month, and each measure over its last months and those before."""

    course: Course
    trends: Trends
    months: tuple[tuple[str, Trend | None], ...]
    changes: tuple[MeasureChange, ...]
    recent: Trend
    before: Trend | None

    @property
    def total(self) -> Trend:
        """All releases of the period."""
        return self.trends.total


def trends_of_period(asked: Callable[[Span], Trends], spans: Course) -> PeriodTrends:
    """What `asked` says, by month, of a period and of its parts."""
    whole = asked(spans.whole)
    recent = asked(spans.recent).total
    before = asked(spans.before).total if spans.before else None
    months = by_month(whole.groups, spans.whole)
    return PeriodTrends(spans, whole, months, changes(recent, before, spans), recent, before)
