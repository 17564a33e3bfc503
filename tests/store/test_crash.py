"""Killed and competing processes lose nothing (the short forms; the long ones are in tests/torture)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store import crash

pytestmark = pytest.mark.skipif(not hasattr(__import__("signal"), "SIGKILL"), reason="needs SIGKILL")


def test_every_acknowledged_tick_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    crash.kill_while_ticking(tmp_path / "data", rounds=21, seed=1)


def test_two_processes_ticking_one_release_lose_nothing(tmp_path: Path) -> None:
    crash.tick_at_once(tmp_path / "data", processes=2, each=40)


def test_a_kill_while_closing_leaves_each_release_in_one_place_and_the_next_start_ends_it(
    tmp_path: Path,
) -> None:
    crash.kill_while_closing(tmp_path / "data", rounds=10, seed=3)


def test_a_kill_while_adding_to_the_archive_leaves_a_whole_record_and_its_row(tmp_path: Path) -> None:
    crash.kill_while_adding(tmp_path / "data", rounds=8, seed=5)


def test_processes_that_add_to_one_archived_release_lose_nothing(tmp_path: Path) -> None:
    crash.add_at_once(tmp_path / "data", processes=2, each=12)


def test_a_kill_while_creating_leaves_whole_releases_and_spent_numbers(tmp_path: Path) -> None:
    crash.kill_while_creating(tmp_path / "data", rounds=10, seed=4)


def test_processes_that_create_at_once_never_share_an_identifier(tmp_path: Path) -> None:
    crash.create_at_once(tmp_path / "data", processes=4, each=12)


def test_processes_that_archive_at_once_lose_no_row(tmp_path: Path) -> None:
    crash.close_at_once(tmp_path / "data", processes=2, each=12)
