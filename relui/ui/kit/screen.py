"""What every full screen has: its commands, a message line, a key bar, and one place that shows errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, TextArea

from relui.errors import ReluiError
from relui.ui.kit.acting import Act
from relui.ui.kit.command import Command, Commands, bindings, key_label
from relui.ui.kit.desk_app import DeskApp, TellsErrors
from relui.ui.kit.everywhere import EVERYWHERE, MOVING, Everywhere
from relui.ui.kit.lines import Bar, LineList, Pane
from relui.ui.kit.text import line, wrapped

if TYPE_CHECKING:
    from relui.desk.desk import Desk
    from relui.ui.kit.filter_field import FilterField

Result = TypeVar("Result")

MESSAGE_LINES = 3
"""Lines that the message may take; what is longer is cut, an error then shows in a dialog."""
_NEVER_TYPED = frozenset({"escape", "tab", "shift+tab", "f1"})
"""Keys that are commands in a text too."""
SMALLEST = (60, 20)
"""Columns and rows below which a notice stands instead of a screen that nobody could read."""


class DeskScreen(TellsErrors, Screen[None]):
    """A screen over the desk. Subclasses name their commands, which become their keys."""

    commands: ClassVar[Commands] = ()
    beside: ClassVar[tuple[str, ...]] = ()
    """The ids of the panes beside the list."""
    AUTO_FOCUS = ""

    def __init_subclass__(cls, **options: Any) -> None:
        if "commands" in cls.__dict__:
            cls.BINDINGS = [*bindings((*cls.commands, *MOVING, *EVERYWHERE))]
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        super().__init__()
        self._said, self._said_as = "", "text"
        self.filter_text = ""
        self.missed: frozenset[str] = frozenset()
        self.everywhere = Everywhere(self)

    @property
    def relui(self) -> DeskApp:
        """The app, as what it is."""
        return cast(DeskApp, self.app)

    @property
    def desk(self) -> Desk:
        """Every act goes through it."""
        return self.relui.desk

    @property
    def now(self) -> datetime:
        """The instant, from the one clock."""
        return self.desk.clock.now()

    def compose(self) -> ComposeResult:
        """The screen's own parts between nothing and the two lines at the bottom."""
        yield Bar(id="too-small")
        yield from self.parts()
        yield Bar(id="message")
        yield Bar(id="keys")

    def parts(self) -> ComposeResult:
        """The screen's own widgets."""
        raise NotImplementedError

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest size a notice stands instead of the screen."""
        self.fit(event.size.width, event.size.height)

    def fit(self, width: int, height: int) -> None:
        """Adapt to a size."""
        tiny = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(tiny, "-tiny")
        self.set_class(width < 100, "-narrow")
        self.set_class(height < 30, "-low")
        self.query_one("#too-small", Bar).show(
            line((f" relui needs {SMALLEST[0]}x{SMALLEST[1]}, this is {width}x{height}.", "overdue")),
            line(" Make the window larger; nothing is lost."),
        )
        self._show_message()
        self.show_keys()

    # -- words ---------------------------------------------------------------------------------------

    def say(self, text: str, mark: str = "text") -> None:
        """Put a sentence into the message line, of up to MESSAGE_LINES; it stays until the next act."""
        self._said, self._said_as = text, mark
        self._show_message()

    def _show_message(self) -> None:
        bar = self.query_one("#message", Bar)
        width = max(self.size.width - 2, 20)
        lines = wrapped([line((" ".join(self._said.split()), self._said_as))], width)
        if len(lines) > MESSAGE_LINES:
            rest = Content(" ").join(lines[MESSAGE_LINES - 1 :])
            lines = [*lines[: MESSAGE_LINES - 1], rest.truncate(width, ellipsis=True)]
        if bar.size.height != len(lines):
            bar.styles.height = max(1, len(lines))
        bar.show(*(Content.assemble(" ", one) for one in lines))

    @property
    def said(self) -> str:
        """The sentence in the message line."""
        return self._said

    def show_error(self, error: ReluiError) -> None:
        """The one place where a screen shows what went wrong: in the message line, in a dialog if longer."""
        text = " ".join(error.message.split())
        if len(text) <= (self.size.width - 10) * MESSAGE_LINES and "\n" not in error.message.strip():
            self.say(text, "failed")
            return
        from relui.ui.kit.reading import Notice

        self.say(f"{error.title}.", "failed")
        self.app.push_screen(Notice(error.title, error.message))

    def show_keys(self) -> None:
        """Fill the key bar with as many commands as fit, the most used first, help always."""
        width = self.size.width
        ranked = sorted((command for command in self.bar_commands() if command.rank), key=lambda c: c.rank)
        pieces: list[str | tuple[str, str]] = [" "]
        used = 1
        *others, last = ranked
        room = width - self._width_of(last) - 1
        for command in others:
            key = self._key_now(command)
            if not key:
                continue
            if used + self._width_of(command) > room:
                break
            pieces += [(key, "bold accent"), " ", (command.title, "muted"), "  "]
            used += self._width_of(command)
        pieces += [(self._key_now(last) or "F1", "bold accent"), " ", (last.title, "muted")]
        self.query_one("#keys", Bar).show(line(*pieces))

    def _key_now(self, command: Command) -> str:
        """The key that runs a command in the present state, for people; nothing where none does."""
        keys = self.keys_of(command)
        if isinstance(self.focused, (Input, TextArea)):
            keys = tuple(key for key in keys if key.startswith("ctrl+") or key in _NEVER_TYPED)
        return key_label(keys[0]) if keys else ""

    def _width_of(self, command: Command) -> int:
        return len(self._key_now(command)) + len(command.title) + 3

    def on_descendant_focus(self) -> None:
        """In a text letters are typed: the key bar offers only what works there."""
        self.show_keys()

    def on_descendant_blur(self) -> None:
        """The letters are keys again."""
        self.show_keys()

    # -- commands ------------------------------------------------------------------------------------

    def all_commands(self) -> Commands:
        """This screen's commands and those of every screen."""
        return (*self.commands, *MOVING, *EVERYWHERE)

    def bar_commands(self) -> Commands:
        """The commands that the key bar may show."""
        return self.all_commands()

    def command_named(self, command_id: str) -> Command:
        """The command of that id."""
        return next(command for command in self.all_commands() if command.id == command_id)

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """The keys that run a command here and now: the person's own, else the built-in ones."""
        return self.relui.own_keys.get(command.id, command.keys)

    def key_of(self, command_id: str) -> str:
        """The key that runs a command, as people write it: for sentences that name it."""
        keys = self.keys_of(self.command_named(command_id))
        return key_label(keys[0]) if keys else "the palette"

    def action_command(self, command_id: str) -> None:
        """Run a command, or say why it cannot be done now."""
        self.run_command(self.command_named(command_id))

    def run_command(self, command: Command) -> None:
        """Run a command; its errors are shown, and what it awaits runs beside the screen."""
        why = command.refused(self)
        if why:
            self.say(why, "overdue")
            return
        pending = self.guarded(command.on(self))
        if pending is not None:
            self.relui.opening = self.run_worker(self._finish(pending), exit_on_error=True)

    def perform(self, do: Callable[[], Result], then: Callable[[Result], object]) -> None:
        """Do something through the desk, and `then` show it; an error is shown instead.

        What takes long goes on beside the screen (`kit/acting.py`); `do` therefore touches no widget.
        """
        act = self.relui.acts.start(do)
        if act.ended:
            self.guarded(lambda: then(act.result()))
        else:
            self.relui.opening = self.run_worker(self._finish(self._performed(act, then)), exit_on_error=True)

    async def _performed(self, act: Act[Result], then: Callable[[Result], object]) -> None:
        then(await self.until_ended(act))

    async def outcome(self, do: Callable[[], Result]) -> Result:
        """As `perform`, for whoever can wait: what `do` gave. Raises what it raised."""
        act = self.relui.acts.start(do)
        return act.result() if act.ended else await self.until_ended(act)

    async def tried(self, do: Callable[[], Result]) -> Result | None:
        """As `outcome`; an error of relui's is shown and None returned."""
        try:
            return await self.outcome(do)
        except ReluiError as error:
            self.show_error(error)
            return None

    async def until_ended(self, act: Act[Result]) -> Result:
        """Wait for an act, and say in the message line what for. Raises what the act raised."""
        said, said_as = self._said, self._said_as
        try:
            return await act.until_ended(lambda words: self.say(words, "overdue"))
        finally:
            if self.is_attached:
                self.say(said, said_as)

    def guarded(self, act: Callable[[], Any]) -> Any:
        """Do something; an error of relui's is shown and None returned."""
        try:
            return act()
        except ReluiError as error:
            self.show_error(error)
            return None

    async def _finish(self, pending: Awaitable[None]) -> None:
        try:
            await pending
        except ReluiError as error:
            self.show_error(error)

    # -- moving --------------------------------------------------------------------------------------

    def main_list(self) -> LineList | None:
        """The list that the moving keys move in."""
        return None

    def move(self, by: int) -> None:
        """Move the cursor of the list with the keyboard."""
        focused = self.focused
        target = focused if isinstance(focused, LineList) else self.main_list()
        if target is not None:
            target.move_to(target.cursor + by)

    def page(self) -> int:
        """How many lines a page is."""
        focused = self.focused
        target = focused if isinstance(focused, LineList) else self.main_list()
        return target.page() if target is not None else 10

    def move_pages(self, pages: int) -> None:
        """Move by pages."""
        self.move(pages * self.page())

    def side_pane(self) -> Pane | None:
        """What stands beside the list and can be scrolled, where it shows."""
        shown = [pane for pane in self.query(Pane) if pane.id in self.beside and pane.display]
        return next((pane for pane in shown if pane.max_scroll_y), shown[0] if shown else None)

    def scroll_side(self, by: int) -> None:
        """Scroll what stands beside the list."""
        pane = self.side_pane()
        if pane is not None:
            pane.scroll_relative(y=by, animate=False)

    # -- filter --------------------------------------------------------------------------------------

    def start_filter(self) -> None:
        """Open the filter's text field."""
        from relui.ui.kit.filter_field import FilterField

        if not self.query("#filter"):
            field = FilterField(self.filter_text)
            self.mount(field, before="#message")
            field.focus()
            self.say(self.filter_words(), "muted")

    def filter_words(self) -> str:
        """What the filter looks for here, told below its field."""
        return "Filter: what has every word. Enter keeps it, Esc clears it."

    def on_filter_field_typed(self, event: FilterField.Typed) -> None:
        """Filter while typing."""
        self.filter_by(event.text)

    def on_filter_field_ended(self) -> None:
        """Give the keyboard back to the list."""
        self.query("#filter").remove()
        if not self.filter_text:
            self.say("")
        target = self.main_list()
        if target is not None:
            target.focus()

    def filter_by(self, text: str) -> None:
        """Show only what fits the words."""

    # -- what subclasses answer ----------------------------------------------------------------------

    def back(self) -> None:
        """Esc: undo the last change of view; never leaves the app."""

    def leave(self) -> None:
        """`q`: leave this screen."""
        self.app.pop_screen()

    def release_in_sight(self) -> str:
        """The release that another screen goes on with, or nothing."""
        return ""

    def release_to_read(self) -> str:
        """The release that is selected, in the archive too, or nothing: its record can be read there."""
        return self.release_in_sight()

    def go_archive(self) -> None:
        """To the archive of closed releases."""
        self.relui.go_to("releases", True)

    def is_over(self, *arguments: Any) -> bool:
        """Whether this is what a new screen with these arguments would be: the ways to it lead here."""
        return True

    def reached(self, *arguments: Any, from_here: bool) -> Awaitable[None] | None:
        """Called when a way leads to this screen that is open; `from_here` when it was in sight already."""

    def legend(self) -> list[Content]:
        """What this screen's own signs mean, for its help; without any, those of items are explained."""
        return []

    def troubles(self) -> tuple[str, ...]:
        """The situations in which what is under the cursor calls for help in trouble [S1.35]."""
        return ()

    def reload(self) -> None:
        """Show everything anew from what is on disk."""

    def on_screen_resume(self) -> None:
        """In sight again: what was written meanwhile shows."""
        self.relui.beat()

    def catch_up(self) -> None:
        """Show what was written since this screen was last in sight."""
        if self.is_mounted and self.children:  # before, and while the app ends, nothing shows
            missed, self.missed = self.missed, frozenset()
            self.beat(missed)

    def beat(self, changed: frozenset[str]) -> None:
        """Called about every second with the identifiers that were written since."""
