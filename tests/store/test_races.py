"""Two people never hold one slot (the short forms; the long ones are in tests/torture)."""

from __future__ import annotations

from pathlib import Path

from tests.store.races import book_at_once, kill_while_displacing


def test_of_twenty_processes_that_book_one_slot_one_wins(tmp_path: Path) -> None:
    """[S1.37] The losers are told who won, and the booking counter has no gap and no double."""
    book_at_once(tmp_path / "data", processes=20, rounds=3)


def test_a_kill_while_displacing_never_leaves_two_in_a_slot(tmp_path: Path) -> None:
    """[S1.32] First the other gives way, then the slot is booked."""
    kill_while_displacing(tmp_path / "data", rounds=4, seed=1)
