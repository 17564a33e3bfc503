"""The documents behind `--json`: plain values in a stable shape, described in docs/cli.md.

Instants are UTC in ISO 8601, durations are minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from relui.desk.act import Done
from relui.domain.log import Entry, IntegrityCheck
from relui.domain.outline import Outline
from relui.domain.progress import standing, with_late_notices
from relui.domain.release import Booking, Release, Retrospective, milestones, milestones_over
from relui.domain.slot_hold import stand_of
from relui.domain.summary import Summary, summarise

if TYPE_CHECKING:
    from relui.desk.agenda import Event
    from relui.desk.deployment import Permission
    from relui.domain.calendar.check import FreeSlots
    from relui.domain.calendar.slot import Finding, Verdict


Shape = dict[str, Any]


def shape_of(part: Struct) -> Shape:
    """Every field of a part, also those that are as they were made; of a digest's basis nothing."""
    whole = {name: getattr(part, name) for name in part.__struct_fields__ if name != "basis"}
    return whole | {name: shapes_of(whole[name]) for name in ("cases", "confirmations") if name in whole}


def shapes_of(parts: Iterable[Struct]) -> list[Shape]:
    """Several parts."""
    return [shape_of(part) for part in parts]


def picked(whole: object, names: str) -> Shape:
    """Some attributes of something, in their order; `key=name` for one that has another key."""
    pairs = (each.partition("=") for each in names.split())
    return {key: getattr(whole, name or key) for key, _, name in pairs}


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
    troubles = [picked(t, "kind text count") for t in stands.troubles]
    return _row(summarise(release, outline)) | {
        "archived": release.closed,
        **picked(stands, "stage phase live"),
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
    return picked(
        summary,
        "id title service version type impact owner template go_live zone "
        "duration_minutes=duration started_at completed_at closed_at outcome done total "
        "not_applicable failed late",
    )


def answers_of(written: Retrospective) -> list[tuple[str, str]]:
    """What a retrospective says, each answer with its title."""
    titles = (("Went well", written.well), ("Was hard", written.hard), ("Next release", written.next))
    return [(title, text) for title, text in titles if text]


def act(done: Done) -> Shape:
    """What an act on a release led to."""
    ruling, outline = done.ruling, done.opened.outline
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
                **picked(entry, "seq at account name act text reason patches reversible reverses"),
                "undone_by": undone.get(entry.seq),
                **picked(entry, "simulated previous hash"),
            }
            for entry in log
        ],
    }


def verification(check: IntegrityCheck) -> Shape:
    """The answer of a verification."""
    return picked(check, "id intact entries seal simulated problems not_delivered")


def finding(each: Finding) -> Shape:
    """One thing that the rules say about a slot."""
    return picked(each, "rule severity words way_out other start end passed")


def slot_verdict(answer: Verdict) -> Shape:
    """A slot and every finding about it."""
    return {
        **picked(answer.slot, "start end duration_minutes=duration"),
        **picked(answer, "free open_calendar"),
        "findings": [finding(each) for each in answer.findings],
    }


def free_slots(release_id: str, slots: FreeSlots) -> Shape:
    """The next free slots, and what was passed over."""
    return {
        "id": release_id,
        "slots": [slot_verdict(answer) for answer in slots.found],
        "passed_over": [
            {
                **picked(one, "start end words"),
                "findings": [finding(f) for f in one.findings],
            }
            for one in slots.passed_over
        ],
        "until": slots.until,
        "words": slots.words,
    }


def bookings(release: Release, now: datetime) -> list[Shape]:
    """What a release held and holds, the present one last, as it stands at `now` (UTC)."""
    shapes = [_booking(held) for held in release.bookings]
    if release.booking is not None:
        shapes[-1]["held"] = stand_of(release, now)
    return shapes


def _booking(held: Booking) -> Shape:
    return picked(
        held,
        "at until=end duration_minutes=duration environment counter booked_at booked_by held "
        "exception approver passed displaced displaced_by why",
    )


def slot_of_release(release: Release, conflicts: Sequence[Finding], now: datetime) -> Shape:
    """What `show` says of a release's slot: its booking, earlier ones, conflicts and timeline."""
    planned = milestones(release.type, release.go_live, release.zone)
    over = milestones_over(planned, now, release.zone)
    return {
        "booking": bookings(release, now)[-1] if release.booking else None,
        "bookings": bookings(release, now),
        "conflicts": [finding(each) for each in conflicts],
        "people": release.people,
        "timeline": [{**picked(one, "name day days_before"), "passed": one in over} for one in planned],
    }


def event_shape(event: Event) -> Shape:
    """One thing in the calendar."""
    return {
        **picked(event, "kind id name start end services environments note told state"),
        "conflicts": [finding(one) for one in event.conflicts],
    }


def permission(answer: Permission) -> Shape:
    """What the guard answered."""
    return {
        **picked(answer, "allowed service id=release at until reasons told passed asked"),
        "findings": [finding(each) for each in answer.verdict.findings],
        "logged": answer.logged,
    }
