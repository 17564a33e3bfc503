"""A hundred kills while a retrospective is typed: `pytest -m torture tests/torture`."""

from __future__ import annotations

import pytest

from relui.desk.desk import Desk
from tests.torture.retrospective_kills import PROMISED, kill_while_typing
from tests.ui.conftest import desk, locations, make_desk, release_id  # noqa: F401 - fixtures

pytestmark = pytest.mark.torture


def test_a_hundred_kills_cost_at_most_two_seconds_of_typing_each(desk: Desk, release_id: str) -> None:  # noqa: F811
    assert kill_while_typing(desk.data, rounds=100, seed=17) <= PROMISED
