"""Changing the organisation: what is refused, and what it does to the coming releases."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from msgspec.structs import replace

from relui.domain.calendar.check import check
from relui.domain.calendar.editing import (
    effect,
    with_absence,
    with_entry,
    with_holidays,
    with_person,
    with_service,
    with_team,
    without_absence,
    without_entry,
    without_person,
    without_service,
    without_team,
)
from relui.domain.calendar.entries import CalendarEntry, Days, Span
from relui.domain.calendar.timetable import Timetable
from relui.domain.organisation import Absence, Holidays, Organisation, Person, Service, Team
from relui.errors import BadInput, Refused
from tests.domain.calendar.calendars import (
    MONTH_END,
    NIGHT,
    NOW,
    WEEKEND,
    at,
    booked,
    entry,
    organisation,
    slot,
)

LEAVE = Absence(date(2025, 3, 15), date(2025, 3, 16), "leave")
ORG = organisation(WEEKEND, people=(Person("grace", "Grace", delegate="ada"), Person("ada", "Ada")))


def test_an_entry_is_added_cleaned_and_checked() -> None:
    """[S1.30] Services by name become ids; text from outside is cleaned."""
    new = entry(
        "blackout",
        "board",
        Days(date(2025, 3, 13), date(2025, 3, 14)),
        services=("Finance system", "finance"),
    )
    added = with_entry(ORG, replace(new, name="Board\x1b[31m meeting"))
    assert [e.id for e in added.entries] == ["weekend", "board"]
    assert (added.entries[1].name, added.entries[1].services) == ("Board meeting", ("finance",))
    assert [e.id for e in ORG.entries] == ["weekend"]


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (entry("event", "weekend", NIGHT), "field 'id': the window 'Weekend' has it already"),
        (entry("event", "  ", NIGHT), "id is empty"),
        (entry("event", "x", NIGHT, services=("finanse",)), r"field 'services'.*Did you mean 'finance'"),
        (entry("event", "x", NIGHT, zone="Nowhere"), "Entry 'x', field 'zone'"),
        (entry("event", "x", Span(datetime(2025, 1, 2), datetime(2025, 1, 1))), "Entry 'x', field 'to'"),
        (entry("party", "x", NIGHT), "is no kind"),  # type: ignore[arg-type]
    ],
)
def test_a_bad_entry_is_refused_by_name_and_field(new: CalendarEntry, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        with_entry(ORG, new)


def test_where_no_service_is_listed_any_name_is_taken() -> None:
    assert with_entry(Organisation(), entry("event", "x", NIGHT, services=("any",))).entries[0].services == (
        "any",
    )


def test_an_entry_is_replaced_in_its_place_and_may_be_renamed() -> None:
    org = with_entry(ORG, MONTH_END)
    changed = with_entry(org, entry("window", "nights", NIGHT), replaces="weekend")
    assert [e.id for e in changed.entries] == ["nights", "month-end"]
    with pytest.raises(BadInput, match="has it already"):
        with_entry(org, entry("window", "month-end", NIGHT), replaces="weekend")
    with pytest.raises(BadInput, match="Did you mean 'weekend'"):
        with_entry(org, entry("window", "x", NIGHT), replaces="weekends")


def test_an_entry_is_removed_by_id_or_the_nearest_is_told() -> None:
    assert without_entry(ORG, "weekend").entries == ()
    with pytest.raises(BadInput, match=r"no entry 'weeknd'.*Did you mean 'weekend'"):
        without_entry(ORG, "weeknd")


def test_absences_are_added_once_and_removed() -> None:
    away = with_absence(ORG, "Grace", LEAVE)
    assert away.people[0].away == (LEAVE,)
    assert with_absence(away, "grace", LEAVE) is away
    assert without_absence(away, "grace", LEAVE) == ORG
    with pytest.raises(BadInput, match="no such absence"):
        without_absence(ORG, "grace", LEAVE)
    with pytest.raises(BadInput, match="before it starts"):
        with_absence(ORG, "grace", Absence(date(2025, 3, 2), date(2025, 3, 1)))
    with pytest.raises(BadInput, match="Did you mean 'grace'"):
        with_absence(ORG, "graze", LEAVE)


def test_services_are_checked_when_they_are_added_and_when_they_go() -> None:
    added = with_service(ORG, Service("shop", "Shop", owner="Grace", depends_on=("Ledger",)))
    assert (added.services[-1].owner, added.services[-1].depends_on) == ("grace", ("ledger",))
    assert with_service(added, Service("shop", "Web shop")).services[-1].name == "Web shop"
    for bad, words in [
        (Service("shop", "Ledger"), "has that id or name"),
        (Service("shop", "Shop", depends_on=("shop",)), "no service 'shop'"),
        (Service("ledger", "Ledger", depends_on=("ledger",)), "cannot depend on itself"),
        (Service("shop", "Shop", owner="graze"), "Did you mean 'grace'"),
        (Service("shop", "Shop", zone="Nowhere"), "time zone"),
        (Service("", "Shop"), "empty"),
    ]:
        with pytest.raises(BadInput, match=words):
            with_service(ORG, bad)
    with pytest.raises(Refused, match="'ledger' is named by service 'finance'"):
        without_service(ORG, "ledger")
    assert [s.id for s in without_service(ORG, "hr").services] == ["finance", "ledger", "database"]


def test_people_are_checked_when_they_are_added_and_when_they_go() -> None:
    assert with_person(ORG, Person("bob", "Bob", delegate="Ada")).people[-1].delegate == "ada"
    for bad, words in [
        (Person("bob", "Bob", delegate="bobby"), "field 'delegate'"),
        (Person("ada", "Ada", delegate="ada"), "for themselves"),
        (Person("bob", "ADA"), "has that id or name"),
        (Person("bob", "Bob", away=(Absence(date(2025, 3, 2), date(2025, 3, 1)),)), "before it starts"),
    ]:
        with pytest.raises(BadInput, match=words):
            with_person(ORG, bad)
    with pytest.raises(Refused, match=r"'ada' is named by 'grace' \(delegate\)"):
        without_person(ORG, "ada")
    assert [p.id for p in without_person(ORG, "grace").people] == ["ada"]


def test_teams_and_holidays_are_checked() -> None:
    crew = with_team(ORG, Team("crew", "Crew", 2))
    assert with_team(crew, Team("crew", "Crew", 3)).teams == (Team("crew", "Crew", 3),)
    with pytest.raises(BadInput, match="Did you mean 'crew'"):
        with_service(crew, Service("shop", "Shop", team="crewe"))
    manned = with_service(crew, Service("shop", "Shop", team="crew"))
    with pytest.raises(Refused, match="service 'shop'"):
        without_team(manned, "crew")
    assert without_team(crew, "crew") == ORG
    with pytest.raises(BadInput, match="too small"):
        with_team(ORG, Team("crew", capacity=0))
    assert (
        with_holidays(ORG, Holidays(dates=(date(2025, 2, 1), date(2025, 1, 1)))).holidays.dates[0].month == 1
    )
    with pytest.raises(BadInput, match="country"):
        with_holidays(ORG, Holidays("XX"))


SLOTS = (
    booked("2025-03-15T20:00"),
    booked("2025-03-01T20:00", release="REL-past"),
    slot("2025-03-22T20:00", release="REL-planned", people=("grace",)),
    booked("2025-03-22T19:00", release="REL-hr", service="hr"),
)


def test_the_effect_names_who_would_newly_conflict() -> None:
    """[S1.31]"""
    meeting = entry("blackout", "board", Days(date(2025, 3, 15), date(2025, 3, 15)))
    words = effect(ORG, with_entry(ORG, meeting), SLOTS, NOW)
    assert words == (
        "REL-2025-03-009 (booked, Sat 15 Mar 2025 20:00 (Europe/London)) would conflict: Blackout 'Board'"
        " forbids releases on Sat 15 Mar 2025, all day (Europe/London).",
    )


def test_the_effect_names_who_would_be_freed() -> None:
    """[S1.31]"""
    org = with_entry(ORG, entry("blackout", "board", Days(date(2025, 3, 15), date(2025, 3, 15))))
    words = effect(org, ORG, SLOTS, NOW)
    assert len(words) == 1 and "REL-2025-03-009 (booked, " in words[0] and "would be free." in words[0]


def test_an_effect_that_took_place_is_told_as_it_is() -> None:
    meeting = entry("blackout", "board", Days(date(2025, 3, 15), date(2025, 3, 15)))
    (words,) = effect(ORG, with_entry(ORG, meeting), SLOTS, NOW, done=True)
    assert ") conflicts now: Blackout 'Board'" in words
    (freed,) = effect(with_entry(ORG, meeting), ORG, SLOTS, NOW, done=True)
    assert ") is free." in freed


def test_an_absence_has_an_effect_and_what_changes_nothing_has_none() -> None:
    """[S1.31]"""
    away = with_absence(ORG, "grace", Absence(date(2025, 3, 22), date(2025, 3, 22)))
    assert [one.split()[0] for one in effect(ORG, away, SLOTS, NOW)] == ["REL-planned"]
    assert effect(ORG, ORG, SLOTS, NOW) == ()


def test_the_first_and_the_last_window_are_told_with_the_services_that_they_close() -> None:
    """[S1.30]"""
    empty = organisation()
    first = with_entry(empty, entry("window", "weekend", NIGHT, services=("finance", "ledger", "database")))
    words = effect(empty, first, (), NOW)
    assert words == (
        "This is the first window: from then on production is open only in windows. HR portal would"
        " be closed at all times.",
    )
    assert effect(first, empty, (), NOW) == ("No window would be left: the calendar would restrict nothing.",)
    two = with_entry(ORG, entry("window", "hr", NIGHT, services=("hr",)))
    assert "No window would cover" in effect(two, without_entry(two, "weekend"), (), NOW)[0]


def test_a_changed_service_has_an_effect_on_its_neighbours() -> None:
    """[S1.31]"""
    joined = with_service(ORG, Service("hr", "HR portal", depends_on=("finance",)))
    words = effect(ORG, joined, SLOTS, NOW)
    assert [one.split()[0] for one in words] == ["REL-planned"]
    assert "REL-hr is booked" in words[0]


def test_the_effect_is_what_checking_everything_would_find() -> None:
    """[S1.31] The short way of `effect` against two whole boards."""
    after = without_entry(with_entry(with_absence(ORG, "grace", LEAVE), MONTH_END), "weekend")
    crowd = [
        booked(f"2025-03-{day:02}T{hour:02}:00", release=f"REL-{day}-{hour}", people=("grace",))
        for day in range(4, 31)
        for hour in (4, 20)
    ]
    told = {one.split()[0] for one in effect(ORG, after, crowd, at("2025-03-04")) if one.startswith("REL")}
    old, new = Timetable(ORG, crowd), Timetable(after, crowd)
    differs = {
        one.release
        for one in crowd
        if {f.rule for f in check(old, one, NOW).blocks} != {f.rule for f in check(new, one, NOW).blocks}
    }
    assert told == differs


def test_a_window_elsewhere_has_no_effect_on_a_slot_that_already_misses_every_window() -> None:
    """[S1.31] Which window would have been the next is not news."""
    missed = booked("2025-03-12T11:00")
    wednesday = entry("window", "wednesday", Span(datetime(2025, 3, 12, 18), datetime(2025, 3, 12, 20)))
    assert effect(ORG, with_entry(ORG, wednesday), (missed,), NOW) == ()
    noon = entry("window", "noon", Span(datetime(2025, 3, 12, 11), datetime(2025, 3, 12, 13)))
    assert "would be free" in effect(ORG, with_entry(ORG, noon), (missed,), NOW)[0]


def test_the_first_window_has_an_effect_on_slots_far_from_it() -> None:
    """[S1.30] Until then nothing was restricted; without any window nothing is again."""
    wednesday = booked("2025-03-12T11:00")
    words = effect(organisation(), organisation(WEEKEND), (wednesday,), NOW)
    assert len(words) == 2 and "would conflict: No window of Finance system is open" in words[1]
    assert "would be free" in effect(organisation(WEEKEND), organisation(), (wednesday,), NOW)[1]
