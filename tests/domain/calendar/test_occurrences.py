"""When entries take place: patterns, zones, and nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relui.domain.calendar.entries import (
    WEEKDAYS,
    Days,
    Monthly,
    Occurrence,
    Pattern,
    Rule,
    Span,
    Weekly,
    Yearly,
)
from relui.domain.calendar.occurrences import occurrences, vanished
from relui.domain.instants import from_wall, zone_named
from tests.domain.calendar.calendars import BERLIN, LONDON, NIGHT, entry

ZONES = (
    BERLIN,
    LONDON,
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kolkata",
    "America/Havana",
)
zones = st.sampled_from(ZONES)
days = st.dates(date(2005, 1, 1), date(2035, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def held(when: Pattern, first: str, last: str, zone: str = LONDON) -> list[Occurrence]:
    start, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last))
    return occurrences(entry("window", "it", when), start, end, zone)


def local(found: list[Occurrence], zone: str = LONDON) -> list[tuple[str, str]]:
    info = zone_named(zone)
    return [tuple(f"{at.astimezone(info):%m-%d %H:%M}" for at in (o.start, o.end)) for o in found]  # type: ignore[misc]


def hours(found: list[Occurrence]) -> list[float]:
    return [(one.end - one.start) / timedelta(hours=1) for one in found]


@pytest.mark.parametrize(
    ("zone", "first", "last", "lengths"),
    [
        (BERLIN, "2025-03-28", "2025-04-05", [11, 12]),
        (BERLIN, "2025-10-24", "2025-10-31", [13, 12]),
        (LONDON, "2025-03-28", "2025-04-05", [11, 12]),
        (LONDON, "2025-10-24", "2025-10-31", [13, 12]),
        ("America/New_York", "2025-03-07", "2025-03-14", [11, 12]),
        ("America/New_York", "2025-10-31", "2025-11-07", [13, 12]),
        ("Australia/Lord_Howe", "2025-04-04", "2025-04-10", [12.5, 12]),
        ("Australia/Lord_Howe", "2025-10-03", "2025-10-09", [11.5, 12]),
        ("Asia/Tokyo", "2025-03-28", "2025-04-04", [12, 12]),
    ],
)
def test_a_night_is_as_long_as_it_really_is(zone: str, first: str, last: str, lengths: list[float]) -> None:
    """[S1.30] Saturday and Sunday 18:00 to 06:00, when the clocks change."""
    found = held(NIGHT, first, last, zone)
    assert hours(found) == lengths
    assert [bool(one.told) for one in found] == [length != 12 for length in lengths]
    assert all(f"{at.astimezone(zone_named(zone)):%H:%M}" == "18:00" for at in (o.start for o in found))


def test_the_day_that_samoa_skipped_moves_on_and_what_is_left_of_nothing_is_nothing() -> None:
    """30 December 2011 does not exist in Apia."""
    friday = Weekly(("fri",), time(8), time(10))
    found = held(friday, "2011-12-22", "2012-01-08", "Pacific/Apia")
    assert local(found, "Pacific/Apia") == [
        ("12-23 08:00", "12-23 10:00"),
        ("12-31 08:00", "12-31 10:00"),
        ("01-06 08:00", "01-06 10:00"),
    ]
    assert "does not exist" in found[1].told
    assert (
        held(Days(date(2011, 12, 30), date(2011, 12, 30)), "2011-12-01", "2012-02-01", "Pacific/Apia") == []
    )
    assert hours(
        held(Days(date(2011, 12, 29), date(2011, 12, 31)), "2011-12-01", "2012-02-01", "Pacific/Apia")
    ) == [48]


def test_an_hour_that_is_skipped_moves_on_and_one_that_vanishes_is_told_apart() -> None:
    """[S1.30] RFC 5545: Berlin skips 02:00 to 03:00 on 30 March 2025."""
    moved = held(
        Span(datetime(2025, 3, 30, 2, 30), datetime(2025, 3, 30, 5)), "2025-03-29", "2025-04-01", BERLIN
    )
    assert local(moved, BERLIN) == [("03-30 03:30", "03-30 05:00")]
    assert "does not exist" in moved[0].told
    hour = entry("window", "hour", Weekly(("sun",), time(2), time(3)))
    start, end = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)
    assert date(2025, 3, 30) not in {one.start.date() for one in occurrences(hour, start, end, BERLIN)}
    assert vanished(hour, start, end, BERLIN) == [datetime(2025, 3, 30, 1, tzinfo=UTC)]
    assert vanished(hour, start, end, LONDON) == []


def test_of_an_hour_that_exists_twice_the_first_is_meant() -> None:
    """[S1.30]"""
    found = held(Weekly(("sun",), time(2, 30), time(4)), "2025-10-25", "2025-10-28", BERLIN)
    assert found[0].start == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert hours(found) == [2.5]
    assert "exists twice" in found[0].told


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2025-02-01", "2025-03-01T00:00", [("01-28 00:00", "02-03 00:00"), ("02-28 00:00", "03-03 00:00")]),
        ("2024-02-10", "2024-03-10", [("02-28 00:00", "03-03 00:00")]),
        ("2024-12-20", "2025-01-10", [("12-28 00:00", "01-03 00:00")]),
    ],
)
def test_a_month_end_runs_into_the_next_month(first: str, last: str, expected: list[tuple[str, str]]) -> None:
    """[S1.30] From the 28th to the 2nd, February and the year's end too."""
    assert local(held(Monthly(28, 2), first, last)) == expected


def test_a_day_that_a_month_does_not_have_is_its_last() -> None:
    """[S1.30] `monthly: 30` in February, and the 31st in April."""
    assert local(held(Monthly(30, 30), "2025-02-01", "2025-03-01")) == [("02-28 00:00", "03-01 00:00")]
    assert local(held(Monthly(30, 31), "2024-02-10", "2024-03-01")) == [("02-29 00:00", "03-01 00:00")]
    assert local(held(Monthly(31, 1), "2025-04-20", "2025-05-05"))[0] == ("04-30 00:00", "05-02 00:00")
    assert local(held(Yearly((2, 29), (2, 29)), "2025-01-01", "2025-12-01")) == [
        ("02-28 00:00", "03-01 00:00")
    ]
    assert local(held(Yearly((2, 29), (2, 29)), "2024-01-01", "2024-12-01")) == [
        ("02-29 00:00", "03-01 00:00")
    ]


def test_a_year_end_runs_over_new_year_whichever_side_is_asked_for() -> None:
    """[S1.30]"""
    whole = [("12-15 00:00", "01-06 00:00")]
    assert local(held(Yearly((12, 15), (1, 5)), "2024-12-31", "2025-01-01")) == whole
    assert local(held(Yearly((12, 15), (1, 5)), "2025-01-05", "2025-02-01")) == whole
    assert local(held(Yearly((12, 15), (1, 5)), "2025-01-06", "2025-12-14")) == []


def test_the_entrys_own_zone_goes_before_the_organisations() -> None:
    """[S1.30] Several time zones have several windows."""
    tokyo = entry("window", "tokyo", Weekly(("sat",), time(18), time(20)), zone="Asia/Tokyo")
    found = occurrences(tokyo, datetime(2025, 3, 10, tzinfo=UTC), datetime(2025, 3, 17, tzinfo=UTC), LONDON)
    assert [one.start for one in found] == [datetime(2025, 3, 15, 9, tzinfo=UTC)]


def test_a_rule_lasts_real_minutes_and_leaves_its_exceptions_out() -> None:
    """90 minutes from 01:30 over the spring night end at 04:00 on the wall."""
    rule = Rule("FREQ=DAILY", datetime(2025, 3, 28, 1, 30), 90, (datetime(2025, 3, 29, 1, 30),))
    assert local(held(rule, "2025-03-27", "2025-03-30T12:00", BERLIN), BERLIN) == [
        ("03-28 01:30", "03-28 03:00"),
        ("03-30 01:30", "03-30 04:00"),
    ]


def test_an_end_at_the_start_is_the_next_days_and_a_long_rule_is_seen_on_its_last_day() -> None:
    """[S1.30]"""
    assert hours(held(Weekly(("sat",), time(0), time(0)), "2025-03-14", "2025-03-20")) == [24]
    ten_days = Rule("FREQ=MONTHLY", datetime(2025, 1, 5), 10 * 24 * 60)
    assert local(held(ten_days, "2025-03-14", "2025-03-14T12:00")) == [("03-05 00:00", "03-15 00:00")]


def test_what_only_touches_the_range_does_not_overlap_it() -> None:
    """The end is not included, on either side."""
    two = Span(datetime(2025, 1, 10, 10), datetime(2025, 1, 10, 12))
    assert held(two, "2025-01-10T12:00", "2025-01-11") == []
    assert held(two, "2025-01-09", "2025-01-10T10:00") == []
    assert len(held(two, "2025-01-10T11:59", "2025-01-10T12:30")) == 1
    assert held(two, "2025-01-11", "2025-01-09") == []


@given(zones, st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3), clocks, clocks, days)
@example(BERLIN, ["sun"], time(2, 30), time(4), date(2025, 3, 28))
@example("Pacific/Apia", ["fri"], time(8), time(10), date(2011, 12, 28))
@settings(max_examples=250, deadline=None)
def test_a_wall_clock_start_is_what_was_written_unless_that_hour_does_not_exist(
    zone: str, on: list[str], begin: time, finish: time, day: date
) -> None:
    """[S1.30] Over zones and years."""
    weekly = Weekly(tuple(on), begin, finish)  # type: ignore[arg-type]
    one = entry("window", "it", weekly)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    end = start + timedelta(days=9)
    written = [datetime.combine(day + timedelta(days=n), begin) for n in range(-4, 14)]
    meant = {
        from_wall(wall, zone).at: (wall, from_wall(wall, zone).told)
        for wall in reversed(written)
        if WEEKDAYS[wall.weekday()] in on
    }
    found = occurrences(one, start, end, zone)
    for occurrence in found:
        wall, told = meant[occurrence.start]
        on_the_wall = occurrence.start.astimezone(zone_named(zone)).replace(tzinfo=None)
        assert on_the_wall == wall or "does not exist" in told
        assert told in occurrence.told
        assert occurrence.start < occurrence.end
    missing = {at for at in meant if start <= at < end} - {occurrence.start for occurrence in found}
    assert missing <= set(vanished(one, start, end, zone))


@given(
    st.sampled_from([BERLIN, LONDON, "America/New_York", "Australia/Lord_Howe", "UTC"]),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
)
@example(BERLIN, datetime(2025, 3, 30, 2, 30))
@example(BERLIN, datetime(2025, 3, 31, 4, 59))
@example(BERLIN, datetime(2025, 3, 31, 5, 0))
@example(BERLIN, datetime(2025, 10, 27, 5, 59))
@example(LONDON, datetime(2025, 10, 27, 7, 0))
@settings(max_examples=300, deadline=None)
def test_a_weekend_window_covers_exactly_its_wall_clock_times(zone: str, naive: datetime) -> None:
    """[S1.30] Friday 23:00 to Monday 07:00: its end is wall-clock time, whatever the clocks do in between."""
    at = naive.replace(tzinfo=UTC)
    wall = at.astimezone(zone_named(zone)).replace(tzinfo=None)
    edges = {4: wall.time() >= time(23), 0: wall.time() < time(7)}
    inside = edges.get(wall.weekday(), wall.weekday() > 4)
    weekend = entry("window", "weekend", Weekly(("fri",), time(23), time(7), 3))
    found = occurrences(weekend, at, at + timedelta(microseconds=1), zone)
    assert bool(found) == inside


def test_a_weekend_window_says_what_the_clocks_do_to_it() -> None:
    weekend = Weekly(("fri",), time(23), time(7), 3)
    assert hours(held(weekend, "2025-03-28", "2025-04-05", BERLIN)) == [55, 56]
    assert hours(held(weekend, "2025-10-24", "2025-11-01", BERLIN)) == [57, 56]
    assert "lasts 2d7h instead of 2d8h" in held(weekend, "2025-03-28", "2025-04-01", BERLIN)[0].told


patterns = st.one_of(
    st.builds(Weekly, st.lists(st.sampled_from(WEEKDAYS), min_size=1).map(tuple), clocks, clocks),
    st.builds(Monthly, st.integers(1, 31), st.integers(1, 31)),
    st.builds(Yearly, *[st.tuples(st.integers(1, 12), st.integers(1, 28))] * 2),
    st.builds(
        Rule,
        st.sampled_from(
            [
                "FREQ=DAILY;INTERVAL=3",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
                "FREQ=MONTHLY;BYDAY=-1FR",
                "FREQ=MONTHLY;INTERVAL=5",
                "FREQ=YEARLY;INTERVAL=3",
                "FREQ=WEEKLY;COUNT=40",
            ]
        ),
        st.datetimes(datetime(2004, 1, 1), datetime(2035, 1, 1)).map(
            lambda d: d.replace(second=0, microsecond=0)
        ),
        st.integers(1, 5000),
    ),
)


@given(zones, patterns, days, st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_a_part_of_a_range_holds_what_the_whole_does_there(
    zone: str, when: Pattern, day: date, length: int
) -> None:
    """Wherever the expansion begins, it finds the same occurrences."""
    one = entry("window", "it", when)
    start = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    end = start + timedelta(days=length)
    whole = occurrences(one, start - timedelta(days=200), end + timedelta(days=30), zone)
    assert occurrences(one, start, end, zone) == [o for o in whole if o.start < end and o.end > start]
