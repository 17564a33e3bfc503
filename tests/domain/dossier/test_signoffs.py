"""Sign-offs: who may, for whom, what is confirmed, and what goes stale by what [S1.4, S1.8, S1.21, S1.38]."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.binding import facts
from relui.domain.dossier.deciding import delegate, withdraw
from relui.domain.dossier.grounds import GROUNDS, MEMBERS_LIMIT, RESTS, basis_of, causes
from relui.domain.dossier.parts import Change, Defect, Subject
from relui.domain.dossier.signers import required_signers
from relui.domain.dossier.signing import unsigned_words
from relui.domain.dossier.signoffs import APPROVAL_POINTS, SUBJECTS, signed, stale, state_of
from relui.domain.organisation import Absence, Organisation, Person
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.errors import BadInput, Refused
from tests.domain.acts import sign
from tests.domain.dossier.gated import DAY, DISTINCT, NOBODY, ORGANISATION, booking, planned, signed_by
from tests.domain.dossier.governed import governed
from tests.domain.releases import GO_LIVE, NOW, item, phase


def roles(subject: Subject, organisation: Organisation = ORGANISATION, **more: Any) -> list[str]:
    return [each.role for each in required_signers(subject, replace(planned(), **more), organisation)]


@pytest.mark.parametrize(
    ("type_", "organisation", "expected"),
    [
        ("major", ORGANISATION, ["service-owner", "cab"]),
        ("minor", ORGANISATION, ["service-owner"]),
        ("patch", ORGANISATION, ["service-owner"]),
        ("patch", DISTINCT, ["release-manager"]),
        ("emergency", ORGANISATION, ["emergency-cab"]),
        ("major", NOBODY, ["anyone"]),
    ],
)
def test_the_definition_is_approved_by_type(
    type_: str, organisation: Organisation, expected: list[str]
) -> None:
    """[S1.4, S1.8] A distinct release manager for a patch where the policy asks for one."""
    assert roles("definition", organisation, type=type_) == expected


def test_go_is_the_service_owners_and_in_an_emergency_the_emergency_cabs() -> None:
    """[S1.25]"""
    assert (roles("go"), roles("go", type="emergency")) == (["service-owner"], ["emergency-cab"])


def test_a_patch_falls_back_to_the_service_owner_when_no_other_manager_is_there() -> None:
    people = tuple(each for each in ORGANISATION.people if each.id != "ben")
    assert roles("definition", replace(DISTINCT, people=people), type="patch") == ["service-owner"]


def test_a_major_release_is_signed_by_the_service_owner_and_the_cab() -> None:
    """[S1.4] One of the two is not enough, and what is missing is named."""
    made = signed_by(planned(type="major"), "definition")
    assert not signed(made, "definition") and state_of(made, "definition").missing == ("cab",)
    assert "the CAB (Carl) has to approve" in unsigned_words(made, "definition", ORGANISATION)
    assert signed(signed_by(made, "definition", "carl"), "definition")


def test_one_person_cannot_be_both_where_approvers_must_differ() -> None:
    both = replace(
        DISTINCT,
        people=tuple(
            replace(each, roles=("service-owner", "cab")) if each.id == "grace" else each
            for each in DISTINCT.people
        ),
    )
    made = sign(planned(type="major"), both, "definition", "grace", DAY).release
    assert not signed(made, "definition")
    assert signed(sign(made, both, "definition", "carl", DAY).release, "definition")


def test_somebody_without_the_right_is_refused_and_told_who_has_it() -> None:
    with pytest.raises(Refused, match=r"signed by the service owner \(Grace\), not by Olga"):
        sign(planned(), ORGANISATION, "definition", "olga", DAY)
    with pytest.raises(Refused, match=r"not among the people of the organisation\. Did you mean 'grace'"):
        sign(planned(), ORGANISATION, "definition", "grase", DAY)


def test_a_delegate_named_in_advance_signs_and_both_names_are_recorded() -> None:
    """[S1.38]"""
    with pytest.raises(Refused, match="As the delegate of Grace, sign for grace"):
        sign(planned(), ORGANISATION, "definition", "heidi", DAY)
    absent = replace(ORGANISATION, people=tuple(
        replace(each, away=(Absence(DAY.date(), DAY.date()),)) if each.id == "grace" else each
        for each in ORGANISATION.people
    ))  # fmt: skip
    made = sign(planned(), absent, "definition", "heidi", DAY, acting_for="Grace").release
    entry = made.dossier.signoffs[-1]
    assert (entry.by, entry.acting_for, signed(made, "definition")) == ("heidi", "grace", True)


def test_a_delegate_signs_only_while_the_other_is_away_or_has_handed_over() -> None:
    """[S1.38] The refusal names the ways; a hand-over is the person's own, for this release, and can end."""
    made = planned()
    with pytest.raises(Refused, match=r"Grace is not away.*hand-over .*--as grace.*away add"):
        sign(made, ORGANISATION, "definition", "heidi", DAY, acting_for="grace")
    with pytest.raises(Refused, match="Carl has no delegate"):
        delegate(made, ORGANISATION, "carl", DAY)
    with pytest.raises(Refused, match="The delegate of Grace is Heidi, and nobody else"):
        delegate(made, ORGANISATION, "grace", DAY, "carl")
    handed = delegate(made, ORGANISATION, "Grace", DAY, reason="I am at the customer's").release
    assert delegate(handed, ORGANISATION, "grace", DAY).act is None
    assert sign(handed, ORGANISATION, "definition", "heidi", DAY, acting_for="grace").act is not None
    assert sign(handed, ORGANISATION, "definition", "grace", DAY).act is not None
    back = withdraw(handed, "D-1", "grace", DAY, "I am back").release
    with pytest.raises(Refused, match="has not handed over"):
        sign(back, ORGANISATION, "definition", "heidi", DAY, acting_for="grace")


def test_nobody_signs_for_a_person_who_did_not_name_them() -> None:
    """[S1.38]"""
    with pytest.raises(Refused, match="delegate of Grace is Heidi: Carl cannot sign for them"):
        sign(planned(), ORGANISATION, "definition", "carl", DAY, acting_for="grace")
    with pytest.raises(BadInput, match=r"nobody called 'grce'\. Did you mean 'grace'"):
        sign(planned(), ORGANISATION, "definition", "heidi", DAY, acting_for="grce")


def test_a_patch_is_accepted_by_a_release_manager_for_the_service_owner() -> None:
    """[S1.21] Any other type needs a delegate named in advance."""
    patch = sign(
        planned(type="patch"), ORGANISATION, "acceptance", "ben", DAY, acting_for="grace", confirmed=["all"]
    )
    assert signed(patch.release, "acceptance")
    with pytest.raises(Refused, match="cannot sign for them"):
        sign(planned(), ORGANISATION, "acceptance", "ben", DAY, acting_for="grace", confirmed=["all"])


def test_the_owner_does_not_approve_their_own_release_where_policy_asks_for_another() -> None:
    """[S1.8, S1.38] The delegate is the way out."""
    own = planned(owner="grace")
    assert signed(sign(own, ORGANISATION, "definition", "grace", DAY).release, "definition")
    with pytest.raises(Refused, match="distinct approver, and grace is the owner"):
        sign(own, DISTINCT, "definition", "grace", DAY)
    handed = delegate(own, DISTINCT, "grace", DAY).release
    given = sign(handed, DISTINCT, "definition", "heidi", DAY, acting_for="grace").release
    assert signed(given, "definition")


def test_an_organisation_without_people_lets_anybody_sign_and_says_so() -> None:
    ruling = sign(planned(), NOBODY, "definition", "whoever", DAY)
    assert signed(ruling.release, "definition") and ruling.told == (
        "The organisation lists no people: anybody may sign.",
    )


def test_a_role_that_nobody_has_is_named() -> None:
    people = tuple(each for each in ORGANISATION.people if each.id != "eve")
    empty = replace(ORGANISATION, people=people)
    with pytest.raises(Refused, match="Nobody in the organisation has the role emergency-cab"):
        sign(planned(type="emergency"), empty, "go", "grace", DAY, confirmed=["all"])
    assert "emergency-cab" in unsigned_words(planned(type="emergency"), "go", empty)


@pytest.mark.parametrize("missing", APPROVAL_POINTS["acceptance"])
def test_an_acceptance_confirms_all_four_points(missing: str) -> None:
    """[S1.21]"""
    points = [point for point in APPROVAL_POINTS["acceptance"] if point != missing]
    with pytest.raises(BadInput, match=missing):
        sign(planned(), ORGANISATION, "acceptance", "grace", DAY, confirmed=points)
    made = sign(planned(), ORGANISATION, "acceptance", "grace", DAY, confirmed=[*points, missing]).release
    assert made.dossier.signoffs[-1].confirmed == tuple(APPROVAL_POINTS["acceptance"])


def test_a_rejection_needs_a_reason_and_stands_until_it_is_superseded() -> None:
    with pytest.raises(BadInput, match="needs a reason"):
        sign(planned(), ORGANISATION, "definition", "grace", DAY, verdict="reject")
    no = sign(
        planned(), ORGANISATION, "definition", "grace", DAY, verdict="reject", comment="Too risky"
    ).release
    assert "grace rejected it: Too risky" in unsigned_words(no, "definition", ORGANISATION)
    assert signed(signed_by(no, "definition"), "definition")


def test_a_withdrawal_is_a_new_entry_and_nothing_disappears() -> None:
    """Sign-offs are not undone."""
    made = signed_by(planned(), "definition")
    ruling = sign(made, ORGANISATION, "definition", "grace", DAY, verdict="withdraw", comment="Wrong one")
    assert ruling.act is not None and not ruling.act.reversible
    assert [each.verdict for each in ruling.release.dossier.signoffs] == ["approve", "withdraw"]
    assert not signed(ruling.release, "definition")
    with pytest.raises(Refused, match="nothing to withdraw"):
        sign(ruling.release, ORGANISATION, "definition", "grace", DAY, verdict="withdraw")


def test_nobody_withdraws_what_another_gave() -> None:
    made = signed_by(planned(), "definition")
    with pytest.raises(Refused, match="nothing to withdraw"):
        sign(made, ORGANISATION, "definition", "carl", DAY, verdict="withdraw")
    with pytest.raises(Refused, match="cannot sign for them"):
        sign(made, ORGANISATION, "definition", "carl", DAY, verdict="withdraw", acting_for="grace")


def test_approving_again_what_stands_changes_nothing() -> None:
    made = signed_by(planned(), "definition")
    assert sign(made, ORGANISATION, "definition", "grace", DAY).act is None
    later = replace(made, risk="More")
    assert sign(later, ORGANISATION, "definition", "grace", DAY).act is not None


@pytest.mark.parametrize(("subject", "verdict"), [("definitoin", "approve"), ("definition", "aprove")])
def test_an_unknown_subject_or_decision_names_the_nearest(subject: str, verdict: str) -> None:
    with pytest.raises(BadInput, match="Did you mean"):
        sign(planned(), ORGANISATION, subject, "grace", DAY, verdict=verdict)


def with_dossier(made: Release, **more: Any) -> Release:
    return replace(made, dossier=replace(made.dossier, **more))


def one_more(made: Release, **more: Any) -> Release:
    return with_dossier(made, defects=(*made.dossier.defects, Defect(id="B-9", summary="New", **more)))


EDITS: dict[str, tuple[Callable[[Release], Release], set[Subject]]] = {
    "a change": (
        lambda made: with_dossier(made, changes=(*made.dossier.changes, Change(id="CHG-9", summary="More"))),
        {"definition", "acceptance"},
    ),
    "version": (lambda made: replace(made, version="2.4.1"), {"definition", "acceptance"}),
    "type": (lambda made: replace(made, type="patch"), {"definition", "test-plan", "exception"}),
    "risk": (lambda made: replace(made, risk="Other"), {"definition"}),
    "rollback": (lambda made: replace(made, rollback="Other"), {"definition", "readiness"}),
    "rollback time": (lambda made: with_dossier(made, rollback_minutes=50), {"definition", "readiness"}),
    "rollback triggers": (
        lambda made: with_dossier(made, rollback_triggers="Payments fail"),
        {"definition", "readiness"},
    ),
    "component": (
        lambda made: with_dossier(made, components=made.dossier.components[1:]),
        {"acceptance", "readiness", "go"},
    ),
    "known issue": (lambda made: one_more(made, severity="low", known_issue=True), {"acceptance"}),
    "low defect": (lambda made: one_more(made, severity="low"), set()),
    "medium defect": (lambda made: one_more(made, severity="medium"), {"acceptance"}),
    "high defect": (lambda made: one_more(made, severity="high"), {"acceptance", "go"}),
    "rejected defect": (lambda made: one_more(made, severity="critical", state="rejected"), set()),
    "day": (
        lambda made: replace(made, go_live=GO_LIVE + timedelta(days=1)),
        {"definition", "exception", "readiness", "go"},
    ),
    "within the slot": (
        lambda made: replace(made, go_live=GO_LIVE + timedelta(minutes=30)),
        {"exception", "readiness", "go"},
    ),
    "booking": (lambda made: replace(made, bookings=(booking(counter=2),)), {"exception", "readiness", "go"}),
    "title": (lambda made: replace(made, title="Other", owner="ben", impact="low"), set()),
    "test plan": (lambda made: with_dossier(made, test_plan="Less"), {"test-plan"}),
    "approval of a change": (
        lambda made: with_dossier(
            made, changes=tuple(replace(each, ready=False) for each in made.dossier.changes)
        ),
        set(),
    ),
}


def all_signed() -> Release:
    made = planned()
    for subject in SUBJECTS:
        made = sign(made, NOBODY, subject, "ada", DAY, confirmed=["all"]).release
    return made


@pytest.mark.parametrize("name", EDITS)
def test_a_sign_off_goes_stale_by_what_it_rests_on_and_by_nothing_else(name: str) -> None:
    """[S1.8, S1.21, S1.25]"""
    edit, touched = EDITS[name]
    after = edit(all_signed())
    assert {subject for subject in SUBJECTS if not signed(after, subject)} == touched
    for subject in touched:
        assert state_of(after, subject).stale[0].causes != ()


@given(st.lists(st.sampled_from(sorted(EDITS)), max_size=4, unique=True))
def test_several_changes_touch_what_each_of_them_touches(names: list[str]) -> None:
    """Only the grounds of a subject make its sign-off stale, in whatever order they change."""
    after = all_signed()
    before = {subject: basis_of(after, RESTS[subject]) for subject in SUBJECTS}
    for name in names:
        after = EDITS[name][0](after)
    for subject in SUBJECTS:
        changed = {name for name in RESTS[subject] if GROUNDS[name].read(after) != before[subject][name]}
        if not signed(after, subject):
            assert changed
        elif changed:
            assert changed <= {"go-live", "defects", "serious-defects"}


def test_the_cause_is_named() -> None:
    after = EDITS["a change"][0](all_signed())
    assert state_of(after, "definition").stale[0].causes == ("changes: added CHG-9",)
    moved = replace(EDITS["day"][0](all_signed()), zone="Asia/Tokyo")
    assert state_of(moved, "definition").stale[0].causes == (
        "the go-live moved from Sun 22 Nov 2026 05:00 (Asia/Tokyo) to Mon 23 Nov 2026 05:00 (Asia/Tokyo)",
    )


def test_a_fixed_defect_does_not_make_an_acceptance_fresh_again() -> None:
    """[S1.21] What was accepted did not have it, and its fix is another build."""
    fixed = one_more(all_signed(), severity="high", state="verified")
    assert not signed(fixed, "acceptance")


def test_what_is_taken_back_makes_a_sign_off_fresh_again() -> None:
    made = all_signed()
    assert signed(replace(replace(made, version="9.9.9"), version=made.version), "definition")


def test_a_key_person_lost_touches_the_go_alone() -> None:
    """[S1.25]"""
    made = all_signed()
    assert not signed(made, "go", ["Olga is away."])
    for entry in made.dossier.signoffs:
        assert stale(made, entry, ["Olga is away."]) == (("Olga is away.",) if entry.subject == "go" else ())


def test_very_many_changes_are_compared_as_a_whole() -> None:
    many = tuple(Change(id=f"C-{number}", summary="x") for number in range(MEMBERS_LIMIT + 5))
    made = with_dossier(planned(), changes=many)
    basis = basis_of(made, ["changes"])
    assert len(basis["changes"]) < 40 and causes(made, basis) == ()
    assert causes(with_dossier(made, changes=many[1:]), basis) == ("the changes are not the same",)


def test_an_item_bound_to_a_sign_off_follows_it() -> None:
    """[S0.5, S1.21]"""
    made = replace(planned(), phases=(phase("close", item("ok", when_done="signed:definition")),))
    made = signed_by(made, "definition")
    assert made.mark("close.ok").bound
    assert "signed:definition" in facts(made, Outline(made), NOW)
    assert "signed:definition" not in facts(replace(made, risk="Other"), Outline(made), NOW)


def test_a_closed_release_is_not_signed() -> None:
    from relui.domain.dossier.deployment import cancel

    gone = cancel(planned(), "ada", DAY, "Not wanted").release
    with pytest.raises(Refused):
        sign(gone, ORGANISATION, "definition", "grace", DAY)


def test_a_delegate_given_by_name_is_found() -> None:
    people = (Person("grace", "Grace", roles=("service-owner",), delegate="Heidi"), Person("heidi", "Heidi"))
    named = replace(ORGANISATION, people=people)
    made = delegate(planned(), named, "grace", DAY).release
    assert sign(made, named, "definition", "Heidi", DAY, acting_for="grace").act is not None


def test_a_test_plan_that_there_is_not_cannot_be_agreed_on() -> None:
    """[S1.8]"""
    made = governed(test_plan="")
    with pytest.raises(Refused, match=r"no test plan .*--set test-plan=T"):
        sign(made, ORGANISATION, "test-plan", "grace", NOW)
    assert sign(made, ORGANISATION, "test-plan", "grace", NOW, verdict="reject", comment="none").act


def test_whoever_approves_an_incomplete_definition_is_told_how_much_is_missing() -> None:
    """[S1.7, S1.8] Where the criterion is listed: the light way asks for no definition."""
    light = replace(governed(), risk="", rollback="")
    for criteria in (("all",), ("definition-complete",)):
        told = sign(replace(light, criteria=criteria), ORGANISATION, "definition", "grace", NOW).told
        assert told[0].startswith("The definition is incomplete, 2 parts are missing: not given: the risk")
    assert sign(light, ORGANISATION, "definition", "grace", NOW).told == ()
    assert sign(replace(governed(), criteria=("all",)), ORGANISATION, "definition", "grace", NOW).told == ()


def test_a_gate_says_that_the_one_who_has_to_sign_cannot_and_both_ways_out() -> None:
    """[S1.8] The service owner owns the release, and the policy asks for a distinct approver."""
    own = replace(planned(), owner="grace")
    words = unsigned_words(own, "definition", DISTINCT)
    assert "grace cannot sign it, being the owner of REL-2026-11-001: give the release another owner" in words
    assert "--set owner=NAME" in words and "let the delegate heidi sign for grace" in words
    with pytest.raises(Refused, match=r"--set owner=NAME.*or let the delegate heidi sign"):
        sign(own, DISTINCT, "definition", "grace", NOW)
    handed = delegate(own, DISTINCT, "grace", NOW).release
    assert sign(handed, DISTINCT, "definition", "heidi", NOW, acting_for="grace").act is not None
    assert "cannot" not in unsigned_words(planned(), "definition", DISTINCT)
    alone = replace(DISTINCT, people=tuple(replace(each, delegate="") for each in DISTINCT.people))
    assert "name a delegate of grace in the organisation" in unsigned_words(own, "definition", alone)
