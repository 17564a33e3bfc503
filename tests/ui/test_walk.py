"""What is written on a screen is shown from what the act gave back: no look at the disk reads it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from relui.desk.desk import Desk
from relui.ui.app import ReluiApp
from relui.ui.checklist.list import Checklist
from relui.ui.checklist.screen import ChecklistScreen
from relui.ui.releases.screen import HomeScreen
from tests.ui.seen import open_checklist, seen, settled, type_line, type_text

Counting = Callable[[], Any]


async def test_a_tick_reads_once_builds_one_outline_and_the_next_beat_does_nothing(
    app: ReluiApp, desk: Desk, release_id: str, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        shows: list[str] = []
        real, lines = screen.show, Checklist.refresh_line
        monkeypatch.setattr(screen, "show", lambda: (shows.append("screen"), real())[1])
        monkeypatch.setattr(
            Checklist, "refresh_line", lambda rows, index: (shows.append("row"), lines(rows, index))[1]
        )
        app.beat()
        with counting() as cost:
            await pilot.press("space")
            await settled(pilot)
            app.beat()
        assert "[x] Feature branches merged" in seen(app)
        assert cost == {f"read {release_id}": 1, f"outline {release_id}": 1}
        assert shows.count("screen") == 1
        assert shows.count("row") == 2, "the item and its phase"


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(("exclamation_mark",), "line"), (("e",), "text"), (("A",), "line")],
    ids=["failed, with its reason", "a note", "an item added"],
)
async def test_a_form_saved_is_read_once_and_not_looked_at_again(
    app: ReluiApp, release_id: str, counting: Counting, keys: tuple[str, ...], answer: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_checklist(pilot)
        app.beat()
        await pilot.press(*keys)
        with counting() as cost:
            await (type_line if answer == "line" else type_text)(pilot, "as it was agreed")
            app.beat()
            await settled(pilot)
        assert isinstance(app.screen, ChecklistScreen)
        assert cost[f"read {release_id}"] == 1
        assert cost[f"decode {release_id}"] == 0
        assert not [what for what in cost if what.startswith("decode log")]


async def test_the_list_below_shows_what_was_ticked_above_it(app: ReluiApp, release_id: str) -> None:
    """Nothing is read for it, but the screens that did not see the act show it when they are in sight."""
    async with app.run_test(size=(120, 40)) as pilot:
        await open_checklist(pilot)
        await pilot.press("space", "q")
        await settled(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert "1/53" in seen(app)


async def test_what_somebody_else_wrote_behind_an_own_act_is_still_seen(
    app: ReluiApp, make_desk: Callable[..., Desk], release_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("space")
        make_desk("ben").items.tick(release_id, ["pre-release.pipeline"])
        app.beat()
        await settled(pilot)
        assert screen.said.startswith("ben ticked")
        assert "Pre-release 2/8" in seen(app)
