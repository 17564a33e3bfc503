"""What the app does right after its first paint, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from relui.errors import ReluiError
from relui.loading.keymap import load_keymap
from relui.loading.themes import ThemeSpec, load_themes
from relui.ui.kit.themes import textual_theme

if TYPE_CHECKING:
    from relui.ui.kit.desk_app import DeskApp

_SOON = ("relui.ui.checklist.screen", "filelock", "hashlib", "json")
"""What opening a release and the first tick need: imported before somebody waits for them."""
_THEN = ("relui.ui.record.screen", "relui.domain.calendar.check", "relui.ui.record.forms")
"""What opening a record and its first form need: imported when nothing else is left to do."""


async def after_first_paint(app: DeskApp) -> None:
    """Read the person's keys, then beside the screen themes and templates; tell what is wrong with them."""
    _own_keys(app)
    themes, problems = await asyncio.to_thread(_look_around, app)
    for spec in themes:
        app.register_theme(textual_theme(spec))
    app.problems += [problem for problem in problems if problem not in app.problems]
    _tell(app)
    if not app.is_headless:
        await asyncio.to_thread(_import, _THEN)
        _spare_the_collector()


def _import(modules: Sequence[str]) -> None:
    for module in modules:
        import_module(module)


def _look_around(app: DeskApp) -> tuple[list[ThemeSpec], list[str]]:
    """Every theme, and all problems; what a killed writer left is swept, and open actions find their release.

    Runs in a thread of its own.
    """
    _import(_SOON)
    themes, problems = load_themes(app.locations.themes, app.locations.own_themes)
    try:
        app.desk.health.sweep()
        app.desk.learning.carry_actions()
    except ReluiError as error:
        app.trouble.append(error.message)
        problems.append(error.message)
    return themes, problems + [str(problem) for problem in app.desk.templates.problems()]


def _spare_the_collector() -> None:
    """Nothing that is there now is garbage: it is not looked at again. The beats collect what comes."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


def _own_keys(app: DeskApp) -> None:
    try:
        if not app.locations.keymap.exists():
            return
    except OSError as error:
        app.problems.append(f"{app.locations.keymap} cannot be read: {error.strerror}.")
        return
    own, problems = load_keymap(app.locations.keymap, app.command_keys())
    app.problems += problems
    app.own_keys = own
    app.set_keymap({name: ",".join(keys) for name, keys in own.items() if keys})
    screen = app.screen
    from relui.ui.kit.screen import DeskScreen

    if isinstance(screen, DeskScreen):
        screen.show_keys()


def _tell(app: DeskApp) -> None:
    """Problems with the person's own files are told once; the app goes on."""
    from relui.ui.kit.screen import DeskScreen

    if not isinstance(app.screen, DeskScreen):
        return
    if app.problems:
        more = f" and {len(app.problems) - 1} more" if len(app.problems) > 1 else ""
        first = app.problems[0].splitlines()[0].replace(f"{app.locations.config}/", "")
        room = max(app.size.width - len(more) - 24, 30)
        app.screen.say(
            f"{first if len(first) <= room else first[:room] + '...'}{more}. P tells all.", "overdue"
        )
    elif not app.screen.said:
        stranger = app.desk.organisation.stranger()
        words = [f"{stranger} --as NAME acts as somebody else." if stranger else "", app.note]
        app.screen.say(" ".join(each for each in words if each), "overdue" if stranger else "text")
