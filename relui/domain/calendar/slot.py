"""A slot, who else wants the time, and what the check answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from relui.domain.booking import Booking, Ending, Hold, Stand
from relui.domain.release import Impact, ReleaseType

RuleName = Literal[
    "window",
    "blackout",
    "same-service",
    "dependency",
    "shared",
    "team",
    "maintenance",
    "event",
    "absence",
    "milestone",
    "notice",
    "planned",
    "eve",
]
"""Which rule found something; `docs/rules.md` says what each asks."""

Severity = Literal["blocks", "warns"]
Standing = Literal["planned", "booked", "to-be-moved"]
"""A release's hold on its time: none yet, booked, or booked and displaced."""


class Slot(Struct, frozen=True, kw_only=True):
    """A time for a release: UTC start, minutes, and everything that the rules ask of the release.

    `people` are the owner, on-call, approvers and named resources, by id.
    `counter` is the booking counter when it holds a booking: the lower was earlier. `started`: its
    deployment has begun, so that planning is over. `requested`: it is booked against the rules, and nobody
    has approved that yet; it keeps others away all the same. `finished` is how its deployment ended.
    """

    release: str = ""
    service: str
    start: datetime
    duration: int = 120
    zone: str
    environment: str = "production"
    type: ReleaseType = "minor"
    impact: Impact = "medium"
    people: tuple[str, ...] = ()
    standing: Standing = "planned"
    counter: int = 0
    started: bool = False
    requested: bool = False
    finished: Ending = ""

    @property
    def end(self) -> datetime:
        """When the planned duration is over (UTC)."""
        return self.start + timedelta(minutes=self.duration)

    def stand(self, now: datetime) -> Stand:
        """How the release holds the slot at `now` (UTC), or how that ended: as `stand_of` says it."""
        return self.finished or self.hold(now)

    def hold(self, now: datetime) -> Hold:
        """How the release holds the slot at `now` (UTC): as `hold_of` says it of the release."""
        if self.standing != "booked":
            return self.standing
        if self.end <= now and not self.started:
            return "missed"
        return "requested" if self.requested and not self.started else "booked"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that the rules say about a slot.

    `words` names the other party (`other`: the id of an entry, release, team or person), `way_out` what
    resolves it. `start` and `end` (UTC) are when the other party takes place. `passed` is why an emergency
    passes what would block another release: recorded with the booking [S1.36].
    """

    rule: RuleName
    severity: Severity
    words: str
    way_out: str
    other: str = ""
    start: datetime | None = None
    end: datetime | None = None
    passed: str = ""


class Verdict(Struct, frozen=True):
    """Every finding, the blocking ones first, then by rule and other party."""

    slot: Slot
    findings: tuple[Finding, ...]
    open_calendar: bool = False
    """No window is defined at all: the calendar restricts nothing."""

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What forbids the slot."""
        return tuple(finding for finding in self.findings if finding.severity == "blocks")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What should be known and forbids nothing."""
        return tuple(finding for finding in self.findings if finding.severity == "warns")

    @property
    def free(self) -> bool:
        """Nothing forbids the slot."""
        return not self.blocks


def unpassed(booking: Booking | None, blocks: Iterable[Finding]) -> tuple[Finding, ...]:
    """What forbids a booked slot now, without what was passed when it was booked."""
    passed = booking.passed if booking else ()
    return tuple(finding for finding in blocks if finding.words not in passed)
