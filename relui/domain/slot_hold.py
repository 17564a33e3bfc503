"""How a release holds its time now [section 5 of the domain, S1.37, S1.38].

Whether a slot passed unused follows from the booking, the start and now; nothing of it is stored.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from relui.domain.deployment_times import actual_window, begun
from relui.domain.dossier.decisions import completion, rolled_back
from relui.domain.instants import format_duration, zone_named
from relui.domain.outline import Outline
from relui.domain.release import Ending, Hold, Stand

if TYPE_CHECKING:
    from relui.domain.release import Release


def stand_of(release: Release, now: datetime) -> Stand:
    """How a release holds its time at `now` (UTC), or how its deployment ended: what every list says."""
    return finished(release) or hold_of(release, now)


def finished(release: Release, outline: Outline | None = None) -> Ending:
    """How its deployment ended; nothing while it is to come, under way or being rolled back.

    By its closing, a confirmed completion or a recorded time, or by ticks where the checklist alone counts.
    """
    if release.closing is not None:
        outcome = release.closing.outcome
        return outcome if outcome in ("rolled-back", "cancelled") else "deployed"
    if release.completed_at is None and not begun(release):
        return ""
    if rolled_back(release) is not None:
        return "rolled-back" if completion(release) is not None else ""
    if release.completed_at is not None:
        return "deployed"
    return "deployed" if actual_window(release, outline or Outline(release))[1] is not None else ""


def hold_of(release: Release, now: datetime) -> Hold:
    """How a release holds its time at `now` (UTC)."""
    booking = release.booking
    if booking is None:
        return "planned"
    if booking.held == "to-be-moved":
        return "to-be-moved"
    if missed(release, now):
        return "missed"
    return "requested" if requested(release) else "booked"


def missed(release: Release, now: datetime) -> bool:
    """Its slot is over, and nothing was deployed in it or since."""
    booking = release.booking
    if booking is None or booking.held != "booked" or booking.end > now:
        return False
    return not release.closed and release.completed_at is None and not begun(release)


def requested(release: Release) -> bool:
    """Its slot is against the rules, and whoever may approve that has not signed it [S1.38]."""
    booking = release.booking
    if booking is None or not booking.exception or booking.held != "booked" or release.closed:
        return False
    from relui.domain.dossier.signoffs import signed

    return not begun(release) and not signed(release, "exception")


def slot_words(at: datetime, duration: int, zone: str) -> str:
    """A slot as people read it: `Sat 2026-11-21 20:00 Europe/Berlin for 2h`."""
    return f"{at.astimezone(zone_named(zone)):%a %Y-%m-%d %H:%M} {zone} for {format_duration(duration)}"


def outside(release: Release, at: datetime) -> str:
    """Why its slot does not allow a start at `at` (UTC), with the way out; empty when it does.

    The one rule that the start and the guard of a pipeline ask. An emergency needs no slot.
    """
    booking = release.booking
    if release.is_emergency:
        return ""
    if booking is None:
        return f"{release.id} holds no slot. Book one: relui book {release.id} --at INSTANT."
    words = slot_words(booking.at, booking.duration, release.zone)
    if booking.held == "to-be-moved":
        return f"{release.id} lost its slot ({words}) to {booking.displaced_by}. Book another one."
    if at < booking.at:
        return f"The slot of {release.id} has not begun: {words}."
    if at >= booking.end:
        return f"The slot of {release.id} is over: {words}. Book another one."
    if requested(release):
        return (
            f"The slot of {release.id} ({words}) is an exception that nobody has approved: "
            f"relui sign {release.id} exception."
        )
    return ""


def exception_words(release: Release) -> str:
    """Who answers for the exception of its present slot: approved, rejected, or asked of whom."""
    from relui.domain.dossier.signoffs import state_of

    booking, state = release.booking, state_of(release, "exception")
    if booking is None or not booking.exception:
        return ""
    given = state.rejections or tuple(each for each in state.standing if state.signed and each.approves)
    if given:
        names = ", ".join(
            f"{one.by} for {one.acting_for}" if one.acting_for else one.by
            for one in (each.signoff for each in given)
        )
        return f"{'rejected' if state.rejections else 'approved'} by {names}"
    return f"not approved yet, {booking.asked_of}"
