"""Another process that books: `python -m tests.store.racer DATA NAME RELEASE`.

For each instant on stdin it tries to book that slot for its release, and writes `won` or `lost WORDS`.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from relui.domain.log import Actor
from relui.errors import Refused
from tests.store.samples import desk_on


def _say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


def race(data: str, name: str, release_id: str) -> None:
    """Book what is asked for until stdin ends."""
    desk = desk_on(Path(data), Actor(name, name))
    _say("ready")
    for line in sys.stdin:
        try:
            desk.calendar.book(release_id, datetime.fromisoformat(line.strip()))
        except Refused as refused:
            _say(f"lost {' '.join(refused.message.split())}")
        else:
            _say("won")


def displace(data: str, low: str, high: str) -> None:
    """For ever: the lower one books, the higher one takes its slot, and gives it back."""
    desk = desk_on(Path(data))
    while True:
        desk.calendar.book(low)
        _say("booked")
        desk.calendar.book(high, displace=True)
        _say("displaced")
        desk.calendar.give_back(high, "again")


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    {"race": race, "displace": displace}[what](*given)
