"""First paint of the release list against a Textual app of one label, started in turn."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measures import Measure, in_turn
from benchmarks.minimal_app import TEXT
from benchmarks.pty_session import PtySession
from benchmarks.workplace import Workplace, reference_command, relui_command

LIMIT = 1.6


def first_paint(folder: Path, runs: int) -> list[Measure]:
    """With the demo's six active releases and its archive."""
    place = Workplace(folder / "six", active=6, archived=120)
    relui, minimal = in_turn([lambda: relui_paints(place), _minimal_paints], runs, warm_up=2)
    return [Measure("first paint of the list", "one-label app", relui, minimal, LIMIT)]


def relui_paints(place: Workplace) -> float:
    """Milliseconds from starting relui until every release of the list has been painted."""
    with PtySession(relui_command(), place.env) as session:
        return session.first_paint(*place.listed()) * 1000


def _minimal_paints() -> float:
    with PtySession(reference_command("minimal_app.py")) as session:
        return session.first_paint(TEXT) * 1000
