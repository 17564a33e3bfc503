"""The archive is searched with every key: words, filters, an order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relui.domain.instants import parse_instant
from relui.domain.summary import ORDERS, ArchiveIndex, Summary, matches, wanted, with_filter


def row(number: int, service: str, go_live: str, **more: object) -> Summary:
    """An archived release in Berlin."""
    given: dict[str, object] = {"type": "minor", "outcome": "successful", "words": "", **more}
    return Summary(
        id=f"REL-2026-10-{number:03d}", title=f"{service} {number}", service=service, version="1.0.0",
        impact="medium", owner="ada", template="standard", duration=60, zone="Europe/Berlin",
        go_live=parse_instant(go_live, "Europe/Berlin").at, **given,  # type: ignore[arg-type]
    )  # fmt: skip


ROWS = (
    row(1, "payments", "2026-10-01T00:30", words="the gateway was slow"),
    row(2, "ledger", "2026-09-30T23:30", type="patch", outcome="rolled-back"),
    row(3, "payments", "2025-12-31T20:00", type="emergency", outcome="partial", failed=2),
    row(4, "search", "2026-10-20T20:00", type="patch", changes=("CHG-77",)),
)


def found(text: str, order: str = "newest first") -> list[int]:
    return [int(one.id[-3:]) for one in ArchiveIndex(ROWS, order).find(text)]


def test_words_are_found_in_every_part_of_a_row() -> None:
    assert found("payments") == [1, 3]
    assert found("GATEWAY slow") == [1]
    assert found("chg-77") == [4]
    assert found("payments ledger") == []


def test_filters_narrow_by_service_type_outcome_and_their_beginnings() -> None:
    assert found("type:patch") == [4, 2]
    assert found("type:patch outcome:rolled-back") == [2]
    assert found("service:pay outcome:part") == [3]
    assert found("type:") == [4, 1, 2, 3]


def test_a_period_is_counted_in_the_zone_of_the_release_with_both_ends() -> None:
    assert found("since:2026-10") == [4, 1]
    assert found("until:2026-09") == [2, 3]
    assert found("since:2026 until:2026-10-01") == [1, 2]


def test_an_unknown_filter_is_a_word() -> None:
    assert wanted("nonsense:1").words == ("nonsense:1",)


def test_a_filter_is_set_replaced_and_taken_out_of_the_text() -> None:
    assert with_filter("slow", "type", "patch") == "slow type:patch"
    assert with_filter("type:patch slow", "type", "minor") == "slow type:minor"
    assert with_filter("type:patch slow", "type", "") == "slow"


def test_orders_put_the_worst_and_the_longest_first() -> None:
    assert found("", "worst outcome first") == [2, 3, 1, 4]
    assert found("", "by service") == [2, 3, 1, 4]
    assert found("", "oldest first") == [3, 2, 1, 4]


def test_values_are_counted() -> None:
    index = ArchiveIndex(ROWS)
    assert index.values("type") == [("emergency", 1), ("minor", 1), ("patch", 2)]
    assert index.values("since") == [("2025", 1), ("2026", 3)]
    assert index.values("outcome") == [("successful", 2), ("partial", 1), ("rolled-back", 1)]


WORDS = st.lists(
    st.sampled_from(
        ["pay", "ments", "ledger", "type:pat", "ch", "slow", "outcome:", "part", "since:2026", "-10"]
    ),
    max_size=6,
)


@given(WORDS, st.sampled_from(list(ORDERS)))
def test_a_search_that_goes_on_finds_what_a_new_one_finds(parts: list[str], order: str) -> None:
    """Typed on, with and without blanks, and deleted again."""
    typed = ArchiveIndex(ROWS, order)
    for glue in ("", " "):
        texts = [glue.join(parts[:end]) for end in range(len(parts) + 1)]
        for text in [*texts, *reversed(texts)]:
            assert typed.find(text) == ArchiveIndex(ROWS, order).find(text)


@given(st.lists(st.sampled_from(["pay", "ledger", "slow", "ada", "rolled"]), max_size=3))
def test_words_alone_find_what_a_plain_search_finds(words: list[str]) -> None:
    text = " ".join(words)
    assert {one.id for one in ArchiveIndex(ROWS).find(text)} == {r.id for r in ROWS if matches(r, text)}
