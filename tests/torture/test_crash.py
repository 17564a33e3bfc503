"""Killed and competing processes, long forms: `pytest -m torture tests/torture`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.store import crash, races
from tests.store.samples import NOW, desk_on, keep, ticking
from tests.store.test_damage import survives

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("seed", [11, 12])
def test_every_acknowledged_tick_survives_two_hundred_kills(tmp_path: Path, seed: int) -> None:
    crash.kill_while_ticking(tmp_path / "data", rounds=200, seed=seed)


def test_two_processes_tick_a_thousand_items_and_all_are_there(tmp_path: Path) -> None:
    crash.tick_at_once(tmp_path / "data", processes=2, each=500)


def test_a_hundred_kills_while_closing_leave_each_release_in_one_place(tmp_path: Path) -> None:
    crash.kill_while_closing(tmp_path / "data", rounds=100, seed=13)


def test_a_hundred_kills_while_creating_leave_whole_releases(tmp_path: Path) -> None:
    crash.kill_while_creating(tmp_path / "data", rounds=100, seed=14)


def test_a_hundred_kills_while_adding_to_the_archive_leave_a_whole_record(tmp_path: Path) -> None:
    crash.kill_while_adding(tmp_path / "data", rounds=100, seed=16)


def test_four_processes_add_to_one_archived_release_and_lose_nothing(tmp_path: Path) -> None:
    crash.add_at_once(tmp_path / "data", processes=4, each=50)


def test_four_processes_create_fifty_releases_each_without_sharing_an_identifier(tmp_path: Path) -> None:
    crash.create_at_once(tmp_path / "data", processes=4, each=50)


def test_four_processes_archive_two_hundred_releases_and_lose_no_row(tmp_path: Path) -> None:
    crash.close_at_once(tmp_path / "data", processes=4, each=50)


@pytest.mark.parametrize("seed", range(8))
def test_a_thousand_damaged_files_never_crash_anything(tmp_path: Path, seed: int) -> None:
    """Flipped, cut, doubled and shuffled bytes."""
    desk = desk_on(tmp_path / "data")
    for number in (1, 2):
        name = keep(desk.store.releases, number)
        desk.store.releases.change(name, ticking("work.i0"), NOW)
        desk.store.releases.change(name, ticking("work.i1"), NOW)
    bad = tmp_path / "data" / "releases" / "REL-2026-11-002.json"
    content = bad.read_bytes()
    chance = random.Random(seed)
    for _ in range(1000):
        spoilt = bytearray(content)
        for _ in range(chance.choice([1, 1, 2, 5])):
            start = chance.randrange(len(spoilt))
            end = start + chance.randrange(1, 80)
            kind = chance.randrange(4)
            if kind == 0:
                spoilt[start] ^= 1 << chance.randrange(8)
            elif kind == 1:
                del spoilt[start:end]
            elif kind == 2:
                spoilt[start:start] = spoilt[start:end]
            else:
                spoilt[start:end] = chance.choice([b"null", b"[]", b"{}", b"0", b'""', b"1e9", b"true"])
            spoilt = spoilt or bytearray(b"{}")
        bad.write_bytes(spoilt)
        survives(desk, bad)


def test_in_two_hundred_rounds_of_twenty_processes_one_wins_each_slot(tmp_path: Path) -> None:
    """[S1.37]"""
    races.book_at_once(tmp_path / "data", processes=20, rounds=200)


def test_two_hundred_kills_while_displacing_leave_no_two_in_a_slot(tmp_path: Path) -> None:
    races.kill_while_displacing(tmp_path / "data", rounds=200, seed=15)
