"""What happened in an emergency of the demo's archive: minimum checks, and the full checklist afterwards."""

from __future__ import annotations

from relui.demo.course import Course
from relui.demo.gates import begin, passing
from relui.demo.stories import Step

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
