"""Holidays and business days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.calendar.holidays import (
    business_days_before,
    check_holidays,
    holiday_on,
    is_business_day,
    known_until,
)
from relui.domain.organisation import Holidays
from relui.errors import BadInput

ENGLAND = Holidays("GB", "ENG")
OWN = Holidays(dates=(date(2025, 3, 12), date(2026, 12, 24)))


def test_a_countrys_holidays_differ_by_subdivision() -> None:
    assert holiday_on(ENGLAND, date(2025, 12, 25)) == "Christmas Day"
    assert (
        holiday_on(Holidays("GB", "SCT"), date(2025, 12, 1)) != holiday_on(ENGLAND, date(2025, 12, 1)) == ""
    )
    assert holiday_on(Holidays("gb", "eng"), date(2025, 8, 25))


def test_own_dates_count_beside_a_country() -> None:
    both = Holidays("GB", "ENG", (date(2025, 3, 12),))
    assert holiday_on(both, date(2025, 3, 12)) and holiday_on(both, date(2025, 12, 25))
    assert holiday_on(OWN, date(2025, 12, 25)) == holiday_on(Holidays(), date(2025, 12, 25)) == ""


def test_business_days_skip_weekends_and_holidays() -> None:
    """[S1.23] Five before Saturday 15 March 2025, with and without a day off on Wednesday 12."""
    assert business_days_before(date(2025, 3, 15), 5, Holidays()) == date(2025, 3, 10)
    assert business_days_before(date(2025, 3, 15), 5, OWN) == date(2025, 3, 7)
    assert business_days_before(date(2025, 4, 22), 1, ENGLAND) == date(2025, 4, 17)  # over Easter
    assert business_days_before(date(2025, 3, 15), 0, Holidays()) == date(2025, 3, 15)


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 30))
def test_as_many_business_days_lie_between_as_were_asked_for(day: date, count: int) -> None:
    """[S1.23]"""
    before = business_days_before(day, count, OWN)
    between = [before + timedelta(days=n) for n in range((day - before).days)]
    assert sum(is_business_day(OWN, one) for one in between) == count
    assert is_business_day(OWN, before)


def test_how_far_holidays_are_known() -> None:
    assert known_until(Holidays()) is None
    assert known_until(OWN) == 2026
    england = known_until(ENGLAND)
    assert england is not None and england >= 2099


@pytest.mark.parametrize(
    ("holidays", "words"),
    [
        (Holidays("UKK"), "country 'UKK'"),
        (Holidays("GB", "ENGL"), "Did you mean 'ENG'"),
        (Holidays("", "ENG"), "no country"),
    ],
)
def test_an_unknown_country_or_part_is_refused_with_the_nearest(holidays: Holidays, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_holidays(holidays)
    if holidays.country:
        with pytest.raises(BadInput, match=words):
            holiday_on(holidays, date(2025, 1, 1))
        with pytest.raises(BadInput, match=words):
            known_until(holidays)
