"""A whole governed release from its prerequisites to all gates met, through the screen's keys alone."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.desk.documents import DOCUMENTS
from relui.domain.dossier.stages import stage_now
from relui.ui.app import ReluiApp
from tests.ui.records import act_as, at, go, governed_release, open_record, organise, record, save
from tests.ui.seen import settled, type_line


async def _sign(pilot: Pilot[None], desk: Desk, subject: str, name: str, **values: str) -> None:
    act_as(desk, name)
    await go(pilot, "s")
    await at(pilot, "subject", subject, "enter")
    await save(pilot, **values)
    act_as(desk, "ada")


async def _advance(pilot: Pilot[None]) -> None:
    await pilot.press("a")
    await settled(pilot)
    await pilot.press("y")
    await settled(pilot)


async def _field(pilot: Pilot[None], name: str, text: str) -> None:
    await at(pilot, "field", name, "enter")
    await save(pilot, **{name: text})


async def _plan(pilot: Pilot[None], desk: Desk) -> None:
    """Prerequisites, definition, schedule, incident response, a change, the service owner's approval."""
    await at(pilot, "heading", "prerequisite", "space")
    await save(pilot, note="the catalogue, page 4")
    for name, text in {
        "rationale": "A fix.",
        "resources": "Two people.",
        "risk": "Low.",
        "rollback": "Put the former image back.",
        "rollback-minutes": "30m",
        "rollback-limit": "4h",
        "rollback-triggers": "No payment goes through.",
    }.items():
        await _field(pilot, name, text)
    for name, planned in (("test", "2026-11-17T10:00"), ("production", "2026-11-21T20:00")):
        await at(pilot, "heading", "environment", "c")
        await save(pilot, id=name, planned=planned, baseline="as documented")
    await at(pilot, "missing-contact", "incident-response", "enter")
    await save(pilot, person="ada", reach="4200")
    await go(pilot, "c")
    await pilot.press("c")
    await settled(pilot)
    values = {"summary": "Refunds fixed", "status": "approved", "target": "2026-11-30", "owner": "lin"}
    await save(pilot, id="CHG-1", **values)
    await at(pilot, "change", "CHG-1", "space")  # its owner says ready
    await _sign(pilot, desk, "definition", "grace")
    await _advance(pilot)


async def _build(pilot: Pilot[None], desk: Desk) -> None:
    """One image, nothing else is needed; build verification, notes and the test plan."""
    await go(pilot, "p")
    release_id = record(pilot.app).release_id  # type: ignore[arg-type]
    for name, text in {
        "package-at": "store/payments",
        "package-access": "deployment team",
        "package-tag": f"{release_id}_2.4.1",
        "build-logs": "https://ci/77",
    }.items():
        await _field(pilot, name, text)
    await at(pilot, "undeclared", "image", "enter")
    await save(pilot, id="payments", location="registry", checksum="tag-1", presence="present")
    await at(pilot, "heading", "undeclared", "space")
    await type_line(pilot, "nothing of it changes")
    await at(pilot, "heading", "build", "space")
    await go(pilot, "m")
    await at(pilot, "point", "notes.generated", "space")
    await go(pilot, "t")
    await _field(pilot, "test-plan", "All of the matrix.")
    await _sign(pilot, desk, "test-plan", "grace")
    await _advance(pilot)


async def _test_and_stage(pilot: Pilot[None], desk: Desk) -> None:
    """A run for whatever the matrix asks; then the rehearsal, and the acceptance with its four points."""
    await go(pilot, "t")
    screen = record(pilot.app)  # type: ignore[arg-type]
    owed = [row.id for row in screen.rows.rows if row.kind == "coverage" and row.state == "unmet"]
    assert len(owed) == 6
    for category in owed:
        await at(pilot, "coverage", category, "enter")
        await save(pilot, cases=f"passed {category}-1")
    await _advance(pilot)
    await go(pilot, "d")
    await at(pilot, "environment", "test", "space")
    await save(pilot, access="yes")
    await go(pilot, "g")
    await at(pilot, "heading", "runbook", "space")
    await save(pilot, note="none")
    await at(pilot, "heading", "acceptance", "space")
    await save(pilot, note="lin and two users, by mail, until Friday")
    await _sign(pilot, desk, "acceptance", "grace", confirmed="all")
    await _advance(pilot)


async def _deploy(pilot: Pilot[None], desk: Desk) -> None:
    """The notice in time; on the day the window, readiness, go, hand-off, start and completion."""
    await go(pilot, "m")
    await at(pilot, "message", "planned-release", "space")
    await save(pilot)
    desk.clock = Clock(desk.clock.now() + timedelta(hours=24), frozen=True)
    await go(pilot, "g")
    await at(pilot, "heading", "window", "space")
    await at(pilot, "heading", "readiness", "space")
    await save(pilot, note="ada is on call")
    await _sign(pilot, desk, "readiness", "ada")
    act_as(desk, "grace")
    await go(pilot, "g")
    await at(pilot, "act", "go", "enter")
    await save(pilot, confirmed="all")
    act_as(desk, "ada")
    await at(pilot, "heading", "handoff", "space")
    await save(pilot, note="to operations")
    desk.clock = Clock(desk.clock.now() + timedelta(hours=1), frozen=True)
    await at(pilot, "act", "start", "enter")
    await save(pilot)
    desk.clock = Clock(desk.clock.now() + timedelta(minutes=50), frozen=True)
    await at(pilot, "act", "complete", "enter")
    await save(pilot, verification="Smoke test passed, error rate normal.")


async def _close(pilot: Pilot[None], desk: Desk) -> None:
    """Configuration, messages, documents, review, retrospective."""
    await go(pilot, "p")
    await _field(pilot, "deployed-version", "2.4.1")
    await at(pilot, "heading", "config-item", "c")
    await save(pilot, id="payments", old="2.4.0", new="2.4.1", updated="yes")
    await go(pilot, "m")
    for name in ("release-successful", "support-live"):
        await at(pilot, "message", name, "space")
        await save(pilot)
    await go(pilot, "g")
    for name in ("close.documents", "close.pir"):
        await at(pilot, "point", name, "space")
        await save(pilot, note="in the wiki")
    desk.write_retrospective(record(pilot.app).release_id, {"well": "all", "hard": "none", "next": "same"})  # type: ignore[arg-type]


async def _documents(pilot: Pilot[None], desk: Desk, folder: Path) -> None:
    """The bundle by one key, every other document by its line of the menu."""
    release_id = record(pilot.app).release_id  # type: ignore[arg-type]
    await pilot.press("H")
    for down, name in enumerate(DOCUMENTS):
        if name != "handoff":
            await pilot.press("w", *["j"] * down, "enter")
            await settled(pilot)
            await pilot.press("enter")
            await settled(pilot)
            written = (folder / f"{release_id}-{name}.md").read_text(encoding="utf-8")
            assert written == desk.document(release_id, name)
    assert zipfile.is_zipfile(folder / f"{release_id}-handoff.zip")
    told = (folder / f"{release_id}-handoff" / "4-rollback.md").read_text(encoding="utf-8")
    assert "No payment goes through." in told


async def test_a_governed_release_is_led_from_prerequisites_to_all_gates_met_through_the_screen(
    app: ReluiApp, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S1.1 to S1.29 in one piece: each stage is left by its gate, no override is needed, and every document
    is written."""
    monkeypatch.chdir(tmp_path)
    organise(desk, tmp_path)
    release_id = governed_release(desk, type="patch", impact="low")
    desk.edit(release_id, {"version": "2.4.1"})
    desk.book(release_id)

    def stage() -> str:
        return stage_now(desk.open(release_id).release)

    async with app.run_test(size=(100, 30)) as pilot:
        screen = await open_record(pilot)
        await _plan(pilot, desk)
        assert stage() == "build", screen.said
        await _build(pilot, desk)
        assert stage() == "test", screen.said
        await _test_and_stage(pilot, desk)
        assert stage() == "deploy", screen.said
        await _deploy(pilot, desk)
        assert stage() == "close", screen.said
        await _close(pilot, desk)
        app.beat()
        await settled(pilot)
        await go(pilot, "g")
        assert "not met" not in screen.rows.text
        await _documents(pilot, desk, tmp_path)
    found = desk.gates(release_id)
    assert [gate.name for gate in found if not gate.met] == []
    release = desk.open(release_id).release
    assert not release.dossier.overrides
    assert [each.kind for each in release.dossier.decisions] == [*["advance"] * 4, "go", "start", "complete"]
    assert desk.verify(release_id).intact
