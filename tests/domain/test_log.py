"""The log: every entry sealed, every alteration found, and never a traceback over a foreign file."""

from __future__ import annotations

import copy
import hashlib
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from relui.domain.log import (
    GENESIS,
    Act,
    Actor,
    Entry,
    Head,
    canonical,
    entries_from,
    hash_of,
    next_entry,
    sealed,
    verify,
)
from relui.domain.marking import Details
from relui.domain.patches import Document, diff
from tests.domain.acts import tick
from tests.domain.releases import ADA, BOB, NOW, payments

Log = list[Document]


def stored(value: Any) -> Any:
    """As it is read back from disk."""
    return json.loads(json.dumps(to_builtins(value)))


def record() -> tuple[Document, Log]:
    """A state and the log that leads to it: created, then five acts by two people."""
    release, state, head, log = payments(), {}, Head(), []
    steps = ["build.merged", "build.tested", "before.backup", "deploy.command", "deploy.healthy"]
    for number, path in enumerate(["", *steps]):
        if path:
            note = Details(note="Grüße \u2192 \x7f", fields={"where": "s3"} if "backup" in path else {})
            release = tick(release, [path], "ada", NOW + timedelta(microseconds=number), note).release
        after = stored(release)
        act = Act("tick" if path else "create", f"step {number}", reversible=bool(path))
        entry = next_entry(head, act, (ADA, BOB)[number % 2], NOW, diff(state, after), simulated=number == 3)
        log.append(stored(entry))
        head, state = Head(entry.seq, entry.hash), after
    return state, log


STATE, LOG = record()


def problems(state: Document, log: Log, seal: str | None = None) -> str:
    return "; ".join(verify("REL-2026-11-001", state, log, seal).problems)


def test_an_untouched_record_is_intact() -> None:
    """[S0.8]"""
    verdict = verify("REL-2026-11-001", STATE, LOG, seal=LOG[2]["hash"])
    assert verdict.intact and verdict.entries == 6
    assert verdict.seal == LOG[-1]["hash"]
    assert verdict.simulated == 1


@given(
    st.integers(0, 5),
    st.sampled_from(["at", "account", "name", "act", "text", "patches", "seq", "previous", "hash"]),
)
def test_an_altered_entry_is_found(number: int, field: str) -> None:
    log = copy.deepcopy(LOG)
    log[number][field] = {"patches": [], "seq": 9}.get(field, "2026-01-01T00:00:00Z")
    assert problems(STATE, log)


def test_an_entry_that_was_altered_and_hashed_anew_breaks_the_chain() -> None:
    log = copy.deepcopy(LOG)
    log[2]["name"] = "mallory"
    log[2]["hash"] = hash_of(log[2])
    assert "entry 4 does not follow" in problems(STATE, log)


@pytest.mark.parametrize("number", range(5))
def test_a_removed_entry_is_found(number: int) -> None:
    assert problems(STATE, LOG[:number] + LOG[number + 1 :])


@pytest.mark.parametrize("number", range(5))
def test_swapped_entries_are_found(number: int) -> None:
    log = copy.deepcopy(LOG)
    log[number], log[number + 1] = log[number + 1], log[number]
    assert problems(STATE, log)


def test_an_entry_that_was_added_twice_is_found() -> None:
    assert problems(STATE, [*LOG, LOG[-1]])


def test_an_altered_state_is_found_and_the_place_is_named() -> None:
    state = copy.deepcopy(STATE)
    state["marks"]["build.merged"]["by"] = "mallory"
    assert problems(state, LOG) == "the state is not what the log leads to: marks.build.merged.by"


@pytest.mark.parametrize(("before", "after"), [(120, 120.0), (1, True), (None, float("nan"))])
def test_a_value_of_another_kind_is_an_alteration(before: Any, after: Any) -> None:
    state = {"x": [before]}
    entry = stored(next_entry(Head(), Act("create", "t"), ADA, NOW, diff({}, state), simulated=False))
    assert problems(state, [entry]) == ""
    assert problems({"x": [after]}, [entry])


def test_a_cut_tail_with_a_state_to_match_needs_the_seal() -> None:
    cut = LOG[:4]
    state: Document = {}
    from relui.domain.patches import apply

    for entry in entries_from(cut):
        state = apply(state, entry.patches)
    assert problems(state, cut) == ""
    assert "cut off" in problems(state, cut, seal=LOG[-1]["hash"])


def test_an_empty_log_is_no_record() -> None:
    assert problems({}, []) == "the log is empty"


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.just("\ud800")),
    lambda below: st.one_of(
        st.lists(below, max_size=3), st.dictionaries(st.text(max_size=3), below, max_size=3)
    ),
    max_leaves=5,
)


@given(st.integers(0, 5), st.sampled_from([*LOG[0], "patches"]), junk)
@settings(max_examples=150)
def test_a_foreign_value_in_an_entry_is_told_and_never_a_traceback(
    number: int, field: str, value: Any
) -> None:
    log = copy.deepcopy(LOG)
    log[number][field] = value
    if value != LOG[number].get(field):
        assert problems(STATE, log, seal="x")


@given(junk)
def test_whatever_stands_in_the_file_verifying_never_raises(value: Any) -> None:
    assert problems(STATE, [*LOG, value])
    assert problems({**STATE, "extra": value}, LOG)
    assert problems(
        {"x": value}, [{"seq": 1, "previous": GENESIS, "patches": [{"path": ["a", "b"], "after": value}]}]
    )


def test_a_document_nested_without_end_is_told() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert "cannot be read" in problems({**STATE, "extra": deep}, LOG)


json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(st.text(), below, max_size=4)),
    max_leaves=12,
)


@given(json_values)
def test_a_script_without_relui_computes_the_same_bytes(value: Any) -> None:
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical(value) == plain
    assert canonical(stored(value)) == plain


def test_the_hash_can_be_checked_by_hand() -> None:
    for entry in LOG:
        rest = {key: value for key, value in entry.items() if key != "hash"}
        text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == entry["hash"]


instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(
    lambda at: at.replace(tzinfo=NOW.tzinfo)
)


@given(instants, st.integers(-12, 14), st.text(max_size=9), json_values)
def test_an_entry_hashes_the_same_after_a_round_trip_whatever_its_instant_and_values(
    at: datetime, hours: int, words: str, value: Any
) -> None:
    zoned = at.astimezone(timezone(timedelta(hours=hours)))
    actor = Actor(account="a", name="A")
    entry = next_entry(Head(), Act("tick", words), actor, zoned, diff({}, {"x": value}), simulated=True)
    assert entry.at.utcoffset() == timedelta(0)
    for read in (stored(entry), json.loads(msgspec.json.encode(entry))):
        assert hash_of(read) == entry.hash
        (again,) = entries_from([read])
        assert sealed(again).hash == entry.hash and again == entry


def test_entries_name_their_predecessor_and_their_actor() -> None:
    entries: list[Entry] = entries_from(LOG)
    assert entries[0].previous == GENESIS
    assert [e.previous for e in entries[1:]] == [e.hash for e in entries[:-1]]
    assert entries[1].actor == BOB
    with pytest.raises(msgspec.ValidationError):
        entries_from([{"seq": "x"}])


def test_a_log_grows_by_what_changed_and_not_by_the_whole_checklist() -> None:
    assert [len(entry["patches"]) for entry in LOG[1:]] == [1, 1, 1, 2, 1]
    assert max(len(json.dumps(entry)) for entry in LOG[1:]) < 1200
