"""The runbook written and rehearsed in the checklist, which shows its steps in the deploy phase."""

from __future__ import annotations

from textual.widgets import Input, Static, TextArea

from relui.desk.desk import Desk
from relui.domain.outline import Outline
from relui.domain.runbook import rehearsal, steps
from relui.ui.app import ReluiApp
from tests.ui.seen import open_checklist, seen, settled

RUN = "deploy.command"


def written(desk: Desk, release_id: str) -> list[str]:
    return [step.text for step in steps(Outline(desk.journal.open(release_id).release))]


async def test_a_step_is_added_from_the_checklist_and_shows_in_the_deploy_phase(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S1.26]"""
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("S")
        await settled(pilot)
        app.screen.query_one("#value-0", Input).value = "Stop workers"
        app.screen.query_one("#value-2", TextArea).text = "kubectl scale deploy/worker --replicas=0"
        app.screen.query_one("#value-3", TextArea).text = "0/0 ready"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert written(desk, release_id) == ["Stop workers"]
        assert screen.node is not None and screen.node.path == f"{RUN}.stop-workers"
        shown = seen(app)
        assert "[ ] Stop workers" in shown and "--replicas=0" in shown and "0/0 ready" in shown
        await pilot.press("S")
        await settled(pilot)
        app.screen.query_one("#value-0", Input).value = "Migrate"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert written(desk, release_id) == ["Stop workers", "Migrate"]


async def test_a_step_is_corrected_and_its_rehearsal_recorded_in_one_form(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S1.19]"""
    desk.items.add_steps(release_id, [{"text": "Migrate"}])
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select(f"{RUN}.migrate")
        await pilot.press("s")
        await settled(pilot)
        app.screen.query_one("#value-1", Input).value = "dba"
        app.screen.query_one("#value-5", Input).value = "12m"
        app.screen.query_one("#value-6", Input).value = "ran twice"
        await pilot.press("ctrl+s")
        await settled(pilot)
        release = desk.journal.open(release_id).release
        item = Outline(release)[f"{RUN}.migrate"].item
        assert item is not None and item.role == "dba"
        found = rehearsal(release)[f"{RUN}.migrate"]
        assert (found.took, found.deviation, found.by) == (12, "ran twice", "ada")


async def test_a_step_that_was_executed_is_not_rewritten(app: ReluiApp, desk: Desk, release_id: str) -> None:
    desk.items.add_steps(release_id, [{"text": "Migrate"}])
    desk.items.tick(release_id, [f"{RUN}.migrate"], override="rehearsal")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select(f"{RUN}.migrate")
        await pilot.press("s")
        await settled(pilot)
        app.screen.query_one("#value-0", Input).value = "Something else"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "Reopen it first" in str(app.screen.query_one(".wrong", Static).content)
        assert written(desk, release_id) == ["Migrate"]


async def test_a_phase_is_no_step_and_says_which_key_adds_one(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select("deploy")
        await pilot.press("s")
        await settled(pilot)
        assert "S adds a step to the runbook" in screen.said
