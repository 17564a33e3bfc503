"""The documents behind `--json`: plain values in a stable shape, described in docs/cli.md.

Instants are UTC in ISO 8601, durations are minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from relui.cli.shape import Shape
from relui.desk.core import Done, Opened
from relui.domain.checklist import Mark
from relui.domain.log import Entry, Verdict
from relui.domain.outline import Node, Outline, due_at
from relui.domain.progress import overdue, standing, with_late_notices
from relui.domain.release import Release
from relui.domain.slot_hold import stand_of
from relui.domain.summary import Summary, summarise

if TYPE_CHECKING:
    from relui.domain.calendar.slot import Finding


def slot_state(release: Release, now: datetime, *, conflict: bool) -> str:
    """A release's hold on its time at `now` (UTC): as `stand_of`, or conflict (booked against a rule)."""
    hold = stand_of(release, now)
    return "conflict" if conflict and hold == "booked" else hold


def row_of_release(
    release: Release,
    now: datetime,
    outline: Outline | None = None,
    *,
    conflict: bool = False,
    late: int = 0,
) -> Shape:
    """An active release in a list: its summary, where it stands now, and its hold on its time.

    `late` counts the messages that should have gone out.
    """
    outline = outline or Outline(release)
    stands = with_late_notices(standing(release, now, outline), late)
    troubles = [{"kind": t.kind, "text": t.text, "count": t.count} for t in stands.troubles]
    return _row(summarise(release, outline)) | {
        "archived": release.closed,
        "stage": stands.stage,
        "phase": stands.phase,
        "live": stands.live,
        "troubles": troubles,
        "slot": "" if release.closed else slot_state(release, now, conflict=conflict),
    }


def row_of_summary(summary: Summary) -> Shape:
    """An archived release in a list: the same keys."""
    failed = summary.failed
    troubles = [{"kind": "failed", "text": f"failed {failed}", "count": failed}] if failed else []
    rest = {"stage": "closed", "phase": "", "live": False, "troubles": troubles, "slot": ""}
    return _row(summary) | {"archived": True} | rest


def _row(summary: Summary) -> Shape:
    return {
        "id": summary.id,
        "title": summary.title,
        "service": summary.service,
        "version": summary.version,
        "type": summary.type,
        "impact": summary.impact,
        "owner": summary.owner,
        "template": summary.template,
        "go_live": summary.go_live,
        "zone": summary.zone,
        "duration_minutes": summary.duration,
        "started_at": summary.started_at,
        "completed_at": summary.completed_at,
        "closed_at": summary.closed_at,
        "outcome": summary.outcome,
        "done": summary.done,
        "total": summary.total,
        "not_applicable": summary.not_applicable,
        "failed": summary.failed,
        "late": summary.late,
    }


def whole_release(opened: Opened, now: datetime, conflicts: Sequence[Finding] = (), late: int = 0) -> Shape:
    """A release with its slot and its checklist, for `show`."""
    from relui.cli.slot_shapes import slot_of_release

    release = opened.release
    outline = Outline(release)
    closing = release.closing
    row = row_of_release(release, now, outline, conflict=bool(conflicts), late=late)
    return (
        row
        | slot_of_release(release, conflicts, now)
        | {
            "archived": opened.archived,
            "read_only": opened.read_only,
            "environment": release.environment,
            "rationale": release.rationale,
            "emergency_criterion": release.emergency_criterion,
            "risk": release.risk,
            "rollback": release.rollback,
            "notes_link": release.notes_link,
            "packs": release.packs,
            "without": release.without,
            "values": release.values,
            "criteria": release.criteria,
            "created_at": release.created_at,
            "created_by": release.created_by,
            "copied_from": release.copied_from,
            "retrospective": retrospective(release),
            "closing": closing
            and {
                "outcome": closing.outcome,
                "at": closing.at,
                "by": closing.by,
                "reason": closing.reason,
                "left_open": closing.left_open,
            },
            "dossier": _dossier(release),
            "phases": [_phase(release, outline, node, now) for node in outline.phases],
        }
    )


def _dossier(release: Release) -> Shape | None:
    """The record beside the checklist; nothing for a release that has none."""
    from relui.domain.dossier.parts import Dossier

    if not release.criteria and release.dossier == Dossier():
        return None
    from relui.cli.record_shapes import dossier

    return dossier(release)


def retrospective(release: Release) -> Shape:
    """The three answers."""
    answers = release.retrospective
    return {"well": answers.well, "hard": answers.hard, "next": answers.next}


def _phase(release: Release, outline: Outline, node: Node, now: datetime) -> Shape:
    phase = node.phase
    return {
        "path": node.path,
        "text": phase.name,
        "stage": phase.stage,
        "due": phase.due,
        "due_at": due_at(release, phase),
        "state": node.state,
        "done": node.done,
        "total": node.total,
        "overdue": overdue(release, node, now),
        "optional": phase.optional,
        "owed": phase.owed,
        "items": [_item(release, outline, child, now) for child in node.children],
    }


def _item(release: Release, outline: Outline, node: Node, now: datetime) -> Shape:
    item = node.item
    assert item is not None
    return {
        "path": node.path,
        "text": item.text,
        "help": item.help,
        "state": node.state,
        "done": node.done,
        "total": node.total,
        "overdue": overdue(release, node, now),
        "optional": node.optional,
        "role": item.role,
        "estimate_minutes": item.estimate,
        "run": {"arguments": item.run.command, "line": item.run.line, "timeout_minutes": item.run.timeout}
        if item.run
        else None,
        "command": item.command,
        "expect": item.expect,
        "ticks_itself": item.when_done,
        "requires": node.requirements(),
        "unmet": [needed.path for needed in outline.unmet(node)],
        "asks": [
            {"id": f.id, "label": f.label, "kind": f.kind, "required": f.required, "choices": f.choices}
            for f in item.fields
        ],
        **_mark(node.mark),
        "items": [_item(release, outline, child, now) for child in node.children],
    }


def _mark(mark: Mark) -> Shape:
    return {
        "by": mark.by,
        "at": mark.at,
        "reason": mark.reason,
        "note": mark.note,
        "evidence": mark.evidence,
        "fields": mark.fields,
        "late": mark.late,
        "done_at": mark.done_at,
    }


def act(done: Done) -> Shape:
    """What an act on a release led to."""
    ruling, outline = done.ruling, Outline(done.release)
    return {
        "id": done.release.id,
        "act": ruling.act.verb if ruling.act else None,
        "text": ruling.act.text if ruling.act else "",
        "entry": done.record.head.seq,
        "changed": ruling.changed,
        "already": ruling.already,
        "left": [{"item": path, "why": why} for path, why in ruling.left],
        "told": ruling.told,
        "done": outline.done,
        "total": outline.total,
    }


def entries(release_id: str, log: Sequence[Entry]) -> Shape:
    """A log."""
    from relui.domain.history import undone_by

    undone = undone_by(log)
    return {
        "id": release_id,
        "entries": [
            {
                "seq": entry.seq,
                "at": entry.at,
                "account": entry.account,
                "name": entry.name,
                "act": entry.act,
                "text": entry.text,
                "reason": entry.reason,
                "patches": entry.patches,
                "reversible": entry.reversible,
                "reverses": entry.reverses,
                "undone_by": undone.get(entry.seq),
                "simulated": entry.simulated,
                "previous": entry.previous,
                "hash": entry.hash,
            }
            for entry in log
        ],
    }


def verdict(found: Verdict) -> Shape:
    """The answer of a verification."""
    return {
        "id": found.id,
        "intact": found.intact,
        "entries": found.entries,
        "seal": found.seal,
        "simulated": found.simulated,
        "problems": found.problems,
        "not_delivered": found.not_delivered,
    }
