"""Identifiers: counted within their month, and found by an end of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.identifiers import identifier, month_of, parts, resolve
from relui.errors import BadInput

KNOWN = ["REL-2026-11-001", "REL-2026-11-003", "REL-2026-12-003", "REL-2027-01-012"]


def test_an_identifier_counts_in_the_month_of_the_go_live_in_its_zone() -> None:
    """[S1.7]"""
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert month_of(late, "UTC") == "2026-11"
    assert identifier(month_of(late, "Asia/Tokyo"), 3) == "REL-2026-12-003"


@given(st.integers(1900, 2999), st.integers(1, 12), st.integers(1, 999_999))
def test_an_identifier_comes_apart_into_what_it_was_made_of(year: int, month: int, number: int) -> None:
    """[S1.7]"""
    made = identifier(f"{year}-{month:02d}", number)
    assert parts(made) == (f"{year}-{month:02d}", number)


@pytest.mark.parametrize(
    "text",
    ["", "REL-2026-13-001", "REL-2026-11-000", "REL-2026-11-0003", "rel-2026-11-001", "REL-2026-11-001.json"],
)
def test_what_only_looks_like_an_identifier_is_none(text: str) -> None:
    assert parts(text) is None


@pytest.mark.parametrize(
    ("short", "found"),
    [
        ("REL-2026-11-003", "REL-2026-11-003"),
        (" rel-2026-11-003 ", "REL-2026-11-003"),
        ("11-003", "REL-2026-11-003"),
        ("1", "REL-2026-11-001"),
        ("001", "REL-2026-11-001"),
        ("12", "REL-2027-01-012"),
        ("2027-01", "REL-2027-01-012"),
        ("REL-2027-01", "REL-2027-01-012"),
    ],
)
def test_an_identifier_may_be_shortened_to_what_is_unique(short: str, found: str) -> None:
    assert resolve(short, KNOWN) == found


def test_an_ambiguous_one_lists_the_candidates() -> None:
    with pytest.raises(BadInput, match="REL-2026-11-003, REL-2026-12-003"):
        resolve("3", KNOWN)


@pytest.mark.parametrize("short", ["2", "26", "0", "", "-", "REL", "\u00b3", "x\x1b[1m"])
def test_part_of_a_number_never_stands_for_a_release(short: str) -> None:
    """`relui close 2` must not close a release because its year has a 2 in it."""
    with pytest.raises(BadInput, match="no active release"):
        resolve(short, ["REL-2026-11-001"])


@given(st.text(max_size=20), st.lists(st.sampled_from(KNOWN)))
def test_whatever_is_typed_resolves_to_a_known_one_or_is_refused(short: str, known: list[str]) -> None:
    try:
        assert resolve(short, known) in known
    except BadInput as refused:
        assert refused.message


@pytest.mark.parametrize("short", ["11-00", "11", "REL-2026-11-00"])
def test_a_beginning_that_several_share_is_ambiguous_and_not_unknown(short: str) -> None:
    known = ["REL-2026-11-001", "REL-2026-11-002", "REL-2026-12-001"]
    with pytest.raises(BadInput, match=r"is ambiguous: REL-2026-11-001, REL-2026-11-002\. Write more"):
        resolve(short, known)
    with pytest.raises(BadInput, match="There is no active release"):
        resolve("10-00", known)
