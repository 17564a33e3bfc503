"""Ticking, unticking, leaving out, failing, annotating: what each act changes, and what it leaves and why."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.checklist import ItemField, Mark, State
from relui.domain.marking import Details
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput, Refused
from tests.domain.acts import annotate, close, fail, skip, tick, untick
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase, release


def do(made: Release, *paths: str, **more: object) -> Ruling:
    return tick(made, paths, "ada", NOW, **more)  # type: ignore[arg-type]


def state(made: Release, path: str) -> str:
    return Outline(made)[path].state.value


def test_a_tick_records_who_when_and_whether_it_was_late() -> None:
    """[S0.2] An item records who and when."""
    ruling = do(payments(), "build.merged")
    assert ruling.release.mark("build.merged") == Mark(State.DONE, by="ada", at=NOW)
    assert ruling.changed == ("build.merged",)
    late = tick(payments(), ["build.merged"], "ada", GO_LIVE)
    assert late.release.mark("build.merged").late
    assert ruling.act is not None
    assert (ruling.act.verb, ruling.act.text, ruling.act.reversible) == ("tick", "ticked Merged", True)


def test_a_parent_ticks_its_open_leaves_as_one_act_and_says_what_it_left_and_why() -> None:
    """[S0.2] A requirement, a mandatory field, a failure and a fact are each named."""
    made = release(
        phase(
            "a",
            item("ok"),
            item("field", fields=(ItemField("who", "Who", required=True),)),
            item("broken"),
            item("fact", when_done="closed"),
            item("waits", requires=("b",)),
            item("left-out", optional=True),
        ),
        phase("b", item("later")),
    )
    made = fail(made, ["a.broken"], "ada", NOW, "no disk").release
    made = skip(made, ["a.left-out"], "ada", NOW, "").release
    ruling = do(made, "a")
    assert ruling.changed == ("a.ok",)
    assert ruling.already == ("a.left-out",)
    assert dict(ruling.left) == {
        "a.field": "needs Who",
        "a.broken": "failed: no disk",
        "a.fact": "ticks itself when the release is closed",
        "a.waits": "needs first: B",
    }


def test_ticking_what_is_ticked_changes_nothing_and_says_so() -> None:
    """[S0.2]"""
    once = do(payments(), "build").release
    again = tick(once, ["build", "build.merged"], "bob", GO_LIVE)
    assert again.release is once and again.act is None
    assert again.already == ("build.merged", "build.tested")


def test_a_note_for_an_item_that_is_ticked_already_is_not_lost_silently() -> None:
    once = do(payments(), "build.merged").release
    assert do(once, "build.merged", details=Details(note="n")).told


@pytest.mark.parametrize("order", list(itertools.permutations("abcd")))
def test_a_chain_of_requirements_is_ticked_in_one_act_in_any_order(order: tuple[str, ...]) -> None:
    """[S0.2] a needs b, b needs c, c needs d: wherever each of them stands."""
    needs = {"a": ("p.b",), "b": ("p.c",), "c": ("p.d",), "d": ()}
    made = release(phase("p", *(item(name, requires=needs[name]) for name in order)))
    ruling = do(made, "p")
    assert set(ruling.changed) == {"p.a", "p.b", "p.c", "p.d"} and not ruling.left
    named = do(made, *(f"p.{name}" for name in order))
    assert named.release == ruling.release


def test_a_requirement_that_is_missing_is_refused_by_name() -> None:
    """[S0.2] Refused, naming what is missing, unless overridden with a reason."""
    with pytest.raises(Refused, match="needs first: Command"):
        do(payments(), "deploy.healthy")


def test_an_override_is_recorded_on_the_item_and_in_the_log() -> None:
    """[S0.2]"""
    ruling = do(payments(), "deploy.healthy", override="the pipeline ran it")
    assert ruling.release.mark("deploy.healthy").reason == "override: the pipeline ran it"
    assert ruling.act is not None and ruling.act.reason == "the pipeline ran it"


def test_an_override_passes_only_what_cannot_be_ticked_without_it() -> None:
    made = release(
        phase("p", item("a", requires=("p.b",)), item("b", requires=("q",)), item("c")), phase("q", item("x"))
    )
    marks = do(made, "p", override="late at night").release.marks
    assert {path: mark.reason for path, mark in marks.items()} == {
        "p.a": "",
        "p.b": "override: late at night",
        "p.c": "",
    }


def test_an_override_that_nothing_needed_is_told_and_not_recorded() -> None:
    ruling = do(payments(), "build.merged", override="just in case")
    assert ruling.act is not None and ruling.act.reason == "" and ruling.told


def test_items_that_require_each_other_are_left_and_an_override_passes_the_first() -> None:
    made = release(phase("p", item("a", requires=("p.b",)), item("b", requires=("p.a",))))
    with pytest.raises(Refused, match="needs first"):
        do(made, "p")
    marks = do(made, "p", override="circle").release.marks
    assert [mark.reason for mark in marks.values()] == ["override: circle", ""]


def test_a_mandatory_field_must_be_filled_and_no_override_passes_it() -> None:
    """[S0.2] An item's own fields."""
    for override in ("", "in a hurry"):
        with pytest.raises(Refused, match="needs Where it is"):
            do(payments(), "before.backup", override=override)
    ruling = do(payments(), "before.backup", details=Details(fields={"where": " s3://x "}))
    assert ruling.release.mark("before.backup").fields == {"where": "s3://x"}


def test_a_field_goes_to_the_items_that_have_it() -> None:
    ruling = do(payments(), "before", details=Details(fields={"where": "s3"}))
    assert ruling.release.mark("before.backup").fields == {"where": "s3"}
    assert ruling.release.mark("before.vars.keys").fields == {}
    with pytest.raises(BadInput, match="Did you mean 'where'"):
        do(payments(), "before", details=Details(fields={"wher": "s3"}))
    with pytest.raises(BadInput, match="has no field 'x'"):
        do(payments(), "build.merged", details=Details(fields={"x": "1"}))


def test_what_blocks_one_item_is_refused_though_another_was_ticked_already() -> None:
    """A pipeline must not take `already ticked` for an answer about the item that was not."""
    made = do(payments(), "build.merged").release
    with pytest.raises(Refused, match="Healthy"):
        do(made, "build.merged", "deploy.healthy")


def test_a_parent_whose_only_open_leaf_waits_for_a_fact_is_done_as_far_as_a_person_goes() -> None:
    made = do(release(phase("c", item("a"), item("closed", when_done="closed"))), "c").release
    ruling = do(made, "c")
    assert ruling.act is None and ruling.left


def test_a_bound_item_cannot_be_ticked_or_opened_by_hand() -> None:
    """[S0.5]"""
    with pytest.raises(Refused, match="ticks itself when the deployment has started"):
        do(payments(), "close.started")
    started = do(payments(), "deploy.command").release
    assert state(started, "close.started") == "done"
    with pytest.raises(Refused, match="by a fact"):
        untick(started, ["close.started"], "ada", NOW)
    with pytest.raises(Refused, match="by a fact"):
        skip(started, ["close.started"], "ada", NOW, "why not")


def test_evidence_is_added_once_and_cleaned() -> None:
    """[S0.2] A note and evidence."""
    record = Details(note="ok\x1b[31m", evidence=("http://a", "http://a", " ", "x\u202ey"))
    mark = do(payments(), "build.merged", details=record).release.mark("build.merged")
    assert (mark.note, mark.evidence) == ("ok", ("http://a", "xy"))


def test_a_failed_or_left_out_item_can_be_ticked_when_it_is_named_itself() -> None:
    failed = fail(payments(), ["build.merged"], "ada", NOW, "conflict").release
    assert state(do(failed, "build.merged").release, "build.merged") == "done"
    skipped = skip(payments(), ["before.mobile"], "ada", NOW, "").release
    assert state(do(skipped, "before.mobile").release, "before.mobile") == "done"


def test_unticking_opens_again_and_keeps_note_evidence_and_fields() -> None:
    record = Details(note="n", evidence=("e",), fields={"where": "s3"})
    ticked = do(payments(), "before.backup", details=record).release
    opened = untick(ticked, ["before.backup"], "ada", NOW).release
    assert opened.mark("before.backup") == Mark(note="n", evidence=("e",), fields={"where": "s3"})
    plain = untick(do(payments(), "build.merged").release, ["build.merged"], "ada", NOW).release
    assert plain == payments()


def test_unticking_what_is_open_says_so() -> None:
    assert untick(payments(), ["build"], "ada", NOW).already == ("build.merged", "build.tested")


def test_optional_items_are_left_out_without_a_reason_and_required_ones_are_not() -> None:
    """[S0.3] [S0.4] Not applicable on a required item needs a reason."""
    assert (
        state(skip(payments(), ["before.mobile"], "ada", NOW, "").release, "before.mobile")
        == "not-applicable"
    )
    with pytest.raises(BadInput, match="required"):
        skip(payments(), ["build.merged"], "ada", NOW, " \u200b ")
    with pytest.raises(BadInput, match="required"):
        skip(payments(), ["before"], "ada", NOW, "")
    ruling = skip(payments(), ["before"], "ada", NOW, "no change there")
    assert ruling.release.mark("before.vars.keys").reason == "no change there"
    assert state(ruling.release, "before") == "done"


def test_leaving_out_a_parent_leaves_done_and_failed_items_alone() -> None:
    made = do(payments(), "before.vars.keys").release
    made = fail(made, ["before.vars.flags.on"], "ada", NOW, "broken").release
    ruling = skip(made, ["before.vars"], "ada", NOW, "r")
    assert ruling.changed == ("before.vars.flags.off",)
    assert ruling.already == ("before.vars.keys",)
    assert ruling.left == (("before.vars.flags.on", "failed: broken"),)
    with pytest.raises(Refused, match="untick it first"):
        skip(made, ["before.vars.keys"], "ada", NOW, "r")


def test_a_failure_needs_a_reason_always() -> None:
    """[S0.4]"""
    for path in ("build.merged", "before.mobile"):
        with pytest.raises(BadInput, match="reason"):
            fail(payments(), [path], "ada", NOW, "\u200b")
    mark = fail(payments(), ["before.mobile"], "ada", NOW, "crashes").release.mark("before.mobile")
    assert (mark.state, mark.reason) == (State.FAILED, "crashes")


def test_a_second_failure_for_the_same_reason_keeps_its_new_evidence() -> None:
    first = fail(payments(), ["build.merged"], "ada", NOW, "exit 1", Details(evidence=("one",))).release
    assert fail(first, ["build.merged"], "ada", NOW, "exit 1").act is None
    second = fail(first, ["build.merged"], "ada", NOW, "exit 1", Details(evidence=("two",))).release
    assert second.mark("build.merged").evidence == ("one", "two")


def test_failing_a_parent_spares_what_is_resolved_and_what_waits_for_a_fact() -> None:
    made = do(payments(), "build.merged").release
    assert fail(made, ["build"], "ada", NOW, "r").changed == ("build.tested",)
    assert (
        not fail(release(phase("c", item("a"), item("f", when_done="closed"))), ["c"], "a", NOW, "r")
        .release.mark("c.f")
        .reason
    )


@pytest.mark.parametrize(
    "act",
    [
        lambda made: tick(made, ["build.merged"], "ada", NOW),
        lambda made: untick(made, ["build.merged"], "ada", NOW),
        lambda made: skip(made, ["build.merged"], "ada", NOW, "r"),
        lambda made: fail(made, ["build.merged"], "ada", NOW, "r"),
        lambda made: annotate(made, "build.merged", "ada", NOW, Details(note="n")),
        lambda made: close(made, "ada", NOW, reason="r"),
    ],
)
def test_nothing_changes_in_an_archived_release(act: Callable[[Release], Ruling]) -> None:
    """[S0.8]"""
    closed = close(payments(), "ada", NOW, reason="done").release
    with pytest.raises(Refused, match="archived since 2026-11-16"):
        act(closed)


def test_an_unknown_path_is_refused_before_anything_changes() -> None:
    with pytest.raises(BadInput, match=r"Did you mean 'build\.merged'"):
        do(payments(), "build.tested", "build.mergd")


def test_annotating_keeps_the_state_and_changes_only_what_is_given() -> None:
    made = do(payments(), "before.backup", details=Details(note="n", fields={"where": "s3"})).release
    more = annotate(made, "before.backup", "bob", NOW, Details(evidence=("e",))).release
    assert more.mark("before.backup") == replace(made.mark("before.backup"), evidence=("e",))
    assert (
        annotate(more, "before.backup", "bob", NOW, Details(note="")).release.mark("before.backup").note == ""
    )
    assert annotate(more, "before.backup", "bob", NOW, Details(note="n")).act is None


def test_a_ticked_item_cannot_lose_its_mandatory_field() -> None:
    made = do(payments(), "before.backup", details=Details(fields={"where": "s3"})).release
    with pytest.raises(BadInput, match="Untick it first"):
        annotate(made, "before.backup", "ada", NOW, Details(fields={"where": ""}))


def test_a_phase_can_bear_a_note_and_losing_it_leaves_no_trace() -> None:
    noted = annotate(payments(), "before", "ada", NOW, Details(note="n")).release
    assert noted.mark("before").note == "n"
    assert annotate(noted, "before", "ada", NOW, Details(note="")).release == payments()


paths = st.sampled_from([node.path for node in Outline(payments())])
acts = st.lists(
    st.tuples(st.sampled_from(["tick", "untick", "skip", "fail", "annotate"]), paths, st.booleans()),
    max_size=12,
)


@given(acts)
@settings(max_examples=60)
def test_whatever_is_done_the_marks_fit_the_rules(script: list[tuple[str, str, bool]]) -> None:
    """[S0.2] No leaf is ever ticked without its mandatory field, or failed without a reason."""
    made = payments()
    for step, (verb, path, more) in enumerate(script):
        at = NOW + timedelta(minutes=step)
        record = Details(
            note="n" if more else None, fields={"where": "s3"} if path == "before.backup" and more else {}
        )
        try:
            if verb == "tick":
                ruling = tick(made, [path], "ada", at, record, "r" if more else "")
            elif verb == "untick":
                ruling = untick(made, [path], "ada", at)
            elif verb == "annotate":
                ruling = annotate(made, path, "ada", at, record)
            else:
                ruling = {"skip": skip, "fail": fail}[verb](
                    made, [path], "ada", at, "r" if more else "", record
                )
        except (Refused, BadInput):
            continue
        assert (ruling.act is None) == (ruling.release == made)
        assert not set(ruling.changed) & {path for path, _ in ruling.left}
        made = ruling.release
        for leaf in Outline(made).leaves():
            assert leaf.state is not State.FAILED or leaf.mark.reason
            assert leaf.state is not State.NOT_APPLICABLE or leaf.mark.reason or leaf.optional
            assert leaf.path != "before.backup" or leaf.state is not State.DONE or leaf.mark.fields["where"]
            assert leaf.mark != Mark() or leaf.path not in made.marks


def test_the_log_names_the_requirements_that_an_override_passed() -> None:
    """[S0.2] Which requirement was passed, and why."""
    made = release(
        phase("a", item("backup"), item("shared"), item("free")),
        phase("b", item("go", requires=("a.backup", "a.shared")), item("more", requires=("a.backup",))),
    )
    ruling = do(made, "b.go", override="told to")
    assert ruling.act is not None
    assert ruling.act.text == "ticked Go although 'Backup', 'Shared' were open"
    assert ruling.act.reason == "told to"
    one = do(made, "b.more", override="told to").act
    assert one is not None and one.text == "ticked More although 'Backup' was open"
    plain = do(made, "a.free", override="not needed").act
    assert plain is not None and plain.text == "ticked Free"


def test_a_bound_item_cannot_be_left_out_unless_it_is_the_retrospective() -> None:
    made = release(
        phase("c", item("a"), item("end", when_done="closed"), item("retro", when_done="retrospective"))
    )
    why = "ticks itself when the release is closed, and cannot be set to not applicable"
    with pytest.raises(Refused, match=why):
        skip(made, ["c.end"], "ada", NOW, "no")
    assert state(skip(made, ["c.retro"], "ada", NOW, "too small").release, "c.retro") == "not-applicable"
    whole = skip(made, ["c"], "ada", NOW, "not needed")
    assert state(whole.release, "c.a") == "not-applicable" and state(whole.release, "c.end") == "open"
    assert dict(whole.left) == {"c.end": why}


def test_of_what_an_emergency_owes_a_bound_item_can_be_left_out_but_never_the_closing() -> None:
    """[S1.36] Else the debt could stay for ever."""
    made = release(
        phase("full", item("slot", when_done="booked"), item("end", when_done="closed"), owed=True)
    )
    assert state(skip(made, ["full.slot"], "ada", NOW, "r").release, "full.slot") == "not-applicable"
    with pytest.raises(Refused):
        skip(made, ["full.end"], "ada", NOW, "r")
