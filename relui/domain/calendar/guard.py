"""The calendar's answer to a pipeline that asks whether it may deploy."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from relui.domain.calendar.board import Board
from relui.domain.calendar.check import check
from relui.domain.calendar.slot import Slot, Verdict
from relui.domain.calendar.wording import span_words


class Answer(Struct, frozen=True):
    """Yes or no, with the reasons as sentences, and the verdict that they rest on."""

    allowed: bool
    reasons: tuple[str, ...]
    verdict: Verdict


def may_deploy(board: Board, slot: Slot, now: datetime, *, started: bool = False) -> Answer:
    """Whether the calendar allows a deployment of `slot` at its start.

    `started`: it began legally already and asks to finish. When its window has shut meanwhile, the policy
    says whether it may. The reasons of a yes are what it should know: what an emergency passes, warnings.
    """
    verdict = check(board, slot, now)
    blocks, late = list(verdict.blocks), []
    if started and board.organisation.policy.finish_after_window:
        late = [finding for finding in blocks if finding.rule == "window"]
        blocks = [finding for finding in blocks if finding.rule != "window"]
    if blocks:
        return Answer(False, tuple(finding.words for finding in blocks), verdict)
    reasons = [f"{finding.words} It has started, and the policy lets it finish." for finding in late]
    reasons += [f"{finding.words} {finding.passed}".strip() for finding in verdict.warnings]
    if not reasons:
        name = board.relations.name(verdict.slot.service)
        when = span_words(slot.start, slot.end, slot.zone)
        reasons = [f"Nothing in the calendar forbids {name} on {when}."]
    if verdict.open_calendar:
        reasons.append("No window is defined: the calendar restricts nothing.")
    return Answer(True, tuple(reasons), verdict)
