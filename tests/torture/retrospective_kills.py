"""The app is killed while somebody types a retrospective: what is lost is less than two seconds of typing."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

from tests.ui.test_ending import app_on

PROMISED = 2.0
"""Seconds of typing that a kill may cost."""


def kept_text(data: Path) -> str:
    """What is on disk of the first text, whoever typed it."""
    kept = [json.loads(path.read_bytes()) for path in (data / "drafts").glob("*.json")]
    return "".join(str(one["texts"].get("well", "")) for one in kept)


def kill_while_typing(data: Path, *, rounds: int, seed: int) -> float:
    """Type, kill at some moment, look at the draft, and see it offered. Returns the most seconds lost."""
    chance = random.Random(seed)
    worst = 0.0
    for _ in range(rounds):
        for path in (data / "drafts").glob("*.json"):
            path.unlink()
        typed: list[tuple[float, str]] = []
        with app_on(data) as glass:
            glass.see(b"payments")
            glass.send(b"4")
            glass.see(b"facts")
            glass.send(b"\r")
            glass.see(b"reading;")
            ends = time.monotonic() + chance.uniform(2.2, 3.5)
            while time.monotonic() < ends:
                word = f"w{len(typed)}."
                glass.send(word.encode())
                typed.append((time.monotonic(), word))
                glass.rest(0.05)  # not `see`: cells that look the same already are not drawn again
            os.kill(glass.process, signal.SIGKILL)
            killed = time.monotonic()
        kept = kept_text(data)
        whole = "".join(word for _, word in typed)
        assert kept and whole.startswith(kept), f"kept {kept!r} of {whole!r}"
        reached = 0
        for at, word in typed:
            reached += len(word)
            if reached > len(kept):
                worst = max(worst, killed - at)
                break
    with app_on(data) as glass:
        glass.see(b"payments")
        glass.send(b"4")
        glass.see(b"Typed")
    return worst
