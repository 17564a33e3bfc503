"""Acts on items: each is one entry, durable when it returns, and the record verifies after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relui.clock import Clock
from relui.desk.act import Done
from relui.desk.desk import Desk
from relui.domain.marking import Details
from relui.errors import BadInput, Refused, ReluiError
from tests.store.samples import BEN, NOW, desk_on, every_file

ITEM = "pre-release.branches"
Act = Callable[[Desk, str], Done]

ACTS: dict[str, Act] = {
    "tick": lambda desk, name: desk.items.tick(name, [ITEM]),
    "tick a phase": lambda desk, name: desk.items.tick(name, ["pre-release"]),
    "skip": lambda desk, name: desk.items.skip(name, [ITEM], "not ours"),
    "fail": lambda desk, name: desk.items.fail(name, [ITEM], "red"),
    "annotate": lambda desk, name: desk.items.annotate(name, ITEM, Details(note="seen", evidence=("link",))),
    "add": lambda desk, name: desk.items.add(name, ITEM, "Another check"),
    "remove": lambda desk, name: desk.items.remove(name, ITEM, "not ours"),
    "move": lambda desk, name: desk.items.move(name, ITEM, 1),
    "edit": lambda desk, name: desk.releases.edit(name, {"owner": "Ben", "risk": "little"}),
    "retrospective": lambda desk, name: desk.learning.write_retrospective(name, {"well": "all of it"}),
}


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_one_entry_on_disk_that_verifies(
    desk: Desk, data: Path, release_id: str, name: str
) -> None:
    done = ACTS[name](desk, release_id)
    assert done.changed
    fresh = desk_on(data).journal.open(release_id)
    assert fresh.release == done.release
    assert fresh.record.state == done.record.state
    assert fresh.record.log == done.record.log
    assert [entry.seq for entry in fresh.entries] == [1, 2]
    last = fresh.entries[-1]
    assert (last.name, last.account, last.at) == ("Ada", "ada", NOW)
    assert last.reversible
    assert last.text
    assert desk.health.verify(release_id).intact


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_undone_and_done_again_over_restarts(
    desk: Desk, data: Path, release_id: str, name: str
) -> None:
    before = desk.journal.open(release_id).release
    after = ACTS[name](desk, release_id).release
    assert desk_on(data).releases.undo(release_id).release == before
    assert desk_on(data).journal.open(release_id).release == before
    assert desk_on(data).releases.redo(release_id).release == after
    assert desk_on(data).releases.undo(release_id).release == before
    entries = desk.journal.open(release_id).entries
    assert [entry.act for entry in entries[2:]] == ["undo", "redo", "undo"]
    assert desk.health.verify(release_id).intact


@pytest.mark.parametrize("name", ACTS)
def test_each_act_done_twice_is_written_once_or_is_a_new_act(
    desk: Desk, data: Path, release_id: str, name: str
) -> None:
    """What changes nothing leaves the file as it is, byte for byte."""
    ACTS[name](desk, release_id)
    before = every_file(data)
    try:
        again = ACTS[name](desk, release_id)
    except ReluiError:
        assert every_file(data) == before
    else:
        assert (every_file(data) != before) == again.changed
    assert desk.health.verify(release_id).intact


REFUSED: dict[str, Callable[[Desk, str], Any]] = {
    "no item": lambda desk, name: desk.items.tick(name, []),
    "blank item": lambda desk, name: desk.items.tick(name, ["  "]),
    "unknown item": lambda desk, name: desk.items.tick(name, [ITEM, "pre-release.nothing"]),
    "unmet requirement": lambda desk, name: desk.items.tick(name, ["deploy.command"]),
    "missing field": lambda desk, name: desk.items.tick(name, ["pre-deploy.on-call"]),
    "bound item": lambda desk, name: desk.items.tick(name, ["close.closed"]),
    "skip without reason": lambda desk, name: desk.items.skip(name, [ITEM]),
    "fail without reason": lambda desk, name: desk.items.fail(name, [ITEM], " "),
    "unknown field": lambda desk, name: desk.items.annotate(name, ITEM, Details(fields={"nothing": "1"})),
    "unknown edit": lambda desk, name: desk.releases.edit(name, {"owner": "Ben", "nothing": "1"}),
    "bad edit": lambda desk, name: desk.releases.edit(name, {"owner": "Ben", "go-live": "soon"}),
    "unknown answer": lambda desk, name: desk.learning.write_retrospective(name, {"worse": "x"}),
    "nothing to undo": lambda desk, name: desk.releases.undo(name),
    "nothing to redo": lambda desk, name: desk.releases.redo(name),
    "undo of nothing": lambda desk, name: desk.releases.undo(name, 99),
    "undo of creation": lambda desk, name: desk.releases.undo(name, 1),
    "close with open items": lambda desk, name: desk.releases.close(name),
    "cancel without reason": lambda desk, name: desk.releases.close(name, outcome="cancelled"),
    "no release": lambda desk, name: desk.items.tick("nothing", [ITEM]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_every_file_byte_for_byte(
    desk: Desk, data: Path, release_id: str, name: str
) -> None:
    before = every_file(data)
    with pytest.raises(ReluiError) as told:
        REFUSED[name](desk, release_id)
    assert isinstance(told.value, BadInput | Refused)
    assert every_file(data) == before


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_done_to_an_archived_release(desk: Desk, data: Path, release_id: str, name: str) -> None:
    desk.releases.close(release_id, reason="cancelled by the board", outcome="cancelled")
    before = every_file(data)
    with pytest.raises((Refused, BadInput), match="archived"):  # a part of a retrospective is none
        ACTS[name](desk, release_id)
    assert every_file(data) == before


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_done_by_a_desk_that_was_opened_read_only(data: Path, release_id: str, name: str) -> None:
    before = every_file(data)
    with pytest.raises(ReluiError, match="read-only"):
        ACTS[name](desk_on(data, read_only=True), release_id)
    assert every_file(data) == before


def test_two_people_on_one_release_see_each_others_latest(data: Path, release_id: str) -> None:
    ada, ben = desk_on(data), desk_on(data, BEN)
    ada.journal.open(release_id)
    ben.items.tick(release_id, ["pre-release.branches"])
    ada.items.tick(release_id, ["pre-release.pipeline"])
    marks = ben.journal.open(release_id).release.marks
    assert {path: mark.by for path, mark in marks.items()} == {
        "pre-release.branches": "Ben",
        "pre-release.pipeline": "Ada",
    }


def test_undo_takes_back_ones_own_act_though_another_acted_since(data: Path, release_id: str) -> None:
    ada, ben = desk_on(data), desk_on(data, BEN)
    ada.items.tick(release_id, ["pre-release.branches"])
    ben.items.tick(release_id, ["pre-release.pipeline"])
    marks = ada.releases.undo(release_id).release.marks
    assert "pre-release.pipeline" in marks
    assert "pre-release.branches" not in marks


def test_undo_of_what_another_changed_since_is_refused_and_names_them(data: Path, release_id: str) -> None:
    ada, ben = desk_on(data), desk_on(data, BEN)
    ada.releases.edit(release_id, {"risk": "little"})
    ben.releases.edit(release_id, {"risk": "great"})
    before = every_file(data)
    with pytest.raises(Refused, match="Ben"):
        ada.releases.undo(release_id)
    assert every_file(data) == before


def test_anothers_act_is_undone_only_by_its_number(data: Path, release_id: str) -> None:
    ada, ben = desk_on(data), desk_on(data, BEN)
    ada.releases.edit(release_id, {"risk": "little"})
    with pytest.raises(Refused, match="nothing of Ben"):
        ben.releases.undo(release_id)
    assert ben.releases.undo(release_id, 2).release.risk == ""
    assert ben.health.verify(release_id).intact


def test_entries_under_a_simulated_clock_are_marked_for_ever(data: Path, release_id: str) -> None:
    real = desk_on(data, clock=Clock())
    real.items.tick(release_id, [ITEM])
    simulated = [entry.simulated for entry in real.journal.open(release_id).entries]
    assert simulated == [True, False]


def test_a_kept_file_is_named_by_its_content(desk: Desk, data: Path, release_id: str) -> None:
    kept = desk.evidence.keep(b"all green\n", "build.log")
    done = desk.items.tick(release_id, [ITEM], Details(evidence=(kept,)))
    assert done.release.marks[ITEM].evidence == (kept,)
    digest = kept.removeprefix("sha256:").split()[0]
    assert (data / "evidence" / digest).read_bytes() == b"all green\n"


@pytest.mark.parametrize(
    "typed", ["REL-2026-11-001", "rel-2026-11-001", " REL-2026-11-001 ", "11-001", "001", "1"]
)
def test_a_release_is_found_by_the_end_of_its_identifier(desk: Desk, release_id: str, typed: str) -> None:
    assert desk.journal.resolve(typed) == release_id


@pytest.mark.parametrize(
    "typed",
    ["", " ", "2", "../releases/REL-2026-11-001", "REL-2026-11-002", "\0", "\ud800", "x" * 5000, "REL-/../x"],
    ids=repr,
)
def test_whatever_else_is_typed_for_a_release_is_bad_input(desk: Desk, release_id: str, typed: str) -> None:
    with pytest.raises(BadInput):
        desk.journal.open(typed)


def test_an_undo_that_is_refused_gives_times_in_the_zone_that_they_are_shown_in(
    desk: Desk, release_id: str, data: Path
) -> None:
    """[S0.2]"""
    desk.items.tick(release_id, [ITEM])
    desk_on(data, BEN).items.annotate(release_id, ITEM, Details(note="n"))
    with pytest.raises(Refused, match=r"Ben changed the same field since .* CES?T\)"):
        desk.releases.undo(release_id)


def test_a_phase_that_was_ticked_is_named_with_how_many_items_it_was(desk: Desk, release_id: str) -> None:
    done = desk.items.tick(release_id, ["pre-release"])
    assert done.ruling.act is not None
    assert done.ruling.act.text == f"ticked Pre-release: {len(done.ruling.changed)} items"
    both = desk.items.untick(release_id, ["pre-release.branches", "pre-release.pipeline"])
    assert both.ruling.act is not None
    assert both.ruling.act.text == "reopened Feature branches merged and 1 more"
