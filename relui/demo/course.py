"""The course of an archived release of the demo: who did what when, each step later than the one before."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from msgspec import Struct

from relui.demo.drafts import Draft
from relui.demo.inputs import Vocabulary
from relui.demo.retrospective import filled, retrospective
from relui.demo.stories import ActName, Rule, Step
from relui.demo.times import Moments, workdays_from
from relui.domain.checklist import Item, Phase
from relui.domain.creation import Plan
from relui.domain.log import Actor
from relui.domain.marking import Details
from relui.domain.release import Outcome


class Crew(Struct, frozen=True):
    """Who worked on a release; `on_call` is named for the hours after it."""

    owner: Actor
    developer: Actor
    tester: Actor
    operator: Actor
    on_call: str


class Case(Struct, frozen=True, kw_only=True):
    """All that the course of one release follows from. `created` in UTC; `since` counts from the go-live."""

    draft: Draft
    plan: Plan
    phases: tuple[Phase, ...]
    since: Moments
    created: datetime
    crew: Crew
    words: Vocabulary
    rng: random.Random


class Course:
    """Collects the steps of one release. Durations in minutes, instants in UTC."""

    def __init__(self, case: Case) -> None:
        self.draft, self.plan, self.crew = case.draft, case.plan, case.crew
        self.words, self.rng, self.since = case.words, case.rng, case.since
        self.go_live = case.draft.go_live
        self.items = {path: item for phase in case.phases for path, item in _leaves(phase.id, phase.items)}
        self.steps: list[Step] = []
        self.last = case.created
        self.minutes = max(6, round(self.plan.duration * self.rng.triangular(0.12, 1.35, 0.4)))
        self.started = self.go_live + timedelta(minutes=self._delay())
        self.kept = self.likely(0.8)

    def likely(self, chance: float) -> bool:
        """True in that share of the cases."""
        return self.rng.random() < chance

    def said(self, text: str) -> str:
        """A sentence of the vocabulary with this release's names."""
        crew = self.crew
        names = {
            "service": self.draft.service.id,
            "version": self.draft.version,
            "previous": self.draft.previous if self.draft.previous != "date" else "last time",
            "minutes": str(self.minutes),
            "dev": crew.developer.name.capitalize(),
            "qa": crew.tester.name.capitalize(),
            "ops": crew.operator.name.capitalize(),
            "owner": crew.owner.name.capitalize(),
        }
        return filled(text, names)

    def workday(self, days: int, hour: int) -> datetime:
        """A moment in the hour and a half from `hour` on, that many working days from the go-live."""
        return self.workday_of(self.go_live, days, hour)

    def workday_of(self, start: datetime, days: int, hour: int) -> datetime:
        """As `workday`, counted from another instant."""
        day = workdays_from(self.since.day_of(start), days)
        return self.since.wall(day, time(hour)) + timedelta(minutes=self.rng.randint(0, 90))

    def before_start(self, minutes: int) -> datetime:
        """That long before the deployment really started."""
        return self.started - timedelta(minutes=minutes)

    def after_start(self, minutes: int) -> datetime:
        """That long after the deployment was complete."""
        return self.started + timedelta(minutes=self.minutes + minutes)

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
        rule: Rule | None = None,
    ) -> None:
        """Add a step, at the earliest a minute after the one before. A tick brings the fields it needs."""
        at = max(at, self.last + timedelta(minutes=1))
        self.last = at
        known = self._fields(paths, at) if act == "tick" else {}
        record = Details(note or None, evidence, {**known, **(fields or {})})
        step = Step(
            at=at,
            by=by,
            act=act,
            paths=paths,
            reason=reason,
            record=record,
            given=given or {},
            outcome=outcome,
            rule=rule,
        )
        self.steps.append(step)

    def skip(self, at: datetime, by: Actor, paths: tuple[str, ...], reason: str) -> None:
        """Leave out those of the items that this release has."""
        here = tuple(path for path in paths if path in self.items)
        if here:
            self.add("skip", at, by, *here, reason=self.said(reason))

    def close(self, at: datetime, reason: str = "", left: Mapping[str, str] | None = None) -> None:
        """Write the retrospective, unless it is left open with a reason, and close."""
        owner = self.crew.owner
        if not any(path.endswith(".retrospective") for path in left or ()):
            answers = retrospective(self.draft, self.words, kept=self.kept, rng=self.rng)
            self.add(
                "retrospective", at, owner, given={name: self.said(text) for name, text in answers.items()}
            )
        end = self.last + timedelta(minutes=self.rng.randint(4, 50))
        self.add("close", end, owner, reason=reason, given=left, outcome=self.draft.outcome)

    def _fields(self, paths: tuple[str, ...], at: datetime) -> dict[str, str]:
        """What the items under `paths` ask for: names, dates, times (in the release's zone), minutes."""
        here = at.astimezone(self.since.info)
        day = self.since.day_of(self.go_live)
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


def _leaves(parent: str, items: tuple[Item, ...]) -> Iterator[tuple[str, Item]]:
    for item in items:
        path = f"{parent}.{item.id}"
        if item.items:
            yield from _leaves(path, item.items)
        else:
            yield path, item
