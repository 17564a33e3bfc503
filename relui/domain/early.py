"""Items that cannot have happened yet: what belongs after a go-live that is still to come [S0.2].

A tick of them is probably a slip: the app asks, and the command line wants `--early`. What an emergency owes
is no such thing: it is done in whatever order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.checklist import State
from relui.domain.deployment_times import actual_window, waits_for_start
from relui.domain.instants import parse_offset
from relui.domain.outline import Node, Outline
from relui.domain.release import Release

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
    leaves = [
        leaf for leaf in node.leaves() if leaf.state is State.OPEN and leaf.item and not leaf.item.when_done
    ]
    clock = Clock(release, outline, {leaf.path for leaf in leaves}, at)
    return {
        leaf.path: why
        for leaf in leaves
        if not waits_for_start(release, leaf) and (why := clock.too_early(leaf))
    }
