"""Keys that are typed ahead, while a screen still loads, arrive where they were meant."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.widgets import TextArea

from relui.desk.desk import Desk
from relui.ui.app import ReluiApp
from relui.ui.kit.text_editor import TextEditor
from relui.ui.retrospective.screen import RetrospectiveScreen
from tests.ui.seen import home, open_checklist, seen, settled


def typed(app: ReluiApp, *keys: str) -> None:
    """As a terminal hands them over in one piece: nothing is waited for between them."""
    for key in keys:
        character = {"enter": "\r", "space": " "}.get(key, key)
        app.post_message(events.Key(key, character))


async def test_a_text_typed_ahead_of_its_editor_is_in_it(app: ReluiApp, desk: Desk, release_id: str) -> None:
    """Nothing typed is lost: the retrospective, its first text, and words into it, in one piece."""
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        home(app)
        typed(app, "4", "enter", *"fast", "space", *"typed")
        await settled(pilot)
        await settled(pilot)
        assert isinstance(app.screen, RetrospectiveScreen)
        assert "fast typed" in seen(app)


async def test_keys_wait_for_a_dialog_however_long_the_disk_takes(
    app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock jumps while a command blocks the app: what was typed meanwhile still goes into its dialog."""
    loop = asyncio.get_running_loop()
    real, skipped = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: real() + skipped[0])
    draft = app.draft

    def slow(name: str) -> dict[str, str]:
        skipped[0] += 30
        return draft(name)

    monkeypatch.setattr(app, "draft", slow)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        typed(app, "e", *"u", "o", "F")
        await settled(pilot)
        await settled(pilot)
        assert isinstance(app.screen, TextEditor)
        assert app.screen.query_one(TextArea).text == "uoF"
        assert len(desk.journal.open(release_id).entries) == 1 and screen.said == ""
