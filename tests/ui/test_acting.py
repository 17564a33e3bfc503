"""An act that has to wait leaves the screen alive, is told, can be given up, and keeps the keys in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from relui import files
from relui.desk.desk import Desk
from relui.domain.checklist import State
from relui.domain.outline import Outline
from relui.patience import GivenUp, Patience, present
from relui.store.locked_files import locked
from relui.ui.app import ReluiApp
from relui.ui.checklist.screen import ChecklistScreen
from relui.ui.kit import acting
from relui.ui.kit.question import LinePrompt
from relui.ui.releases.new_release import NewReleaseScreen
from relui.ui.terminal import typing_ahead
from tests.ui.seen import open_checklist, seen, settled, type_line
from tests.ui.test_typing_ahead import typed

FIRST = "pre-deploy.backup"
"""The first item of the standard template."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in these tests waits for the clock: an act goes on beside the screen at once."""
    monkeypatch.setattr(acting, "AT_ONCE", 0.001)
    monkeypatch.setattr(acting, "TELL_AFTER", 0.0)
    monkeypatch.setattr(acting, "_LOOK", 0.005)
    monkeypatch.setattr(typing_ahead, "_LOOKS", 3)


@pytest.fixture
def held(desk: Desk, release_id: str) -> Iterator[ExitStack]:
    """Somebody else holds the release's lock until `held.close()`."""
    with ExitStack() as stack:
        stack.enter_context(locked(desk.data / "locks", release_id))
        yield stack


async def until(pilot: Pilot[None], fact: Callable[[], bool]) -> None:
    """Let the app go on until something is so. A pilot's pause waits for a process to be idle."""
    for _ in range(8_000):
        if fact():
            return
        await asyncio.sleep(0.001)
    raise AssertionError(f"It did not come to that:\n{seen(pilot.app)}")  # type: ignore[arg-type]


def states(desk: Desk, release_id: str) -> list[State]:
    """The stored states of the first two items."""
    outline = Outline(desk.journal.open(release_id).release)
    return [leaf.state for leaf in outline if leaf.is_leaf][:2]


async def test_a_tick_that_waits_for_a_lock_is_told_and_carried_out_when_the_lock_is_free(
    app: ReluiApp, desk: Desk, release_id: str, held: ExitStack
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        typed(app, "space")
        await until(pilot, lambda: "Waiting" in screen.said)
        assert screen.said == f"Waiting: somebody else is writing {release_id}. Esc gives up."
        assert states(desk, release_id) == [State.OPEN, State.OPEN]
        app.beat()  # the clock goes on
        held.close()
        await until(pilot, lambda: screen.said.startswith("ticked"))
        assert states(desk, release_id) == [State.DONE, State.OPEN]


async def test_keys_typed_while_an_act_waits_follow_it_in_order(
    app: ReluiApp, desk: Desk, release_id: str, held: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        first = screen.node
        typed(app, "space", "down", "space")
        await until(pilot, lambda: "Waiting" in screen.said)
        looks: list[bool] = []
        monkeypatch.setattr(
            app, "act_under_way", lambda: (looks.append(True), app.acts.under_way is not None)[1]
        )
        await until(pilot, lambda: len(looks) > 10 * typing_ahead._LOOKS)  # a screen that opens has fewer
        assert screen.node is first, "the cursor moved before the act was carried out"
        held.close()
        await until(pilot, lambda: states(desk, release_id) == [State.DONE, State.DONE])
        entries = desk.journal.open(release_id).entries
        assert [entry.seq for entry in entries] == [1, 2, 3]


async def test_esc_gives_up_what_waits_and_what_was_typed_behind_it(
    app: ReluiApp, desk: Desk, release_id: str, held: ExitStack
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        typed(app, "space", "down", "space")
        await until(pilot, lambda: "Waiting" in screen.said)
        typed(app, "escape")
        await until(pilot, lambda: screen.said == "Given up. Nothing was written.")
        held.close()
        await settled(pilot)
        assert states(desk, release_id) == [State.OPEN, State.OPEN]
        assert app.screen is screen, "Esc was for the act, not for the screen"
        await pilot.press("space")
        await until(pilot, lambda: states(desk, release_id) == [State.DONE, State.OPEN])


async def test_an_act_on_a_disk_that_does_not_answer_is_left_to_itself(
    app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Esc does not wait for the disk; the act finds out later that it must not write."""
    answers, waits = Event(), Event()
    real = Patience.begin_writing

    def slow(patience: Patience) -> None:
        waits.set()
        answers.wait(30)
        real(patience)

    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        monkeypatch.setattr(Patience, "begin_writing", slow)
        monkeypatch.setattr(acting, "_LEFT_ALONE", 0.0)
        typed(app, "space")
        await until(pilot, lambda: screen.said == "Waiting for the disk. Esc gives up.")
        typed(app, "escape")
        await until(pilot, lambda: screen.said == "Given up. Nothing was written.")
        assert waits.is_set() and not answers.is_set()
        answers.set()
        await settled(pilot)
        assert states(desk, release_id) == [State.OPEN, State.OPEN]


async def test_what_is_being_written_cannot_be_given_up_any_more(
    app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Event()
    real = files.sync_folder

    def slow(folder: object) -> None:
        if present() is not None:
            answers.wait(30)
        real(folder)  # type: ignore[arg-type]

    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        monkeypatch.setattr(files, "sync_folder", slow)
        typed(app, "space")
        await until(pilot, lambda: screen.said == "Waiting for the disk to write.")
        typed(app, "escape")
        await until(pilot, lambda: "cannot be given up" in screen.said)
        answers.set()
        await until(pilot, lambda: screen.said.startswith("ticked"))
        assert states(desk, release_id) == [State.DONE, State.OPEN]


async def test_a_dialog_whose_answer_waits_stays_with_what_was_typed(
    app: ReluiApp, desk: Desk, release_id: str, held: ExitStack
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("exclamation_mark")
        await type_line(pilot, "the disk is full")
        await until(pilot, lambda: "somebody else is writing" in seen(app))
        assert isinstance(app.screen, LinePrompt)
        typed(app, "escape")
        await until(pilot, lambda: "Given up. Nothing was written." in seen(app))
        assert isinstance(app.screen, LinePrompt)
        assert app.screen.query_one(Input).value == "the disk is full"
        held.close()
        app.post_message(events.Key("enter", "\r"))
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: states(desk, release_id) == [State.FAILED, State.OPEN])


async def test_a_look_at_a_disk_that_does_not_answer_stops_no_key(
    app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Event()
    real = app.board.update

    def slow() -> frozenset[str]:
        answers.wait(30)
        return real()

    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        before = screen.node
        monkeypatch.setattr(app.board, "update", slow)
        app.beat()
        app.beat()  # does not begin another one
        await pilot.press("down")
        assert screen.node is not before
        desk.items.tick(release_id, [FIRST])
        answers.set()
        await until(pilot, lambda: app.beat() is None and "Pre-d 1/10" in seen(app))


def test_an_act_can_be_given_up_until_it_begins_to_write() -> None:
    waiting, writing = Patience(), Patience()
    assert waiting.give_up()
    with pytest.raises(GivenUp, match="Nothing was written"):
        waiting.begin_writing()
    writing.begin_writing()
    assert not writing.give_up()
    writing.begin_writing()  # the second file of an act that began already: it goes on to its end


async def test_a_new_release_that_waits_for_the_disk_opens_when_it_is_written(
    app: ReluiApp, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Event()
    real = desk.releases.new

    def slow(*given: Any, **named: Any) -> Any:
        answers.wait(30)
        return real(*given, **named)

    monkeypatch.setattr(desk.releases, "new", slow)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("c")
        await settled(pilot)
        form = app.screen
        assert isinstance(form, NewReleaseScreen)
        form.query_one("#service", Input).value = "payments"
        form.query_one("#version", Input).value = "2.5.0"
        typed(app, "ctrl+s", "space")
        await until(pilot, lambda: app.acts.under_way is not None)
        assert app.screen is form
        answers.set()
        await until(pilot, lambda: isinstance(app.screen, ChecklistScreen))
        await until(pilot, lambda: states(desk, "REL-2026-11-001")[0] is State.DONE)
