"""The deployment: start, completion, rollback, cancellation, the clock of its window [S1.27, S1.28]."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.closing import close
from relui.domain.deployment_times import START_FIRST, actual_window, opened_by_start
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import CRITERIA, listed
from relui.domain.dossier.decidable import OUTCOMES
from relui.domain.dossier.deciding import decided
from relui.domain.dossier.decisions import completion, last_decision, on_hold, rolled_back
from relui.domain.dossier.environments import finished, partly, progress_words
from relui.domain.dossier.gates import SLOT, Judgement, gate, stage_now
from relui.domain.dossier.stages import Passed, moved, past, refuse_stranger, to_deploy, unmet_of
from relui.domain.instants import format_duration
from relui.domain.log import Act
from relui.domain.organisation import Organisation
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.ruling import Gap, Ruling, reason_given, refuse_closed
from relui.domain.slot_hold import outside
from relui.domain.text import did_you_mean, long_text, one_line, quoted
from relui.errors import BadInput, Refused


def start(
    release: Release,
    context: Context,
    by: str,
    at: datetime,
    when: datetime | None = None,
    override_reason: str = "",
) -> Ruling:
    """Start the deployment, `when` (UTC; now unless said): its stage becomes `deploy`.

    Where the checklist shows that it began before, that instant is kept, and said. Tells also of a start
    without a slot, or more than the policy's tolerance before the go-live. A reason overrides every unmet
    criterion that can be, in one act: an emergency has no time for one after the other. The slot is judged at
    the start itself, as the guard of a pipeline does. Raises GateShut when the gates from here to the
    deployment or `go` are not met, Refused on hold, after a no-go, and when it is deployed.
    """
    refuse_closed(release)
    if release.started_at is not None:
        began = moment_words(release.started_at, release.zone)
        so = f"The deployment of {release.id} started on {began} already."
        return Ruling(release, None, already=("start",), told=(so,))
    if release.completed_at is not None:
        raise Refused(f"{release.id} is deployed already.")
    if on_hold(release) is not None:
        raise Refused(f"{release.id} is on hold: resume it first.")
    last = last_decision(release, "go", "no-go")
    if last is not None and last.kind == "no-go":
        raise Refused(f"{release.id} had a no-go, and no go since: nothing may start.")
    moment = _moment(when, at, "The start", release.zone)
    words: list[str] = []
    if when is None and (ticked := _first_tick(release)) is not None:
        moment, word = ticked
        words.append(word)
    words += _start_doubts(release, moment, context.organisation.policy.on_time_tolerance)
    opened = Passed(release)
    if listed(release):
        shut = shut_at(release, context, moment)
        what = "the deployment cannot start"
        what += " without a reason that overrides them (start --override)" if release.is_emergency else ""
        opened = past(release, shut, context, by, at, override_reason, what)
        opened = replace(opened, release=moved(opened.release, "deploy"))
    result = replace(opened.release, started_at=moment)
    result = decided(result, "start", by, at, words=opened.words.removeprefix(", "))
    act = Act("start", f"started the deployment{opened.words}", opened.reason, reversible=False)
    return Ruling(result, act, ("started",), told=(*words, *opened.told))


def shut_at(release: Release, context: Context, moment: datetime) -> tuple[Judgement, ...]:
    """What stands in the way of a start at `moment` (UTC): the gates up to `go`, and a slot still to come.

    A slot that is over, lost or not approved is unmet at its criterion; one that has not begun is so only
    when somebody starts.
    """
    shut = unmet_of(to_deploy(release, replace(context, now=moment)))
    booking = release.booking
    early = booking is not None and booking.held == "booked" and moment < booking.at
    known = {line.criterion.id for line in shut}
    if not early or SLOT in known or SLOT not in _names(release):
        return shut
    why = outside(release, moment)
    return (Judgement(CRITERIA[SLOT], "unmet", (Gap(why, "start"),), why), *shut) if why else shut


def _names(release: Release) -> frozenset[str]:
    return frozenset(criterion.id for criterion in listed(release))


def _first_tick(release: Release) -> tuple[datetime, str] | None:
    """When the deployment began by the checklist, with a sentence that says by which tick."""
    outline = Outline(release)
    began = actual_window(release, outline)[0]
    if began is None:
        return None
    leaf = next((leaf for leaf in outline.leaves() if leaf.mark.at == began), None)
    by = f" by the tick of '{leaf.text}'" if leaf is not None else ""
    words = moment_words(began, release.zone)
    return began, f"It started on {words}{by}: that is recorded as its start (--at says otherwise)."


def _start_doubts(release: Release, moment: datetime, tolerance: int) -> list[str]:
    """What is allowed, and will count against it: no slot, or far before its time. None for an emergency."""
    if release.is_emergency:
        return []
    booking = release.booking
    why = f"{release.id} holds no slot."
    if booking is not None:
        why = outside(release, max(moment, booking.at))  # that it is early is said below
    found = [why] if why and SLOT not in _names(release) else []
    early = _minutes(release.go_live - moment)
    if early > tolerance:
        found.append(
            f"It starts {format_duration(early)} before its go-live on "
            f"{moment_words(release.go_live, release.zone)}: it will not count as on time."
        )
    return found


def _moment(when: datetime | None, at: datetime, what: str, zone: str) -> datetime:
    moment = (when or at).astimezone(UTC)
    if moment > at:
        raise BadInput(f"{what} is recorded when it was: {moment_words(moment, zone)} is still to come.")
    return moment


def complete(
    release: Release,
    context: Context,
    by: str,
    at: datetime,
    *,
    outcome: str = "successful",
    verification: str = "",
    issues: str = "",
    actions: Iterable[str] = (),
    when: datetime | None = None,
) -> Ruling:
    """Confirm the completion: outcome, verification results, issues and how they were resolved, what remains.

    With criteria the verification must be given, and the stage becomes `close` when its gate is met. Raises
    Refused when nothing was started, or for an outcome that contradicts a rollback or the regions.
    """
    refuse_closed(release)
    if outcome not in OUTCOMES:
        raise BadInput(f"{quoted(outcome)} is not how a deployment ends.{did_you_mean(outcome, OUTCOMES)}")
    before = completion(release)
    if before is not None:
        if before.outcome == outcome:
            told = f"The completion of {release.id} is confirmed already: {outcome}."
            return Ruling(release, None, already=("complete",), told=(told,))
        raise Refused(
            f"{release.id} is completed as {before.outcome}. Withdraw {before.id} first, with a reason."
        )
    _refuse_outcome(release, outcome)
    verification = long_text(verification, what="The verification results")
    if listed(release) and not verification:
        raise BadInput("Say what the verification found: the completion is confirmed with its results.")
    started = actual_window(release, Outline(release))[0]
    if started is None:
        raise Refused(f"The deployment of {release.id} has not started. {_record_start(release)}")
    moment = _moment(when, at, "The completion", release.zone)
    if moment < started:
        began = moment_words(started, release.zone)
        raise BadInput(f"The deployment cannot be completed before its start on {began}.")
    result = replace(release, started_at=started, completed_at=moment)
    result = decided(
        result, "complete", by, at,
        outcome=outcome,
        verification=verification,
        issues=long_text(issues, what="The issues"),
        actions=tuple(one_line(action, what="An action", required=True) for action in actions),
    )  # fmt: skip
    if listed(result) and stage_now(result) == "deploy" and gate(result, "deploy", context).met:
        result = moved(result, "close")
    took = format_duration(max(1, round((moment - started).total_seconds() / 60)))
    act = Act("complete", f"completed the deployment as {outcome}, after {took}", reversible=False)
    return Ruling(result, act, ("completed",))


def _record_start(release: Release) -> str:
    if opened_by_start(release):
        return f"{START_FIRST[:1].upper()}{START_FIRST[1:]}."
    return "Record its start first."


def _refuse_outcome(release: Release, outcome: str) -> None:
    back = rolled_back(release)
    if outcome == "rolled-back" and back is None:
        raise Refused("No rollback was declared. Declare it first, with its reason.")
    if outcome != "rolled-back" and back is not None:
        raise Refused(f"A rollback was declared ({back.id}): it can be completed as rolled-back only.")
    if outcome == "successful" and (partly(release) or not finished(release)):
        raise Refused(
            f"{progress_words(release)}. Record the progress of the rest, or complete it as partial."
        )


def roll_back(release: Release, organisation: Organisation, by: str, at: datetime, reason: str) -> Ruling:
    """Declare the rollback, with a reason: by the owner, who leads now, or who may say go.

    A completion confirmed before counts no more: it is to be confirmed again as rolled back. Tells when the
    last safe moment is over. Raises Refused when nothing was started.
    """
    refuse_closed(release)
    refuse_stranger(release, organisation, by, "declare the rollback")
    reason = reason_given(reason, "A rollback", lines=True)
    if rolled_back(release) is not None:
        return Ruling(release, None, already=("rollback",), told=("The rollback is declared already.",))
    started, _ = actual_window(release, Outline(release))
    if started is None:
        raise Refused(f"The deployment of {release.id} has not started: there is nothing to roll back.")
    told: tuple[str, ...] = ()
    last = last_rollback(release)
    if last is not None and at > last:
        told = (
            f"The last safe moment to start a rollback was {moment_words(last, release.zone)}: plan a "
            "partial rollback, and call the emergency support.",
        )
    result = replace(release, started_at=started, completed_at=None)
    if listed(release) and stage_now(release) == "close":
        result = moved(result, "deploy")
    result = decided(result, "rollback", by, at, words=reason)
    return Ruling(
        result, Act("rollback", "declared the rollback", reason, reversible=False), ("rollback",), told=told
    )


def cancel(release: Release, by: str, at: datetime, reason: str) -> Ruling:
    """Withdraw the release at any stage, with a reason: closed as cancelled, its slot given back.

    Raises Refused once its deployment has begun: it is rolled back then, or closed.
    """
    refuse_closed(release)
    reason = reason_given(reason, "Cancelling a release", lines=True)
    one = " ".join(reason.split())[:300]
    closed = close(decided(release, "cancel", by, at, words=reason), by, at, outcome="cancelled", reason=one)
    act = Act("cancel", "cancelled the release", reason, reversible=False)
    return Ruling(closed.release, act, ("cancel",), told=closed.told)


class WindowClock(Struct, frozen=True):
    """The window at one instant: durations are minutes, negative when it is over; instants are UTC.

    `last_rollback` is the last moment to start a rollback safely, None when nothing is known about it.
    """

    start: datetime
    end: datetime
    elapsed: int
    remaining: int
    last_rollback: datetime | None
    to_rollback: int | None


def window_clock(release: Release, now: datetime) -> WindowClock:
    """Elapsed and remaining time of the window, and until when a rollback can begin [S1.27]."""
    start = actual_window(release, Outline(release))[0] or _window_start(release)
    end = window_end(release)
    last = last_rollback(release)
    return WindowClock(
        start, end, _minutes(now - start), _minutes(end - now), last,
        None if last is None else _minutes(last - now),
    )  # fmt: skip


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _window_start(release: Release) -> datetime:
    return release.booking.at if release.booking else release.go_live


def window_end(release: Release) -> datetime:
    """When the release's slot is over: the booked one, else the planned one (UTC)."""
    return release.booking.end if release.booking else release.go_live + timedelta(minutes=release.duration)


def last_rollback(release: Release) -> datetime | None:
    """The last moment to start a rollback safely (UTC) [S1.27]; None without its estimated duration.

    Before completion: the end of the window less the rollback's duration. Afterwards: the rollback limit,
    counted from completion, less that duration; None without a limit.
    """
    dossier = release.dossier
    if not dossier.rollback_minutes:
        return None
    takes = timedelta(minutes=dossier.rollback_minutes)
    completed = actual_window(release, Outline(release))[1]
    if completed is None:
        return window_end(release) - takes
    if not dossier.rollback_limit:
        return None
    return completed + timedelta(minutes=dossier.rollback_limit) - takes
