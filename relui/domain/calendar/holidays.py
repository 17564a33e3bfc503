"""Holidays and business days: weekends, a country's holidays and the organisation's own dates [S1.23]."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from relui.domain.organisation import Holidays
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

OWN_HOLIDAY = "the organisation's holiday"


def holiday_on(holidays: Holidays, day: date) -> str:
    """The name of the holiday on that day, or nothing. Raises BadInput for an unknown country."""
    if day in holidays.dates:
        return OWN_HOLIDAY
    if not holidays.country:
        return ""
    return _year(holidays.country, holidays.subdivision, day.year).get(day, "")


def days_off(holidays: Holidays, year: int) -> frozenset[date]:
    """The holidays of a country in one year, the organisation's own dates left out. Raises BadInput."""
    return frozenset(_year(holidays.country, holidays.subdivision, year)) if holidays.country else frozenset()


def is_business_day(holidays: Holidays, day: date) -> bool:
    """Neither Saturday, Sunday nor a holiday."""
    return day.weekday() < 5 and not holiday_on(holidays, day)


def business_days_before(day: date, count: int, holidays: Holidays) -> date:
    """The business day that lies `count` business days before `day`; with 0 the day itself."""
    for _ in range(count):
        day -= timedelta(days=1)
        while not is_business_day(holidays, day):
            day -= timedelta(days=1)
    return day


def known_until(holidays: Holidays) -> int | None:
    """The last year of which something is known; None when no holidays are given. Raises BadInput."""
    own = max((day.year for day in holidays.dates), default=None)
    if not holidays.country:
        return own
    import holidays as library

    check_holidays(holidays)
    return library.country_holidays(holidays.country.upper(), subdiv=_subdivision(holidays)).end_year


def check_holidays(holidays: Holidays) -> None:
    """Raise BadInput, with the nearest name, for a country or subdivision that is not known."""
    if not holidays.country:
        if holidays.subdivision:
            raise BadInput(
                "Holidays have a subdivision but no country. Write the country beside it, such as GB."
            )
        return
    from holidays import list_supported_countries

    known = list_supported_countries(include_aliases=True)
    if holidays.country.upper() not in known:
        raise BadInput(
            f"No holidays are known for the country {quoted(holidays.country)}. Write its two letters"
            f" (ISO 3166).{did_you_mean(holidays.country, known)}"
        )
    parts = known[holidays.country.upper()]
    if holidays.subdivision and holidays.subdivision.upper() not in parts:
        way_out = did_you_mean(holidays.subdivision, parts) or " It has none: leave it out."
        raise BadInput(
            f"No holidays are known for the subdivision {quoted(holidays.subdivision)} of"
            f" {holidays.country.upper()}.{way_out}"
        )


def _subdivision(holidays: Holidays) -> str | None:
    return holidays.subdivision.upper() or None


@lru_cache(maxsize=256)
def _year(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """One year's holidays: the library, and a country's rules, are loaded when first asked for."""
    from holidays import country_holidays

    try:
        found = country_holidays(country.upper(), subdiv=subdivision.upper() or None, years=year)
    except NotImplementedError:  # checked only now: the list of all countries loads every one of them
        check_holidays(Holidays(country, subdivision))
        raise
    return {day: str(name) for day, name in found.items()}


def business_days_after(day: date, count: int, holidays: Holidays) -> date:
    """The last of `count` business days after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(holidays, day)
    return day
