"""A guarded deployment begins by its start alone: no tick begins it, and nothing of it is ticked before."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from relui.domain.deployment_times import OPENING, actual_window, opened_by_start
from relui.domain.dossier.criteria import CRITERIA
from relui.domain.dossier.deployment import complete, roll_back
from relui.domain.dossier.sending import record_sent
from relui.domain.marking import not_applicable, tick
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.errors import Refused
from tests.domain.dossier.gated import ORGANISATION, context, staged
from tests.domain.dossier.test_decisions import END, START, started
from tests.domain.releases import NOW, item, payments, phase, release


def test_the_criteria_that_guard_a_deployment_are_those_of_the_gate_go() -> None:
    assert tuple(name for name, each in CRITERIA.items() if "go" in each.gates) == OPENING


def test_no_tick_begins_a_deployment_that_was_not_started_and_the_way_out_is_named() -> None:
    """[S1.25, S1.27] Neither in the deployment nor in what follows it; before it anything goes."""
    made = staged()
    for path in ("deploy.command", "deploy.healthy", "deploy", "close"):
        with pytest.raises(Refused, match=r"start"):
            tick(made, [path], "ada", START, override="hurry")
    with pytest.raises(Refused, match=r"waits for the start .*relui go, relui start; D on the record"):
        tick(made, ["deploy.command"], "ada", START)
    assert "before.vars.keys" in tick(made, ["before.vars"], "ada", NOW).changed
    assert tick(made, ["build.merged"], "ada", NOW).changed == ("build.merged",)
    assert not_applicable(made, ["deploy.healthy"], "ada", NOW, "there is none").changed == (
        "deploy.healthy",
    )


def test_a_started_deployment_is_ticked_as_ever() -> None:
    assert tick(started(), ["deploy.command"], "ada", START).changed == ("deploy.command",)


def test_ticks_of_an_older_record_do_not_say_that_a_guarded_deployment_started() -> None:
    ticked = tick(payments(), ["deploy.command"], "ada", START).release
    for criteria in (("all",), ("handed-off",)):
        guarded = replace(ticked, criteria=criteria)
        assert actual_window(guarded, Outline(guarded)) == (None, None)
        with pytest.raises(Refused, match=r"has not started\. Say go and start it"):
            complete(guarded, context(now=END), "ada", END, verification="ok")
        with pytest.raises(Refused, match="has not started"):
            roll_back(guarded, ORGANISATION, "ada", END, "broken")
    assert actual_window(ticked, Outline(ticked))[0] == START


def test_an_emergency_with_such_criteria_is_started_too_and_its_debt_can_be_ticked_before() -> None:
    """[S1.36]"""
    made = release(
        phase("deploy", item("fix"), due="T"),
        phase("owed", item("review"), owed=True, due="T+24h"),
        type="emergency",
        criteria=("go-decided",),
    )
    with pytest.raises(Refused, match="waits for the start"):
        tick(made, ["deploy.fix"], "ada", NOW)
    assert tick(made, ["owed"], "ada", NOW).changed == ("owed.review",)


def test_the_light_way_and_criteria_of_other_gates_start_by_a_tick() -> None:
    light = payments()
    planned = replace(light, criteria=("changes-approved", "completion-confirmed"))
    for made in (light, planned):
        assert not opened_by_start(made)
        ticked = tick(made, ["deploy.command"], "ada", START).release
        assert actual_window(ticked, Outline(ticked))[0] == START


def test_a_message_sent_before_the_start_leaves_the_item_that_says_it_open() -> None:
    made: Release = replace(
        release(phase("deploy", item("said", message="deploy-starting"), due="T")), criteria=("all",)
    )
    ruling = record_sent(made, "deploy-starting", "ada", NOW, to="all")
    assert ruling.changed == ("deploy-starting",) and "waits for the start" in ruling.told[0]
