"""Acts that decide [S1.25, S1.27, S1.28], and the guard that a pipeline asks before it deploys.

Decisions that give a slot back hold the calendar lock.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from relui.desk.act import Done
from relui.desk.context import Contexts, context_of
from relui.domain.calendar.slot import unpassed
from relui.domain.deployment_times import actual_window
from relui.domain.log import Act, Entry, Head, entries_from
from relui.domain.outline import Outline
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.slot_hold import outside, slot_words
from relui.errors import BadInput
from relui.store.records import SCHEMA

if TYPE_CHECKING:
    from relui.desk.agenda import Calendar
    from relui.desk.calendar import CalendarActs
    from relui.desk.journal import Journal
    from relui.desk.organisation import OrganisationActs
    from relui.desk.releases import ReleaseActs
    from relui.domain.calendar.guard import Answer, Answered
    from relui.domain.calendar.slot import Slot, Verdict
    from relui.domain.dossier.gates import Judgement


DURATION = 120
"""Minutes that are asked for when nobody says how long the deployment takes, as for a new release."""


class Permission(Struct, frozen=True, kw_only=True):
    """Yes or no, every reason against it, what to know, what was asked, and what the calendar found.

    `passed` is what an emergency or an approved exception passes. `logged` is where the answer stands, empty
    when nothing may be written.
    """

    allowed: bool
    service: str
    release: str = ""
    at: datetime
    until: datetime
    reasons: tuple[str, ...]
    told: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    asked: tuple[str, ...]
    verdict: Verdict
    logged: str = ""


class DeploymentActs:
    """None of them is undone: a decision is withdrawn by a new one, and both stay.

    What the guard answers is in a log too: the release's, or the organisation's when no release was
    named. The same answer to the same question stands there once a day: who polls does not flood it.
    """

    def __init__(
        self, journal: Journal, organisation: OrganisationActs, calendar: CalendarActs, releases: ReleaseActs
    ) -> None:
        self._journal, self._store = journal, journal.store
        self._organisation = organisation
        self._calendar = calendar
        self._releases = releases

    def carry_out(self, release_id: str, decision: str, /, **given: Any) -> Done:
        """Take a decision that `DECIDABLE` declares; `given` is named by its `asks`.

        Raises GateShut and Refused for what is not met, BadInput for what does not fit.
        """
        from relui.domain.dossier.decidable import DECIDABLE
        from relui.domain.dossier.decision_rules import rule_on

        about, organisation = DECIDABLE[decision], self._organisation.read()
        contexts = (
            Contexts.before(self._calendar, release_id)
            if about.knows == "context"
            else Contexts(self._calendar)
        )
        if decision == "hand-over" and (to := given["to"].strip()):
            given["to"] = organisation.checked_person(to)

        def rule(release: Release, by: str, now: datetime) -> Ruling:
            return rule_on(decision, release, by, now, given, organisation=organisation, context=contexts.of)

        with self._store.calendar_lock() if about.gives_back else nullcontext():
            done = self._journal.change(release_id, rule)
            if about.gives_back and not about.final:
                done = self._calendar.published(done)
        return self._releases.move_to_archive(done) if about.final else done

    def withdraw(self, release_id: str, decision_id: str, reason: str) -> Done:
        """Withdraw a decision by a new one with the reason; both stay."""
        from relui.domain.dossier.deciding import withdraw

        return self._journal.change(
            release_id, lambda release, by, now: withdraw(release, decision_id, by, now, reason)
        )

    def may_deploy(
        self, service: str, at: datetime | None = None, duration: int | None = None, release: str = ""
    ) -> Permission:
        """Whether `service` may be deployed at an instant, now unless said, for so many minutes.

        With a release also whether it holds that time, is not deployed or archived, no decision forbids it,
        and its gates up to `go` are met. Raises BadInput for an unknown service, or a release of another.
        """
        service = self._organisation.read().checked_service(service.strip())
        calendar, at = self._calendar.read(), at or self._journal.clock.now()
        if release:
            opened = self._journal.open(release).release
            if calendar.organisation.checked_service(opened.service) != service:
                raise BadInput(f"{opened.id} is a release of {opened.service}, not of {service}.")
            return self._logged(self._of_release(calendar, opened, at, duration), duration)
        lasting = duration or DURATION
        return self._logged(self._of_service(calendar, service, at, lasting), lasting)

    def _of_service(self, calendar: Calendar, service: str, at: datetime, duration: int) -> Permission:
        from relui.domain.calendar.guard import may_deploy
        from relui.domain.calendar.slot import Slot

        slot = Slot(service=service, start=at, duration=duration, zone=self._organisation.input_zone(service))
        found = may_deploy(calendar.timetable, slot, self._journal.clock.now())
        return Permission(
            allowed=found.allowed,
            service=service,
            at=at,
            until=slot.end,
            reasons=() if found.allowed else found.reasons,
            told=_to_know(found),
            asked=("calendar",),
            verdict=found.verdict,
        )

    def _of_release(
        self, calendar: Calendar, release: Release, at: datetime, duration: int | None
    ) -> Permission:
        from relui.domain.calendar.guard import may_deploy
        from relui.domain.dossier.gates import override_of

        started = self._started_legally(calendar, release)
        slot = self._asked_slot(calendar, release, at, duration)
        found = may_deploy(calendar.without(release.id), slot, self._journal.clock.now(), started=started)
        lines = self._lines_to_deploy(release, at)
        overridden = any(line.criterion.id == "slot-booked" and line.state == "overridden" for line in lines)
        if release.started_at is not None:  # no gate is asked any more: what passed at the start passes
            overridden = override_of(release, "slot-booked", release.started_at) is not None
        standing = () if overridden else unpassed(release.booking, found.verdict.blocks)
        allowed = found.allowed or not standing
        reasons = [] if allowed else [finding.words for finding in standing]
        reasons += [*_state_reasons(release), *_decision_reasons(release)]
        booking = _booking_reasons(
            release, at, slot.end, finishing=started and allowed, overridden=overridden
        )
        known = ("slot-booked",) if booking else ()  # it says the same
        reasons += [
            f"The gate is not met: {line.words}."
            for line in lines
            if not line.passes and line.criterion.id not in known
        ]
        reasons += booking
        passed = tuple(f.words for f in found.verdict.findings if f.passed)
        passed += tuple(f.words for f in found.verdict.blocks if f not in standing)
        return Permission(
            allowed=not reasons,
            service=slot.service,
            release=release.id,
            at=at,
            until=slot.end,
            reasons=tuple(reasons),
            told=_to_know(found),
            passed=tuple(dict.fromkeys(passed)),
            asked=("calendar", "booking", "state", *(("gates",) if release.criteria else ())),
            verdict=found.verdict,
        )

    @staticmethod
    def _started_legally(calendar: Calendar, release: Release) -> bool:
        """Its deployment began in its slot (a little early is on time too), it is an emergency's, or the act
        that started it asked for the slot."""
        started, booking = actual_window(release, Outline(release))[0], release.booking
        if started is None or release.is_emergency:
            return started is not None
        if release.criteria and _let_start(release):
            return True
        tolerance = timedelta(minutes=calendar.organisation.policy.on_time_tolerance)
        return booking is not None and booking.at - tolerance <= started < booking.end

    def _asked_slot(self, calendar: Calendar, release: Release, at: datetime, duration: int | None) -> Slot:
        """The time that is asked for: what is left of the booked slot, unless a duration is given.

        Inside its slot it is the booked slot that is checked, so that what was passed for it counts.
        """
        from relui.domain.calendar.slot import slot_of

        own = slot_of(release, calendar.organisation)
        until = at + timedelta(minutes=duration) if duration else own.end
        if own.standing == "booked" and own.start <= at < own.end and until <= own.end:
            return own
        return replace(own, start=at, duration=duration or own.duration)

    def _logged(self, answer: Permission, lasting: int | None) -> Permission:
        """The answer, with where it is logged: anew, or as it stands there already from this day."""
        if self._journal.read_only:
            told = "The answer was not logged: relui was opened read-only (--readonly)."
            return replace(answer, told=(*answer.told, told))
        answered = _answered(answer, lasting)
        now = self._journal.clock.now()
        if answer.release and not self._store.releases.is_archived(answer.release):
            if not answered.stands(self._journal.open(answer.release).entries, self._journal.actor, now):
                self._journal.change(answer.release, lambda latest, _by, _now: Ruling(latest, answered.act))
            return replace(answer, logged=answer.release)
        log = [one for one in self._store.organisation.log() if one.get("act") == answered.act.verb]
        if not answered.stands(entries_from(log), self._journal.actor, now):
            self._log_in_organisation(answered.act)
        return replace(answer, logged="organisation")

    def _log_in_organisation(self, act: Act) -> None:
        def apply(state: Document, head: Head) -> tuple[Document, Entry]:
            after = state or {"schema": SCHEMA}
            return after, self._journal.signing.entry(head, act, state, after)

        self._store.organisation.change(apply)

    def _lines_to_deploy(self, release: Release, at: datetime) -> tuple[Judgement, ...]:
        """Every criterion between a release and its deployment at `at` (UTC), each once; none afterwards."""
        if not release.criteria or release.started_at is not None or release.closed:
            return ()
        from relui.domain.dossier.stages import to_deploy

        found: dict[str, Judgement] = {}
        for gate in to_deploy(release, replace(context_of(self._calendar, release), now=at)):
            for line in gate.judgements:
                found.setdefault(line.criterion.id, line)
        return tuple(found.values())


def _answered(answer: Permission, lasting: int | None) -> Answered:
    from relui.domain.calendar.guard import Answered

    findings = answer.verdict.findings
    return Answered(
        what=answer.release or answer.service,
        allowed=answer.allowed,
        at=answer.at,
        minutes=int((answer.until - answer.at).total_seconds() // 60),
        zone=answer.verdict.slot.zone,
        lasting=lasting,
        against=tuple(finding for finding in findings if finding.words in answer.reasons),
        passed=tuple(finding for finding in findings if finding.words in answer.passed),
        reasons=answer.reasons,
    )


def _to_know(answer: Answer) -> tuple[str, ...]:
    """What a yes comes with. What should have been done days before is no news to a pipeline."""
    late = {found.words for found in answer.verdict.warnings if found.rule in ("milestone", "notice", "eve")}
    return tuple(words for words in answer.reasons if words not in late) if answer.allowed else ()


def _state_reasons(release: Release) -> list[str]:
    if release.closing is not None:
        return [f"{release.id} is archived ({release.closing.outcome}): a release is deployed once."]
    if release.completed_at is not None:
        return [f"{release.id} is deployed already: a release is deployed once."]
    return []


def _decision_reasons(release: Release) -> list[str]:
    """A hold, a no-go or a rollback that stands."""
    if not release.dossier.decisions or release.closed:
        return []
    from relui.domain.dossier.decisions import last_decision, on_hold, rolled_back

    found = []
    if (held := on_hold(release)) is not None:
        found.append(f"{release.id} is on hold: {held.words} Resume it first.")
    last = last_decision(release, "go", "no-go")
    if last is not None and last.kind == "no-go":
        found.append(f"{release.id} had a no-go, and no go since: {last.words}")
    if (back := rolled_back(release)) is not None:
        found.append(f"{release.id} was rolled back: {back.words}")
    return found


def _let_start(release: Release) -> bool:
    """Its start is a decision, and its criteria ask for a slot: it began in one, or by an override."""
    from relui.domain.dossier.criteria import listed
    from relui.domain.dossier.decisions import last_decision

    asked = any(criterion.id == "slot-booked" for criterion in listed(release))
    return asked and last_decision(release, "start") is not None


def _booking_reasons(
    release: Release, at: datetime, until: datetime, *, finishing: bool, overridden: bool
) -> list[str]:
    """Why its booking does not cover the time asked for; an emergency needs none.

    What was `overridden` passes, but never a slot that has not begun.
    """
    booking = release.booking
    if release.is_emergency or release.closed or finishing:
        return []
    held = booking is not None and booking.held == "booked"
    if overridden and not (held and booking is not None and at < booking.at):
        return []
    if why := outside(release, at):
        return [why]
    if booking is not None and until > booking.end:
        words = slot_words(booking.at, booking.duration, release.zone)
        return [f"It would take longer than the slot of {release.id} lasts: {words}."]
    return []
