"""Editing a release's own fields as text, all or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.closing import write_retrospective
from relui.domain.editing import DOSSIER_FIELDS, FIELDS, edit, field_text
from relui.domain.release import Release
from relui.errors import BadInput
from tests.domain.releases import GO_LIVE, NOW, payments

LATER = GO_LIVE + timedelta(days=1)
NEW = {
    "title": ("Big one", "Big one"),
    "service": ("ledger", "ledger"),
    "version": ("2.5.0", "2.5.0"),
    "type": (" MAJOR ", "major"),
    "impact": ("high", "high"),
    "owner": ("grace", "grace"),
    "go-live": ("2026-11-22T21:00", "2026-11-22T21:00"),
    "duration": ("1h30m", "1h30m"),
    "environment": ("staging", "staging"),
    "people": (" ben, cleo,ben ", "ben, cleo"),
    "rationale": ("because", "because"),
    "risk": ("a\nb", "a\nb"),
    "rollback": ("revert", "revert"),
    "notes-link": ("https://notes", "https://notes"),
    "started": ("2026-11-21 20:05", "2026-11-21T20:05"),
    "completed": ("2026-11-21T21:00Z", "2026-11-21T21:00"),
    "satisfaction": (" 4 ", "4"),
    "resources": ("two people\nstaging", "two people\nstaging"),
    "needs": (" rel-2026-11-002, REL-2026-11-003,REL-2026-11-002", "REL-2026-11-002, REL-2026-11-003"),
    "follows": ("rel-2026-10-007", "REL-2026-10-007"),
    "rollback-minutes": ("45m", "45m"),
    "rollback-limit": ("4h", "4h"),
    "rollback-triggers": ("No login\nError rate above 2 %", "No login\nError rate above 2 %"),
    "package-at": ("store/payments", "store/payments"),
    "package-access": ("deployment team", "deployment team"),
    "package-tag": ("REL-2026-11-001_2.4.0", "REL-2026-11-001_2.4.0"),
    "build-logs": ("https://ci/77", "https://ci/77"),
    "built": ("2026-11-16 20:05", "2026-11-16T20:05"),
    "test-plan": ("smoke\nregression", "smoke\nregression"),
    "deployed-version": ("2.4.0", "2.4.0"),
    "schema-versions": ("ledger 12", "ledger 12"),
    "api-versions": ("v2, v3", "v2, v3"),
    "user-action": ("Save your work.\nSign in again.", "Save your work.\nSign in again."),
}


def test_every_field_has_an_example_here() -> None:
    assert set(NEW) == set(FIELDS)


@pytest.mark.parametrize("name", list(FIELDS))
def test_each_field_is_set_from_text_and_logged_from_what_to_what(name: str) -> None:
    """[S0.8] An entry says what became what."""
    typed, kept = NEW[name]
    ruling = edit(payments(), {name: typed}, LATER)
    assert field_text(ruling.release, name) == kept
    assert ruling.act is not None and ruling.act.text.startswith(f"edited {name} ")
    assert name in ruling.changed
    again = edit(ruling.release, {name: field_text(ruling.release, name)}, LATER)
    assert again.act is None and again.already == (name,)


@pytest.mark.parametrize(
    "name", ["title", "service", "version", "owner", "environment", "go-live", "duration", "type"]
)
def test_a_field_that_must_be_there_cannot_be_emptied(name: str) -> None:
    with pytest.raises(BadInput):
        edit(payments(), {name: " \u200b "}, NOW)


def test_nothing_changes_unless_everything_is_right() -> None:
    with pytest.raises(BadInput, match="Did you mean 'high'"):
        edit(payments(), {"owner": "grace", "impact": "hgh"}, NOW)
    with pytest.raises(BadInput, match="Did you mean 'go-live'"):
        edit(payments(), {"go_live": "2026-11-22"}, NOW)


def test_a_title_that_nobody_chose_follows_version_and_date() -> None:
    """[S0.1]"""
    moved = edit(payments(), {"version": "2.4.1", "go-live": "2026-12-01T20:00"}, NOW).release
    assert moved.title == "2.4.1 - Release - 2026-12-01"
    assert moved.id == payments().id, "[S1.7] the identifier stays when the date moves"
    own = edit(payments(), {"title": "Big one"}, NOW).release
    assert edit(own, {"version": "3.0.0"}, NOW).release.title == "Big one"


def test_a_version_that_says_more_than_the_type_is_a_warning() -> None:
    """[S1.10]"""
    assert "reads as a major release" in edit(payments(), {"version": "3.0.0"}, NOW).told[0]
    assert edit(payments(), {"version": "3.0.0", "type": "major"}, NOW).told == ()


def test_a_person_who_types_an_hour_that_does_not_exist_is_told() -> None:
    made = replace(payments(), zone="Europe/London")
    assert "does not exist" in edit(made, {"go-live": "2027-03-28T01:30"}, NOW).told[0]
    assert "exists twice" in edit(made, {"started": "2026-10-25T01:30"}, NOW).told[0]


def test_a_release_neither_becomes_an_emergency_nor_stops_being_one() -> None:
    """[S1.36]"""
    urgent = replace(payments(), type="emergency", rationale="down")
    for made, type_ in ((payments(), "emergency"), (urgent, "minor")):
        with pytest.raises(BadInput, match="right template"):
            edit(made, {"type": type_, "rationale": "r"}, NOW)
    with pytest.raises(BadInput, match="rationale"):
        edit(urgent, {"rationale": " \n "}, NOW)


def test_a_deployment_is_not_completed_before_it_started() -> None:
    with pytest.raises(BadInput, match="before it has started"):
        edit(payments(), {"started": "2026-11-21T20:00", "completed": "2026-11-21T19:00"}, LATER)
    made = edit(payments(), {"started": "2026-11-21T20:00"}, LATER).release
    assert edit(made, {"started": ""}, NOW).release.started_at is None


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@given(moments, st.sampled_from(["UTC", "Europe/London", "Australia/Lord_Howe", "America/St_Johns"]))
def test_the_text_of_an_instant_reads_back_as_that_instant(at: datetime, zone: str) -> None:
    """Saving a form without a change changes nothing, in the second of two like hours too."""
    made: Release = replace(payments(), go_live=at, started_at=at, zone=zone)
    assert (
        edit(made, {"go-live": field_text(made, "go-live"), "started": field_text(made, "started")}, NOW).act
        is None
    )


def test_the_second_of_two_like_hours_bears_its_offset() -> None:
    made = replace(payments(), go_live=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), zone="Europe/London")
    assert field_text(made, "go-live") == "2026-10-25T01:30:00+00:00"


@pytest.mark.parametrize("name", sorted(DOSSIER_FIELDS))
def test_a_field_of_the_dossier_can_be_emptied_and_changes_nothing_else(name: str) -> None:
    filled = edit(payments(), {name: NEW[name][0], "risk": "some"}, LATER).release
    emptied = edit(filled, {name: ""}, NOW)
    assert field_text(emptied.release, name) == "" and emptied.changed == (name,)
    assert emptied.release.dossier == payments().dossier and emptied.release.risk == "some"


@pytest.mark.parametrize("name", ["needs", "follows"])
def test_a_release_neither_needs_nor_follows_itself_or_what_is_no_release(name: str) -> None:
    for text in (payments().id, "REL-2026-11-002, REL-2026-13-001" if name == "needs" else "REL-1"):
        with pytest.raises(BadInput, match=r"itself|not the identifier"):
            edit(payments(), {name: text}, NOW)


def test_a_retrospective_is_written_in_parts_and_complete_with_three() -> None:
    """[S0.9]"""
    ruling = write_retrospective(payments(), {"well": "fast\x1b[0m", "hard": "late"}, GO_LIVE)
    assert ruling.changed == ("well", "hard") and not ruling.release.retrospective.written
    done = write_retrospective(ruling.release, {"next": "sleep", "well": "fast"}, GO_LIVE)
    assert done.release.retrospective.written and done.changed == ("next",)
    assert write_retrospective(done.release, {"next": "sleep"}, GO_LIVE).act is None
    assert not write_retrospective(done.release, {"next": " \n "}, GO_LIVE).release.retrospective.written
    with pytest.raises(BadInput, match="no part 'good'"):
        write_retrospective(payments(), {"good": "x"}, GO_LIVE)


def test_a_start_or_completion_that_is_still_to_come_is_refused_in_the_zone_of_the_release() -> None:
    begun = replace(payments(zone="Europe/Berlin"), started_at=NOW - timedelta(hours=2))
    for name, word in (("started", "start"), ("completed", "completion")):
        with pytest.raises(
            BadInput, match=rf"The {word} is recorded when it was: .*\(Europe/Berlin\) is still"
        ):
            edit(begun, {name: "2030-01-01T00:00"}, NOW)
    assert edit(begun, {"started": "2026-11-16T18:00"}, NOW).changed == ("started",)
    ahead = replace(begun, started_at=NOW + timedelta(days=1))
    assert edit(ahead, {"risk": "low"}, NOW).changed == ("risk",), "what stands so hinders nothing else"
