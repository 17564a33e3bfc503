"""Every key of every screen does what its table says, in every state that a user meets.

What a key runs is recorded, not done, so that one screen can be asked for all its keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.marking import Details
from relui.ui.app import ReluiApp
from relui.ui.calendar.screen import CalendarScreen
from relui.ui.checklist.screen import ChecklistScreen
from relui.ui.kit.command import Command
from relui.ui.kit.lines import LineList
from relui.ui.kit.question import Choose
from relui.ui.kit.screen import DeskScreen
from relui.ui.metrics.screen import MetricsScreen
from relui.ui.record.screen import RecordScreen
from relui.ui.releases.screen import HomeScreen
from relui.ui.retrospective.screen import RetrospectiveScreen
from relui.ui.review.owed import OwedScreen
from relui.ui.review.screen import ReviewScreen
from relui.ui.waiting.screen import WaitingScreen
from tests.ui.seen import settled

Open = Callable[[ReluiApp, str], None]
"""Brings a screen up, for a release where it is about one."""

SHORT, LONG = (120, 90), (80, 20)
"""Sizes at which a checklist is shorter, and longer, than its view."""

ON_A_RELEASE: dict[type[DeskScreen], Open] = {
    ChecklistScreen: lambda app, name: app.push_screen(ChecklistScreen(name)) and None,
    RecordScreen: lambda app, name: app.push_screen(RecordScreen(name)) and None,
    RetrospectiveScreen: lambda app, name: app.push_screen(RetrospectiveScreen(name)) and None,
}
ON_ALL: dict[type[DeskScreen], Open] = {
    HomeScreen: lambda app, name: None,
    CalendarScreen: lambda app, name: app.push_screen(CalendarScreen("")) and None,
    MetricsScreen: lambda app, name: app.push_screen(MetricsScreen()) and None,
    OwedScreen: lambda app, name: app.push_screen(OwedScreen()) and None,
    WaitingScreen: lambda app, name: app.push_screen(WaitingScreen()) and None,
}
REVIEW: dict[type[DeskScreen], Open] = {
    ReviewScreen: lambda app, name: app.push_screen(ReviewScreen([name], "all", {})) and None,
}
SCREENS = {**ON_A_RELEASE, **ON_ALL, **REVIEW}


def leaves_of(kind: type[DeskScreen]) -> Iterator[type[DeskScreen]]:
    """The screens that people see: those that nothing is made of."""
    if not kind.__subclasses__() and kind.__module__.startswith("relui."):
        yield kind
    for below in kind.__subclasses__():
        yield from leaves_of(below)


def test_every_screen_is_asked_for_its_keys() -> None:
    assert set(leaves_of(DeskScreen)) == set(SCREENS)


class Keys:
    """Records which command each key runs."""

    def __init__(self, pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> None:
        self.pilot = pilot
        self.ran: list[str] = []
        monkeypatch.setattr(DeskScreen, "run_command", self._record)

    def _record(self, command: Command) -> None:
        self.ran.append(command.id)

    async def wrong(self, screen: DeskScreen) -> list[str]:
        """Each key that does not run its command in the present state, with what it ran."""
        asked = [
            (key, command.id)
            for command in screen.all_commands()
            for key in command.keys
            if command.id != "quit"  # Textual's own key too: it ends the app
        ]
        self.ran = []
        for key, _ in asked:  # at once: one wait instead of one a key
            self.pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()
        if self.ran == [name for _, name in asked]:
            return []
        found = []
        for key, name in asked:
            self.ran = []
            await self.pilot.press(key)
            if self.ran != [name]:
                found.append(f"{key} is to run {name}, and ran {self.ran or 'nothing'}")
        return found


def panes(screen: DeskScreen) -> list[Widget]:
    """What can have the keyboard."""
    return [each for each in screen.query(LineList) if each.display and each.focusable]


async def ask_all(pilot: Pilot[None], keys: Keys, screen: DeskScreen) -> None:
    for pane in panes(screen) or [None]:
        if pane is not None:
            pane.focus()
            await pilot.pause()
        where = f"{type(screen).__name__}, {pane} focused, {pilot.app.size}"
        assert await keys.wrong(screen) == [], where


def filled(desk: Desk, release_id: str) -> None:
    """More than fits everywhere: releases, items that wait, a log."""
    for number in range(25):
        desk.releases.new(
            Request(service="shop", version=f"1.{number}.0", go_live="2026-12-05T20:00", owner="ada")
        )
        desk.items.annotate(release_id, "pre-release.branches", Details(note=f"note {number}"))


async def asked_for_all_keys(
    app: ReluiApp, kind: type[DeskScreen], release_id: str, size: tuple[int, int], patch: pytest.MonkeyPatch
) -> None:
    """Open the screen, and press everything: as it opens, and filtered."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        SCREENS[kind](app, release_id)
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, kind)
        keys = Keys(pilot, patch)
        await ask_all(pilot, keys, screen)
        screen.filter_by("a")
        await settled(pilot)
        await ask_all(pilot, keys, screen)


@pytest.mark.parametrize("size", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("kind", SCREENS, ids=lambda kind: kind.__name__)
async def test_every_key_runs_its_command(
    kind: type[DeskScreen],
    size: tuple[int, int],
    app: ReluiApp,
    desk: Desk,
    release_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where all fits, and where nothing does."""
    filled(desk, release_id)
    await asked_for_all_keys(app, kind, release_id, size, monkeypatch)


@pytest.mark.parametrize("kind", ON_A_RELEASE, ids=lambda kind: kind.__name__)
async def test_every_key_runs_its_command_on_an_archived_release(
    kind: type[DeskScreen], app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.releases.close(release_id, outcome="cancelled", reason="not needed")
    await asked_for_all_keys(app, kind, release_id, LONG, monkeypatch)


@pytest.mark.parametrize("kind", ON_ALL, ids=lambda kind: kind.__name__)
async def test_every_key_runs_its_command_where_there_is_nothing(
    kind: type[DeskScreen], app: ReluiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked_for_all_keys(app, kind, "", LONG, monkeypatch)


LETTERS = {"j": "down", "k": "up", "G": "end", "g": "home", "ctrl+f": "pagedown", "ctrl+b": "pageup"}
WALK = ("j", "j", "j", "ctrl+f", "k", "G", "k", "ctrl+b", "ctrl+b", "g", "j")


@pytest.mark.parametrize("kind", [ChecklistScreen, HomeScreen, WaitingScreen], ids=lambda kind: kind.__name__)
async def test_arrows_lead_where_letters_lead_in_a_list_longer_than_its_view(
    kind: type[DeskScreen], app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """Each step of a walk there and back: the same line, and it is in sight."""
    filled(desk, release_id)
    async with app.run_test(size=LONG) as pilot:
        await settled(pilot)
        SCREENS[kind](app, release_id)
        await settled(pilot)
        assert isinstance(app.screen, kind)
        rows = app.screen.main_list()
        assert rows is not None and rows.count() > rows.size.height + 5
        walks = []
        for names in ({}, LETTERS):
            rows.move_to(0)
            steps = []
            for key in WALK:
                await pilot.press(names.get(key, key))
                steps.append(rows.cursor)
                assert rows.scroll_offset.y <= rows.cursor < rows.scroll_offset.y + rows.size.height
            walks.append(steps)
        assert walks[0] == walks[1] and len(set(walks[0])) > 5


async def test_lists_in_dialogs_move_by_the_same_keys(app: ReluiApp) -> None:
    async with app.run_test(size=LONG) as pilot:
        await settled(pilot)
        app.push_screen(Choose("Which?", [(f"choice {number}", "") for number in range(40)]))
        await settled(pilot)
        rows = app.screen.query_one(LineList)
        for letter, arrow in LETTERS.items():
            rows.move_to(20)
            await pilot.press(letter)
            after = rows.cursor
            rows.move_to(20)
            await pilot.press(arrow)
            assert rows.cursor == after != 20, arrow


def test_no_widget_scrolls_by_keys_of_its_own() -> None:
    """Where a list or a form has something to scroll, such a key would come before the table's.

    A line to type into has one line, and takes its keys itself.
    """
    kinds: list[type[Widget]] = [Widget]
    for kind in kinds:
        kinds += kind.__subclasses__()
    scrolling = {
        kind.__name__
        for kind in kinds
        if kind.__module__.startswith("relui.ui.") and not issubclass(kind, Input)
        for _, binding in kind._merged_bindings or ()
        if binding.action in ("scroll_up", "scroll_down", "page_up", "page_down")
    }
    assert scrolling == set()
