"""The slot check beside the calendar itself: other releases, teams, people, lead times, emergencies."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.calendar.check import RULES, check
from relui.domain.calendar.entries import Days, Monthly, Span, Yearly
from relui.domain.calendar.slot import Slot
from relui.domain.calendar.timetable import Timetable
from relui.domain.organisation import Absence, Holidays, Organisation, Person, Service, Team
from relui.domain.release import MILESTONES
from tests.domain.calendar.calendars import (
    MONTH_END,
    NOW,
    WEEKEND,
    at,
    blocking,
    booked,
    entry,
    only,
    organisation,
    slot,
    verdict,
)

GRACE = Person(
    "grace", "Grace", delegate="ada", away=(Absence(date(2025, 3, 16), date(2025, 3, 16), "leave"),)
)
ADA = Person("ada", "Ada")


def test_another_release_of_the_same_service_blocks_and_is_named_with_its_time() -> None:
    """[S1.31]"""
    found = only(verdict(organisation(), slot(), booked("2025-03-15T21:00")), "same-service")
    assert found.words == (
        "REL-2025-03-009 is booked on Sat 15 Mar 2025 21:00 to 23:00 (Europe/London), and is of the same"
        " service, Finance system."
    )
    assert found.way_out.startswith("Start on Sat 15 Mar 2025 23:00 (Europe/London) or later")
    assert (found.other, found.severity) == ("REL-2025-03-009", "blocks")


@pytest.mark.parametrize(
    ("mine", "theirs", "rule", "words"),
    [
        ("finance", "ledger", "dependency", "Ledger, which Finance system depends on"),
        ("finance", "database", "dependency", "Database, which Finance system depends on"),
        ("database", "finance", "dependency", "Finance system, which depends on Database"),
    ],
)
def test_needed_and_dependent_services_block_transitively(
    mine: str, theirs: str, rule: str, words: str
) -> None:
    """[S1.31]"""
    found = only(verdict(organisation(), slot(service=mine), booked(service=theirs)), rule)
    assert words in found.words
    # What the needed one needs itself is shared by definition, and not said again.
    assert blocking(verdict(organisation(), slot(service=mine), booked(service=theirs))) == [rule]


def test_a_cycle_of_dependencies_is_followed_once() -> None:
    """[S1.31]"""
    ring = organisation(
        services=(
            Service("a", "A", depends_on=("b",)),
            Service("b", "B", depends_on=("c",)),
            Service("c", "C", depends_on=("a",)),
        )
    )
    assert blocking(verdict(ring, slot(service="a"), booked(service="c"))) == ["dependency"]
    assert blocking(verdict(ring, slot(service="a"), booked(service="a"))) == ["same-service"]


def test_a_shared_dependency_or_infrastructure_blocks() -> None:
    """[S1.31]"""
    org = organisation(
        services=(
            Service("a", "A", depends_on=("x",), infrastructure=("san",)),
            Service("b", "B", depends_on=("x",)),
            Service("c", "C", infrastructure=("san",)),
            Service("x", "X"),
        )
    )
    assert "shares X with A" in only(verdict(org, slot(service="a"), booked(service="b")), "shared").words
    assert "shares san with A" in only(verdict(org, slot(service="a"), booked(service="c")), "shared").words
    assert verdict(org, slot(service="b"), booked(service="c")).free


def test_services_that_have_nothing_to_do_with_each_other_do_not_block() -> None:
    """[S1.31]"""
    assert verdict(organisation(), slot(), booked(service="hr")).findings == ()


def test_releases_that_only_touch_do_not_overlap_and_a_release_is_not_in_its_own_way() -> None:
    """[S1.31]"""
    around = (booked("2025-03-15T18:00"), booked("2025-03-15T22:00"), booked(release="REL-2025-03-001"))
    assert verdict(organisation(), slot(), *around).free


def test_a_long_release_that_began_long_before_is_found() -> None:
    """[S1.31]"""
    long = booked("2025-03-01T08:00", duration=60 * 24 * 20)
    shorts = [booked(f"2025-03-{day:02}T08:00", release=f"REL-{day}", service="hr") for day in range(2, 15)]
    assert blocking(verdict(organisation(), slot(), long, *shorts)) == ["same-service"]


def test_a_planned_release_warns_and_a_displaced_one_stands_in_nobodys_way() -> None:
    """[S1.31]"""
    planned = verdict(organisation(), slot(), booked(standing="planned", counter=0))
    assert planned.free
    assert "is planned, not booked, on Sat 15 Mar 2025 20:00" in only(planned, "planned").words
    assert verdict(organisation(), slot(), booked(standing="to-be-moved")).findings == ()


TEAM = (Service("a", "A", team="crew"), Service("b", "B", team="crew"), Service("c", "C", team="crew"))


@pytest.mark.parametrize(
    ("capacity", "others", "free"), [(1, 1, False), (2, 1, True), (2, 2, False), (3, 2, True)]
)
def test_a_team_is_blocked_beyond_its_capacity(capacity: int, others: int, free: bool) -> None:
    """[S1.31]"""
    org = organisation(services=TEAM, teams=(Team("crew", "Crew", capacity),))
    beside = [booked(service="bc"[n], release=f"REL-{n}") for n in range(others)]
    found = verdict(org, slot(service="a"), *beside)
    assert found.free is free
    if not free:
        assert all(f"REL-{n}" in only(found, "team").words for n in range(others))
        assert only(found, "team").other == "crew"


def test_a_teams_capacity_is_one_unless_said_and_counts_what_runs_at_once() -> None:
    """[S1.31] Two releases one after the other are never two at a time."""
    assert blocking(verdict(organisation(services=TEAM), slot(service="a"), booked(service="b"))) == ["team"]
    org = organisation(services=TEAM, teams=(Team("crew", capacity=2),))
    in_turn = (booked(service="b", duration=60), booked("2025-03-15T21:00", service="c", release="REL-2"))
    assert verdict(org, slot(service="a"), *in_turn).free
    together = (booked(service="b", duration=61), in_turn[1])
    assert blocking(verdict(org, slot(service="a"), *together)) == ["team"]


def test_a_team_that_planned_releases_would_overload_is_a_warning() -> None:
    """[S1.31]"""
    org = organisation(services=TEAM)
    found = verdict(org, slot(service="a"), booked(service="b", standing="planned", counter=0))
    assert found.free
    assert only(found, "planned").other == "crew"


@pytest.mark.parametrize(
    ("start", "blocks"),
    [
        ("2025-03-15T19:00", False),  # over at 21:00, two hours later it is 23:00
        ("2025-03-15T20:00", False),  # until midnight exactly
        ("2025-03-15T20:01", True),
        ("2025-03-16T10:00", True),
        ("2025-03-17T00:00", False),
    ],
)
def test_a_key_person_must_be_there_until_two_hours_after(start: str, blocks: bool) -> None:
    """[S1.31] Grace is away on Sunday 16 March, the whole day."""
    org = organisation(people=(GRACE, ADA))
    found = verdict(org, slot(start, people=("grace",)))
    assert blocking(found) == (["absence"] if blocks else [])
    if blocks:
        told = only(found, "absence")
        assert told.words.startswith("Grace is away (leave) on Sun 16 Mar 2025, all day (Europe/London), ")
        assert "Let Ada, their delegate, stand in" in told.way_out


def test_an_absence_is_whole_days_in_the_persons_zone() -> None:
    """[S1.31] Sunday begins in Tokyo at 15:00 on Saturday in London."""
    org = organisation(people=(Person("grace", "Grace", zone="Asia/Tokyo", away=GRACE.away),))
    assert blocking(verdict(org, slot("2025-03-15T12:00", people=("grace",)))) == ["absence"]
    assert verdict(org, slot("2025-03-16T15:00", people=("grace",))).free
    assert "has no delegate" in only(verdict(org, slot(people=("grace",))), "absence").way_out


def test_a_delegate_who_is_away_as_well_is_told() -> None:
    """[S1.38]"""
    org = organisation(people=(GRACE, Person("ada", "Ada", away=GRACE.away)))
    found = only(verdict(org, slot("2025-03-16T10:00", people=("grace", "nobody"))), "absence")
    assert "Ada, their delegate, is away as well" in found.way_out


def test_milestones_in_the_past_warn() -> None:
    """[S1.5, S1.31]"""
    found = verdict(organisation(), slot(), now=at("2025-03-08T09:00"))
    assert [f.other for f in found.warnings if f.rule == "milestone"] == [
        "planning complete",
        "build complete",
    ]
    assert found.free
    assert not verdict(organisation(), slot(type="emergency"), now=at("2025-03-15T09:00")).findings[1:]


def test_milestones_come_in_the_order_of_their_days() -> None:
    """[S1.5]"""
    found = verdict(organisation(), slot(), now=at("2025-03-15T08:00"))
    assert [f.other for f in found.warnings if f.rule == "milestone"] == list(MILESTONES)


@pytest.mark.parametrize(
    ("now", "started", "planning"),
    [
        ("2025-03-15T08:00", False, True),
        ("2025-03-15T08:00", True, False),
        ("2025-03-15T10:00", False, False),
        ("2025-03-20T10:00", False, False),
    ],
)
def test_once_it_has_begun_nothing_was_due_before(now: str, started: bool, planning: bool) -> None:
    """[S1.5, S1.23] A slot at 10:00: before it, started early, at its start, and days after it."""
    asked = replace(slot("2025-03-15T10:00"), started=started)
    rules = {f.rule for f in verdict(organisation(), asked, now=at(now)).findings}
    assert ({"milestone", "notice"} <= rules) is planning
    assert bool({"milestone", "notice"} & rules) is planning


@pytest.mark.parametrize(
    ("impact", "due"), [("high", "Mon 10 Mar"), ("medium", "Wed 12 Mar"), ("low", "Fri 14 Mar")]
)
def test_a_notice_that_is_overdue_warns_by_impact(impact: Any, due: str) -> None:
    """[S1.23] Five, three, one business days before Saturday 15 March."""
    asked = slot(impact=impact)
    late = only(verdict(organisation(), asked, now=at("2025-03-15T08:00")), "notice")
    assert f"it was due on {due} 2025" in late.words
    in_time = at(f"2025-03-{due[4:6]}T23:59")
    assert "notice" not in [f.rule for f in verdict(organisation(), asked, now=in_time).findings]


def test_a_friday_and_the_eve_of_a_holiday_warn() -> None:
    """[S1.31]"""
    org = organisation(holidays=Holidays("GB", "ENG"))
    assert "on a Friday" in only(verdict(org, slot("2025-03-14T20:00")), "eve").words
    assert "before a holiday: Christmas Day" in only(verdict(org, slot("2025-12-24T20:00")), "eve").words
    assert "eve" not in [f.rule for f in verdict(org, slot("2025-12-25T20:00")).findings][1:]
    own = organisation(holidays=Holidays(dates=(date(2025, 3, 16),)))
    assert only(verdict(own, slot()), "eve").severity == "warns"


def everything_against_it() -> tuple[Organisation, list[Slot]]:
    """An organisation in which every rule has something to say about Saturday 1 March 2025, 11:00."""
    day = Days(date(2025, 3, 1), date(2025, 3, 1))
    org = organisation(
        WEEKEND,
        MONTH_END,
        entry("maintenance", "san", day),
        entry("event", "payday", day),
        services=(
            Service("a", "A", depends_on=("b",), infrastructure=("san",), team="crew"),
            Service("b", "B"),
            Service("c", "C", infrastructure=("san",)),
            Service("d", "D", team="crew"),
        ),
        people=(Person("grace", "Grace", away=(Absence(date(2025, 3, 1), date(2025, 3, 1)),)),),
        holidays=Holidays(dates=(date(2025, 3, 2),)),
    )
    others = [booked("2025-03-01T11:00", release=f"REL-{s}", service=s) for s in "abcd"]
    others.append(booked("2025-03-01T11:00", release="REL-p", standing="planned", service="a"))
    return org, others


def test_every_finding_is_told_at_once() -> None:
    """[S1.31] All thirteen rules speak, each with a sentence and a way out, the blocking ones first."""
    org, others = everything_against_it()
    found = verdict(
        org, slot("2025-03-01T11:00", service="a", people=("grace",)), *others, now=at("2025-03-01")
    )
    assert {f.rule for f in found.findings} == set(RULES)
    assert all(f.words.endswith(".") and f.way_out.endswith(".") for f in found.findings)
    severities = [f.severity for f in found.findings]
    assert severities == sorted(severities)


def test_an_emergency_passes_windows_blackouts_and_events_and_is_warned_of_the_rest() -> None:
    """[S1.36] Each pass is recorded, and nothing is left out."""
    org, others = everything_against_it()
    asked = slot("2025-03-01T11:00", service="a", people=("grace",))
    scheduled = verdict(org, asked, *others)
    emergency = verdict(
        org, slot("2025-03-01T11:00", service="a", people=("grace",), type="emergency"), *others
    )
    assert emergency.free and not scheduled.free
    assert sorted(f.rule for f in emergency.findings if f.passed) == sorted(f.rule for f in scheduled.blocks)
    rights = {f.rule: f.passed for f in emergency.findings if f.passed}
    passes = "An emergency passes windows, blackouts and events."
    assert {rule for rule, right in rights.items() if right == passes} == {"window", "blackout", "event"}


entries = st.permutations(
    [
        WEEKEND,
        MONTH_END,
        entry("window", "friday", Span(datetime(2025, 3, 14, 12), datetime(2025, 3, 15, 19))),
        entry("blackout", "payday", Monthly(14, 15), services=("finance",)),
        entry("maintenance", "san", Yearly((3, 15), (3, 16)), environments=("production",)),
        entry("event", "fair", Days(date(2025, 3, 15), date(2025, 3, 20))),
    ]
)
others_ = st.permutations(
    [
        booked(),
        booked("2025-03-15T21:00", release="REL-2", service="ledger", counter=2),
        booked("2025-03-15T19:00", release="REL-3", service="database", standing="planned", counter=0),
        booked("2025-03-15T17:00", release="REL-4", service="hr", duration=600),
    ]
)


@given(entries, others_, st.integers(0, 7 * 96))
@settings(max_examples=150, deadline=None)
def test_the_check_is_the_same_whatever_the_order(listed: Any, others: Any, quarter: int) -> None:
    """[S1.31] Of entries and of releases, at any quarter of an hour of a week."""
    asked = slot("2025-03-12T00:00", people=("grace",))
    asked = Slot(
        **{
            **{f: getattr(asked, f) for f in asked.__struct_fields__},
            "start": asked.start + quarter * timedelta(minutes=15),
        }
    )
    in_order = organisation(*sorted(listed, key=lambda e: e.id), people=(GRACE, ADA))
    shuffled = organisation(*listed, people=(ADA, GRACE))
    expected = check(Timetable(in_order, sorted(others, key=lambda s: s.release)), asked, NOW)
    assert check(Timetable(shuffled, others), asked, NOW) == expected


def test_asking_a_board_again_gives_the_same_answer() -> None:
    """[S1.31] What it keeps changes nothing, and a board with other slots does not change the first."""
    timetable = Timetable(organisation(WEEKEND, MONTH_END), [booked()])
    first = check(timetable, slot(), NOW)
    assert check(timetable.with_slots([]), slot(), NOW).free
    check(timetable, slot("2025-06-01T20:00"), NOW)
    assert check(timetable, slot(), NOW) == first
    assert blocking(first) == ["same-service"]
