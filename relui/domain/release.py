"""A release: what is planned, its checklist, and what was recorded on it. Immutable: rules return new ones.

Also its hold on a slot and the holds it had before [S1.37, S1.38], and its timeline, counted back from the
go-live day in calendar days [S1.5].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct, field, structs

from relui.domain.checklist import NO_MARK, Mark, Phase, Stage
from relui.domain.dossier.parts import Dossier
from relui.domain.instants import Minutes, Moment, Offset, local_day, within_reach

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


ReleaseType = Literal["major", "minor", "patch", "emergency"]
Impact = Literal["high", "medium", "low"]
Outcome = Literal["successful", "partial", "rolled-back", "cancelled"]

Satisfaction = Annotated[int, Meta(ge=1, le=5)]

RELEASE_TYPES: tuple[ReleaseType, ...] = ("major", "minor", "patch", "emergency")
IMPACTS: tuple[Impact, ...] = ("high", "medium", "low")
OUTCOMES: tuple[Outcome, ...] = ("successful", "partial", "rolled-back", "cancelled")


NO_DOSSIER = Dossier()


class Retrospective(Struct, frozen=True, omit_defaults=True):
    """What went well, what was hard, what changes next release [S0.9]."""

    well: str = ""
    hard: str = ""
    next: str = ""

    @property
    def written(self) -> bool:
        """All three questions are answered."""
        return all(text.strip() for text in (self.well, self.hard, self.next))


class Closing(Struct, frozen=True, omit_defaults=True):
    """How a release ended: its outcome, when (UTC) and by whom, and why items were left open."""

    outcome: Outcome
    at: Moment
    by: str
    reason: str = ""
    left_open: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Raises ValueError for an instant that nothing can be added to."""
        within_reach(at=self.at)


class Release(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One release [S0.1, S1.4, S1.7]. Durations in minutes; instants in UTC.

    `zone` is where the instants were agreed. `people` are named resources beside the owner, by id.
    `bookings` are the slots it held, the last one the present. `phases` is its own copy of the template,
    `marks` what was recorded, by item path. `satisfaction` is from 1 to 5, if it was measured. Marks and
    retrospective are in the document even when they are empty, so that the first person's entry in them is
    a field of its own and can be undone alone.
    """

    id: str
    title: str
    service: str
    version: str
    type: ReleaseType = "minor"
    impact: Impact = "medium"
    owner: str
    go_live: Moment
    zone: str
    duration: Minutes = 120
    environment: str = "production"
    rationale: str = ""
    emergency_criterion: str = ""
    risk: str = ""
    rollback: str = ""
    notes_link: str = ""
    template: str
    packs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = {}
    criteria: tuple[str, ...] = ()
    phases: tuple[Phase, ...]
    marks: dict[str, Mark] = field(default_factory=lambda: {})  # noqa: PIE807 - `dict` would be omitted
    retrospective: Retrospective = field(default_factory=Retrospective)
    created_at: Moment
    created_by: str
    copied_from: str = ""
    started_at: Moment | None = None
    completed_at: Moment | None = None
    closing: Closing | None = None
    satisfaction: Satisfaction | None = None
    people: tuple[str, ...] = ()
    bookings: tuple[Booking, ...] = ()
    dossier: Dossier = NO_DOSSIER

    def __post_init__(self) -> None:
        """Raises ValueError for an instant that nothing can be added to."""
        within_reach(
            go_live=self.go_live, created_at=self.created_at, started_at=self.started_at,
            completed_at=self.completed_at,
        )  # fmt: skip
        if self.dossier is not NO_DOSSIER:
            for part in _parts(self.dossier):
                within_reach(**structs.asdict(part))

    @property
    def booking(self) -> Booking | None:
        """The slot it holds: the last booking, unless that was given back."""
        last = self.bookings[-1] if self.bookings else None
        return last if last and last.held in ("booked", "to-be-moved") else None

    def mark(self, path: str) -> Mark:
        """What was recorded on an item; an empty mark when nothing was."""
        return self.marks.get(path, NO_MARK)

    @property
    def closed(self) -> bool:
        """Closed releases are archived and read-only."""
        return self.closing is not None

    @property
    def is_emergency(self) -> bool:
        """An emergency passes windows and blackouts, and owes its full checklist afterwards [S1.36]."""
        return self.type == "emergency"


def _parts(dossier: Dossier) -> Iterator[Struct]:
    """Every change, run, decision and so on in the dossier."""
    for held in structs.astuple(dossier):
        if isinstance(held, tuple):
            yield from (part for part in held if isinstance(part, Struct))


MILESTONES: Mapping[str, Stage] = {
    "planning complete": "plan",
    "build complete": "build",
    "test complete": "test",
    "staging acceptance": "stage",
}
"""A milestone, the earliest first -> the stage that should have ended by then [S1.5]."""
_DAYS = dict(zip(MILESTONES, (10, 8, 4, 2), strict=True))
MAJOR_FACTOR = 1.5

NOTICE_DAYS: Mapping[Impact, int] = {"high": 5, "medium": 3, "low": 1}
"""Business days of notice by impact [S1.23]."""


class Milestone(Struct, frozen=True):
    """A day by which something should be complete, in the go-live's zone."""

    name: str
    day: date
    days_before: int


def milestones(type_: ReleaseType, go_live: datetime, zone: str) -> tuple[Milestone, ...]:
    """The four milestones, the earliest first; majors have 1.5 times the lead, emergencies none."""
    if type_ == "emergency":
        return ()
    day = local_day(go_live, zone)
    factor = MAJOR_FACTOR if type_ == "major" else 1
    found = []
    for name, days in _DAYS.items():
        before = int(days * factor)
        found.append(Milestone(name, day - timedelta(days=before), before))
    return tuple(found)


def stretched(offset: Offset, type_: ReleaseType) -> Offset:
    """A due time counted in days before the go-live, as the milestones of that type are counted [S1.5].

    Hours and minutes, and what is due after the go-live, belong to the deployment itself: they stay.
    """
    if type_ != "major" or offset.days >= 0:
        return offset
    return Offset(days=-int(-offset.days * MAJOR_FACTOR))


def milestones_over(planned: tuple[Milestone, ...], now: datetime, zone: str) -> tuple[Milestone, ...]:
    """The milestones whose day is over at `now`, in the go-live's zone: a warning at planning [S1.5]."""
    today = local_day(now, zone)
    return tuple(milestone for milestone in planned if milestone.day < today)
