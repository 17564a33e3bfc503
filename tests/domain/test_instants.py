"""Instants, zones, durations and offsets: what people type, over every change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from dateutil import tz
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relui.domain.instants import (
    Offset,
    format_duration,
    from_wall,
    local_day,
    parse_duration,
    parse_instant,
    parse_offset,
    same_clock,
    zone_named,
)
from relui.errors import BadInput

ZONES = sorted(name for name in available_timezones() if not name.startswith(("Factory", "localtime")))
london = "Europe/London"
typed = st.one_of(
    st.text(max_size=30),
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{4})?)?", fullmatch=True
    ),
    st.from_regex(r"[0-9]{0,7}[dhm][0-9]{0,7}[hm]?", fullmatch=True),
    st.from_regex(r"T ?[+-] ?[0-9]{1,7}[dhm]", fullmatch=True),
)


@given(typed)
@example("0001-01-01T00:00")
@example("9999-12-31T23:59-14:00")
@example("2026-02-30")
@example("\u0662\u0660\u0662\u0666-01-01")
@settings(max_examples=300)
def test_whatever_is_typed_is_read_or_refused_with_words(text: str) -> None:
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        try:
            read = parse_instant(text, zone)
        except BadInput as refused:
            assert refused.message
        else:
            local_day(read.at, "Pacific/Kiritimati")
            parse_offset("T-99999d").apply(read.at, zone)
    for parse in (parse_duration, parse_offset, zone_named):
        try:
            parse(text)
        except BadInput as refused:
            assert refused.message


@given(st.datetimes(datetime(1930, 1, 1), datetime(2037, 12, 31)), st.sampled_from(ZONES))
@example(datetime(2011, 12, 30, 12), "Pacific/Apia")
@example(datetime(2025, 3, 30, 1, 30), london)
@example(datetime(2025, 10, 26, 1, 30), london)
@example(datetime(2025, 4, 6, 1, 45), "Australia/Lord_Howe")
@settings(max_examples=200)
def test_in_every_zone_an_hour_that_does_not_exist_or_exists_twice_is_told(wall: datetime, zone: str) -> None:
    """dateutil is the second opinion: RFC 5545 moves a skipped hour on, and means the first of two."""
    aware = wall.replace(tzinfo=zone_named(zone), fold=0)
    read = from_wall(wall, zone)
    assert read.at == tz.resolve_imaginary(aware).astimezone(UTC)
    assert ("does not exist" in read.told) == (not tz.datetime_exists(aware))
    twice = tz.datetime_exists(aware) and aware.utcoffset() != aware.replace(fold=1).utcoffset()
    assert ("exists twice" in read.told) == twice


def test_every_zone_can_be_named_and_keeps_wall_clock_time() -> None:
    for zone in ZONES:
        read = parse_instant("2026-06-15T12:00", zone)
        assert read.at.astimezone(zone_named(zone)).replace(tzinfo=None) == datetime(2026, 6, 15, 12)
        assert read.at.tzinfo is UTC and read.told == ""


def test_a_skipped_hour_moves_on_by_what_was_skipped() -> None:
    read = parse_instant("2025-03-30T01:30", london)
    assert read.at == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)
    assert read.told == f"01:30 does not exist on that night in {london}: it is 02:30."


def test_a_skipped_day_names_the_day_that_it_becomes() -> None:
    assert parse_instant("2011-12-30 12:00", "Pacific/Apia").told.endswith("it is 12:00 on 2011-12-31.")


def test_of_a_double_hour_the_first_is_meant() -> None:
    read = parse_instant("2025-10-26T01:30", london)
    assert read.at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert "exists twice" in read.told


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("2026-11-21T20:00", 19, 0),
        ("2026-11-21 8:05", 7, 5),
        ("2026-11-21 8:05:30", 7, 5),
        ("2026-11-21T20:00Z", 20, 0),
        ("2026-11-21T20:00:00.5+01:00", 19, 0),
        ("2026-11-21T20:00 -0530", 1, 30),
        (" 2026-11-21 ", 23, 0),
    ],
)
def test_an_offset_wins_over_the_zone_and_a_day_alone_is_its_midnight(
    text: str, hour: int, minute: int
) -> None:
    at = parse_instant(text, "Europe/Berlin").at
    assert (at.hour, at.minute) == (hour, minute)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-11-21T", "2026-13-01", "2026-11-21T24:00", "21.11.2026", "1899-12-31"]
)
def test_a_date_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput):
        parse_instant(text, "UTC")


@pytest.mark.parametrize(
    "name", ["", "Europe/Londn", "Europe", "../etc/passwd", "/etc/localtime", "a\0b", "x" * 5000, "localtime"]
)
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="no time zone"):
        zone_named(name)


@given(st.integers(1, 60 * 24 * 366))
def test_a_duration_that_is_written_out_reads_back(minutes: int) -> None:
    assert parse_duration(format_duration(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"), [("2h", 120), ("90m", 90), ("1h30m", 90), ("1d", 1440), (" 2H ", 120)]
)
def test_durations_are_written_as_people_do(text: str, minutes: int) -> None:
    assert parse_duration(text) == minutes


@pytest.mark.parametrize("text", ["", "0m", "2", "h", "-2h", "1.5h", "9999d", "2h\u200b30"])
def test_a_duration_of_nothing_or_of_years_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_duration(text)


def test_hours_elapse_and_days_are_calendar_days_over_a_change_of_the_clocks() -> None:
    """The night of 29 to 30 March 2025 has 23 hours in London."""
    go_live = parse_instant("2025-03-30T20:00", london).at
    by_hours = parse_offset("T-24h").apply(go_live, london).astimezone(zone_named(london))
    by_days = parse_offset("T-1d").apply(go_live, london).astimezone(zone_named(london))
    assert (by_hours.day, by_hours.hour) == (29, 19)
    assert (by_days.day, by_days.hour) == (29, 20)


def test_elapsed_time_elapses_even_when_the_go_live_bears_its_own_zone() -> None:
    go_live = datetime(2025, 3, 30, 20, 0, tzinfo=zone_named(london))
    assert parse_offset("T-24h").apply(go_live, london) == go_live.astimezone(UTC) - timedelta(hours=24)


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("T", Offset(), "at go-live"),
        ("T-48h", Offset(minutes=-2880), "48 h before"),
        ("T+30m", Offset(minutes=30), "first 30 min"),
        ("T - 2d", Offset(days=-2), "2 days before"),
        ("T-1d", Offset(days=-1), "1 day before"),
        ("T+0h", Offset(), "at go-live"),
    ],
)
def test_due_times_are_read_and_said(text: str, offset: Offset, words: str) -> None:
    assert parse_offset(text) == offset
    assert parse_offset(text).words() == words


@pytest.mark.parametrize("text", ["", "t-1h", "T-", "T1h", "T-1w", "-1h"])
def test_a_due_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="T-48h"):
        parse_offset(text)


def test_the_day_of_an_instant_depends_on_the_zone() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert local_day(late, "UTC").month == 11
    assert local_day(late, "Asia/Tokyo").month == 12


def test_zones_that_show_the_same_times_are_one() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    assert same_clock("UTC", "Etc/UTC", at)
    assert same_clock("Europe/Berlin", "Europe/Paris", at)
    assert not same_clock("Europe/London", "UTC", at), "they differ in summer"
    assert not same_clock("Europe/Berlin", "Africa/Lagos", at)
