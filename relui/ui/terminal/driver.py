"""The terminal's side of the app: nothing that a terminal sends can end the app or stop it.

Bytes that are no UTF-8 are replaced, answers that make no sense are passed over, text that is typed or
pasted is cleaned as everything from outside is, and sizes stay within what a screen can have.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual import events
from textual.geometry import Size
from textual.keys import Keys
from textual.message import Message

from relui.domain.text import clean
from relui.ui.terminal.textual_private import HookedDriver, HookedParser, ParseError

WIDEST, HIGHEST = 1_000, 500
"""Columns and rows that are drawn at most; a report of more would fill the memory."""
_PIECE = 4096
_TICK = 0.1
"""Seconds between two looks whether a lone Esc was meant, and whether the app ends."""
_JOINERS = "\u200c\u200d"


class TerminalParser(HookedParser):
    """Textual's parser, which passes over what it cannot understand instead of raising."""

    def odd_key(self) -> list[events.Key]:
        """For the code of no character: no key, and none of its digits either."""
        return [events.Key(Keys.Ignore, None)]

    def parse_mouse_code(self, code: str) -> Message | None:
        """A mouse event; None for one that cannot be."""
        try:
            return super().parse_mouse_code(code)
        except (ValueError, OverflowError, ZeroDivisionError):  # in pixels of a terminal without a size
            return None


class TerminalReader:
    """Turns bytes from a terminal into messages. Raises nothing."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = TerminalParser()

    def read(self, data: bytes) -> list[Message]:
        """The messages that `data` completes."""
        text = self._decode(data)
        return [*self._parsed(self._parser.feed(text) if text else ()), *self.tick()]

    def tick(self) -> list[Message]:
        """What was waiting for more, such as a lone Esc; to be called every now and then."""
        return self._parsed(self._parser.tick())

    def _parsed(self, messages: Iterable[Message]) -> list[Message]:
        found: list[Message] = []
        try:
            found += (fit for message in messages if (fit := fitting(message)) is not None)
        except (ParseError, ValueError, ArithmeticError, LookupError, StopIteration, RuntimeError):
            self._parser = TerminalParser()  # the rest of the piece is lost, not the app
        return found


def fitting(message: Message) -> Message | None:
    """A message from the terminal as the app may see it; None when nothing is left of it."""
    if isinstance(message, events.Paste):
        return events.Paste(clean(message.text, multiline=True))
    if isinstance(message, events.Key) and message.character is not None:
        typed = message.character
        if not typed.isascii() and typed not in _JOINERS and clean(typed) != typed:
            return None
    if isinstance(message, events.Resize):
        return _resized(message)
    return message


def _resized(event: events.Resize) -> events.Resize:
    width = min(max(event.size.width, 1), WIDEST)
    height = min(max(event.size.height, 1), HIGHEST)
    if (width, height) == event.size:
        return event
    size = Size(width, height)
    return events.Resize(size, size, pixel_size=None)


class TerminalDriver(HookedDriver):
    """Textual's driver for Linux and macOS with a reader that does not fail."""

    def fitted(self, width: int, height: int) -> tuple[int, int]:
        """A size within what is drawn at most."""
        return min(max(width, 1), WIDEST), min(max(height, 1), HIGHEST)

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the app ends, or the terminal is gone."""
        reader = TerminalReader()
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if not selector.select(_TICK):
                    messages = reader.tick()
                elif data := self._bytes():
                    messages = reader.read(data)
                else:
                    self.its_app.call_later(self._hung_up)
                    return
                for message in messages:
                    self.process_message(message)

    def _bytes(self) -> bytes:
        """What is there to read; nothing when the terminal is gone."""
        try:
            return os.read(self.fileno, _PIECE)
        except OSError:
            return b""

    def _hung_up(self) -> None:
        from relui.ui.terminal.ending import EndsInOrder

        assert isinstance(self.its_app, EndsInOrder)
        self.its_app.hung_up()
