"""Conventional commits become changes [S1.3]."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.dossier.commits import Commit, harvest, parse_commit


def commits(*messages: str, **more: int) -> list[Commit]:
    return [
        Commit(f"{number:040x}"[::-1], message, "Ben", **more)
        for number, message in enumerate(messages, start=1)
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "feat(api)!: drop v1 CHG-2026-0892",
            ("feat", "api", True, "drop v1 CHG-2026-0892", "CHG-2026-0892"),
        ),
        ("fix: rounding (#123)", ("fix", "", False, "rounding", "#123")),
        ("FEAT: Export", ("feat", "", False, "Export", "")),
        ("chore(deps): bump\n\nBREAKING CHANGE: needs 3.12", ("chore", "deps", True, "bump", "")),
        ("fix: x\n\nBREAKING-CHANGE: y\nRefs: PAY-17", ("fix", "", True, "x", "PAY-17")),
        ("Correct the totals\n\nCloses #9", ("", "", False, "Correct the totals", "#9")),
        (
            "fix: read UTF-8 and SHA-256 of PAY-3",
            ("fix", "", False, "read UTF-8 and SHA-256 of PAY-3", "PAY-3"),
        ),
        ("feat:no blank", ("", "", False, "feat:no blank", "")),
        ("see http://x/y#12 and a#3", ("", "", False, "see http://x/y#12 and a#3", "")),
        ("", ("", "", False, "", "")),
    ],
)
def test_a_message_tells_type_scope_breaking_summary_and_reference(
    message: str, expected: tuple[str, str, bool, str, str]
) -> None:
    found = parse_commit(message)
    assert (found.kind, found.scope, found.breaking, found.summary, found.reference) == expected


def test_commits_of_one_reference_are_one_change_told_by_its_first_feature_or_fix() -> None:
    found = harvest(
        commits("test: cover CHG-7", "feat!: export (CHG-7)", "fix: export again chg CHG-7", "docs: guide")
    )
    assert [(change.id, change.kind, change.breaking) for change in found.changes] == [
        ("CHG-7", "feat", True),
        ("commit-4000000000", "docs", False),
    ]
    assert found.changes[0].origin == "commit 1000000000" and found.changes[0].owner == "Ben"
    assert found.changes[0].status == "proposed" and not found.changes[0].ready


def test_merges_fixups_reverts_and_repeated_subjects_are_skipped_with_the_reason() -> None:
    found = harvest([
        *commits(
            "feat: kept (#1)",
            "Merge branch 'main' into x",
            "Merge pull request #4 from a/b",
            "fixup! feat: kept",
            "feat: kept (#2)",
            "fix: undone (#3)",
            'Revert "fix: undone (#3)"',
            "",
        ),
        Commit("f" * 40, "feat: merged by hand", parents=2),
    ])  # fmt: skip
    assert [change.id for change in found.changes] == ["#1"]
    assert [why for _, why in found.skipped] == [
        "is a merge", "is a merge", "belongs to another commit", "says the same as another commit",
        "was reverted", "reverts another one", "has no message", "is a merge",
    ]  # fmt: skip


def test_what_was_reverted_and_done_again_is_a_change() -> None:
    found = harvest(commits("feat: a", 'Revert "feat: a"', "feat: a"))
    assert [change.summary for change in found.changes] == ["a"] and len(found.skipped) == 2


def test_a_revert_of_something_older_is_a_change_of_its_own() -> None:
    assert [change.summary for change in harvest(commits('Revert "feat: old"')).changes] == [
        'Revert "feat: old"'
    ]


def test_only_the_types_that_are_asked_for_are_taken() -> None:
    found = harvest(commits("feat: a", "chore: b", "words"), only=("feat", "fix"))
    assert [change.kind for change in found.changes] == ["feat"]
    assert [why for _, why in found.skipped] == [
        "is chore, not feat or fix",
        "is of no type, not feat or fix",
    ]


def test_commits_of_no_type_are_taken_and_counted() -> None:
    assert harvest(commits("Mend it", "feat: a")).plain == 1


def test_a_long_subject_is_cut_and_a_hostile_one_cleaned() -> None:
    long, hostile = harvest(commits("fix: " + "x" * 9000, "fix: a\x1b]0;title\x07\u202eb")).changes
    assert len(long.summary) == 500 and long.summary.endswith("...") and hostile.summary == "ab"


@given(st.lists(st.text(max_size=60), max_size=8))
def test_every_commit_is_taken_or_skipped_and_references_are_unique(messages: list[str]) -> None:
    found = harvest(commits(*messages))
    ids = [change.id.casefold() for change in found.changes]
    assert len(set(ids)) == len(ids)
    assert len(found.skipped) + len(found.changes) <= len(messages)
    assert all(change.summary for change in found.changes)
