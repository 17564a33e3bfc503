"""Windows, blackouts, maintenance and events: what the calendar itself says about a slot."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.calendar.check import check
from relui.domain.calendar.entries import WEEKDAYS, Days, Span, Weekly
from relui.domain.calendar.timetable import Timetable
from relui.domain.calendar.windows import next_free
from relui.domain.organisation import Service
from tests.domain.calendar.calendars import (
    LONDON,
    MONTH_END,
    NIGHT,
    WEEKEND,
    at,
    blocking,
    entry,
    only,
    organisation,
    slot,
    verdict,
)


def test_without_any_window_the_calendar_restricts_nothing_and_says_so() -> None:
    """[S1.30]"""
    empty = verdict(organisation(), slot("2025-03-12T11:00"))
    assert empty.free and empty.open_calendar
    assert not verdict(organisation(WEEKEND), slot()).open_calendar
    assert blocking(verdict(organisation(MONTH_END), slot("2025-03-01T11:00"))) == ["blackout"]


def test_a_slot_that_misses_every_window_is_led_to_the_next() -> None:
    """[S1.31]"""
    found = only(verdict(organisation(WEEKEND), slot("2025-03-12T11:00")), "window")
    assert found.words == (
        "No window of Finance system is open on Wed 12 Mar 2025 11:00 to 13:00 (Europe/London)."
    )
    assert "'Weekend', which opens on Sat 15 Mar 2025 18:00 (Europe/London)" in found.way_out
    assert found.other == "weekend"


@pytest.mark.parametrize(
    ("start", "duration", "words", "way_out"),
    [
        (
            "2025-03-16T05:00",
            120,
            "exceeds 'Weekend' by 1h: that shuts on Sun 16 Mar 2025 06:00",
            "Start by Sun 16 Mar 2025 04:00",
        ),
        (
            "2025-03-15T17:15",
            120,
            "starts 45m before 'Weekend' opens on Sat 15 Mar 2025 18:00",
            "Start on Sat 15 Mar 2025 18:00",
        ),
        ("2025-03-15T18:00", 13 * 60, "exceeds 'Weekend' by 1h", "Shorten it to 12h at most"),
    ],
)
def test_a_slot_that_exceeds_a_window_is_told_by_how_much(
    start: str, duration: int, words: str, way_out: str
) -> None:
    """[S1.31]"""
    found = only(verdict(organisation(WEEKEND), slot(start, duration=duration)), "window")
    assert words in found.words
    assert way_out in found.way_out


def test_a_slot_that_exceeds_on_both_sides_is_told_both() -> None:
    """[S1.31] Every finding is told."""
    found = verdict(organisation(WEEKEND), slot("2025-03-15T17:00", duration=14 * 60))
    assert blocking(found) == ["window", "window"]


def test_adjoining_and_overlapping_windows_combine_and_a_gap_between_two_is_named() -> None:
    """[S1.30]"""
    early = entry("window", "early", Span(datetime(2025, 3, 12, 18), datetime(2025, 3, 12, 20)))
    late = entry("window", "late", Span(datetime(2025, 3, 12, 20), datetime(2025, 3, 12, 22)))
    later = entry("window", "later", Span(datetime(2025, 3, 12, 21), datetime(2025, 3, 12, 23)))
    asked = slot("2025-03-12T18:30", duration=240)
    assert verdict(organisation(early, late, later), asked).free
    gap = only(verdict(organisation(early, later), asked), "window")
    assert gap.words.startswith(
        "Between 'Early' and 'Later' no window is open for 1h, on Wed 12 Mar 2025 20:00"
    )


def test_a_service_that_no_window_covers_is_closed_unless_it_is_unrestricted() -> None:
    """[S1.30]"""
    for_finance = entry("window", "weekend", NIGHT, services=("finance",))
    closed = only(verdict(organisation(for_finance), slot(service="hr")), "window")
    assert closed.words == "No window covers HR portal, so it is closed at all times."
    free = organisation(
        for_finance, services=(Service("finance", "F"), Service("hr", "H", unrestricted=True))
    )
    assert verdict(free, slot("2025-03-12T11:00", service="hr")).free
    assert verdict(organisation(for_finance), slot(service="Finance system")).free


def test_windows_of_another_environment_do_not_count() -> None:
    """[S1.30] Windows say when production may be deployed to; staging without a window is open."""
    production = entry("window", "weekend", NIGHT, environments=("production",))
    assert blocking(verdict(organisation(production), slot("2025-03-12T11:00"))) == ["window"]
    assert verdict(organisation(production), slot("2025-03-12T11:00", environment="staging")).free


def test_a_blackout_of_other_services_does_not_count() -> None:
    """[S1.31]"""
    of_hr = entry("blackout", "payroll", Days(date(2025, 3, 15), date(2025, 3, 15)), services=("hr",))
    assert verdict(organisation(WEEKEND, of_hr), slot()).free
    found = only(verdict(organisation(WEEKEND, of_hr), slot(service="hr")), "blackout")
    assert found.words == "Blackout 'Payroll' forbids releases on Sat 15 Mar 2025, all day (Europe/London)."
    assert "start on Sun 16 Mar 2025 00:00 (Europe/London) or later" in found.way_out


def test_the_way_out_of_a_blackout_leads_to_where_a_window_is_open() -> None:
    """[S1.31] Not into the next refusal."""
    week = entry("window", "weekend", NIGHT)
    shut = entry("blackout", "payroll", Days(date(2025, 3, 15), date(2025, 3, 17)))
    found = only(verdict(organisation(week, shut), slot("2025-03-15T20:00")), "blackout")
    assert "or later, when a window is open again" in found.way_out
    assert found.end is not None
    led_to = next_free(Timetable(organisation(week, shut)), slot(), found.end)
    assert led_to is not None and led_to.date() > date(2025, 3, 20)
    assert verdict(organisation(week, shut), replace(slot(), start=led_to)).free
    ended = entry("window", "once", Days(date(2025, 3, 15), date(2025, 3, 15)))
    only_once = only(verdict(organisation(ended, shut), slot("2025-03-15T20:00")), "blackout")
    assert "look for a free slot after Tue 18 Mar 2025" in only_once.way_out


def test_maintenance_blocks_the_environment_that_it_names() -> None:
    """[S1.31]"""
    storage = entry(
        "maintenance",
        "san",
        Span(datetime(2025, 3, 15, 21), datetime(2025, 3, 15, 23)),
        environments=("production",),
    )
    found = only(verdict(organisation(WEEKEND, storage), slot()), "maintenance")
    assert (found.severity, found.other, found.end) == ("blocks", "san", at("2025-03-15T23:00"))
    assert verdict(organisation(WEEKEND, storage), slot(environment="staging")).free
    assert verdict(organisation(WEEKEND, storage), slot("2025-03-15T19:00")).free


def test_an_event_blocks_what_it_needs_and_what_that_depends_on() -> None:
    """[S1.31] Payday needs finance, which depends on the ledger, which depends on the database."""
    payday = entry("event", "payday", Days(date(2025, 3, 15), date(2025, 3, 15)), services=("finance",))
    org = organisation(WEEKEND, payday)
    assert only(verdict(org, slot()), "event").words.startswith("Event 'Payday' needs Finance system on Sat")
    below = only(verdict(org, slot(service="database")), "event")
    assert "needs Finance system, which depends on Database," in below.words
    assert verdict(org, slot(service="hr")).free


def test_what_touches_a_slot_does_not_overlap_it() -> None:
    """[S1.31] A blackout that ends when the slot starts, and one that starts when it ends."""
    before = entry("blackout", "before", Span(datetime(2025, 3, 15, 19), datetime(2025, 3, 15, 20)))
    after = entry("blackout", "after", Span(datetime(2025, 3, 15, 22), datetime(2025, 3, 15, 23)))
    assert verdict(organisation(WEEKEND, before, after), slot()).free


windows = st.builds(
    Weekly,
    st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3).map(tuple),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)


@given(
    st.lists(windows, min_size=1, max_size=4),
    st.sampled_from((LONDON, "Europe/Berlin", "Australia/Lord_Howe")),
    st.datetimes(datetime(2025, 3, 20), datetime(2025, 4, 10)).map(
        lambda d: d.replace(second=0, microsecond=0)
    ),
    st.integers(1, 600),
)
@settings(max_examples=120, deadline=None)
def test_combined_windows_agree_with_a_look_at_every_minute(
    patterns: list[Weekly], zone: str, start: datetime, duration: int
) -> None:
    """[S1.30] Windows over the nights on which the clocks change, minute by minute."""
    org = organisation(*(entry("window", f"w{n}", one) for n, one in enumerate(patterns)), zone=zone)
    asked = slot(start=start.isoformat(), zone="UTC", duration=duration)
    timetable = Timetable(org)
    spans = [(o.start, o.end) for o in timetable.occurrences(asked.start - timedelta(days=3), asked.end)]
    minutes = (asked.start + timedelta(minutes=n) for n in range(duration))
    covered = all(any(a <= minute < b for a, b in spans) for minute in minutes)
    found = [
        f for f in check(timetable, asked, datetime(2025, 1, 1, tzinfo=UTC)).findings if f.rule == "window"
    ]
    assert bool(found) != covered


def test_times_are_evaluated_at_the_planned_instant() -> None:
    """[S1.6] A slot is as free a year before as on the eve; `now` changes warnings alone."""
    org = organisation(WEEKEND, MONTH_END)
    for now in ("2020-01-01", "2025-03-15T19:00", "2031-01-01"):
        assert verdict(org, slot(), now=at(now)).free
        assert blocking(verdict(org, slot("2025-03-01T20:00"), now=at(now))) == ["blackout"]


def test_a_window_in_another_zone_is_open_when_it_is_there() -> None:
    """[S1.30] 09:00 on Saturday in London is 18:00 in Tokyo."""
    tokyo = entry("window", "tokyo", Weekly(("sat",), time(18), time(20)), zone="Asia/Tokyo")
    assert verdict(organisation(tokyo), slot("2025-03-15T09:00")).free
    assert not verdict(organisation(tokyo), slot("2025-03-15T18:00")).free
