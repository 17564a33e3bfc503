"""Editing a release: what is one of a few is chosen, not typed."""

from __future__ import annotations

from relui.desk.desk import Desk
from relui.domain.ticking import Record
from relui.ui.app import ReluiApp
from relui.ui.widgets.pick import Pick
from tests.ui.seen import open_checklist, seen, settled


async def test_type_and_impact_are_chosen(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("e")
        await settled(pilot)
        kind, impact = app.screen.query(Pick)
        assert [name for name, _ in kind.choices] == ["major", "minor", "patch"]
        kind.focus()
        await pilot.press("right")
        impact.focus()
        await pilot.press("right", "enter")
        await settled(pilot)
        release = desk.open(release_id).release
        assert (release.type, release.impact) == ("patch", "low")
        assert desk.open(release_id).entries[-1].text.startswith("edited type minor -> patch, impact")


async def test_note_and_evidence_of_the_item_can_be_copied(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    path = "pre-release.branches"
    desk.annotate(release_id, path, Record(note="rebased twice", evidence=("https://ci.example/9",)))
    async with app.run_test(size=(120, 40)) as pilot:
        await open_checklist(pilot)
        await pilot.press("y")
        await settled(pilot)
        shown = seen(app)
        assert "rebased twice" in shown and "https://ci.example/9" in shown
