"""Gates, criteria, overrides and stages: judged live, passed only when met or overridden [S1.2]."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.booking_rules import give_back
from relui.domain.dossier.conditions import needed_releases
from relui.domain.dossier.criteria import CRITERIA, GATES, NEVER_OVERRIDDEN, listed, unknown_criteria
from relui.domain.dossier.editing import add_part, edit_part
from relui.domain.dossier.gates import GateShut, ahead_words, gate, gate_now, judged, override, stage_now
from relui.domain.dossier.parts import Change, Contact, Defect, Dossier
from relui.domain.dossier.points import POINTS
from relui.domain.dossier.signing import confirm, sign, unconfirm
from relui.domain.dossier.stages import advance, refuse_closing, say_go
from relui.domain.outline import Outline
from relui.domain.progress import stage_of
from relui.domain.release import Release
from relui.domain.summary import summarise
from relui.errors import BadInput, Refused
from tests.domain.dossier.gated import (
    DAY,
    NOBODY,
    ORGANISATION,
    confirmed_all,
    context,
    finding,
    planned,
    signed_by,
    staged,
    verdict,
)
from tests.domain.releases import GO_LIVE, item, payments, phase


def with_dossier(made: Release, **more: object) -> Release:
    return replace(made, dossier=replace(made.dossier, **more))


def unmet(made: Release, name: str, **more: object) -> dict[str, str]:
    return {line.criterion.id: line.why for line in gate(made, name, context(**more)).unmet}  # type: ignore[arg-type]


def ready_to_build() -> Release:
    return signed_by(confirmed_all(planned(), "prerequisite"), "definition")


def test_planning_ends_when_everything_it_asks_for_is_there() -> None:
    """[S1.1, S1.2, S1.3, S1.7, S1.8, S2.2]"""
    assert unmet(ready_to_build(), "plan") == {}
    assert set(unmet(planned(), "plan")) == {"prerequisites-confirmed", "definition-signed"}


PLAN_GAPS: dict[str, tuple[str, Callable[[Release], Release]]] = {
    "prerequisites-confirmed": (
        "authority for this service",
        lambda made: unconfirm(made, ["prerequisite.authority"], "ada", DAY, "Wrong").release,
    ),
    "definition-complete": ("the risk summary", lambda made: replace(made, risk="")),
    "changes-approved": (
        "proposed, not approved",
        lambda made: edit_part(made, "change", "CHG-2026-0001", {"status": "proposed"}, DAY, "ada").release,
    ),
    "changes-ready": (
        "did not say that it is ready",
        lambda made: edit_part(made, "change", "CHG-2026-0001", {"ready": "no"}, DAY, "ada").release,
    ),
    "changes-timely": (
        "is wanted by",
        lambda made: edit_part(made, "change", "CHG-2026-0001", {"target": "2026-11-01"}, DAY, "ada").release,
    ),
    "slot-booked": ("no slot is booked", lambda made: give_back(made, "Not now", DAY).release),
    "incident-response-named": ("no contact is named", lambda made: with_dossier(made, contacts=())),
}


@pytest.mark.parametrize("name", PLAN_GAPS)
def test_planning_does_not_end_without(name: str) -> None:
    """[S1.1, S1.3, S1.7, S2.2] Each gap is named."""
    words, take = PLAN_GAPS[name]
    found = unmet(take(ready_to_build()), "plan")
    assert words in found[name]


def test_a_change_that_was_in_an_earlier_release_holds_planning_up() -> None:
    """[S1.3]"""
    found = unmet(ready_to_build(), "plan", earlier={"chg-2026-0002": ("REL-2026-10-004",)})
    assert found == {"changes-new": "CHG-2026-0002 was in REL-2026-10-004 already"}


def test_incident_response_needs_a_way_to_be_reached() -> None:
    """[S2.2] Its own, or that of the person in the organisation."""
    made = with_dossier(ready_to_build(), contacts=(Contact(id="Incident-Response", person="Zoe"),))
    assert "how to reach Zoe" in unmet(made, "plan")["incident-response-named"]
    reached = with_dossier(made, contacts=(Contact(id="incident-response", person="Zoe", reach="112"),))
    assert unmet(reached, "plan") == {}


def test_a_slot_that_the_calendar_forbids_by_now_holds_up() -> None:
    """[S1.31, S1.38] What an approved exception passed is not asked again, what came later is."""
    calendar = verdict(finding("blackout"), finding("eve", "warns"))
    assert "blackout is in the way" in unmet(ready_to_build(), "plan", verdict=calendar)["slot-booked"]
    made = ready_to_build()
    given = replace(made.bookings[0], exception="Law", approver="grace", passed=("blackout is in the way.",))
    requested = replace(made, bookings=(given,))
    words = unmet(requested, "plan", verdict=calendar)["slot-booked"]
    assert "not approved: the service owner (Grace) has to approve" in words
    approved = sign(requested, ORGANISATION, "exception", "grace", DAY).release
    assert unmet(approved, "plan", verdict=calendar) == {}
    later = verdict(finding("blackout"), finding("maintenance"))
    assert "maintenance is in the way" in unmet(approved, "plan", verdict=later)["slot-booked"]
    moved = replace(approved, bookings=(replace(given, counter=given.counter + 1),))
    assert "the slot is not the same" in unmet(moved, "plan", verdict=calendar)["slot-booked"]


def test_every_gate_is_met_on_the_way_to_the_deployment() -> None:
    """[S1.2, S1.12, S1.14, S1.19, S1.20, S1.21]"""
    made = staged()
    assert stage_now(made) == "deploy"
    for name in ("plan", "build", "test", "stage"):
        assert gate(made, name, context()).met
    assert set(unmet(made, "go")) == {"go-decided", "handed-off"}


def test_a_blocking_defect_shuts_testing_and_go() -> None:
    """[S1.15]"""
    made = with_dossier(staged(), defects=(Defect(id="B-1", summary="Down", severity="critical"),))
    assert "B-1 (critical) is open" in unmet(made, "test")["no-blocking-defects"]
    assert {"no-blocking-defects", "acceptance-signed"} <= set(unmet(made, "go"))


def test_testing_without_cases_proves_nothing() -> None:
    """[S1.16]"""
    found = unmet(with_dossier(staged(), runs=()), "test")
    assert {"cases-executed", "matrix-covered", "test-summary-proceeds"} <= set(found)


def test_the_runbook_and_the_acceptance_are_confirmed_before_staging_ends() -> None:
    """[S1.19, S1.20]"""
    made = unconfirm(staged(), ["runbook.executed", "acceptance.testers"], "ada", DAY, "Not so").release
    assert set(unmet(made, "stage")) == {"runbook-rehearsed", "user-acceptance-done"}


def test_the_window_and_the_readiness_are_confirmed_for_this_slot_alone() -> None:
    """[S1.22, S1.24] Another slot asks four teams and the review again."""
    made = staged()
    moved = replace(made, bookings=(replace(made.bookings[0], counter=7),))
    found = unmet(moved, "go")
    assert {"window-confirmed", "readiness-reviewed"} <= set(found)
    assert "to be confirmed again" in found["window-confirmed"]


def test_a_release_that_another_waits_for_must_be_out() -> None:
    made = with_dossier(staged(), needs=("REL-2026-11-009",))
    assert "is not known here" in unmet(made, "go")["needed-releases-out"]
    other = replace(payments(), id="REL-2026-11-009")
    known = needed_releases(made, [], [other])
    assert known == {"REL-2026-11-009": "is not out yet"}
    archived = replace(summarise(other), outcome="rolled-back")
    assert needed_releases(made, [archived], []) == {"REL-2026-11-009": "was rolled back"}
    out = needed_releases(made, [replace(archived, outcome="successful")], [])
    assert "needed-releases-out" not in unmet(made, "go", needed=out)


def test_every_unmet_criterion_says_why_and_where_it_is_met() -> None:
    empty = replace(payments(), criteria=("all",))
    for name in GATES:
        unmet_lines = gate(empty, name, context()).unmet
        assert unmet_lines, name
        for line in unmet_lines:
            assert line.why and line.criterion.act and all(gap.at for gap in line.gaps)


def test_what_a_template_does_not_list_does_not_exist() -> None:
    """[S1.2] The two that nobody may override included."""
    light = replace(payments(), criteria=())
    assert all(
        gate(light, name, context()).met and not gate(light, name, context()).judgements for name in GATES
    )
    one = replace(light, criteria=("acceptance-signed",))
    assert [line.criterion.id for line in gate(one, "go", context()).judgements] == ["acceptance-signed"]
    with pytest.raises(Refused, match="does not list it"):
        override(one, "package-complete", "ada", "No need", DAY)


def test_all_means_what_fits_the_type() -> None:
    """[S1.36] An emergency has its own minimum."""
    planned_ones = {each.id for each in listed(replace(payments(), criteria=("all",)))}
    urgent = {each.id for each in listed(replace(payments(), criteria=("all",), type="emergency"))}
    assert "emergency-cab-signed" in urgent - planned_ones
    assert "notices-sent" in planned_ones - urgent
    assert set(NEVER_OVERRIDDEN) <= planned_ones & urgent


@given(
    st.sets(st.sampled_from(sorted(CRITERIA)), max_size=12),
    st.sets(st.sampled_from(sorted(CRITERIA)), max_size=12),
    st.booleans(),
    st.sampled_from(GATES),
)
@settings(max_examples=60, deadline=None)
def test_a_gate_is_met_exactly_when_each_listed_criterion_is_met_or_overridden(
    names: set[str], passed: set[str], full: bool, name: str
) -> None:
    """[S1.2]"""
    made = replace(staged() if full else payments(), criteria=tuple(names))
    for each in sorted(passed & names - set(NEVER_OVERRIDDEN)):
        made = override(made, each, "ada", "Agreed", DAY).release
    around = context()
    mine = [each for each in listed(made) if name in each.gates]
    expected = all(
        each.condition(made, around).holds or each.id in passed - set(NEVER_OVERRIDDEN) for each in mine
    )
    found = gate(made, name, around)
    again = [line for line in found.judgements if line.left is not None]
    assert found.met == (expected and not again) and not any(line.passes for line in again)
    assert [line.criterion for line in found.judgements if line.left is None] == mine


def test_an_override_names_a_person_and_a_reason_and_stays_for_ever() -> None:
    """[S1.2]"""
    with pytest.raises(BadInput, match="needs a reason"):
        override(planned(), "definition-signed", "ada", " ", DAY)
    ruling = override(planned(), "definition-signed", "Ada", "Agreed by phone", DAY, context())
    assert ruling.act is not None and not ruling.act.reversible and ruling.act.reason == "Agreed by phone"
    line = judged(ruling.release, CRITERIA["definition-signed"], context())
    assert line.state == "overridden" and "passed by ada: Agreed by phone" in line.why
    met = judged(signed_by(ruling.release, "definition"), CRITERIA["definition-signed"], context())
    assert met.state == "met" and met.override is not None
    with pytest.raises(Refused, match="not among the people"):
        override(planned(), "definition-signed", "stranger", "Agreed", DAY, context())


def test_an_override_that_is_not_needed_is_not_recorded() -> None:
    ruling = override(planned(), "definition-complete", "ada", "To be sure", DAY, context())
    assert ruling.act is None and ruling.release.dossier.overrides == ()


def test_one_note_for_points_that_ask_for_different_ones_is_told() -> None:
    """[S1.20]"""
    told = confirm(planned(), ["acceptance"], "ada", DAY, note="four users").told
    assert "acceptance.testers (their names); acceptance.reporting (the way to report)" in told[-1]
    assert confirm(planned(), ["acceptance.testers"], "ada", DAY, note="four users").told == ()
    assert confirm(planned(), ["runbook"], "ada", DAY, note="none").told == ()


def test_what_people_accepted_of_the_former_build_counts_no_more() -> None:
    """[S1.16, S1.19, S1.20, S1.21, S1.24] A new build is another thing: the cause says so."""
    made = with_dossier(staged(), iteration=2)
    found = unmet(made, "stage")
    assert set(found) == {"runbook-rehearsed", "user-acceptance-done", "acceptance-signed"}
    assert all("given for build 1, and this is build 2" in why for why in found.values())
    assert "the package is verified" in unmet(made, "go")["readiness-reviewed"]


def test_an_override_passes_only_the_build_that_it_was_given_for() -> None:
    """[S1.16] It stays visible, and the next build needs one of its own."""
    first = override(with_dossier(staged(), runs=()), "cases-executed", "ada", "No tester", DAY).release
    assert {line.criterion.id: line.state for line in gate(first, "test", context()).judgements}[
        "cases-executed"
    ] == "overridden"
    second = with_dossier(first, iteration=2)
    assert "the override by ada was for build 1" in unmet(second, "test")["cases-executed"]
    again = override(second, "cases-executed", "ada", "Still none", DAY, context()).release
    assert "cases-executed" not in unmet(again, "test")
    assert [(each.criterion, each.iteration) for each in again.dossier.overrides] == [
        ("cases-executed", 1),
        ("cases-executed", 2),
    ]


def test_an_override_of_planning_holds_for_every_build() -> None:
    """[S1.2] A build changes nothing about who was asked beforehand."""
    made = override(planned(), "prerequisites-confirmed", "ada", "Known", DAY).release
    assert "prerequisites-confirmed" not in unmet(with_dossier(made, iteration=3), "plan")


def test_an_override_of_an_older_record_is_of_the_build_that_was_there_then() -> None:
    """[S1.16] It does not name one: what was promoted and confirmed by then tells."""
    made = override(with_dossier(staged(), runs=()), "cases-executed", "ada", "No tester", DAY).release
    old = with_dossier(made, overrides=tuple(replace(each, iteration=0) for each in made.dossier.overrides))
    assert "cases-executed" not in unmet(old, "test")
    assert "cases-executed" in unmet(with_dossier(old, iteration=2), "test")


@pytest.mark.parametrize("name", NEVER_OVERRIDDEN)
def test_two_criteria_are_never_overridden_outside_an_emergency(name: str) -> None:
    """[S1.2, S1.36]"""
    with pytest.raises(Refused, match="never be overridden outside an emergency"):
        override(planned(), name, "ada", "In a hurry", DAY)
    urgent = override(planned(type="emergency"), name, "ada", "In a hurry", DAY).release
    assert urgent.dossier.overrides[0].id == name


def test_an_unknown_criterion_or_gate_names_the_nearest() -> None:
    with pytest.raises(BadInput, match="Did you mean 'acceptance-signed'"):
        override(planned(), "acceptance-sign", "ada", "x", DAY)
    with pytest.raises(BadInput, match="Did you mean 'build'"):
        gate(planned(), "biuld", context())
    assert unknown_criteria(["all", "acceptance-signed", "nonsense"]) == ("nonsense",)


def test_a_stage_is_left_only_when_its_gate_is_met() -> None:
    """[S1.2] The refusal names every unmet criterion, with where it is met."""
    with pytest.raises(GateShut, match="it cannot leave planning, 2 criteria are not met") as shut:
        advance(planned(), context(), "ada", DAY)
    assert (
        "definition-signed: the service owner (Grace) has to approve "
        "(-> relui sign REL-2026-11-001 definition)" in shut.value.message
    )
    made = advance(ready_to_build(), context(), "ada", DAY).release
    assert (stage_now(made), stage_of(made, Outline(made))) == ("build", "build")


def test_advancing_with_a_reason_overrides_what_can_be_and_nothing_else() -> None:
    """[S1.2]"""
    ruling = advance(planned(), context(), "ada", DAY, "Agreed with the board")
    assert stage_now(ruling.release) == "build"
    assert {each.id for each in ruling.release.dossier.overrides} == {
        "prerequisites-confirmed", "definition-signed",
    }  # fmt: skip
    at_stage = with_dossier(planned(), stage="stage")
    with pytest.raises(GateShut, match="acceptance-signed") as shut:
        advance(at_stage, context(), "ada", DAY, "In a hurry")
    assert [line.criterion.id for line in shut.value.judgements] == ["acceptance-signed"]
    assert at_stage.dossier.overrides == ()
    with pytest.raises(Refused, match="needs a named person"):
        advance(planned(), context(), "stranger", DAY, "In a hurry")


def test_a_reason_that_is_not_needed_is_not_recorded() -> None:
    ruling = advance(ready_to_build(), context(), "ada", DAY, "To be sure")
    assert ruling.release.dossier.overrides == () and "not needed" in ruling.told[0]


def test_a_light_release_needs_no_advance_and_its_stage_follows_from_the_checklist() -> None:
    """[S1.2]"""
    with pytest.raises(Refused, match="follows from its checklist"):
        advance(payments(), context(), "ada", DAY)
    assert stage_of(payments(), Outline(payments())) == "build"
    refuse_closing(payments(), context())


def doubted() -> Release:
    """Everything was met up to the deployment; then a change came that nobody approved."""
    given = {"id": "CHG-9", "summary": "One more", "status": "proposed", "target": "2026-12-31"}
    return add_part(staged(), "change", given, DAY, "ada").release


def test_a_gate_that_was_passed_stays_shut_to_what_is_unmet_again() -> None:
    """[S1.2, S1.3, S1.8] Named with the stage that was left and the way out."""
    found = unmet(doubted(), "go")
    assert found["changes-approved"].startswith("unmet again since it left planning: CHG-9 is proposed")
    assert "definition-signed" in found and "notes-generated" in found
    assert "unmet again since it left the build" in found["notes-generated"]
    with pytest.raises(
        GateShut, match=r"CHG-9.*or relui override REL-2026-11-001 changes-approved --reason T"
    ):
        say_go(doubted(), context(), "grace", DAY, confirmed=["all"])
    back = with_dossier(doubted(), stage="test")
    with pytest.raises(GateShut, match="unmet again since it left planning"):
        advance(back, context(), "ada", DAY)
    passed = advance(back, context(), "ada", DAY, "The board agreed").release
    assert {"changes-approved", "definition-signed"} <= {each.id for each in passed.dossier.overrides}


def test_a_stage_that_was_left_is_met_again_or_overridden() -> None:
    """[S1.2]"""
    fixed = edit_part(doubted(), "change", "CHG-9", {"status": "withdrawn"}, DAY, "ada").release
    assert set(unmet(fixed, "go")) == {"go-decided", "handed-off"}
    made = doubted()
    for name in unmet(made, "go"):
        if name not in NEVER_OVERRIDDEN:
            made = override(made, name, "ada", "The board agreed", DAY).release
    assert set(unmet(made, "go")) == {"acceptance-signed"}


def test_what_may_become_untrue_on_the_way_stops_nothing() -> None:
    """[S1.3] A day by which a change was wanted passes; and once it has started nothing is asked again."""
    late = edit_part(staged(), "change", "CHG-2026-0001", {"target": "2026-11-01"}, DAY, "ada").release
    assert "changes-timely" in unmet(late, "plan") and "changes-timely" not in unmet(late, "go")
    assert "changes-approved" not in unmet(replace(doubted(), started_at=GO_LIVE), "go")


def test_the_last_stage_is_left_by_closing_which_asks_the_gates() -> None:
    """[S1.29]"""
    made = with_dossier(staged(), stage="close")
    with pytest.raises(Refused, match="last stage"):
        advance(made, context(), "ada", DAY)
    with pytest.raises(GateShut, match="cannot be closed") as shut:
        refuse_closing(made, context())
    assert {line.criterion.id for line in shut.value.judgements} == {
        "stakeholders-told", "documents-archived", "review-planned", "metrics-recorded",
        "retrospective-written",
    }  # fmt: skip


def test_a_serious_fix_takes_the_release_back_to_the_build() -> None:
    """[S1.16] Testing restarts at build verification."""
    made = with_dossier(staged(), defects=(Defect(id="B-1", summary="Down", severity="high"),))
    ruling = edit_part(made, "defect", "B-1", {"state": "fixed"}, DAY, "ada")
    assert stage_now(ruling.release) == "build" and "back in the stage build" in " ".join(ruling.told)
    assert "build-verified" in unmet(ruling.release, "build")


EMERGENCY = ("package-complete", "smoke-and-fix-verified", "definition-recorded", "emergency-cab-signed")


def test_an_emergency_must_meet_its_four_criteria_or_have_them_overridden() -> None:
    """[S1.36] Each with a reason of its own."""
    urgent = replace(planned(type="emergency"), criteria=EMERGENCY)
    bare = replace(urgent, dossier=Dossier(), rationale="")
    assert set(unmet(bare, "go")) == set(EMERGENCY)
    for name in EMERGENCY:
        bare = override(bare, name, "eve", "No time", DAY).release
    assert gate(bare, "go", context()).met and len(bare.dossier.overrides) == 4


def test_closing_an_emergency_names_what_it_owes_beside_the_gates() -> None:
    """[S1.36] Who mends the one is not refused a second time for the other."""
    owed = phase("full", item("wiki"), owed=True)
    urgent = replace(planned(type="emergency"), criteria=("all",), dossier=Dossier(stage="deploy"))
    owing = replace(urgent, phases=(*urgent.phases, owed), started_at=GO_LIVE)
    with pytest.raises(GateShut, match="criteria are not met") as shut:
        refuse_closing(owing, context())
    assert "still owes 1 item of its full checklist" in shut.value.message
    assert "'Wiki' (full.wiki)" in shut.value.message


def test_the_emergency_cab_approves_an_emergency() -> None:
    """[S1.36]"""
    urgent = replace(planned(type="emergency"), criteria=("emergency-cab-signed",))
    with pytest.raises(Refused, match=r"the emergency CAB \(Eve\)"):
        signed_by(urgent, "go", "grace")
    assert gate(signed_by(urgent, "go", "eve"), "go", context()).met
    assert gate(signed_by(urgent, "definition", "eve"), "go", context()).met


def test_an_organisation_without_people_can_meet_every_gate() -> None:
    made = planned()
    assert "somebody has to approve" in unmet(made, "plan", organisation=NOBODY)["definition-signed"]
    assert ORGANISATION.people and "Grace" in unmet(made, "plan")["definition-signed"]


def test_changes_alone_do_not_make_a_definition() -> None:
    """[S1.3] A release without changes has nothing to verify."""
    made = with_dossier(ready_to_build(), changes=())
    assert "no changes" in unmet(made, "plan")["changes-approved"]
    gone = with_dossier(made, changes=(Change(id="C-1", summary="x", status="withdrawn"),))
    assert "changes-approved" not in unmet(gone, "plan")
    assert "definition-complete" in unmet(gone, "plan")


def test_the_version_must_be_more_than_a_placeholder() -> None:
    assert "version-set" in unmet(replace(staged(), version="TBD"), "build")


def test_readiness_is_due_a_day_before() -> None:
    """[S1.24]"""
    from relui.domain.dossier.waiting import waiting

    made = unconfirm(staged(), ["readiness.dashboards"], "ada", DAY, "Gone").release
    rows = waiting([made], ORGANISATION, lambda release: context())
    row = next(each for each in rows if each.name == "readiness.dashboards")
    assert row.due == GO_LIVE - timedelta(hours=24) and row.overdue and row.people == ("olga",)


ASKED_BY = {
    "prerequisite": ("plan", "prerequisites-confirmed"),
    "build": ("build", "build-verified"),
    "notes": ("build", "notes-generated"),
    "runbook": ("stage", "runbook-rehearsed"),
    "acceptance": ("stage", "user-acceptance-done"),
    "window": ("go", "window-confirmed"),
    "readiness": ("go", "readiness-reviewed"),
    "handoff": ("go", "handed-off"),
    "close.documents": ("close", "documents-archived"),
    "close.pir": ("close", "review-planned"),
}
"""Gate and criterion of a group of points, or of a single one."""


@pytest.mark.parametrize("point", POINTS)
def test_each_single_point_holds_up_its_gate_and_no_other_criterion_of_it(point: str) -> None:
    """[S1.1, S1.11, S1.12, S1.19, S1.20, S1.22, S1.24, S1.26, S1.29] The gap names the point by its words."""
    name, criterion = ASKED_BY.get(point, ()) or ASKED_BY[point.partition(".")[0]]
    done = replace(confirmed_all(staged(), "handoff"), completed_at=DAY)
    whole = replace(confirmed_all(done, "close"), completed_at=None)
    before = unmet(whole, name)
    assert criterion not in before
    after = unmet(unconfirm(whole, [point], "ada", DAY, "Not so").release, name)
    assert set(after) == {*before, criterion}
    assert POINTS[point].words.casefold() in after[criterion].casefold()


def test_the_reviews_that_are_signed_need_the_signature_beside_their_points() -> None:
    """[S1.21, S1.24] All confirmed and nobody's name under it is no review, and no acceptance."""
    whole = staged()
    for subject, (name, criterion) in {
        "readiness": ("go", "readiness-reviewed"),
        "acceptance": ("stage", "acceptance-signed"),
    }.items():
        by = next(each.by for each in whole.dossier.signoffs if each.subject == subject)
        gone = sign(whole, ORGANISATION, subject, by, DAY, verdict="withdraw", comment="Too early").release
        assert criterion not in unmet(whole, name) and criterion in unmet(gone, name)


def test_before_the_deployment_began_the_gate_in_the_way_is_go() -> None:
    """[S1.2]"""
    made = staged()
    assert gate_now(planned()) == "plan" and gate_now(made) == "go"
    assert gate_now(replace(made, started_at=GO_LIVE)) == "deploy"
    assert gate_now(replace(made, criteria=("completion-confirmed",))) == "deploy"


def test_overriding_what_is_not_due_names_its_gate() -> None:
    """[S1.2]"""
    made = staged()
    words = (
        "configuration-updated belongs to the gate close, which is not due yet: REL-2026-11-001 is in deploy."
    )
    assert ahead_words(made, "configuration-updated") == words
    unmatched = replace(made, dossier=replace(made.dossier, deployed_version=""))
    told = override(unmatched, "configuration-updated", "ada", "r", DAY, context()).told
    assert told == (words,)
    for name in ("handed-off", "acceptance-signed", "definition-signed"):
        assert ahead_words(made, name) == ""
    assert "the gate go, which is not due yet" in ahead_words(planned(), "notices-sent")
    in_stage = replace(made, dossier=replace(made.dossier, stage="stage"))
    assert ahead_words(in_stage, "notices-sent") == ""
