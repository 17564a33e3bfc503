"""The full-screen app: one desk, one board of active releases, a stack of screens. Holds no rule."""

from __future__ import annotations

import gc
import os
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen
from textual.worker import WorkerFailed

from relui.desk.desk import Desk
from relui.errors import ReluiError
from relui.loading.themes import ThemeSpec, load_theme
from relui.locations import Locations
from relui.settings import Settings
from relui.ui.kit.acting import Act
from relui.ui.kit.desk_app import DeskApp
from relui.ui.kit.themes import STYLESHEET, first_theme, no_colour, textual_theme, variables_of
from relui.ui.terminal.ending import (
    AppFailed,
    interrupts_left_to_others,
    listen_to_signals,
    terminal_put_back,
)
from relui.ui.terminal.painting import Shown
from relui.ui.terminal.textual_private import driver_is_known, fault_of, is_ending, wait_until_mounted

if TYPE_CHECKING:
    from relui.loading.keymap import CommandKeys

_OPENING = 2.0
"""Seconds that a key waits for a screen that is being opened."""
BEAT = 1.0
"""Seconds between two looks at the data folder: another terminal's tick shows within two."""


class ReluiApp(DeskApp):
    """relui on a terminal."""

    TITLE = "relui"
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        STYLESHEET,
        Path(__file__).with_name("app.tcss"),
        Path(__file__).with_name("releases") / "style.tcss",  # shown first: parsed with the others, not anew
    ]
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, desk: Desk, locations: Locations, settings: Settings, *, note: str = "") -> None:
        spec, problems = load_theme(
            first_theme(settings.theme, os.environ), locations.themes, locations.own_themes
        )
        self._first_variables = variables_of(spec)
        super().__init__(desk, locations, settings, note=note, ansi_color=no_colour(os.environ) or None)
        self.register_theme(textual_theme(spec))
        self._begin_with(spec)
        self.problems += problems
        self._shown = Shown()
        self._look: Act[frozenset[str]] | None = None

    def _begin_with(self, spec: ThemeSpec) -> None:
        """`self.theme = ...`, but without parsing the stylesheet twice before the first paint."""
        if spec.ansi:
            self.theme = spec.name
            return
        self.set_reactive(App.theme, spec.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.add_class(f"-theme-{spec.name}", "-dark-mode" if spec.dark else "-light-mode")

    def action_command_palette(self) -> None:
        """Open the palette over a screen of ours, where there is room for it."""
        from relui.ui.kit.palette import Palette
        from relui.ui.kit.screen import DeskScreen

        if isinstance(self.screen, DeskScreen) and Palette.fits(self.size):
            self.push_screen(Palette())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """relui's variables before any theme is parsed."""
        return self._first_variables

    def on_mount(self) -> None:
        """Open the release list; everything that can wait comes after the first paint."""
        if not self.is_headless:
            listen_to_signals(self)
        self.open_screen("releases")
        self.set_interval(BEAT, self._beat)
        self.app_resume_signal.subscribe(self, lambda _: self._repaint_all())
        self.call_after_refresh(self._after_first_paint)

    def _repaint_all(self) -> None:
        """Somebody else had the terminal."""
        self._shown.forget()
        self.refresh(layout=True)

    def painted(self, update: Any) -> Any:
        """Of an update only what differs from what the terminal shows."""
        return self._shown.sparing(update)

    def _after_first_paint(self) -> None:
        from relui.ui.start import after_first_paint

        work: Any = partial(after_first_paint, self)  # never a coroutine that nobody awaits
        self.run_worker(work)

    # -- the terminal, and an end that nobody asked for (ending.py) ----------------------------------

    def get_driver_class(self) -> type[Driver]:
        """The driver that reads whatever a terminal sends."""
        if os.name != "posix" or not driver_is_known():
            return super().get_driver_class()
        from relui.ui.terminal.driver import TerminalDriver

        return TerminalDriver

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Stand aside while another program has the terminal."""
        with super().suspend(), interrupts_left_to_others():
            yield

    async def key_may_act(self) -> bool:
        """A key waits until the screen it is for has its widgets; after the one that ends the app none acts.

        Whoever types faster than a dialog opens would else act on a dialog without any.
        """
        if is_ending(self):
            return False
        await wait_until_mounted(self.screen, _OPENING)
        return True

    @property
    def fault(self) -> Exception | None:
        """What ended the app, when that was a fault of its own; a worker's own, where one failed."""
        failed = fault_of(self)
        inner = failed.error if isinstance(failed, WorkerFailed) else failed
        return inner if isinstance(inner, Exception) else failed

    def before_fault(self) -> None:
        """Drafts are kept; the command line tells the fault (cli/crash.py)."""
        self.keep_drafts()

    # -- the data behind the screens -----------------------------------------------------------------

    def _beat(self) -> None:
        self.beat()
        gc.collect(1)  # young garbage goes between the keys, not in the middle of a tick

    def beat(self) -> None:
        """Look at the data folder; screens in sight show what changed now, the others when they are again."""
        from relui.ui.kit.dialog import Dialog
        from relui.ui.kit.screen import DeskScreen

        if not self.is_running:  # it ends: the screens lose their parts one after the other
            return
        try:
            changed = self._changed()
        except ReluiError as error:
            if isinstance(self.screen, DeskScreen):
                self.screen.show_error(error)
            return
        own = self.board.own()
        in_sight = True
        if isinstance(self.screen, Dialog):
            self.screen.beat()
        for screen in reversed(self.screen_stack):
            if isinstance(screen, DeskScreen):
                screen.missed |= changed | {name for name, shown_by in own if shown_by is not screen}
                if in_sight:
                    screen.catch_up()
            in_sight = in_sight and screen.is_modal

    def _changed(self) -> frozenset[str]:
        """The releases that were written since the last look, once that look has ended."""
        if self.acts.under_way is not None:
            return frozenset()
        look = self._look or self.looks.start(self.board.update)
        self._look = None if look.ended else look
        return look.result() if look.ended else frozenset()

    # -- screens -------------------------------------------------------------------------------------

    def tell_error(self, error: ReluiError) -> None:
        """Tell it where the person looks: in the message line, or over the dialog, which stays open."""
        from relui.ui.kit.reading import Notice
        from relui.ui.kit.screen import DeskScreen

        screen = self.screen
        if isinstance(screen, DeskScreen):
            screen.show_error(error)
        elif not (isinstance(screen, Notice) and screen.text == error.message):
            self.push_screen(Notice(error.title, error.message))

    def say_below(self, words: str) -> None:
        """Put a sentence into the message line of the screen below the dialog that shows, where one is."""
        from relui.ui.kit.screen import DeskScreen

        below = self.screen_stack[-2]
        if isinstance(below, DeskScreen):
            below.say(words, "muted")

    def command_keys(self) -> Mapping[str, CommandKeys]:
        """Every command with its built-in keys and the screens that it is on."""
        from relui.ui.registry import command_keys

        return command_keys()

    def screen_of(self, name: str, *arguments: Any) -> Screen[None]:
        """A new screen of that name, over what the arguments name: a release, a tab, a line."""
        from relui.ui.registry import screen_class

        return screen_class(name)(*arguments)

    def stands_below(self, name: str, *arguments: Any) -> bool:
        """Whether the screen below the present one is that one."""
        from relui.ui.registry import screen_class

        below = self.screen_stack[-2] if len(self.screen_stack) > 1 else None
        return isinstance(below, screen_class(name)) and below.is_over(*arguments)

    def go_to(self, name: str, *arguments: Any) -> Awaitable[None] | None:
        """To the screen of that name that is open already over the same, else to a new one over this."""
        from relui.ui.registry import screen_class

        kind = screen_class(name)
        screens = [each for each in self.screen_stack if isinstance(each, kind) and each.is_over(*arguments)]
        if not screens:
            self.push_screen(kind(*arguments))
            return None
        from_here = self.screen is screens[-1]
        while self.screen is not screens[-1]:
            self.pop_screen()
        return screens[-1].reached(*arguments, from_here=from_here)


def run_app(desk: Desk, locations: Locations, settings: Settings, *, note: str = "") -> int:
    """Run the app until it is left. Returns the exit code: 0, or 128+n when a signal ended it.

    Raises AppFailed when a fault ended it; the terminal is as it was before then, and drafts are kept.
    """
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]  # set to nothing it asks for nothing, but Textual would grey the app
    with terminal_put_back():
        app = ReluiApp(desk, locations, settings, note=note)
        app.run(mouse=settings.mouse)
    if app.fault is not None:
        raise AppFailed("The app ended by a fault.") from app.fault
    return app.return_code or 0
