"""A release's hold on a slot, and the holds it had before [S1.37, S1.38]."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from relui.domain.instants import Minutes, Moment, within_reach

Held = Literal["booked", "to-be-moved", "moved", "released"]
"""`booked` and `to-be-moved` hold now; `moved` gave way to a later booking, `released` was given back."""


class Booking(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A reserved slot: UTC start, minutes; who booked it and when (UTC).

    `counter` orders bookings over all releases: the lower was earlier. `exception` is the justification
    of a slot against the rules, `approver` who was asked to approve it. `passed` is what an emergency or the
    exception passes, one sentence each. `displaced_by` is the release with precedence that took the slot,
    `why` the reason of the last change of state.
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
    def asked_of(self) -> str:
        """Whom the approval of the exception was asked of: a name is no approval."""
        return f"asked of {self.approver} by {self.booked_by}"


Hold = Literal["planned", "requested", "booked", "missed", "to-be-moved"]
"""`planned`: no slot. `requested`: a slot against the rules that nobody has approved yet. `missed`: it passed
unused. `to-be-moved`: another release took it."""


Ending = Literal["", "deployed", "rolled-back", "cancelled"]
"""How a deployment ended; nothing while it has not."""


Stand = Literal[
    "planned", "requested", "booked", "missed", "to-be-moved", "deployed", "rolled-back", "cancelled"
]
"""A hold, or how it ended: then neither the time nor what is against it matters any more."""


HOLD_WORDS: Mapping[str, str] = {
    "planned": "planned, not booked",
    "requested": "exception not approved",
    "booked": "booked",
    "missed": "missed, it passed unused",
    "to-be-moved": "has to move",
    "deployed": "deployed",
    "rolled-back": "rolled back",
    "cancelled": "cancelled",
}
"""A hold, or how it ended, in words."""
