"""Keys that are typed ahead, while a screen still loads, arrive where they were meant."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.screen import Screen
from textual.widgets import TextArea

from relui.desk.desk import Desk
from relui.ui.app import ReluiApp
from relui.ui.kit.text_editor import TextEditor
from relui.ui.retrospective.screen import RetrospectiveScreen
from relui.ui.terminal.typing_ahead import KeysInTurn
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


class Slow(KeysInTurn):
    """An app that tells what each key met; `o` opens a screen once `ready` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.met: list[tuple[int, str]] = []
        self.handed_over = 0
        self.ready = asyncio.Event()

    def on_key(self, event: events.Key) -> None:
        self.met.append((len(self.screen_stack), event.key))
        if event.key == "o":
            self.opening = self.screen.run_worker(self._open())

    async def _open(self) -> None:
        await self.ready.wait()
        await self.push_screen(Screen())

    async def _hand_over(self) -> None:
        self.handed_over += 1
        await super()._hand_over()


async def test_keys_that_come_one_by_one_are_held_by_nothing() -> None:
    """Neither one that something takes, nor one that nobody takes."""
    app = Slow()
    async with app.run_test() as pilot:
        for key in "xyz":
            app.post_message(events.Key(key, key))
            await pilot.pause()
        assert app.met == [(1, "x"), (1, "y"), (1, "z")]
        assert app.handed_over == 0


async def test_a_key_waits_for_the_screen_that_the_one_before_is_opening() -> None:
    """Though that one was worked off long ago: what it opens still comes."""
    app = Slow()
    async with app.run_test() as pilot:
        app.post_message(events.Key("o", "o"))
        await pilot.pause()
        for key in "xy":
            app.post_message(events.Key(key, key))
        await pilot.pause()
        assert app.met == [(1, "o")]
        app.ready.set()
        await settled(pilot)
        await settled(pilot)
        assert app.met == [(1, "o"), (2, "x"), (2, "y")]
        assert app.handed_over == 1


async def test_a_key_that_comes_while_others_are_handed_over_goes_behind_them() -> None:
    app = Slow()
    async with app.run_test() as pilot:
        app._handing = asyncio.create_task(asyncio.Event().wait())  # type: ignore[arg-type]
        app.post_message(events.Key("x", "x"))
        await pilot.pause()
        assert app.met == [] and [event.key for event in app._held] == ["x"]  # type: ignore[attr-defined]
        app._handing.cancel()
