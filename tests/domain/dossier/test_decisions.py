"""Go, no-go, hold, start, completion, rollback and cancellation; the window's clock [S1.25, S1.27, S1.28]."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.binding import facts, settle
from relui.domain.checklist import State
from relui.domain.creation import following_dossier
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.deciding import claim, decide, delegate, hand_over, withdraw
from relui.domain.dossier.decisions import completion, final_outcome, leader, on_hold, standing_decisions
from relui.domain.dossier.deployment import last_rollback, window_clock
from relui.domain.dossier.environments import record_progress
from relui.domain.dossier.gates import GateShut, gate, stage_now
from relui.domain.dossier.parts import Defect
from relui.domain.dossier.shift import shift_page
from relui.domain.dossier.signoffs import go_stands
from relui.domain.dossier.stages import go_words, refuse_closing
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.errors import BadInput, Refused
from tests.domain.acts import (
    cancel,
    complete,
    confirm,
    edit,
    hold,
    no_go,
    record_sent,
    resume,
    roll_back,
    say_go,
    start,
    tick,
    write_retrospective,
)
from tests.domain.dossier.gated import (
    DAY,
    DISTINCT,
    NOBODY,
    ORGANISATION,
    booking,
    confirmed_all,
    context,
    finding,
    signed_by,
    staged,
    verdict,
)
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase

START = GO_LIVE
END = GO_LIVE + timedelta(minutes=80)


def going() -> Release:
    """Go was said, and the hand-off is done."""
    made = say_go(staged(), context(), "grace", DAY, confirmed=["all"]).release
    return confirmed_all(made, "handoff")


def started() -> Release:
    return start(going(), context(now=START), "ada", START).release


def completed(**more: str) -> Release:
    given = {"verification": "All checks passed.", **more}
    return complete(started(), context(now=END), "ada", END, **given).release  # type: ignore[arg-type]


def test_a_start_keeps_the_instant_that_the_checklist_shows_and_says_so() -> None:
    """[S1.34] What was on time stays so; an instant of one's own goes first."""
    made = tick(payments(), ["deploy.command"], "ada", START).release
    ruling = start(made, context(), "ada", START + timedelta(minutes=16))
    assert ruling.release.started_at == START
    assert "Sat 21 Nov 2026 20:00 (UTC) by the tick of 'Command'" in ruling.told[0]
    assert window_clock(made, END).elapsed == 80
    later = START + timedelta(minutes=5)
    assert start(made, context(), "ada", END, later).release.started_at == later


def test_a_start_says_that_it_is_early_or_without_a_slot() -> None:
    """[S1.34] Allowed where nothing forbids it, never in silence."""
    told = start(payments(), context(), "ada", GO_LIVE - timedelta(hours=31)).told
    assert told[0] == "REL-2026-11-001 holds no slot."
    assert told[1].startswith("It starts 1d7h before its go-live on") and "not count as on time" in told[1]
    booked = replace(payments(), bookings=(booking(),))
    assert start(booked, context(), "ada", GO_LIVE - timedelta(minutes=15)).told == ()
    assert start(replace(payments(), type="emergency"), context(), "ada", NOW).told == ()


def test_go_is_said_by_the_service_owner_and_ticks_what_is_bound_to_it() -> None:
    """[S1.25]"""
    made = going()
    assert go_stands(made) and go_words(made) == "go"
    assert {"go", "signed:go"} <= facts(made, Outline(made), NOW)
    assert gate(made, "go", context()).met


def test_go_asks_what_may_have_come_up_late() -> None:
    """[S1.25] Open issues, people and resources, business circumstances."""
    with pytest.raises(BadInput, match=r"open-issues .*people .*business"):
        say_go(staged(), context(), "grace", DAY)


def test_go_is_refused_while_its_gate_is_shut_and_says_by_what() -> None:
    """[S1.15, S1.25]"""
    made = staged()
    broken = replace(
        made, dossier=replace(made.dossier, defects=(Defect(id="B-1", summary="x", severity="high"),))
    )
    with pytest.raises(GateShut, match=r"B-1 \(high\) is open"):
        say_go(broken, context(), "grace", DAY, confirmed=["all"])


def test_nobody_else_says_go_and_the_owner_records_it_once_it_is_signed() -> None:
    """[S1.25]"""
    with pytest.raises(Refused, match="the service owner"):
        say_go(staged(), context(), "ada", DAY, confirmed=["all"])
    made = say_go(signed_by(staged(), "go"), context(), "ada", DAY).release
    assert go_stands(made) and made.dossier.signoffs[-1].by == "grace"


def test_a_delegate_says_go_for_the_service_owner() -> None:
    """[S1.38]"""
    made = delegate(staged(), ORGANISATION, "grace", DAY).release
    made = say_go(made, context(), "heidi", DAY, acting_for="grace", confirmed=["all"]).release
    assert (made.dossier.signoffs[-1].by, made.dossier.signoffs[-1].acting_for) == ("heidi", "grace")


def test_go_is_said_on_the_day() -> None:
    """[S1.25]"""
    with pytest.raises(Refused, match="on the day"):
        say_go(staged(), context(), "grace", GO_LIVE - timedelta(days=2), confirmed=["all"])


def test_go_does_not_stand_when_a_key_person_is_lost_or_the_slot_moves() -> None:
    """[S1.25]"""
    made = going()
    away = context(verdict=verdict(finding("absence", "warns")))
    assert "go-decided" in {line.criterion.id for line in gate(made, "go", away).unmet}
    moved = replace(made, bookings=(booking(counter=9),))
    assert not go_stands(moved) and go_words(moved) == "go was said, and counts no more"


def test_go_can_be_said_knowing_who_is_away() -> None:
    """[S1.25] Only somebody lost since touches it."""
    away = context(verdict=verdict(finding("absence", "warns")))
    made = say_go(staged(), away, "grace", DAY, confirmed=["all"]).release
    assert go_stands(made, away.lost)
    assert not go_stands(made, [*away.lost, "Olga is away."])


def test_a_no_go_keeps_its_reason_and_gives_the_slot_back() -> None:
    """[S1.25]"""
    with pytest.raises(BadInput, match="needs a reason"):
        no_go(going(), ORGANISATION, "grace", DAY, " ")
    ruling = no_go(going(), ORGANISATION, "grace", DAY, "The provider is down")
    made = ruling.release
    assert made.booking is None and made.bookings[-1].why == "no-go: The provider is down"
    assert not go_stands(made) and "no-go: The provider is down" in go_words(made)
    assert ruling.act is not None and not ruling.act.reversible
    with pytest.raises(Refused, match="no-go"):
        start(made, context(), "ada", DAY)


def test_after_a_no_go_a_new_slot_is_needed_and_go_is_said_anew() -> None:
    """[S1.25]"""
    made = no_go(going(), ORGANISATION, "ada", DAY, "Late issue").release
    with pytest.raises(Refused, match="book a new one first"):
        resume(made, "ada", DAY)
    with pytest.raises(Refused, match="book a new slot"):
        say_go(made, context(), "grace", DAY, confirmed=["all"])
    booked = replace(made, bookings=(*made.bookings, booking(counter=2)))
    again = resume(booked, "ada", DAY).release
    assert not go_stands(again)
    found = {line.criterion.id for line in gate(again, "go", context()).unmet}
    assert {"window-confirmed", "readiness-reviewed", "go-decided"} <= found


def test_a_stranger_says_neither_no_go_nor_rollback() -> None:
    with pytest.raises(Refused, match="olga cannot say no-go"):
        no_go(going(), ORGANISATION, "olga", DAY, "I do not like it")
    with pytest.raises(Refused, match="olga cannot declare the rollback"):
        roll_back(started(), ORGANISATION, "olga", END, "I do not like it")


def test_a_no_go_for_somebody_is_their_delegate_s() -> None:
    """[S1.25, S1.38] Whoever names another has to stand for them; a stop waits for no hand-over."""
    with pytest.raises(Refused, match="olga cannot say no-go"):
        no_go(going(), ORGANISATION, "olga", DAY, "I do not like it", "grace")
    with pytest.raises(Refused, match="Ada is no delegate of Grace"):
        no_go(going(), ORGANISATION, "ada", DAY, "I do not like it", "grace")
    said = no_go(going(), ORGANISATION, "heidi", DAY, "Payments fail", "grace").act
    assert said is not None and said.text.startswith("said no-go, for grace")


def test_a_hold_keeps_when_go_was_said_and_what_makes_it_stale_does_not() -> None:
    """[S1.25] The item that is bound to it is not ticked anew, at another time."""
    bound = phase("pre-deploy", item("go", when_done="go"), stage="deploy", due="T-1h")
    made = going()
    made = settle(replace(made, phases=(*made.phases, bound)), DAY)
    said = made.mark("pre-deploy.go")
    held = hold(made, "olga", DAY + timedelta(minutes=5), "Somebody is missing").release
    again = resume(held, "ada", DAY + timedelta(minutes=20)).release
    assert said.at == DAY and held.mark("pre-deploy.go") == said == again.mark("pre-deploy.go")
    moved = resume(replace(held, bookings=(booking(counter=9),)), "ada", DAY + timedelta(minutes=20)).release
    assert moved.mark("pre-deploy.go").state is State.OPEN


def test_a_completion_is_confirmed_by_a_person_and_never_by_the_last_tick() -> None:
    """[S1.28] Where a criterion asks for it; a light release goes by its ticks."""
    bound = phase("post-deploy", item("completed", when_done="completed"), stage="deploy", due="T+30m")
    made = started()
    made = replace(made, phases=(*(each for each in made.phases if each.id == "deploy"), bound))
    ticked = tick(made, ["deploy"], "ada", END).release
    assert actual_window(ticked, Outline(ticked)) == (START, None)
    assert ticked.mark("post-deploy.completed").state is State.OPEN
    assert "completed" not in facts(ticked, Outline(ticked), END)
    confirmed = complete(ticked, context(now=END), "ada", END, verification="All well.").release
    assert confirmed.mark("post-deploy.completed").state is State.DONE
    light = tick(replace(made, criteria=(), marks={}), ["deploy"], "ada", END).release
    assert light.mark("post-deploy.completed").state is State.DONE


def test_a_hold_stops_the_start_and_keeps_the_slot() -> None:
    """[S1.27] Anybody may stop; go counts again when it is resumed."""
    made = hold(going(), "olga", DAY, "Somebody is missing").release
    assert on_hold(made) and made.booking is not None and not go_stands(made)
    with pytest.raises(Refused, match="on hold"):
        start(made, context(), "ada", DAY)
    assert go_stands(resume(made, "ada", DAY).release)
    with pytest.raises(Refused, match="nothing to resume"):
        resume(going(), "ada", DAY)


def test_a_deployment_starts_only_with_its_gate_open() -> None:
    """[S1.25, S1.26]"""
    with pytest.raises(GateShut, match="handed-off"):
        start(say_go(staged(), context(), "grace", DAY, confirmed=["all"]).release, context(), "ada", DAY)
    made = started()
    assert (made.started_at, stage_now(made)) == (START, "deploy")
    assert start(made, context(), "ada", END).act is None


def test_an_emergency_starts_past_its_gates_with_one_reason_that_stays() -> None:
    """[S1.36]"""
    names = ("package-complete", "emergency-cab-signed")
    release = replace(payments(), type="emergency", criteria=names)
    with pytest.raises(GateShut, match="start --override"):
        start(release, context(), "ada", NOW)
    ruling = start(release, context(), "ada", NOW, override_reason="CAB on the phone")
    assert ruling.release.started_at == NOW and ruling.act is not None
    assert ruling.act.reason == "CAB on the phone" and all(name in ruling.act.text for name in names)
    kept = ruling.release.dossier.overrides
    assert [(each.id, each.by, each.reason) for each in kept] == [
        (n, "ada", "CAB on the phone") for n in names
    ]


def test_no_reason_starts_past_what_can_never_be_overridden() -> None:
    release = replace(payments(), criteria=("acceptance-signed", "go-decided"))
    with pytest.raises(GateShut, match="acceptance-signed") as caught:
        start(release, context(), "ada", NOW, override_reason="We are late")
    assert [line.criterion.id for line in caught.value.judgements] == ["acceptance-signed"]


def test_the_start_of_a_governed_release_cannot_be_slipped_in_by_an_edit() -> None:
    with pytest.raises(BadInput, match="use start"):
        edit(going(), {"started": "2026-11-21T20:00"}, DAY)
    assert edit(started(), {"started": "2026-11-21T19:50"}, END).release.started_at != START


def test_a_light_release_starts_and_completes_without_being_asked_anything() -> None:
    made = start(payments(), context(NOBODY), "ada", START).release
    done = complete(made, context(NOBODY), "ada", END).release
    assert (done.started_at, done.completed_at) == (START, END) and done.dossier.stage == ""


def test_a_completion_says_how_it_ended_and_what_remains() -> None:
    """[S1.28]"""
    with pytest.raises(BadInput, match="what the verification found"):
        complete(started(), context(now=END), "ada", END)
    ruling = complete(
        started(), context(now=END), "ada", END,
        verification="All checks passed.", issues="One restart.", actions=["Watch the queue"],
    )  # fmt: skip
    made = ruling.release
    entry = completion(made)
    assert entry is not None and (entry.outcome, entry.actions) == ("successful", ("Watch the queue",))
    assert (made.completed_at, stage_now(made), final_outcome(made)) == (END, "close", "successful")
    assert ruling.act is not None and "after 1h20m" in ruling.act.text


def test_an_end_before_the_start_or_in_the_future_is_refused() -> None:
    with pytest.raises(BadInput, match="before"):
        complete(started(), context(), "ada", END, verification="x", when=START - timedelta(hours=1))
    with pytest.raises(BadInput, match="still to come"):
        complete(started(), context(), "ada", END, verification="x", when=END + timedelta(hours=1))
    with pytest.raises(Refused, match="has not started"):
        complete(going(), context(), "ada", END, verification="x")


def test_some_regions_alone_are_a_partial_success() -> None:
    """[S1.28] Success partly, with progress by region."""
    made = record_progress(started(), ["eu"], "done", END, "ada").release
    made = record_progress(made, ["us"], "failed", END, "ada", "No quota").release
    with pytest.raises(Refused, match="1 of 2 deployed and verified: us failed"):
        complete(made, context(), "ada", END, verification="x")
    done = complete(made, context(), "ada", END, outcome="partial", verification="x").release
    assert final_outcome(done) == "partial"


def test_a_rollback_is_declared_with_a_reason_and_then_completed() -> None:
    """[S1.27, S1.28]"""
    with pytest.raises(Refused, match="No rollback was declared"):
        complete(started(), context(), "ada", END, outcome="rolled-back", verification="x")
    made = roll_back(started(), ORGANISATION, "ada", END, "Errors rise").release
    assert final_outcome(made) == "rolled-back" and not go_stands(made)
    with pytest.raises(Refused, match="rolled-back only"):
        complete(made, context(), "ada", END, verification="x")
    done = complete(
        made, context(), "ada", END, outcome="rolled-back", verification="Old version runs."
    ).release
    assert stage_now(done) == "close"


def test_a_rollback_after_the_completion_asks_for_a_new_one() -> None:
    """[S1.27]"""
    made = roll_back(completed(), ORGANISATION, "ada", END + timedelta(hours=1), "Errors rise").release
    assert (completion(made), made.completed_at, stage_now(made)) == (None, None, "deploy")
    with pytest.raises(Refused, match="has not started"):
        roll_back(going(), ORGANISATION, "ada", END, "Errors rise")


def test_the_last_safe_moment_of_a_rollback() -> None:
    """[S1.27] Before completion the window's end, afterwards the limit, each less the rollback's duration."""
    assert last_rollback(started()) == GO_LIVE + timedelta(minutes=120 - 45)
    assert last_rollback(completed()) == END + timedelta(minutes=240 - 45)
    unknown = replace(started(), dossier=replace(started().dossier, rollback_minutes=0))
    assert last_rollback(unknown) is None
    late = roll_back(started(), ORGANISATION, "ada", END, "Errors rise")
    assert "last safe moment" in late.told[0]


@given(st.integers(-300, 600))
def test_the_clock_of_the_window_adds_up(minutes: int) -> None:
    """[S1.27] Elapsed and remaining are the window, at every minute of it."""
    clock = window_clock(payments(), GO_LIVE + timedelta(minutes=minutes))
    assert (clock.elapsed, clock.remaining) == (minutes, 120 - minutes)
    assert clock.elapsed + clock.remaining == 120


def test_a_release_is_cancelled_with_a_reason_until_its_deployment_begins() -> None:
    for made in (payments(), staged(), going()):
        gone = cancel(made, "ada", DAY, "The market changed").release
        assert gone.closing is not None and gone.closing.outcome == "cancelled" and gone.booking is None
    for live in (started(), completed(), tick(payments(), ["deploy.command"], "ada", START).release):
        with pytest.raises(Refused, match="cannot be cancelled any more"):
            cancel(live, "ada", END, "The market changed")
    with pytest.raises(BadInput, match="needs a reason"):
        cancel(staged(), "ada", DAY, "")


def test_a_decision_is_withdrawn_by_a_new_one_and_both_stay() -> None:
    """[S1.25] Not undone."""
    made = going()
    entry = standing_decisions(made, "go")[0]
    ruling = withdraw(made, entry.id, "grace", DAY, "I had not read the mail")
    assert not go_stands(ruling.release) and entry in ruling.release.dossier.decisions
    assert ruling.act is not None and not ruling.act.reversible
    with pytest.raises(BadInput, match="needs a reason"):
        withdraw(made, entry.id, "grace", DAY, "")
    with pytest.raises(BadInput, match="has no decision 'D-99'"):
        withdraw(made, "D-99", "grace", DAY, "x")


def test_what_something_followed_from_is_withdrawn_in_its_turn() -> None:
    made = completed()
    ids = {each.kind: each.id for each in standing_decisions(made)}
    with pytest.raises(Refused, match=f"Withdraw {ids['complete']} first"):
        withdraw(made, ids["start"], "ada", END, "Not started")
    back = withdraw(made, ids["complete"], "ada", END, "Too early").release
    assert back.completed_at is None
    assert withdraw(back, ids["start"], "ada", END, "Not started").release.started_at is None


def test_a_free_decision_and_who_leads_are_recorded() -> None:
    """[S1.27]"""
    made = decide(started(), "Wait for the cache", "ada", END, ["eu"]).release
    assert made.dossier.decisions[-1].words == "Wait for the cache"
    assert leader(made) == "ada" and leader(claim(made, "ben", END).release) == "ben"
    assert claim(made, "ada", END).act is None
    with pytest.raises(BadInput):
        decide(made, " ", "ada", END)


def test_a_shift_is_handed_over_as_one_page() -> None:
    """[S1.27] State, what is open, what was decided, what worries."""
    made = hand_over(started(), "ben", "ada", END, "The queue grows").release
    page = shift_page(made, context(now=GO_LIVE + timedelta(minutes=90)))
    assert page.leader == "ben" and "The queue grows" in page.worries
    assert any("last safe moment" in words for words in page.worries)
    assert [each.kind for each in page.decided][-1] == "hand-over"
    assert {line.criterion.id for line in page.unmet} == {"completion-confirmed"}
    assert page.open_items and "Deployment started" in " ".join(page.state)
    assert hand_over(made, "Ben", "ada", END).act is None


def test_a_release_that_was_rolled_back_is_followed_by_one_that_takes_its_changes_over() -> None:
    """[S1.28]"""
    with pytest.raises(Refused, match="no outcome yet"):
        following_dossier(started())
    back = roll_back(started(), ORGANISATION, "ada", END, "Errors rise").release
    taken = following_dossier(back)
    assert taken.follows == back.id and not taken.signoffs and taken.contacts == back.dossier.contacts
    assert {each.id for each in taken.changes} == {each.id for each in back.dossier.changes}
    assert all(each.origin == back.id and not each.ready for each in taken.changes)


def test_a_distinct_approver_says_go() -> None:
    """[S1.38]"""
    own = replace(staged(), owner="grace")
    with pytest.raises(Refused, match="distinct approver"):
        say_go(own, context(DISTINCT), "grace", DAY, confirmed=["all"])


def test_a_governed_release_runs_from_prerequisites_to_its_close() -> None:
    """[S1.1 - S1.29] Every gate is met on the way, and closing is refused until the last one is."""
    made = completed()
    with pytest.raises(GateShut):
        refuse_closing(made, context(now=END))
    for message in ("release-successful", "support-live"):
        made = record_sent(made, message, "ada", END, to="everybody").release
    made = confirm(made, ["close"], "ada", END, note="the archive").release
    made = write_retrospective(made, {"well": "a", "hard": "b", "next": "c"}, END).release
    refuse_closing(made, context(now=END))
    for name in ("plan", "build", "test", "stage", "deploy", "close"):
        assert gate(made, name, context(now=END)).met, name
    assert NOW < END
