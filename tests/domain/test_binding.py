"""Bound items follow the facts, and no fact rests on a bound item."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.domain.binding import fact_words, facts, settle
from relui.domain.checklist import State
from relui.domain.outline import Outline
from relui.domain.release import Release, Retrospective
from tests.domain.acts import close, edit, skip, tick, untick, write_retrospective
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase, release


def holds(made: Release) -> frozenset[str]:
    return facts(made, Outline(made), NOW)


def test_a_bound_item_ticks_itself_when_its_fact_is_true_and_opens_when_it_is_not() -> None:
    """[S0.5] A fact needs no second act, and an item bound to it never lies."""
    answers = {"well": "a", "hard": "b", "next": "c"}
    written = write_retrospective(payments(), answers, GO_LIVE).release
    mark = written.mark("close.retro")
    assert (mark.state, mark.by, mark.bound, mark.at) == (State.DONE, "relui", True, GO_LIVE)
    emptied = write_retrospective(written, {"hard": " "}, GO_LIVE).release
    assert "close.retro" not in emptied.marks


def test_a_bound_item_that_follows_late_is_late() -> None:
    late = GO_LIVE + timedelta(hours=25)
    assert (
        write_retrospective(payments(), dict.fromkeys(("well", "hard", "next"), "x"), late)
        .release.mark("close.retro")
        .late
    )


def test_a_release_that_was_cancelled_was_not_closed_as_done() -> None:
    """[S0.5] Nor does its archived record say so."""
    made = release(phase("close", item("closed", when_done="closed"), stage="close"))
    gone = close(made, "ada", NOW, outcome="cancelled", reason="no need").release
    assert gone.mark("close.closed").state is State.OPEN
    assert close(made, "ada", GO_LIVE).release.mark("close.closed").state is State.DONE


def test_what_a_person_left_out_stays_left_out() -> None:
    """[S0.5]"""
    made = skip(payments(), ["close.retro"], "ada", NOW, "not this time").release
    made = replace(made, retrospective=Retrospective("a", "b", "c"))
    assert settle(made, NOW).mark("close.retro").state is State.NOT_APPLICABLE


def test_settling_what_is_settled_changes_nothing() -> None:
    made = tick(payments(), ["deploy"], "ada", NOW).release
    assert settle(made, GO_LIVE) is made


def test_a_deployment_has_started_with_the_first_tick_and_is_completed_with_the_last() -> None:
    first = tick(payments(), ["deploy.command"], "ada", GO_LIVE).release
    assert "started" in holds(first) and "completed" not in holds(first)
    assert "completed" in holds(tick(first, ["deploy"], "ada", GO_LIVE).release)
    times = {"started": "2026-11-21T20:05", "completed": "2026-11-21T21:00"}
    recorded = edit(payments(), times, GO_LIVE + timedelta(hours=1)).release
    assert {"started", "completed"} <= holds(recorded)


def test_a_bound_item_in_the_deployment_phase_does_not_hold_its_own_fact_true() -> None:
    """Opening the only tick by hand opens what followed from it."""
    made = release(
        phase("deploy", item("go"), item("said", when_done="started"), item("end", when_done="completed"))
    )
    ticked = tick(made, ["deploy.go"], "ada", GO_LIVE).release
    assert Outline(ticked)["deploy"].state is State.DONE
    assert untick(ticked, ["deploy.go"], "ada", GO_LIVE).release == made


def test_the_debt_is_settled_when_the_full_checklist_is_resolved() -> None:
    """[S1.36]"""
    made = release(
        phase("close", item("debt", when_done="debt-settled"), stage="close"),
        phase("full", item("a"), item("closed", when_done="closed"), stage="close", owed=True),
        type="emergency",
    )
    assert "debt-settled" not in holds(made)
    assert Outline(tick(made, ["full.a"], "ada", NOW).release)["close.debt"].state is State.DONE


@pytest.mark.parametrize("fact", ["closed", "retrospective", "booked", "signed:acceptance", "new-one"])
def test_every_fact_has_words(fact: str) -> None:
    assert fact_words(fact).startswith("when ")
