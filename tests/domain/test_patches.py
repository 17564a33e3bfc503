"""Patches lead from one document to the other and back, and confuse nothing with anything else."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from relui.domain.patches import Document, Patch, PatchMismatch, apply, diff, same

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from([0.0, -0.0, 1.0, 1.5]),
    st.sampled_from(["", "1", "a"]),
)
keys = st.sampled_from(["id", "a", "b", ""])
members = st.fixed_dictionaries(
    {"id": st.sampled_from(["x", "y", "z", 1, True, None])}, optional={"a": scalars}
)
values = st.recursive(
    st.one_of(scalars, st.lists(members, max_size=3)),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(keys, below, max_size=3)),
    max_leaves=10,
)
documents = st.dictionaries(keys, values, max_size=4)


def text(value: Any) -> str:
    """A value as JSON: the only equality that tells 1, 1.0 and true apart."""
    return json.dumps(value, sort_keys=True)


@given(documents, documents)
@example({"a": [1]}, {"a": [True]})
@example({"a": {"b": [{"id": "x", "a": 1}]}}, {"a": {"b": [{"id": "x", "a": 1.0}]}})
@example({"a": [{"id": "x"}, {"id": "x"}]}, {"a": [{"id": "x"}, {"id": "x", "a": 1}]})
@example({"a": [{"id": 1}]}, {"a": [{"id": "1"}]})
@example({"a": {}}, {})
@settings(max_examples=400)
def test_patches_lead_there_and_back_and_touch_nothing(before: Document, after: Document) -> None:
    was = text(before), text(after)
    patches = diff(before, after)
    there = apply(before, patches)
    assert text(there) == text(after)
    back = apply(after, tuple(patch.reversed() for patch in reversed(patches)))
    assert text(back) == text(before)
    assert (patches == ()) == (text(before) == text(after))
    spoil(there), spoil(back)
    for patch in patches:
        spoil(patch.before), spoil(patch.after)
    assert (text(before), text(after)) == was


def spoil(value: Any) -> None:
    """Change everything in a value, to see who else has it."""
    if isinstance(value, dict):
        for member in list(value.values()):
            spoil(member)
        value["spoilt"] = True
    elif isinstance(value, list):
        for member in value:
            spoil(member)
        value.append("spoilt")


@given(documents, documents)
def test_patches_survive_being_written_and_read(before: Document, after: Document) -> None:
    patches = diff(before, after)
    stored = json.loads(json.dumps(msgspec.to_builtins(patches)))
    assert text(apply(before, msgspec.convert(stored, tuple[Patch, ...]))) == text(after)


@given(documents, documents, documents)
def test_a_patch_that_does_not_fit_is_refused_and_changes_nothing(
    one: Document, two: Document, other: Document
) -> None:
    was = text(other)
    with suppress(PatchMismatch):
        apply(other, diff(one, two))
    assert text(other) == was


@given(values, values)
def test_same_means_the_same_json(one: Any, other: Any) -> None:
    assert same(one, other) == (text(one) == text(other))
    assert same(one, json.loads(text(one)))


def test_no_value_is_told_from_a_value_of_nothing() -> None:
    added, emptied = Patch(("a",), after=None), Patch(("a",), before=1)
    assert msgspec.to_builtins(added) == {"path": ("a",), "after": None}
    assert msgspec.to_builtins(emptied) == {"path": ("a",), "before": 1}
    assert apply({}, (added,)) == {"a": None}
    assert apply({"a": 1}, (emptied,)) == {}
    assert msgspec.convert({"path": ["a"]}, Patch).before is UNSET


def test_a_change_in_an_item_is_one_small_patch_though_structs_have_tuples_and_files_lists() -> None:
    before = {"phases": [{"id": "p", "items": [{"id": "a", "text": "x"}, {"id": "b"}]}]}
    after = {"phases": ({"id": "p", "items": ({"id": "a", "text": "y"}, {"id": "b"})},)}
    assert diff(before, after) == (Patch(("phases", "p", "items", "a", "text"), "x", "y"),)
    assert diff(after, after) == diff({"a": [1, [2]]}, {"a": (1, (2,))}) == ()
    assert type(diff({}, after)[0].after) is list


def test_members_that_come_go_or_move_change_the_array() -> None:
    before = {"a": [{"id": "x"}, {"id": "y"}]}
    for after in ({"a": [{"id": "y"}, {"id": "x"}]}, {"a": [{"id": "x"}]}, {"a": []}):
        assert diff(before, after) == (Patch(("a",), before["a"], after["a"]),)


@pytest.mark.parametrize(
    "patch",
    [
        Patch(("a",), 1, 3),
        Patch(("a",), True, 3),
        Patch(("a",), after=3),
        Patch(("b",), 1, 2),
        Patch(("a", "b"), 1, 2),
        Patch(("x", "y", "z"), after=1),
        Patch(("l", "m"), after={"id": "n"}),
        Patch(("l", "m"), after=1),
        Patch(("l", "k"), before={"id": "k"}),
        Patch((), before={}, after={}),
        Patch((), before={"a": 2}),
    ],
)
def test_what_is_not_there_cannot_be_changed(patch: Patch) -> None:
    with pytest.raises(PatchMismatch):
        apply({"a": 2, "l": [{"id": "k"}]}, (patch,))


def test_a_patch_of_nothing_is_harmless() -> None:
    assert apply({"a": 1}, (Patch(("x",)),)) == {"a": 1}


def test_a_member_that_comes_last_is_a_patch_of_its_own_and_can_be_taken_back_from_among_later_ones() -> None:
    """A log of many added changes stays as small as they are, and undo of one leaves the others."""
    one, two, three = ({"l": [{"id": name} for name in names]} for names in ("a", "ab", "abc"))
    added = diff(one, two)
    assert added == (Patch(("l", "b"), after={"id": "b"}),)
    assert apply(two, diff(two, three)) == three
    assert apply(three, [added[0].reversed()]) == {"l": [{"id": "a"}, {"id": "c"}]}
    assert diff(two, one) == (Patch(("l",), two["l"], one["l"]),), "who goes is kept with its place"
