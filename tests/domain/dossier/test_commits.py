# ruff: noqa: E501 - messages stand as tools write them
"""Conventional commits become changes [S1.3]."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relui.domain.dossier.commits import Commit, harvest, parse_commit
from tests.effort import calls


def commits(*messages: str) -> list[Commit]:
    """A line of commits; the hash of each begins with its number and a 0."""
    return [
        Commit(f"{number}0".ljust(40, "f"), message, "Ben", (f"{number - 1}0".ljust(40, "f"),))
        for number, message in enumerate(messages, start=1)
    ]


def named(number: int) -> str:
    return f"{number}0".ljust(40, "f")


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
        ("x\n\nFix the PAY-17 screen\nChange the name to PAY-4", ("", "", False, "x", "")),
        ("x\n\nFix UTF-8 in names\nfixes PAY-3 and PAY-4", ("", "", False, "x", "PAY-3")),
        ("fix: rounding, GH-12", ("fix", "", False, "rounding, GH-12", "#12")),
        ("x\n\nIssue: CHG-2026-1", ("", "", False, "x", "CHG-2026-1")),
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
        ("commit-40ffffffff", "docs", False),
    ]
    assert found.changes[0].origin == "commit 10ffffffff" and found.changes[0].owner == "Ben"
    assert found.changes[0].status == "proposed" and not found.changes[0].ready


def test_what_is_no_change_is_skipped_with_the_reason() -> None:
    line = commits(
        "feat: kept (#1)", "fixup! feat: kept", "fix: undone (#3)", 'Revert "fix: undone (#3)"', ""
    )
    copy = Commit("a" * 40, f"feat: kept (#1)\n\n(cherry picked from commit {named(1)})", parents=(named(5),))
    merge = Commit("e" * 40, "Merge branch 'main' into x", parents=("a" * 40, "d" * 40))
    found = harvest([*line, copy, merge])
    assert [change.id for change in found.changes] == ["#1"]
    assert [why for _, why in found.skipped] == [
        "belongs to another commit", "was reverted", "reverts another one", "has no message",
        "is a copy of another commit", "is a merge",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("messages", "ids"),
    [
        (["fix: typo (#12)", "fix: typo (#34)"], ["#12", "#34"]),
        (["Bump ruff (#100)", "Bump ruff (#111)"], ["#100", "#111"]),
        (["feat: kept", "feat: kept"], ["commit-10ffffffff", "commit-20ffffffff"]),
        (["feat: retry, see #12 (#15)", "fix: level, see #12 (#16)"], ["#15", "#16"]),
        (["feat: support AES-256 keys", "fix: AES-256 padding"], ["commit-10ffffffff", "commit-20ffffffff"]),
        (["Merge branch 'x'"], ["commit-10ffffffff"]),  # one parent: whatever it says, it brings something
    ],
)
def test_equal_words_make_no_two_changes_one(messages: list[str], ids: list[str]) -> None:
    """[S1.3] A change is known by a number or by its hash."""
    assert [change.id for change in harvest(commits(*messages)).changes] == ids


@pytest.mark.parametrize("word", ["UTF-8", "SHA-256", "AES-256", "ISO-8601", "HTTP-2", "TLS-1", "RFC-3339", "UTC-5",
                                  "CVE-2024", "MD-5", "BASE-64", "PKCS-12", "LOG4J-2", "PYTHON-3"])  # fmt: skip
def test_what_only_looks_like_a_trackers_key_is_none(word: str) -> None:
    for text in (f"fix: read {word}", f"{word} is read", f"feat: cipher ({word})", f"{word}: mend it"):
        assert parse_commit(text).reference == ""
    assert parse_commit(f"[{word}] mend it").reference == word
    assert parse_commit(f"mend it\n\nRefs: {word}").reference == word


@pytest.mark.parametrize(
    ("subject", "kind", "summary"),
    [
        ("PAY-17: refund rounding", "", "PAY-17: refund rounding"),
        ("pay-17: refund rounding", "", "pay-17: refund rounding"),
        ("net: fix a leak", "", "net: fix a leak"),
        ("README: say how", "", "README: say how"),
        ("custom(pay): say how", "custom", "say how"),
        ("custom!: say how", "custom", "say how"),
        ("mine: say how", "mine", "say how"),
        ("chore: tidy", "chore", "tidy"),
    ],
)
def test_a_prefix_is_a_type_when_it_is_known_or_written_as_one(subject: str, kind: str, summary: str) -> None:
    found = parse_commit(subject, types=("mine",))
    assert (found.kind, found.summary) == (kind, summary)


REVERTED = (
    # messages of a line of commits; {n} is the hash of the nth -> the numbers of those that are changes
    (["feat: a (#1)", 'Revert "feat: a (#1)" (#2)'], []),
    (["feat: a (#1)", 'Revert "feat: a" (#2)\n\nReverts me/x#1'], []),
    (["feat: a", "fix: take it out\n\nThis reverts commit {1}."], []),
    (["feat: a", 'Revert "feat: a"\n\nThis reverts commit {1:.8}.'], []),
    (["feat: a", "feat: b", "undo\n\nThis reverts commits {1:.10} and {2:.10}."], []),
    (["feat: a", "feat: b", "undo\n\nThis reverts commit {1},\n{2}."], []),
    (["feat: a", "revert: feat: a\n\nRefs: {1:.7}"], []),
    (["feat: a", "revert(pay)!: feat: a"], []),
    (["fix: a\n\nSee merge request g/x!7", 'Revert "fix: a"\n\nThis reverts merge request !7'], []),
    (["Merged PR 7: a", 'Merged PR 8: Revert "a"\n\nReverts !7'], []),
    (["feat: a", 'Revert "feat: a"', 'Revert "Revert "feat: a""'], [1]),
    (["feat: a", 'Revert "feat: a"', 'Reapply "feat: a"\n\nThis reverts commit {2}.'], [1]),
    (["feat: a", 'Revert "feat: a"', 'Reapply "feat: a"'], [1]),
    (["feat: a (#1)", 'Revert "feat: a (#1)" (#2)', 'Revert "Revert "feat: a (#1)" (#2)" (#3)'], [1]),
    (["a", "x\n\nThis reverts commit {1}.", "y\n\nThis reverts commit {2}.", "z\n\nThis reverts commit {3}."], []),
    (["feat: a", 'Revert "feat: a"', "feat: a"], [3]),
    (["feat: a", 'Revert "feat: a"', "feat: a", 'Revert "feat: a"'], []),
    (["feat: a", "feat: a", 'Revert "feat: a"\n\nThis reverts commit {1}.'], [2]),
    (["Bump (#1)", "Bump (#2)", 'Revert "Bump (#1)" (#3)'], [2]),
    # what is not among them, or not taken back whole, stays
    (["Bump (#2)", 'Revert "Bump (#1)" (#3)'], [1, 2]),
    (['Revert "feat: old"'], [1]),
    (["feat: a", f"undo\n\nThis reverts commits {{1}} and {'b' * 40}."], [2]),
    (["feat: a", "fix: some\n\nThis partially reverts commit {1}."], [1, 2]),
    (["feat: a", "Many things (#9)\n\n* fix: b\n\n* Revert a\n\nThis reverts commit {1}."], [2]),
    (["feat: a", "(x)\n\n(cherry picked from commit {1})", "undo\n\nThis reverts commit {1}."], [2]),
)  # fmt: skip


@pytest.mark.parametrize(("messages", "left"), REVERTED)
def test_what_was_taken_back_is_no_change_and_what_was_brought_back_is(
    messages: list[str], left: list[int]
) -> None:
    """[S1.3]"""
    hashes = ["", *(named(number) for number in range(1, len(messages) + 1))]
    line = commits(*(message.format(*hashes) for message in messages))
    found = harvest(line)
    assert [change.origin for change in found.changes] == [f"commit {named(number)[:10]}" for number in left]
    assert len(found.members) + len(found.skipped) == len(line)


def history(*drawn: tuple[str, str, str]) -> list[Commit]:
    """Commits by (name, names of the parents, message), as a drawing of branches."""

    def whole(name: str) -> str:
        return name.encode().hex().ljust(40, "0")

    return [
        Commit(whole(name), message, f"by {name}", tuple(whole(parent) for parent in parents.split()))
        for name, parents, message in drawn
    ]


REQUESTS = {
    "GitHub": ("Merge pull request #12 from me/x\n\nFix the pager", "#12", "Fix the pager"),
    "GitHub without a title": ("Merge pull request #12 from me/x", "#12", "me/x"),
    "GitHub by its title": ("Fix the pager (#12)", "#12", "Fix the pager"),
    "GitLab": ("Merge branch 'x' into 'main'\n\nFix the pager\n\nCloses #4\n\nSee merge request group/x!12", "!12",
               "Fix the pager"),
    "GitLab without a title": ("Merge branch 'x' into 'main'\n\nSee merge request group/sub/x!12", "!12",
                               "Merge branch 'x' into 'main'"),
    "Bitbucket": ("Merged in x (pull request #12)\n\nFix the pager\n\nApproved-by: Ada", "#12", "Fix the pager"),
    "Bitbucket's server": ("Merge pull request #12 in PAY/shop from x to main\n\n* commit 'abc':\n  Fix the pager",
                           "#12", "Fix the pager"),
    "Azure": ("Merged PR 12: Fix the pager\n\nRelated work items: #4", "!12", "Fix the pager"),
    "Gitea": ("Merge pull request 'Fix the pager' (#12) from x into main", "#12", "Fix the pager"),
    "bors": ("Auto merge of #12 - me:x, r=ada\n\nFix the pager", "#12", "Fix the pager"),
    "bors-ng": ("Merge #12\n\n12: Fix the pager r=ada a=me", "#12", "Fix the pager"),
    "a key in the title": ("Merge pull request #12 from me/x\n\nfix: PAY-17 the pager", "PAY-17", "PAY-17 the pager"),
}  # fmt: skip


@pytest.mark.parametrize("tool", REQUESTS)
def test_a_merged_request_is_one_change_with_all_that_it_brought(tool: str) -> None:
    """[S1.3]"""
    message, number, title = REQUESTS[tool]
    drawn = history(("a", "", "wip"), ("b", "a", "add test (see #3)"), ("m", "root b", message))
    found = harvest(drawn)
    ((change),) = found.changes
    assert (change.id, change.summary, change.owner) == (number, title, "by a")
    assert not found.skipped and len(found.members) == 3
    each = harvest(drawn, by="commit")
    assert [change.summary for change in each.changes] == ["wip", "add test (see #3)"]
    assert [why for _, why in each.skipped] == ["is a merge"]


def test_type_and_reference_of_a_request_are_its_commits_where_its_title_has_none() -> None:
    merged = "Merge pull request #12 from me/x\n\nPager"
    found = harvest(
        history(("a", "", "docs: x"), ("b", "a", "feat!: CHG-2026-0001"), ("m", "root b", merged))
    )
    (change,) = found.changes
    assert (change.id, change.kind, change.breaking) == ("CHG-2026-0001", "feat", True)
    two = harvest(history(("a", "", "fix: PAY-1"), ("b", "a", "fix: PAY-2"), ("m", "root b", merged)))
    assert [change.id for change in two.changes] == ["#12"]
    assert not harvest(history(("a", "", "docs: x"), ("m", "root a", merged)), only=("feat",)).changes


def test_a_branch_that_gathers_requests_brings_each_of_them() -> None:
    release = "Merge pull request #50 from me/develop\n\nRelease 2.4"
    merges = harvest(
        history(
            ("a", "", "wip"),
            ("m", "root a", "Merge pull request #1 from me/a\n\nOne"),
            ("b", "m", "wip"),
            ("n", "m b", "Merge pull request #2 from me/b\n\nTwo"),
            ("z", "root n", release),
        )
    )
    assert [change.summary for change in merges.changes] == ["One", "Two"]
    assert [why for _, why in merges.skipped] == ["only brings other requests"]
    squashed = harvest(history(("a", "", "One (#1)"), ("b", "a", "Two (#2)"), ("z", "root b", release)))
    assert [change.id for change in squashed.changes] == ["#1", "#2"]
    direct = harvest(
        history(("a", "", "One (#1)"), ("b", "a", "more"), ("c", "b", "more"), ("z", "root c", release))
    )
    assert [change.id for change in direct.changes] == ["#50"]


def test_main_merged_into_a_branch_is_not_of_that_branch() -> None:
    found = harvest(
        history(
            ("a", "root", "wip"),
            ("k", "root", "fix: on main (#1)"),
            ("b", "a k", "Merge branch 'main' into x"),
            ("m", "k b", "Merge pull request #2 from me/x\n\nTwo"),
        )
    )
    assert [(change.id, change.summary) for change in found.changes] == [("#1", "on main"), ("#2", "Two")]
    assert [why for _, why in found.skipped] == ["is a merge"]


def test_a_request_that_was_reverted_goes_with_all_that_it_brought() -> None:
    head = (
        ("a", "root", "wip"),
        ("b", "a", "more"),
        ("m", "root b", "Merge pull request #2 from me/x\n\nTwo"),
    )
    hashed = f"This reverts commit {b'm'.hex().ljust(40, '0')}, reversing\nchanges made to {'0' * 40}."
    by_hash = ("r", "m", f'Revert "Merge pull request #2 from me/x"\n\n{hashed}')
    by_title = ("q", "m", 'Revert "Two" (#3)')
    request = (by_hash, ("s", "m r", 'Merge pull request #3 from me/revert-2-x\n\nRevert "Two"'))
    for tail in ((by_hash,), (by_title,), request):
        for by in ("request", "commit"):
            found = harvest(history(*head, *tail), by=by)
            wanted = [] if tail[0] is by_hash or by == "request" else ["wip", "more", 'Revert "Two"']
            assert [change.summary for change in found.changes] == wanted
    back = ("t", "s", f"Reapply it\n\nThis reverts commit {b's'.hex().ljust(40, '0')}.")
    assert [change.id for change in harvest(history(*head, *request, back)).changes] == ["#2"]


def test_a_commit_of_a_request_that_was_taken_back_leaves_the_rest() -> None:
    gone = f"Take it out\n\nThis reverts commit {b'a'.hex().ljust(40, '0')}."
    merged = ("m", "root b", "Merge pull request #2 from me/x\n\nTwo")
    found = harvest(history(("a", "root", "wip"), ("b", "a", "more"), merged, ("r", "m", gone)))
    assert [change.id for change in found.changes] == ["#2"]
    assert [why for _, why in found.skipped] == ["was reverted", "reverts another one"]


def test_twice_as_many_commits_in_nested_merges_cost_twice_as_much() -> None:
    def cost(merges: int) -> int:
        drawn: list[tuple[str, str, str]] = [("c0", "", "start")]
        for number in range(1, merges):
            merged = f"Merge pull request #{number} from me/x\n\nTitle {number}"
            drawn += [
                (f"x{number}", f"c{number - 1}", "wip"),
                (f"c{number}", f"x{number} c{number - 1}", merged),
            ]
        commits = history(*drawn)
        found = harvest(commits)
        assert len(found.members) + len(found.skipped) == len(drawn)
        return calls(lambda: harvest(commits))

    assert cost(1_000) < 2.2 * cost(500)


def test_what_was_reverted_and_done_again_is_a_change() -> None:
    found = harvest(commits("feat: a", 'Revert "feat: a"', "feat: a"))
    assert [change.summary for change in found.changes] == ["a"] and len(found.skipped) == 2


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


WORDS = ("feat: a (#1)", "feat: a (#2)", "fix: b", "fix: b", "PAY-1 c", "", "fixup! fix: b", "Merged PR 7: d",
         "Merge pull request #4 from me/x\n\nTitle", "Merge branch 'x'", "Merge branch 'x'\n\nSee merge request g/x!5",
         'Revert "fix: b"', 'Revert "Revert "fix: b""', 'Revert "feat: a (#1)" (#9)', "Release (#8)")  # fmt: skip
drawings = st.lists(
    st.tuples(st.sampled_from(WORDS), st.lists(st.integers(1, 6), max_size=3, unique=True), st.integers(0, 6),
              st.booleans()),
    max_size=20,
)  # fmt: skip


# A request is reverted whose own revert is brought back with that: what that took stands, without a request.
@example([("feat: a (#1)", [], 0, False), ("feat: a (#1)", [1], 1, False), ("feat: a (#1)", [], 0, False),
          ("feat: a (#1)", [1, 2], 0, False), ("feat: a (#1)", [], 1, False)], "request", ())  # fmt: skip
@given(drawings, st.sampled_from(("request", "commit")), st.sampled_from(((), ("feat", "fix"))))
def test_every_commit_of_any_history_is_in_one_change_or_skipped_with_a_reason(
    drawing: list[tuple[str, list[int], int, bool]], by: str, only: tuple[str, ...]
) -> None:
    made: list[Commit] = []
    for number, (words, parents, undone, copied) in enumerate(drawing):
        back = [named(number - each) for each in parents if number - each >= 0]
        body = ""
        if undone and number - undone >= 0:
            said = "(cherry picked from commit {})" if copied else "This reverts commit {}."
            body = f"\n\n{said.format(named(number - undone))}"
        made.append(Commit(named(number), words + body, "Ben", tuple(back)))
    found = harvest(made, only, by)
    ids = [change.id.casefold() for change in found.changes]
    assert len(set(ids)) == len(ids)
    told = [name for name, _ in (*found.members, *found.skipped)]
    assert sorted(told) == sorted(commit.hash[:10] for commit in made)
    assert {name.casefold() for _, name in found.members} == set(ids)
    assert all(change.summary for change in found.changes) and all(why for _, why in found.skipped)


@given(st.lists(st.one_of(st.none(), st.integers(0, 30)), max_size=30))
def test_reverts_of_reverts_leave_what_git_would_leave(steps: list[int | None]) -> None:
    """None writes something new; a number takes back an earlier commit: compared with doing it by hand."""
    messages: list[str] = []
    effects: list[dict[int, int]] = []
    standing: Counter[int] = Counter()
    for step in steps:
        number = len(messages)
        if step is None or not messages:
            messages.append(f"write {number}")
            effects.append({number: 1})
        else:
            target = step % number
            if any(standing[each] != (value > 0) for each, value in effects[target].items()):
                continue  # it is taken back already: git would have nothing to do
            messages.append(f"undo {number}\n\nThis reverts commit {named(target + 1)}.")
            effects.append({each: -value for each, value in effects[target].items()})
        for each, value in effects[-1].items():
            standing[each] += value
    found = harvest(commits(*messages))
    wanted = [f"write {number}" for number in sorted(standing) if standing[number] > 0]
    assert [change.summary for change in found.changes] == wanted


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_message_is_read(messages: list[str]) -> None:
    found = harvest(commits(*messages))
    assert len(found.skipped) + len(found.members) == len(messages)
    assert all(change.summary for change in found.changes)
