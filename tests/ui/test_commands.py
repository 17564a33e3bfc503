"""What every screen's commands ask of it is there: the act, what it is given, and what a refusal looks at."""

from __future__ import annotations

from inspect import signature
from operator import attrgetter

import pytest

from relui.ui.app import ReluiApp
from relui.ui.kit.everywhere import EVERYWHERE, MOVING
from relui.ui.kit.screen import DeskScreen
from relui.ui.registry import SCREENS, commands_of, screen_class
from tests.ui.seen import settled


async def opened(app: ReluiApp, name: str, release_id: str) -> DeskScreen:
    """The screen of that name, as the app opens it."""
    if name == "review":
        app.open_screen(name, [release_id], "all", {})
    elif name in ("checklist", "retrospective", "record"):
        app.open_screen(name, release_id)
    else:
        app.go_to(name)
    screen = app.screen
    assert isinstance(screen, screen_class(name))
    return screen


@pytest.mark.parametrize("name", SCREENS)
async def test_every_command_finds_its_act_and_what_it_looks_at(
    name: str, app: ReluiApp, release_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        screen = await opened(app, name, release_id)
        await settled(pilot)
        assert screen.commands == commands_of(name)
        assert screen.all_commands() == (*commands_of(name), *MOVING, *EVERYWHERE)
        for command in screen.all_commands():
            given = () if command.given is None else (command.given,)
            signature(attrgetter(command.act)(screen)).bind(*given)
            assert isinstance(command.refused(screen), str), command.id


def test_no_two_commands_have_one_id() -> None:
    """A person's own keys and README name commands by their ids."""
    tables = [commands_of(name) for name in SCREENS]
    ids = [command.id for table in (*tables, EVERYWHERE, MOVING) for command in table]
    assert len(ids) == len(set(ids))


def test_every_tooltip_is_one_sentence() -> None:
    commands = [*EVERYWHERE, *MOVING, *(command for name in SCREENS for command in commands_of(name))]
    wrong = [each.id for each in commands if not each.tooltip.endswith(".") or "\n" in each.tooltip]
    assert wrong == []
