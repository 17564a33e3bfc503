"""The course of an archived release of the demo: who did what when, each step later than the one before.

Durations in minutes, instants in UTC.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from relui.demo.drafts import Draft, retrospective
from relui.demo.inputs import Moments, Vocabulary, workdays_from
from relui.demo.stories import ActName, Step
from relui.domain.checklist import Item, Phase
from relui.domain.creation import Plan
from relui.domain.log import Actor
from relui.domain.marking import Details
from relui.domain.release import Outcome

_OWED_MIGRATIONS = ("full-pre-release.migrations", "full-deploy.migration")


class Crew(Struct, frozen=True):
    """Who worked on a release; `on_call` is named for the hours after it."""

    owner: Actor
    developer: Actor
    tester: Actor
    operator: Actor
    on_call: str


def later(at: datetime, minutes: float) -> datetime:
    """That many minutes after an instant."""
    return at + timedelta(minutes=minutes)


class Course(ABC):
    """Collects the steps of one release."""

    def __init__(
        self,
        draft: Draft,
        plan: Plan,
        phases: Sequence[Phase],
        moments: Moments,
        created: datetime,
        crew: Crew,
        words: Vocabulary,
        rng: random.Random,
    ) -> None:
        self.draft, self.plan, self.moments = draft, plan, moments
        self.crew, self.words, self.rng = crew, words, rng
        self.go_live, self.last = draft.go_live, created
        self.items = {path: item for phase in phases for path, item in _leaves(phase.id, phase.items)}
        self.steps: list[Step] = []
        self.minutes = max(6, round(plan.duration * rng.triangular(0.12, 1.35, 0.4)))
        self.started = later(self.go_live, self._delay())
        self.kept = self.likely(0.8)

    @abstractmethod
    def run(self) -> None:
        """Collect all steps of the release."""

    def likely(self, chance: float) -> bool:
        """True in that share of the cases."""
        return self.rng.random() < chance

    def said(self, text: str) -> str:
        """A sentence of the vocabulary with this release's names, and a capital where one begins it."""
        crew, draft = self.crew, self.draft
        sentence = text.format(
            service=draft.service.id,
            version=draft.version,
            previous=draft.previous if draft.previous != "date" else "last time",
            minutes=self.minutes,
            dev=crew.developer.name.capitalize(),
            qa=crew.tester.name.capitalize(),
            ops=crew.operator.name.capitalize(),
            owner=crew.owner.name.capitalize(),
        )
        return sentence[:1].upper() + sentence[1:]

    def workday(self, days: int, hour: int, start: datetime | None = None) -> datetime:
        """Within an hour and a half from `hour` on, that many working days from `start`, else the go-live."""
        day = workdays_from(self.moments.day_of(start or self.go_live), days)
        return later(self.moments.wall(day, time(hour)), self.rng.randint(0, 90))

    def before_start(self, minutes: int) -> datetime:
        """That long before the deployment really started."""
        return later(self.started, -minutes)

    def after_start(self, minutes: int) -> datetime:
        """That long after the deployment was complete."""
        return later(self.started, self.minutes + minutes)

    def add(
        self,
        act: ActName,
        at: datetime,
        by: Actor,
        *paths: str,
        note: str = "",
        reason: str = "",
        evidence: tuple[str, ...] = (),
        fields: Mapping[str, str] | None = None,
        given: Mapping[str, str] | None = None,
        outcome: Outcome = "successful",
    ) -> None:
        """Add a step, at the earliest a minute after the one before. A tick brings the fields it needs."""
        self.last = at = max(at, later(self.last, 1))
        known = self._fields(paths, at) if act == "tick" else {}
        record = Details(note or None, evidence, {**known, **(fields or {})})
        step = Step(at=at, by=by, act=act, paths=paths, reason=reason, record=record)
        self.steps.append(replace(step, given=given or {}, outcome=outcome))

    def skip(self, at: datetime, by: Actor, paths: tuple[str, ...], reason: str) -> None:
        """Leave out those of the items that this release has."""
        here = [path for path in paths if path in self.items]
        if here:
            self.add("skip", at, by, *here, reason=self.said(reason))

    def close(self, at: datetime, reason: str = "", left: Mapping[str, str] | None = None) -> None:
        """Write the retrospective, unless it is left open with a reason, and close."""
        owner = self.crew.owner
        if not any(path.endswith(".retrospective") for path in left or ()):
            answers = retrospective(self.draft, self.words, kept=self.kept, rng=self.rng)
            given = {name: self.said(text) for name, text in answers.items()}
            self.add("retrospective", at, owner, given=given)
        end = later(self.last, self.rng.randint(4, 50))
        self.add("close", end, owner, reason=reason, given=left, outcome=self.draft.outcome)

    def _fields(self, paths: tuple[str, ...], at: datetime) -> dict[str, str]:
        """What the items under `paths` ask for: names, dates, times (in the release's zone), minutes."""
        here = at.astimezone(self.moments.info)
        day = self.moments.day_of(self.go_live)
        supply = {
            "name": self.crew.tester.name,
            "date": f"{here:%Y-%m-%d}",
            "person": self.crew.on_call,
            "send-date": f"{day + timedelta(days=1)}",
            "ends-on": f"{day + timedelta(days=28)}",
            "minutes": str(max(2, self.plan.duration // 6)),
            "at": f"{here:%H:%M}",
            "taken-at": f"{here:%H:%M}",
        }
        asked = {
            field.id
            for path, item in self.items.items()
            if item.fields and any(path == given or path.startswith(f"{given}.") for given in paths)
            for field in item.fields
        }
        return {name: value for name, value in supply.items() if name in asked}

    def _delay(self) -> int:
        """Minutes after the plan at which the deployment starts: most are on time."""
        luck = self.rng.random()
        if luck < 0.84:
            return self.rng.randint(-4, 12)
        return self.rng.randint(18, 85) if luck < 0.97 else self.rng.randint(-30, -16)


def _leaves(parent: str, items: Sequence[Item]) -> Iterator[tuple[str, Item]]:
    for item in items:
        path = f"{parent}.{item.id}"
        if item.items:
            yield from _leaves(path, item.items)
        else:
            yield path, item


class EmergencyCourse(Course):
    """From the alarm to the close: minimum checks, and the full checklist afterwards."""

    def run(self) -> None:
        """Collect all steps of the release."""
        crew = self.crew
        note = "Seen by two people." if self.likely(0.4) else ""
        self.add("tick", self.before_start(45), crew.developer, "pre-release.fix-proven", note=note)
        self.add("tick", self.before_start(35), crew.tester, "pre-release")
        if self.likely(0.7):
            reason = "No migration: the data does not change."
            self.add("skip", self.before_start(25), crew.operator, "pre-deploy.backup", reason=reason)
        self.add("tick", self.before_start(18), crew.operator, "pre-deploy")
        self.add("override", self.before_start(8), crew.owner, reason=self.words.passed)
        self.add("start", self.started, crew.operator)
        self.add("tick", self.started, crew.operator, "deploy.command")
        self.add("tick", self.after_start(0), crew.operator, "deploy")
        self.add("tick", self.after_start(9), crew.tester, "post-deploy")
        self._pay_debt()
        self.close(self.workday(6 if self.likely(0.7) else 7, 9))

    def _pay_debt(self) -> None:
        """The full checklist, over the working days after the deployment; now and then too late."""
        crew = self.crew
        last = 5 if self.likely(0.2) else 3
        at = self.workday(1, 9)
        self.skip(at, crew.developer, _OWED_MIGRATIONS, self.rng.choice(self.words.no_migration))
        if self.likely(0.6):
            self.skip(self.workday(1, 10), crew.owner, ("full-communication.downtime",), "There was none.")
        self.add("tick", self.workday(1, 12), crew.developer, "full-pre-release")
        self.add("tick", self.workday(1, 14), crew.owner, "full-communication")
        self.add("tick", self.workday(2, 10), crew.tester, "full-staging-test")
        self.add("tick", self.workday(2, 14), crew.operator, "full-pre-deploy", "full-deploy")
        self.add("tick", self.workday(last, 10), crew.owner, "full-post-deploy", "full-close")
