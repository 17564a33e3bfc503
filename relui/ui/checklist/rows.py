"""Rows of the checklist."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from textual.content import Content

from relui.domain.checklist import State
from relui.domain.fields import missing_fields
from relui.domain.outline import Node, due_offset, late_at
from relui.domain.progress import overdue
from relui.domain.release import Release
from relui.ui.kit.text import MARKS, line, sign, spread
from relui.ui.kit.times import clock, span


def row_key(release: Release, node: Node, now: datetime, *, expanded: bool) -> Hashable:
    """What a row's looks depend on: rows with equal keys are painted alike."""
    late = overdue(release, node, now)
    minutes = int((now - late_at(release, node.phase)).total_seconds() // 60) if late else 0
    return (node.path, node.state, node.done, node.total, node.mark, late, minutes, expanded, node.text)


def checklist_row(
    release: Release,
    node: Node,
    now: datetime,
    zone: str,
    width: int,
    *,
    expanded: bool,
    signs: str = "ascii",
) -> Content:
    """One phase or item: fold, sign, text, and at the right who and when, or how far it is."""
    fold = " " if node.is_leaf else ("▾" if expanded else "▸")
    words = "bold text" if node.item is None else _word_mark(node)
    state = (sign(node.state, signs), _sign_mark(release, node, now))
    left = line(" " + "  " * node.depth, (fold, "muted"), " ", state, " ", (node.text, words))
    return spread(left, _right(release, node, now, zone, width), width, gap=2)


def _sign_mark(release: Release, node: Node, now: datetime) -> str:
    """A late item's sign stands out; the words on its phase say how late."""
    return (
        "overdue"
        if node.state in (State.OPEN, State.PARTIAL) and overdue(release, node, now)
        else MARKS[node.state]
    )


def _word_mark(node: Node) -> str:
    if node.state is State.FAILED:
        return "failed"
    return "muted" if node.state.resolved else "text"


def _right(release: Release, node: Node, now: datetime, zone: str, width: int) -> Content:
    late = overdue(release, node, now)
    if node.item is None:
        words = due_offset(release, node.phase).words() if width >= 52 else ""
        pieces: list[tuple[str, str]] = []
        if late:
            pieces.append((f"late {span(now - late_at(release, node.phase))}", "overdue"))
        elif words:
            pieces.append((words, "muted"))
        count = f"{node.done}/{node.total}".rjust(6)
        return line(*pieces, (count, MARKS[node.state] if node.state.resolved else "bold text"), " ")
    if not node.is_leaf:
        return line((f"{node.done}/{node.total}", MARKS[node.state]), " ")
    if node.state is State.OPEN and release.closing is not None:
        return line(("left open", "overdue" if not node.optional else "muted"), " ")
    if node.state is State.OPEN:
        missing = missing_fields(node, node.mark.fields)
        word = (
            "optional"
            if node.optional
            else "fill in"
            if missing
            else "by itself"
            if node.item.when_done
            else ""
        )
        return line((word, "muted"), " ")
    moment = clock(node.mark.at, zone, now) if node.mark.at else ""
    who = node.mark.by if width >= 46 else ""
    return line((f"{who} {moment}".strip(), "failed" if node.state is State.FAILED else "muted"), " ")
