"""Processes that want the same slot, and one that is killed while displacing. Long forms: tests/torture."""

from __future__ import annotations

import random
import select
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from relui.domain.organisation import Organisation, Service
from relui.domain.release import Release
from relui.store.releases import ReleaseFiles
from tests.store.crash import ROOT
from tests.store.samples import begun, desk_on, release_of

FIRST = datetime(2026, 12, 1, 20, tzinfo=UTC)


def _racer(*given: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.racer", *map(str, given)]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def _said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def book_at_once(data: Path, processes: int, rounds: int) -> None:
    """In each round every process wants the same slot: one wins it, and every loser is told who."""
    store = ReleaseFiles(data)
    ids = [store.create(*begun(release_of(number, items=1))).release.id for number in range(1, processes + 1)]
    racers = [_racer("race", data, f"user{number}", name) for number, name in enumerate(ids)]
    assert [_said(racer) for racer in racers] == ["ready"] * processes
    for turn in range(rounds):
        at = FIRST + timedelta(days=turn)
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write(f"{at.isoformat()}\n")
        answers = {name: _said(racer) for name, racer in zip(ids, racers, strict=True)}
        (winner,) = [name for name, answer in answers.items() if answer == "won"]
        assert all(winner in answer for name, answer in answers.items() if name != winner), answers
        held = [r for r in desk_on(data).journal.active().releases if r.booking and r.booking.at == at]
        assert [release.id for release in held] == [winner]
        assert held[0].booking is not None and held[0].booking.counter == turn + 1
    for racer in racers:
        assert racer.stdin is not None and racer.stdout is not None
        racer.stdin.close()
        assert racer.wait(60) == 0
        racer.stdout.close()
    desk = desk_on(data)
    assert all(desk.health.verify(name).intact for name in ids)
    bookings = [booking for release in desk.journal.active().releases for booking in release.bookings]
    assert sorted(booking.counter for booking in bookings) == list(range(1, rounds + 1))


def kill_while_displacing(data: Path, rounds: int, seed: int) -> int:
    """SIGKILL a displacing process: never do two hold the slot. Returns how often nobody held it."""
    chance = random.Random(seed)
    desk = desk_on(data)
    desk.organisation.amend(lambda _: Organisation(services=(Service("shop", "Shop"),)), "set up")
    low, high = replace(release_of(1), impact="low"), replace(release_of(2), impact="high")
    for release in (low, high):
        desk.store.releases.create(*begun(release))
    between = 0
    for _ in range(rounds):
        child = _racer("displace", data, low.id, high.id)
        assert _said(child)
        assert child.stdout is not None and child.stdin is not None
        select.select([], [], [], chance.uniform(0, 0.05))
        child.kill()
        child.wait()
        child.stdout.close()
        child.stdin.close()
        desk.health.sweep()
        releases = desk.journal.active().releases
        held = [release.id for release in releases if release.booking and release.booking.held == "booked"]
        assert len(held) <= 1, held
        assert all(desk.health.verify(release.id).intact for release in releases)
        between += _displaced_by_nobody(releases, low.id)
        for release_id in (low.id, high.id):
            desk.calendar.give_back(release_id, "the next round")
    return between


def _displaced_by_nobody(releases: tuple[Release, ...], low: str) -> bool:
    """The lower one lost its slot, and the higher one never took it: told by the next check-up."""
    held = {release.id: release.booking for release in releases if release.booking}
    return list(held) == [low] and held[low].held == "to-be-moved"
