"""Items that cannot have happened yet are not ticked by a slip [S0.2]."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.domain.checklist import State
from relui.domain.deployment_times import early_leaves
from relui.domain.marking import tick
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.errors import Refused
from tests.domain.releases import GO_LIVE, NOW, item, phase, release

WATCHED = "close.watch"
WATCH = replace(item("watch"), text="24 hours of monitoring")
MADE = release(
    phase("pre", item("backup"), due="T-1h", stage="deploy"),
    phase("deploy", item("run"), due="T", stage="deploy"),
    phase("post", item("smoke"), item("logs"), due="T+30m", stage="deploy"),
    phase("close", item("notes"), WATCH, due="T+24h", stage="close"),
    phase("full", item("later"), due="T+2d", stage="close", owed=True),
)  # fmt: skip
HOUR = timedelta(hours=1)


def done(made: Release, *paths: str) -> set[str]:
    return {path for path in paths if made.mark(path).state is State.DONE}


@pytest.mark.parametrize("path", ["post.smoke", "close.notes", WATCHED])
def test_what_belongs_after_the_go_live_is_not_ticked_before_the_deployment_has_begun(path: str) -> None:
    """[S0.2] Unless somebody says so; pre items, the deployment and a debt are ticked as ever."""
    with pytest.raises(Refused, match=r"belongs after the go-live, which is on .*--early ticks it"):
        tick(MADE, [path], "ada", NOW)
    assert done(tick(MADE, [path], "ada", NOW, early=True).release, path)
    for fine in ("pre.backup", "deploy.run", "full.later"):
        assert done(tick(MADE, [fine], "ada", NOW).release, fine)


def test_a_deployment_that_began_early_is_followed_by_what_comes_after_it() -> None:
    """[S0.2] By its recorded start, by its ticks, by the same act, or since the go-live is over."""
    ticked = tick(MADE, ["deploy.run"], "ada", NOW).release
    for made, at in (
        (ticked, NOW), (replace(MADE, started_at=NOW - HOUR), NOW), (MADE, GO_LIVE),
    ):  # fmt: skip
        assert done(tick(made, ["post"], "ada", at).release, "post.smoke", "post.logs")
    together = tick(MADE, ["deploy", "post"], "ada", NOW).release
    assert done(together, "deploy.run", "post.smoke") == {"deploy.run", "post.smoke"}


def test_a_phase_leaves_what_is_to_come_and_says_why() -> None:
    """[S0.2]"""
    ruling = tick(replace(MADE, started_at=GO_LIVE), ["close"], "ada", GO_LIVE + HOUR)
    assert ruling.changed == ("close.notes",)
    assert ruling.left == (
        (WATCHED, "is not over before Sun 22 Nov 2026 17:36 (UTC) (--early ticks it all the same)"),
    )


def test_a_time_of_watching_is_ticked_when_nearly_all_of_it_is_over() -> None:
    """[S0.2] Its phase is due when all of it is; a late start does not move that."""
    late = replace(MADE, started_at=GO_LIVE + HOUR)
    assert done(tick(late, [WATCHED], "ada", GO_LIVE + 22 * HOUR).release, WATCHED)
    with pytest.raises(Refused, match="is not over before"):
        tick(late, [WATCHED], "ada", GO_LIVE + 21 * HOUR)


def test_what_the_app_asks_about_is_what_a_tick_would_leave() -> None:
    """[S0.2] At every node and at every hour around the go-live."""
    for hours in range(-3, 26, 4):
        at = GO_LIVE + hours * HOUR
        outline = Outline(MADE)
        for node in outline:
            found = early_leaves(MADE, outline, node, at)
            try:
                left = dict(tick(MADE, [node.path], "ada", at).left)
            except Refused as refused:
                assert all(outline[path].text in refused.message for path in found)
                continue
            assert left.keys() == found.keys(), (hours, node.path)
