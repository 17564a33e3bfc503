"""What the calendar's title says, and what it tells of bookings that were made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from relui.domain.release import Release
from relui.ui.calendar.scene import Scene


def page_title(view: str, scene: Scene, day: date) -> str:
    """`Calendar  week 47, 16 to 22 Nov 2026`, the month's name, or the agenda's days."""
    if view == "month":
        return f"Calendar  {day:%B %Y}"
    last = scene.first + timedelta(days=scene.count - 1)
    first_month = f" {scene.first:%b}" if scene.first.month != last.month else ""
    first_year = f" {scene.first.year}" if scene.first.year != last.year else ""
    days = f"{scene.first.day}{first_month}{first_year} to {last.day} {last:%b %Y}"
    name = f"week {scene.first.isocalendar().week}" if view == "week" else "agenda"
    return f"Calendar  {name}, {days}"


def bookings_made(before: Mapping[str, Release], after: Iterable[Release], own: str) -> str:
    """Who else booked, moved or lost a slot since `before`, in words; nothing when nobody did."""
    words = []
    for release in after:
        old, new = before.get(release.id), release.booking
        if old is None or old.booking == new:
            continue
        if new is None:
            words.append(f"{release.id} gave its slot back.")
        elif new.held == "to-be-moved":
            words.append(f"{release.id} has to move: {new.displaced_by or 'another release'} took its slot.")
        elif new.booked_by != own:
            words.append(f"{new.booked_by} booked {release.id}.")
    return " ".join(words)
