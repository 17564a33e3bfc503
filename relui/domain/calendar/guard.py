"""The calendar's answer to a pipeline that asks whether it may deploy, and how its log tells that.

A pipeline may ask each minute. What it is told is logged once a day and whenever it changes, so that the
log grows with what happens and not with how often somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from relui.domain.calendar.check import check
from relui.domain.calendar.slot import Finding, Slot, Verdict
from relui.domain.calendar.timetable import Timetable
from relui.domain.calendar.wall_clock import span_words, wall_of
from relui.domain.instants import format_duration
from relui.domain.log import Act, Actor, Entry
from relui.domain.slot_hold import slot_words

VERB = "may-deploy"


class Answered(Struct, frozen=True, kw_only=True):
    """One answer: for a service or a release, from `at` (UTC) for so many minutes, in the slot's zone.

    `against` and `passed` are the findings that count, `reasons` all sentences against it. `lasting` is
    the length that was asked for; None is the rest of a slot, which is shorter each minute.
    """

    what: str
    allowed: bool
    at: datetime
    minutes: int
    zone: str
    lasting: int | None = None
    against: tuple[Finding, ...] = ()
    passed: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def act(self) -> Act:
        """The entry: the answer, the rules that it rests on, and the time that was asked about."""
        words = slot_words(self.at, self.minutes, self.zone)
        return Act(VERB, f"{self._answer}, {words}", " ".join(self.reasons), reversible=False)

    def stands(self, log: Sequence[Entry], actor: Actor, now: datetime) -> bool:
        """Whether the last answer that `actor` was given to this question says the same, and holds still.

        The same: yes or no, the same rules with the same others, the same sentences beside them. About a
        time that was named, it holds; about the moment of asking, until the day is over in the slot's zone.
        """
        of = f"answered that {self.what} may "
        before = (e for e in reversed(log) if e.act == VERB and e.actor == actor and e.text.startswith(of))
        last = next((entry for entry in before if self._same_question(entry, now)), None)
        return last is not None and self._same_answer(last)

    @property
    def _answer(self) -> str:
        rules = [_rule(finding) for finding in self.against]
        rules += [f"passing {_rule(finding)}" for finding in self.passed]
        named = f" ({'; '.join(dict.fromkeys(rules))})" if rules else ""
        return f"answered that {self.what} may {'' if self.allowed else 'not '}deploy{named}"

    def _same_question(self, entry: Entry, now: datetime) -> bool:
        if self.lasting is not None and not entry.text.endswith(f" for {format_duration(self.lasting)}"):
            return False
        if not _same_minute(self.at, now):
            return self._about(self.at) in entry.text
        return self._about(entry.at) in entry.text and (
            wall_of(entry.at, self.zone).date() == wall_of(now, self.zone).date()
        )

    def _same_answer(self, entry: Entry) -> bool:
        said = entry.text.partition(self._about(entry.at))[0].partition(self._about(self.at))[0]
        known = {finding.words for finding in self.against}
        beside = [reason for reason in self.reasons if reason not in known]
        # The findings' own sentences name the time that was asked about: their rules are compared instead.
        return said == self._answer and all(reason in entry.reason for reason in beside)

    def _about(self, at: datetime) -> str:
        return f", {slot_words(at, self.minutes, self.zone).rpartition(' for ')[0]} for "


def _rule(finding: Finding) -> str:
    return f"{finding.rule} {finding.other}".strip()


def _same_minute(one: datetime, other: datetime) -> bool:
    return abs((one - other).total_seconds()) < 60


class Answer(Struct, frozen=True):
    """Yes or no, with the reasons as sentences, and the verdict that they rest on."""

    allowed: bool
    reasons: tuple[str, ...]
    verdict: Verdict


def may_deploy(timetable: Timetable, slot: Slot, now: datetime, *, started: bool = False) -> Answer:
    """Whether the calendar allows a deployment of `slot` at its start.

    `started`: it began legally already and asks to finish. When its window has shut meanwhile, the policy
    says whether it may. The reasons of a yes are what it should know: what an emergency passes, warnings.
    """
    verdict = check(timetable, slot, now)
    blocks, late = list(verdict.blocks), []
    if started and timetable.organisation.policy.finish_after_window:
        late = [finding for finding in blocks if finding.rule == "window"]
        blocks = [finding for finding in blocks if finding.rule != "window"]
    if blocks:
        return Answer(False, tuple(finding.words for finding in blocks), verdict)
    reasons = [f"{finding.words} It has started, and the policy lets it finish." for finding in late]
    reasons += [f"{finding.words} {finding.passed}".strip() for finding in verdict.warnings]
    if not reasons:
        name = timetable.relations.name(verdict.slot.service)
        when = span_words(slot.start, slot.end, slot.zone)
        reasons = [f"Nothing in the calendar forbids {name} on {when}."]
    if verdict.open_calendar:
        reasons.append("No window is defined: the calendar restricts nothing.")
    return Answer(True, tuple(reasons), verdict)
