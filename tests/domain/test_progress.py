"""Where a release stands: its stage, what is late, what is wrong, what comes next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.checklist import Mark, State
from relui.domain.closing import close, write_retrospective
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.waiting import waiting
from relui.domain.editing import edit
from relui.domain.learning.debts import debts
from relui.domain.marking import Details, fail, not_applicable, tick
from relui.domain.organisation import Organisation
from relui.domain.outline import Outline
from relui.domain.progress import (
    Trouble,
    deployed,
    next_open,
    overdue,
    owes,
    stage_of,
    standing,
    with_late_notices,
)
from relui.domain.release import Release
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase, release

HOUR = timedelta(hours=1)


def ticked(*paths: str, at: object = NOW) -> Release:
    return tick(
        payments(), paths, "ada", at, Details(fields={"where": "s3"}) if "before" in paths else Details()
    ).release  # type: ignore[arg-type]


def stage(made: Release) -> str:
    return stage_of(made, Outline(made))


def kinds(made: Release, now: object) -> list[str]:
    return [trouble.text for trouble in standing(made, now).troubles]  # type: ignore[arg-type]


def test_the_stage_is_that_of_the_first_phase_with_open_items() -> None:
    """[S1.2]"""
    assert stage(payments()) == "build"
    assert stage(ticked("build")) == "deploy"
    assert stage(ticked("build", "before", "deploy")) == "close"
    assert stage(close(payments(), "ada", NOW, reason="r").release) == "closed"
    assert (
        stage(
            release(phase("p", item("a")), marks=dict.fromkeys(["p.a"], ticked("build").mark("build.merged")))
        )
        == "close"
    )


def test_a_failed_item_keeps_its_phase_current() -> None:
    made = fail(ticked("build", "before", "deploy"), ["build.merged"], "ada", NOW, "r").release
    assert stage(made) == "build" and kinds(made, NOW)[0] == "failed 1"


def test_what_is_due_in_the_deployment_is_late_only_when_the_planned_time_is_over() -> None:
    """[S0.2] Deploying takes the time planned for it: the live window does not cry `overdue`."""
    release = payments()
    outline = Outline(release)
    end = GO_LIVE + timedelta(minutes=release.duration)
    assert not overdue(release, outline["deploy"], GO_LIVE + timedelta(minutes=1))
    assert not overdue(release, outline["deploy"], end)
    assert overdue(release, outline["deploy"], end + timedelta(microseconds=1))


def test_a_phase_is_overdue_a_moment_after_it_is_due_and_not_before() -> None:
    """[S0.2]"""
    outline = Outline(payments())
    due = GO_LIVE - 48 * HOUR
    assert not overdue(payments(), outline["build"], due)
    assert overdue(payments(), outline["build.merged"], due + timedelta(microseconds=1))
    assert kinds(payments(), due + HOUR) == ["overdue 2"]
    assert kinds(payments(), GO_LIVE - HOUR / 2) == ["overdue 7"]
    assert kinds(ticked("build"), due + HOUR) == []


def test_a_deployed_release_without_its_retrospective_is_told_after_a_day() -> None:
    """[S0.9]"""
    made = ticked("build", "before", "deploy")
    assert "retro due" not in kinds(made, GO_LIVE + 24 * HOUR)
    assert "retro due" in kinds(made, GO_LIVE + 25 * HOUR)
    written = write_retrospective(made, dict.fromkeys(("well", "hard", "next"), "x"), GO_LIVE).release
    assert "retro due" not in kinds(written, GO_LIVE + 25 * HOUR)
    assert kinds(close(made, "ada", GO_LIVE, reason="r").release, GO_LIVE + 99 * HOUR) == []


@pytest.mark.parametrize(
    ("minutes", "live"), [(-61, False), (-60, True), (0, True), (120, True), (121, False)]
)
def test_a_release_is_live_from_an_hour_before_to_the_end_of_its_window(minutes: int, live: bool) -> None:
    assert standing(payments(), GO_LIVE + timedelta(minutes=minutes)).live is live


def test_what_is_deployed_or_closed_is_not_live() -> None:
    assert not standing(ticked("build", "before", "deploy"), GO_LIVE).live
    assert not standing(close(payments(), "ada", NOW, reason="r").release, GO_LIVE).live


def test_standing_counts_leaves_and_the_time_that_remains() -> None:
    now = standing(ticked("build"), NOW)
    assert (now.phase, now.done, now.total, now.remaining) == ("Before", 2, 12, timedelta(days=5))


def emergency() -> Release:
    return release(
        phase("fix", item("proven"), stage="test", due="T-1h"),
        phase("deploy", item("command"), due="T"),
        phase(
            "full",
            item("a"),
            item("b"),
            item("end", when_done="closed"),
            stage="close",
            due="T+5d",
            owed=True,
        ),
        type="emergency",
        rationale="down",
    )


def test_a_deployed_emergency_is_owing_until_its_full_checklist_is_resolved() -> None:
    """[S1.36] Deployed, owing; overdue shows on the list."""
    made = tick(emergency(), ["deploy"], "ada", GO_LIVE).release
    assert stage(emergency()) == "test" and stage(made) == "owing"
    assert kinds(made, GO_LIVE)[-1] == "owes 2"
    assert kinds(made, GO_LIVE + timedelta(days=6)) == ["debt overdue 2, 6 d", "overdue 1", "retro due"]
    settled = tick(made, ["full.a", "full.b", "fix"], "ada", GO_LIVE).release
    assert owes(Outline(settled)) == 0 and stage(settled) == "close"


@given(
    begins=st.sampled_from(["", "started", "completed", "tick"]),
    resolved=st.sets(st.sampled_from(["fix", "deploy", "full.a", "full.b"])),
    hours=st.integers(-2, 24 * 7),
)
def test_list_debts_and_waiting_agree_on_what_an_emergency_owes(
    begins: str, resolved: set[str], hours: int
) -> None:
    """[S1.36] Whatever was ticked of it: who deployed without ticking owes all of it."""
    now = GO_LIVE + timedelta(hours=hours)
    made = emergency()
    if begins in ("started", "completed"):
        made = replace(made, started_at=GO_LIVE)
    if begins == "completed":
        made = replace(made, completed_at=GO_LIVE + HOUR)
    paths = sorted(resolved | ({"deploy"} if begins == "tick" else set()))
    if paths:
        made = tick(made, paths, "ada", GO_LIVE).release
    here = Context(organisation=Organisation(), now=now)
    debt = [(len(each.open), each.overdue) for each in debts([made], now)]
    listed = [
        (each.count, each.kind == "debt")
        for each in standing(made, now).troubles
        if each.kind in ("debt", "owing")
    ]
    waits = [
        (int(row.words.split()[1]), row.overdue)
        for row in waiting([made], Organisation(), lambda one: here)
        if row.kind == "debt"
    ]
    assert debt == listed == waits
    assert (standing(made, now).stage == "owing") is bool(debt)
    if begins == "completed" and resolved == set():
        assert debt and debt[0][0] == 2
    if begins == "" and "deploy" not in resolved:
        assert not debt


def test_an_open_item_of_an_earlier_phase_does_not_undo_a_deployment() -> None:
    for made, out in (
        (ticked("before", "deploy"), True),
        (ticked("build", "before", "deploy.command"), False),
        (release(phase("only", item("a"), stage="close")), True),
        (payments(completed_at=GO_LIVE), True),
    ):
        assert deployed(made, Outline(made)) is out


def test_the_actual_window_runs_from_the_first_tick_of_the_deployment_to_its_last() -> None:
    """[S1.34]"""
    assert actual_window(payments(), Outline(payments())) == (None, None)
    first = ticked("deploy.command", at=GO_LIVE)
    assert actual_window(first, Outline(first)) == (GO_LIVE, None)
    both = tick(first, ["deploy.healthy"], "ada", GO_LIVE + HOUR).release
    assert actual_window(both, Outline(both)) == (GO_LIVE, GO_LIVE + HOUR)


def test_what_was_recorded_beats_what_was_ticked() -> None:
    """[S1.34]"""
    made = tick(payments(), ["deploy"], "ada", GO_LIVE).release
    made = edit(
        made, {"started": "2026-11-21T20:07", "completed": "2026-11-21T20:50"}, GO_LIVE + timedelta(hours=1)
    ).release
    assert actual_window(made, Outline(made)) == (
        GO_LIVE + timedelta(minutes=7),
        GO_LIVE + timedelta(minutes=50),
    )
    early = edit(
        tick(payments(), ["deploy"], "ada", GO_LIVE).release,
        {"started": "2026-11-21T20:07"},
        GO_LIVE + timedelta(hours=1),
    ).release
    assert actual_window(early, Outline(early))[1] == GO_LIVE + timedelta(minutes=7), (
        "never before it started"
    )


def test_a_deployment_that_was_left_out_never_started() -> None:
    made = not_applicable(payments(), ["deploy"], "ada", GO_LIVE, "withdrawn").release
    assert actual_window(made, Outline(made)) == (None, None)


def test_the_next_open_item_is_below_and_then_from_the_top() -> None:
    outline = Outline(ticked("build.merged"))
    paths = [
        node.path if (node := next_open(outline, after)) else None
        for after in (None, "before", "close.closed", "gone")
    ]
    assert paths == ["build.tested", "before.backup", "build.tested", "build.tested"]
    closed = replace(payments(), phases=())
    assert next_open(Outline(closed)) is None


def test_late_notices_stand_before_what_is_only_overdue() -> None:
    """[S1.23] After what failed, in a word of their own; without any nothing changes."""
    stands = standing(payments(), NOW)
    found = (Trouble("failed", "failed 1", 1), Trouble("overdue", "overdue 2", 2))
    troubled = replace(stands, troubles=found)
    assert with_late_notices(stands, 0) is stands
    assert [each.text for each in with_late_notices(troubled, 1).troubles] == [
        "failed 1", "notice late", "overdue 2",
    ]  # fmt: skip
    assert with_late_notices(stands, 2).troubles[0].text.startswith("notices late 2")


def test_a_failed_item_comes_before_the_next_open_one_until_it_was_looked_at() -> None:
    failed = replace(payments(), marks={"deploy.command": Mark(State.FAILED, reason="x")})
    outline = Outline(failed)
    first = next_open(outline)
    assert first is not None and first.path == "deploy.command"
    other = next_open(outline, "build.merged")
    assert other is not None and other.path == "deploy.command"
    onward = next_open(outline, "build.merged", {"deploy.command"})
    assert onward is not None and onward.path == "build.tested"
    here = next_open(outline, "deploy.command")
    assert here is not None and here.path == "deploy.healthy"
    alone = {leaf.path: Mark(State.DONE) for leaf in outline.leaves()}
    last = Outline(replace(failed, marks={**alone, **failed.marks}))
    left = next_open(last, "build.merged", {"deploy.command"})
    assert left is not None and left.path == "deploy.command"
    assert next_open(last, "deploy.command") is None
