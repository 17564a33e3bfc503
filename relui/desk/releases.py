"""Acts on a whole release: create, edit, close and archive, cancel, undo; and what waits over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from relui.desk.act import Done
from relui.desk.context import Contexts
from relui.desk.journal import Written
from relui.desk.planning import Prepared, Request
from relui.domain import history
from relui.domain.binding import settle
from relui.domain.calendar.slot import slot_of_plan
from relui.domain.creation import refuse_without_criterion
from relui.domain.history import Reversal
from relui.domain.identifiers import identifier, month_of
from relui.domain.instants import zone_named
from relui.domain.log import Act, Entry, Head
from relui.domain.patches import Document
from relui.domain.release import Outcome, Release, ReleaseType
from relui.domain.ruling import Ruling
from relui.errors import BadInput, Refused, ReluiError, StoreError
from relui.store.records import Record, document_of, release_from, state_of

if TYPE_CHECKING:
    from relui.desk.agenda import Calendar
    from relui.desk.archive import ArchiveActs
    from relui.desk.calendar import CalendarActs
    from relui.desk.journal import Journal
    from relui.desk.learning import LearningActs
    from relui.desk.organisation import OrganisationActs
    from relui.desk.planning import PlanningActs
    from relui.domain.creation import Plan
    from relui.domain.dossier.waiting import Waiting


Reverse = Callable[[Document, Sequence[Entry]], Reversal]
PLACING = ("go-live", "duration", "service", "type", "impact", "environment", "people")
"""The fields of a release that its slot depends on."""


class Waits(Struct, frozen=True):
    """What waits, the most urgent first, and a sentence for each release that could not be read."""

    rows: tuple[Waiting, ...]
    problems: tuple[str, ...] = ()


class ReleaseActs:
    """From nothing to the archive."""

    def __init__(
        self,
        journal: Journal,
        organisation: OrganisationActs,
        calendar: CalendarActs,
        learning: LearningActs,
        planning: PlanningActs,
        archive: ArchiveActs,
    ) -> None:
        self._journal, self._store = journal, journal.store
        self._organisation = organisation
        self._calendar = calendar
        self._learning = learning
        self._planning = planning
        self._archive = archive

    def new(self, request: Request, *, book: bool = False) -> Done:
        """Create a release: its identifier is spent, its checklist copied, its log begun [S1.7].

        With `book` its slot is checked first and booked with it: SlotRefused creates nothing. What archived
        releases teach is brought in line before.
        """
        with suppress(ReluiError):  # an archive that cannot be read must not stop a new release
            self._learning.finish_additions()
        self._planning.refuse_missing(request)
        if not book:
            prepared = self._planning.prepare(request)
            late = self._planning.late_words(prepared.plan)
            return self._new(replace(prepared, told=(*prepared.told, *late)))
        from relui.domain.booking_rules import refuse_blocked
        from relui.domain.calendar.check import check

        with self._store.calendar_lock():
            calendar = self._calendar.whole()
            prepared = self._planning.prepare(request)
            slot = slot_of_plan(prepared.plan, calendar.organisation)
            refuse_blocked(check(calendar.timetable, slot, self._journal.clock.now()))
            created = self._new(prepared)
            booked = self._calendar.book_locked(created.release.id)
            told = (*created.ruling.told, *booked.ruling.told)
            return replace(booked, ruling=replace(booked.ruling, told=told))

    def _new(self, prepared: Prepared) -> Done:
        from relui.domain import creation
        from relui.domain.identifiers import scheme_doubt
        from relui.domain.learning.carrying import carried_by

        self._organisation.admit()
        now = self._journal.clock.now()
        # Checked with a placeholder first: a plan that is refused must not spend a number.
        creation.create(prepared.plan, prepared.phases, "REL-0000-00-000", self._journal.actor.name, now)
        refuse_without_criterion(prepared.plan, self._organisation.read().policy.emergency_criteria)
        month = month_of(prepared.plan.go_live, prepared.plan.zone)
        release_id = identifier(
            month, self._store.organisation.next_number(month, self._store.releases.highest_number(month))
        )
        release = creation.create(prepared.plan, prepared.phases, release_id, self._journal.actor.name, now)
        origin = f" from {release.template}"
        if release.copied_from:
            follows = release.dossier.follows == release.copied_from
            origin = (
                f", following {release.copied_from}" if follows else f" as a copy of {release.copied_from}"
            )
        told = (*prepared.told, *self._in_archive(prepared.plan))
        doubt = scheme_doubt(release.version, release_id)  # only now the number is known that it may end in
        told += (doubt,) if doubt and not scheme_doubt(release.version) else ()
        done = self._begin(release, Act("create", f"created {release_id}{origin}", reversible=False), told)
        if names := tuple(carried_by(done.release)):
            self._learning.carried(names, done.release.id)
        return done

    def _in_archive(self, plan: Plan) -> tuple[str, ...]:
        """What the archive says of a version: it is not new, or its step contradicts the type.

        Looked for once, not on every key.
        """
        from relui.domain.doubts import archived_version, step_doubts

        try:
            archived = self._store.catalogue.summaries()
            again = archived_version(plan.service, plan.version, archived)
            return again or step_doubts(plan.service, plan.version, plan.type, archived)
        except StoreError:  # an archive that cannot be read must not stop a new release
            return ()

    def _begin(self, release: Release, act: Act, told: tuple[str, ...] = ()) -> Done:
        state = state_of(release)
        entry = self._journal.signing.entry(Head(), act, {}, state)
        record = self._store.releases.create(state, [document_of(entry)])
        return Done(release=release, record=record, ruling=Ruling(release, act, told=told))

    def close(
        self,
        release_id: str,
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

        contexts = Contexts.before(self._calendar, release_id)

        def rule(release: Release, by: str, now: datetime) -> Ruling:
            ended = _ended(release, outcome)
            if release.criteria and ended != "cancelled" and not release.closed:
                from relui.domain.dossier.stages import refuse_closing

                refuse_closing(release, contexts.of(release))
            return closing.close(release, by, now, outcome=ended, reason=reason, reasons=reasons)

        return self.move_to_archive(self._journal.change(release_id, rule))

    def move_to_archive(self, done: Done) -> Done:
        """What follows a closing: what it teaches, the calendar's file, and the move."""
        with suppress(ReluiError):  # the next start does it, from what its items and the actions say
            self._learning.follow(done.release)
        if done.release.bookings:
            done = self._calendar.published(done)
        try:
            path = self._store.releases.archive(done.release.id)
        except StoreError as error:  # it is closed, and that is durable: the rest can wait
            told = f"It is closed. Moving it into the archive is left to the next start: {error.message}"
            return replace(done, ruling=replace(done.ruling, told=(*done.ruling.told, told)))
        return replace(done, record=replace(done.record, where=str(path), archived=True))

    def undo(self, release_id: str, seq: int | None = None) -> Done:
        """Take back one's own last act on this release, or the act number `seq`."""
        return self._reverse(
            release_id, lambda state, log: history.undo(state, log, self._journal.actor, seq, self._told)
        )

    def redo(self, release_id: str) -> Done:
        """Do again what one's own last undo took back."""
        return self._reverse(
            release_id, lambda state, log: history.redo(state, log, self._journal.actor, self._told)
        )

    def _told(self, at: datetime) -> str:
        """An instant in the zone that times are shown in."""
        local = at.astimezone(zone_named(self._organisation.display_zone()))
        return f"{local:%a} {local.day} {local:%b %H:%M %Z}"

    def _reverse(self, release_id: str, reverse: Reverse) -> Done:
        from relui.domain.booking_rules import refuse_moving

        reached: list[tuple[Release, Reversal]] = []

        def apply(record: Record) -> Written:
            reversal = reverse(record.state, record.entries)
            # What others did since may keep a fact true that the undone act had made true.
            release = release_from(reversal.state, record.where)
            release = settle(release, self._journal.clock.now(), self._journal.open_time(release))
            refuse_moving(record.release, release)
            reached.append((release, reversal))
            state = state_of(release)
            entry = self._journal.signing.entry(record.head, reversal.act, record.state, state)
            return Written(release, state, entry)

        record = self._journal.write(release_id, apply)
        release, reversal = reached[-1]
        return Done(
            release=release, record=record, ruling=Ruling(release, reversal.act, told=reversal.passed)
        )

    def edit(self, release_id: str, given: Mapping[str, str]) -> Done:
        """Set fields of a release from text: all of them or none.

        When it holds a slot, another date, duration, environment or service is a new booking, checked and
        written as one. Raises SlotRefused when that conflicts.
        """
        checked = self._checked(given)
        done = self._edit(release_id, checked)
        if not done.changed:
            return done
        release = done.release
        told: tuple[str, ...] = ()
        if {"version", "type", "service"} & checked.keys():
            told = self._step(release.service, release.version, release.type)
        if "environment" in checked:
            told += self._environment(release.environment)
        return replace(done, ruling=replace(done.ruling, told=(*done.ruling.told, *told)))

    def _environment(self, name: str) -> tuple[str, ...]:
        """That nobody has that environment: what stands in the calendar for a named one passes it by."""
        try:
            self._organisation.read().checked_environment(name)
        except BadInput as error:
            return (f"{error.message[0].upper()}{error.message[1:]}",)
        return ()

    def _step(self, service: str, version: str, type: ReleaseType) -> tuple[str, ...]:
        """What the last released version of the service says against the type of another."""
        from relui.domain.doubts import step_doubts

        try:
            return step_doubts(service, version, type, self._store.catalogue.summaries())
        except StoreError:  # an archive that cannot be read must not stop an edit
            return ()

    def _edit(self, release_id: str, checked: Mapping[str, str]) -> Done:
        from relui.domain import editing

        def rule(release: Release, _by: str, now: datetime) -> Ruling:
            return editing.edit(release, given=checked, at=now)

        if not any(name in checked for name in PLACING):
            return self._journal.change(release_id, rule)
        with self._store.calendar_lock():
            release = self._journal.open(release_id).release
            if release.booking is None or release.closed:
                return self._journal.change(release_id, rule)
            calendar = self._calendar.whole(but=release.id)

            def placed(latest: Release, by: str, now: datetime) -> Ruling:
                ruling = rule(latest, by, now)
                moved = partial(self._moved, calendar, latest, ruling, by, now)
                first = moved(counter=0)  # refuses before a number is spent
                if first.release.bookings == latest.bookings:
                    return first
                return moved(counter=self._calendar.next_booking(calendar, latest))

            return self._calendar.published(self._journal.change(release.id, placed))

    def _moved(
        self, calendar: Calendar, release: Release, edited: Ruling, by: str, now: datetime, *, counter: int
    ) -> Ruling:
        """An edit of a release that holds a slot, with the booking that follows from it."""
        from relui.domain.booking_rules import edit_booked
        from relui.domain.calendar.check import check
        from relui.domain.calendar.slot import slot_of

        before = check(calendar.timetable, slot_of(release, calendar.organisation), now)
        planned = replace(edited.release, bookings=())  # the time that was typed, not the one that was booked
        after = check(calendar.timetable, slot_of(planned, calendar.organisation), now)
        return edit_booked(release, edited, after, before, counter=counter, by=by, at=now)

    def _checked(self, given: Mapping[str, str]) -> dict[str, str]:
        """The given texts, with services and people as the organisation calls them. Raises BadInput."""
        organisation = self._organisation.read()
        checked = dict(given)
        if "service" in checked:
            checked["service"] = organisation.checked_service(checked["service"].strip())
        if "owner" in checked:
            checked["owner"] = organisation.checked_person(checked["owner"].strip())
        if "people" in checked:
            names = (name.strip() for name in checked["people"].split(","))
            checked["people"] = ",".join(organisation.checked_person(name) for name in names if name)
        return checked

    def known_service(self, name: str) -> str:
        """The service that `name` stands for, for whoever filters by it: a listed one, or one that a release
        bears, active or archived, also when the organisation lists it no more.

        Raises BadInput with the nearest for one that is neither.
        """
        try:
            return self._organisation.read().checked_service(name.strip())
        except BadInput:
            borne = {release.service for release in self._journal.active().releases}
            borne |= {row.service for row in self._store.catalogue.summaries()}
            former = next((one for one in borne if one.casefold() == name.strip().casefold()), None)
            if former is None:
                raise
            return former

    def waiting(self, person: str = "") -> Waits:
        """What waits for one person, or for everybody: over the active releases, and what was learned.

        Raises BadInput for somebody whom the organisation does not list, where it lists anybody.
        """
        from relui.domain.dossier.waiting import by_urgency, waiting, waits_for
        from relui.domain.learning.reviews import waiting_actions, waiting_retrospectives, waiting_reviews

        active, organisation = self._journal.active(), self._organisation.read()
        wanted = organisation.checked_person(person.strip()) if person.strip() else ""
        rows = list(waiting(active.releases, organisation, Contexts(self._calendar).of))
        if wanted:
            rows = list(waits_for(rows, wanted, organisation, self._journal.clock.now()))
        known = {row.release for row in rows if row.kind == "review"}
        owners = {row.id: row.owner for row in self._store.catalogue.summaries()}
        owners |= {release.id: release.owner for release in active.releases}
        more = [
            *waiting_actions(self._learning.read().actions, active.releases),
            *(
                row
                for row in waiting_reviews(self._archive.reviews_due(), owners)
                if row.release not in known
            ),
            *waiting_retrospectives(self._archive.retrospectives_owed()),
        ]
        if wanted:
            more = list(waits_for(more, wanted, organisation, self._journal.clock.now()))
        return Waits(by_urgency((*rows, *more)), active.problems)


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
    from relui.domain.dossier.decisions import final_outcome

    return final_outcome(release)
