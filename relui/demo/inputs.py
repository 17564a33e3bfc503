"""What the demo is made of, as its YAML files say it, and the times they are written in: relative to the
moment at which it is built."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from relui.domain.instants import from_wall, zone_named
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


class Kit(Struct, frozen=True, forbid_unknown_fields=True):
    """How a checklist is composed: packs, options left out, values of parameters."""

    packs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = {}


class ReleaseInput(Kit, frozen=True, kw_only=True, forbid_unknown_fields=True):
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


class TypeInput(Struct, frozen=True, forbid_unknown_fields=True):
    """What releases of a type are like: minutes, working days of notice (least, most), impacts."""

    durations: tuple[int, ...]
    lead: tuple[int, int]
    impacts: tuple[Impact, ...]


class Settled(Struct, frozen=True, forbid_unknown_fields=True):
    """What was said of an action that is done, and why one was dropped."""

    done: tuple[str, ...]
    dropped: tuple[str, ...]


class Vocabulary(Struct, frozen=True, forbid_unknown_fields=True):
    """data/archive.yaml: what the archived releases are made of."""

    shares: Shares
    types: dict[ReleaseType, TypeInput]
    emergency_kit: Kit
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


class DeskStep(Struct, frozen=True, forbid_unknown_fields=True):
    """What one person does at the desk, `ago` (a duration) before now; acts go in the order of these fields.

    `note` is said with a confirmation, a sign-off, a message that was sent, and what is not needed.
    """

    by: str
    ago: str
    note: str = ""
    edit: dict[str, str] = {}
    add: tuple[dict[str, str], ...] = ()
    change: tuple[dict[str, str], ...] = ()
    needs_only: tuple[str, ...] = ()
    runbook: tuple[dict[str, str], ...] = ()
    rehearse: tuple[tuple[str, ...], ...] = ()
    correct: dict[str, str] = {}
    confirm: tuple[str, ...] = ()
    book: bool = False
    sign: str = ""
    confirmed: tuple[str, ...] = ()
    promote: str = ""
    sent: str = ""
    tick: str = ""
    fields: dict[str, str] = {}
    leave: str = ""


class GovernedInput(Struct, frozen=True, forbid_unknown_fields=True):
    """data/governed.yaml: how one release is led; its deployment is `notice` away, or a little more."""

    notice: str
    release: dict[str, str]
    steps: tuple[DeskStep, ...]


def read_active(inputs: Path) -> tuple[ReleaseInput, ...]:
    """The active releases. Raises BadInput that names the file."""
    return _read(inputs / "releases.yaml", tuple[ReleaseInput, ...])


def read_calendar(inputs: Path) -> dict[str, Any]:
    """What happens once, under organisation.yaml's keys, and `was`. Raises BadInput that names the file."""
    return _read(inputs / "calendar.yaml", dict[str, Any])


def read_vocabulary(inputs: Path) -> Vocabulary:
    """The archive's vocabulary. Raises BadInput that names the file."""
    return _read(inputs / "archive.yaml", Vocabulary)


def read_governed(inputs: Path) -> GovernedInput:
    """How the governed release is led. Raises BadInput that names the file."""
    return _read(inputs / "governed.yaml", GovernedInput)


def _read(path: Path, type_: type[T]) -> T:
    from relui.loading.yaml_reader import read_yaml

    try:
        return msgspec.convert(read_yaml(path).data, type_, strict=False)
    except msgspec.ValidationError as error:
        raise BadInput(
            f"{clean(str(path))}: {error}. The demo's data came with relui: install it again."
        ) from None


_NOW = re.compile(r"now(?:([+-]\d+)([mhd])(?:/(\d+)m)?)?")
_WALL = re.compile(r"(today|workday|D)([+-]\d+)?(?: (\d{2}:\d{2}))?")
_ELAPSED = re.compile(r"T(?:([+-]\d+)([mh]))?")


def minute(at: datetime) -> datetime:
    """The whole minute that an instant is in (UTC)."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def workdays_from(day: date, count: int) -> date:
    """The day that many Mondays to Fridays after `day` (before it, when negative); 0 is `day` itself."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


class Moments:
    """Reads times such as `now-25m`, `today-2 03:25`, `T-75m` and `D-3 10:40` (data/releases.yaml), and
    days such as `today+4` (data/calendar.yaml).

    `now` is an aware instant; wall-clock times are in `zone`, an IANA name. `go_live` is what T and D
    count from.
    """

    def __init__(self, now: datetime, zone: str, go_live: datetime | None = None) -> None:
        self.now = minute(now)
        self.zone = zone
        self.go_live = go_live
        self.info = zone_named(zone)

    def since(self, go_live: datetime) -> Moments:
        """The same, with a go-live to count from."""
        return Moments(self.now, self.zone, go_live)

    def day_of(self, at: datetime) -> date:
        """The calendar day of an instant in the zone."""
        return at.astimezone(self.info).date()

    def wall(self, day: date, clock: time) -> datetime:
        """The instant (UTC) of a wall-clock time; in an hour that does not exist, the next that does."""
        return from_wall(datetime.combine(day, clock), self.zone).at

    def read(self, text: str) -> datetime:
        """The instant (UTC) that `text` means. Raises BadInput for anything else."""
        if found := _NOW.fullmatch(text):
            return self._from_now(found)
        if found := _ELAPSED.fullmatch(text):
            return self._start(text) + _elapsed(found[1], found[2])
        if (found := _WALL.fullmatch(text)) and found[3]:
            return self.wall(self._day(found, text), time.fromisoformat(found[3]))
        raise BadInput(f"The demo's data hold a time that cannot be read: '{text}'.")

    def written(self, text: str) -> str:
        """A day or a wall-clock time as organisation.yaml writes it. Raises BadInput for anything else."""
        if (found := _WALL.fullmatch(text)) and not found[3]:
            return self._day(found, text).isoformat()
        return f"{self.read(text).astimezone(self.info):%Y-%m-%dT%H:%M}"

    def value(self, text: str) -> str:
        """A field's value: `D-2` as a date, `T-90m` as a time of the day; any other text as it is."""
        if self.go_live is not None:
            if (found := _WALL.fullmatch(text)) and found[1] == "D" and not found[3]:
                return self._day(found, text).isoformat()
            if _ELAPSED.fullmatch(text):
                return f"{self.read(text).astimezone(self.info):%H:%M}"
        return text

    def _from_now(self, found: re.Match[str]) -> datetime:
        at = self.now + _elapsed(found[1], found[2])
        return at - timedelta(minutes=at.minute % int(found[3])) if found[3] else at

    def _day(self, found: re.Match[str], text: str) -> date:
        start = self._start(text) if found[1] == "D" else self.now
        day = self.day_of(start) + timedelta(days=int(found[2] or 0))
        while found[1] == "workday" and day.weekday() > 3:
            day += timedelta(days=1)
        return day

    def _start(self, text: str) -> datetime:
        if self.go_live is None:
            raise BadInput(f"The demo's data hold a go-live that depends on itself: '{text}'.")
        return self.go_live


def _elapsed(amount: str | None, unit: str | None) -> timedelta:
    minutes = {"m": 1, "h": 60, "d": 24 * 60}
    return timedelta(minutes=int(amount) * minutes[unit]) if amount and unit else timedelta()
