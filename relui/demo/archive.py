"""The course of an archived release of the demo: who did what when, each step later than the one before."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from msgspec import Struct

from relui.demo.drafts import Draft, filled, retrospective
from relui.demo.inputs import Moments, Vocabulary, workdays_from
from relui.demo.stories import ActName, Composer, Rule, Step, Story, begin, passing
from relui.domain.checklist import Item, Phase
from relui.domain.creation import Plan, default_title
from relui.domain.log import Actor
from relui.domain.marking import Details
from relui.domain.release import Impact, Outcome


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


_ACCEPTED = "Accepted by the service owner: nobody is held up by it."
MIGRATIONS = ("pre-release.migrations", "deploy.migration")


class PlannedCourse(Course):
    """From planning to the close, or to where it was cancelled or rolled back."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.accepted: list[str] = []

    def steps_taken(self) -> list[Step]:
        """All steps of the release."""
        self._plan()
        if self.draft.outcome == "cancelled":
            self._cancel()
            return self.steps
        self._build()
        self._test()
        self._prepare()
        self._deploy()
        if self.draft.outcome == "rolled-back":
            self._roll_back()
        else:
            self._verify()
            self._finish()
        return self.steps

    def _plan(self) -> None:
        owner = self.crew.owner
        if self.likely(0.6):
            texts = {
                "risk": self.rng.choice(self.words.risks),
                "rollback": self.said(self.rng.choice(self.words.rollbacks)),
                "notes-link": f"https://wiki.example.org/{self.plan.service}/{self.draft.version}",
            }
            self.add("edit", self.last + timedelta(minutes=self.rng.randint(15, 80)), owner, given=texts)
        if self.draft.moved:
            moved = {"go-live": self.go_live.isoformat()}
            if not self.plan.title:
                moved["title"] = default_title(self.draft.version, self.go_live, self.plan.zone)
            self.add("edit", self.workday_of(self.plan.go_live, -1, 15), owner, given=moved)

    def _build(self) -> None:
        """Pre-release, due 48 hours before: some finish it on the day before."""
        if "pre-release.branches" not in self.items:
            return
        at = self.workday(-1, 9) if self.likely(0.12) else self.workday(-3, 14)
        if "database-migration" not in self.plan.packs and self.likely(0.8):
            self.skip(at - timedelta(hours=2), self.crew.developer, MIGRATIONS, self._no_migration())
        self._on_the_way("pre-release", at)
        self.add("tick", at, self.crew.developer, "pre-release")

    def _test(self) -> None:
        """Staging test and communication, due 24 hours before."""
        crew = self.crew
        at = self.workday(-1, 12) if self.likely(0.15) else self.workday(-2, 13)
        if self.likely(0.4):
            measure = self.rng.choice(self.words.measures)
            fields = {"before": measure.before, "now": measure.now}
            self.add("tick", at, crew.tester, "staging-test.performance", note=measure.note, fields=fields)
        self._on_the_way("staging-test", at)
        self.add("tick", at + timedelta(minutes=50), crew.tester, "staging-test")
        self._on_the_way("communication", at)
        self.add("tick", at + timedelta(minutes=80), crew.owner, "communication")

    def _prepare(self) -> None:
        """Pre-deploy, due an hour before; where the start is late, so is this."""
        at = self.before_start(self.rng.randint(75, 100))
        self._on_the_way("pre-deploy", at)
        steps = ("pre-deploy.backup", "pre-deploy.env", "pre-deploy.monitoring")
        self.add("tick", at, self.crew.operator, *steps)
        self.add("tick", self.before_start(self.rng.randint(62, 70)), self.crew.owner, "pre-deploy")

    def _deploy(self) -> None:
        operator, done = self.crew.operator, self.after_start(0)
        note = ""
        if self.started - self.go_live > timedelta(minutes=15):
            note = self.said(self.rng.choice(self.words.delays))
        elif self.likely(0.35):
            note = self.said(self.rng.choice(self.words.starts))
        run = f"https://ci.example.org/{self.plan.service}/runs/{self.rng.randint(900, 9800)}"
        self.add("tick", self.started, operator, "deploy.command", note=note, evidence=(run,))
        if "pre-release.branches" not in self.items and self.likely(0.8):
            self.skip(self.after_start(-3), operator, MIGRATIONS, self._no_migration())
        self._on_the_way("deploy", self.after_start(-2))
        self.add("tick", done, operator, "deploy")

    def _verify(self) -> None:
        """Post-deploy: the first half hour."""
        at = self.after_start(self.rng.randint(5, 18))
        self._fail_what_failed("post-deploy", at)
        self._on_the_way("post-deploy", at)
        self.add("tick", at, self.crew.tester, "post-deploy.smoke")
        self.add("tick", at + timedelta(minutes=6), self.crew.operator, "post-deploy")

    def _finish(self) -> None:
        """The first day, sometimes a long one; some days later the retrospective and the close."""
        prompt = self.draft.type != "major" and self.draft.cause is None and self.likely(0.5)
        hours = 22 if prompt or self.likely(0.7) else self.rng.randint(25, 44)
        at = self.go_live + timedelta(hours=hours, minutes=self.rng.randint(5, 60))
        left = dict.fromkeys(self.accepted, _ACCEPTED)
        if self.likely(0.08) and self.draft.cause is None:
            kept_open = self.rng.choice(self.words.left_open)
            left[kept_open.item] = kept_open.reason
        self._fail_what_failed("close", at)
        if self.draft.cause is None and self.likely(0.3):
            note = self.said(self.rng.choice(self.words.monitored))
            self.add("annotate", at, self.crew.operator, "close.monitoring", note=note)
        bound = [path for path, item in self.items.items() if item.when_done]
        failed = [self.draft.cause.item] if self.draft.cause else []
        paths = [path for path in self.items if path.startswith("close.")]
        self.add(
            "tick", at, self.crew.owner, *(path for path in paths if path not in (*bound, *left, *failed))
        )
        reason = self.draft.cause.reason if self.draft.cause else ""
        later = self.workday(self.rng.randint(2, 5), 13)
        self.close(at + timedelta(minutes=9) if prompt else later, reason, left)

    def _roll_back(self) -> None:
        """The failed item says why; what was not done any more is left open with that reason."""
        assert self.draft.cause is not None
        at = self.after_start(self.rng.randint(5, 25))
        self._fail_what_failed("post-deploy", at)
        taken = self.rng.randint(12, 50)
        if self.draft.cause.item != "post-deploy.error-rate":
            note = f"Normal again {taken} minutes after the rollback was declared."
            back = at + timedelta(minutes=taken)
            self.add("tick", back, self.crew.operator, "post-deploy.error-rate", note=note)
        reason = f"Rolled back after {self.minutes + taken} minutes: {self.draft.cause.reason}"
        self.close(self.workday(self.rng.randint(1, 3), 10), reason)

    def _cancel(self) -> None:
        if "pre-release.branches" in self.items:
            started = ("pre-release.branches", "pre-release.pipeline")
            self.add("tick", self.workday(-3, 10), self.crew.developer, *started)
        reason = self.rng.choice(self.words.cancelled)
        self.add("close", self.workday(-1, 14), self.crew.owner, reason=reason, outcome="cancelled")

    def _fail_what_failed(self, phase: str, at: datetime) -> None:
        cause = self.draft.cause
        if cause is not None and cause.item.startswith(f"{phase}."):
            by = self.crew.tester if ".smoke." in cause.item else self.crew.operator
            self.add("fail", at, by, cause.item, reason=cause.reason)

    def _on_the_way(self, phase: str, at: datetime) -> None:
        """What happened before a phase was ticked: lessons kept, items left out, a failure repaired."""
        crew, learned = self.crew, self.draft.learned
        free = {path for path in self.items if path.startswith(f"{phase}.")}
        free -= {path for step in self.steps for path in step.paths}
        if learned is not None and self.kept and learned.watch in free:
            free.remove(learned.watch)
            self.add(
                "annotate",
                at - timedelta(minutes=40),
                crew.developer,
                learned.watch,
                note=self.said(learned.note),
            )
        skip = self.rng.choice(self.words.skips)
        if skip.item in free and self.likely(0.8):
            free.remove(skip.item)
            self.skip(at - timedelta(minutes=30), crew.tester, (skip.item,), skip.reason)
        accepted = self.rng.choice(self.words.accepted)
        if accepted.item in free and self.likely(0.06):
            free.remove(accepted.item)
            self.accepted.append(accepted.item)
            self.add(
                "fail",
                at - timedelta(minutes=20),
                crew.operator,
                accepted.item,
                reason=self.said(accepted.reason),
            )
        hiccup = self.rng.choice(self.words.hiccups)
        if hiccup.item in free and self.likely(0.4):
            by = crew.tester if phase == "staging-test" else crew.developer
            self.add(
                "fail",
                at - timedelta(minutes=self.rng.randint(90, 240)),
                by,
                hiccup.item,
                reason=hiccup.reason,
            )
            self.add("tick", at - timedelta(minutes=5), by, hiccup.item, note=self.said(hiccup.note))

    def _no_migration(self) -> str:
        return self.rng.choice(self.words.no_migration)


OWED_MIGRATIONS = ("full-pre-release.migrations", "full-deploy.migration")


class EmergencyCourse(Course):
    """From the alarm to the close."""

    def steps_taken(self) -> list[Step]:
        """All steps of the release."""
        crew = self.crew
        note = "Seen by two people." if self.likely(0.4) else ""
        self.add("tick", self.before_start(45), crew.developer, "pre-release.fix-proven", note=note)
        self.add("tick", self.before_start(35), crew.tester, "pre-release")
        if self.likely(0.7):
            reason = "No migration: the data does not change."
            self.add("skip", self.before_start(25), crew.operator, "pre-deploy.backup", reason=reason)
        self.add("tick", self.before_start(18), crew.operator, "pre-deploy")
        self.add("override", self.before_start(8), crew.owner, rule=passing(self.words.passed))
        self.add("start", self.started, crew.operator, rule=begin)
        self.add("tick", self.started, crew.operator, "deploy.command")
        self.add("tick", self.after_start(0), crew.operator, "deploy")
        self.add("tick", self.after_start(9), crew.tester, "post-deploy")
        self._pay_debt()
        self.close(self.workday(6 if self.likely(0.7) else 7, 9))
        return self.steps

    def _pay_debt(self) -> None:
        """The full checklist, over the working days after the deployment; now and then too late."""
        crew = self.crew
        last = 5 if self.likely(0.2) else 3
        self.skip(
            self.workday(1, 9), crew.developer, OWED_MIGRATIONS, self.rng.choice(self.words.no_migration)
        )
        if self.likely(0.6):
            self.skip(self.workday(1, 10), crew.owner, ("full-communication.downtime",), "There was none.")
        self.add("tick", self.workday(1, 12), crew.developer, "full-pre-release")
        self.add("tick", self.workday(1, 14), crew.owner, "full-communication")
        self.add("tick", self.workday(2, 10), crew.tester, "full-staging-test")
        self.add("tick", self.workday(2, 14), crew.operator, "full-pre-deploy", "full-deploy")
        self.add("tick", self.workday(last, 10), crew.owner, "full-post-deploy", "full-close")


_DURATIONS = {"major": (180, 240), "minor": (60, 90, 120), "patch": (45, 60), "emergency": (60,)}
_LEAD = {"major": (11, 17), "minor": (6, 10), "patch": (4, 5)}  # working days from creation to go-live
_IMPACTS: dict[str, tuple[Impact, ...]] = {
    "major": ("high", "high", "medium"),
    "minor": ("medium", "medium", "low", "high"),
    "patch": ("low", "low", "medium"),
    "emergency": ("high",),
}


def archived_story(
    draft: Draft, vocabulary: Vocabulary, moments: Moments, composer: Composer, seed: int
) -> Story:
    """The story of an archived release, from its creation to its close."""
    rng = random.Random(f"release {seed} {draft.number}")
    crew = _crew(rng)
    plan = _plan(draft, moments, composer, rng, crew.owner.name)
    checklist = composer.checklist(plan)
    case = Case(
        draft=draft,
        plan=plan,
        phases=checklist.phases,
        since=moments.since(draft.go_live),
        created=_created(draft, plan, moments, rng),
        crew=crew,
        words=vocabulary,
        rng=rng,
    )
    course = EmergencyCourse if draft.emergency else PlannedCourse
    return Story(
        plan=plan,
        checklist=checklist,
        created_by=crew.owner,
        created_at=case.created,
        steps=lambda: course(case).steps_taken(),
    )


def _plan(draft: Draft, moments: Moments, composer: Composer, rng: random.Random, owner: str) -> Plan:
    template = "governed-emergency" if draft.emergency else "standard"
    go_live = draft.go_live
    if draft.moved:
        day = moments.day_of(go_live) - timedelta(days=7)
        go_live = moments.wall(day, go_live.astimezone(moments.info).time())
    return Plan(
        service=draft.service.id,
        version=draft.version,
        type=draft.type,
        owner=owner,
        go_live=go_live,
        zone=moments.zone,
        template=template,
        title=f"{draft.version} - {draft.title}" if draft.title else "",
        impact=rng.choice(_IMPACTS[draft.type]),
        duration=rng.choice(_DURATIONS[draft.type]),
        rationale=draft.emergency.rationale if draft.emergency else "",
        emergency_criterion=draft.emergency.criterion if draft.emergency else "",
        packs=() if draft.emergency else draft.kit.packs,
        without=("payment", "announcement", "social") if draft.emergency else draft.kit.without,
        values={} if draft.emergency else draft.kit.values,
        criteria=composer.criteria(template),
    )


def _created(draft: Draft, plan: Plan, moments: Moments, rng: random.Random) -> datetime:
    if draft.emergency:
        return plan.go_live - timedelta(minutes=rng.randint(70, 150))
    day = workdays_from(moments.day_of(plan.go_live), -rng.randint(*_LEAD[draft.type]))
    return moments.wall(day, time(rng.randint(9, 15), rng.randint(0, 59)))


def _crew(rng: random.Random) -> Crew:
    owner = rng.choice(("mara", "mara", "jonas"))
    developer = "priya" if owner == "jonas" else rng.choice(("priya", "jonas"))
    on_duty, on_call = rng.choice((("tomasz", "emre"), ("emre", "tomasz")))
    account = rng.choice(("deploy", "deploy", on_duty))  # from the shared host, or from their own
    return Crew(
        Actor(owner, owner),
        Actor(developer, developer),
        Actor("aiko", "aiko"),
        Actor(account, on_duty),
        on_call,
    )
