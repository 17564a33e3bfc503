"""Each decision is declared once: it asks for what its rule takes, and what is stored has its word."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest

from relui.domain.dossier.conditions import Context
from relui.domain.dossier.decidable import DECIDABLE
from relui.domain.dossier.decision_rules import _RULES, rule_on
from relui.domain.dossier.parts import DecisionKind
from relui.domain.release import Release
from tests.domain.dossier.gated import DAY, ORGANISATION, context, staged

GIVEN = {"release", "by", "at"}


@pytest.mark.parametrize("name", DECIDABLE)
def test_a_decision_asks_for_what_its_rule_takes(name: str) -> None:
    parameters = inspect.signature(_RULES[name]).parameters
    asks = {each.name: each for each in DECIDABLE[name].asks}
    knows = {DECIDABLE[name].knows} - {""}
    needed = {each for each, found in parameters.items() if found.default is found.empty}
    assert set(asks) <= set(parameters)
    assert GIVEN | knows <= set(parameters)
    assert needed <= GIVEN | knows | set(asks)


def test_every_rule_is_a_decision_and_every_stored_kind_but_a_stage_is_one() -> None:
    assert set(DECIDABLE) == set(_RULES)
    assert set(get_args(DecisionKind)) - {"advance"} == set(DECIDABLE) - {"progress"}


def test_a_rule_that_needs_no_context_is_asked_without_making_one() -> None:
    made = []

    def around(release: Release) -> Context:
        made.append(release.id)
        return context()

    def ruled(name: str, by: str, **given: object) -> str:
        ruling = rule_on(name, staged(), by, DAY, given, organisation=ORGANISATION, context=around)
        assert ruling.act is not None
        return ruling.act.verb

    assert ruled("hold", "ada", reason="wait") == "hold"
    assert ruled("no-go", "grace", reason="not today") == "no-go"
    assert not made
    assert ruled("go", "grace", confirmed=["all"]) == "go"
    assert made
