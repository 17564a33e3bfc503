"""A release's hold on a slot, and the holds it had before [S1.37, S1.38]."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from relui.domain.instants import Minutes, Moment, within_reach

Held = Literal["booked", "to-be-moved", "moved", "released"]
"""`booked` and `to-be-moved` hold now; `moved` gave way to a later booking, `released` was given back."""


class Booking(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A reserved slot: UTC start, minutes; who booked it and when (UTC).

    `counter` orders bookings over all releases: the lower was earlier. `exception` is the justification
    of a slot against the rules, `approver` who allowed it. `passed` is what an emergency passed, one
    sentence each. `displaced_by` is the release with precedence that took the slot, `why` the reason of
    the last change of state.
    """

    at: Moment
    duration: Minutes
    environment: str = "production"
    counter: int
    booked_at: Moment
    booked_by: str
    held: Held = "booked"
    exception: str = ""
    approver: str = ""
    passed: tuple[str, ...] = ()
    displaced: tuple[str, ...] = ()
    displaced_by: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for an instant that nothing can be added to."""
        within_reach(at=self.at, booked_at=self.booked_at)

    @property
    def end(self) -> datetime:
        """When the booked time is over (UTC)."""
        return self.at + timedelta(minutes=self.duration)

    @property
    def answered_for(self) -> str:
        """Who answers for the exception: whoever booked named somebody, who signed nothing by that."""
        if self.approver.casefold() == self.booked_by.casefold():
            return f"{self.approver} as their own approver"
        return f"{self.approver} named as approver by {self.booked_by}"
