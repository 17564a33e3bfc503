"""The header of the checklist tells how long is left: to the go-live, of the window, or when it was over."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from msgspec.structs import replace

from relui.desk.desk import Desk
from relui.domain.calendar.entries import Weekly
from relui.domain.marking import tick
from relui.domain.outline import Outline
from relui.domain.progress import standing
from relui.domain.release import Release
from relui.ui.app import ReluiApp
from relui.ui.checklist.deployment_clock import Ending, deployment_clock
from relui.ui.one_release.rows import header
from tests.desk.calendars import NIGHTS, ORGANISATION, organised, planned
from tests.domain.releases import GO_LIVE, item, phase, release
from tests.ui.seen import open_checklist, seen, settled

MINUTE = timedelta(minutes=1)
WINDOW = Ending("window", GO_LIVE + 600 * MINUTE)


def made() -> Release:
    return release(phase("deploy", item("run"), due="T"))


def words(before: int, ends: Ending | None = WINDOW, of: Release | None = None) -> str:
    of, now = of or made(), GO_LIVE - before * MINUTE
    outline = Outline(of)
    return deployment_clock(of, outline, standing(of, now, outline), now, "UTC", ends).plain


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (58, "T-0:58  window ends in 10:58"),
        (-12, "T+0:12  window ends in 9:48"),
        (60 * 30, "T-1d 06h"),
        (-601, "T+10:01"),
    ],
)
def test_the_end_of_the_window_shows_while_the_go_live_is_near_or_running(before: int, shown: str) -> None:
    """[S1.27]"""
    assert words(before) == shown


def test_without_a_window_the_slot_ends_or_nothing_does() -> None:
    assert words(58, Ending("slot", GO_LIVE + 60 * MINUTE)).endswith("slot ends in 1:58")
    assert words(58, None) == "T-0:58"


def test_after_the_completion_the_header_says_when_instead_of_counting_on() -> None:
    """[S1.28]"""
    done = tick(made(), ["deploy"], "ada", GO_LIVE + 16 * MINUTE).release
    assert words(-30, of=done) == "completed 20:16"


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_header_keeps_the_clock_and_lets_the_rest_give_way(width: int) -> None:
    of, now = made(), GO_LIVE - 58 * MINUTE
    outline = Outline(of)
    stands = standing(of, now, outline)
    clock = deployment_clock(of, outline, stands, now, "UTC", WINDOW)
    shown = header(of, stands, now, "UTC", width, "overdue 2", clock=clock)
    assert shown.cell_length == width and "window ends in 10:58" in shown.plain
    assert ("Sat 21 Nov 20:00" in shown.plain) == (width == 120)
    assert ("overdue 2" in shown.plain) == (width >= 80)


async def test_the_checklist_asks_the_calendar_beside_the_screen(app: ReluiApp, desk: Desk) -> None:
    nights = replace(NIGHTS, when=Weekly(("fri",), time(20), time(6)))
    organised(desk, replace(ORGANISATION, entries=(nights,)))
    at = desk.clock.now() + timedelta(hours=2)
    planned(desk, at=f"{at:%Y-%m-%dT%H:%M}+00:00")
    async with app.run_test(size=(120, 40)) as pilot:
        await open_checklist(pilot)
        await app.workers.wait_for_complete()
        await settled(pilot)
        assert "T-2:00  window ends in 11:00" in seen(app).splitlines()[0]


async def test_a_window_that_is_found_after_the_checklist_was_left_bothers_nobody(
    app: ReluiApp, desk: Desk
) -> None:
    organised(desk, ORGANISATION)
    planned(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("q")
        await settled(pilot)
        assert app.screen is not screen
        screen._show_window(WINDOW)
