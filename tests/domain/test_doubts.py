"""What is probably a slip is told, and what is usual is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.domain.closing import close
from relui.domain.composing import compose
from relui.domain.doubts import (
    archived_version,
    duration_doubts,
    go_live_doubts,
    same_version,
    unnamed,
    vanished,
    version_doubts,
)
from relui.domain.editing import edit
from relui.domain.release import Release
from relui.domain.summary import summarise
from relui.domain.template import ItemForm, PhaseForm, Template
from tests.domain.releases import NOW, payments

BASE = Template(
    template="base",
    name="Base",
    kind="base",
    phases=[
        PhaseForm(
            id="early",
            name="Early",
            stage="build",
            due="T-48h",
            option="early",
            items=[ItemForm(id="a", text="First")],
        ),
        PhaseForm(
            id="deploy",
            name="Deploy",
            stage="deploy",
            due="T",
            items=[ItemForm(id="b", text="Second", option="second")],
        ),
    ],
)
PACK = Template(
    template="more",
    name="More",
    kind="pack",
    items=[
        ItemForm(id="x", text="Measured", into="early"),
        ItemForm(id="y", text="Watched", into="deploy", option="watch"),
        ItemForm(id="z", text="Deployed there", into="deploy", per="region"),
    ],
)


def test_a_go_live_in_the_past_or_years_ahead_is_told_with_its_zone() -> None:
    past = go_live_doubts(NOW - timedelta(minutes=1), "Europe/Berlin", NOW)
    assert len(past) == 1 and "in the past" in past[0] and "Europe/Berlin" in past[0]
    assert "five years ahead" in go_live_doubts(NOW + timedelta(days=1900), "UTC", NOW)[0]
    for usual in (NOW, NOW + timedelta(days=1800)):
        assert go_live_doubts(usual, "UTC", NOW) == ()


@pytest.mark.parametrize(("minutes", "told"), [(7 * 1440, False), (7 * 1440 + 1, True)])
def test_a_duration_longer_than_a_week_is_told(minutes: int, told: bool) -> None:
    assert bool(duration_doubts(minutes)) is told


@pytest.mark.parametrize(("version", "told"), [("2.4.0", False), (" 2.4.0 ", False), ("2.4.0 final", True)])
def test_a_version_with_blanks_in_it_is_told(version: str, told: bool) -> None:
    assert bool(version_doubts(version)) is told


def test_an_active_release_of_the_same_service_and_version_is_named() -> None:
    here = payments()
    assert here.id in same_version("Payments", f"v{here.version}", [here])[0]
    assert same_version("payments", "9.9.9", [here]) == ()
    assert same_version("ledger", here.version, [here]) == ()
    assert same_version("payments", here.version, [_closed(here)]) == ()


def test_of_several_archived_releases_of_that_version_the_latest_is_named() -> None:
    older = _closed(payments())
    later = replace(older, id="REL-2026-12-001", go_live=older.go_live + timedelta(days=20))
    rows = [summarise(later), summarise(older)]
    told = archived_version("payments", older.version, rows)
    assert len(told) == 1 and "REL-2026-12-001" in told[0] and "successful" in told[0]
    assert archived_version("payments", "9.9.9", rows) == ()


def _closed(release: Release) -> Release:
    return close(release, "ada", NOW, reason="done").release


def _made(
    without: tuple[str, ...] = (), **values: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    phases = compose(BASE, [PACK], type="minor", without=without, values=values)
    return (
        vanished(phases, BASE, [PACK], type="minor", without=without, values=values),
        unnamed(phases, BASE, [PACK], values),
    )


def test_items_of_a_pack_that_go_with_a_phase_are_named() -> None:
    (told,) = _made(("early",))[0]
    assert "pack more" in told and "Measured" in told and "Watched" not in told and "First" not in told


def test_what_a_pack_itself_offers_to_leave_out_needs_no_word() -> None:
    assert _made(("watch", "second"))[0] == ()
    assert _made()[0] == ()


def test_a_parameter_without_a_value_is_told_with_its_items_and_how_to_name_it() -> None:
    (told,) = _made()[1]
    assert "No region is named" in told and "Deployed there" in told and "region=A,B" in told
    assert _made(region=("eu", "us"))[1] == ()
    assert _made(region=(" ",))[1] != ()


def test_an_edit_tells_the_doubts_of_what_it_changes_alone() -> None:
    odd = edit(payments(), {"go-live": "2020-01-01T20:00", "duration": "30d", "version": "2 4"}, NOW)
    assert [word for word in ("past", "longer than a week", "blanks") if word in " ".join(odd.told)] == [
        "past",
        "longer than a week",
        "blanks",
    ]
    assert edit(odd.release, {"risk": "some"}, NOW).told == ()


def test_an_edited_instant_is_logged_with_its_zone() -> None:
    made = replace(payments(), zone="Europe/Berlin")
    act = edit(made, {"go-live": "2026-12-01T20:00", "risk": "some"}, NOW).act
    assert act is not None and "-> 2026-12-01T20:00 (Europe/Berlin), risk" in act.text
