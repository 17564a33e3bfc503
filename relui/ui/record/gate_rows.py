"""The record's tab of gates: every criterion by stage, confirmations, the deployment, decisions [S1.2]."""

from __future__ import annotations

from relui.domain.deployment_times import actual_window
from relui.domain.dossier.criteria import GATES, GateName
from relui.domain.dossier.decidable import DECIDABLE
from relui.domain.dossier.decisions import (
    completion,
    final_outcome,
    go_decision,
    on_hold,
    rolled_back,
    standing_decisions,
)
from relui.domain.dossier.environments import STATES, places
from relui.domain.dossier.gates import Judgement, gate_now, stage_now, unmet_again
from relui.domain.dossier.parts import Decision
from relui.domain.dossier.points import GROUPS
from relui.domain.dossier.signoffs import go_said
from relui.domain.dossier.stages import GATE_WORDS, go_words
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.ui.kit.rows import Row, RowState, section
from relui.ui.record.view import GROUP_CRITERIA, View, point_rows

_ADVANCED = "Advanced"
"""What is said of a stage that was left: it is kept with the decisions."""
_ELSEWHERE = ("prerequisite", "build", "notes")
"""Groups of confirmations that stand on other tabs."""
_PLACES: dict[str, RowState] = {
    "done": "met", "failed": "bad", "rolled-back": "bad", "left-out": "left-out", "deploying": "stale",
}  # fmt: skip


def begins_at(view: View) -> list[tuple[str, str]]:
    """The gates begin at what is asked for next: before a deployment has begun, at what opens it."""
    if not view.lines:
        return []
    here = gate_now(view.release)
    unmet = [each for each in view.lines.values() if here in each.criterion.gates and not each.passes]
    first = [("criterion", f"{here}/{each.criterion.id}") for each in unmet[:1]]
    return [*first, ("heading", f"gate:{here}"), ("heading", f"gate:{stage_now(view.release)}")]


def gate_rows(view: View) -> list[Row]:
    """Each gate with its criteria, then what is confirmed here, the deployment, and what was decided."""
    rows: list[Row] = []
    for gate in GATES:
        rows += _gate(view, gate)
    if not view.lines:
        words = "this release has none: its checklist alone counts, and the stage follows from it"
        rows += section("gate:none", "Criteria", [], words)
    for group in GROUPS:
        if group not in _ELSEWHERE:
            rows += point_rows(view, group)
    acts = _act_rows(view)
    words = go_words(view.release, view.context.lost) or ("" if acts else "D shows what can be decided")
    rows += section("act", "Deployment", acts, words)
    known = _places(view.release)
    if known:
        found = [
            Row("place", name, name, "", _PLACES.get(state, "unmet"), STATES.get(state, state))
            for name, state in known.items()
        ]
        rows += section("place", "Services and regions", found)
    decisions = [_decision_row(view, each) for each in reversed(view.release.dossier.decisions)]
    return rows + (section("decision", "Decisions", decisions) if decisions else [])


def _places(release: Release) -> dict[str, str]:
    """How far it is where. Of a closed release what was recorded: that it lacks says nothing about a place,
    unless nothing went out at all."""
    outcome = final_outcome(release)
    if release.closed and outcome != "cancelled":
        return dict(release.dossier.progress)
    return places(release)


def _gate(view: View, gate: GateName) -> list[Row]:
    lines = [line for line in view.lines.values() if gate in line.criterion.gates]
    if gate in (stage_now(view.release), "go"):
        lines += unmet_again(view.release, view.lines.values(), lines)
    if not lines:
        return []
    unmet = sum(1 for line in lines if not line.passes)
    tail = f"{unmet} of {len(lines)} not met" if unmet else "met"
    here = gate == stage_now(view.release)
    words = GATE_WORDS[gate] + (", where the release is now" if here else "")
    return section(f"gate:{gate}", gate, [_criterion_row(gate, line) for line in lines], words, tail)


def _criterion_row(gate: GateName, line: Judgement) -> Row:
    name = line.criterion.words
    identifier = f"{gate}/{line.criterion.id}"
    if line.state == "overridden" and line.override is not None:
        words = f"by {line.override.by}: {line.override.reason}"
        return Row("criterion", identifier, name, words, "overridden", "overridden")
    if line.state == "met":
        return Row("criterion", identifier, name, line.why, "met", "met")
    stale = line.left is not None or any("stale" in gap.text or "again" in gap.text for gap in line.gaps)
    return Row("criterion", identifier, name, line.why, "stale" if stale else "unmet", "")


def _act_rows(view: View) -> list[Row]:
    """What happens on the day, as rows that lead to it; of a light release only what was recorded."""
    release, governed = view.release, bool(view.lines)
    rows: list[Row] = []
    held = on_hold(release)
    if held is not None:
        rows.append(Row("act", "resume", "On hold", held.words, "bad", "Enter resumes"))
    said = go_decision(release)
    if said is not None:
        stands = go_said(release, view.context.lost)
        words = f"said by {said.by}, {view.when(said.at)}"
        rows.append(
            Row("act", "go", "Go", words, "met" if stands else "stale", "" if stands else "counts no more")
        )
    elif governed:
        asked = view.asks("go-decided")
        rows.append(Row("act", "go", "Go", "not said", "unmet" if asked else "plain", ""))
    started = actual_window(release, Outline(release))[0]
    if started is not None:
        rows.append(Row("act", "start", "Started", view.when(started), "met", ""))
    elif governed:
        rows.append(Row("act", "start", "Start", "not started", "plain", ""))
    back = rolled_back(release)
    if back is not None:
        rows.append(Row("act", "rollback", "Rollback declared", f"{back.by}: {back.words}", "bad", ""))
    done = completion(release)
    if done is not None:
        found = f": {' '.join(done.verification.split())}" if done.verification.strip() else ""
        rows.append(Row("act", "complete", "Completed", f"{done.outcome}{found}", "met", ""))
    elif governed:
        state = view.state("complete", "", asked=False)
        rows.append(Row("act", "complete", "Completion", "not confirmed", state, ""))
    if "retrospective-written" in view.lines:
        written = release.retrospective.written
        words = "written" if written else "not written"
        asked = view.asks("retrospective-written")
        state = "met" if written else "unmet" if asked else "plain"
        rows.append(Row("act", "retrospective", "Retrospective", words, state, ""))
    return rows


def _decision_row(view: View, decision: Decision) -> Row:
    name = DECIDABLE[decision.kind].past if decision.kind in DECIDABLE else _ADVANCED
    words = " ".join((decision.words or decision.verification).split())
    if decision.withdraws:
        return Row(
            "decision",
            decision.id,
            f"Withdrew {decision.withdraws}",
            words,
            "plain",
            decision.by,
            view.when(decision.at),
        )
    if decision.scope:
        words = f"{', '.join(decision.scope)}: {words}"
    if decision.to and decision.kind in ("hand-over", "delegate"):
        words = f"to {decision.to}. {words}".strip()
    gone = decision not in standing_decisions(view.release)
    state: RowState = "left-out" if gone else "plain"
    tail = f"{decision.by}, withdrawn" if gone else decision.by
    return Row("decision", decision.id, name, words or decision.outcome, state, tail, view.when(decision.at))


def criterion_of(row: Row) -> str:
    """The criterion that a row is about, or nothing."""
    return row.id.partition("/")[2] if row.kind == "criterion" else ""


def criteria_of_group(group: str) -> tuple[str, ...]:
    """The criteria that ask for a group of confirmations."""
    return GROUP_CRITERIA.get(group, ())
