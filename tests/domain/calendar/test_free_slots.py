"""The next free slots, and why the earlier candidates were passed over."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relui.domain.calendar.check import FreeSlots, check, free_slots
from relui.domain.calendar.entries import WEEKDAYS, Days, Monthly, Rule, Span, Weekly
from relui.domain.calendar.slot import Slot
from relui.domain.calendar.timetable import Timetable
from relui.domain.calendar.wall_clock import moment_words
from relui.domain.calendar.windows import next_free
from relui.domain.organisation import Absence, Organisation, Person, Service, Team
from tests.domain.calendar.calendars import (
    LONDON,
    MONTH_END,
    NOW,
    WEEKEND,
    at,
    booked,
    entry,
    organisation,
    slot,
)

QUARTER = timedelta(minutes=15)


def found(
    org: Organisation, asked: Slot, *others: Slot, start: str = "2025-03-10T09:00", count: int = 3
) -> FreeSlots:
    return free_slots(Timetable(org, others), asked, at(start), count, NOW)


def starts(free: FreeSlots) -> list[datetime]:
    return [one.slot.start for one in free.found]


def test_free_slots_begin_where_a_window_opens_and_follow_each_other() -> None:
    """[S1.31]"""
    assert starts(found(organisation(WEEKEND), slot(duration=300))) == [
        at("2025-03-15T18:00"),
        at("2025-03-15T23:00"),
        at("2025-03-16T18:00"),
    ]


def test_a_slot_may_end_when_the_window_shuts() -> None:
    """[S1.31]"""
    free = found(organisation(WEEKEND), slot(duration=360))
    assert starts(free) == [at("2025-03-15T18:00"), at("2025-03-16T00:00"), at("2025-03-16T18:00")]


@pytest.mark.parametrize("day", range(0, 60, 3))
def test_where_a_window_never_shuts_a_slot_may_begin_at_any_quarter(day: int) -> None:
    """[S1.31] Also a long one, at the seams of what is expanded at a time."""
    always = organisation(entry("window", "always", Weekly(WEEKDAYS, time(0), time(0))))
    busy = booked("2025-03-10", duration=60 * 24 * day + 1)
    free = free_slots(Timetable(always, [busy]), slot(duration=60 * 24 * 9), at("2025-03-10"), 1, NOW)
    assert starts(free) == [at("2025-03-10") + timedelta(days=day, minutes=15)]


def test_a_slot_longer_than_what_is_expanded_at_a_time_is_found_as_well() -> None:
    always = organisation(entry("window", "always", Weekly(WEEKDAYS, time(0), time(0))))
    free = found(always, slot(duration=60 * 24 * 70), count=1)
    assert starts(free) == [at("2025-03-10T09:00")]
    free = found(always, slot(duration=60 * 24 * 70), booked("2025-03-10T09:00", duration=60), count=1)
    assert starts(free) == [at("2025-03-10T10:00")]


def test_a_slot_begins_where_an_obstacle_ends_rounded_up_to_a_quarter() -> None:
    """[S1.31]"""
    other = booked("2025-03-15T18:00", duration=100)
    free = found(organisation(WEEKEND), slot(), other, count=1)
    assert starts(free) == [at("2025-03-15T19:45")]
    assert [[f.rule for f in one.findings] for one in free.passed_over] == [["window"], ["same-service"]]
    assert "REL-2025-03-009 is booked" in free.passed_over[1].words
    assert (free.passed_over[1].start, free.passed_over[1].end) == (
        at("2025-03-15T18:00"),
        at("2025-03-15T19:40"),
    )


def test_consecutive_candidates_with_the_same_reason_are_one_span() -> None:
    """[S1.31] The month's end takes Saturday and Sunday; a short window is passed over each Wednesday."""
    month_end = found(organisation(WEEKEND, MONTH_END), slot(duration=540), start="2025-03-01T18:00", count=1)
    assert [one.candidates for one in month_end.passed_over] == [1]
    short = entry("window", "short", Weekly(("mon", "wed"), time(20), time(21)))
    free = found(organisation(WEEKEND, short), slot(), start="2025-03-10T20:00", count=1)
    assert starts(free) == [at("2025-03-15T18:00")]
    assert [(one.candidates, one.start, one.end) for one in free.passed_over] == [
        (2, at("2025-03-10T20:00"), at("2025-03-15T18:00"))
    ]
    assert "exceeds 'Short' by 1h" in free.passed_over[0].words


def test_nothing_before_now_is_offered() -> None:
    free = free_slots(Timetable(organisation()), slot(), at("2020-01-01"), 1, at("2025-03-03T09:01"))
    assert starts(free) == [at("2025-03-03T09:15")]


def test_when_nothing_is_free_it_says_so() -> None:
    """[S1.31]"""
    closed = organisation(entry("window", "hr-only", Weekly(("sat",), time(18), time(6)), services=("hr",)))
    free = found(closed, slot())
    assert free.found == () and free.until == at("2025-03-10T09:00") + timedelta(days=180)
    assert free.words.startswith("No slot of 2h for Finance system could be found before Sat 6 Sep 2025")
    assert [one.words for one in free.passed_over] == [
        "No window covers Finance system, so it is closed at all times."
    ]
    one_night = entry("window", "once", Span(datetime(2025, 3, 15, 18), datetime(2025, 3, 15, 21)))
    few = found(organisation(one_night), slot())
    assert len(few.found) == 1 and few.words.startswith("Only 1 of 3 slots")


def test_an_emergency_is_free_at_once() -> None:
    """[S1.36]"""
    free = found(
        organisation(WEEKEND, MONTH_END), slot(type="emergency"), booked("2025-03-10T09:00"), count=1
    )
    assert starts(free) == [at("2025-03-10T09:00")]


def test_a_key_persons_absence_is_waited_for() -> None:
    """[S1.31]"""
    away = Person("grace", "Grace", away=(Absence(date(2025, 3, 15), date(2025, 3, 17)),))
    free = found(organisation(people=(away,)), slot(people=("grace",)), start="2025-03-14T21:00", count=1)
    assert starts(free) == [at("2025-03-18T00:00")]


def test_windows_over_weeks_without_a_break_are_found_at_the_seams() -> None:
    """[S1.31] A slot may cross the four weeks by which entries are expanded."""
    always = organisation(entry("window", "always", Weekly(WEEKDAYS, time(0), time(0))))
    free = free_slots(Timetable(always), slot(duration=60 * 24 * 9), at("2025-03-10"), 12, NOW)
    assert starts(free) == [at("2025-03-10") + timedelta(days=9 * n) for n in range(12)]


clock = st.times().map(lambda t: t.replace(minute=t.minute // 15 * 15, second=0, microsecond=0))
weekly = st.builds(
    Weekly, st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3).map(tuple), clock, clock
)
obstacle = st.one_of(
    weekly,
    st.builds(Monthly, st.integers(1, 31), st.integers(1, 31)),
    st.dates(date(2025, 3, 20), date(2025, 4, 9)).map(lambda day: Days(day, day)),
    st.just(Rule("FREQ=DAILY;INTERVAL=2", datetime(2024, 1, 1, 3), 90)),
)
other = st.builds(
    booked,
    st.datetimes(datetime(2025, 3, 25), datetime(2025, 4, 5)).map(
        lambda d: d.replace(second=0, microsecond=0).isoformat()
    ),
    duration=st.integers(1, 900),
    service=st.sampled_from(["finance", "ledger", "hr", "helpdesk"]),
    standing=st.sampled_from(["booked", "planned", "to-be-moved"]),
    release=st.sampled_from(["REL-1", "REL-2", "REL-3", "REL-2025-03-001"]),
)
ZONES = (LONDON, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


@given(
    st.lists(weekly, max_size=3),
    st.lists(st.tuples(st.sampled_from(["blackout", "maintenance", "event"]), obstacle), max_size=2),
    st.lists(other, max_size=4),
    st.sampled_from(ZONES),
    st.integers(1, 8).map(lambda n: n * 45),
    st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_no_free_slot_has_a_blocking_finding_and_none_earlier_was_missed(
    windows: list[Weekly], obstacles: list[Any], others: list[Slot], zone: str, duration: int, away: bool
) -> None:
    """[S1.31] Against a look at every quarter of an hour, over the nights on which the clocks change."""
    entries = [entry("window", f"w{n}", when) for n, when in enumerate(windows)]
    entries += [entry(kind, f"o{n}", when) for n, (kind, when) in enumerate(obstacles)]
    grace = Person("grace", "Grace", away=(Absence(date(2025, 3, 29), date(2025, 3, 29)),) if away else ())
    services = (
        Service("finance", "F", depends_on=("ledger",), team="crew"),
        Service("helpdesk", "H", team="crew"),
    )
    org = organisation(
        *entries, zone=zone, services=services, people=(grace,), teams=(Team("crew", capacity=1),)
    )
    timetable = Timetable(org, others)
    asked = slot(zone=zone, duration=duration, people=("grace",))
    start = datetime(2025, 3, 27, 9, tzinfo=UTC)
    free = free_slots(timetable, asked, start, 3, NOW, horizon=timedelta(days=12))
    assert all(one.free and check(timetable, one.slot, NOW) == one for one in free.found)
    offered = starts(free)
    at_ = start
    for expected in offered:  # every quarter before it is forbidden, and they do not overlap
        while at_ < expected:
            assert not check(timetable, _at(asked, at_), NOW).free, at_
            at_ += QUARTER
        at_ = expected + timedelta(minutes=duration)
        at_ += (datetime.min.replace(tzinfo=UTC) - at_) % QUARTER
    if not offered:
        quarters = [start + QUARTER * n for n in range(12 * 96)]
        assert not any(check(timetable, _at(asked, one), NOW).free for one in quarters)
    assert bool(free.words) == (len(offered) < 3)


def _at(asked: Slot, start: datetime) -> Slot:
    fields = {name: getattr(asked, name) for name in asked.__struct_fields__}
    return Slot(**{**fields, "start": start})


@st.composite
def crowded(draw: st.DrawFn) -> tuple[Timetable, Slot]:
    """A fortnight with windows, blackouts, maintenance, absences and other releases, and a slot in it."""
    day = st.integers(0, 20).map(lambda n: date(2025, 3, 10) + timedelta(days=n))
    hours = st.integers(0, 22)
    days = [draw(day) for _ in range(4)]
    entries = [
        entry("blackout", "freeze", Days(days[0], days[0] + timedelta(days=draw(st.integers(0, 4))))),
        entry("event", "fair", Days(days[1], days[1]), services=("finance",)),
        entry(
            "maintenance",
            "san",
            Span(datetime.combine(days[2], time(17)), datetime.combine(days[2], time(21))),
        ),
    ]
    entries += [WEEKEND] if draw(st.booleans()) else []
    person = Person("ada", "Ada", away=(Absence(days[3], days[3]),))
    others = [
        booked(
            f"{draw(day)}T{draw(st.integers(0, 22)):02d}:10", release=f"REL-2025-03-{n:03d}", service=service
        )
        for n, service in enumerate(("finance", "ledger", "hr"), 7)
    ]
    asked = slot(f"{draw(day)}T{draw(hours):02d}:05", people=("ada",))
    return Timetable(organisation(*entries, people=(person,)), others), asked


@settings(max_examples=80, deadline=None)
@given(crowded())
def test_every_way_out_leads_to_the_first_slot_that_a_search_finds(given: tuple[Timetable, Slot]) -> None:
    """[S1.31] What the panel advises and what the search offers is the same, and it is free."""
    timetable, asked = given
    for finding in check(timetable, asked, NOW).blocks:
        assert finding.end is not None
        after = asked.end if finding.rule == "window" else finding.end
        searched = free_slots(timetable, asked, after, 1, NOW).found[0].slot.start
        assert next_free(timetable, asked, after) == searched
        if finding.rule != "window" or "Move it to" in finding.way_out:
            assert moment_words(searched, LONDON) in finding.way_out, finding


def test_the_way_out_passes_over_a_blackout_day() -> None:
    freeze = entry("blackout", "freeze", Days(date(2025, 3, 15), date(2025, 3, 15)))
    works = entry("maintenance", "san", Span(datetime(2025, 3, 14, 20), datetime(2025, 3, 14, 23)))
    (found,) = check(Timetable(organisation(freeze, works)), slot("2025-03-14T21:00"), NOW).blocks
    assert "start on Sun 16 Mar 2025 00:00 (Europe/London) or later, when nothing else is in" in found.way_out
    (missed,) = check(Timetable(organisation(freeze, WEEKEND)), slot("2025-03-14T12:00"), NOW).blocks
    assert "Move it to 'Weekend', where it is free on Sun 16 Mar 2025 00:00" in missed.way_out
