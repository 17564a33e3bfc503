"""A program in a terminal of 120x40 that is nobody's: start it, press keys, time what it paints.

It answers Textual's question for synchronised output as most terminals do, so every frame is bracketed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

COLUMNS, ROWS = 120, 40
QUIET = 0.06
"""Seconds without a byte after which a frame is complete."""
PATIENCE = 20.0
"""Seconds after which a program that does not paint has failed."""

_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronised output: supported
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # resizes told in band: unknown here
}
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cDEHM])")


class DidNotPaintError(Exception):
    """The program did not show what was waited for."""


@dataclass(frozen=True)
class Frame:
    """What one key led to: seconds until the last byte arrived, and the bytes."""

    seconds: float
    content: bytes


def words_of(output: bytes) -> str:
    """Terminal output without its escape sequences."""
    return _ESCAPES.sub(b"", output).decode(errors="replace")


class PtySession:
    """One program in a pseudo-terminal of its own. Leaving the context ends the program."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        """Start `command` with the variables `env` over those of this process."""
        variables = {
            **{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TEXTUAL")},
            **(env or {}),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        self.output = b""
        self.started = time.perf_counter()
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
                os.execvpe(command[0], list(command), variables)
            finally:
                os._exit(127)

    def __enter__(self) -> PtySession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def first_paint(self, *texts: str) -> float:
        """Seconds from the start until all `texts` have arrived. Raises DidNotPaintError."""
        return self._wait_for(texts, 0) - self.started

    def wait_for(self, *texts: str) -> None:
        """Wait until all `texts` have arrived since the last key. Raises DidNotPaintError."""
        self._wait_for(texts, 0)

    def press(self, keys: str) -> Frame:
        """Press keys at once and take what is painted until the terminal is quiet.

        Raises DidNotPaintError when nothing is.
        """
        self.settle()
        self.output = b""
        pressed = last = time.perf_counter()
        os.write(self._terminal, keys.encode())
        while True:
            patience = QUIET if self.output else PATIENCE
            arrived = self._read(patience)
            if arrived is None:
                break
            last = arrived
        if not self.output:
            raise DidNotPaintError(f"nothing was painted after {keys!r}")
        return Frame(last - pressed, self.output)

    def press_until(self, keys: str, text: str) -> float:
        """Press keys; seconds until `text` has arrived. Raises DidNotPaintError."""
        self.settle()
        self.output = b""
        pressed = time.perf_counter()
        os.write(self._terminal, keys.encode())
        return self._wait_for((text,), 0) - pressed

    def settle(self, quiet: float = QUIET) -> None:
        """Read until the terminal has been quiet."""
        while self._read(quiet) is not None:
            pass

    def close(self) -> None:
        """End the program, and read what it still writes: a full terminal would hold it up."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(self._pid, number)
            except ProcessLookupError:
                break
            if self._ended(within=3.0):
                break
        os.close(self._terminal)

    def _ended(self, within: float) -> bool:
        until = time.monotonic() + within
        while time.monotonic() < until:
            try:
                if os.waitpid(self._pid, os.WNOHANG)[0]:
                    return True
            except ChildProcessError:
                return True
            self._read(0.01)
        return False

    def _wait_for(self, texts: Sequence[str], since: int) -> float:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            arrived = self._read(0.2)
            if arrived is None:
                continue
            shown = words_of(self.output[since:])
            if all(text in shown for text in texts):
                return arrived
        raise DidNotPaintError(f"{texts} did not appear. What did: {words_of(self.output)[-2000:]}")

    def _read(self, patience: float) -> float | None:
        """Read once. Returns the instant of the read, None when nothing came (or the program ended)."""
        if not select.select([self._terminal], [], [], patience)[0]:
            return None
        try:
            read = os.read(self._terminal, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # the other end is closed
                raise
            time.sleep(min(patience, 0.01))
            return None
        arrived = time.perf_counter()
        for question, answer in _ANSWERS.items():
            if question in read:
                os.write(self._terminal, answer)
        self.output += read
        return arrived
