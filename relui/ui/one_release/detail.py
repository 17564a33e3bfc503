"""The panel beside the checklist: everything about the item under the cursor; and the log below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from relui.domain.binding import fact_words
from relui.domain.checklist import State, evidence_words
from relui.domain.instants import format_duration
from relui.domain.log import Entry
from relui.domain.outline import Node, Outline, due_at, due_offset, late_at
from relui.domain.progress import overdue
from relui.domain.release import Closing, Release
from relui.ui.kit.signs import MARKS, SIMULATED, WORDS, sign
from relui.ui.kit.text import line, paragraphs
from relui.ui.kit.times import clock, relative, span, when


def detail(
    release: Release, outline: Outline, node: Node, now: datetime, zone: str, signs: str = "ascii"
) -> list[Content]:
    """Lines, not yet folded to a width: state first, then what it needs, what was recorded, and help."""
    lines = [
        line((node.text, "bold text")),
        _state_line(node, zone, signs, closed=release.closed),
        _due(release, node, now, zone),
    ]
    lines += _needs(outline, node, signs, closed=release.closed)
    if not node.is_leaf:
        lines.append(line(f"{node.done} of {node.total} done"))
        lines += _open_children(node, signs)
    lines += _recorded(node, closed=release.closed)
    lines += _facts(node)
    if node.item is not None and node.item.help:
        lines += [line(""), *paragraphs(node.item.help, "muted")]
    return [*lines, line(""), line((node.path, "muted"))]


def _state_line(node: Node, zone: str, signs: str, *, closed: bool) -> Content:
    mark = node.mark
    words: list[str | tuple[str, str]] = [
        (sign(node.state, signs), MARKS[node.state]),
        " ",
        (WORDS[node.state], MARKS[node.state]),
    ]
    if node.is_leaf and mark.at is not None:
        who = "by a fact" if mark.bound else f"by {mark.by}"
        words += [f" {who}, {when(mark.at, zone)}", (", late" if mark.late else "", "overdue")]
    elif node.optional and node.state is State.OPEN and not closed:
        words += [(", may be left out", "muted")]
    return line(*words)


def _due(release: Release, node: Node, now: datetime, zone: str) -> Content:
    due = due_at(release, node.phase)
    if release.closing is not None:
        return _left(release.closing, node, f"was due {when(due, zone)}")
    words = f"due {when(due, zone)}"
    if overdue(release, node, now):
        return line((f"{words}, {span(now - late_at(release, node.phase))} late", "overdue"))
    if node.state.resolved:
        return line((words, "muted"))
    left = relative(due, now) if due > now else "now"
    return line((f"{words}, {left} ({due_offset(release, node.phase).words()})", "text"))


def _left(closing: Closing, node: Node, words: str) -> Content:
    """In a closed release: why it was left open, or why it may stand as failed."""
    reason = closing.left_open.get(node.path, "")
    if node.is_leaf and node.state is State.OPEN:
        why = f": {reason}" if reason else ", optional" if node.optional else ""
        return line((f"left open{why}", "overdue" if not node.optional else "text"))
    if reason:
        return line((f"closed with it: {reason}", "overdue"))
    return line((words, "muted"))


def _needs(outline: Outline, node: Node, signs: str, *, closed: bool) -> list[Content]:
    lines: list[Content] = []
    for path in node.requirements():
        needed = outline.nodes.get(path)
        if needed is not None:
            lines.append(line("needs ", (sign(needed.state, signs), MARKS[needed.state]), " ", needed.text))
    if node.item is not None and node.item.when_done and node.state is State.OPEN and not closed:
        lines.append(line((f"ticks itself {fact_words(node.item.when_done)}", "muted")))
    return lines


def _open_children(node: Node, signs: str, most: int = 12) -> list[Content]:
    waiting = [leaf for leaf in node.leaves() if not leaf.state.resolved]
    lines = [
        line("  ", (sign(leaf.state, signs), MARKS[leaf.state]), " ", leaf.text) for leaf in waiting[:most]
    ]
    if len(waiting) > most:
        lines.append(line((f"  and {len(waiting) - most} more", "muted")))
    return lines


def _recorded(node: Node, *, closed: bool = False) -> list[Content]:
    mark, lines = node.mark, []
    for field in node.item.fields if node.item else ():
        value = mark.fields.get(field.id, "")
        missing = field.required and not node.state.resolved and not closed
        blank = ("(needed)", "overdue") if missing else ("(empty)", "muted")
        lines.append(line((f"{field.label}: ", "muted"), (value, "text") if value else blank))
    if mark.reason:
        lines.append(line(("reason: ", "muted"), mark.reason))
    if mark.note:
        lines += [line(("note:", "muted")), *paragraphs(mark.note, indent="  ")]
    for piece in mark.evidence:
        lines.append(line(("evidence: ", "muted"), evidence_words(piece)))
    return lines


def _facts(node: Node) -> list[Content]:
    item = node.item
    if item is None:
        return []
    facts: list[Content] = []
    if item.role:
        facts.append(line(("who: ", "muted"), item.role))
    parts = (leaf.item.estimate or 0 for leaf in node.leaves() if leaf.item is not None)
    if minutes := item.estimate if node.is_leaf else sum(parts):
        facts.append(line(("takes about: ", "muted"), format_duration(minutes)))
    if item.run is not None:
        facts.append(line(("command: ", "muted"), item.run.line))
    if item.command:
        facts += [line(("command to paste:", "muted")), *paragraphs(item.command, indent="  ")]
    if item.expect:
        facts += [line(("expected:", "muted")), *paragraphs(item.expect, indent="  ")]
    if item.origin:
        facts.append(line(("from: ", "muted"), item.origin))
    return facts


def log_line(entry: Entry, zone: str, now: datetime, *, undone: bool = False) -> Content:
    """One entry: when, who, what. Undone ones are struck out in words."""
    moment = clock(entry.at, zone, now)
    mark = "muted" if undone else "text"
    pieces: list[str | tuple[str, str]] = [
        (f"{SIMULATED}{moment}" if entry.simulated else moment, "muted"),
        " ",
        (entry.name, "accent"),
        " ",
        (entry.text, mark),
    ]
    if entry.reason:
        pieces.append((f": {entry.reason}", "muted"))
    if undone:
        pieces.append((" (undone)", "muted"))
    return line(*pieces)


def log_lines(entries: Sequence[Entry], undone: Sequence[int], zone: str, now: datetime) -> list[Content]:
    """The log, newest first."""
    gone = set(undone)
    return [log_line(entry, zone, now, undone=entry.seq in gone) for entry in reversed(entries)]
