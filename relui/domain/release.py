"""A release: what is planned, its checklist, and what was recorded on it.

Immutable: rules return new ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct, field, structs

from relui.domain.booking import Booking
from relui.domain.checklist import NO_MARK, Mark, Phase
from relui.domain.dossier.parts import Dossier
from relui.domain.instants import Minutes, Moment, within_reach

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
