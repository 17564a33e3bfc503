"""What stands beside a mark, and the edges of the rules: two items, the very minute, the word that helps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.domain.binding import OpenTime, settle
from relui.domain.checklist import ItemField
from relui.domain.marking import NOT_RECORDED, Details
from relui.domain.outline import Outline
from relui.errors import BadInput, Refused
from tests.domain.acts import annotate, fail, skip, tick, untick
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase, release

WHO = (ItemField("who", "Who"),)


def test_two_items_share_what_is_given_and_each_takes_the_fields_that_it_has() -> None:
    made = release(phase("p", item("a", fields=WHO), item("b")))
    done = tick(made, ["p"], "ada", NOW, Details(fields={"who": "ben"})).release
    assert [done.mark(path).fields for path in ("p.a", "p.b")] == [{"who": "ben"}, {}]
    with pytest.raises(BadInput, match=r"None of these items has a field 'whom'\. Did you mean 'who'"):
        tick(made, ["p"], "ada", NOW, Details(fields={"whom": "ben"}))
    with pytest.raises(BadInput, match=r"None of these items has a field 'x'\. They have no fields"):
        tick(release(phase("p", item("a"), item("b"))), ["p"], "ada", NOW, Details(fields={"x": "1"}))


def test_an_act_without_a_note_keeps_the_note_that_is_there() -> None:
    made = annotate(payments(), "build.merged", "ada", NOW, Details(note="as agreed")).release
    ticked = tick(made, ["build.merged"], "ada", NOW).release
    assert ticked.mark("build.merged").note == "as agreed"
    again = tick(made, ["build.merged"], "ada", NOW, Details(note="after all")).release
    assert again.mark("build.merged").note == "after all"


def test_what_is_ticked_at_the_very_end_of_its_time_is_not_late() -> None:
    due = GO_LIVE - timedelta(hours=48)
    for at, late in ((due, False), (due + timedelta(seconds=1), True)):
        assert tick(payments(), ["build.merged"], "ada", at).release.mark("build.merged").late is late


def test_an_item_that_is_named_and_part_of_what_is_named_counts_as_named() -> None:
    """A failure is ticked over only by who names it, in whatever order."""
    failed = fail(payments(), ["build.merged"], "ada", NOW, "no disk").release
    for named in (["build.merged", "build"], ["build", "build.merged"]):
        assert tick(failed, named, "ada", NOW).changed == ("build.merged", "build.tested")
    assert dict(tick(failed, ["build", "before.vars"], "ada", NOW).left)["build.merged"] == "failed: no disk"


def test_the_same_failure_with_anything_new_counts_again() -> None:
    """A note, evidence, or a field."""
    made = release(phase("p", item("a", fields=WHO)))
    failed = fail(made, ["p.a"], "ada", NOW, "no disk").release
    later = NOW + timedelta(hours=1)
    assert fail(failed, ["p.a"], "ada", later, "no disk").act is None
    assert fail(failed, ["p.a"], "ada", later, "no network").changed == ("p.a",)
    for more in (Details(note="n"), Details(evidence=("http://a",)), Details(fields={"who": "ben"})):
        assert fail(failed, ["p.a"], "ada", later, "no disk", more).release.mark("p.a").at == later
    left_out = skip(made, ["p.a"], "ada", NOW, "no disk").release
    assert fail(left_out, ["p.a"], "ada", later, "no disk").changed == ("p.a",)


def test_what_was_given_and_not_recorded_is_told_whatever_it_was() -> None:
    made = release(phase("p", item("a", fields=WHO)))
    done = tick(made, ["p.a"], "ada", NOW).release
    for more in (Details(note="n"), Details(evidence=("http://a",)), Details(fields={"who": "ben"})):
        assert tick(done, ["p.a"], "ada", NOW, more).told == (NOT_RECORDED,)
    assert tick(done, ["p.a"], "ada", NOW).told == ()


def test_an_item_that_ticks_itself_says_what_it_waits_for_while_it_is_open() -> None:
    """[S0.6] The reason why it could not be set is no reason any more once it is not applicable."""
    made = release(phase("p", item("plan"), item("fits", when_done="window-fits")))
    made = settle(made, NOW, OpenTime())
    words = made.mark("p.fits").reason
    assert words == "no migration is estimated"
    with pytest.raises(Refused) as refused:
        tick(made, ["p.fits"], "ada", NOW)
    assert f"({words})" in refused.value.message
    left_out = skip(made, ["p.fits"], "ada", NOW, "no migration").release
    with pytest.raises(Refused) as refused:
        tick(left_out, ["p.fits"], "ada", NOW)
    assert "ticks itself" in refused.value.message and "no migration" not in refused.value.message


def test_seven_items_in_the_way_are_told_as_six_and_one_more() -> None:
    for count, more in ((6, False), (7, True)):
        made = release(
            phase("p", *(item(f"i{n}", requires=("q",)) for n in range(count))), phase("q", item("x"))
        )
        with pytest.raises(Refused) as refused:
            tick(made, ["p"], "ada", NOW)
        assert refused.value.message.count("needs first") == 6
        assert (
            refused.value.message.endswith("; and 1 more.") is more
            and ("more" in refused.value.message) is more
        )


def test_the_log_tells_how_many_were_named_and_what_they_passed() -> None:
    def words(*paths: str, override: str = "") -> str:
        act = tick(payments(), paths, "ada", NOW, override=override).act
        assert act is not None
        return act.text

    assert words("build.merged", "before.vars.keys") == "ticked Merged and 1 more"
    assert words("build.merged", "before.vars.keys", "before.mobile") == "ticked Merged and 2 more"
    assert words("build") == "ticked Build: 2 items"
    assert words("build", "before.mobile") == "ticked Build and 1 more: 3 items"
    assert words("deploy.healthy", override="x") == "ticked Healthy although 'Command' was open"
    two = release(phase("p", item("a", requires=("q.b", "q.c"))), phase("q", item("b"), item("c")))
    act = tick(two, ["p"], "ada", NOW, override="x").act
    assert act is not None and act.text == "ticked A although 'B', 'C' were open"


def test_opening_again_keeps_note_evidence_and_fields() -> None:
    made = release(phase("p", item("a", fields=WHO)))
    given = Details("n", ("http://a",), {"who": "ben"})
    opened = untick(tick(made, ["p.a"], "ada", NOW, given).release, ["p.a"], "ada", NOW).release
    mark = opened.mark("p.a")
    assert (mark.note, mark.evidence, mark.fields, mark.by) == ("n", ("http://a",), {"who": "ben"}, "")
    assert Outline(opened)["p.a"].state.value == "open"


def test_a_phase_is_set_to_not_applicable_but_for_what_is_done_or_failed() -> None:
    made = release(phase("p", item("done"), item("failed"), item("open", optional=True)))
    made = tick(made, ["p.done"], "ada", NOW).release
    made = fail(made, ["p.failed"], "ada", NOW, "no disk").release
    ruling = skip(made, ["p"], "ada", NOW, "not this time")
    assert (ruling.changed, ruling.already, dict(ruling.left)) == (
        ("p.open",), ("p.done",), {"p.failed": "failed: no disk"},
    )  # fmt: skip
    with pytest.raises(Refused, match="is done, by ada: untick it first"):
        skip(made, ["p.done"], "ada", NOW, "not this time")
    assert skip(made, ["p.failed"], "ada", NOW, "not this time").changed == ("p.failed",)


def test_a_phase_fails_but_for_what_is_settled_or_ticks_itself() -> None:
    made = release(phase("p", item("done"), item("open"), item("fact", when_done="closed")))
    made = tick(made, ["p.done"], "ada", NOW).release
    ruling = fail(made, ["p"], "ada", NOW, "no disk")
    assert (ruling.changed, ruling.already) == (("p.open",), ("p.done",))
    assert dict(ruling.left) == {"p.fact": "ticks itself when the release is closed"}
    assert fail(made, ["p.done"], "ada", NOW, "no disk").changed == ("p.done",)


def test_a_window_is_not_applicable_only_where_no_migration_applies() -> None:
    """[S0.6] Every other fact is true or it is not; of a debt, only closing ticks the last."""
    minutes = (ItemField("minutes", "Minutes", kind="number"),)
    fits = item("fits", when_done="window-fits")
    assert skip(release(phase("p", fits)), ["p.fits"], "ada", NOW, "none").changed == ("p.fits",)
    with pytest.raises(Refused, match="cannot be set to not applicable"):
        skip(release(phase("p", item("m", fields=minutes), fits)), ["p.fits"], "ada", NOW, "none")
    facts = (item("retro", when_done="retrospective"), item("start", when_done="started"))
    facts = (*facts, item("closed", when_done="closed"))
    light, owed = release(phase("p", *facts)), release(replace(phase("p", *facts), owed=True))
    for made, allowed in ((light, {"p.retro"}), (owed, {"p.retro", "p.start"})):
        for path in ("p.retro", "p.start", "p.closed"):
            if path in allowed:
                assert skip(made, [path], "ada", NOW, "none").changed == (path,)
            else:
                with pytest.raises(Refused, match="cannot be set to not applicable"):
                    skip(made, [path], "ada", NOW, "none")


def test_where_nothing_but_facts_is_left_it_is_refused_unless_the_rest_is_done() -> None:
    """[S0.5] What a person could still do is refused even beside what is done."""
    fact = item("closed", when_done="closed")
    with pytest.raises(Refused, match="ticks itself when the release is closed"):
        tick(release(phase("c", fact)), ["c"], "ada", NOW)
    done = tick(release(phase("c", item("a"), fact)), ["c.a"], "ada", NOW).release
    assert tick(done, ["c"], "ada", NOW).act is None
    with pytest.raises(Refused, match="ticks itself"):
        tick(done, ["c", "c.closed"], "ada", NOW)
    waits = release(phase("c", item("a"), item("b", requires=("d",))), phase("d", item("x")))
    waits = tick(waits, ["c.a"], "ada", NOW).release
    with pytest.raises(Refused, match="needs first: D"):
        tick(waits, ["c"], "ada", NOW)


def test_an_override_tells_six_of_the_requirements_that_it_passed() -> None:
    needed = tuple(f"n{number}" for number in range(7))
    made = release(
        phase("p", item("a", requires=tuple(f"q.{name}" for name in needed))),
        phase("q", *(item(name) for name in needed)),
    )
    ruling = tick(made, ["p.a"], "ada", NOW, override="x")
    act = ruling.act
    assert act is not None and ruling.told == ()
    assert act.text == "ticked A although 'N0', 'N1', 'N2', 'N3', 'N4', 'N5' and 1 more were open"
    assert tick(payments(), ["build.merged"], "ada", NOW).told == ()


def test_the_log_names_what_was_recorded_and_nothing_else() -> None:
    made = release(phase("p", item("a", fields=WHO)))
    for details, words in (
        (Details(note="n"), "the note"),
        (Details(evidence=("http://a",)), "evidence"),
        (Details(note="n", fields={"who": "ben"}), "the note and fields"),
    ):
        act = annotate(made, "p.a", "ada", NOW, details).act
        assert act is not None and act.text == f"recorded {words} of A"
