"""What is odd in a calendar, with the months to come expanded."""

from __future__ import annotations

from datetime import date, datetime, time

from relui.domain.calendar.entries import WEEKDAYS, Days, Monthly, Rule, Span, Weekly, Yearly
from relui.domain.calendar.lint import Problem, lint
from relui.domain.organisation import Holidays, Organisation, Person, Service
from tests.domain.calendar.calendars import BERLIN, MONTH_END, NIGHT, WEEKEND, YEAR_END, entry, organisation

TODAY = date(2025, 1, 10)


def told(org: Organisation, id: str) -> list[Problem]:
    return [problem for problem in lint(org, TODAY) if problem.entry == id]


def one(org: Organisation, id: str, severity: str) -> Problem:
    found = [problem for problem in told(org, id) if problem.severity == severity]
    assert len(found) == 1, found
    return found[0]


def test_a_sound_calendar_has_nothing_but_notes() -> None:
    """[S1.30] The golden week's entries: the nights on which the clocks change, once for the entry."""
    problems = lint(organisation(WEEKEND, MONTH_END, YEAR_END), TODAY)
    assert [(p.entry, p.severity) for p in problems] == [("weekend", "note")]
    assert problems[0].words == (
        "The clocks change during the window 'Weekend': Sat 29 Mar 2025 (11h), Sat 25 Oct 2025 (13h),"
        " Sat 28 Mar 2026 (11h) and Sat 24 Oct 2026 (13h)."
    )


def test_an_entry_that_never_occurs_is_told() -> None:
    """[S1.30]"""
    past = entry("event", "past", Days(date(2024, 1, 1), date(2024, 1, 2)))
    assert "does not occur between Fri 10 Jan 2025 and" in one(organisation(past), "past", "note").words
    never = entry("event", "never", Rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", datetime(2024, 1, 1), 60))
    assert "never occurs" in one(organisation(never), "never", "error").words


def test_an_entry_that_overlaps_itself_is_told() -> None:
    """[S1.30]"""
    long = entry("window", "long", Rule("FREQ=DAILY", datetime(2025, 1, 1, 18), 25 * 60), zone="UTC")
    assert "overlaps itself" in one(organisation(long), "long", "warning").words
    month = entry("blackout", "month", Monthly(29, 28))
    assert (
        "overlaps itself 2 times, first on Fri 28 Feb 2025"
        in one(organisation(month), "month", "warning").words
    )
    touching = entry("window", "day", Weekly(("mon", "tue"), time(0), time(0)), zone="UTC")
    assert told(organisation(touching), "day") == []


def test_an_occurrence_that_the_clocks_skip_is_told() -> None:
    """[S1.30]"""
    hour = entry("window", "hour", Weekly(("sun",), time(2), time(3)), zone=BERLIN)
    found = one(organisation(hour), "hour", "warning")
    assert (
        "does not take place on Sun 30 Mar 2025 and Sun 29 Mar 2026: the clocks skip its hours."
        in found.words
    )


def test_a_service_without_any_window_is_told_once_there_is_one() -> None:
    """[S1.30]"""
    assert told(organisation(), "hr") == []
    only_finance = entry("window", "weekend", NIGHT, services=("finance", "ledger", "database"))
    assert "closed at all times" in one(organisation(only_finance), "hr", "warning").words
    free = (Service("finance", "F"), Service("hr", "H", unrestricted=True))
    assert told(organisation(only_finance, services=free), "hr") == []


def test_blackouts_that_leave_no_window_for_thirty_days_are_told_with_the_services() -> None:
    """[S1.30]"""
    freeze = entry("blackout", "freeze", Yearly((6, 1), (6, 29)), services=("finance",))
    problems = [p for p in told(organisation(WEEKEND, freeze), "freeze") if "no window" in p.words]
    # In 2025 the freeze begins and ends in a weekend: 29 days are left.
    assert [p.words for p in problems] == [
        "Blackouts leave Finance system no window for 33 days, from Mon 1 Jun 2026 00:00 (Europe/London)"
        " to Sat 4 Jul 2026 18:00 (Europe/London): 'Freeze'."
    ]
    short = entry("blackout", "freeze", Yearly((6, 2), (6, 15)))
    assert [p for p in told(organisation(WEEKEND, short), "freeze") if "no window" in p.words] == []


def test_a_month_without_a_window_is_no_blackouts_fault() -> None:
    """[S1.30] Windows in May and in September: the summer between is not taken by anything."""
    yearly = (
        entry("window", "may", Yearly((5, 1), (5, 31))),
        entry("window", "september", Yearly((9, 1), (9, 30))),
    )
    assert [p for p in lint(organisation(*yearly, MONTH_END), TODAY) if "no window" in p.words] == []


def test_a_long_blackout_over_a_window_that_never_shuts_and_one_that_takes_a_whole_opening_are_told() -> None:
    """[S1.30]"""
    always = entry("window", "always", Weekly(WEEKDAYS, time(0), time(0)))
    freeze = entry("blackout", "freeze", Yearly((6, 1), (7, 10)))
    assert len([p for p in told(organisation(always, freeze), "freeze") if "for 40 days" in p.words]) == 2
    quarterly = (
        entry("window", "may", Yearly((5, 1), (5, 31))),
        entry("window", "june", Yearly((6, 20), (6, 30))),
    )
    assert len([p for p in told(organisation(*quarterly, freeze), "freeze") if "no window" in p.words]) == 2


def test_a_window_that_always_lies_in_a_blackout_is_told() -> None:
    """[S1.30]"""
    eve = entry("window", "eve", Span(datetime(2025, 12, 24, 18), datetime(2025, 12, 24, 20)))
    org = organisation(eve, YEAR_END, WEEKEND)
    assert "always lies inside a blackout: 'Year end'" in one(org, "eve", "warning").words
    of_finance = entry("blackout", "year-end", Yearly((12, 15), (1, 5)), services=("finance",))
    assert [p for p in told(organisation(eve, of_finance, WEEKEND), "eve") if "blackout" in p.words] == []


def test_holidays_that_are_known_only_for_a_while_are_told() -> None:
    org = organisation(holidays=Holidays(dates=(date(2025, 12, 25),)))
    assert one(org, "", "note").words == "Holidays are known only up to the end of 2025."
    assert told(organisation(holidays=Holidays("GB", "ENG")), "") == []
    assert "country 'XX'" in one(organisation(holidays=Holidays("XX")), "", "error").words


def test_an_unknown_service_and_an_unknown_zone_are_errors() -> None:
    wrong = entry("window", "w", NIGHT, services=("finanze",))
    assert "Did you mean 'finance'" in one(organisation(wrong), "w", "error").words
    nowhere = entry("window", "w", NIGHT, environments=("prodction",))
    assert "Did you mean 'production'" in one(organisation(nowhere), "w", "error").words
    zone = entry("window", "w", NIGHT, zone="Europe/Lodon")
    assert one(organisation(zone), "w", "error").words.startswith("Field 'zone': ")


def test_the_worst_comes_first_and_the_order_of_entries_does_not_matter() -> None:
    entries = [
        entry("event", "past", Days(date(2024, 1, 1), date(2024, 1, 2))),
        entry("window", "w", NIGHT, zone="Europe/Lodon"),
        entry("window", "long", Rule("FREQ=DAILY", datetime(2025, 1, 1, 18), 25 * 60), zone="UTC"),
    ]
    found = lint(organisation(*entries), TODAY)
    assert [p.severity for p in found] == ["error", "warning", "note"]
    assert lint(organisation(*reversed(entries)), TODAY) == found


def test_a_role_that_is_nearly_one_with_a_meaning_is_told() -> None:
    people = tuple(Person(role, role, roles=(role,)) for role in ("service-onwer", "cab", "qa", "owner"))
    (told,) = [p for p in lint(Organisation(people=people), TODAY) if "has no meaning" in p.words]
    assert (told.severity, told.way_out) == ("warning", "Write 'service-owner', if that is meant.")
    assert "'service-onwer'" in told.words


def test_a_role_that_sign_offs_need_and_nobody_has_is_told_once_roles_sign_at_all() -> None:
    """[S1.8]"""

    def told(*roles: str, owner: str = "") -> list[str]:
        people = (Person("ada", "Ada", roles=roles),)
        made = Organisation(services=(Service("pay", "Pay", owner=owner, unrestricted=True),), people=people)
        return [each.words for each in lint(made, TODAY) if "role" in each.words]

    assert told() == told("qa", "operations") == []
    assert [words.split(",")[0] for words in told("release-owner")] == [
        "Nobody has the role cab",
        "Nobody has the role emergency-cab",
        "Nobody has the role service-owner",
    ]
    assert told("release-owner", "cab", "emergency-cab", owner="ada") == []
