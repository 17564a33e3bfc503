"""The slot check: everything that the rules of the calendar say about one slot [S1.31]."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import get_args

from msgspec.structs import replace

from relui.domain.calendar.attendance import absence_findings
from relui.domain.calendar.board import Board
from relui.domain.calendar.lead_time import lead_time_findings
from relui.domain.calendar.neighbours import neighbour_findings
from relui.domain.calendar.obstacles import others_of
from relui.domain.calendar.slot import Finding, RuleName, Slot, Verdict
from relui.domain.calendar.windows import entry_findings, window_findings
from relui.domain.timeline import NAMES

RULES: tuple[RuleName, ...] = get_args(RuleName)
_RANKS = {rule: number for number, rule in enumerate(RULES)}
_MILESTONES = {name: number for number, name in enumerate(NAMES)}
_ALWAYS = datetime.min.replace(tzinfo=UTC)


def check(board: Board, slot: Slot, now: datetime) -> Verdict:
    """Every finding about the slot, evaluated at its planned instant.

    `now` only tells which milestones and notice periods are over. The slot's own release is not in its own
    way. A slot that is asked for anew, at a time it does not hold yet, is to be passed as planned.
    """
    slot = replace(slot, service=board.relations.id_of(slot.service))
    found = [*blocking_findings(board, slot), *lead_time_findings(board, slot, now)]
    return Verdict(slot, in_order(found), not board.has_windows())


def blocking_findings(board: Board, slot: Slot) -> list[Finding]:
    """What can forbid the slot, unordered: everything but what depends on now. Also planned neighbours."""
    found = [
        *window_findings(board, slot),
        *entry_findings(board, slot),
        *neighbour_findings(board, slot, others_of(board, slot)),
        *absence_findings(board, slot),
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
