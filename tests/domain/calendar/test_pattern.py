"""Patterns that cannot be meant are refused with the entry's id and the field."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from relui.domain.calendar.entries import Days, Monthly, Pattern, Rule, Span, Weekly, Yearly
from relui.domain.calendar.occurrences import check_pattern, pattern_problem
from relui.errors import BadInput
from tests.domain.calendar.calendars import BERLIN, LONDON, entry


@pytest.mark.parametrize(
    ("when", "field", "words"),
    [
        (Weekly((), time(1), time(2)), "weekly", "no weekday"),
        (Weekly(("sunday",), time(1), time(2)), "weekly", "Did you mean 'sun'"),  # type: ignore[arg-type]
        (Weekly(("sun",), time(1, tzinfo=UTC), time(2)), "from", "offset"),
        (Monthly(0, 2), "monthly", "'from' is 0"),
        (Monthly(28, 32), "monthly", "'to' is 32"),
        (Yearly((2, 30), (3, 1)), "yearly", "02-30, a day that does not exist"),
        (Yearly((12, 15), (13, 1)), "yearly", "month 13"),
        (Days(date(2025, 3, 14), date(2025, 3, 13)), "to", "before it starts"),
        (Days(date(9500, 3, 14), date(9500, 3, 14)), "from", "too far"),
        (Span(datetime(2025, 3, 1, 2), datetime(2025, 3, 1, 2)), "to", "no length"),
        (Span(datetime(2025, 3, 1, 2), datetime(2025, 3, 1, 1)), "to", "before it starts"),
        (Span(datetime(2025, 3, 30, 2), datetime(2025, 3, 30, 3)), "to", "skip"),
        (Span(datetime(2025, 3, 1, 2, tzinfo=UTC), datetime(2025, 3, 1, 1)), "from", "offset"),
        (Rule("FREQ=DAILY", datetime(2025, 3, 1), 0), "duration", "no length"),
        (Rule("FREQ=DAILY", datetime(2025, 3, 1), 10**9), "duration", "longer than a year"),
        (Rule("FREQ=DAILY", datetime(2025, 3, 1, tzinfo=UTC), 9), "from", "offset"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_field(when: Pattern, field: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_pattern(entry("event", "odd", when), BERLIN)
    assert f"Entry 'odd', field '{field}': " in refused.value.message
    assert words in refused.value.message


def test_a_day_that_the_zone_skipped_is_refused() -> None:
    with pytest.raises(BadInput, match="does not exist in Pacific/Apia"):
        check_pattern(entry("event", "odd", Days(date(2011, 12, 30), date(2011, 12, 30))), "Pacific/Apia")


def test_an_unknown_zone_is_an_error_with_the_nearest_name_and_never_utc() -> None:
    """[S1.30]"""
    when = Monthly(28, 2)
    with pytest.raises(BadInput, match=r"field 'zone': .*Did you mean 'Europe/London'"):
        check_pattern(entry("event", "odd", when, zone="Europe/Londn"), LONDON)
    with pytest.raises(BadInput, match="zone"):
        check_pattern(entry("event", "odd", when), "Mars/Olympus")


@pytest.mark.parametrize(
    "when",
    [
        Weekly(("sat",), time(0), time(0)),
        Monthly(31, 31),
        Yearly((2, 29), (2, 29)),
        Days(date(2025, 3, 13), date(2025, 3, 13)),
        Span(datetime(2025, 3, 30, 2, 30), datetime(2025, 3, 30, 4)),
        Rule("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", datetime(2024, 1, 1), 60),
    ],
)
def test_what_can_be_meant_is_taken(when: Pattern) -> None:
    """A whole day from midnight to midnight, the last day of a month, the 29th of February."""
    assert pattern_problem(entry("event", "fine", when), BERLIN) is None
    assert pattern_problem(entry("event", "fine", when), "") is None
