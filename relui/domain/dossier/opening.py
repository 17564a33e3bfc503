"""Which releases open their deployment by its recorded start alone: those that a criterion of `go` guards.

Kept apart from the criteria themselves, which take long to load: ticks and lists ask this.
"""

from __future__ import annotations

from relui.domain.instants import parse_offset
from relui.domain.outline import Node
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
