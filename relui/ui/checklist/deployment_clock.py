"""How long is left of a deployment, for the checklist's header: the countdown, and when its window shuts."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from textual.content import Content

from relui.domain.deployment_times import actual_window
from relui.domain.outline import Outline
from relui.domain.progress import Standing
from relui.domain.release import Release
from relui.ui.kit.text import line
from relui.ui.kit.times import clock, time_left

NEAR = timedelta(hours=12)
"""From this long before the go-live on the end of the window shows."""


class Ending(Struct, frozen=True):
    """What ends when (UTC): the maintenance window, or the slot where no window is asked for."""

    name: str
    at: datetime


def is_near(release: Release, outline: Outline, now: datetime) -> bool:
    """The go-live is near or behind, and the deployment is not completed."""
    return not release.closed and release.go_live - now <= NEAR and actual_window(release, outline)[1] is None


def deployment_clock(
    release: Release, outline: Outline, stands: Standing, now: datetime, zone: str, ends: Ending | None
) -> Content:
    """`T-0:58  window ends in 10:58`; after the completion when that was instead."""
    completed = actual_window(release, outline)[1]
    if completed is not None:
        return line((f"completed {clock(completed, zone, now)}", "done"))
    count = (time_left(stands), "running" if stands.live else "bold text")
    if ends is None or ends.at <= now or not is_near(release, outline, now):
        return line(count)
    minutes = int((ends.at - now).total_seconds() // 60)
    left = f"{minutes // 60}:{minutes % 60:02d}"
    return line(count, (f"  {ends.name} ends in {left}", "running" if stands.live else "text"))
