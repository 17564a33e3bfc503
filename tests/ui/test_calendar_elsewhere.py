"""The slot on other screens: the release list, its preview, and the form for a new release."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from relui.desk.desk import Desk
from relui.domain.calendar.slot import Finding, Slot, Verdict
from relui.ui.app import ReluiApp
from relui.ui.one_release.slot_words import typed_lines
from tests.ui.calendars import planned, set_up
from tests.ui.seen import home, seen, settled

SATURDAY = "2026-11-21T20:00"


@pytest.fixture
def payments(desk: Desk, tmp_path: Path) -> str:
    """A release of payments in Saturday's window, of an organisation with a calendar."""
    set_up(desk, tmp_path)
    return planned(desk, "payments", "2.4.0", SATURDAY)


async def judged(pilot: Pilot[None]) -> None:
    """Conflicts were looked for, and show."""
    workers = [worker for worker in pilot.app.workers if worker.group == "conflicts"]
    if workers:
        await pilot.app.workers.wait_for_complete(workers)
    await settled(pilot)


async def test_the_preview_says_whether_a_slot_is_booked_and_by_whom(
    app: ReluiApp, desk: Desk, payments: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "No slot is booked" in seen(app)
        desk.calendar.book(payments)
        app.beat()
        await judged(pilot)
        assert "booked by ada on Fri 20 Nov" in seen(app)


async def test_a_conflict_is_the_first_word_of_its_row_and_is_explained(
    app: ReluiApp, desk: Desk, payments: str
) -> None:
    desk.calendar.book(payments)
    async with app.run_test(size=(160, 40)) as pilot:
        await settled(pilot)
        assert "conflict" not in seen(app)
        desk.organisation.remove_entry("weekend")  # another window is left: Saturday is closed now
        app.beat()
        await judged(pilot)
        row = next(line for line in seen(app).splitlines() if payments[9:] in line)
        assert "conflict" in row
        assert "! window" in seen(app)
        assert home(app).troubles() == ("window",)  # what `r` then tells about


async def test_a_release_that_lost_its_slot_says_to_whom(app: ReluiApp, desk: Desk, payments: str) -> None:
    desk.calendar.book(payments)
    urgent = planned(desk, "payments", "2.5.0", SATURDAY, impact="high")
    desk.calendar.book(urgent, displace=True)
    async with app.run_test(size=(160, 40)) as pilot:
        await settled(pilot)
        row = next(line for line in seen(app).splitlines() if payments[9:] in line)
        assert "to be moved" in row
        assert f"{urgent} took the slot" in " ".join(seen(app).split())


async def test_the_form_tells_the_verdict_while_the_go_live_is_typed(
    app: ReluiApp, desk: Desk, payments: str
) -> None:
    desk.calendar.book(payments)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        form = app.screen
        form.query_one("#service").value = "payments"  # type: ignore[attr-defined]
        form.query_one("#version").value = "2.6.0"  # type: ignore[attr-defined]
        form.query_one("#go-live").value = SATURDAY  # type: ignore[attr-defined]
        await settled(pilot)
        assert "[!] Not free" in seen(app)
        assert "! same-service" in seen(app)
        form.query_one("#go-live").value = "2026-11-28T20:00"  # type: ignore[attr-defined]
        await settled(pilot)
        assert "[x] Free" in seen(app)
        assert len(desk.journal.active().releases) == 1


def test_the_form_leaves_past_milestones_to_the_timeline() -> None:
    slot = Slot(service="payments", start=datetime(2026, 11, 21, 19, tzinfo=UTC), zone="UTC")
    late = Finding(rule="milestone", severity="warns", words="Build was due.", way_out="Move.")
    eve = Finding(rule="eve", severity="warns", words="The day before a holiday.", way_out="Move.")
    shown = [line.plain for line in typed_lines(Verdict(slot, (late, eve)))]
    assert shown == ["[x] Free, 2 warnings", "~ eve  The day before a holiday."]
