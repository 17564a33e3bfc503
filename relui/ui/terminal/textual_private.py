"""Every name of Textual's that Textual does not promise: what relui needs of them, and what happens without.

Textual may change them in any release. `PARTS` lists them, `changed` compares the list with the Textual that
is installed, and a test names what differs. At run time every use falls back to Textual's own behaviour:
slower or plainer, never broken. No other module of relui uses such a name; a test proves that, too.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from textual.app import App
from textual.command import CommandPalette
from textual.message_pump import MessagePump
from textual.widgets import Input

if TYPE_CHECKING:
    from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
    from textual._parser import ParseError
    from textual._xterm_parser import XTermParser
    from textual.driver import Driver
    from textual.drivers.linux_driver import LinuxDriver
else:
    try:
        from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
    except ImportError:  # then every update goes to the terminal as Textual makes it
        CompositorUpdate = object
        ChopsUpdate = LayoutUpdate = type("NoUpdate", (), {})

    try:
        from textual._parser import ParseError
        from textual._xterm_parser import XTermParser
        from textual.drivers.linux_driver import LinuxDriver
    except ImportError:  # another system, or another Textual: its own driver is used
        ParseError, XTermParser, LinuxDriver = ValueError, object, object

__all__ = ["ChopsUpdate", "CompositorUpdate", "LayoutUpdate", "ParseError"]


class Part(NamedTuple):
    """A private name: the class that has it as `module:Class`, what it takes, and what relui does with it.

    `takes` are the names of a method's parameters after `self`; None where it is an attribute.
    """

    owner: str
    name: str
    takes: tuple[str, ...] | None
    why: str


PARTS = (
    Part("textual.app:App", "_display", ("screen", "renderable"), "sends only the cells that differ"),
    Part("textual.app:App", "_check_bindings", ("key", "priority"), "holds a key until its screen is up"),
    Part("textual.app:App", "_handle_exception", ("error",), "keeps drafts when a fault ends the app"),
    Part("textual.app:App", "_fatal_error", (), "ends without a traceback that shows values"),
    Part("textual.app:App", "_close_messages_no_wait", (), "ends without a traceback that shows values"),
    Part("textual.app:App", "_exit", None, "takes no key after the one that ends the app"),
    Part("textual.app:App", "_exception", None, "tells the fault that ended the app"),
    Part("textual.app:App", "_driver", None, "sends the clipboard's sequence through tmux"),
    Part("textual.message_pump:MessagePump", "_dispatch_message", ("message",), "tells errors on a screen"),
    Part("textual.message_pump:MessagePump", "_mounted_event", None, "holds a key until its screen is up"),
    Part("textual.widget:Widget", "_pruning", None, "passes over messages to a screen that was left"),
    Part("textual.widgets:Input", "_on_key", ("event",), "lets Esc and Down leave the filter"),
    Part("textual.command:CommandPalette", "_action_command_list", ("action",), "moves in an empty palette"),
    Part("textual._compositor:ChopsUpdate", "chops", None, "sends only the cells that differ"),
    Part("textual._compositor:ChopsUpdate", "chop_ends", None, "sends only the cells that differ"),
    Part("textual._compositor:ChopsUpdate", "spans", None, "sends only the cells that differ"),
    Part("textual._compositor:LayoutUpdate", "strips", None, "sends only the cells that differ"),
    Part("textual._compositor:LayoutUpdate", "region", None, "sends only the cells that differ"),
    Part("textual._xterm_parser:XTermParser", "_parse_extended_key", ("sequence",), "reads odd keys"),
    Part("textual._xterm_parser:XTermParser", "parse_mouse_code", ("code",), "reads odd mouse events"),
    Part("textual._parser:Parser", "feed", ("data",), "reads odd input"),
    Part("textual._parser:Parser", "tick", (), "tells a lone Esc"),
    Part("textual.drivers.linux_driver:LinuxDriver", "_get_terminal_size", (), "limits sizes"),
    Part("textual.drivers.linux_driver:LinuxDriver", "_run_input_thread", (), "reads odd input"),
    Part("textual.drivers.linux_driver:LinuxDriver", "run_input_thread", (), "reads odd input"),
    Part("textual.drivers.linux_driver:LinuxDriver", "fileno", None, "reads odd input"),
    Part("textual.drivers.linux_driver:LinuxDriver", "exit_event", None, "reads odd input"),
    Part("textual.driver:Driver", "_app", None, "ends the app when the terminal is gone"),
    Part("textual.driver:Driver", "process_message", ("message",), "reads odd input"),
    Part("textual_plotext:Plot", "_set_size", ("width", "height"), "draws plots larger than the terminal"),
)
"""What is checked. Names of a private module's classes count as private."""
_DRIVER = ("textual._xterm_parser", "textual._parser", "textual.drivers.linux_driver", "textual.driver")
"""The modules of what the terminal's driver needs: it works with all of it or not at all."""


def changed(parts: Iterable[Part] = PARTS) -> list[str]:
    """A sentence for each part that the installed Textual has no more, or has differently."""
    return [words for part in parts if (words := _difference(part))]


def _difference(part: Part) -> str:
    module, _, name = part.owner.partition(":")
    try:
        owner = getattr(import_module(module), name)
    except (ImportError, AttributeError):
        return f"{module} has no {name} ({part.name}: {part.why})"
    if part.takes is None:
        return "" if _has_attribute(owner, part.name) else f"{name} has no {part.name}: {part.why}"
    method = getattr(owner, part.name, None)
    code = getattr(inspect.unwrap(method), "__code__", None) if method is not None else None
    if code is None:
        return f"{name} has no method {part.name}: {part.why}"
    takes = code.co_varnames[1 : code.co_argcount]
    if takes != part.takes:
        return f"{name}.{part.name} takes {takes} instead of {part.takes}: {part.why}"
    return ""


def _has_attribute(owner: type[Any], name: str) -> bool:
    """Whether instances have it: declared on the class, or set by a method of it."""
    for kind in owner.__mro__:
        if name in vars(kind) or name in vars(kind).get("__annotations__", {}):
            return True
        for method in vars(kind).values():
            code = getattr(method, "__code__", None)
            if code is not None and name in code.co_names:
                return True
    return False


# -- the app ---------------------------------------------------------------------------------------------


class HookedApp(App[None]):
    """Textual's app with places where relui can step in. Each does nothing unless it is overridden."""

    def _display(self, *given: Any, **named: Any) -> None:
        if len(given) == 2 and not named:
            given = (given[0], self.painted(given[1]))
        super()._display(*given, **named)

    def painted(self, update: Any) -> Any:
        """What is sent to the terminal in place of `update`."""
        return update

    async def _check_bindings(self, *given: Any, **named: Any) -> bool:
        if not await self.key_may_act():
            return True
        return await super()._check_bindings(*given, **named)

    async def key_may_act(self) -> bool:
        """Awaited before anybody looks what a key does; False when it does nothing."""
        return True

    def _handle_exception(self, *given: Any, **named: Any) -> None:
        if fault_of(self) is None:
            self.before_fault()
        super()._handle_exception(*given, **named)

    def before_fault(self) -> None:
        """A fault is about to end the app."""

    def _fatal_error(self, *given: Any, **named: Any) -> None:
        close = getattr(self, "_close_messages_no_wait", None)
        if self.is_headless or close is None:
            super()._fatal_error(*given, **named)
        else:
            close()


def is_ending(app: App[Any]) -> bool:
    """The app was asked to end."""
    return bool(getattr(app, "_exit", False))


def fault_of(app: App[Any]) -> Exception | None:
    """What ended the app, when that was a fault."""
    return cast("Exception | None", getattr(app, "_exception", None))


def fail(app: App[Any], error: Exception) -> None:
    """End the app by a fault that happened outside its messages."""
    handle = getattr(app, "_handle_exception", None)
    if handle is None:
        app.exit(return_code=1, message=str(error))
    else:
        handle(error)


def write_raw(app: App[Any], text: str) -> bool:
    """Send a sequence to the terminal as it is; False when there is no way to."""
    driver: Driver | None = getattr(app, "_driver", None)
    if driver is None:
        return False
    driver.write(text)
    return True


# -- what gets messages ----------------------------------------------------------------------------------


class HookedPump(MessagePump):
    """What gets messages, and may survive what they lead to."""

    SURVIVES: ClassVar[tuple[type[Exception], ...]] = ()
    """The errors that `survived` is asked about."""

    async def _dispatch_message(self, *given: Any, **named: Any) -> None:
        try:
            await super()._dispatch_message(*given, **named)
        except self.SURVIVES as error:
            if not self.survived(error):
                raise

    def survived(self, error: Exception) -> bool:
        """Deal with an error that a message led to; False lets it go on."""
        return False


def is_mounted(pump: MessagePump) -> bool:
    """Its widgets are there."""
    event = _mounted_event(pump)
    return event is None or event.is_set()


async def wait_until_mounted(pump: MessagePump, seconds: float) -> None:
    """Wait until its widgets are there, for so many seconds at most."""
    event = _mounted_event(pump)
    if event is not None:
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)


def _mounted_event(pump: MessagePump) -> asyncio.Event | None:
    return getattr(pump, "_mounted_event", None)


def is_being_removed(pump: MessagePump) -> bool:
    """It is about to leave the screen."""
    return bool(getattr(pump, "_pruning", False))


class HookedInput(Input):
    """A line to type into that may give up a key before it is typed."""

    async def _on_key(self, event: Any) -> None:
        if not self.took(event):
            await super()._on_key(event)

    def took(self, event: Any) -> bool:
        """True when the key was dealt with."""
        return False


class HookedPalette(CommandPalette):
    """Textual's palette, which moves nowhere in a list that has no lines yet."""

    def _action_command_list(self, *given: Any, **named: Any) -> None:
        with suppress(KeyError):
            super()._action_command_list(*given, **named)


def size_plot(figure: Any, width: int, height: int) -> None:
    """Give one of textual-plotext's figures a size that does not depend on the terminal's."""
    figure.plotsize(width, height)
    resize = getattr(figure, "_set_size", None)
    if resize is not None:
        resize(width, height)


# -- the terminal ----------------------------------------------------------------------------------------


def driver_is_known() -> bool:
    """Whether the parts that the terminal's driver builds on are as it knows them."""
    return not changed(part for part in PARTS if part.owner.partition(":")[0] in _DRIVER)


class HookedParser(XTermParser):
    """Textual's parser of what terminals send, with a way out where it would raise."""

    def _parse_extended_key(self, sequence: str) -> Any:  # type: ignore[override]
        try:
            return super()._parse_extended_key(sequence)
        except (ValueError, OverflowError):
            return self.odd_key()

    def odd_key(self) -> Sequence[Any]:
        """In place of a key that cannot be."""
        return []


class HookedDriver(LinuxDriver):
    """Textual's driver for Linux and macOS with its sizes and its reading open to change."""

    def _get_terminal_size(self) -> tuple[int, int]:
        return self.fitted(*super()._get_terminal_size())

    def fitted(self, width: int, height: int) -> tuple[int, int]:
        """A size that a screen can have."""
        return width, height

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - a thread's end would leave an app without a keyboard
            self._app.call_later(fail, self._app, error)

    @property
    def its_app(self) -> App[Any]:
        """The app that it drives."""
        return self._app
