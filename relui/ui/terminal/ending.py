"""How the app ends when nobody asked it to: signals, a terminal that is gone, a fault. Drafts are kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from textual.app import App

from relui.ui.terminal.textual_private import fail

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""What ends the app in order. Ctrl+C and Ctrl+\\ are keys while it runs, so these come from elsewhere."""
_LEAVE = (
    "\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""Pastes, mouse, keyboard, the other screen, cursor and focus as they were before the app."""


class AppFailed(Exception):
    """The app ended by a fault, which is its cause."""


class EndsInOrder(App[None]):
    """An app that loses nothing typed when it has to end at once."""

    def keep_drafts(self) -> None:
        """Keep what is typed and not saved."""
        raise NotImplementedError

    def hung_up(self) -> None:
        """The terminal is gone."""
        end_by(self, signal.SIGHUP)


def listen_to_signals(app: EndsInOrder) -> None:
    """A closed terminal or a kill ends the app in order, and no fault in the background goes unseen."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, end_by, app, number)
    loop.set_exception_handler(lambda _, context: _background_fault(app, context))


def end_by(app: EndsInOrder, number: int) -> None:
    """Keep the drafts and leave with 128 + `number`."""
    app.keep_drafts()
    app.exit(return_code=128 + number)


def _background_fault(app: EndsInOrder, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if isinstance(error, Exception):
        fail(app, error)


@contextmanager
def interrupts_left_to_others() -> Iterator[None]:
    """While an editor has the terminal, Ctrl+C and Ctrl+\\ are meant for it: the app goes on afterwards."""
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = [(number, signal.getsignal(number)) for number in numbers]
    for number in numbers:
        signal.signal(number, lambda *_: None)  # not SIG_IGN, which the editor would inherit
    try:
        yield
    finally:
        for number, handler in before:
            if handler is not None:
                signal.signal(number, handler)


@contextmanager
def terminal_put_back() -> Iterator[None]:
    """Whatever happens within, the terminal is as it was before."""
    stream = sys.__stdin__
    descriptor = stream.fileno() if stream is not None and stream.isatty() else None
    attributes = None if descriptor is None else termios.tcgetattr(descriptor)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            os.write(sys.__stderr__.fileno() if sys.__stderr__ is not None else 2, _LEAVE.encode())
        raise
    finally:
        if descriptor is not None and attributes is not None:
            with suppress(termios.error):
                termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
