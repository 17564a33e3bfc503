"""Editing a release: what is one of a few is chosen, not typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from relui.desk.desk import Desk
from relui.domain.marking import Details
from relui.errors import BadInput
from relui.ui.app import ReluiApp
from relui.ui.kit.form import Form
from relui.ui.kit.pick import Pick
from relui.ui.one_release.copying import OFFERED
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
        release = desk.journal.open(release_id).release
        assert (release.type, release.impact) == ("patch", "low")
        assert desk.journal.open(release_id).entries[-1].text.startswith("edited type minor -> patch, impact")


async def test_what_was_typed_into_the_form_is_offered_again_and_nothing_else_of_it(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("e")
        await settled(pilot)
        form = app.screen
        assert isinstance(form, Form)
        before = form.values()
        form.query_one("#value-0", Input).value = "Half a thought"
        await pilot.press("escape")
        await settled(pilot)
        assert "What was typed is kept and offered again." in seen(app)
        desk.releases.edit(release_id, {"impact": "high"})
        await pilot.press("e")
        await settled(pilot)
        form = app.screen
        assert isinstance(form, Form)
        name = next(iter(before))
        assert form.values() == before | {name: "Half a thought", "impact": "high"}
        assert "^N starts clean" in seen(app)
        await pilot.press("ctrl+n")
        assert form.values() == before | {"impact": "high"}
        await pilot.press("escape", "e")
        await settled(pilot)
        assert isinstance(app.screen, Form) and not app.screen.query("#kept")


async def test_note_and_evidence_of_the_item_can_be_copied(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    path = "pre-release.branches"
    desk.items.annotate(release_id, path, Details(note="rebased twice", evidence=("https://ci.example/9",)))
    async with app.run_test(size=(120, 40)) as pilot:
        await open_checklist(pilot)
        await pilot.press("y")
        await settled(pilot)
        shown = seen(app)
        assert "rebased twice" in shown and "https://ci.example/9" in shown


async def test_evidence_is_named_in_one_line_and_read_where_it_is_kept(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    path = "pre-release.branches"
    reference = desk.evidence.keep(b"all of it works\n", "smoke.log")
    digest = reference.split()[0].removeprefix("sha256:")
    desk.items.annotate(release_id, path, Details(evidence=(reference,)))
    async with app.run_test(size=(120, 40)) as pilot:
        await open_checklist(pilot)
        assert f"evidence: smoke.log ({digest[:12]})" in seen(app)
        await pilot.press("y")
        await settled(pilot)
        menu = seen(app)
        assert "evidence's path" in menu and str(desk.data)[:20] in menu
        await pilot.press("G", *["k"] * len(OFFERED), "enter")
        await settled(pilot)
        assert "all of it works" in seen(app)


def test_evidence_that_cannot_be_shown_is_told_with_its_place(desk: Desk, release_id: str) -> None:
    reference = desk.evidence.keep(b"\0\1", "shot.png")
    desk.items.annotate(
        release_id, "pre-release.branches", Details(evidence=(reference, "https://ci.example/9"))
    )
    (found,) = desk.evidence.files(desk.journal.open(release_id).record.state)
    with pytest.raises(BadInput, match=r"shot\.png .* is no text\. It is kept as .*/evidence/"):
        desk.evidence.text(found)
    Path(found.where).unlink()
    with pytest.raises(BadInput, match="is not here"):
        desk.evidence.text(found)
