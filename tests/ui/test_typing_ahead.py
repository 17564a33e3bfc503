"""Keys that are typed ahead, while a screen still loads, arrive where they were meant."""

from __future__ import annotations

from textual import events

from relui.desk.desk import Desk
from relui.ui.app import ReluiApp
from relui.ui.screens.retrospective import RetrospectiveScreen
from tests.ui.seen import home, seen, settled


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
