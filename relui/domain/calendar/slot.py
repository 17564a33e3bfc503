"""A slot: a release's booked or planned time, all that the rules ask of it, and what the check answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from relui.domain.checklist import Item
from relui.domain.deployment_times import begun
from relui.domain.organisation import Organisation, Service
from relui.domain.release import Booking, Ending, Hold, Impact, Release, ReleaseType, Stand
from relui.domain.slot_hold import finished, requested

if TYPE_CHECKING:
    from relui.domain.creation import Plan

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
SlotStanding = Literal["planned", "booked", "to-be-moved"]
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
    standing: SlotStanding = "planned"
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
    severity: Severity = "blocks"
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


def slots_of(releases: Iterable[Release], organisation: Organisation) -> tuple[Slot, ...]:
    """The slots of several releases; closed ones have none."""
    roll = _Roll(organisation)
    return tuple(_slot(release, roll) for release in releases if not release.closed)


def slot_of(release: Release, organisation: Organisation) -> Slot:
    """The release's slot: its booking's time, or the planned one.

    `people` are its owner, named resources, the service's owner, and whom its checklist names, by id.
    """
    return _slot(release, _Roll(organisation))


def slot_of_plan(plan: Plan, organisation: Organisation) -> Slot:
    """The slot of a release that is not created yet; nobody is recorded as on call."""
    roll = _Roll(organisation)
    service = roll.service(plan.service)
    return Slot(
        service=service.id if service else plan.service,
        start=plan.go_live,
        duration=plan.duration,
        zone=plan.zone,
        environment=plan.environment,
        type=plan.type,
        impact=plan.impact,
        people=roll.people((plan.owner, *plan.people, service.owner if service else "")),
    )


class _Roll:
    """Services and people by id and by name, the first of each: hundreds of releases ask for them."""

    def __init__(self, organisation: Organisation) -> None:
        self._services: dict[str, Service] = {}
        self._people: dict[str, str] = {}
        for service in organisation.services:
            for name in (service.id, service.name):
                self._services.setdefault(name.casefold(), service)
        for person in organisation.people:
            for name in (person.id, person.name):
                self._people.setdefault(name.casefold(), person.id)

    def service(self, name: str) -> Service | None:
        return self._services.get(name.casefold())

    def people(self, names: Iterable[str]) -> tuple[str, ...]:
        """The ids of those who are listed, each once."""
        found = (self._people.get(name.casefold()) for name in names)
        return tuple(dict.fromkeys(id_ for id_ in found if id_))


def _slot(release: Release, roll: _Roll) -> Slot:
    booking = release.booking
    service = roll.service(release.service)
    standing: SlotStanding = "planned"
    if booking is not None:
        standing = "to-be-moved" if booking.held == "to-be-moved" else "booked"
    owner = service.owner if service else ""
    return Slot(
        release=release.id,
        service=service.id if service else release.service,
        start=booking.at if booking else release.go_live,
        duration=booking.duration if booking else release.duration,
        zone=release.zone,
        environment=booking.environment if booking else release.environment,
        type=release.type,
        impact=release.impact,
        people=roll.people([release.owner, *release.people, owner, *_named_in_checklist(release)]),
        standing=standing,
        counter=booking.counter if booking else 0,
        started=begun(release),
        requested=requested(release),
        finished=finished(release),
    )


def _named_in_checklist(release: Release) -> Iterator[str]:
    """Who stands in the person fields of the checklist, such as the on-call."""
    filled = {path: mark.fields for path, mark in release.marks.items() if mark.fields}
    if not filled:
        return

    def walk(items: tuple[Item, ...], path: str) -> Iterator[str]:
        for item in items:
            own = f"{path}.{item.id}"
            fields = filled.get(own, {})
            yield from (fields[f.id] for f in item.fields if f.kind == "person" and fields.get(f.id))
            yield from walk(item.items, own)

    for phase in release.phases:
        yield from walk(phase.items, phase.id)
