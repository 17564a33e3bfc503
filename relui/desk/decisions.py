"""Acts that decide [S1.25, S1.27, S1.28]: go, no-go, hold, start, completion, rollback, cancellation, lead.

Those that give a slot back hold the calendar lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any

from relui.desk.core import Done
from relui.desk.gates import GateActs
from relui.desk.lifecycle import LifecycleActs
from relui.domain.release import Release
from relui.domain.ruling import Ruling

if TYPE_CHECKING:
    from relui.domain.dossier.shift import ShiftPage


class DecisionActs(GateActs, LifecycleActs):
    """None of them is undone: a decision is withdrawn by a new one, and both stay."""

    def carry_out(self, short: str, decision: str, /, **given: Any) -> Done:
        """Take a decision that `DECIDABLE` declares; `given` is named by its `asks`.

        Raises GateShut and Refused for what is not met, BadInput for what does not fit.
        """
        from relui.domain.dossier.decidable import DECIDABLE
        from relui.domain.dossier.decision_rules import rule_on

        about, organisation = DECIDABLE[decision], self.organisation()
        around = self.surroundings_of(short) if about.knows == "context" else self.surroundings()
        if decision == "hand-over" and (to := given["to"].strip()):
            given["to"] = organisation.checked_person(to)

        def rule(release: Release) -> Ruling:
            by, now = self.actor.name, self.clock.now()
            return rule_on(decision, release, by, now, given, organisation=organisation, context=around.of)

        with self.organisation_file.calendar_lock() if about.gives_back else nullcontext():
            done = self.change(short, rule)
            if about.gives_back and not about.final:
                done = self._published(done)
        return self._moved_to_archive(done) if about.final else done

    def go(
        self, short: str, *, acting_for: str = "", comment: str = "", confirmed: Iterable[str] = ()
    ) -> Done:
        """Say go, on the day, when everything else that opens the deployment is met.

        `confirmed` are the points that go asks about late news; `all` means each. Raises GateShut, Refused.
        """
        from relui.domain.dossier.stages import say_go

        around, points = self.surroundings_of(short), tuple(confirmed)
        return self.change(
            short,
            lambda release: say_go(
                release,
                around.of(release),
                self.actor.name,
                self.clock.now(),
                acting_for=acting_for,
                comment=comment,
                confirmed=points,
            ),
        )

    def no_go(self, short: str, reason: str, acting_for: str = "") -> Done:
        """Say no-go with a reason: the slot is given back."""
        from relui.domain.dossier.stages import no_go

        organisation = self.organisation()
        with self.organisation_file.calendar_lock():
            done = self.change(
                short,
                lambda release: no_go(
                    release, organisation, self.actor.name, self.clock.now(), reason, acting_for
                ),
            )
            return self._published(done)

    def hold(self, short: str, reason: str) -> Done:
        """Stop for now, with a reason; the slot stays."""
        from relui.domain.dossier.stages import hold

        return self.change(short, lambda release: hold(release, self.actor.name, self.clock.now(), reason))

    def resume(self, short: str, reason: str = "") -> Done:
        """Go on after a hold, or after a no-go once a new slot is booked."""
        from relui.domain.dossier.stages import resume

        return self.change(short, lambda release: resume(release, self.actor.name, self.clock.now(), reason))

    def start(self, short: str, when: datetime | None = None, override_reason: str = "") -> Done:
        """Start the deployment, `when` unless now; a reason overrides what is unmet and can be.

        Raises GateShut when a gate is not met.
        """
        from relui.domain.dossier.deployment import start

        around = self.surroundings_of(short)
        return self.change(
            short,
            lambda release: start(
                release, around.of(release), self.actor.name, self.clock.now(), when, override_reason
            ),
        )

    def complete(
        self,
        short: str,
        *,
        outcome: str = "successful",
        verification: str = "",
        issues: str = "",
        actions: Iterable[str] = (),
        when: datetime | None = None,
    ) -> Done:
        """Confirm the completion: outcome, what the verification found, issues, actions that remain."""
        from relui.domain.dossier.deployment import complete

        around, left = self.surroundings_of(short), tuple(actions)
        return self.change(
            short,
            lambda release: complete(
                release,
                around.of(release),
                self.actor.name,
                self.clock.now(),
                outcome=outcome,
                verification=verification,
                issues=issues,
                actions=left,
                when=when,
            ),
        )

    def roll_back(self, short: str, reason: str) -> Done:
        """Declare the rollback, with a reason."""
        from relui.domain.dossier.deployment import roll_back

        organisation = self.organisation()
        return self.change(
            short, lambda release: roll_back(release, organisation, self.actor.name, self.clock.now(), reason)
        )

    def cancel(self, short: str, reason: str) -> Done:
        """Withdraw the release at any stage: closed as cancelled, its slot given back, then archived."""
        from relui.domain.dossier.deployment import cancel

        with self.organisation_file.calendar_lock():
            done = self.change(
                short, lambda release: cancel(release, self.actor.name, self.clock.now(), reason)
            )
        return self._moved_to_archive(done)

    def decide(self, short: str, words: str, scope: Iterable[str] = ()) -> Done:
        """Record a decision in free words, for some services or regions or for all of the release."""
        from relui.domain.dossier.deciding import decide

        places = tuple(scope)
        return self.change(
            short, lambda release: decide(release, words, self.actor.name, self.clock.now(), places)
        )

    def withdraw(self, short: str, decision_id: str, reason: str) -> Done:
        """Withdraw a decision by a new one with the reason; both stay."""
        from relui.domain.dossier.deciding import withdraw

        return self.change(
            short,
            lambda release: withdraw(release, decision_id, self.actor.name, self.clock.now(), reason),
        )

    def claim(self, short: str) -> Done:
        """Who acts leads the release from now on."""
        from relui.domain.dossier.deciding import claim

        return self.change(short, lambda release: claim(release, self.actor.name, self.clock.now()))

    def hand_over(self, short: str, to: str, worries: str = "") -> Done:
        """Hand the lead over to somebody of the organisation, with what worries; see `shift_page`."""
        from relui.domain.dossier.deciding import hand_over

        person = self.organisation().checked_person(to.strip()) if to.strip() else ""
        return self.change(
            short, lambda release: hand_over(release, person, self.actor.name, self.clock.now(), worries)
        )

    def delegate(self, short: str, to: str = "", reason: str = "") -> Done:
        """Who acts lets their delegate sign for them on this release; `to` can be no one else."""
        from relui.domain.dossier.deciding import delegate

        organisation = self.organisation()
        return self.change(
            short,
            lambda release: delegate(release, organisation, self.actor.name, self.clock.now(), to, reason),
        )

    def shift_page(self, short: str) -> ShiftPage:
        """What whoever takes over needs to know, as it stands now [S1.27]."""
        from relui.domain.dossier.shift import shift_page

        release = self.open(short).release
        return shift_page(release, self.context(release))
