"""Whole processes of the command line against the import of two libraries that it could not do without."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path

from benchmarks.measures import Measure, in_turn
from benchmarks.workplace import Workplace, relui_command

LIMIT = 1.6
REFERENCE = [sys.executable, "-c", "import pydantic, tinydb"]


def command_line(folder: Path, runs: int) -> list[Measure]:
    """`relui list --json` with the demo's six active releases, `relui tick` and `relui untick` in turn."""
    place = Workplace(folder / "six", active=6, archived=120)
    release = place.begin_half_way(f"8.{time.time_ns() // 1_000_000 % 10**9}")
    item = min(release.plain)
    act = cycle(["tick", "untick"])

    def imports() -> float:
        return _process(REFERENCE, {})

    def listed() -> float:
        return _process(relui_command("list", "--json"), place.env)

    def ticked() -> float:
        return _process(relui_command(next(act), release.id, item), place.env)

    first, lists, second, ticks = in_turn([imports, listed, imports, ticked], runs, warm_up=2)
    return [
        Measure("relui list --json", "import pydantic, tinydb", lists, first, LIMIT),
        Measure("relui tick", "import pydantic, tinydb", ticks, second, LIMIT),
    ]


def _process(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Milliseconds of a whole process. Raises CalledProcessError when it fails."""
    started = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **env},
    )
    return (time.perf_counter() - started) * 1000
