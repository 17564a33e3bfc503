"""The promotion schedule and its promotions [S1.18]."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.closing import close
from relui.domain.dossier.editing import add_part
from relui.domain.dossier.environments import (
    PURPOSES,
    baseline_gaps,
    promote,
    promoted,
    purpose,
    schedule_gaps,
)
from relui.domain.dossier.parts import Environment
from relui.domain.release import Release
from relui.errors import BadInput, Refused
from tests.domain.dossier.governed import governed
from tests.domain.releases import GO_LIVE, NOW, payments

LATER = GO_LIVE + timedelta(hours=1)


def gone_to(*names: str, release: Release | None = None) -> Release:
    made = release or governed()
    for name in names:
        made = promote(made, name, NOW, "ada", access_verified=True).release
    return made


def test_each_of_the_four_environments_says_who_works_there_with_which_data_and_network() -> None:
    """[S1.18]"""
    assert list(PURPOSES) == ["dev", "test", "staging", "production"]
    staging = purpose("Staging")
    assert staging is not None and staging.data == "production-like data" and purpose("lab") is None


def test_the_schedule_stands_in_the_order_of_promotion_however_it_was_entered() -> None:
    """[S1.18] An environment of one's own comes behind staging; the release's target is the last."""
    made = replace(payments(), environment="eu-live")
    for name in ("eu-live", "Production", "lab", "STAGING", "dev", "test"):
        made = add_part(made, "environment", {"id": name}, NOW, "ada").release
    names = [each.id for each in made.dossier.environments]
    assert names == ["dev", "test", "staging", "lab", "production", "eu-live"]


def test_a_promotion_planned_after_the_one_that_follows_is_refused() -> None:
    with pytest.raises(BadInput, match="dev comes before test"):
        add_part(governed(), "environment", {"id": "dev", "planned": "2026-11-20T10:00"}, NOW, "ada")


def test_a_schedule_is_complete_with_a_time_for_each_and_the_target_among_them() -> None:
    """[S1.7, S1.18]"""
    assert schedule_gaps(governed()) == ()
    assert [gap.at for gap in schedule_gaps(payments())] == ["environment"]
    (gap,) = schedule_gaps(replace(governed(), environment="eu-live"))
    assert gap.name == "eu-live"
    (gap,) = schedule_gaps(governed(environments=(Environment(id="production"),)))
    assert gap.text == "no planned time for production"


def test_a_promotion_is_recorded_with_when_by_whom_and_that_access_was_verified() -> None:
    """[S1.18]"""
    ruling = promote(governed(), "TEST", NOW, "ada", access_verified=True, baseline="matches")
    found = ruling.release.dossier.environments[0]
    assert (found.promoted, found.by, found.access_verified, found.baseline) == (NOW, "ada", True, "matches")
    assert ruling.act is not None and ruling.act.text == "promoted to test, access verified"
    assert promoted(ruling.release, "test") and not promoted(ruling.release, "staging")
    again = promote(ruling.release, "test", LATER, "bob", access_verified=True)
    assert again.act is None and again.already == ("test",)


def test_a_promotion_without_verified_access_is_refused() -> None:
    """[S1.18]"""
    with pytest.raises(Refused, match="Access to test must be verified"):
        promote(governed(), "test", NOW, "ada", access_verified=False)


def test_environments_are_promoted_to_in_their_order() -> None:
    """[S1.18]"""
    with pytest.raises(Refused, match="not promoted to test yet"):
        gone_to("staging")
    made = gone_to("test", "staging", "production")
    assert all(promoted(made, name) for name in ("test", "staging", "production"))
    with pytest.raises(BadInput, match="only after that"):
        promote(gone_to("test"), "staging", NOW, "ada", access_verified=True, when=NOW - timedelta(days=1))


def test_another_build_is_promoted_anew() -> None:
    """[S1.16, S1.18]"""
    made = gone_to("test", "staging")
    fixed = replace(made, dossier=replace(made.dossier, iteration=2))
    assert not promoted(fixed, "test")
    with pytest.raises(Refused, match="Build 2 was not promoted to test"):
        gone_to("staging", release=fixed)
    again = promote(fixed, "test", LATER, "bob", access_verified=True)
    assert again.act is not None and "build 2" in again.act.text
    assert (again.release.dossier.environments[0].by, again.release.dossier.environments[0].promoted) == (
        "bob",
        LATER,
    )


def test_a_promotion_to_come_or_to_an_unknown_environment_is_refused() -> None:
    with pytest.raises(BadInput, match="is to come"):
        promote(governed(), "test", NOW, "ada", access_verified=True, when=LATER)
    with pytest.raises(BadInput, match="Did you mean 'staging'"):
        promote(governed(), "stagin", NOW, "ada", access_verified=True)
    closed = close(governed(), "ada", GO_LIVE, outcome="cancelled", reason="r").release
    with pytest.raises(Refused, match="archived"):
        promote(closed, "test", NOW, "ada", access_verified=True)


def test_the_baseline_of_the_test_environment_is_compared() -> None:
    """[S1.18]"""
    assert baseline_gaps(governed()) == ()
    assert baseline_gaps(governed(environments=(Environment(id="test"),)))[0].name == "test"
    assert "not in the promotion schedule" in baseline_gaps(payments())[0].text


@given(st.permutations(["dev", "test", "staging", "production"]))
def test_whatever_order_is_tried_promotions_happen_in_the_order_of_the_schedule(order: list[str]) -> None:
    """[S1.18]"""
    made = governed(environments=tuple(Environment(id=name) for name in PURPOSES))
    done: list[str] = []
    for name in order * 4:
        try:
            made = promote(made, name, NOW, "ada", access_verified=True).release
        except Refused:
            continue
        done += [] if name in done else [name]
    assert done == list(PURPOSES)
