"""A release in one row: for lists, searches and the catalogue of the archive."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from relui.domain.marking import Details
from relui.domain.summary import WORDS_LIMIT, Summary, matches, on_time, summarise
from tests.domain.acts import annotate, close, edit, fail, skip, tick, write_retrospective
from tests.domain.releases import GO_LIVE, NOW, payments


def row(**more: object) -> Summary:
    return replace(summarise(payments()), **more)


def test_a_row_counts_what_happened() -> None:
    """[S1.34]"""
    made = tick(payments(), ["deploy"], "ada", GO_LIVE + timedelta(hours=5)).release
    made = skip(made, ["before.mobile"], "ada", NOW, "").release
    made = fail(made, ["build.merged"], "ada", NOW, "Conflict").release
    made = close(made, "ada", GO_LIVE, outcome="partial", reason="Two REGIONS").release
    found = summarise(made)
    assert (found.done, found.total, found.not_applicable, found.failed, found.late) == (5, 12, 1, 1, 2)
    assert (found.outcome, found.closed_at) == ("partial", GO_LIVE)
    assert found.started_at == found.completed_at == GO_LIVE + timedelta(hours=5)
    assert "conflict" in found.words and "two regions" in found.words


def test_a_row_survives_being_written_and_read() -> None:
    found = summarise(tick(payments(), ["deploy"], "ada", GO_LIVE).release)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Summary) == found


@pytest.mark.parametrize(
    ("minutes", "outcome", "expected"),
    [
        (0, "successful", True),
        (15, "partial", True),
        (-15, "successful", True),
        (15.1, "successful", False),
        (-16, "successful", False),
        (0, "rolled-back", False),
        (0, "cancelled", None),
        (None, "successful", None),
    ],
)
def test_on_time_is_a_start_within_tolerance_and_no_rollback(
    minutes: float | None, outcome: str, expected: bool | None
) -> None:
    """[S1.34] A longer duration alone does not make it late."""
    started = None if minutes is None else GO_LIVE + timedelta(minutes=minutes)
    found = row(started_at=started, completed_at=GO_LIVE + timedelta(days=1), outcome=outcome)
    assert on_time(found) is expected


def test_the_policy_can_set_another_tolerance() -> None:
    """[S1.34]"""
    assert on_time(row(started_at=GO_LIVE + timedelta(minutes=20)), tolerance=30)


def test_a_search_finds_every_word_wherever_it_was_written() -> None:
    made = write_retrospective(payments(), {"hard": "The Stra\u00dfe was\nlong"}, NOW).release
    made = annotate(made, "build.merged", "ada", NOW, Details(note="pipeline 77")).release
    found = summarise(edit(made, {"risk": "cache"}, NOW).release)
    for text in ("PAYMENTS 2.4", "strasse long", "77 cache", "rel-2026-11-001 ada", ""):
        assert matches(found, text)
    assert not matches(found, "payments nowhere")


def test_the_words_of_a_row_are_limited() -> None:
    assert len(summarise(edit(payments(), {"risk": "x" * 90_000}, NOW).release).words) == WORDS_LIMIT
