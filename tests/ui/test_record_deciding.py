"""Sign-offs, gates, decisions and messages on the record: what goes wrong stops and says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.domain.dossier.decidable import DECIDABLE
from relui.domain.dossier.gates import override_of, stage_now
from relui.domain.dossier.parts import DecisionKind
from relui.domain.release import Release
from relui.ui.app import ReluiApp
from relui.ui.kit.question import Choose
from relui.ui.kit.reading import Notice
from tests.ui.records import (
    LONG,
    WHOLE,
    act_as,
    at,
    filled,
    form,
    go,
    governed_release,
    open_record,
    organise,
    put,
    record,
    said_on,
    save,
    to_staging,
)
from tests.ui.seen import seen, settled, type_line


@pytest.fixture
def full_id(desk: Desk, tmp_path: Path) -> str:
    """A governed release whose dossier is complete, with a booked slot."""
    organise(desk, tmp_path)
    release_id = governed_release(desk)
    filled(desk, release_id)
    desk.calendar.book(release_id)
    return release_id


@pytest.fixture
def staged_id(desk: Desk, full_id: str, make_desk: Callable[..., Desk]) -> str:
    """The same on the day, where nothing but the go and the hand-off is missing."""
    grace = make_desk("grace")
    to_staging(desk, full_id)
    groups = ("prerequisite", "notes", "build", "runbook", "acceptance", "window", "readiness")
    desk.record.confirm(full_id, groups, note="noted")
    for subject in ("definition", "test-plan", "acceptance"):
        grace.record.sign(full_id, subject, confirmed=("all",))
    desk.record.sign(full_id, "readiness")
    for criterion in ("incident-response-named", "notices-sent"):
        desk.record.override(full_id, criterion, "known by everybody")
    for _ in ("build", "test", "stage", "deploy"):
        desk.record.advance(full_id)
    desk.signing.clock = Clock(desk.clock.now() + timedelta(hours=24), frozen=True)
    return full_id


def now(desk: Desk, release_id: str) -> Release:
    return desk.journal.open(release_id).release


async def decide(pilot: Pilot[None], name: str) -> None:
    """Choose one of the decisions from the menu."""
    await pilot.press("D")
    await settled(pilot)
    assert isinstance(pilot.app.screen, Choose)
    titles = [title for title, _ in pilot.app.screen._choices]
    await pilot.press(*["j"] * titles.index(DECIDABLE[name].title), "enter")
    await settled(pilot)


# -- sign-offs ---------------------------------------------------------------------------------------


async def test_an_approval_confirms_each_point_and_shows_as_signed(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    """S1.21."""
    to_staging(desk, full_id)
    act_as(desk, "grace")
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "s")
        await at(pilot, "subject", "acceptance", "enter")
        await put(pilot, confirmed="timing")
        assert "confirms each point" in said_on(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert now(desk, full_id).dossier.signoffs == ()
        await save(pilot, confirmed="all")
        (given,) = now(desk, full_id).dossier.signoffs
        assert (given.subject, given.verdict, len(given.confirmed)) == ("acceptance", "approve", 4)
        assert "grace approved" in seen(app)
        assert "[x] Signed" in seen(app)


async def test_who_may_not_sign_is_told_before_anything_is_typed(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "s")
        await at(pilot, "subject", "definition", "S")
        assert "is signed by the service owner (Grace), not by Ada" in said_on(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert form(app)
        assert now(desk, full_id).dossier.signoffs == ()


async def test_a_delegate_signs_for_whom_they_stand(app: ReluiApp, desk: Desk, full_id: str) -> None:
    """S1.38: who is there hands over first."""
    act_as(desk, "grace")
    desk.deployment.carry_out(full_id, "delegate")
    act_as(desk, "lin")
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "s")
        await at(pilot, "subject", "definition", "enter")
        assert form(app).values()["acting_for"] == "grace"
        await save(pilot)
        (given,) = now(desk, full_id).dossier.signoffs
        assert (given.by, given.acting_for) == ("lin", "grace")
        assert "lin (for grace) approved" in seen(app)


async def test_a_rejection_needs_its_reason_and_stops_the_gate(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    act_as(desk, "grace")
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "s")
        await at(pilot, "subject", "definition", "enter")
        await put(pilot, verdict="reject")
        assert "needs a reason" in said_on(app)
        await save(pilot, comment="the risk is not described")
        assert "[!] Rejected" in seen(app)
        await go(pilot, "g")
        assert "grace rejected it: the risk is not described" in screen.rows.text


async def test_a_sign_off_is_withdrawn_by_a_new_entry_and_both_stay(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    act_as(desk, "grace")
    desk.record.sign(full_id, "definition")
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "s")
        await at(pilot, "subject", "definition", "o")
        await type_line(pilot, "signed the wrong one")
        assert [each.verdict for each in now(desk, full_id).dossier.signoffs] == ["approve", "withdraw"]
        assert "[ ] Not signed yet" in seen(app)
        assert "superseded" in seen(app)


# -- confirmations and gates -------------------------------------------------------------------------


async def test_a_point_is_confirmed_by_space_and_taken_back_with_a_reason(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "g")
        await at(pilot, "point", "window.support", "space")
        assert [each.id for each in now(desk, full_id).dossier.confirmations][-1] == "window.support"
        row = screen.row
        assert row is not None and (row.state, row.tail[:3]) == ("met", "ada")
        await at(pilot, "point", "window.support", "o")
        await type_line(pilot, "asked the wrong team")
        assert "window.support" not in [each.id for each in now(desk, full_id).dossier.confirmations]
        row = screen.row
        assert row is not None and row.state == "unmet"


async def test_a_promotion_needs_that_access_was_verified(app: ReluiApp, desk: Desk, full_id: str) -> None:
    """S1.18."""
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot)
        await at(pilot, "environment", "test", "space")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "must be verified before the promotion" in said_on(app)
        await save(pilot, access="yes")
        (test, *_) = now(desk, full_id).dossier.environments
        assert (test.by, test.access_verified) == ("ada", True)
        assert "promoted Fri 20 Nov 19:00 CET" in seen(app)


async def test_a_stage_with_an_unmet_gate_is_not_left_and_says_what_is_missing(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    desk.record.add_part(full_id, "change", {"id": "CHG-X", "summary": "Late idea"})
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "g")
        await pilot.press("greater_than_sign")
        await settled(pilot)
        assert isinstance(app.screen, Notice)
        assert "changes-approved: CHG-X is proposed, not approved" in app.screen.text
        assert stage_now(now(desk, full_id)) == "plan"


async def test_an_unmet_criterion_is_overridden_with_a_reason_that_stays(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    """S1.2: a named person, a reason, visible for ever."""
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "g")
        await at(pilot, "criterion", "plan/prerequisites-confirmed", "O")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "needs a reason" in said_on(app)
        await save(pilot, reason="confirmed on the phone")
        given = override_of(now(desk, full_id), "prerequisites-confirmed", desk.clock.now())
        assert given is not None and (given.by, given.reason) == ("ada", "confirmed on the phone")
        row = screen.row
        assert row is not None and (row.state, row.tail) == ("overridden", "overridden")
        assert "by ada: confirmed on the phone" in screen.rows.text
        await at(pilot, "criterion", "close/configuration-updated", "O")
        await save(pilot, reason="by mistake")
        assert "belongs to the gate close, which is not due yet" in seen(app)
        await pilot.press("escape")
        await settled(pilot)
        assert form(app).values() == {"reason": "by mistake"}  # the form stands as it was
        await pilot.press("escape")
        await settled(pilot)
        assert override_of(now(desk, full_id), "configuration-updated", desk.clock.now()) is None
        await at(pilot, "criterion", "close/configuration-updated", "O")
        assert "typed and not saved before" in seen(app) and "by mistake" in seen(app)


@pytest.mark.parametrize("name", ["stage/acceptance-signed", "test/no-blocking-defects"])
async def test_two_criteria_can_never_be_overridden(
    app: ReluiApp, desk: Desk, full_id: str, name: str
) -> None:
    desk.record.add_part(full_id, "defect", {"id": "BUG-2", "summary": "Loses money", "severity": "critical"})
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "g")
        await at(pilot, "criterion", name, "O")
        said = app.screen.text if isinstance(app.screen, Notice) else record(app).said
        assert "can never be overridden outside an emergency" in said
        assert override_of(now(desk, full_id), name.partition("/")[2], desk.clock.now()) is None


async def test_a_stage_is_left_anyway_with_one_reason_from_the_palette(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "g")
        screen.action_command("record-advance-anyway")
        await settled(pilot)
        await type_line(pilot, "the board decided so")
        assert "Advance from plan to build?" in seen(app)
        await pilot.press("y")
        await settled(pilot)
        release = now(desk, full_id)
        assert stage_now(release) == "build"
        assert {each.reason for each in release.dossier.overrides} == {"the board decided so"}


async def test_a_serious_fix_takes_the_release_back_to_its_build(
    app: ReluiApp, desk: Desk, staged_id: str
) -> None:
    """S1.16: testing restarts at build verification, and the screen says so."""
    desk.record.add_part(
        staged_id, "defect", {"id": "BUG-2", "summary": "Loses money", "severity": "critical"}
    )
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "t")
        await at(pilot, "defect", "BUG-2", "enter")
        await put(pilot, state="fixed")
        assert "Testing restarts at build verification" in said_on(app)
        await save(pilot)
        release = now(desk, staged_id)
        assert (release.dossier.iteration, stage_now(release)) == (2, "build")
        assert "build 1: counts no more" in seen(app)
        await go(pilot, "p")
        assert "[~] Images start and answer a health check" in screen.rows.text


# -- decisions ---------------------------------------------------------------------------------------


def test_every_decision_that_is_kept_has_its_words() -> None:
    assert set(get_args(DecisionKind)) - set(DECIDABLE) == {"advance"}


async def test_go_is_refused_while_something_is_unmet_and_said_on_the_day(
    app: ReluiApp, desk: Desk, staged_id: str
) -> None:
    """S1.25. The gates begin at what opens the deployment; the points are ticked from top to bottom."""
    desk.record.unconfirm(staged_id, ["window.support"], "they did not know")
    act_as(desk, "grace")
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "g")
        assert screen.row is not None and screen.row.id == "go/window-confirmed"
        await at(pilot, "criterion", "deploy/completion-confirmed")
        assert screen.troubles() == ()  # nobody expects it before the start
        await at(pilot, "act", "go", "enter")
        await put(pilot, confirmed="all")
        assert "window-confirmed" in said_on(app)
        await pilot.press("escape")
        await settled(pilot)
        desk.record.confirm(staged_id, ["window.support"])
        app.beat()
        await settled(pilot)
        await at(pilot, "act", "go", "enter")
        await pilot.press("space", "down", "space", "up", "down", "down", "space", "down", "enter")
        await settled(pilot)
        assert [each.kind for each in now(desk, staged_id).dossier.decisions][-1] == "go"
        assert "[x] Go" in seen(app)


async def test_no_go_frees_the_slot_and_records_why(app: ReluiApp, desk: Desk, staged_id: str) -> None:
    """S1.25."""
    async with app.run_test(size=WHOLE) as pilot:
        await open_record(pilot, "g")
        await decide(pilot, "no-go")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "needs a reason" in said_on(app)
        await save(pilot, reason="two people are ill")
        release = now(desk, staged_id)
        assert release.booking is None
        assert release.dossier.decisions[-1].words == "two people are ill"
        assert "The slot was given back" in record(app).said
        assert "No-go" in seen(app)
        await decide(pilot, "start")
        assert "Start deployment, not now: it had a no-go" in record(app).said


async def test_hold_stops_the_start_until_it_is_resumed(app: ReluiApp, desk: Desk, staged_id: str) -> None:
    async with app.run_test(size=WHOLE) as pilot:
        await open_record(pilot, "g")
        await decide(pilot, "hold")
        await save(pilot, reason="a storm is coming")
        assert "[!] On hold" in seen(app)
        await at(pilot, "act", "resume", "enter")
        await save(pilot)
        assert [each.kind for each in now(desk, staged_id).dossier.decisions][-2:] == ["hold", "resume"]
        assert "[!] On hold" not in seen(app)


async def _started(desk: Desk, release_id: str) -> None:
    act_as(desk, "grace")
    desk.deployment.carry_out(release_id, "go", confirmed=("all",))
    act_as(desk, "ada")
    desk.record.confirm(release_id, ["handoff"], note="operations")
    desk.signing.clock = Clock(desk.clock.now() + timedelta(hours=1), frozen=True)
    desk.deployment.carry_out(release_id, "start")


async def test_a_rollback_is_declared_completed_as_such_and_withdrawn_only_with_a_reason(
    app: ReluiApp, desk: Desk, staged_id: str
) -> None:
    """S1.27, S1.28."""
    await _started(desk, staged_id)
    async with app.run_test(size=WHOLE) as pilot:
        await open_record(pilot, "g")
        await decide(pilot, "rollback")
        await save(pilot, reason="payments fail")
        assert "[!] Rollback declared" in seen(app)
        await decide(pilot, "complete")
        assert form(app).values()["outcome"] == "rolled-back"
        await put(pilot, outcome="successful", verification="ok")
        assert "can be completed as rolled-back only" in said_on(app)
        await save(
            pilot, outcome="rolled-back", verification="the old version answers", actions="find out\nfix"
        )
        done = now(desk, staged_id).dossier.decisions[-1]
        assert (done.outcome, done.actions) == ("rolled-back", ("find out", "fix"))
        await at(pilot, "decision", done.id, "o")
        await type_line(pilot, "it was too early")
        assert now(desk, staged_id).completed_at is None
        assert f"Withdrew {done.id}" in seen(app)


async def test_cancelling_asks_once_more_and_ends_in_the_archive(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "g")
        screen.action_command("record-cancel")
        await settled(pilot)
        await save(pilot, reason="nobody wants it")
        assert isinstance(app.focused, Button)
        assert str(app.focused.label) == "Cancel"
        await pilot.press("enter")
        await settled(pilot)
        assert not desk.journal.open(full_id).archived
        assert form(app).values() == {"reason": "nobody wants it"}  # nothing typed is lost
        await save(pilot)
        await pilot.press("y")
        await settled(pilot)
        opened = desk.journal.open(full_id)
        assert opened.archived
        assert opened.release.closing is not None and opened.release.closing.outcome == "cancelled"
        assert "archived" in seen(app)
        await pilot.press("c")
        await settled(pilot)
        assert "read-only" in screen.said


async def test_decisions_progress_and_the_lead_are_recorded(
    app: ReluiApp, desk: Desk, staged_id: str
) -> None:
    """S1.27."""
    async with app.run_test(size=WHOLE) as pilot:
        await open_record(pilot, "g")
        await decide(pilot, "decide")
        await save(pilot, words="Ledger goes last.", scope="ledger")
        await decide(pilot, "hand-over")
        await save(pilot, to="lin", worries="The queue is long.")
        await decide(pilot, "progress")
        await save(pilot, names="eu, us", state="done")
        act_as(desk, "grace")
        await decide(pilot, "claim")
        await save(pilot)
        dossier = now(desk, staged_id).dossier
        assert [each.kind for each in dossier.decisions][-3:] == ["decide", "hand-over", "claim"]
        assert dossier.progress == {"eu": "done", "us": "done"}
        for words in ("ledger: Ledger goes last.", "to lin. The queue is long.", "deployed and verified"):
            assert words in seen(app)


async def test_a_release_that_was_rolled_back_is_followed_by_one_that_takes_over_its_changes(
    app: ReluiApp, desk: Desk, staged_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "g")
        screen.action_command("record-follow-up")
        await settled(pilot)
        assert "no outcome yet" in screen.said
        await _started(desk, staged_id)
        desk.deployment.carry_out(staged_id, "rollback", reason="payments fail")
        app.beat()
        screen.action_command("record-follow-up")
        await settled(pilot)
        assert form(app).values() == {"version": "", "go_live": "", "owner": "ada"}
        await save(pilot, version="2.4.1", go_live="2026-11-28T20:00")
        after = record(app).release
        assert (after.dossier.follows, after.version) == (staged_id, "2.4.1")
        assert [change.id for change in after.dossier.changes] == [
            change.id for change in now(desk, staged_id).dossier.changes
        ]
        assert {change.ready for change in after.dossier.changes} == {False}


# -- messages ----------------------------------------------------------------------------------------


async def test_a_message_is_recorded_as_sent_and_that_is_withdrawn_with_a_reason(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    """S1.23."""
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "m")
        assert "[!] Planned release" in seen(app)
        assert "overdue" in seen(app)
        await at(pilot, "message", "planned-release", "space")
        assert "affected users" in form(app).values()["to"]
        await save(pilot, text="On Saturday at eight.")
        (sent,) = now(desk, full_id).dossier.sent
        assert (sent.by, sent.text) == ("ada", "On Saturday at eight.")
        assert "sent late" in seen(app)
        await at(pilot, "sent", "M-1", "o")
        await type_line(pilot, "it bounced")
        assert now(desk, full_id).dossier.sent[-1].withdraws == "M-1"
        assert "[!] Planned release" in seen(app)


async def test_a_message_is_previewed_copied_and_recorded_as_it_reads(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    """S1.23: generated from the release, copied with one key, its text kept as it was sent."""
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "m")
        await at(pilot, "message", "planned-release")
        assert "Payments" in screen.panel.text
        assert "2.4.0" in screen.panel.text
        await pilot.press("y")
        await settled(pilot)
        assert "Planned release" in screen.said and "clipboard" in screen.said
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Notice)
        whole = app.screen.text
        await pilot.press("escape")
        await at(pilot, "message", "planned-release", "space")
        await save(pilot)
        assert now(desk, full_id).dossier.sent[0].text == whole.strip()


async def test_a_broken_template_of_the_team_is_told_by_file_and_line(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    from relui.loading.message_templates import MessageLibrary

    own = app.locations.own_messages
    own.mkdir(parents=True)
    desk.documents._messages = lambda: MessageLibrary(app.locations.messages, own)
    (own / "planned-release.txt.j2").write_text("Subject: {{ nothing }}\n\nText\n", encoding="utf-8")
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "m")
        await at(pilot, "message", "planned-release")
        assert "planned-release.txt.j2" in screen.panel.text
        await pilot.press("space")
        await settled(pilot)
        assert "planned-release.txt.j2" in said_on(app)
        await save(pilot, to="everybody", text="By telephone.")
        assert now(desk, full_id).dossier.sent[0].text == "By telephone."
