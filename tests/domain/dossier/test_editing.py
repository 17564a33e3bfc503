"""Adding, editing and removing the parts of a dossier from text."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.closing import close
from relui.domain.dossier.editing import (
    PARTS_LIMIT,
    add_part,
    add_parts,
    edit_part,
    part_named,
    parts_of,
    remove_part,
)
from relui.domain.dossier.fields import KINDS
from relui.domain.dossier.parts import Case, Change, Dossier
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput, Refused
from tests.domain.dossier.governed import defect, governed
from tests.domain.releases import GO_LIVE, NOW, payments

EXAMPLES: dict[str, dict[str, str]] = {
    "change": {
        "id": "CHG-2026-0892", "summary": "Refunds", "status": "approved", "target": "2026-11-30",
        "owner": "ben", "ready": "yes", "kind": "feat", "breaking": "yes",
    },
    "component": {
        "id": "payments image", "category": "application", "kind": "image", "location": "registry/payments",
        "checksum": "sha256:" + "0" * 64, "version": "2.4.0", "presence": "present", "why-not": "\u200bwhy",
    },
    "environment": {"id": "staging", "planned": "2026-11-18T10:00", "baseline": "as documented"},
    "test": {
        "id": "night run", "category": "regression", "cases": "passed login\nfailed pay -- times out\nsearch",
        "scope": "critical paths", "started": "2026-11-15T20:00", "ended": "2026-11-15T21:00", "by": "cleo",
        "evidence": "https://ci/78",
    },
    "defect": {
        "id": "BUG-7", "summary": "Slow list", "severity": "medium", "state": "accepted", "found": "staging",
        "workaround": "Reload", "known-issue": "yes", "risk": "Waiting", "case": "search",
        "seen-in": "1", "fixed-in": "",
    },
    "config-item": {
        "id": "payments", "old": "2.3.0", "new": "2.4.0", "relationships": "needs ledger 12",
        "attributes": "owner: ben", "updated": "yes",
    },
    "contact": {"id": "incident-response", "person": "Grace", "reach": "+44 20 7946 0000"},
}  # fmt: skip


def added(kind: str, release: Release | None = None, **given: str) -> Release:
    return add_part(release or payments(), kind, {**EXAMPLES[kind], **given}, NOW, "ada").release


def test_every_kind_and_field_has_an_example_here() -> None:
    assert {kind: set(texts) for kind, texts in EXAMPLES.items()} == {
        name: {"id", *(field.name for field in kind.fields)} for name, kind in KINDS.items()
    }


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_part_is_added_from_text_and_its_text_reads_back_as_the_same(kind: str) -> None:
    """[S1.3, S1.9, S1.14] What a form shows is what was typed, cleaned; adding it again changes nothing."""
    ruling = add_part(payments(), kind, EXAMPLES[kind], NOW, "ada")
    part = part_named(ruling.release, kind, EXAMPLES[kind]["id"])
    texts = KINDS[kind].texts(part, "UTC")
    plain = {name: text.replace("\u200b", "") for name, text in EXAMPLES[kind].items()}
    assert {name: text.replace("\nplanned ", "\n") for name, text in texts.items()} == plain
    assert ruling.act is not None and ruling.act.verb == f"add-{kind}" and ruling.act.reversible
    assert ruling.changed == (part.id,)
    again = add_part(ruling.release, kind, texts, NOW, "ada")
    assert again.act is None and again.already == (part.id,)
    assert edit_part(ruling.release, kind, part.id, texts, NOW, "bob").act is None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_id_that_is_taken_is_refused_in_whatever_case(kind: str) -> None:
    made = added(kind)
    given = {**EXAMPLES[kind], "id": EXAMPLES[kind]["id"].swapcase()}
    if kind == "environment":  # its usual name has one spelling: only another content is a conflict
        given["baseline"] = "drifted"
    with pytest.raises(BadInput, match=r"is there already\. Edit it, or remove it first"):
        add_part(made, kind, given, NOW, "ada")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_part_is_removed_and_an_unknown_one_is_named_with_the_nearest(kind: str) -> None:
    made = added(kind)
    part_id = EXAMPLES[kind]["id"]
    gone = remove_part(made, kind, part_id.upper(), NOW, "ada", "entered by mistake")
    assert parts_of(gone.release, kind) == () and gone.release.dossier == Dossier()
    with pytest.raises(BadInput, match=f"Did you mean '{part_id}'"):
        edit_part(made, kind, part_id[:-1], {}, NOW, "ada")
    with pytest.raises(BadInput, match="It has none yet"):
        remove_part(gone.release, kind, part_id, NOW, "ada", "r")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_required_field_is_neither_left_out_nor_emptied(kind: str) -> None:
    for field in KINDS[kind].fields:
        if field.required:
            with pytest.raises(BadInput, match=f"needs its {field.name}"):
                add_part(payments(), kind, {**EXAMPLES[kind], field.name: " "}, NOW, "ada")
            with pytest.raises(BadInput, match=f"needs its {field.name}"):
                edit_part(added(kind), kind, EXAMPLES[kind]["id"], {field.name: ""}, NOW, "ada")
    for bad in ("", " \u200b", "-x", "x" * 201):
        if not (KINDS[kind].made_id and not bad.strip()):
            with pytest.raises(BadInput):
                add_part(payments(), kind, {**EXAMPLES[kind], "id": bad}, NOW, "ada")


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("chnge", {}, "Did you mean 'change'"),
        ("change", {"sumary": "x"}, "Did you mean 'summary'"),
        ("change", {"status": "aproved"}, "Did you mean 'approved'"),
        ("change", {"target": "30.11.2026"}, "Write it as 2026-11-21"),
        ("change", {"target": "2026-02-30"}, "Write it as 2026-11-21"),
        ("change", {"ready": "maybe"}, "neither yes nor no"),
        ("change", {"summary": "x" * 501}, "at most 500"),
        ("component", {"kind": "immage"}, "Did you mean 'image'"),
        ("component", {"category": "documentation"}, "belongs to application"),
        ("component", {"presence": "not-needed", "why-not": ""}, "Say why"),
        ("component", {"checksum": "sha256:12"}, "64 digits"),
        ("environment", {"planned": "tomorrow"}, "not a date and time"),
        ("test", {"cases": "passed a; failed a"}, "named twice"),
        ("test", {"scope": "full"}, "Did you mean 'full suite'"),
        ("test", {"ended": "2026-11-15T19:00"}, "cannot end before"),
        ("defect", {"severity": "critical"}, "cannot be accepted"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_with_the_way_out(
    kind: str, given: dict[str, str], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        add_part(payments(), kind, {**EXAMPLES.get(kind, {}), **given}, NOW, "ada")


def test_nothing_is_edited_unless_every_field_is_right() -> None:
    made = added("change")
    with pytest.raises(BadInput):
        edit_part(made, "change", "CHG-2026-0892", {"owner": "cleo", "status": "x"}, NOW, "ada")
    ruling = edit_part(made, "change", "chg-2026-0892", {"owner": "cleo", "ready": "no"}, NOW, "ada")
    assert ruling.changed == ("owner", "ready")
    assert ruling.act is not None
    assert ruling.act.text == "edited change CHG-2026-0892: owner ben -> cleo, ready yes -> no"


def test_a_part_is_renamed_but_not_to_a_name_that_is_taken() -> None:
    made = added("change", added("change"), id="CHG-2")
    assert (
        parts_of(edit_part(made, "change", "CHG-2", {"id": "chg-2"}, NOW, "ada").release, "change")[1].id
        == "chg-2"
    )
    with pytest.raises(BadInput, match="Choose another id"):
        edit_part(made, "change", "CHG-2", {"id": "CHG-2026-0892"}, NOW, "ada")


def test_a_test_run_is_named_by_itself_and_belongs_to_the_present_build_and_who_enters_it() -> None:
    """[S1.14]"""
    made = governed(runs=(), iteration=3)
    for _ in range(2):
        made = add_part(made, "test", {"category": "smoke", "cases": "passed a"}, NOW, "cleo").release
    assert [(run.id, run.iteration, run.by) for run in made.dossier.runs] == [
        ("smoke", 3, "cleo"),
        ("smoke-2", 3, "cleo"),
    ]


def test_test_runs_and_defects_are_removed_only_with_a_reason() -> None:
    for kind in ("test", "defect"):
        with pytest.raises(BadInput, match="needs a reason"):
            remove_part(added(kind), kind, EXAMPLES[kind]["id"], NOW, "ada")
    ruling = remove_part(added("defect"), "defect", "BUG-7", NOW, "ada", "A duplicate of BUG-6.")
    assert ruling.act is not None and ruling.act.reason == "A duplicate of BUG-6."


def test_an_instant_that_exists_twice_is_told() -> None:
    made = replace(payments(), zone="Europe/London")
    ruling = add_part(made, "environment", {"id": "test", "planned": "2026-10-25T01:30"}, NOW, "ada")
    assert "exists twice" in ruling.told[0]


def test_a_closed_release_takes_no_part() -> None:
    """[S0.8]"""
    closed = close(added("change"), "ada", GO_LIVE, outcome="cancelled", reason="r").release
    for act in (
        lambda: add_part(closed, "contact", EXAMPLES["contact"], NOW, "ada"),
        lambda: edit_part(closed, "change", "CHG-2026-0892", {"owner": "x"}, NOW, "ada"),
        lambda: remove_part(closed, "change", "CHG-2026-0892", NOW, "ada"),
        lambda: add_parts(closed, "change", [], "x", NOW, "ada"),
    ):
        with pytest.raises(Refused, match="archived"):
            act()


def test_an_import_adds_what_is_new_as_one_act_and_leaves_what_is_there() -> None:
    made = added("change")
    same = made.dossier.changes[0]
    ruling = add_parts(
        made,
        "change",
        [same, Change(id="A", summary="a"), Change(id="B", summary="b")],
        "list.csv",
        NOW,
        "ada",
    )
    assert ruling.changed == ("A", "B") and ruling.already == (same.id,)
    assert ruling.act is not None and ruling.act.text == "added 2 changes from list.csv: A, B"
    left = add_parts(ruling.release, "change", [Change(id="a", summary="other")], "list.csv", NOW, "ada")
    assert left.act is None and left.left == (("a", "is there already"),)
    with pytest.raises(BadInput, match=r"twice in list\.csv"):
        add_parts(
            made, "change", [Change(id="A", summary="a"), Change(id="a", summary="b")], "list.csv", NOW, "ada"
        )


def test_more_parts_than_anybody_oversees_are_refused() -> None:
    many = [Change(id=str(number), summary="x") for number in range(PARTS_LIMIT + 1)]
    assert (
        len(add_parts(payments(), "change", many[:-1], "x", NOW, "ada").release.dossier.changes)
        == PARTS_LIMIT
    )
    with pytest.raises(BadInput, match="at most 5,000 changes"):
        add_parts(payments(), "change", many, "x", NOW, "ada")


words = st.text(min_size=1, max_size=30)


@given(
    st.lists(st.tuples(st.sampled_from(["passed", "failed", "blocked", "planned"]), words, words), max_size=5)
)
def test_cases_read_back_from_their_text_as_the_same(typed: list[tuple[str, str, str]]) -> None:
    text = "\n".join(f"{result} {name} -- {note}" for result, name, note in typed)
    try:
        made = add_part(payments(), "test", {"category": "smoke", "cases": text}, NOW, "ada").release
    except BadInput as error:
        assert "twice" in error.message or "no identifier" in error.message
        return
    cases: tuple[Case, ...] = made.dossier.runs[0].cases
    shown = KINDS["test"].text(made.dossier.runs[0], "cases", "UTC")
    again = edit_part(made, "test", "smoke", {"cases": shown}, NOW, "ada")
    assert again.release.dossier.runs[0].cases == cases


@given(st.dictionaries(st.sampled_from(["summary", "status", "owner", "target", "ready", "kind"]), words))
def test_whatever_is_typed_is_kept_cleaned_or_refused_whole(typed: dict[str, Any]) -> None:
    made = added("change")
    try:
        ruling = edit_part(made, "change", "CHG-2026-0892", typed, NOW + timedelta(days=1), "ada")
    except BadInput:
        return
    part = part_named(ruling.release, "change", "CHG-2026-0892")
    for text in KINDS["change"].texts(part, "UTC").values():
        assert "\x1b" not in text and "\n" not in text


def test_a_defect_of_the_examples_is_what_the_rules_take() -> None:
    assert (
        edit_part(governed(defects=(defect(),)), "defect", "BUG-1", {"state": "fixed"}, NOW, "a").told == ()
    )


def component(**given: str) -> Ruling:
    return add_part(payments(), "component", {"id": "bin", "kind": "binary", **given}, NOW, "ada")


@pytest.mark.parametrize(
    ("given", "presence"),
    [
        ({"location": "store", "checksum": "a" * 64}, "present"),
        ({"location": "store"}, "missing"),
        ({"checksum": "v2.4"}, "missing"),
        ({"location": "store", "checksum": "v2.4", "presence": "missing"}, "missing"),
    ],
)
def test_a_component_with_location_and_checksum_is_present_unless_said_otherwise(
    given: dict[str, str], presence: str
) -> None:
    """[S1.9]"""
    assert component(**given).release.dossier.components[0].presence == presence


@pytest.mark.parametrize("checksum", ["a" * 64, "sha1:" + "0" * 40, "v2.4.0", "registry/app:build-77", ""])
def test_a_checksum_or_tag_that_looks_right_is_taken_in_silence(checksum: str) -> None:
    assert component(checksum=checksum).told == ()


@pytest.mark.parametrize(
    ("checksum", "words"), [("nothex", "looks neither like a checksum"), ("a" * 63, "has 63 digits")]
)
def test_a_checksum_that_looks_wrong_is_taken_and_told(checksum: str, words: str) -> None:
    ruling = component(checksum=checksum)
    assert words in ruling.told[0] and ruling.release.dossier.components[0].checksum == checksum
    again = edit_part(ruling.release, "component", "bin", {"version": "2"}, NOW, "ada")
    assert again.told == (), "it was told when it was given"


@pytest.mark.parametrize(("typed", "meant"), [("passed a; faild b", "failed b"), ("Pased c", "passed c")])
def test_a_mistyped_result_of_a_test_case_is_refused_with_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(BadInput, match=f"Did you mean '{meant}'"):
        add_part(payments(), "test", {"category": "smoke", "cases": typed}, NOW, "ada")
    for name in ("search", "search for orders", "pay with a card", "planned faild b"):
        made = add_part(payments(), "test", {"category": "smoke", "cases": name}, NOW, "ada").release
        assert made.dossier.runs[0].cases[0].result == "planned"


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("change", {}, "needs its reference and its summary."),
        ("defect", {"id": " ", "severity": ""}, "needs its reference, its summary and its severity."),
        ("component", {"kind": " "}, "needs its name and its kind."),
        ("contact", {"id": "on-call"}, "A contact needs its person. Who it is."),
    ],
)
def test_everything_that_a_new_part_lacks_is_named_at_once(
    kind: str, given: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        add_part(payments(), kind, given, NOW, "ada")
