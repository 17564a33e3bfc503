"""When a deployment begins and ends: as recorded alone where a criterion guards it, else by ticks, too.

Kept apart from the criteria themselves, which take long to load: ticks and lists ask this.

Items of what comes after a go-live that is still to come cannot have happened yet [S0.2]. A tick of them is
probably a slip: the app asks, and the command line wants `--early`. What an emergency owes is no such thing:
it is done in whatever order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from relui.domain.calendar.wall_clock import moment_words
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
        if not phase.phase.owed and phase.phase.stage == "deploy" and not _after(phase)
        for leaf in phase.leaves()
        if not leaf.when_done
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


_TAKES = re.compile(r"\b(\d{1,4})[ -]?(minutes?|min|hours?|hrs?|h|days?)\s+of\b", re.IGNORECASE)
"""`24 hours of monitoring`: an item that is over when its time is."""
NEARLY = 0.9
"""The share of such a time after which it may be ticked: its phase is due when all of it is over."""
_MINUTES = {"m": 1, "h": 60, "d": 1440}


class Clock:
    """What has begun of a release at `at` (UTC), asked once for an act on items at `paths`.

    An act that ticks the deployment itself, together with what follows, says that it has begun.
    """

    def __init__(self, release: Release, outline: Outline, paths: Iterable[str], at: datetime) -> None:
        self.release, self.at = release, at
        started = actual_window(release, outline)[0]
        ticked = any(
            leaf.state is State.DONE or leaf.path in paths
            for leaf in outline.leaves()
            if _after(leaf) == 0 and leaf.phase.stage == "deploy" and not leaf.phase.owed
        )
        self.begun = started is not None or ticked or at >= release.go_live
        self.since = min(started or at, release.go_live)

    def too_early(self, leaf: Node) -> str:
        """Why a leaf cannot have happened yet, as the end of a sentence about it; empty when it can."""
        if _after(leaf) <= 0 or leaf.phase.owed:
            return ""
        zone = self.release.zone
        if not self.begun:
            return f"belongs after the go-live, which is on {moment_words(self.release.go_live, zone)}"
        found = _TAKES.search(leaf.text)
        if found is None:
            return ""
        over = self.since + NEARLY * timedelta(minutes=int(found[1]) * _MINUTES[found[2][0].lower()])
        return f"is not over before {moment_words(over, zone)}" if self.at < over else ""


def _after(leaf: Node) -> int:
    """Minutes after the go-live at which its phase is due; negative before it."""
    return parse_offset(leaf.phase.due).rough_minutes


def early_leaves(release: Release, outline: Outline, node: Node, at: datetime) -> dict[str, str]:
    """The open leaves at or below a node that cannot have happened yet: path -> why, as `too_early` has it.

    What waits for the recorded start is refused for that, and not asked about.
    """
    leaves = [leaf for leaf in node.leaves() if leaf.state is State.OPEN and not leaf.when_done]
    clock = Clock(release, outline, {leaf.path for leaf in leaves}, at)
    return {
        leaf.path: why
        for leaf in leaves
        if not waits_for_start(release, leaf) and (why := clock.too_early(leaf))
    }
