"""What the record lets through: defects added to the archive, and an emergency past its open criteria."""

from __future__ import annotations

import pytest

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.ui.app import ReluiApp
from relui.ui.kit.judged_form import PartForm
from relui.ui.record.screen import RecordScreen
from tests.ui.records import save
from tests.ui.seen import seen, settled


@pytest.fixture
def archived(desk: Desk) -> str:
    made = desk.releases.new(
        Request(service="search", version="2.0.0", go_live="2026-11-02T20:00")
    ).release.id
    desk.releases.close(made, reason="done by hand")
    return made


async def test_a_defect_found_after_closing_is_added_with_the_key_that_adds(
    app: ReluiApp, desk: Desk, archived: str
) -> None:
    """[S1.15] [S1.34] It counts as escaped."""
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(RecordScreen(archived))
        await settled(pilot)
        await pilot.press("c")
        await settled(pilot)
        assert isinstance(app.screen, PartForm)
        await save(pilot, id="BUG-7", summary="Totals are wrong", severity="high")
        (defect,) = desk.journal.open(archived).release.dossier.defects
        assert (defect.id, defect.found) == ("BUG-7", "post-deploy")
        assert desk.journal.open(archived).archived and "found after it was closed" in seen(app)
        assert desk.archive.metrics(archived).escaped == 1
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.screen, RecordScreen) and "read-only" in seen(app)


async def test_one_key_and_one_reason_override_an_emergencys_criteria(app: ReluiApp, desk: Desk) -> None:
    """[S1.36] Each is recorded by itself, and nothing stands before the start."""
    request = Request(
        service="shop", version="1.0.1", template="governed-emergency", rationale="down",
        criterion="production incident",
    )  # fmt: skip
    made = desk.releases.new(request).release.id
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(RecordScreen(made))
        await settled(pilot)
        await pilot.press("O")
        await settled(pilot)
        await save(pilot, reason="The shop is down")
        found = desk.journal.open(made).release.dossier.overrides
        assert len(found) == 4 and {each.reason for each in found} == {"The shop is down"}
        assert {each.by for each in found} == {"ada"}
        desk.deployment.carry_out(made, "start")
