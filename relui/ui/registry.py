"""Which screens there are, by the names under which the app opens them; each is imported when it opens."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from relui.ui.kit.command import Commands
from relui.ui.kit.everywhere import EVERYWHERE, MOVING

if TYPE_CHECKING:
    from relui.loading.keymap import CommandKeys
    from relui.ui.kit.screen import DeskScreen


class Entry(NamedTuple):
    """Where a screen and its commands are declared, below `relui.ui`."""

    module: str
    screen: str
    commands_in: str
    commands: str


SCREENS: dict[str, Entry] = {
    "releases": Entry("releases.screen", "HomeScreen", "releases.commands", "HOME"),
    "checklist": Entry("checklist.screen", "ChecklistScreen", "checklist.commands", "CHECKLIST"),
    "calendar": Entry("calendar.screen", "CalendarScreen", "calendar.commands", "CALENDAR"),
    "retrospective": Entry(
        "retrospective.screen", "RetrospectiveScreen", "retrospective.commands", "RETROSPECTIVE"
    ),
    "record": Entry("record.screen", "RecordScreen", "record.commands", "RECORD"),
    "waiting": Entry("waiting.screen", "WaitingScreen", "waiting.commands", "WAITING"),
    "metrics": Entry("metrics.screen", "MetricsScreen", "metrics.commands", "METRICS"),
    "owed": Entry("review.owed", "OwedScreen", "review.commands", "OWED"),
    "review": Entry("review.screen", "ReviewScreen", "review.commands", "REVIEW"),
}


def screen_class(name: str) -> type[DeskScreen]:
    """The screen of that name."""
    entry = SCREENS[name]
    kind: type[DeskScreen] = getattr(import_module(f"relui.ui.{entry.module}"), entry.screen)
    return kind


def commands_of(name: str) -> Commands:
    """What can be done on the screen of that name, beside what every screen does."""
    entry = SCREENS[name]
    commands: Commands = getattr(import_module(f"relui.ui.{entry.commands_in}"), entry.commands)
    return commands


def command_keys() -> dict[str, CommandKeys]:
    """Every command with its built-in keys and the screens that it is on."""
    from relui.loading.keymap import CommandKeys

    scopes: dict[str, set[str]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for name in SCREENS:
        for command in (*commands_of(name), *EVERYWHERE, *MOVING):
            scopes.setdefault(command.id, set()).add(name)
            keys[command.id] = command.keys
    return {name: CommandKeys(name, keys[name], frozenset(scopes[name])) for name in keys}
