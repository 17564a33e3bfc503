"""The calendar's documents behind `--json`: findings, verdicts, bookings and events (docs/cli.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from relui.cli.shape import Shape
from relui.domain.release import Booking, Release, milestones, milestones_over
from relui.domain.slot_hold import stand_of

if TYPE_CHECKING:
    from relui.desk.agenda import Event
    from relui.desk.deploying import Permission
    from relui.domain.calendar.check import FreeSlots
    from relui.domain.calendar.slot import Finding, Verdict


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


def verdict(answer: Verdict) -> Shape:
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
        "slots": [verdict(answer) for answer in found.found],
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
