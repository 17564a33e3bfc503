"""The values that an item asks for, checked against their kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.checklist import FieldKind, ItemField
from relui.domain.fields import checked_fields, checked_people, checked_value, missing_fields, person_fields
from relui.domain.organisation import Organisation, Person
from relui.domain.outline import Outline
from relui.errors import BadInput
from tests.domain.releases import item, phase, release

KINDS: tuple[FieldKind, ...] = ("text", "person", "date", "time", "link", "choice", "number")


def field(kind: FieldKind) -> ItemField:
    return ItemField("f", "The field", kind=kind, choices=("blue", "green"))


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("date", "2026-11-21", "2026-11-21"),
        ("time", "8:05", "08:05"),
        ("time", "20:15:30", "20:15"),
        ("number", "30", "30"),
        ("number", "1.5", "1.5"),
        ("choice", "green", "green"),
        ("link", "https://a/b", "https://a/b"),
        ("person", "Grace", "Grace"),
        ("text", "anything", "anything"),
    ],
)
def test_a_value_that_fits_is_kept_in_one_form(kind: FieldKind, typed: str, kept: str) -> None:
    assert checked_value(field(kind), typed) == kept
    assert checked_value(field(kind), kept) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("date", "2026-02-30"),
        ("date", "21.11."),
        ("time", "25:00"),
        ("time", "20"),
        ("time", "20:15+01:00"),
        ("number", "ten"),
        ("number", "nan"),
        ("number", "1e999"),
        ("choice", "gren"),
        ("link", "wiki/page"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_an_example_or_the_nearest(
    kind: FieldKind, typed: str
) -> None:
    with pytest.raises(BadInput, match="The field"):
        checked_value(field(kind), typed)


@given(st.sampled_from(KINDS), st.text(max_size=12))
def test_whatever_is_typed_is_kept_or_refused(kind: FieldKind, typed: str) -> None:
    try:
        kept = checked_value(field(kind), typed)
    except BadInput:
        return
    assert checked_value(field(kind), kept) == kept


def test_an_empty_value_removes_one_and_an_unknown_field_is_refused() -> None:
    node = Outline(release(phase("p", item("a", fields=(field("text"),)), item("b"))))["p.a"]
    assert checked_fields(node, {"f": "x"}, {"f": " "}) == {}
    with pytest.raises(BadInput, match="Did you mean 'f'"):
        checked_fields(node, {}, {"F": "x"})


def test_only_mandatory_fields_without_a_value_are_missing() -> None:
    fields = (ItemField("a", "A", required=True), ItemField("b", "B"), ItemField("c", "C", required=True))
    node = Outline(release(phase("p", item("x", fields=fields))))["p.x"]
    assert missing_fields(node, {"c": "1"}) == ["A"]
    assert missing_fields(Outline(release(phase("p", item("x"))))["p"], {}) == []


PEOPLE = Organisation(people=(Person(id="grace", name="Grace Hopper"), Person(id="ada", name="Ada")))


def test_a_person_is_one_of_the_organisations_wherever_it_lists_any() -> None:
    asked = {"name": "Approved by"}
    assert checked_people({"name": "grace hopper", "day": "x"}, asked, PEOPLE) == {
        "name": "grace",
        "day": "x",
    }
    with pytest.raises(BadInput, match=r"Approved by: .*'grac'.* Did you mean 'grace'"):
        checked_people({"name": "grac"}, asked, PEOPLE)
    assert checked_people({"name": "anybody"}, asked, Organisation()) == {"name": "anybody"}
    assert checked_people({"name": " "}, asked, PEOPLE) == {"name": ""}


def test_only_fields_that_ask_for_a_person_are_looked_up() -> None:
    person = ItemField("who", "On call", kind="person")
    made = release(phase("p", item("a", fields=(person, ItemField("day", "Day"))), item("b")))
    assert person_fields(made, ["p"]) == {"who": "On call"}
    assert person_fields(made, ["p.b"]) == {}
