"""What lists say is wrong with a record: decisions, sign-offs, stages that are late."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from relui.domain.dossier.deployment import complete, roll_back, start
from relui.domain.dossier.signing import sign
from relui.domain.dossier.stages import hold, no_go
from relui.domain.progress import record_troubles, standing
from relui.domain.release import MILESTONES, Release, milestones
from tests.domain.dossier.gated import DAY, EARLY, NOBODY, ORGANISATION, context, planned, signed_by, staged
from tests.domain.releases import GO_LIVE, payments


def words(release: Release, now=EARLY) -> list[str]:  # type: ignore[no-untyped-def]
    return [trouble.text for trouble in record_troubles(release, now)]


def test_every_milestone_ends_a_stage() -> None:
    """[S1.5]"""
    assert [one.name for one in milestones("minor", GO_LIVE, "UTC")] == list(MILESTONES)


def test_a_calm_release_has_no_trouble() -> None:
    assert words(signed_by(planned(), "definition")) == []


def test_a_stage_is_late_once_its_milestone_is_past() -> None:
    """[S1.5] With criteria alone: the stage of a light release follows from its checklist."""
    release = planned()
    assert words(release, GO_LIVE - timedelta(days=10)) == []
    assert words(release, GO_LIVE - timedelta(days=9)) == ["plan late"]
    assert words(staged(), DAY) == []
    assert words(replace(release, criteria=()), DAY) == []


def test_a_stale_and_a_rejected_sign_off_are_named() -> None:
    """[S1.8]"""
    release = signed_by(planned(), "definition")
    changed = replace(release, version="2.5.0")
    assert words(changed) == ["definition stale"]
    rejected = sign(
        changed, ORGANISATION, "definition", "grace", EARLY, verdict="reject", comment="no"
    ).release
    assert words(rejected) == ["definition rejected"]
    assert words(replace(changed, started_at=DAY)) == []


def test_decisions_are_told_without_criteria_too() -> None:
    """[S1.25, S1.27]"""
    light = payments()
    assert words(hold(light, "ada", EARLY, "wait").release) == ["on hold"]
    assert words(no_go(light, NOBODY, "ada", EARLY, "ill").release) == ["no-go"]
    started = start(light, context(NOBODY), "ada", DAY).release
    back = roll_back(started, NOBODY, "ada", DAY, "broken").release
    assert words(back, DAY) == ["rollback"]
    assert standing(back, DAY).troubles[0].text == "rollback"
    ended = complete(back, context(NOBODY), "ada", DAY, outcome="rolled-back", verification="fine").release
    assert words(ended, DAY) == []
