"""Are releases getting better or worse: each measure over the last months against the months before [S1.34].

A share counts as changed from five points on, and from what one release more or less would make; a duration,
rate or score from a tenth on, a duration also from five minutes on. Of fewer than five releases on either
side nothing is concluded. Months are written `2026-10`, days are those of the organisation's zone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from relui.domain.learning.trends import Trend, Trends

Unit = Literal["count", "share", "minutes", "score"]
Verdict = Literal["better", "worse", "as before", "other", "unclear"]
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


class Change(Struct, frozen=True):
    """One measure in the last months (`recent`) and in those `before`; counts of both are rates.

    Releases are counted a month, escaped defects a release.
    """

    measure: Measure
    recent: float | None
    before: float | None
    verdict: Verdict


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


def changes(recent: Trend, before: Trend | None, spans: Course) -> tuple[Change, ...]:
    """Every measure over both parts of a period; what was never measured in either is left out."""
    found: list[Change] = []
    for measure in MEASURES:
        now = _rate(measure, recent, spans.recent)
        then = _rate(measure, before, spans.before) if before and spans.before else None
        if now is None and then is None and measure.id == "satisfaction":
            continue
        found.append(Change(measure, now, then, _verdict(measure, now, then, recent, before)))
    return tuple(found)


def _rate(measure: Measure, trend: Trend, span: Span) -> float | None:
    if measure.id == "releases":
        return trend.releases / span.months
    if measure.id == "escaped":
        return trend.escaped / trend.releases if trend.releases else None
    return measure.of(trend)


def _verdict(
    measure: Measure, now: float | None, then: float | None, recent: Trend, before: Trend | None
) -> Verdict:
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
    changes: tuple[Change, ...]
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
