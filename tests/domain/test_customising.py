"""Changing one release's own checklist: items added, removed and moved, and nothing lost on the way."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from relui.domain.checklist import Mark, State
from relui.domain.closing import close
from relui.domain.customising import OWN, add_item, move_item, remove_item
from relui.domain.marking import tick
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.errors import BadInput, Refused
from tests.domain.releases import NOW, item, payments, phase, release


def below(made: Release, path: str) -> list[str]:
    return [node.path for node in Outline(made)[path].children]


def test_an_item_is_added_at_the_end_of_a_phase_or_behind_another() -> None:
    """[S0.7] On one release: its template stays as it is."""
    made = add_item(payments(), "build", "Cache \u202ewarm!", NOW).release
    assert below(made, "build") == ["build.merged", "build.tested", "build.cache-warm"]
    added = Outline(made)["build.cache-warm"]
    assert added.text == "Cache warm!" and added.item is not None and added.item.origin == OWN
    made = add_item(made, "before.vars.flags.on", "Both", NOW, optional=True).release
    assert below(made, "before.vars.flags") == [f"before.vars.flags.{name}" for name in ("on", "both", "off")]
    assert Outline(made)["before.vars.flags.both"].optional


def test_two_items_of_the_same_text_have_paths_of_their_own() -> None:
    ruling = add_item(payments(), "build", "Merged", NOW)
    assert ruling.changed == ("build.merged-2",)
    with pytest.raises(BadInput):
        add_item(payments(), "build", " \u200b ", NOW)


def test_a_new_item_is_never_born_ticked() -> None:
    """A mark can outlive its item, when somebody ticked it before its adding was undone."""
    orphan = replace(payments(), marks={"build.cache": Mark(State.DONE, by="bob")})
    made = add_item(orphan, "build", "Cache", NOW)
    assert made.changed == ("build.cache-2",)
    assert Outline(made.release)["build.cache-2"].state is State.OPEN


def test_a_required_item_is_removed_with_a_reason_that_the_log_keeps() -> None:
    """[S0.7]"""
    with pytest.raises(BadInput, match="needs a reason"):
        remove_item(payments(), "build.tested", " ", NOW)
    ruling = remove_item(payments(), "build.tested", "no tests here", NOW)
    assert below(ruling.release, "build") == ["build.merged"]
    assert ruling.act is not None and ruling.act.reason == "no tests here"
    assert remove_item(payments(), "before.mobile", "", NOW).act is not None


def test_an_own_item_is_removed_by_the_same_rule() -> None:
    """[S0.7]"""
    own = add_item(payments(), "build", "Cache", NOW).release
    with pytest.raises(BadInput, match="needs a reason"):
        remove_item(own, "build.cache", "", NOW)
    assert remove_item(own, "build.cache", "never used", NOW).release == payments()
    optional = add_item(payments(), "build", "Cache", NOW, optional=True).release
    assert remove_item(optional, "build.cache", "", NOW).release == payments()


def test_what_bears_a_record_or_is_all_there_is_or_is_owed_stays() -> None:
    """[S0.7] [S1.36]"""
    ticked = tick(payments(), ["before.vars.flags.on"], "ada", NOW).release
    owed = release(phase("full", item("a"), item("b"), owed=True))
    single = release(phase("p", item("a")))
    for made, path in ((ticked, "before.vars"), (owed, "full.a"), (single, "p.a"), (payments(), "build")):
        with pytest.raises(Refused, match="set it to not applicable"):
            remove_item(made, path, "r", NOW)


def test_an_item_moves_among_its_siblings_and_stops_at_the_end() -> None:
    """[S0.7]"""
    down = move_item(payments(), "before.backup", 1, NOW).release
    assert below(down, "before") == ["before.vars", "before.backup", "before.mobile"]
    assert below(move_item(down, "before.backup", 99, NOW).release, "before")[-1] == "before.backup"
    assert move_item(down, "before.backup", -1, NOW).release == payments()
    assert move_item(payments(), "before.backup", -1, NOW).act is None
    with pytest.raises(Refused, match="phases stay in order"):
        move_item(payments(), "before", 1, NOW)


def test_marks_and_counts_go_with_an_item_that_moves() -> None:
    made = tick(payments(), ["before.vars.keys"], "ada", NOW).release
    moved = Outline(move_item(made, "before.vars.keys", 1, NOW).release)
    assert moved["before.vars.keys"].state is State.DONE and moved["before"].done == 1


def test_nothing_is_customised_in_an_archived_release() -> None:
    """[S0.8]"""
    closed = close(payments(), "ada", NOW, reason="r").release
    for act in (
        lambda: add_item(closed, "build", "x", NOW),
        lambda: remove_item(closed, "build.tested", "r", NOW),
        lambda: move_item(closed, "build.tested", -1, NOW),
    ):
        with pytest.raises(Refused, match="archived"):
            act()
