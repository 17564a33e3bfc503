"""A whole governed release from the form that creates it to the archive, through the screens' keys alone."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.desk.documents import DOCUMENTS
from relui.domain.dossier.gates import stage_now
from relui.ui.app import ReluiApp
from relui.ui.kit.form import Form
from relui.ui.kit.pick import Pick
from tests.ui.calendars import SATURDAY
from tests.ui.hands import Hands
from tests.ui.records import act_as, filled, go, governed_release, open_record, organise, record
from tests.ui.seen import checklist, settled

MOST_KEYS = 300
"""Keys from the release list to the archive, letters of texts not counted."""


async def _sign(hands: Hands, desk: Desk, subject: str, name: str, **values: str) -> None:
    act_as(desk, name)
    await hands.tab("s")
    await hands.at("subject", subject, "enter")
    await hands.fill(**values)
    act_as(desk, "ada")


async def _plan(hands: Hands, desk: Desk) -> None:
    """Prerequisites, definition, schedule, contacts, a change, the service owner's approval."""
    await hands.at("heading", "field", "enter")
    await hands.fill(
        rationale="A fix.", resources="Two people.", risk="Low.", rollback="Put the former image back.",
        rollback_minutes="30m", rollback_limit="4h", rollback_triggers="No payment goes through.",
    )  # fmt: skip
    await hands.at("heading", "environment", "enter")
    await hands.fill(baseline="as documented")
    await hands.at("heading", "contact", "enter")
    await hands.fill(incident_response="ada, 4200")
    await hands.at("heading", "prerequisite", "space")
    await hands.fill(**{"note:prerequisite.authority": "the catalogue, page 4"})
    await hands.tab("c")
    for number in (1, 2, 3):
        await hands.press("c")
        values = {"summary": f"Refund {number}", "status": "approved", "target": "2026-11-30", "owner": "lin"}
        await hands.fill(id=f"CHG-{number}", **values)
    await hands.at("heading", "change", "asterisk", "space")  # their owner says ready
    await _sign(hands, desk, "definition", "grace")
    await hands.press("a", "y")


async def _build(hands: Hands, desk: Desk) -> None:
    """One image, nothing else is needed; build verification, notes and the test plan."""
    await hands.tab("p")
    await hands.at("heading", "field", "enter")
    await hands.fill(
        package_at="store/payments", package_access="deployment team", build_logs="https://ci/77"
    )
    await hands.at("undeclared", "image", "enter")
    await hands.fill(id="payments", location="registry", checksum="tag-1")
    await hands.at("heading", "undeclared", "space")
    await hands.type("nothing of it changes")
    await hands.press("enter")
    await hands.at("heading", "build", "space")
    await hands.tab("m")
    await hands.at("point", "notes.generated", "space")
    await hands.tab("t")
    await hands.at("field", "test-plan", "enter")
    await hands.fill(test_plan="All of the matrix.")
    await _sign(hands, desk, "test-plan", "grace")
    await hands.press("a", "y")


async def _test_and_stage(hands: Hands, desk: Desk) -> None:
    """A run for whatever the matrix asks; then the promotions, the rehearsal, and the acceptance."""
    await hands.tab("t")
    screen = record(hands.pilot.app)  # type: ignore[arg-type]
    owed = [row.id for row in screen.rows.rows if row.kind == "coverage" and row.state == "unmet"]
    await hands.at("heading", "coverage", "enter")
    await hands.fill(**{category: f"passed {category}-1" for category in owed})
    await hands.press("a", "y")
    await hands.tab("d")
    for name in ("test", "staging"):
        await hands.at("environment", name, "space")
        await hands.fill(access="yes")
    await hands.tab("g")
    await hands.at("heading", "runbook", "space")
    await hands.fill(**{"note:runbook.deviations": "none"})
    await hands.at("heading", "acceptance", "space")
    notes = {"testers": "lin and two users", "reporting": "by mail", "deadline": "Friday"}
    await hands.fill(**{f"note:acceptance.{name}": text for name, text in notes.items()})
    await _sign(hands, desk, "acceptance", "grace", confirmed="all")
    await hands.press("a", "y")


async def _deploy(hands: Hands, desk: Desk) -> None:
    """The notice in time; on the day the window, readiness, go, hand-off, start and completion."""
    await hands.tab("m")
    await hands.at("message", "planned-release", "space")
    await hands.fill()
    desk.signing.clock = Clock(desk.clock.now() + timedelta(hours=24), frozen=True)
    await hands.tab("g")
    await hands.at("heading", "window", "space")
    await hands.at("heading", "readiness", "space")
    await hands.fill(**{"note:readiness.on-call": "ada is on call"})
    await _sign(hands, desk, "readiness", "ada")
    act_as(desk, "grace")
    await hands.tab("g")
    await hands.at("act", "go", "enter")
    await hands.fill(confirmed="all")
    act_as(desk, "ada")
    await hands.at("heading", "handoff", "space")
    await hands.fill(**{"note:handoff.bundle": "to operations"})
    desk.signing.clock = Clock(desk.clock.now() + timedelta(hours=1), frozen=True)
    await hands.at("act", "start", "enter")
    await hands.fill()
    desk.signing.clock = Clock(desk.clock.now() + timedelta(minutes=50), frozen=True)
    await hands.at("act", "complete", "enter")
    await hands.fill(verification="Smoke test passed, error rate normal.")


async def _close(hands: Hands, desk: Desk) -> None:
    """Configuration, messages, documents, review, retrospective."""
    await hands.tab("p")
    await hands.at("field", "deployed-version", "enter")
    await hands.fill(deployed_version="2.4.0")
    await hands.at("heading", "config-item", "c")
    await hands.fill(id="payments", old="2.3.0", new="2.4.0", updated="yes")
    await hands.tab("m")
    for name in ("release-successful", "support-live"):
        await hands.at("message", name, "space")
        await hands.fill()
    await hands.tab("g")
    await hands.at("heading", "close", "space")
    await hands.fill(**{"note:close.documents": "in the wiki", "note:close.pir": "in the next one"})
    await hands.press("4", "enter")
    for text in ("all", "none", "same"):
        await hands.type(text)
        await hands.press("ctrl+s" if text == "same" else "tab")
    await hands.press("escape", "escape")


async def _create(hands: Hands, desk: Desk) -> str:
    """From the release list: the form, then the slot, then its record."""
    await hands.press("c")
    await hands.type("payments")
    await hands.press("tab")
    await hands.type("2.4.0")
    await hands.press("tab")
    form = hands.pilot.app.screen
    while form.query_one("#template", Pick).value != "governed":
        await hands.press("right")
    await hands.press("tab", "tab", "right", "tab", "tab")  # of a minor type; its impact is low
    await hands.type(SATURDAY)
    await hands.press("enter")
    release_id = desk.journal.active().releases[0].id
    assert desk.journal.open(release_id).release.impact == "low"
    await hands.press("3", "b", "escape", "5")
    assert desk.journal.open(release_id).release.booking is not None
    return release_id


async def _finish(hands: Hands, desk: Desk, release_id: str) -> None:
    """A day later: what is left of each phase, and the close."""
    desk.signing.clock = Clock(desk.clock.now() + timedelta(hours=25), frozen=True)
    await hands.press("2")
    screen = checklist(hands.pilot.app)  # type: ignore[arg-type]
    assert screen.outline is not None
    for phase in screen.outline.phases:
        await hands.press("right_square_bracket" if phase is not screen.outline.phases[0] else "g")
        if not phase.state.resolved:
            await hands.press("space")
    await hands.press("F", "enter")
    if isinstance(hands.pilot.app.screen, Form):
        await hands.type("not asked for by this release")
        await hands.press("enter")
    await hands.press("y")
    assert desk.journal.open(release_id).archived


async def test_a_governed_minor_release_goes_from_plan_to_archive_with_few_keys(
    app: ReluiApp, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S1.1 to S1.29 in one piece: each stage is left by its gate, and no override is needed."""
    monkeypatch.chdir(tmp_path)
    organise(desk, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        hands = Hands(pilot)
        await settled(pilot)
        release_id = await _create(hands, desk)

        def stage() -> str:
            return stage_now(desk.journal.open(release_id).release)

        for step, after in (
            (_plan, "build"),
            (_build, "test"),
            (_test_and_stage, "deploy"),
            (_deploy, "close"),
        ):
            await step(hands, desk)
            assert stage() == after, record(app).said
        await _close(hands, desk)
        app.beat()
        await go(pilot, "g")
        assert "not met" not in record(app).rows.text
        assert [gate.name for gate in desk.record.gates(release_id) if not gate.met] == []
        await _finish(hands, desk, release_id)
        assert hands.keys <= MOST_KEYS, f"{hands.keys} keys, {hands.typed} letters"
    release = desk.journal.open(release_id).release
    assert not release.dossier.overrides
    assert [each.kind for each in release.dossier.decisions] == [*["advance"] * 4, "go", "start", "complete"]
    assert desk.health.verify(release_id).intact


async def test_every_document_is_written_from_the_record(
    app: ReluiApp, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bundle by one key, every other document by its line of the menu."""
    monkeypatch.chdir(tmp_path)
    organise(desk, tmp_path)
    release_id = governed_release(desk)
    filled(desk, release_id)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_record(pilot)
        await pilot.press("H")
        for down, name in enumerate(DOCUMENTS):
            if name != "handoff":
                await pilot.press("w", *["j"] * down, "enter")
                await settled(pilot)
                await pilot.press("enter")
                await settled(pilot)
                written = (tmp_path / f"{release_id}-{name}.md").read_text(encoding="utf-8")
                assert written == desk.documents.document(release_id, name)
    assert zipfile.is_zipfile(tmp_path / f"{release_id}-handoff.zip")
    told = (tmp_path / f"{release_id}-handoff" / "4-rollback.md").read_text(encoding="utf-8")
    assert "Payments fail." in told
