"""Processes that are killed or get into each other's way. Long forms are in tests/torture."""

from __future__ import annotations

import os
import random
import select
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from relui.domain.checklist import State
from relui.domain.outline import Outline
from relui.store.releases import ReleaseFiles
from relui.store.upkeep import FileUpkeep
from tests.store.samples import desk_on, keep

ROOT = Path(__file__).parents[2]
ID = "REL-2026-11-001"


class Child:
    """Another process on the same data folder, and what it has reported."""

    def __init__(self, data: Path, act: str, *rest: object, name: str = "ada") -> None:
        command = [sys.executable, "-m", "tests.store.child", act, str(data), name, *map(str, rest)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        self._reported = b""

    def _read(self, seconds: float) -> bool:
        """Take in what is reported within that time. False at its end."""
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], max(0.0, seconds))
        if not readable:
            return True
        piece = os.read(self._process.stdout.fileno(), 65536)
        self._reported += piece
        return bool(piece)

    def started(self) -> None:
        """Wait for its first report."""
        while not self._reported and self._read(60):
            pass
        assert self._reported, "the child died before its first act"

    def kill_within(self, seconds: float) -> list[tuple[str, int, str]]:
        """SIGKILL it after that time, or let it end before. Returns everything that it reported."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._read(until - time.monotonic()):
            pass
        self._process.kill()
        return self._rest()

    def end(self) -> list[tuple[str, int, str]]:
        """Wait for its end, which must be a good one. Returns what it reported."""
        reported = self._rest()
        assert self._process.returncode == 0
        return reported

    def _rest(self) -> list[tuple[str, int, str]]:
        while self._read(60):
            pass
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        lines = [line.split() for line in self._reported.decode().splitlines()]
        return [(line[0], int(line[1]), line[2]) for line in lines if len(line) == 3]


def assert_sound(data: Path, reported: list[tuple[str, int, str]]) -> None:
    """Every file verifies, every reported act is in a log, and a start clears what was left."""
    desk = desk_on(data)
    desk.health.sweep()
    assert FileUpkeep(data).leftovers() == []
    assert desk.journal.active().problems == ()
    assert desk.store.catalogue.unreadable() == {}
    hashes: dict[str, list[object]] = {}
    for release_id in desk.journal.ids(archived=True):
        record = desk.store.releases.load(release_id)
        verdict = desk.health.verify(release_id)
        assert verdict.problems == (), release_id
        hashes[release_id] = [entry["hash"] for entry in record.log]
    for release_id, seq, hash_ in reported:
        assert hashes[release_id][seq - 1] == hash_


def kill_while_ticking(data: Path, rounds: int, seed: int) -> int:
    """SIGKILL a ticking process at random moments. Returns how many temp files were left in all."""
    chance = random.Random(seed)
    keep(ReleaseFiles(data))
    reported: list[tuple[str, int, str]] = []
    left = 0
    for turn in range(rounds):
        child = Child(data, "toggle", ID)
        if turn % 10:  # now and then it is killed while it starts
            child.started()
            reported += child.kill_within(chance.uniform(0, 0.012))
        else:
            reported += child.kill_within(chance.uniform(0, 0.2))
        left += len(FileUpkeep(data).leftovers())
        if turn % 10 == 0 or turn == rounds - 1:
            assert_sound(data, reported)
    assert len({entry for _, entry, _ in reported}) == len(reported) > 0
    return left


def tick_at_once(data: Path, processes: int, each: int) -> None:
    """Several processes tick distinct items of one release: all of them are ticked, in one chain."""
    keep(ReleaseFiles(data), items=processes * each)
    children = [
        Child(data, "tick", ID, number * each, (number + 1) * each, name=f"user{number}")
        for number in range(processes)
    ]
    reported = [line for child in children for line in child.end()]
    assert len(reported) == processes * each
    assert_sound(data, reported)
    release = desk_on(data).journal.open(ID).release
    assert Counter(leaf.state for leaf in Outline(release).leaves()) == {State.DONE: processes * each}
    assert Counter(mark.by for mark in release.marks.values()) == {
        f"user{number}": each for number in range(processes)
    }


def kill_while_closing(data: Path, rounds: int, seed: int) -> None:
    """SIGKILL a closing process: each release is active or archived, once; the next start ends a move."""
    chance = random.Random(seed)
    store = ReleaseFiles(data)
    reported: list[tuple[str, int, str]] = []
    for turn in range(rounds):
        ids = [keep(store, turn * 10 + number) for number in range(1, 7)]
        child = Child(data, "close", *ids)
        if turn % 5:
            child.started()
        reported += child.kill_within(chance.uniform(0, 0.02))
        for release_id in ids:
            active = (data / "releases" / f"{release_id}.json").exists()
            archived = (data / "archive" / "2026" / f"{release_id}.json").exists()
            assert active != archived, release_id
        desk = desk_on(data)
        assert all(not release.closed for release in desk.journal.active().releases)
        assert set(desk.journal.ids(archived=True)) == set(desk.store.releases.active_ids()) | {
            row.id for row in desk.store.catalogue.summaries()
        }
        assert {release_id for release_id, _, _ in reported} <= {
            row.id for row in desk.store.catalogue.summaries()
        }
    assert_sound(data, reported)
    assert len(desk_on(data).journal.ids(archived=True)) == rounds * 6
    assert reported


def add_at_once(data: Path, processes: int, each: int) -> None:
    """Several processes add defects to one archived release: all of them are there, in one chain."""
    release_id = _archived(data)
    children = [
        Child(data, "add", release_id, number * each, (number + 1) * each, name=f"user{number}")
        for number in range(processes)
    ]
    reported = [line for child in children for line in child.end()]
    assert len(reported) == processes * each
    assert_sound(data, reported)
    found = desk_on(data).journal.open(release_id).release.dossier.defects
    assert {each.id for each in found} == {f"BUG-{number}" for number in range(processes * each)}
    assert [row.escaped for row in desk_on(data).store.catalogue.summaries()] == [processes * each]


def kill_while_adding(data: Path, rounds: int, seed: int) -> None:
    """SIGKILL a process that adds to the archive: what it reported is there, the rest is whole."""
    chance = random.Random(seed)
    release_id = _archived(data)
    reported: list[tuple[str, int, str]] = []
    for turn in range(rounds):
        child = Child(data, "add", release_id, turn * 1000, turn * 1000 + 1000)
        if turn % 5:
            child.started()
        reported += child.kill_within(chance.uniform(0, 0.02))
        desk = desk_on(data)
        desk.health.sweep()
        assert desk.store.releases.active_ids() == []
        found = desk.journal.open(release_id).release.dossier.defects
        assert [row.escaped for row in desk.store.catalogue.summaries()] == [len(found)]
    assert_sound(data, reported)
    assert reported


def _archived(data: Path) -> str:
    release_id = keep(ReleaseFiles(data))
    desk_on(data).releases.close(release_id, reason="done elsewhere")
    return release_id


def kill_while_creating(data: Path, rounds: int, seed: int) -> None:
    """SIGKILL a creating process: what it reported is there, and no identifier is ever given twice."""
    chance = random.Random(seed)
    keep(ReleaseFiles(data))
    reported: list[tuple[str, int, str]] = []
    for turn in range(rounds):
        child = Child(data, "create", ID, 1000)
        if turn % 5:
            child.started()
        reported += child.kill_within(chance.uniform(0, 0.02))
        desk_on(data).health.sweep()
    assert_sound(data, reported)
    ids = [release_id for release_id, _, _ in reported]
    assert len(set(ids)) == len(ids) > 0
    assert set(ids) < set(ReleaseFiles(data).active_ids())
    (last,) = Child(data, "create", ID, 1).end()
    assert last[0] == max(ReleaseFiles(data).active_ids()) > max(ids)


def create_at_once(data: Path, processes: int, each: int) -> None:
    """Several processes create releases: every identifier is given once, and none is left out."""
    keep(ReleaseFiles(data))
    children = [Child(data, "create", ID, each, name=f"user{number}") for number in range(processes)]
    reported = [line for child in children for line in child.end()]
    assert_sound(data, reported)
    expected = [f"REL-2026-11-{number:03d}" for number in range(1, processes * each + 2)]
    assert ReleaseFiles(data).active_ids() == expected
    assert sorted(release_id for release_id, _, _ in reported) == expected[1:]


def close_at_once(data: Path, processes: int, each: int) -> None:
    """Several processes archive while another lists: no row is lost, at the end or on the way."""
    store = ReleaseFiles(data)
    ids = [keep(store, number) for number in range(1, processes * each + 1)]
    children = [Child(data, "close", *ids[number::processes]) for number in range(processes)]
    seen: set[str] = set()
    while any(child._process.poll() is None for child in children):
        now = {row.id for row in ReleaseFiles(data).catalogue.summaries()}
        assert seen <= now
        seen = now
    reported = [line for child in children for line in child.end()]
    assert_sound(data, reported)
    assert sorted(row.id for row in store.catalogue.summaries()) == ids
    assert store.active_ids() == []
