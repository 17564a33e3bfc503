"""Items that are bound to what stands in the record follow it, and a tick judges nothing for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.domain.binding import fact_words, facts, settle
from relui.domain.checklist import State
from relui.domain.dossier.points import POINTS, points_of
from relui.domain.dossier.record_facts import holding, known_facts
from relui.domain.dossier.testing import blocking_gaps, coverage_gaps
from relui.domain.outline import Outline
from relui.domain.release import Release
from tests.domain.acts import confirm, record_sent, unconfirm, withdraw_sent
from tests.domain.dossier.governed import governed
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase

ON_THE_DAY = GO_LIVE - timedelta(hours=3)


def bound_to(made: Release, fact: str) -> Release:
    return settle(replace(made, phases=(phase("a", item("x", when_done=fact), item("y")),), marks={}), NOW)


def test_a_confirmed_point_ticks_its_item_and_taking_it_back_opens_it() -> None:
    """[S0.5, S1.25]"""
    made = bound_to(payments(), "confirmed:readiness.dashboards")
    assert made.mark("a.x").state is State.OPEN
    made = confirm(made, ["readiness.dashboards"], "olga", ON_THE_DAY).release
    assert (made.mark("a.x").state, made.mark("a.x").by) == (State.DONE, "relui")
    made = unconfirm(made, ["readiness.dashboards"], "olga", NOW, "the wrong release").release
    assert made.mark("a.x").state is State.OPEN


def test_a_group_is_confirmed_with_its_last_point() -> None:
    made = bound_to(payments(), "confirmed:window")
    *first, last = [point.id for point in points_of("window")]
    made = confirm(made, first, "olga", NOW).release
    assert made.mark("a.x").state is State.OPEN
    assert confirm(made, [last], "olga", NOW).release.mark("a.x").state is State.DONE


def test_a_sent_message_ticks_an_item_bound_to_it_until_it_is_withdrawn() -> None:
    begun = replace(bound_to(payments(), "sent:support-live"), started_at=NOW)
    made = record_sent(begun, "support-live", "ada", NOW, to="s").release
    assert made.mark("a.x").state is State.DONE
    assert withdraw_sent(made, "support-live", "ada", NOW, "not yet").release.mark("a.x").state is State.OPEN


def test_package_and_tests_hold_when_the_record_holds_them() -> None:
    """[S1.9, S1.14]"""
    whole = governed()
    assert holding(whole, ["package-complete"])
    assert bool(holding(whole, ["tested"])) == (not coverage_gaps(whole) and not blocking_gaps(whole))
    assert not holding(payments(), ["package-complete", "tested", "tested:smoke"])


def test_only_what_an_item_asks_for_is_looked_at() -> None:
    made = confirm(payments(), ["readiness.dashboards"], "olga", ON_THE_DAY).release
    assert not any(fact.startswith("confirmed") for fact in facts(made, Outline(made), NOW))


@pytest.mark.parametrize("fact", known_facts())
def test_every_fact_of_the_record_has_words_and_can_be_asked(fact: str) -> None:
    assert fact_words(fact).startswith("when ") and "is true" not in fact_words(fact)
    holding(payments(), [fact])
    assert len(POINTS) > 20
