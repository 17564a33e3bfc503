"""An archived release of the demo: its plan, and what happened on the way, on time or late, well or not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from relui.demo.course import Course, Crew, EmergencyCourse, later
from relui.demo.drafts import Draft
from relui.demo.inputs import Hiccup, Moments, Vocabulary, workdays_from
from relui.demo.stories import Composer, Step, Story
from relui.domain.creation import Plan, default_title
from relui.domain.log import Actor

_MIGRATIONS = ("pre-release.migrations", "deploy.migration")
_ACCEPTED = "Accepted by the service owner: nobody is held up by it."


def archived_story(draft: Draft, words: Vocabulary, moments: Moments, composer: Composer, seed: int) -> Story:
    """The story of an archived release, from its creation to its close."""
    rng = random.Random(f"release {seed} {draft.number}")
    crew = _crew(rng)
    plan = _plan(draft, words, moments, composer, rng, crew.owner.name)
    if draft.emergency:
        created = plan.go_live - timedelta(minutes=rng.randint(70, 150))
    else:
        day = workdays_from(moments.day_of(plan.go_live), -rng.randint(*words.types[draft.type].lead))
        created = moments.wall(day, time(rng.randint(9, 15), rng.randint(0, 59)))
    checklist = composer.checklist(plan)
    kind = EmergencyCourse if draft.emergency else PlannedCourse

    def steps() -> Sequence[Step]:
        course = kind(draft, plan, checklist.phases, moments, created, crew, words, rng)
        course.run()
        return course.steps

    return Story(plan=plan, checklist=checklist, created_by=crew.owner, created_at=created, steps=steps)


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


def _plan(
    draft: Draft, words: Vocabulary, moments: Moments, composer: Composer, rng: random.Random, owner: str
) -> Plan:
    emergency, kit = draft.emergency, words.emergency_kit if draft.emergency else draft.kit
    template = "governed-emergency" if emergency else "standard"
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
        impact=rng.choice(words.types[draft.type].impacts),
        duration=rng.choice(words.types[draft.type].durations),
        rationale=emergency.rationale if emergency else "",
        emergency_criterion=emergency.criterion if emergency else "",
        packs=kit.packs,
        without=kit.without,
        values=kit.values,
        criteria=composer.criteria(template),
    )


class PlannedCourse(Course):
    """From planning to the close, or to where it was cancelled or rolled back."""

    def run(self) -> None:
        """Collect all steps of the release."""
        self.accepted: list[str] = []
        self._plan()
        if self.draft.outcome == "cancelled":
            self._cancel()
            return
        self._build()
        self._test()
        self._prepare()
        self._deploy()
        if self.draft.outcome == "rolled-back":
            self._roll_back()
        else:
            self._verify()
            self._finish()

    def _plan(self) -> None:
        owner, zone = self.crew.owner, self.moments.info
        if self.likely(0.6):
            texts = {
                "risk": self.rng.choice(self.words.risks),
                "rollback": self.said(self.rng.choice(self.words.rollbacks)),
                "notes-link": f"https://wiki.example.org/{self.plan.service}/{self.draft.version}",
            }
            self.add("edit", later(self.last, self.rng.randint(15, 80)), owner, given=texts)
        if self.draft.moved:
            moved = {"go-live": f"{self.go_live.astimezone(zone):%Y-%m-%dT%H:%M}"}
            if not self.plan.title:
                moved["title"] = default_title(self.draft.version, self.go_live, self.plan.zone)
            self.add("edit", self.workday(-1, 15, self.plan.go_live), owner, given=moved)

    def _build(self) -> None:
        """Pre-release, due 48 hours before: some finish it on the day before."""
        if "pre-release.branches" not in self.items:
            return
        at = self.workday(-1, 9) if self.likely(0.12) else self.workday(-3, 14)
        if "database-migration" not in self.plan.packs and self.likely(0.8):
            self._skip_migrations(later(at, -120), self.crew.developer)
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
        self.add("tick", later(at, 50), crew.tester, "staging-test")
        self._on_the_way("communication", at)
        self.add("tick", later(at, 80), crew.owner, "communication")

    def _prepare(self) -> None:
        """Pre-deploy, due an hour before; where the start is late, so is this."""
        at = self.before_start(self.rng.randint(75, 100))
        self._on_the_way("pre-deploy", at)
        steps = ("pre-deploy.backup", "pre-deploy.env", "pre-deploy.monitoring")
        self.add("tick", at, self.crew.operator, *steps)
        self.add("tick", self.before_start(self.rng.randint(62, 70)), self.crew.owner, "pre-deploy")

    def _deploy(self) -> None:
        operator = self.crew.operator
        note = ""
        if self.started - self.go_live > timedelta(minutes=15):
            note = self.said(self.rng.choice(self.words.delays))
        elif self.likely(0.35):
            note = self.said(self.rng.choice(self.words.starts))
        run = f"https://ci.example.org/{self.plan.service}/runs/{self.rng.randint(900, 9800)}"
        self.add("tick", self.started, operator, "deploy.command", note=note, evidence=(run,))
        if "pre-release.branches" not in self.items and self.likely(0.8):
            self._skip_migrations(self.after_start(-3), operator)
        self._on_the_way("deploy", self.after_start(-2))
        self.add("tick", self.after_start(0), operator, "deploy")

    def _verify(self) -> None:
        """Post-deploy: the first half hour."""
        at = self.after_start(self.rng.randint(5, 18))
        self._fail_what_failed("post-deploy", at)
        self._on_the_way("post-deploy", at)
        self.add("tick", at, self.crew.tester, "post-deploy.smoke")
        self.add("tick", later(at, 6), self.crew.operator, "post-deploy")

    def _finish(self) -> None:
        """The first day, sometimes a long one; some days later the retrospective and the close."""
        crew, cause = self.crew, self.draft.cause
        prompt = self.draft.type != "major" and cause is None and self.likely(0.5)
        hours = 22 if prompt or self.likely(0.7) else self.rng.randint(25, 44)
        at = later(self.go_live, hours * 60 + self.rng.randint(5, 60))
        left = dict.fromkeys(self.accepted, _ACCEPTED)
        if self.likely(0.08) and cause is None:
            kept_open = self.rng.choice(self.words.left_open)
            left[kept_open.item] = kept_open.reason
        self._fail_what_failed("close", at)
        if cause is None and self.likely(0.3):
            note = self.said(self.rng.choice(self.words.monitored))
            self.add("annotate", at, crew.operator, "close.monitoring", note=note)
        open_ = {*left, *(path for path, item in self.items.items() if item.when_done)}
        open_ |= {cause.item} if cause else set()
        paths = [path for path in self.items if path.startswith("close.") and path not in open_]
        self.add("tick", at, crew.owner, *paths)
        end = self.workday(self.rng.randint(2, 5), 13)
        self.close(later(at, 9) if prompt else end, cause.reason if cause else "", left)

    def _roll_back(self) -> None:
        """The failed item says why; what was not done any more is left open with that reason."""
        cause = self.draft.cause
        assert cause is not None
        at = self.after_start(self.rng.randint(5, 25))
        self._fail_what_failed("post-deploy", at)
        taken = self.rng.randint(12, 50)
        if cause.item != "post-deploy.error-rate":
            note = f"Normal again {taken} minutes after the rollback was declared."
            self.add("tick", later(at, taken), self.crew.operator, "post-deploy.error-rate", note=note)
        reason = f"Rolled back after {self.minutes + taken} minutes: {cause.reason}"
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

        def drawn(these: Sequence[Hiccup], chance: float) -> Hiccup | None:
            """One of these, if it is about an item that nothing happened to yet."""
            one = self.rng.choice(these)
            if one.item not in free or not self.likely(chance):
                return None
            free.remove(one.item)
            return one

        if learned is not None and self.kept and learned.watch in free:
            free.remove(learned.watch)
            note = self.said(learned.note)
            self.add("annotate", later(at, -40), crew.developer, learned.watch, note=note)
        if skipped := drawn(self.words.skips, 0.8):
            self.skip(later(at, -30), crew.tester, (skipped.item,), skipped.reason)
        if accepted := drawn(self.words.accepted, 0.06):
            self.accepted.append(accepted.item)
            reason = self.said(accepted.reason)
            self.add("fail", later(at, -20), crew.operator, accepted.item, reason=reason)
        if hiccup := drawn(self.words.hiccups, 0.4):
            by = crew.tester if phase == "staging-test" else crew.developer
            before = later(at, -self.rng.randint(90, 240))
            self.add("fail", before, by, hiccup.item, reason=hiccup.reason)
            self.add("tick", later(at, -5), by, hiccup.item, note=self.said(hiccup.note))

    def _skip_migrations(self, at: datetime, by: Actor) -> None:
        self.skip(at, by, _MIGRATIONS, self.rng.choice(self.words.no_migration))
