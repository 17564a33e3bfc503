"""Finding commands by what they are about, and verifying a record from where it is shown."""

from __future__ import annotations

import json

import pytest

from relui.desk.desk import Desk
from relui.domain.log import IntegrityCheck
from relui.ui.app import ReluiApp
from relui.ui.kit.everywhere import EVERYWHERE
from relui.ui.kit.palette import fitting
from relui.ui.kit.reading import verdict_text
from relui.ui.releases.commands import HOME
from tests.ui.seen import open_checklist, seen, settled


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("stat", "go-metrics"),
        ("trends", "go-metrics"),
        ("metr", "go-metrics"),
        ("debts", "go-owed"),
        ("pir", "go-owed"),
        ("verify", "verify"),
        ("audit", "go-record"),
        ("blackout", "go-calendar"),
        ("lessons", "retrospective"),
    ],
)
def test_a_command_is_found_by_what_it_is_about(query: str, first: str) -> None:
    commands = [*EVERYWHERE, *HOME]
    best = max(commands, key=lambda command: fitting(command, query))
    assert best.id == first


def test_words_that_are_nowhere_fit_nothing() -> None:
    assert not any(fitting(command, "stat xyzzy") for command in EVERYWHERE)
    assert not any(fitting(command, " ") for command in EVERYWHERE)


async def test_verify_record_tells_the_verdict_where_the_release_is_shown(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        screen.run_command(screen.command_named("verify"))
        await settled(pilot)
        assert f"{release_id} is intact" in seen(app) and "Seal: " in seen(app)
        await pilot.press("escape")
        path = desk.data / "releases" / f"{release_id}.json"
        stored = json.loads(path.read_text("utf-8"))
        stored["release"]["1"]["owner"] = "mallory"
        path.write_text(json.dumps(stored), encoding="utf-8")
        screen.run_command(screen.command_named("verify"))
        await settled(pilot)
        assert f"{release_id} is NOT INTACT." in seen(app)


def test_a_verdict_names_each_problem_and_what_an_import_did_not_bring() -> None:
    whole = IntegrityCheck("REL-1", 3, "abc", ("entry 2 was altered",), 1, ("smoke.log",))
    text = verdict_text(whole)
    assert "NOT INTACT" in text and "! entry 2 was altered" in text and "Seal" not in text
    assert "1 of 3 entries" in text and "its evidence smoke.log" in text
