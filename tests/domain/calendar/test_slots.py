"""A release's slot: its time, its standing, and the people whom it needs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.domain.calendar.slot import slot_of, slots_of
from relui.domain.checklist import ItemField, Mark
from relui.domain.organisation import Organisation, Person, Service
from relui.domain.release import Booking, Closing, Held, Release
from tests.domain.releases import GO_LIVE, NOW, item, phase, release

ORG = Organisation(
    services=(Service("pay", "Payments", owner="grace"),),
    people=tuple(Person(one, one.capitalize()) for one in ("ada", "grace", "tom", "eve")),
)


def holding(held: Held, **more: object) -> Release:
    booking = Booking(
        at=GO_LIVE + timedelta(days=1), duration=45, counter=7, booked_at=NOW, booked_by="ada", held=held
    )
    return release(phase("deploy", item("go")), bookings=(booking,), **more)


def test_without_a_booking_the_planned_time_counts() -> None:
    planned = slot_of(release(phase("deploy", item("go"))), ORG)
    assert (planned.start, planned.duration, planned.standing, planned.counter) == (
        GO_LIVE,
        120,
        "planned",
        0,
    )
    assert planned.service == "pay"  # the release says its name


@pytest.mark.parametrize(
    ("held", "standing", "days"),
    [
        ("booked", "booked", 1),
        ("to-be-moved", "to-be-moved", 1),
        ("moved", "planned", 0),
        ("released", "planned", 0),
    ],
)
def test_a_booking_that_holds_gives_time_and_standing(held: Held, standing: str, days: int) -> None:
    """[S1.37]"""
    found = slot_of(holding(held), ORG)
    assert (found.standing, found.start) == (standing, GO_LIVE + timedelta(days=days))
    assert found.counter == (7 if days else 0)


def test_people_are_owner_resources_the_services_owner_and_whom_the_checklist_names() -> None:
    """[S1.31] By id, each once, and nobody whom the organisation does not know."""
    on_call = item("on-call", fields=(ItemField("who", "Who", kind="person"), ItemField("note", "Note")))
    one = release(phase("deploy", item("people", on_call)), owner="Ada", people=("tom", "ada", "stranger"))
    marked = replace(one, marks={"deploy.people.on-call": Mark(fields={"who": "Eve", "note": "grace"})})
    assert slot_of(marked, ORG).people == ("ada", "tom", "grace", "eve")
    assert slot_of(one, ORG).people == ("ada", "tom", "grace")


def test_closed_releases_have_no_slot() -> None:
    closed = release(phase("deploy"), closing=Closing("successful", NOW, "ada"))
    assert [one.release for one in slots_of([closed, holding("booked")], ORG)] == ["REL-2026-11-001"]


def test_a_slot_knows_that_its_deployment_was_started() -> None:
    """[S1.5] Planning is over then, also when it started early."""
    made = release(phase("deploy", item("go")))
    assert not slot_of(made, ORG).started
    assert slot_of(replace(made, started_at=GO_LIVE - timedelta(minutes=5)), ORG).started
