"""What an archive of 10,000 asks of searching, trends and memory: absolute limits, and 100 beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.archive_generator import generate
from benchmarks.measures import Measure
from relui.clock import Clock
from relui.desk.desk import Desk
from relui.domain.log import Actor
from relui.domain.summary import ArchiveIndex
from relui.loading.templates import TemplateLibrary
from relui.locations import find_locations
from relui.store.file_store import FileStore

FEW, MANY = 100, 10_000
TYPED = ("format", "rollback", "payments", "queue", "staging")
"""Words that are typed letter by letter."""
_MEMORY = """
import json, sys
from pathlib import Path
from relui.store.releases import ReleaseFiles
from relui.domain.summary import ArchiveIndex
import relui.ui.app, relui.ui.releases.screen, relui.ui.checklist.screen
index = ArchiveIndex(ReleaseFiles(Path(sys.argv[1])).archived())
index.find("rollback")
kilobytes = [line for line in open("/proc/self/status") if line.startswith("VmHWM")][0].split()[1]
print(json.dumps(int(kilobytes) / 1024))
"""


def learning(folder: Path, runs: int) -> list[Measure]:
    """Opening and searching, each further key, the trends, and what memory the archive takes."""
    few, many = (_archive(folder / f"learn-{count}", count) for count in (FEW, MANY))
    one, other = _desk(many), _desk(few)
    names = (f"{MANY:,} archived", f"{FEW} archived")

    def series(do: Callable[[Desk], list[float]]) -> tuple[list[float], list[float]]:
        found: tuple[list[float], list[float]] = ([], [])
        for _ in range(max(runs // 3, 3)):
            for figures, desk in zip(found, (one, other), strict=True):
                figures.extend(do(desk))
        return found

    one.store.catalogue.summaries()
    other.store.catalogue.summaries()
    return [
        Measure("open archive, first result", names[1], *series(_opened), 300, absolute=True),
        Measure("each further key", names[1], *series(_typed), 50, absolute=True),
        Measure("trends by month, service, type", names[1], *series(_trends), 1000, absolute=True),
        Measure("peak memory, archive open", names[1], *_memory(many, few), 2.0, unit="MB"),
    ]


def _archive(data: Path, count: int) -> Path:
    if not data.exists():
        generate(data, count=count, active=20, seed=1, now="2026-11-21T09:00:00Z")
    return data


def _desk(data: Path) -> Desk:
    library = TemplateLibrary(find_locations(str(data), {}).templates, None)
    return Desk(
        FileStore(data),
        data=data,
        clock=Clock(datetime(2026, 11, 21, 9, tzinfo=UTC), frozen=True),
        actor=Actor("benchmark", "benchmark"),
        library=lambda: library,
        host_zone=lambda: "UTC",
    )


def _timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def _opened(desk: Desk) -> list[float]:
    return [_timed(lambda: ArchiveIndex(desk.store.catalogue.summaries()).find("r"))]


def _typed(desk: Desk) -> list[float]:
    took: list[float] = []
    index = ArchiveIndex(desk.store.catalogue.summaries())
    for word in TYPED:
        for length in range(1, len(word) + 1):
            took.append(_timed(lambda text=word[:length]: index.find(text)))  # type: ignore[misc]
    return took


def _trends(desk: Desk) -> list[float]:
    rows = desk.store.catalogue.summaries()
    return [_timed(lambda: [desk.archive.trends_of(rows, by) for by in ("month", "service", "type")])]


def _memory(many: Path, few: Path) -> tuple[list[float], list[float]]:
    found: list[list[float]] = []
    for data in (many, few):
        command = [sys.executable, "-c", _MEMORY, str(data)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
        found.append([float(json.loads(answer.stdout))])
    return found[0], found[1]
