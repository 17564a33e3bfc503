"""What happened in a planned release of the demo's archive: on time or late, well or not."""

from __future__ import annotations

from datetime import datetime, timedelta

from relui.demo.course import Case, Course
from relui.demo.stories import Step
from relui.domain.creation import default_title

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
