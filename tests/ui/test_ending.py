"""How the app ends when nobody asked it to: in a real terminal, with its drafts and the right exit code."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from relui.desk.desk import Desk

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0
"""Seconds after which a hanging app is killed and the test fails."""
TYPED = b"\x1b[200~half-typed\x1b[201~"
"""Pasted, so that it is drawn in one piece."""
LEFT = b"\x1b[?1049l"
"""What puts the person's own screen back."""


class Glass:
    """The app in a process of its own behind a pseudo-terminal: what it is sent, and what it draws."""

    def __init__(self, process: int, descriptor: int) -> None:
        self.process, self.drawn = process, b""
        self._descriptor = descriptor
        self._until = time.monotonic() + PATIENCE

    def see(self, text: bytes) -> None:
        """Wait until the app has drawn `text` since the last look."""
        start = len(self.drawn)
        while text not in self.drawn[start:]:
            assert self._more(), self.drawn[start:][-2000:]

    def rest(self, seconds: float) -> None:
        """Read what is drawn until nothing has come for `seconds`: a person between two words."""
        while select.select([self._descriptor], [], [], seconds)[0] and self._more():
            pass

    def send(self, data: bytes) -> None:
        os.write(self._descriptor, data)

    def ended(self) -> int:
        """The exit code, when it has ended."""
        while self._more():
            pass
        _, status = os.waitpid(self.process, 0)
        self.process = 0
        return os.waitstatus_to_exitcode(status)

    def _more(self) -> bool:
        assert time.monotonic() < self._until, "the app hangs"
        ready, _, _ = select.select([self._descriptor], [], [], 1)
        if not ready:
            return True
        try:
            data = os.read(self._descriptor, 65536)
        except OSError:
            return False
        self.drawn += data
        return bool(data)


@contextmanager
def app_on(data: Path, before: str = "") -> Iterator[Glass]:
    """The app over a data folder; `before` is run in its process first."""
    code = f"import sys; sys.argv = ['relui', '--data', {str(data)!r}]\n{before}\n"
    code += "from relui.__main__ import main; main()"
    process, descriptor = pty.fork()
    if not process:
        os.chdir(ROOT)
        os.environ.update(TERM="xterm-256color", RELUI_CONFIG=str(data / "none"))
        os.execv(sys.executable, [sys.executable, "-c", code])
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    glass = Glass(process, descriptor)
    try:
        yield glass
    finally:
        if glass.process:
            os.kill(glass.process, signal.SIGKILL)
            os.waitpid(glass.process, 0)
        os.close(descriptor)


def drafts(data: Path) -> str:
    return "".join(path.read_text("utf-8") for path in (data / "drafts").glob("*.json"))


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name
)
def test_a_signal_keeps_the_draft_restores_the_terminal_and_is_the_exit_code(
    desk: Desk, release_id: str, number: signal.Signals
) -> None:
    with app_on(desk.data) as glass:
        glass.see(b"payments")
        glass.send(b"c")
        glass.see(b"New release")
        glass.send(TYPED)
        glass.see(b"half-typed")
        os.kill(glass.process, number)
        assert glass.ended() == 128 + number
        assert LEFT in glass.drawn
        assert b"Traceback" not in glass.drawn
    assert "half-typed" in drafts(desk.data)


FAULTS = {
    "in a key": "from relui.ui.releases.screen import HomeScreen\n"
    "def fault(*_): raise ZeroDivisionError\n"
    "HomeScreen.move = fault",
    "in the thread that reads keys": "from relui.ui.terminal.driver import TerminalReader\n"
    "def fault(*_): raise ZeroDivisionError\n"
    "TerminalReader.read = fault",
    "in a worker": "import relui.ui.start\n"
    "def fault(*_): raise ZeroDivisionError\n"
    "relui.ui.start._look_around = fault",
    "in what looks at the files": "from relui.ui.kit.desk_app import Board\n"
    "def fault(*_): raise ZeroDivisionError\n"
    "Board.update = fault",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_app_is_three_with_a_file_and_a_sentence(
    desk: Desk, release_id: str, fault: str
) -> None:
    with app_on(desk.data, FAULTS[fault]) as glass:
        if "key" in fault:
            glass.see(b"payments")
            glass.send(b"j")
        assert glass.ended() == 3
        assert LEFT in glass.drawn
        words = b" ".join(glass.drawn.split())
        assert b"fault of the program" in words
        assert b"Traceback" not in words
    (saved,) = (desk.data / "crash").iterdir()
    assert "in fault\nZeroDivisionError" in saved.read_text("utf-8").replace("raise ZeroDivisionError\n", "")


def test_a_fault_keeps_what_was_typed(desk: Desk, release_id: str) -> None:
    before = (
        "from relui.ui.kit.desk_app import Board\n"
        "from pathlib import Path\n"
        "real = Board.update\n"
        f"def late(self): return 1 / 0 if Path({str(desk.data)!r}, 'now').exists() else real(self)\n"
        "Board.update = late"
    )
    with app_on(desk.data, before) as glass:
        glass.see(b"payments")
        glass.send(b"c")
        glass.see(b"New release")
        glass.send(TYPED)
        glass.see(b"half-typed")
        (desk.data / "now").touch()
        assert glass.ended() == 3
    assert "half-typed" in drafts(desk.data)
