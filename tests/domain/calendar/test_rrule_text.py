"""RFC 5545 rules: read strictly, expanded as dateutil does, and never without end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from relui.domain.calendar.entries import Rule
from relui.domain.calendar.occurrences import check_pattern
from relui.domain.calendar.rrule_text import read_rrule, walls_between
from relui.errors import BadInput
from tests.domain.calendar.calendars import BERLIN, entry

START = datetime(2024, 1, 31, 20)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "empty"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=99999", "INTERVAL"),
        ("FREQ=SECONDLY", "too often"),
        ("FREQ=MINUTELY", "too often"),
        ("FREQ=HOURLY", "too often"),
        ("FREQ=FORTNIGHTLY", "FREQ"),
        ("INTERVAL=2", "FREQ"),
        ("FREQ=DAILY;COUNT=1000000", "COUNT"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260101", "exclude"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20260231", "UNTIL"),
        ("FREQ=DAILY;FREQ=DAILY", "twice"),
        ("FREQ=DAILY;BYDAI=MO", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=DAILY;BYSECOND=1", "BYSECOND"),
        ("FREQ", "FREQ"),
        ("FREQ=DAILY;" + "BYHOUR=" + "1," * 400 + "1", "characters"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "never occurs"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never occurs"),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=31", "never occurs"),
        ("FREQ=DAILY;UNTIL=20200101", "UNTIL"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_by_name(text: str, named: str) -> None:
    """Some of these would hang python-dateutil for ever."""
    with pytest.raises(BadInput) as refused:
        check_pattern(entry("window", "nightly", Rule(text, START, 60)), BERLIN)
    assert "Entry 'nightly', field 'rrule'" in refused.value.message
    assert named in refused.value.message


def test_an_until_in_utc_ends_a_rule_in_its_zone_and_a_date_includes_its_day() -> None:
    assert read_rrule("FREQ=DAILY;UNTIL=20260701T200000Z", BERLIN).until == datetime(2026, 7, 1, 22)
    assert read_rrule("FREQ=DAILY;UNTIL=20260701", BERLIN).until == datetime(2026, 7, 1, 23, 59, 59)
    found = walls_between(
        "FREQ=DAILY;UNTIL=20240202T190000Z", START, BERLIN, date(2024, 1, 1), date(2024, 3, 1)
    )
    assert [wall.day for wall in found] == [31, 1, 2]


numbers = st.integers(1, 4)
rules = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, numbers),
    st.builds("FREQ=DAILY;INTERVAL={};BYMONTH=2,3;BYDAY=MO,TH".format, numbers),
    st.builds("FREQ=DAILY;INTERVAL={};BYMONTHDAY=1,-1".format, numbers),
    st.builds("FREQ=WEEKLY;INTERVAL={}".format, numbers),
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY=SU,WE;WKST={}".format, numbers, st.sampled_from(["MO", "SU", "WE"])
    ),
    st.builds("FREQ=WEEKLY;INTERVAL={};BYMONTH=1,12".format, numbers),
    st.builds("FREQ=MONTHLY;INTERVAL={}".format, numbers),
    st.builds("FREQ=MONTHLY;INTERVAL={};BYDAY=2SA,-1MO;BYHOUR=8,20".format, numbers),
    st.builds("FREQ=MONTHLY;INTERVAL={};BYDAY=MO,TU,WE;BYSETPOS=-1".format, numbers),
    st.builds("FREQ=YEARLY;INTERVAL={}".format, numbers),
    st.builds("FREQ=YEARLY;INTERVAL={};BYWEEKNO=1,20;BYDAY=MO".format, numbers),
    st.builds("FREQ=YEARLY;INTERVAL={};BYMONTH=3;BYDAY=-1SU".format, numbers),
    st.builds("FREQ=WEEKLY;COUNT={}".format, st.integers(1, 60)),
    st.builds("FREQ=DAILY;INTERVAL={};UNTIL=20260301T120000".format, numbers),
)


@given(
    rules,
    st.datetimes(datetime(2020, 1, 1), datetime(2024, 6, 1)).map(
        lambda d: d.replace(second=0, microsecond=0)
    ),
    st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    st.integers(0, 90),
)
@settings(max_examples=300, deadline=None)
def test_beginning_near_the_range_finds_what_dateutil_finds_from_the_start(
    text: str, start: datetime, day: date, length: int
) -> None:
    """An independent reading of the same rule, iterated from its first start."""
    last = day + timedelta(days=length)
    high = datetime.combine(last, datetime.max.time())
    whole = rrulestr(text, dtstart=start)
    expected = [wall for wall in whole.between(start, high, inc=True) if wall.date() >= day]
    assert list(walls_between(text, start, "UTC", day, last)) == expected


def test_a_rule_begun_long_ago_is_expanded_near_the_range() -> None:
    """A daily rule from 1970 gives one day in the year 2500 as fast as one in 1970."""
    found = list(
        walls_between("FREQ=DAILY", datetime(1970, 1, 1, 4), "UTC", date(2500, 1, 1), date(2500, 1, 1))
    )
    assert found == [datetime(2500, 1, 1, 4)]
    assert datetime(2500, 1, 1, tzinfo=UTC)
