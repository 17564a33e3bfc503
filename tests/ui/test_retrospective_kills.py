"""The short form of `tests/torture/test_retrospective.py`."""

from __future__ import annotations

from relui.desk.desk import Desk
from tests.ui.retrospective_kills import PROMISED, kill_while_typing


def test_a_kill_while_typing_costs_two_seconds_at_most_and_the_rest_is_offered(
    desk: Desk, release_id: str
) -> None:
    """[S0.9]"""
    assert kill_while_typing(desk.data, rounds=2, seed=3) <= PROMISED
