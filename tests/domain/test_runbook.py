"""The runbook: its steps are items that the deploy phase shows; they are written, corrected and rehearsed."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from relui.domain.checklist import Mark, State
from relui.domain.closing import close
from relui.domain.customising import move_item, remove_item
from relui.domain.dossier.parts import Component
from relui.domain.marking import tick
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.runbook import (
    STEPS_LIMIT,
    add_steps,
    address,
    deviations,
    edit_step,
    rehearsal,
    rehearse_step,
    step_named,
    steps,
    texts,
)
from relui.errors import BadInput, Refused
from tests.domain.releases import NOW, item, phase, release


def made(**more: Any) -> Release:
    """A release whose deploy phase has the runbook between two other items."""
    return release(
        phase("before", item("backup"), due="T-1h"),
        phase(
            "deploy", item("start", when_done="started"), item("run", runbook=True), item("healthy"), due="T"
        ),
        **more,
    )


def written(*names: str) -> Release:
    return add_steps(made(), [{"text": name} for name in names], NOW).release


def named(release: Release) -> list[str]:
    return [step.path for step in steps(Outline(release))]


def test_steps_become_items_below_the_runbook_so_that_the_deploy_phase_shows_them() -> None:
    """[S1.26] Ticking the parent ticks the steps; the phase counts them."""
    ruling = add_steps(
        made(),
        [{"text": "Stop workers", "owner": "ops", "command": "a\nb", "expect": "none", "time": "10m"},
         {"text": "Migrate"}],
        NOW, source="book.csv",
    )  # fmt: skip
    assert ruling.changed == ("deploy.run.stop-workers", "deploy.run.migrate") == tuple(named(ruling.release))
    assert ruling.act is not None and ruling.act.text == "added 2 steps to the runbook from book.csv"
    outline = Outline(ruling.release)
    assert outline["deploy"].total == 4
    first = outline["deploy.run.stop-workers"].item
    assert first is not None
    assert texts(first) == {
        "text": "Stop workers", "owner": "ops", "command": "a\nb", "expect": "none", "time": "10m",
    }  # fmt: skip
    done = tick(ruling.release, ["deploy.run"], "ada", NOW).release
    assert Outline(done)["deploy.run.migrate"].state is State.DONE


def test_a_step_goes_behind_another_by_its_number_name_or_path() -> None:
    for after in ("1", "one", "deploy.run.one"):
        found = add_steps(written("One", "Three"), [{"text": "Two"}, {"text": "Half"}], NOW, after=after)
        assert [path[11:] for path in named(found.release)] == ["one", "two", "half", "three"]
    with pytest.raises(BadInput, match=r"no step 'tree'. Did you mean 'three'"):
        step_named(Outline(written("One", "Three")), "tree")
    with pytest.raises(BadInput, match="It has no steps yet"):
        step_named(Outline(made()), "1")


def test_without_a_marked_item_the_steps_are_what_is_ticked_in_the_phase_of_the_go_live() -> None:
    """A team's template need not know of runbooks."""
    plain = release(
        phase("before", item("backup"), due="T-1h"),
        phase("deploy", item("start", when_done="started"), item("command"), due="T"),
        phase("after", item("smoke"), due="T+30m"),
    )
    assert named(plain) == ["deploy.command"]
    assert named(add_steps(plain, [{"text": "Purge"}], NOW).release) == ["deploy.command", "deploy.purge"]
    only_plan = release(phase("plan", item("think"), stage="plan"))
    assert named(add_steps(only_plan, [{"text": "Go"}], NOW).release) == ["plan.think", "plan.go"]


def test_a_step_is_corrected_and_the_log_says_what_became_what() -> None:
    """[S1.19]"""
    ruling = edit_step(written("Migrate"), "1", {"text": "Migrate twice", "time": "1h", "owner": "dba"}, NOW)
    assert ruling.act is not None and ruling.act.text == (
        "edited Migrate: step Migrate -> Migrate twice, owner (none) -> dba, time (none) -> 1h"
    )
    again = edit_step(ruling.release, "1", {"owner": "dba"}, NOW)
    assert again.act is None and again.already == ("deploy.run.migrate",)
    step = Outline(edit_step(ruling.release, "1", {"time": ""}, NOW).release)["deploy.run.migrate"]
    assert step.item is not None and step.item.estimate is None and step.text == "Migrate twice"


@pytest.mark.parametrize("state", [State.DONE, State.FAILED, State.NOT_APPLICABLE])
def test_what_was_executed_stands_as_it_was_written(state: State) -> None:
    """[section 7] The record never says that something else was done."""
    marked = replace(written("Migrate"), marks={"deploy.run.migrate": Mark(state, by="ada", at=NOW)})
    with pytest.raises(Refused, match=r"stands as it was written. Reopen it first"):
        edit_step(marked, "1", {"command": "rm"}, NOW)


def test_steps_are_refused_where_they_do_not_fit() -> None:
    for given, words in (
        ({"text": " "}, "The step is empty"),
        ({"owner": "ops"}, "needs its text"),
        ({"text": "a", "time": "soon"}, "soon"),
        ({"text": "a", "comand": "x"}, "Did you mean 'command'"),
    ):
        with pytest.raises(BadInput, match=words):
            add_steps(made(), [{"text": "fine"}, given], NOW)
    with pytest.raises(BadInput, match="at most 500"):
        add_steps(made(), [{"text": f"step {number}"} for number in range(STEPS_LIMIT + 1)], NOW)
    ticked = replace(made(), marks={"deploy.run": Mark(State.DONE, by="ada", at=NOW)})
    with pytest.raises(Refused, match=r"'Run' is done already. Reopen it to add steps"):
        add_steps(ticked, [{"text": "late"}], NOW)
    with pytest.raises(Refused, match="archived"):
        add_steps(close(made(), "ada", NOW, reason="x", outcome="cancelled").release, [{"text": "late"}], NOW)


def test_a_phase_cannot_be_edited_as_a_step() -> None:
    with pytest.raises(Refused, match="is a phase"):
        edit_step(made(), "deploy", {"text": "x"}, NOW)


def test_steps_are_removed_and_moved_as_items_are() -> None:
    both = written("One", "Two")
    assert named(move_item(both, "deploy.run.two", -1, NOW).release) == ["deploy.run.two", "deploy.run.one"]
    assert named(remove_item(both, "deploy.run.two", "not needed", NOW).release) == ["deploy.run.one"]


def test_a_rehearsal_keeps_the_time_and_the_deviation_of_each_step() -> None:
    """[S1.19] The deviations of all of them are known once every step was rehearsed."""
    both = written("One", "Two")
    once = rehearse_step(both, "one", "12m", "needed\ntwo runs", "ada", NOW)
    assert once.act is not None and once.act.text == "rehearsed One: took 12m, and deviated: needed two runs"
    assert rehearsal(once.release)["deploy.run.one"].took == 12 and deviations(once.release) == ""
    whole = rehearse_step(once.release, "two", "1m", "", "ada", NOW).release
    assert deviations(whole) == "One: needed\ntwo runs"
    clean = rehearse_step(whole, "one", "10m", "", "bob", NOW).release
    assert deviations(clean) == "none" and len(clean.dossier.rehearsed) == 2
    later = replace(clean, dossier=replace(clean.dossier, iteration=2))
    assert rehearsal(later) == {} and deviations(later) == ""
    with pytest.raises(BadInput, match="how long"):
        rehearse_step(both, "one", "", "", "ada", NOW)
    with pytest.raises(BadInput, match="rehearse each of them"):
        rehearse_step(both, "deploy.run", "5m", "", "ada", NOW)


def test_the_address_is_where_the_package_has_its_runbook() -> None:
    """[S1.26]"""

    def with_book(**more: Any) -> Release:
        book = Component(id="book", category="documentation", kind="runbook", **more)
        return replace(made(), dossier=replace(made().dossier, components=(book,)))

    assert address(with_book(location="wiki", presence="present")) == "wiki"
    assert address(with_book(location="wiki", presence="not-needed")) == address(made()) == ""
