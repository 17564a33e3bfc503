"""A release's slot in words: what is wrong with it, the slot itself, what a verdict on it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace
from textual.content import Content

from relui.domain.calendar.slot import Finding, Verdict
from relui.domain.progress import Standing, Trouble, with_late_notices
from relui.domain.release import HOLD_WORDS, Release
from relui.domain.slot_hold import exception_words, finished, hold_of
from relui.ui.kit.text import line
from relui.ui.kit.times import when

HOLD_TROUBLES = {
    "conflict": "conflict",
    "to-be-moved": "to be moved",
    "missed": "slot missed",
    "requested": "to approve",
}
"""What is wrong with a slot, in a word."""
OPEN_CALENDAR = "No window is defined: the calendar restricts nothing. W makes the first one."


def with_slot(
    standing: Standing, release: Release, conflicts: Sequence[Finding], now: datetime, late: int = 0
) -> Standing:
    """How a release stands, with what is wrong with its slot before everything else, and late messages."""
    standing = with_late_notices(standing, late)
    if finished(release):
        return standing
    hold = "conflict" if conflicts else hold_of(release, now)
    if hold not in HOLD_TROUBLES:
        return standing
    return replace(standing, troubles=(Trouble(hold, HOLD_TROUBLES[hold]), *standing.troubles))


def slot_lines(release: Release, conflicts: Sequence[Finding], now: datetime, zone: str) -> list[Content]:
    """The slot: planned, booked by whom, or lost to whom; what stands against it, with the way out."""
    booking = release.booking
    if ended := finished(release):
        return [
            line(
                ("[=] ", "muted"), (f"{HOLD_WORDS[ended].capitalize()}: no slot is needed any more.", "muted")
            )
        ]
    if booking is None:
        return [line(("[ ] ", "partial"), ("No slot is booked. 3 shows it in the calendar.", "muted"))]
    if booking.held == "to-be-moved":
        words = f"[>] To be moved: {booking.displaced_by or 'another release'} took the slot. {booking.why}"
        return [line((words.strip(), "overdue"))]
    hold = hold_of(release, now)
    act = "requested" if hold == "requested" else "booked"
    words = f"{act} by {booking.booked_by} on {when(booking.booked_at, zone, year=now.year)}"
    if booking.exception:
        words += f"; an exception, {exception_words(release)}"
    if hold == "missed":
        return [line(("[-] Slot missed: it passed unused. Book another. ", "overdue"), (words, "muted"))]
    if hold == "requested":
        return [line((f"[?] {words}", "overdue"))]
    if not conflicts:
        return [line(("[x] ", "release"), (words, "muted"))]
    lines = [line(("[!] ", "failed"), (words, "muted"))]
    for finding in conflicts:
        lines.append(line((f"! {finding.rule}  ", "bold failed"), (finding.words, "text")))
        if finding.way_out:
            lines.append(line((f"  -> {finding.way_out}", "muted")))
    return lines


def verdict_head(verdict: Verdict) -> Content:
    """The verdict in one line."""
    blocks, warnings = len(verdict.blocks), len(verdict.warnings)
    warned = f"{warnings} {'warning' if warnings == 1 else 'warnings'}"
    if blocks:
        more = f", {warned}" if warnings else ""
        return line((f"[!] Not free: {blocks} against it{more}", "bold failed"))
    free = "Nothing stands against it" if verdict.slot.standing == "booked" else "Free"
    if warnings:
        return line((f"[x] {free}", "done"), (f", {warned}", "overdue"))
    return line((f"[x] {free}", "done"))


def finding_lines(finding: Finding, moves: str = "") -> list[Content]:
    """One finding: rule and sentence, who has to move, what it passed, the way out."""
    blocks = finding.severity == "blocks"
    sign, mark = ("!", "failed") if blocks else ("~", "overdue")
    lines = [line((f"{sign} {finding.rule}  ", f"bold {mark}"), (finding.words, "text"))]
    if moves:
        lines.append(line(("  ", ""), (moves, "accent")))
    if finding.passed:
        lines.append(line((f"  passed: {finding.passed}", "overdue")))
    if finding.way_out:
        lines.append(line((f"  -> {finding.way_out}", "muted")))
    return lines


def typed_lines(verdict: Verdict) -> list[Content]:
    """The verdict beside a form: what forbids the slot with its way out, warnings in a line each.

    Milestones are left to the timeline, which shows those that are past.
    """
    lines = [verdict_head(verdict)]
    if verdict.open_calendar:
        lines.append(line((OPEN_CALENDAR.partition(" W ")[0], "muted")))
    for finding in verdict.blocks:
        lines += finding_lines(finding)
    lines += [
        line((f"~ {finding.rule}  ", "bold overdue"), (finding.words, "text"))
        for finding in verdict.warnings
        if finding.rule != "milestone"
    ]
    return lines
