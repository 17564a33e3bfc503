"""A tick from key to paint, with its bytes, against a bare Tree that toggles a label durably."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bare_tree import READY
from benchmarks.measures import Measure
from benchmarks.pty_session import DidNotPaintError, Frame, PtySession
from benchmarks.workplace import HalfWay, Workplace, reference_command, relui_command

LIMIT = 3.0
MOST_BYTES = 2048
TICKS_A_RUN = 3
"""A tick is short, so that more of them are needed for a steady p95."""


def tick(folder: Path, runs: int) -> list[Measure]:
    """With the demo's six active releases and one half-way, each item ticked once."""
    place = Workplace(folder / "six", active=6, archived=120)
    ours: list[Frame] = []
    bare: list[Frame] = []
    written = folder / "bare-tree"
    written.mkdir(parents=True, exist_ok=True)
    round_ = 0
    while len(ours) < runs * TICKS_A_RUN:
        round_ += 1
        with (
            PtySession(reference_command("bare_tree.py", str(written))) as tree,
            ticking(place, f"9.{time.time_ns() // 1_000_000 % 10**9}.{round_}") as ticks,
        ):
            tree.first_paint(READY)
            toggle(tree)
            next(ticks)
            for frame in ticks:
                ours.append(frame)
                bare.append(toggle(tree))
    return [
        Measure("tick, key to paint", "bare Tree", _times(ours), _times(bare), LIMIT),
        Measure(
            "tick, bytes painted", "bare Tree", _sizes(ours), _sizes(bare), MOST_BYTES, "B", absolute=True
        ),
    ]


def toggle(tree: PtySession) -> Frame:
    """The next node of the bare tree."""
    tree.press("j")
    return tree.press(" ")


@contextmanager
def ticking(place: Workplace, version: str) -> Iterator[Iterator[Frame]]:
    """A release of that version, half-way and open in relui: iterating ticks its plain items, one each."""
    release = place.begin_half_way(version)
    try:
        with PtySession(relui_command(), place.env) as session:
            yield _opened(session, place, release)
    finally:
        place.path_of(release.id).unlink()  # the next benchmark finds the place as it was


def _opened(session: PtySession, place: Workplace, release: HalfWay) -> Iterator[Frame]:
    """Find the release in the list and open it."""
    session.first_paint(*place.listed()[:3])
    session.settle(0.5)  # what waits until after the first paint is done by then
    session.press("/")
    session.press(release.words)
    session.press("\r")
    session.press("\r")
    session.settle(0.5)
    return _ticks(session, place, release)


def _ticks(session: PtySession, place: Workplace, release: HalfWay) -> Iterator[Frame]:
    path = place.path_of(release.id)
    for number, item in enumerate(release.open):
        if number:
            session.press("n")
        if item not in release.plain:
            continue
        before = path.stat().st_ino
        frame = session.press(" ")
        if path.stat().st_ino == before:
            raise DidNotPaintError(f"{item} of {release.id} was not ticked")
        yield frame


def _times(frames: list[Frame]) -> list[float]:
    return [frame.seconds * 1000 for frame in frames]


def _sizes(frames: list[Frame]) -> list[float]:
    return [float(len(frame.content)) for frame in frames]
