"""Instants and spans in words: weekday and zone always, relative and absolute together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from relui.domain.instants import zone_named
from relui.domain.progress import Standing
from relui.domain.release import Milestone


def countdown(remaining: timedelta) -> str:
    """Time to go-live as `T-2d 04h`, `T-0:58`, `T+0:12`."""
    minutes = int(abs(remaining.total_seconds()) // 60)
    sign = "-" if remaining.total_seconds() > 0 else "+"
    days, rest = divmod(minutes, 1440)
    if days:
        return f"T{sign}{days}d {rest // 60:02d}h"
    return f"T{sign}{rest // 60}:{rest % 60:02d}"


def time_left(stands: Standing) -> str:
    """The countdown of a release, or that there is nothing to count down to."""
    return "finished" if stands.finished else countdown(stands.remaining)


def span(amount: timedelta) -> str:
    """A length of time, rounded down, in at most two units: `2 d 4 h`, `3 h 05 min`, `2 min`."""
    minutes = int(abs(amount.total_seconds()) // 60)
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours and days < 10 else f"{days} d"
    if hours:
        return f"{hours} h {left:02d} min" if left else f"{hours} h"
    return f"{left} min"


def when(at: datetime, zone: str, *, year: int | None = None) -> str:
    """`Sat 21 Nov 20:00 CET`; the year too when it is not `year`."""
    local = at.astimezone(zone_named(zone))
    years = f" {local.year}" if year is not None and local.year != year else ""
    return f"{local:%a} {local.day} {local:%b}{years} {local:%H:%M %Z}"


def clock(at: datetime, zone: str, now: datetime) -> str:
    """`18:55` on the same day, `Fri 18:55` within the week, `14 Nov 18:55` before."""
    info = zone_named(zone)
    local, today = at.astimezone(info), now.astimezone(info)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if abs((today.date() - local.date()).days) < 7:
        return f"{local:%a %H:%M}"
    if local.year == today.year:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.day} {local:%b %Y}"


def rough(delta: timedelta) -> str:
    """How long, in its largest unit alone: `10 d`, `15 h`, `40 min`."""
    minutes = max(0, int(delta.total_seconds() // 60))
    if minutes >= 1440:
        return f"{minutes // 1440} d"
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


def relative(at: datetime, now: datetime) -> str:
    """`in 3 h`, `2 min ago`."""
    gap = at - now
    return f"in {span(gap)}" if gap.total_seconds() >= 0 else f"{span(gap)} ago"


def date_words(at: datetime, zone: str) -> str:
    """`21 Nov 2026`."""
    local = at.astimezone(zone_named(zone))
    return f"{local.day} {local:%b %Y}"


def past_milestones(found: Sequence[Milestone], today: date) -> tuple[str, list[Milestone]]:
    """One line for milestones that are past when they are several, and those to show one by one."""
    past = [milestone for milestone in found if milestone.day < today]
    if len(past) < 2:
        return "", list(found)
    return f"{len(past)} of {len(found)} milestones are past", [m for m in found if m not in past]
