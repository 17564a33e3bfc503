"""What 10,000 archived releases cost over 10: the first paint and a tick, with 20 active ones each."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.first_paint import relui_paints
from benchmarks.measures import Measure, in_turn
from benchmarks.tick import TICKS_A_RUN, ticking
from benchmarks.workplace import Workplace

LIMIT = 1.2
FEW, MANY = 10, 10_000


def archive(folder: Path, runs: int) -> list[Measure]:
    """relui on a small archive against itself on a large one, in turn."""
    few = Workplace(folder / "few", active=20, archived=FEW)
    many = Workplace(folder / "many", active=20, archived=MANY)
    names = (f"{MANY:,} archived", f"{FEW} archived")
    large, small = in_turn([lambda: relui_paints(many), lambda: relui_paints(few)], runs, warm_up=2)
    return [
        Measure(f"first paint, {names[0]}", names[1], large, small, LIMIT),
        _ticks(few, many, runs, names),
    ]


def _ticks(few: Workplace, many: Workplace, runs: int, names: tuple[str, str]) -> Measure:
    large: list[float] = []
    small: list[float] = []
    round_ = 0
    while len(large) < runs * TICKS_A_RUN:
        round_ += 1
        version = f"7.{time.time_ns() // 1_000_000 % 10**9}.{round_}"
        with ticking(many, version) as large_ticks, ticking(few, version) as small_ticks:
            pairs = zip(large_ticks, small_ticks, strict=True)
            next(pairs)
            for first, second in pairs:
                large.append(first.seconds * 1000)
                small.append(second.seconds * 1000)
    return Measure(f"tick, {names[0]}", names[1], large, small, LIMIT)
