"""Help in trouble: twelve symptoms, and where each shows [S1.35]."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from relui.domain.calendar.slot import Finding, RuleName, Slot, Verdict
from relui.domain.checklist import Mark, State
from relui.domain.dossier.criteria import CRITERIA
from relui.domain.dossier.parts import Case, Component, Decision, Defect, Dossier, Run
from relui.domain.learning.trouble import (
    REMEDIES,
    SITUATIONS,
    of_item,
    of_part,
    of_rollback,
    of_verdict,
    remedy,
    trouble_for,
)
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.errors import BadInput
from tests.domain.releases import GO_LIVE, item, phase, release

PLAIN_CRITERIA = {
    "prerequisites-confirmed", "definition-complete", "changes-approved", "changes-new", "changes-timely",
    "changes-ready", "incident-response-named", "definition-recorded", "version-set", "notes-generated",
    "matrix-covered", "no-blocking-defects", "known-issues-documented", "notices-sent", "window-confirmed",
    "handed-off", "stakeholders-told", "documents-archived", "review-planned", "metrics-recorded",
    "retrospective-written",
}  # fmt: skip
"""Criteria whose own words say all there is to do: none of the twelve symptoms shows there."""
PLAIN_RULES = {"milestone", "notice", "planned", "eve"}
"""Rules of the calendar that only warn."""


def ids(*situations: str) -> list[str]:
    return [each.id for each in trouble_for(*situations)]


def test_there_are_twelve_troubles_with_cause_and_way_out() -> None:
    """[S1.35]"""
    assert len({each.id for each in REMEDIES}) == 12
    assert all(each.symptom and each.cause and each.what_to_do and each.met_at for each in REMEDIES)


def test_every_place_of_a_symptom_exists() -> None:
    """[S1.35] A criterion, a rule of the calendar, or a named situation; and each situation is somewhere."""
    places = {place for each in REMEDIES for place in each.met_at}
    assert places <= set(CRITERIA) | set(get_args(RuleName)) | set(SITUATIONS)
    assert set(SITUATIONS) <= places
    assert not set(SITUATIONS) & (set(CRITERIA) | set(get_args(RuleName)))


def test_every_criterion_and_every_blocking_rule_has_help_or_needs_none() -> None:
    """A new one has to be thought about here."""
    assert {name for name in CRITERIA if not trouble_for(name)} == PLAIN_CRITERIA
    assert {name for name in get_args(RuleName) if not trouble_for(name)} == PLAIN_RULES


def test_help_is_found_by_situation_each_once_and_by_id() -> None:
    assert ids("window") == ["no-free-window"]
    assert ids("window", "blackout", "same-service") == ["no-free-window", "two-in-one-window"]
    assert ids("rollback") == ["rollback-too-long"]
    assert ids("nothing") == ids() == []
    assert remedy("No-Free-Window").id == "no-free-window"
    with pytest.raises(BadInput, match="no-free-window"):
        remedy("no-free-windw")


def failed(due: str, stage: str = "deploy", state: State = State.FAILED) -> tuple[str, ...]:
    made = release(phase("p", item("i"), due=due, stage=stage), marks={"p.i": Mark(state=state)})
    outline = Outline(made)
    assert of_item(outline["p"]) == of_item(outline["p.i"])
    return of_item(outline["p.i"])


def test_a_failed_item_shows_what_its_phase_is_about() -> None:
    assert failed("T+30m") == ("post-deploy",)
    assert failed("T") == ("deploy",)
    assert failed("T-24h", "test") == ("test-deployment",)
    assert failed("T-1h") == failed("T+24h", "close") == ()
    assert failed("T+30m", state=State.DONE) == ()


def rolling_back(declared: int, *, takes: int = 30, **more: Any) -> Release:
    """A release of two hours whose rollback was declared so many minutes after its go-live."""
    at = GO_LIVE + timedelta(minutes=declared)
    decision = Decision(id="D-1", kind="rollback", at=at, by="ada", words="errors")
    return release(
        duration=120,
        started_at=GO_LIVE,
        dossier=Dossier(rollback_minutes=takes, decisions=(decision,)),
        **more,
    )


def test_a_rollback_is_in_trouble_when_it_was_declared_too_late_or_runs_too_long() -> None:
    """[S1.27, S1.35]"""
    early, late = rolling_back(60), rolling_back(100)
    assert of_rollback(early, GO_LIVE + timedelta(minutes=80)) == ()
    assert of_rollback(early, GO_LIVE + timedelta(minutes=91)) == ("rollback",)
    assert of_rollback(late, GO_LIVE + timedelta(minutes=101)) == ("rollback",)
    assert of_rollback(release(), GO_LIVE) == ()
    unknown = rolling_back(100, takes=0)
    assert of_rollback(unknown, GO_LIVE + timedelta(days=1)) == ()


def test_a_rollback_that_was_completed_runs_no_more() -> None:
    early = rolling_back(60)
    done = Decision(
        id="D-2", kind="complete", at=GO_LIVE + timedelta(minutes=80), by="ada", outcome="rolled-back"
    )
    decisions = (*early.dossier.decisions, done)
    ended = replace(early, dossier=replace(early.dossier, decisions=decisions))
    assert of_rollback(ended, GO_LIVE + timedelta(days=1)) == ()


def test_parts_show_their_trouble() -> None:
    missing = Component(id="api", category="application", kind="binaries")
    assert of_part(missing) == ("component",)
    assert of_part(replace(missing, presence="present")) == ()
    run = Run(id="T-1", category="smoke", cases=(Case("a", "passed"), Case("b", "planned")))
    assert of_part(run) == ()
    assert of_part(replace(run, cases=(Case("a", "blocked"),))) == ("test",)
    defect = Defect(id="BUG-1", summary="s", severity="low", found="post-deploy")
    assert of_part(defect) == ("defect",)
    assert of_part(replace(defect, state="rejected")) == of_part(replace(defect, found="test")) == ()


def test_a_verdict_shows_what_blocks_each_rule_once_and_who_took_the_slot() -> None:
    def finding(rule: RuleName, severity: Any = "blocks") -> Finding:
        return Finding(rule=rule, severity=severity, words="w", way_out="o")

    slot = Slot(service="payments", start=GO_LIVE, zone="UTC", standing="to-be-moved")
    found = (finding("team"), finding("team"), finding("window"), finding("eve", "warns"))
    assert of_verdict(Verdict(slot, found)) == ("conflict", "team", "window")
    assert of_verdict(Verdict(replace(slot, standing="booked"), ())) == of_verdict(None) == ()
