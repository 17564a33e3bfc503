"""The documents behind `--json`: plain values in a stable shape, described in docs/cli.md.

Instants are UTC in ISO 8601, durations are minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from relui.desk.core import Done
from relui.domain.log import Entry, Verdict
from relui.domain.outline import Outline
from relui.domain.progress import standing, with_late_notices
from relui.domain.release import Booking, Release, milestones, milestones_over
from relui.domain.slot_hold import stand_of
from relui.domain.summary import Summary, summarise

if TYPE_CHECKING:
    from relui.desk.agenda import Event
    from relui.desk.deploying import Permission
    from relui.domain.calendar.check import FreeSlots
    from relui.domain.calendar.slot import Finding
    from relui.domain.calendar.slot import Verdict as SlotVerdict


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


def retrospective(release: Release) -> Shape:
    """The three answers."""
    answers = release.retrospective
    return {"well": answers.well, "hard": answers.hard, "next": answers.next}


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


def verification(found: Verdict) -> Shape:
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


Shape = dict[str, Any]


def shape_of(part: Struct) -> Shape:
    """Every field of a part, also those that are as they were made."""
    from msgspec.structs import asdict

    whole = asdict(part)
    if "cases" in whole:
        whole["cases"] = shapes_of(whole["cases"])
    return whole


def shapes_of(parts: Iterable[Struct]) -> list[Shape]:
    """Several parts."""
    return [shape_of(part) for part in parts]


def finding(found: Finding) -> Shape:
    """One thing that the rules say about a slot."""
    return {
        "rule": found.rule,
        "severity": found.severity,
        "words": found.words,
        "way_out": found.way_out,
        "other": found.other,
        "start": found.start,
        "end": found.end,
        "passed": found.passed,
    }


def slot_verdict(answer: SlotVerdict) -> Shape:
    """A slot and every finding about it."""
    return {
        "start": answer.slot.start,
        "end": answer.slot.end,
        "duration_minutes": answer.slot.duration,
        "free": answer.free,
        "open_calendar": answer.open_calendar,
        "findings": [finding(found) for found in answer.findings],
    }


def free_slots(release_id: str, found: FreeSlots) -> Shape:
    """The next free slots, and what was passed over."""
    return {
        "id": release_id,
        "slots": [slot_verdict(answer) for answer in found.found],
        "passed_over": [
            {
                "start": one.start,
                "end": one.end,
                "words": one.words,
                "findings": [finding(f) for f in one.findings],
            }
            for one in found.passed_over
        ],
        "until": found.until,
        "words": found.words,
    }


def bookings(release: Release, now: datetime) -> list[Shape]:
    """What a release held and holds, the present one last, as it stands at `now` (UTC)."""
    shapes = [_booking(held) for held in release.bookings]
    if release.booking is not None:
        shapes[-1]["held"] = stand_of(release, now)
    return shapes


def _booking(held: Booking) -> Shape:
    return {
        "at": held.at,
        "until": held.end,
        "duration_minutes": held.duration,
        "environment": held.environment,
        "counter": held.counter,
        "booked_at": held.booked_at,
        "booked_by": held.booked_by,
        "held": held.held,
        "exception": held.exception,
        "approver": held.approver,
        "passed": held.passed,
        "displaced": held.displaced,
        "displaced_by": held.displaced_by,
        "why": held.why,
    }


def slot_of_release(release: Release, conflicts: Sequence[Finding], now: datetime) -> Shape:
    """What `show` says of a release's slot: its booking, earlier ones, conflicts and timeline."""
    planned = milestones(release.type, release.go_live, release.zone)
    over = milestones_over(planned, now, release.zone)
    return {
        "booking": bookings(release, now)[-1] if release.booking else None,
        "bookings": bookings(release, now),
        "conflicts": [finding(found) for found in conflicts],
        "people": release.people,
        "timeline": [
            {"name": one.name, "day": one.day, "days_before": one.days_before, "passed": one in over}
            for one in planned
        ],
    }


def event(found: Event) -> Shape:
    """One thing in the calendar."""
    return {
        "kind": found.kind,
        "id": found.id,
        "name": found.name,
        "start": found.start,
        "end": found.end,
        "services": found.services,
        "environments": found.environments,
        "note": found.note,
        "told": found.told,
        "state": found.state,
        "conflicts": [finding(one) for one in found.conflicts],
    }


def permission(answer: Permission) -> Shape:
    """What the guard answered."""
    return {
        "allowed": answer.allowed,
        "service": answer.service,
        "id": answer.release,
        "at": answer.at,
        "until": answer.until,
        "reasons": answer.reasons,
        "told": answer.told,
        "passed": answer.passed,
        "asked": answer.asked,
        "findings": [finding(found) for found in answer.verdict.findings],
        "logged": answer.logged,
    }
