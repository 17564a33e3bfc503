"""The demo's calendar is alive around the moment at which it is built, whichever that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.domain.calendar.entries import KINDS
from tests.demo.test_demo import NIGHTS, NOW, built, desk_at, records

ORDINARY = [NOW, *NIGHTS, datetime(2027, 6, 9, 10, 0, tzinfo=UTC), datetime(2027, 7, 31, 7, 0, tzinfo=UTC)]


def demo_desk(folder: Path, now: datetime) -> Desk:
    built(folder, Clock(now, frozen=True), archived=3)
    return desk_at(folder, now)


@pytest.mark.parametrize("now", ORDINARY, ids=lambda now: f"{now:%Y-%m-%dT%H:%M}")
def test_every_kind_of_entry_takes_place_in_the_week_around_now(now: datetime, tmp_path: Path) -> None:
    board = demo_desk(tmp_path / "data", now).calendar.read().timetable
    week = board.occurrences(now - timedelta(days=1), now + timedelta(days=6))
    assert {occurrence.entry.kind for occurrence in week} == set(KINDS)


def test_people_are_away_before_and_after_now(tmp_path: Path) -> None:
    organisation = demo_desk(tmp_path / "data", NOW).organisation.read()
    away = {person.id: person.away for person in organisation.people if person.away}
    assert set(away) == {"aiko", "leila", "emre", "ingrid"}
    today = NOW.date()
    assert any(absence.first <= today <= absence.last for absence in away["leila"])


def test_the_releases_hold_their_slots_and_the_new_one_does_not_yet(tmp_path: Path) -> None:
    """What the demo shows on an ordinary day: booked, booked against the rules by an emergency, planned."""
    ids = built(tmp_path / "data", Clock(NOW, frozen=True), archived=3)
    found = records(tmp_path / "data")
    release = {role: found[release_id].release for role, release_id in ids.items()}
    assert {role for role, one in release.items() if one.booking} == {
        "live", "emergency", "overdue", "comfortable", "closing"
    }  # fmt: skip
    counters = [one.booking.counter for one in release.values() if one.booking]
    assert sorted(counters) == list(range(1, 6))
    assert release["emergency"].booking and release["emergency"].booking.passed
    desk = desk_at(tmp_path / "data", NOW)
    assert desk.calendar.conflicts(list(release.values())) == {}
    created = desk.calendar.check(ids["created"])
    assert [(finding.rule, finding.other) for finding in created.blocks] == [("absence", "ingrid")]


@pytest.mark.parametrize("now", ORDINARY, ids=lambda now: f"{now:%Y-%m-%dT%H:%M}")
def test_no_booked_release_of_the_demo_conflicts(now: datetime, tmp_path: Path) -> None:
    """Whatever a rule forbids on that day was not booked."""
    desk = demo_desk(tmp_path / "data", now)
    releases = desk.journal.active().releases
    assert sum(release.booking is not None for release in releases) >= 3
    assert desk.calendar.conflicts(releases) == {}
