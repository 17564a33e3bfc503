"""Undo and redo: one's own last act, over many acts by two people, refused when somebody changed it since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert, to_builtins

from relui.domain.history import Reversal, passed_over, redo, redoable, undo, undoable, undone_by
from relui.domain.log import Act, Actor, Entry, Head, next_entry, verify
from relui.domain.marking import Details
from relui.domain.outline import Outline
from relui.domain.patches import Document, diff, same
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput, Refused
from tests.domain.acts import (
    annotate,
    close,
    edit,
    fail,
    record_sent,
    skip,
    tick,
    untick,
    write_retrospective,
)
from tests.domain.releases import ADA, BOB, NOW, payments


class Desk:
    """A release with its log, in memory."""

    def __init__(self) -> None:
        self.state: Document = {}
        self.entries: list[Entry] = []
        self.write(to_builtins(payments()), Act("create", "created", reversible=False), ADA)

    @property
    def release(self) -> Release:
        return convert(self.state, Release)

    @property
    def now(self) -> timedelta:
        return timedelta(minutes=len(self.entries))

    def write(self, state: Document, act: Act, actor: Actor) -> None:
        head = Head(self.entries[-1].seq, self.entries[-1].hash) if self.entries else Head()
        self.entries.append(
            next_entry(head, act, actor, NOW + self.now, diff(self.state, state), simulated=False)
        )
        self.state = state

    def do(self, actor: Actor, ruling: Ruling) -> None:
        if ruling.act is not None:
            self.write(to_builtins(ruling.release), ruling.act, actor)

    def tick(self, actor: Actor, *paths: str) -> None:
        self.do(actor, tick(self.release, paths, actor.name, NOW + self.now))

    def undo(self, actor: Actor, seq: int | None = None) -> Reversal:
        reversal = undo(self.state, self.entries, actor, seq)
        self.write(reversal.state, reversal.act, actor)
        return reversal

    def redo(self, actor: Actor) -> Reversal:
        reversal = redo(self.state, self.entries, actor)
        self.write(reversal.state, reversal.act, actor)
        return reversal

    def ticked(self) -> set[str]:
        return {leaf.path for leaf in Outline(self.release).leaves() if leaf.state.resolved}


def test_undo_takes_back_ones_own_last_act_and_not_anothers() -> None:
    """[S0.2]"""
    desk = Desk()
    desk.tick(ADA, "build.merged")
    desk.tick(BOB, "before.vars.keys")
    assert desk.undo(ADA).reversed.seq == 2
    assert desk.ticked() == {"before.vars.keys"}
    with pytest.raises(Refused, match="nothing of ada's"):
        desk.undo(ADA)


def test_the_first_tick_of_a_release_can_be_undone_after_anothers() -> None:
    """The set of marks is not a field that the first of them owns."""
    desk = Desk()
    desk.do(ADA, write_retrospective(desk.release, {"well": "a"}, NOW))
    desk.tick(ADA, "build.merged")
    desk.do(BOB, write_retrospective(desk.release, {"hard": "b"}, NOW))
    desk.tick(BOB, "before.vars")
    desk.undo(ADA), desk.undo(ADA)
    assert desk.release.retrospective.hard == "b" and not desk.release.retrospective.well
    assert "build.merged" not in desk.ticked()


def test_a_parents_tick_is_undone_as_one() -> None:
    """[S0.2] What follows from it, such as a bound item, goes with it."""
    desk = Desk()
    before = desk.state
    desk.tick(ADA, "deploy")
    assert desk.ticked() == {"deploy.command", "deploy.healthy", "close.started"}
    desk.undo(ADA)
    assert same(desk.state, before)


def test_undo_is_refused_when_somebody_changed_the_same_field_since() -> None:
    """[S0.2] And says who, what and when."""
    desk = Desk()
    desk.tick(ADA, "build.merged")
    desk.do(BOB, annotate(desk.release, "build.merged", "bob", NOW, Details(note="n")))
    with pytest.raises(Refused, match=r"bob changed the same field since \(recorded the note of Merged"):
        desk.undo(ADA)
    desk.undo(BOB)
    desk.undo(ADA)
    assert desk.ticked() == set()


def test_undo_names_the_later_acts_of_ones_own_that_stand() -> None:
    """[S0.2] Nobody thinks that a message is withdrawn when an older tick was taken back."""
    desk = Desk()
    desk.tick(ADA, "build.merged")
    assert passed_over(desk.entries, ADA) == ()
    desk.do(BOB, record_sent(desk.release, "planned-release", "bob", NOW, to="everybody"))
    assert passed_over(desk.entries, ADA) == ()
    desk.do(ADA, record_sent(desk.release, "deploy-starting", "ada", NOW, to="everybody"))
    assert [entry.seq for entry in passed_over(desk.entries, ADA)] == [4]
    reversal = desk.undo(ADA)
    assert reversal.reversed.seq == 2
    assert len(reversal.passed) == 1 and "Entry 4 stands (sent" in reversal.passed[0]
    assert "--withdraw REASON" in reversal.passed[0]


def test_another_persons_act_is_undone_only_when_it_is_chosen() -> None:
    """[S0.2]"""
    desk = Desk()
    desk.tick(ADA, "build.merged")
    assert undoable(desk.entries, BOB) is None
    desk.undo(BOB, seq=2)
    assert desk.ticked() == set()
    assert undone_by(desk.entries) == {2: 3}
    with pytest.raises(Refused, match="undone already"):
        desk.undo(ADA, seq=2)
    with pytest.raises(BadInput, match="no entry 9"):
        desk.undo(ADA, seq=9)


def test_the_name_alone_does_not_make_an_act_ones_own() -> None:
    desk = Desk()
    desk.tick(ADA, "build.merged")
    assert undoable(desk.entries, Actor(account="bob", name="ada")) is None


def test_what_cannot_be_undone_says_so() -> None:
    """[S0.2]"""
    desk = Desk()
    with pytest.raises(Refused, match="close the release as cancelled instead"):
        desk.undo(ADA, seq=1)
    desk.tick(ADA, "build.merged")
    desk.undo(ADA)
    with pytest.raises(Refused, match="redo does again what it took back"):
        desk.undo(ADA, seq=3)


def test_redo_restores_in_the_order_of_the_undos_until_a_new_act() -> None:
    """[S0.2]"""
    desk = Desk()
    desk.tick(ADA, "build.merged")
    desk.tick(ADA, "before.vars")
    both = desk.state
    desk.undo(ADA), desk.undo(ADA)
    assert desk.redo(ADA).reversed.seq == 2
    assert desk.redo(ADA).reversed.seq == 3
    assert same(desk.state, both)
    assert redoable(desk.entries, ADA) is None
    desk.undo(ADA)
    desk.tick(ADA, "before.mobile")
    with pytest.raises(Refused, match="nothing of ada's to redo"):
        desk.redo(ADA)


def test_another_persons_act_does_not_end_the_chance_to_redo() -> None:
    desk = Desk()
    desk.tick(ADA, "build.merged")
    desk.undo(ADA)
    desk.tick(BOB, "before.vars.keys")
    desk.redo(ADA)
    assert desk.ticked() == {"build.merged", "before.vars.keys"}


def test_redo_is_refused_when_the_field_was_changed_since() -> None:
    desk = Desk()
    desk.tick(ADA, "build.merged")
    desk.undo(ADA)
    desk.tick(BOB, "build.merged")
    with pytest.raises(Refused, match="bob changed the same field"):
        desk.redo(ADA)


def test_nothing_is_undone_or_redone_in_a_closed_release() -> None:
    """[S0.8] Not even between the closing entry and the move into the archive."""
    desk = Desk()
    desk.tick(ADA, "build.merged")
    desk.tick(ADA, "before.vars")
    desk.undo(ADA)
    desk.do(ADA, close(desk.release, "ada", NOW, reason="enough"))
    for act in (desk.undo, desk.redo):
        with pytest.raises(Refused, match="closed"):
            act(ADA)


def test_a_log_with_a_redo_of_nothing_is_read_all_the_same() -> None:
    act = Act("redo", "x", reversible=False, reverses=7)
    assert undone_by([next_entry(Head(), act, ADA, NOW, (), simulated=False)]) == {}


steps = st.lists(
    st.tuples(
        st.sampled_from([ADA, BOB]),
        st.sampled_from(["tick", "untick", "skip", "fail", "note", "edit", "retro"]),
        st.sampled_from([node.path for node in Outline(payments())]),
    ),
    max_size=10,
)


def play(desk: Desk, actor: Actor, verb: str, path: str) -> None:
    at, made = NOW + desk.now, desk.release
    record = Details(fields={"where": f"s{len(desk.entries)}"}) if path == "before.backup" else Details()
    try:
        if verb == "tick":
            desk.do(actor, tick(made, [path], actor.name, at, record))
        elif verb == "untick":
            desk.do(actor, untick(made, [path], actor.name, at))
        elif verb == "note":
            desk.do(actor, annotate(made, path, actor.name, at, Details(note=f"n{len(desk.entries) % 2}")))
        elif verb == "edit":
            desk.do(actor, edit(made, {"version": f"2.{len(desk.entries)}.0"}, at))
        elif verb == "retro":
            desk.do(actor, write_retrospective(made, {"well": path, "hard": "h", "next": "n"}, at))
        else:
            desk.do(actor, {"skip": skip, "fail": fail}[verb](made, [path], actor.name, at, "why"))
    except (Refused, BadInput):
        pass


@given(steps)
@settings(max_examples=60)
def test_any_acts_of_two_people_are_undone_to_the_start_and_redone_to_the_end(
    script: list[tuple[Actor, str, str]],
) -> None:
    """[S0.2] And the log, with all the undos and redos in it, still leads to the state."""
    desk = Desk()
    start = desk.state
    for actor, verb, path in script:
        play(desk, actor, verb, path)
    end, acts = desk.state, desk.entries[1:]
    for entry in reversed(acts):
        desk.undo(entry.actor)
    assert same(desk.state, start)
    for entry in acts:
        desk.redo(entry.actor)
    assert same(desk.state, end)
    assert verify("x", desk.state, [to_builtins(entry) for entry in desk.entries]).problems == ()


@given(steps, st.lists(st.tuples(st.sampled_from([ADA, BOB]), st.booleans()), max_size=8))
@settings(max_examples=60)
def test_undo_and_redo_in_any_order_either_work_or_are_refused_and_the_log_holds(
    script: list[tuple[Actor, str, str]], turns: list[tuple[Actor, bool]]
) -> None:
    desk = Desk()
    for actor, verb, path in script:
        play(desk, actor, verb, path)
    for actor, forward in turns:
        was = desk.state
        try:
            (desk.redo if forward else desk.undo)(actor)
        except Refused:
            assert desk.state is was
        assert desk.release.id == "REL-2026-11-001"
    assert verify("x", desk.state, [to_builtins(entry) for entry in desk.entries]).problems == ()


def test_an_undo_with_nothing_to_undo_names_the_last_act_and_the_way_out_of_it() -> None:
    """A message that was sent is not undone but withdrawn, and undo says so."""
    desk = Desk()
    desk.do(BOB, record_sent(desk.release, "planned-release", BOB.name, NOW, to="#ops"))
    with pytest.raises(Refused) as told:
        desk.undo(BOB)
    assert "nothing of bob's to undo" in told.value.message
    assert "Your last act, entry 2 (sent 'Planned release' to #ops), cannot be undone" in told.value.message
    assert "withdraw the message instead (`relui message ID NAME --withdraw REASON`)." in told.value.message
    fresh = Actor("eve", "eve")
    with pytest.raises(Refused, match=r"nothing of eve's to undo in this release\.$"):
        desk.undo(fresh)
