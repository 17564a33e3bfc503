"""Acts on a whole release: create, copy, edit, write its retrospective, close and archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.desk.booking import BookingActs
from relui.desk.core import Done
from relui.desk.planning import (
    Choices,
    PlanningActs,
    Prepared,
    Request,
    slot_of_plan,
)
from relui.desk.surroundings import SurroundingsActs
from relui.domain.creation import refuse_without_criterion
from relui.domain.identifiers import identifier, month_of
from relui.domain.log import Act, Head, next_entry
from relui.domain.patches import diff
from relui.domain.release import Outcome, Release
from relui.domain.ruling import Ruling
from relui.errors import Refused, StoreError
from relui.store.records import document_of, state_of

if TYPE_CHECKING:
    from relui.domain.checklist import Phase
    from relui.domain.creation import Plan
    from relui.domain.customising import Gain

__all__ = ["Choices", "LifecycleActs", "Prepared", "Request"]


class LifecycleActs(SurroundingsActs, PlanningActs, BookingActs):
    """From nothing to the archive."""

    def new(self, request: Request, *, book: bool = False) -> Done:
        """Create a release: its identifier is spent, its checklist copied, its log begun [S1.7].

        With `book` its slot is checked first and booked with it: SlotRefused creates nothing.
        """
        self.refuse_missing(request)
        if not book:
            prepared = self.prepare(request)
            late = self.late_words(prepared.plan)
            return self._new(replace(prepared, told=(*prepared.told, *late)))
        from relui.domain.booking_rules import refuse_blocked
        from relui.domain.calendar.check import check

        with self.organisation_file.calendar_lock():
            calendar = self.whole_calendar()
            prepared = self.prepare(request)
            slot = slot_of_plan(prepared.plan, calendar.organisation)
            refuse_blocked(check(calendar.board, slot, self.clock.now()))
            created = self._new(prepared)
            booked = self._book(created.release.id)
            told = (*created.ruling.told, *booked.ruling.told)
            return replace(booked, ruling=replace(booked.ruling, told=told))

    def _new(self, prepared: Prepared) -> Done:
        from relui.domain import creation
        from relui.domain.identifiers import scheme_doubt

        self.admit()
        now = self.clock.now()
        # Checked with a placeholder first: a plan that is refused must not spend a number.
        creation.create(prepared.plan, prepared.phases, "REL-0000-00-000", self.actor.name, now)
        refuse_without_criterion(prepared.plan, self.organisation().policy.emergency_criteria)
        month = month_of(prepared.plan.go_live, prepared.plan.zone)
        release_id = identifier(
            month, self.organisation_file.next_number(month, self.files.highest_number(month))
        )
        release = creation.create(prepared.plan, prepared.phases, release_id, self.actor.name, now)
        origin = f" from {release.template}"
        if release.copied_from:
            follows = release.dossier.follows == release.copied_from
            origin = (
                f", following {release.copied_from}" if follows else f" as a copy of {release.copied_from}"
            )
        told = (*prepared.told, *self._in_archive(prepared.plan))
        doubt = scheme_doubt(release.version, release_id)  # only now the number is known that it may end in
        told += (doubt,) if doubt and not scheme_doubt(release.version) else ()
        return self._begin(release, Act("create", f"created {release_id}{origin}", reversible=False), told)

    def _in_archive(self, plan: Plan) -> tuple[str, ...]:
        """What the archive says of a version: it is not new, or its step contradicts the type.

        Looked for once, not on every key.
        """
        from relui.domain.doubts import archived_version, step_doubts

        try:
            archived = self.files.archived()
            again = archived_version(plan.service, plan.version, archived)
            return again or step_doubts(plan.service, plan.version, plan.type, archived)
        except StoreError:  # an archive that cannot be read must not stop a new release
            return ()

    def _begin(self, release: Release, act: Act, told: tuple[str, ...] = ()) -> Done:
        state = state_of(release)
        entry = next_entry(
            Head(), act, self.actor, self.clock.now(), diff({}, state), simulated=self.clock.simulated
        )
        record = self.files.create(state, [document_of(entry)])
        return Done(release=release, record=record, ruling=Ruling(release, act, told=told))

    def gained(self, short: str) -> tuple[Gain, ...]:
        """What the release's template and packs have today that the release has not [S0.7].

        Raises BadInput when they are gone or broken.
        """
        from relui.domain.customising import gains

        release = self.open(short).release
        return gains(release, self._composed_anew(release))

    def take_over(self, short: str, paths: Sequence[str]) -> Done:
        """Take over what the template gained, by path; each open and in its place."""
        from relui.domain.customising import take_over

        template = self._composed_anew(self.open(short).release)
        return self.change(short, lambda release: take_over(release, template, paths, self.clock.now()))

    def _composed_anew(self, release: Release) -> tuple[Phase, ...]:
        from relui.domain.composing import compose

        base = self.templates.get(release.template)
        packs = [self.templates.get(name) for name in release.packs]
        owed = self.templates.get(base.owes) if base.owes else None
        return compose(
            base, packs, type=release.type, without=release.without, values=release.values, owed=owed
        )

    def write_retrospective(self, short: str, given: Mapping[str, str]) -> Done:
        """Write one or more of the retrospective's answers; on an archived release all of them [S0.9]."""
        from relui.domain.closing import write_retrospective

        closed = self.open(short).release.closed
        return self.change(
            short, lambda release: write_retrospective(release, given, self.clock.now()), addition=closed
        )

    def close(
        self,
        short: str,
        *,
        outcome: Outcome | None = None,
        reason: str = "",
        reasons: Mapping[str, str] | None = None,
    ) -> Done:
        """Close a release and move it to the archive; the closing entry is durable before the move.

        Without an outcome it is the one that its deployment was completed with, else `successful`. With
        criteria the gates up to the close must be met, unless it is cancelled: raises GateShut. A move that
        fails is told, not raised: the next start does it.
        """
        from relui.domain import closing

        around = self.surroundings_of(short)

        def rule(release: Release) -> Ruling:
            ended = _ended(release, outcome)
            if release.criteria and ended != "cancelled" and not release.closed:
                from relui.domain.dossier.stages import refuse_closing

                refuse_closing(release, around.of(release))
            return closing.close(
                release, self.actor.name, self.clock.now(), outcome=ended, reason=reason, reasons=reasons
            )

        return self._moved_to_archive(self.change(short, rule))

    def _moved_to_archive(self, done: Done) -> Done:
        if done.release.bookings:
            done = self._published(done)
        try:
            path = self.files.archive(done.release.id)
        except StoreError as error:  # it is closed, and that is durable: the rest can wait
            told = f"It is closed. Moving it into the archive is left to the next start: {error.message}"
            return replace(done, ruling=replace(done.ruling, told=(*done.ruling.told, told)))
        return replace(done, record=replace(done.record, where=str(path), archived=True))


def _ended(release: Release, outcome: Outcome | None) -> Outcome:
    """How it is closed. Raises Refused for an outcome that contradicts what was decided."""
    known = _decided_outcome(release)
    if outcome is None:
        return known or "successful"
    if known is not None and outcome != known and not release.closed:
        raise Refused(
            f"The deployment of {release.id} ended as {known}: it cannot be closed as {outcome}. Withdraw "
            "that decision first, if it was wrong."
        )
    return outcome


def _decided_outcome(release: Release) -> Outcome | None:
    if not release.dossier.decisions:
        return None
    from relui.domain.dossier.changes import final_outcome

    return final_outcome(release)
