"""What can be decided now comes first; the rest says why not, as its own rule says it."""

from __future__ import annotations

from msgspec.structs import replace

from relui.domain.dossier.decidable import DECIDABLE
from relui.domain.release import Release
from relui.ui.record.decisions import decision_fields, offers
from tests.domain.dossier.gated import DAY, context, planned, staged
from tests.domain.dossier.test_decisions import END, START, completed, going, started
from tests.domain.releases import NOW, payments


def standing(made: Release, by: str = "ada", at: object = DAY) -> tuple[list[str], dict[str, str]]:
    found = offers(made, context(now=at), by, at)  # type: ignore[arg-type]
    assert {each.decision.name for each in found} == set(DECIDABLE)
    open_now = [each.decision.name for each in found if not each.why]
    assert [each.decision.name for each in found[: len(open_now)]] == open_now
    return open_now, {each.decision.name: each.why for each in found if each.why}


def test_in_planning_nothing_of_the_deployment_can_be_decided() -> None:
    open_now, why = standing(planned(), at=NOW)
    assert open_now == ["no-go", "hold", "decide", "progress", "hand-over", "delegate", "cancel"]
    assert why["resume"].startswith("it is neither on hold nor stopped")
    assert "has not started" in why["complete"] and "has not started" in why["rollback"]
    assert why["start"].startswith("the deployment cannot start")
    assert "\n" not in "".join(why.values())


def test_on_the_day_who_may_say_go_can_and_others_read_whose_it_is() -> None:
    """[S1.25]"""
    assert standing(staged(), "grace")[0][0] == "go"
    assert "the service owner (Grace)" in standing(staged(), "ada")[1]["go"]
    assert "start" in standing(going(), at=START)[0]
    assert standing(going())[1]["start"].startswith("the slot has not begun: Sat 2026-11-21")


def test_a_running_deployment_is_completed_or_rolled_back_and_not_started_again() -> None:
    """[S1.27, S1.28]"""
    open_now, why = standing(started(), at=END)
    assert open_now[:3] == ["hold", "complete", "rollback"]
    assert {"go", "no-go", "start", "cancel"} <= set(why)
    assert "complete" in standing(completed(), at=END)[1]


def test_a_start_that_only_a_gate_hinders_can_be_chosen_with_a_reason() -> None:
    [start] = [each for each in offers(staged(), context(), "ada", START) if each.decision.name == "start"]
    assert start.why and start.passable
    stopped = replace(staged(), started_at=START)
    assert not any(each.passable for each in offers(stopped, context(), "ada", END))


def test_the_light_way_starts_at_any_time() -> None:
    assert "start" in standing(payments())[0]


def hint(decision: str, line: str) -> str:
    fields = decision_fields(DECIDABLE[decision], planned(), context(), "ada")
    return next(field.about for field in fields if field.name == line)


def test_a_form_says_which_reasons_may_be_empty_and_which_stay() -> None:
    assert {hint(each, "reason") for each in ("no-go", "hold", "rollback", "cancel")} == {
        "Why? It stays in the record."
    }
    assert [hint(each, "reason") for each in ("resume", "delegate")] == [
        "What changed; may be empty.",
        "Why; may be empty.",
    ]
    assert "rolled back" in hint("progress", "reason")
    assert hint("hand-over", "worries") == "What the next one should know."
