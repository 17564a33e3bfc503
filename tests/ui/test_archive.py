"""The archive tab: narrowed, sorted, compared and exported by keys."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.learning.metrics import Row
from relui.store.catalogue import CatalogueFile
from relui.ui.app import ReluiApp
from relui.ui.releases.archive import SideBySide, comparison
from tests.ui.seen import home, seen, settled, type_line


@pytest.fixture
def closed(desk: Desk) -> tuple[str, str]:
    """An older major one that was rolled back, and a newer patch that went well."""
    old = desk.releases.new(
        Request(service="search", version="2.0.0", type="major", go_live="2026-10-02T20:00")
    ).release.id
    desk.releases.edit(old, {"started": "2026-10-02T20:00"})
    desk.releases.close(old, outcome="rolled-back", reason="index rebuild took too long")
    new = desk.releases.new(
        Request(service="ledger", version="1.0.1", type="patch", go_live="2026-11-02T20:00")
    ).release.id
    desk.items.tick(new, ["pre-release"])
    desk.releases.close(new, outcome="successful", reason="a dry run")
    return old, new


async def in_archive(pilot: Pilot[None]) -> None:
    await pilot.press("6")
    await settled(pilot)


def listed(app: ReluiApp) -> list[str]:
    return [row.id for row in home(app).archive.rows]


async def test_a_filter_is_chosen_and_stands_in_the_search_text(
    app: ReluiApp, closed: tuple[str, str]
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await in_archive(pilot)
        assert listed(app) == [closed[1], closed[0]]
        await pilot.press("f")
        await settled(pilot)
        await pilot.press("j", "enter")  # type
        await settled(pilot)
        await pilot.press("enter")  # major, the first by name
        await settled(pilot)
        assert home(app).filter_text == "type:major"
        assert listed(app) == [closed[0]]


async def test_the_order_turns_with_a_key_and_is_named(app: ReluiApp, closed: tuple[str, str]) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await in_archive(pilot)
        await pilot.press("s")
        await pilot.pause()
        assert listed(app) == list(closed)
        assert "oldest first" in seen(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_two_releases_stand_side_by_side(
    app: ReluiApp, closed: tuple[str, str], size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await in_archive(pilot)
        await pilot.press("equals_sign")
        await pilot.pause()
        assert f"{closed[1]} is to be compared" in seen(app)
        await pilot.press("j", "equals_sign")
        await settled(pilot)
        assert isinstance(app.screen, SideBySide)
        both = next(line for line in seen(app).splitlines() if "outcome" in line)
        assert "* outcome" in both and "successful" in both and "rolled-back" in both
        await pilot.press("escape")
        await settled(pilot)
        assert home(app)


async def test_what_is_listed_is_exported(app: ReluiApp, closed: tuple[str, str], tmp_path: Path) -> None:
    to = tmp_path / "out"
    to.mkdir()
    async with app.run_test(size=(120, 40)) as pilot:
        await in_archive(pilot)
        await pilot.press("x")
        await settled(pilot)
        await pilot.press("j", "enter")
        await settled(pilot)
        await type_line(pilot, str(to))
        assert sorted(path.stem for path in to.iterdir()) == sorted(closed)


async def test_on_the_active_tab_the_archives_keys_say_where_they_work(
    app: ReluiApp, release_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("s")
        await pilot.pause()
        assert "6 goes there" in seen(app)


def test_what_is_longer_than_its_column_goes_on_below_in_every_width(
    desk: Desk, closed: tuple[str, str]
) -> None:
    found = desk.archive.compare(*closed)
    long = replace(found, facts=(*found.facts, Row("was hard", "a word and more " * 20, "支付 " * 30)))
    for width in (40, 74, 108, 190):
        lines = comparison(long, width)
        facts = lines[: next(n for n, line in enumerate(lines) if not line.plain)]
        assert max(line.cell_length for line in facts) <= width
        assert sum(line.plain.count("word") for line in lines) == 20
        assert sum(line.plain.count("支付") for line in lines) == 30
    assert any("defects after deployment" in line.plain for line in comparison(found, 108))
    assert any("escaped" in line.plain for line in comparison(found, 74))


async def test_escape_stops_reading_a_large_archive_and_the_next_time_lists_all(
    app: ReluiApp, desk: Desk, closed: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = desk.data / "archive" / "catalogue.json"
    catalogue.unlink(missing_ok=True)
    going, ended = Event(), Event()
    real, reading = CatalogueFile._derived, desk.store.catalogue.summaries

    def derived(self: CatalogueFile, name: str, stamp: Any) -> Any:
        assert going.wait(20)
        return real(self, name, stamp)

    def archived(progress: Any = None) -> Any:
        try:
            return reading(progress)
        finally:
            ended.set()

    monkeypatch.setattr(CatalogueFile, "_derived", derived)
    monkeypatch.setattr(desk.store.catalogue, "summaries", archived)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("6", "escape")
        assert "was stopped. 6 begins again" in home(app).said
        going.set()
        assert await asyncio.to_thread(ended.wait, 20)
        assert home(app).index is None
        assert len(json.loads(catalogue.read_text())["summaries"]) == 2  # what was read is kept
        await in_archive(pilot)
        assert listed(app) == [closed[1], closed[0]]
