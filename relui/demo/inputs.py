"""What the demo is made of, as its YAML files say it: the active releases and the archive's vocabulary."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from relui.domain.calendar.entries import Kind
from relui.domain.release import Impact, ReleaseType
from relui.domain.text import clean
from relui.errors import BadInput

T = TypeVar("T")


class StepInput(Struct, frozen=True, forbid_unknown_fields=True):
    """One act of one person on an active release; exactly one of the acts is given."""

    at: str
    by: str
    account: str = ""
    tick: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail: tuple[str, ...] = ()
    annotate: tuple[str, ...] = ()
    edit: dict[str, str] = {}
    retrospective: dict[str, str] = {}
    override: str = ""
    start: bool = False
    reason: str = ""
    note: str | None = None
    evidence: tuple[str, ...] = ()
    fields: dict[str, str] = {}


class ReleaseInput(Struct, frozen=True, forbid_unknown_fields=True):
    """One active release. `role` says what it is there to show; times are as in data/releases.yaml.

    `booked` is when its slot was booked; without it the time is planned only.
    """

    role: str
    service: str
    title: str
    type: ReleaseType
    impact: Impact
    owner: str
    go_live: str
    duration: str
    created: str
    steps: tuple[StepInput, ...]
    booked: str = ""
    template: str = "standard"
    rationale: str = ""
    criterion: str = ""
    packs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = {}


class EntryInput(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """Something that happens once in the calendar: from one day or time to another (data/calendar.yaml)."""

    kind: Kind
    id: str
    name: str
    first: str
    last: str
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    note: str = ""


class AwayInput(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """Whole days, both included, on which somebody is away."""

    person: str
    first: str
    last: str
    reason: str = ""


class CalendarInput(Struct, frozen=True, forbid_unknown_fields=True):
    """data/calendar.yaml: what happens once; `was` is when it was put into the calendar."""

    was: str
    entries: tuple[EntryInput, ...]
    away: tuple[AwayInput, ...]


class Kit(Struct, frozen=True, forbid_unknown_fields=True):
    """How a service's checklists are composed: packs, options left out, values of parameters."""

    packs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = {}


class ServiceInput(Struct, frozen=True, forbid_unknown_fields=True):
    """How often and how a service is released: its first version, its share, usual hours and titles."""

    id: str
    version: str
    weight: int
    hours: tuple[str, ...]
    titles: tuple[str, ...]
    kits: tuple[Kit, ...]


class Hiccup(Struct, frozen=True, forbid_unknown_fields=True):
    """An item that failed on the way (`reason`) and was repaired (`note`)."""

    item: str
    reason: str
    note: str = ""


class Measure(Struct, frozen=True, forbid_unknown_fields=True):
    """Load times before and now, and what was said about them."""

    before: str
    now: str
    note: str


class Lesson(Struct, frozen=True, forbid_unknown_fields=True):
    """An action for the next release, and what is written there when it was done: `kept` in its
    retrospective, `note` on the item `watch`."""

    action: str
    kept: str
    note: str
    watch: str


class Cause(Lesson, frozen=True, forbid_unknown_fields=True):
    """Why a release failed: the item and its reason, what was hard, and the lesson."""

    item: str
    reason: str
    hard: str


class EmergencyInput(Struct, frozen=True, forbid_unknown_fields=True):
    """What an emergency was about."""

    title: str
    criterion: str
    rationale: str
    hard: str


class Shares(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Percent of the archived releases that are of a type, ended in a way, or were moved."""

    major: int
    patch: int
    emergency: int
    rolled_back: int
    partial: int
    cancelled: int
    moved: int


class Settled(Struct, frozen=True, forbid_unknown_fields=True):
    """What was said of an action that is done, and why one was dropped."""

    done: tuple[str, ...]
    dropped: tuple[str, ...]


class Vocabulary(Struct, frozen=True, forbid_unknown_fields=True):
    """data/archive.yaml: what the archived releases are made of."""

    shares: Shares
    services: tuple[ServiceInput, ...]
    risks: tuple[str, ...]
    rollbacks: tuple[str, ...]
    hiccups: tuple[Hiccup, ...]
    measures: tuple[Measure, ...]
    accepted: tuple[Hiccup, ...]
    skips: tuple[Hiccup, ...]
    no_migration: tuple[str, ...]
    starts: tuple[str, ...]
    delays: tuple[str, ...]
    monitored: tuple[str, ...]
    rolled_back: tuple[Cause, ...]
    partial: tuple[Cause, ...]
    cancelled: tuple[str, ...]
    emergencies: tuple[EmergencyInput, ...]
    well: tuple[str, ...]
    hard: tuple[str, ...]
    next: tuple[Lesson, ...]
    again: tuple[str, ...]
    left_open: tuple[Hiccup, ...]
    settled: Settled
    reviews: tuple[str, ...]
    passed: str


def read_active(inputs: Path) -> tuple[ReleaseInput, ...]:
    """The active releases. Raises BadInput that names the file."""
    return _read(inputs / "releases.yaml", tuple[ReleaseInput, ...])


def read_calendar(inputs: Path) -> CalendarInput:
    """What happens once in the demo's calendar. Raises BadInput that names the file."""
    return _read(inputs / "calendar.yaml", CalendarInput)


def read_vocabulary(inputs: Path) -> Vocabulary:
    """The archive's vocabulary. Raises BadInput that names the file."""
    return _read(inputs / "archive.yaml", Vocabulary)


def _read(path: Path, type_: type[T]) -> T:
    from relui.loading.yaml_reader import read_yaml

    try:
        return msgspec.convert(read_yaml(path).data, type_, strict=False)
    except msgspec.ValidationError as error:
        raise BadInput(
            f"{clean(str(path))}: {error}. The demo's data came with relui: install it again."
        ) from None
