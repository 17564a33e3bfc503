"""The slot check: everything that the rules of the calendar say about one slot, and the next free [S1.31].

Also who is away during a deployment [S1.38], and what is warned of: milestones and notice that are past, a
go-live before free days [S1.5, S1.6, S1.23].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.holidays import business_days_before, holiday_on
from relui.domain.calendar.precedence import neighbour_findings
from relui.domain.calendar.slot import Finding, RuleName, Slot, Verdict
from relui.domain.calendar.timetable import Timetable
from relui.domain.calendar.wall_clock import day_words, length_words, moment_words, span_words
from relui.domain.calendar.windows import (
    AFTERCARE,
    EXCEPTION,
    HORIZON,
    STEP,
    entry_findings,
    next_start,
    others_of,
    rounded,
    start_after,
    window_findings,
)
from relui.domain.instants import local_day
from relui.domain.organisation import Person
from relui.domain.release import MILESTONES, NOTICE_DAYS, milestones, milestones_over
from relui.domain.text import counted


def absence_findings(timetable: Timetable, slot: Slot) -> Iterator[Finding]:
    """Who of the slot's people is away, with the delegate who could stand in."""
    until = slot.end + AFTERCARE
    for id in sorted(set(slot.people)):
        person = timetable.person(id)
        if person is None:
            continue
        for start, end, reason in timetable.absences(id):
            if start < until and end > slot.start:
                yield Finding(
                    rule="absence",
                    words=_words(timetable, slot, person, start, end, reason),
                    way_out=_way_out(timetable, slot, person, end),
                    other=id,
                    start=start,
                    end=end,
                )


def _words(
    timetable: Timetable, slot: Slot, person: Person, start: datetime, end: datetime, reason: str
) -> str:
    when = span_words(start, end, person.zone or timetable.zone)
    why = f" ({reason})" if reason else ""
    missed = "during the deployment" if start < slot.end else "in the two hours after the deployment"
    return f"{person.name} is away{why} on {when}, {missed}."


def _way_out(timetable: Timetable, slot: Slot, person: Person, end: datetime) -> str:
    later = start_after(timetable, slot, end)
    delegate = timetable.person(person.delegate) if person.delegate else None
    if delegate is None:
        return f"Name somebody else in their place, or {later}. {person.name} has no delegate."
    until = slot.end + AFTERCARE
    if any(a < until and b > slot.start for a, b, _ in timetable.absences(delegate.id)):
        return f"Name somebody else: {delegate.name}, their delegate, is away as well. Or {later}."
    return f"Let {delegate.name}, their delegate, stand in on this release; or {later}."


_FRIDAY = 4


def lead_time_findings(timetable: Timetable, slot: Slot, now: datetime) -> Iterator[Finding]:
    """What should have been done before `now`, and a go-live on a Friday or before a holiday.

    Once the slot has begun or the deployment was started, planning is over: nothing was due any more.
    """
    if slot.start > now and not slot.started:
        yield from _milestones(slot, now)
        yield from _notice(timetable, slot, now)
    yield from _eve(timetable, slot)


def _milestones(slot: Slot, now: datetime) -> Iterator[Finding]:
    for milestone in milestones_over(milestones(slot.type, slot.start, slot.zone), now, slot.zone):
        yield _warning(
            "milestone",
            f"{milestone.name.capitalize()} was due on {day_words(milestone.day)} ({slot.zone}).",
            "Make sure that it is done, or choose a later slot.",
            milestone.name,
        )


def _notice(timetable: Timetable, slot: Slot, now: datetime) -> Iterator[Finding]:
    days = NOTICE_DAYS[slot.impact]
    due = business_days_before(local_day(slot.start, slot.zone), days, timetable.organisation.holidays)
    if due < local_day(now, slot.zone):
        yield _warning(
            "notice",
            f"{slot.impact.capitalize()} impact asks for {counted(days, 'business day')} of notice:"
            f" it was due on {day_words(due)} ({slot.zone}).",
            "Send the notice now if it has not gone out, or choose a later slot.",
        )


def _eve(timetable: Timetable, slot: Slot) -> Iterator[Finding]:
    day = local_day(slot.start, slot.zone)
    tomorrow = day + timedelta(days=1)
    holiday = holiday_on(timetable.organisation.holidays, tomorrow)
    way_out = "Make sure that people are there on the days after, or choose an earlier day."
    if day.weekday() == _FRIDAY:
        yield _warning("eve", f"The go-live is on a Friday, {day_words(day)} ({slot.zone}).", way_out)
    if holiday:
        words = f"The go-live on {day_words(day)} ({slot.zone}) is the day before a holiday: {holiday}."
        yield _warning("eve", words, way_out, holiday)


def _warning(rule: RuleName, words: str, way_out: str, other: str = "") -> Finding:
    return Finding(rule=rule, severity="warns", words=words, way_out=way_out, other=other)


RULES: tuple[RuleName, ...] = get_args(RuleName)
_RANKS = {rule: number for number, rule in enumerate(RULES)}
_MILESTONES = {name: number for number, name in enumerate(MILESTONES)}
_ALWAYS = datetime.min.replace(tzinfo=UTC)


def check(timetable: Timetable, slot: Slot, now: datetime) -> Verdict:
    """Every finding about the slot, evaluated at its planned instant.

    `now` only tells which milestones and notice periods are over. The slot's own release is not in its own
    way. A slot that is asked for anew, at a time it does not hold yet, is to be passed as planned.
    """
    slot = replace(slot, service=timetable.relations.id_of(slot.service))
    found = [*blocking_findings(timetable, slot), *lead_time_findings(timetable, slot, now)]
    return Verdict(slot, in_order(found), not timetable.has_windows())


def blocking_findings(timetable: Timetable, slot: Slot) -> list[Finding]:
    """What can forbid the slot, unordered: everything but what depends on now. Also planned neighbours."""
    found = [
        *window_findings(timetable, slot),
        *entry_findings(timetable, slot),
        *neighbour_findings(timetable, slot, others_of(timetable, slot)),
        *absence_findings(timetable, slot),
    ]
    if slot.type == "emergency":
        return [_passed(finding) for finding in found]
    return found


def _passed(finding: Finding) -> Finding:
    """What an emergency passes becomes a warning that says by what right [S1.36]."""
    if finding.severity != "blocks":
        return finding
    if finding.rule in ("window", "blackout", "event"):
        right = "An emergency passes windows, blackouts and events."
    else:
        right = "An emergency is warned of this instead of stopped."
    return replace(finding, severity="warns", passed=right)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The blocking ones first, then by rule, other party and time; milestones as they follow each other."""

    def key(finding: Finding) -> tuple[bool, int, int, str, datetime, str]:
        rank = _MILESTONES.get(finding.other, 0) if finding.rule == "milestone" else 0
        start = finding.start or _ALWAYS
        return finding.severity != "blocks", _RANKS[finding.rule], rank, finding.other, start, finding.words

    return tuple(sorted(findings, key=key))


_A_MINUTE = timedelta(minutes=1)


class PassedOver(Struct, frozen=True):
    """Candidates from `start` to `end` (UTC, the end not included) that are not free, and why.

    `findings` are what blocks the first of the `candidates`, `words` the same as sentences; the others are
    blocked by the same parties.
    """

    start: datetime
    end: datetime
    words: str
    findings: tuple[Finding, ...] = ()
    candidates: int = 1


class FreeSlots(Struct, frozen=True):
    """What was found, what was passed over before the last one, and how far was searched (UTC).

    `words` says that nothing, or less than asked for, is free; else it is empty.
    """

    found: tuple[Verdict, ...]
    passed_over: tuple[PassedOver, ...]
    until: datetime
    words: str = ""


def free_slots(
    timetable: Timetable,
    slot: Slot,
    start: datetime,
    count: int,
    now: datetime,
    *,
    step: timedelta = STEP,
    horizon: timedelta = HORIZON,
) -> FreeSlots:
    """The first `count` slots from `start` on, never before `now`, that no rule forbids.

    A slot begins where a window opens, where an obstacle ends or the slot before it does, rounded up to
    `step`; so no two overlap. The slot is asked for anew: a booking that it holds gives it no precedence.
    """
    begin = rounded(max(start.astimezone(UTC), now.astimezone(UTC)), step)
    until = begin + horizon
    asked = replace(slot, standing="planned", counter=0, service=timetable.relations.id_of(slot.service))
    found: list[Verdict] = []
    passed: list[PassedOver] = []
    told = 0  # what was passed over after the last free slot is of interest only when too few are found
    at = begin
    while at < until and len(found) < count:
        verdict = check(timetable, replace(asked, start=at), now)
        if verdict.free:
            found.append(verdict)
            told = len(passed)
            at = next_start(timetable, asked, verdict.slot.end, until, step)
            continue
        obstacles = [finding.end for finding in verdict.blocks if finding.rule != "window" and finding.end]
        cleared = max(obstacles, default=None)
        following = next_start(timetable, asked, cleared or at + _A_MINUTE, until, step)
        _tell(passed, verdict, min(following, until) if cleared is None else cleared, since=told)
        at = following
    enough = len(found) >= count
    return FreeSlots(
        tuple(found),
        tuple(passed[:told] if enough else passed),
        until,
        "" if enough else _shortage(len(found), count, timetable, asked, until),
    )


def _tell(passed: list[PassedOver], verdict: Verdict, end: datetime, since: int) -> None:
    """Add why a candidate was passed over, to the span before it if that was for the same reasons."""
    last = passed[-1] if len(passed) > since else None
    if last is not None and _reasons(last.findings) == _reasons(verdict.blocks):
        passed[-1] = replace(last, end=end, candidates=last.candidates + 1)
        return
    words = " ".join(finding.words for finding in verdict.blocks)
    passed.append(PassedOver(verdict.slot.start, end, words, verdict.blocks))


def _reasons(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.other) for finding in findings]


def _shortage(found: int, count: int, timetable: Timetable, slot: Slot, until: datetime) -> str:
    """That fewer slots are free than were asked for."""
    name = timetable.relations.name(slot.service)
    length = length_words(timedelta(minutes=slot.duration))
    number = f"Only {found} of {count} slots" if found else "No slot"
    return (
        f"{number} of {length} for {name} could be found before {moment_words(until, slot.zone)}."
        f" Shorten the release, or {EXCEPTION}."
    )
