"""Another process at work, started and perhaps killed by a test: `python -m tests.store.child ACT DATA ...`.

It writes one line for each act after the desk has returned from it: what is reported must survive.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from relui.desk.act import Done
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.log import Actor
from tests.store.samples import desk_on


def report(done: Done) -> None:
    """Identifier, number and hash of the entry that was just made; nothing when nothing changed."""
    if not done.changed:
        return
    last = done.record.log[-1]
    os.write(1, f"{done.release.id} {last['seq']} {last['hash']}\n".encode())


def tick(desk: Desk, release_id: str, first: str, last: str) -> None:
    """Tick the items from `first` to before `last`, once each."""
    for number in range(int(first), int(last)):
        report(desk.items.tick(release_id, [f"work.i{number}"]))


def toggle(desk: Desk, release_id: str) -> None:
    """Tick and untick for ever."""
    while True:
        for number in range(3):
            report(desk.items.tick(release_id, [f"work.i{number}"]))
        for number in range(3):
            report(desk.items.untick(release_id, [f"work.i{number}"]))


def close(desk: Desk, *release_ids: str) -> None:
    """Close one release after the other."""
    for release_id in release_ids:
        report(desk.releases.close(release_id, reason="done elsewhere"))


def create(desk: Desk, source: str, count: str) -> None:
    """Create copies of a release."""
    for number in range(int(count)):
        report(desk.releases.new(Request(copy_of=source, version=f"1.{number}", go_live="2026-11-20 20:00")))


def add(desk: Desk, release_id: str, first: str, last: str) -> None:
    """Add defects to an archived release, once each."""
    for number in range(int(first), int(last)):
        given = {"id": f"BUG-{number}", "summary": "wrong", "severity": "low"}
        report(desk.record.add_part(release_id, "defect", given))


ACTS: dict[str, Callable[..., None]] = {
    "tick": tick,
    "toggle": toggle,
    "close": close,
    "create": create,
    "add": add,
}


if __name__ == "__main__":
    act, data, name, *rest = sys.argv[1:]
    ACTS[act](desk_on(Path(data), Actor(name, name)), *rest)
