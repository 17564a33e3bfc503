"""Better or worse: the last months against those before, on examples that were counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.learning.trends import (
    MEASURES,
    Course,
    MeasureChange,
    Span,
    Trend,
    Trends,
    changes,
    course,
    month_start,
    trends,
    trends_of_period,
)
from tests.domain.learning.test_metrics import row, wall

TODAY = date(2026, 11, 21)
YEAR = course(date(2025, 12, 1), TODAY)


def group(**more: object) -> Trend:
    """Twenty releases: 80 % on time, 10 % rolled back, restored in an hour, ten days from plan to start."""
    fields = {
        "key": "all", "releases": 20, "deployments": 20, "on_time": 0.8, "rolled_back": 0.1, "overran": 0.1,
        "overrun": -10.0, "escaped": 2, "emergencies": 0.05, "lead": 14400.0, "failed": 0.1, "restore": 60.0,
        "satisfaction": None,
    }  # fmt: skip
    return Trend(**{**fields, **more})  # type: ignore[arg-type]


def verdict(name: str, recent: Trend, before: Trend | None, spans: Course = YEAR) -> str:
    found: dict[str, MeasureChange] = {each.measure.id: each for each in changes(recent, before, spans)}
    return found[name].verdict


def test_a_year_is_its_last_three_months_and_the_nine_before() -> None:
    assert YEAR.recent == Span(date(2026, 9, 1), TODAY)
    assert YEAR.before == Span(date(2025, 12, 1), date(2026, 8, 31))
    assert len(YEAR.before.month_keys) == 9
    assert YEAR.recent.month_keys == ("2026-09", "2026-10", "2026-11")


def test_of_less_than_six_months_the_last_one_is_compared_and_one_month_with_nothing() -> None:
    short = course(date(2026, 9, 1), TODAY)
    assert (short.recent.first, short.before) == (
        date(2026, 11, 1),
        Span(date(2026, 9, 1), date(2026, 10, 31)),
    )
    assert course(date(2026, 11, 1), TODAY).before is None


def test_a_period_of_months_counts_that_of_today_over_the_turn_of_the_year() -> None:
    assert month_start(TODAY, 12) == date(2025, 12, 1)
    assert month_start(date(2026, 1, 31), 3) == date(2025, 11, 1)
    assert month_start(TODAY, 1) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("name", "now", "expected"),
    [
        ("on_time", 0.86, "better"),
        ("on_time", 0.74, "worse"),
        ("on_time", 0.83, "as before"),
        ("rolled_back", 0.2, "worse"),
        ("rolled_back", 0.05, "better"),
        ("restore", 120.0, "worse"),
        ("restore", 64.0, "as before"),
        ("lead", 10000.0, "better"),
        ("overrun", -6.0, "as before"),
        ("overrun", 0.0, "worse"),
        ("escaped", 3, "as before"),
        ("escaped", 8, "worse"),
    ],
)
def test_a_measure_is_better_or_worse_beyond_what_is_no_change_yet(
    name: str, now: float, expected: str
) -> None:
    assert verdict(name, replace(group(), **{name: now}), group()) == expected


def test_one_release_more_or_less_is_no_trend() -> None:
    """One of eight is 12 points: less than that says nothing of eight releases."""
    assert verdict("on_time", group(releases=8, on_time=0.7), group()) == "as before"
    assert verdict("on_time", group(releases=8, on_time=0.6), group()) == "worse"


def test_of_fewer_than_five_releases_nothing_is_concluded() -> None:
    assert verdict("on_time", group(releases=4, on_time=0.0), group()) == "unclear"
    assert verdict("on_time", group(on_time=0.0), group(releases=4)) == "unclear"
    assert verdict("on_time", group(), None) == "unclear"
    assert verdict("restore", group(restore=None), group()) == "unclear"


def test_releases_are_counted_a_month_and_neither_more_nor_fewer_is_better() -> None:
    found = changes(group(releases=30), group(releases=30), YEAR)[-1]
    assert found.measure.id == "releases"
    assert found.recent == pytest.approx(30 / 2.694, rel=0.01)
    assert found.before == pytest.approx(30 / 9.002, rel=0.01)
    assert found.verdict == "other"


def test_satisfaction_is_left_out_where_nobody_measured_it() -> None:
    assert all(each.measure.id != "satisfaction" for each in changes(group(), group(), YEAR))
    assert verdict("satisfaction", group(satisfaction=4.5), group(satisfaction=3.5)) == "better"


def test_a_period_has_every_month_also_those_without_a_release() -> None:
    rows = [
        row("1", at=wall("2026-08-15T20:00")),
        row("2", at=wall("2026-11-02T20:00"), outcome="rolled-back"),
    ]

    def asked(span: Span) -> Trends:
        return trends(rows, first=span.first, last=span.last)

    found = trends_of_period(asked, course(month_start(TODAY, 6), TODAY))
    assert [(key, each.releases if each else 0) for key, each in found.months] == [
        ("2026-06", 0), ("2026-07", 0), ("2026-08", 1), ("2026-09", 0), ("2026-10", 0), ("2026-11", 1),
    ]  # fmt: skip
    assert (found.total.releases, found.recent.rolled_back) == (2, 1.0)
    assert found.before is not None
    assert found.before.rolled_back == 0.0


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 4000))
def test_the_parts_of_a_period_are_the_whole_and_do_not_overlap(today: date, days: int) -> None:
    found = course(today - timedelta(days=days), today)
    assert found.recent.last == today
    if found.before is None:
        assert found.recent == found.whole
    else:
        assert found.before.last + timedelta(days=1) == found.recent.first
        assert found.before.first == found.whole.first
        months = (*found.before.month_keys, *found.recent.month_keys)
        assert months == found.whole.month_keys


@given(st.floats(0, 1), st.floats(0, 1), st.integers(5, 500))
def test_what_was_better_is_worse_the_other_way_round(one: float, other: float, releases: int) -> None:
    turned = {"better": "worse", "worse": "better"}
    there = verdict("on_time", group(on_time=one, releases=releases), group(on_time=other, releases=releases))
    back = verdict("on_time", group(on_time=other, releases=releases), group(on_time=one, releases=releases))
    assert back == turned.get(there, there)


def test_every_measure_is_a_figure_of_a_trend() -> None:
    assert all(each.id in Trend.__struct_fields__ for each in MEASURES)
