"""The looks: few, stable, time frozen. After a look at the pictures `make snapshots` takes new ones over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.marking import Details
from relui.locations import Locations
from relui.settings import Settings
from relui.ui.app import ReluiApp
from tests.ui.calendars import planned, set_up

Compare = Callable[..., bool]


@pytest.fixture
def lived_in(desk: Desk, release_id: str) -> str:
    """A release half-way: ticked, left out, failed, with a note; a second one; and an archived one."""
    desk.items.tick(release_id, ["pre-release", "staging-test.scenarios"], Details(note="all on build 871"))
    desk.items.skip(release_id, ["staging-test.mobile"])
    desk.items.fail(release_id, ["staging-test.performance"], "p95 of /pay rose from 180 to 420 ms")
    desk.releases.new(Request(service="ledger", version="1.10.2", type="patch", go_live="2026-11-27T21:00"))
    old = desk.releases.new(
        Request(service="search", version="2.0.0", type="major", go_live="2026-11-02T20:00")
    ).release.id
    desk.releases.edit(old, {"started": "2026-11-02T20:00"})
    desk.releases.close(old, outcome="rolled-back", reason="index rebuild took too long")
    return release_id


def taken(desk: Desk, locations: Locations, theme: str) -> ReluiApp:
    """The app in a theme."""
    return ReluiApp(desk, locations, Settings(theme=theme))


@pytest.mark.parametrize("theme", ["relui-dark", "relui-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_release_list_looks_as_before(
    desk: Desk, locations: Locations, lived_in: str, snap_compare: Compare, theme: str, size: tuple[int, int]
) -> None:
    assert snap_compare(taken(desk, locations, theme), terminal_size=size)


@pytest.mark.parametrize("theme", ["relui-dark", "relui-light", "high-contrast", "plain"])
def test_the_checklist_looks_as_before(
    desk: Desk, locations: Locations, lived_in: str, snap_compare: Compare, theme: str
) -> None:
    async def open_it(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()

    assert snap_compare(taken(desk, locations, theme), terminal_size=(120, 40), run_before=open_it)


def test_the_checklist_looks_as_before_in_a_small_terminal(
    desk: Desk, locations: Locations, lived_in: str, snap_compare: Compare
) -> None:
    async def open_it(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()

    assert snap_compare(taken(desk, locations, "relui-dark"), terminal_size=(80, 24), run_before=open_it)


def test_the_form_looks_as_before(
    desk: Desk, locations: Locations, lived_in: str, snap_compare: Compare
) -> None:
    async def fill_it(pilot: Pilot[None]) -> None:
        await pilot.press("c")
        await pilot.pause()
        await pilot.press(*"payments", "tab", *"3.0.0")
        await pilot.pause()

    app = taken(desk, locations, "relui-dark")
    assert snap_compare(app, terminal_size=(120, 40), run_before=fill_it)


@pytest.mark.parametrize(
    ("theme", "size"),
    [("relui-dark", (120, 40)), ("relui-light", (120, 40)), ("plain", (120, 40)), ("relui-dark", (80, 24))],
)
def test_the_week_looks_as_before(
    desk: Desk, locations: Locations, tmp_path: Path, snap_compare: Compare, theme: str, size: tuple[int, int]
) -> None:
    set_up(desk, tmp_path)
    desk.calendar.book(planned(desk, "payments", "2.4.0", "2026-11-21T20:00"))
    planned(desk, "ledger", "1.10.2", "2026-11-21T21:00")
    planned(desk, "search", "2.0.0", "2026-11-17T20:00")

    async def open_it(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.press("3", "l", "h")
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(taken(desk, locations, theme), terminal_size=size, run_before=open_it)
