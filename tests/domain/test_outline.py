"""The checklist as a tree: every parent's state follows from its leaves, at any depth."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relui.domain.checklist import Item, Mark, Phase, State
from relui.domain.instants import parse_instant
from relui.domain.outline import Outline, derived_state, due_at
from relui.domain.release import Release
from relui.errors import BadInput
from tests.domain.releases import item, payments, phase, release

LEAF_STATES = [State.OPEN, State.DONE, State.NOT_APPLICABLE, State.FAILED]
leaf_state = st.sampled_from(LEAF_STATES)


def _numbered(shape: list, prefix: str = "i") -> tuple[Item, ...]:
    return tuple(item(f"{prefix}{n}", *_numbered(below, prefix)) for n, below in enumerate(shape))


shapes = st.recursive(st.just([]), lambda below: st.lists(below, min_size=1, max_size=3), max_leaves=12)


@st.composite
def marked(draw: st.DrawFn) -> Release:
    """A release of any shape and depth, with any state on each leaf."""
    phases = [phase(f"p{n}", *_numbered(draw(shapes) or [[]])) for n in range(draw(st.integers(1, 3)))]
    bare = release(*phases)
    return release(*phases, marks={leaf.path: Mark(draw(leaf_state)) for leaf in Outline(bare).leaves()})


def expected(states: list[State]) -> State:
    """The rule in the words of the domain, over all the leaves below a parent."""
    if State.FAILED in states:
        return State.FAILED
    if all(state.resolved for state in states):
        return State.DONE
    return State.OPEN if set(states) == {State.OPEN} else State.PARTIAL


@given(marked())
def test_a_parent_is_derived_from_its_leaves_at_any_depth(made: Release) -> None:
    """[S0.2] Failed when one failed, done when all are done or left out, partly done in between."""
    outline = Outline(made)
    for node in outline:
        leaves = list(node.leaves())
        if not node.is_leaf:
            assert node.state is expected([leaf.state for leaf in leaves])
        assert node.total == len(leaves)
        assert node.done == sum(leaf.state.resolved for leaf in leaves)


@given(marked())
def test_totals_count_leaves(made: Release) -> None:
    """[S0.2] Parents and phases are not counted."""
    outline = Outline(made)
    leaves = list(outline.leaves())
    assert outline.total == len(leaves) == sum(phase.total for phase in outline.phases)
    assert outline.done == sum(leaf.state.resolved for leaf in leaves)
    assert [leaf.path for leaf in leaves] == [leaf.path for top in outline.phases for leaf in top.leaves()]


@given(marked(), st.lists(st.tuples(st.integers(0, 40), leaf_state), max_size=8))
@settings(max_examples=60)
def test_marking_a_leaf_in_place_gives_what_a_new_outline_would(
    made: Release, acts: list[tuple[int, State]]
) -> None:
    outline = Outline(made)
    paths = [leaf.path for leaf in outline.leaves()]
    marks = dict(made.marks)
    for number, state in acts:
        path = paths[number % len(paths)]
        marks[path] = Mark(state)
        outline.set_mark(path, marks[path])
    fresh = Outline(release(*made.phases, marks=marks))
    assert [(n.path, n.state, n.done, n.total) for n in outline] == [
        (n.path, n.state, n.done, n.total) for n in fresh
    ]
    assert (outline.done, outline.total) == (fresh.done, fresh.total)


@pytest.mark.parametrize(
    ("states", "parent"),
    [
        (["done", "not-applicable"], "done"),
        (["not-applicable", "not-applicable"], "done"),
        (["open", "open"], "open"),
        (["open", "not-applicable"], "partial"),
        (["partial"], "partial"),
        (["done", "failed", "open"], "failed"),
        ([], "done"),
    ],
)
def test_the_state_of_a_parent_by_example(states: list[str], parent: str) -> None:
    """[S0.2]"""
    assert derived_state([State(state) for state in states]) is State(parent)


def test_a_phase_without_items_holds_nobody_up() -> None:
    outline = Outline(release(phase("empty"), phase("full", item("a"))))
    current = outline.current_phase()
    assert current is not None and current.path == "full"


def test_an_item_under_an_optional_parent_is_optional() -> None:
    """[S0.3] A whole phase can be optional."""
    outline = Outline(
        release(
            phase("a", item("b", item("c")), optional=True), phase("d", item("e", item("f"), optional=True))
        )
    )
    assert all(outline[path].optional for path in ("a", "a.b", "a.b.c", "d.e", "d.e.f"))
    assert not outline["d"].optional


def test_requirements_are_inherited_and_those_on_what_is_gone_do_not_count() -> None:
    made = release(
        phase("a", item("x"), item("y", item("z", requires=("a.gone", "a.x")), requires=("a.x", "b"))),
        phase("b", item("w")),
    )
    outline = Outline(made)
    assert outline["a.y.z"].requirements() == ("a.gone", "a.x", "b")
    assert [node.path for node in outline.unmet(outline["a.y.z"])] == ["a.x", "b"]


def test_a_parent_may_require_its_own_first_child_without_locking_it() -> None:
    outline = Outline(release(phase("a", item("p", item("first"), item("second"), requires=("a.p.first",)))))
    assert outline.unmet(outline["a.p.first"]) == []
    assert [node.path for node in outline.unmet(outline["a.p.second"])] == ["a.p.first"]


def test_a_path_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"Did you mean 'before\.backup'"):
        Outline(payments())["before.bakup"]


def test_hours_before_elapse_and_days_before_keep_the_time_of_day() -> None:
    """[S0.2] Due times count back from the go-live, over a change of the clocks too."""
    go_live = parse_instant("2025-03-30T20:00", "Europe/London").at
    made = release(phase("a", item("x"), due="T-24h"), phase("b", item("y"), due="T-1d"))
    moved = release(*made.phases, go_live=go_live, zone="Europe/London")
    by_hours, by_days = (due_at(moved, top) for top in moved.phases)
    assert (by_hours - by_days).total_seconds() == -3600


def test_a_phase_is_a_phase_even_when_it_bears_a_mark() -> None:
    made = release(Phase("a", "A", "plan", items=(item("x"),)), marks={"a": Mark(State.DONE, note="n")})
    top = Outline(made)["a"]
    assert top.state is State.OPEN and top.mark.note == "n"
