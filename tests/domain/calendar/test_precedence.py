"""Who goes first, who has to move, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.calendar.check import check
from relui.domain.calendar.entries import Days
from relui.domain.calendar.precedence import displaceable, precedence
from relui.domain.calendar.slot import Slot
from relui.domain.calendar.timetable import Timetable
from relui.domain.organisation import Organisation, Service, Team
from relui.domain.release import IMPACTS, RELEASE_TYPES
from relui.errors import Refused
from tests.domain.calendar.calendars import NOW, WEEKEND, booked, entry, organisation, slot

slots = st.builds(
    Slot,
    release=st.sampled_from(["", "REL-1", "REL-2", "REL-3"]),
    service=st.sampled_from(["a", "b"]),
    start=st.just(datetime(2025, 3, 15, 20, tzinfo=UTC)),
    zone=st.just("UTC"),
    type=st.sampled_from(RELEASE_TYPES),
    impact=st.sampled_from(IMPACTS),
    standing=st.sampled_from(["planned", "booked", "to-be-moved"]),
    counter=st.integers(0, 3),
)


@given(slots, slots)
def test_precedence_is_total_and_antisymmetric(a: Slot, b: Slot) -> None:
    """[S1.32] Whoever asks, the same one goes first."""
    one, other = precedence(a, b), precedence(b, a)
    assert one == other
    assert {one.first, one.moves} == {a, b}
    assert one.why.endswith(".")


@given(slots, slots, slots)
def test_precedence_is_transitive(a: Slot, b: Slot, c: Slot) -> None:
    """[S1.32]"""
    if precedence(a, b).first == a and precedence(b, c).first == b:
        assert precedence(a, c).first == a


@pytest.mark.parametrize(
    ("mine", "theirs", "mine_first", "why"),
    [
        ({"type": "emergency", "impact": "low"}, {"impact": "high"}, True, "is an emergency"),
        ({"type": "emergency", "impact": "low"}, {"type": "emergency"}, False, "the higher goes first"),
        ({"impact": "high"}, {"impact": "medium"}, True, "has high impact"),
        ({}, {}, False, "is booked, REL-2025-03-001 is not"),
        ({"standing": "booked", "counter": 3}, {"counter": 9}, True, "was booked earlier than"),
        ({"standing": "to-be-moved", "counter": 3}, {"counter": 9}, False, "is booked"),
        ({}, {"standing": "planned", "counter": 0}, True, "lower identifier"),
        ({"type": "emergency"}, {"type": "emergency"}, False, "is booked"),
    ],
)
def test_what_decides_in_its_order(
    mine: dict[str, object], theirs: dict[str, object], mine_first: bool, why: str
) -> None:
    """[S1.32] Emergency, impact, booking counter, identifier."""
    a, b = slot(**mine), booked(**theirs)
    assert (precedence(a, b).first is a) is mine_first
    assert why in precedence(a, b).why


def moving(org: Organisation, asked: Slot, *others: Slot) -> list[str]:
    timetable = Timetable(org, others)
    return [one.release for one in displaceable(timetable, asked, check(timetable, asked, NOW))]


def test_a_release_that_goes_first_takes_an_occupied_slot() -> None:
    """[S1.32]"""
    assert moving(organisation(WEEKEND), slot(impact="high"), booked()) == ["REL-2025-03-009"]
    both = (booked(), booked("2025-03-15T21:00", release="REL-2025-03-008", service="database", counter=8))
    assert moving(organisation(), slot(impact="high"), *both) == ["REL-2025-03-009", "REL-2025-03-008"]


def test_an_emergency_may_take_what_it_was_only_warned_of() -> None:
    """[S1.32, S1.36]"""
    assert moving(organisation(), slot(type="emergency", impact="low"), booked(impact="high")) == [
        "REL-2025-03-009"
    ]


def test_two_emergencies_go_by_impact_and_then_by_booking() -> None:
    """[S1.32]"""
    theirs = booked(type="emergency")
    assert moving(organisation(), slot(type="emergency", impact="high"), theirs) == ["REL-2025-03-009"]
    with pytest.raises(Refused, match="REL-2025-03-009 goes first and keeps its slot"):
        moving(organisation(), slot(type="emergency"), theirs)


def test_what_no_release_holds_cannot_be_displaced() -> None:
    """[S1.32]"""
    closed = entry("blackout", "board", Days(date(2025, 3, 15), date(2025, 3, 15)))
    with pytest.raises(Refused, match="Displacing a release does not change that"):
        moving(organisation(closed), slot(impact="high"), booked())
    with pytest.raises(Refused, match="none has to move"):
        moving(organisation(), slot(impact="high"), booked(standing="planned", counter=0))
    with pytest.raises(Refused, match="none has to move"):
        moving(organisation(), slot(impact="high"))


CREW = (Service("a", "A", team="crew"), Service("b", "B", team="crew"), Service("c", "C", team="crew"))


def test_of_a_crowded_team_only_as_many_move_as_must_the_last_in_precedence_first() -> None:
    """[S1.32]"""
    org = organisation(services=CREW, teams=(Team("crew", capacity=2),))
    early, late = (
        booked(service="b", release="REL-b", counter=1),
        booked(service="c", release="REL-c", counter=2),
    )
    assert moving(org, slot(service="a", impact="high"), early, late) == ["REL-c"]
    alone = organisation(services=CREW)
    assert moving(alone, slot(service="a", impact="high"), early, late) == ["REL-b", "REL-c"]
    with pytest.raises(Refused, match="goes first"):
        moving(alone, slot(service="a", impact="high"), early, booked(service="c", impact="high"))


@given(st.lists(slots, max_size=5), slots)
def test_with_those_moved_nothing_forbids_the_slot(others: list[Slot], asked: Slot) -> None:
    """[S1.32] And each of them had to give way."""
    org = organisation(services=(*CREW[:2], Service("c", "C")), teams=(Team("crew", capacity=2),))
    timetable = Timetable(org, others)
    try:
        moved = displaceable(timetable, asked, check(timetable, asked, NOW))
    except Refused:
        return
    assert check(timetable.with_slots(o for o in timetable.slots if o not in moved), asked, NOW).free
    assert all(precedence(asked, other).first == asked for other in moved)
