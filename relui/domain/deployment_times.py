"""When a deployment begins and ends: as recorded alone where a criterion guards it, else by ticks, too.

Kept apart from the criteria themselves, which take long to load: ticks and lists ask this.
"""

from __future__ import annotations

from datetime import datetime

from relui.domain.checklist import State
from relui.domain.instants import parse_offset
from relui.domain.outline import Node, Outline
from relui.domain.release import Release

OPENING = (
    "slot-booked",
    "definition-recorded",
    "package-complete",
    "no-blocking-defects",
    "smoke-and-fix-verified",
    "acceptance-signed",
    "notices-sent",
    "window-confirmed",
    "readiness-reviewed",
    "needed-releases-out",
    "emergency-cab-signed",
    "go-decided",
    "handed-off",
)
"""The criteria of the gate `go`, which `criteria.py` holds as well."""

START_FIRST = "say go and start it: relui go, relui start; D on the record"
"""The way out where a deployment has not been started."""


def opened_by_start(release: Release) -> bool:
    """A criterion guards its deployment: it begins by `start`, which asks the gate, and never by a tick."""
    return "all" in release.criteria or not set(OPENING).isdisjoint(release.criteria)


def ended_by_completion(release: Release) -> bool:
    """A criterion asks for its completion: that is confirmed, and does not follow from ticks."""
    return "all" in release.criteria or "completion-confirmed" in release.criteria


def waits_for_start(release: Release, node: Node) -> bool:
    """The item belongs to a guarded deployment that was not started, or to what follows it.

    What is done before the go-live, such as a backup, waits for nothing, nor does what an emergency owes.
    """
    phase = node.phase
    if release.started_at is not None or phase.owed or phase.stage not in ("deploy", "close"):
        return False
    return opened_by_start(release) and parse_offset(phase.due).rough_minutes >= 0


def actual_window(release: Release, outline: Outline) -> tuple[datetime | None, datetime | None]:
    """When deploying really started and ended (UTC): as recorded, else the first and last tick of the
    phase that is due at go-live [S1.34]. A deployment that a gate guards starts as recorded alone, and ends
    so where a criterion asks for its completion.

    It has ended when nothing in that phase is left to do. Items that tick themselves prove nothing: they
    follow from these very facts.
    """
    leaves = [
        leaf
        for phase in outline.phases
        if not phase.phase.owed and phase.phase.stage == "deploy" and not _minutes_due(phase)
        for leaf in phase.leaves()
        if leaf.item and not leaf.item.when_done
    ]
    ticks = sorted(leaf.mark.at for leaf in leaves if leaf.mark.at and leaf.state is State.DONE)
    started = release.started_at
    if started is None and ticks and not opened_by_start(release):
        started = ticks[0]
    completed = release.completed_at
    by_ticks = release.closed or not ended_by_completion(release)
    if completed is None and by_ticks and ticks and started and all(leaf.state.resolved for leaf in leaves):
        completed = max(ticks[-1], started)
    return started, completed


def _minutes_due(phase: Node) -> int:
    return parse_offset(phase.phase.due).rough_minutes


def begun(release: Release) -> bool:
    """Its deployment has started: as recorded, or by a tick where the checklist alone counts.

    The same as `actual_window` says, without the outline: lists and calendars ask it of every release.
    """
    if release.started_at is not None:
        return True
    if not release.marks or opened_by_start(release):
        return False
    deploying = {
        phase.id
        for phase in release.phases
        if phase.stage == "deploy" and not phase.owed and not parse_offset(phase.due).rough_minutes
    }
    return any(
        mark.state is State.DONE and mark.at is not None and not mark.bound
        for path, mark in release.marks.items()
        if path.partition(".")[0] in deploying
    )
