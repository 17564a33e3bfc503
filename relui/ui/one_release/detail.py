"""An item, and an entry of the log, in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct
from textual.content import Content

from relui.domain.binding import fact_words
from relui.domain.checklist import State, evidence_words, kept_file
from relui.domain.history import passed_over, undoable, way_out
from relui.domain.instants import format_duration
from relui.domain.log import Actor, Entry
from relui.domain.outline import Node, Outline, due_at, due_offset, late_at
from relui.domain.patches import Patch
from relui.domain.progress import overdue
from relui.domain.release import Closing, Release
from relui.ui.kit.text import MARKS, SIMULATED, WORDS, line, paragraphs, sign
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
        words += [(", optional", "muted")]
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


_MOST = 60
"""Lines on what became what; a release that begins would give hundreds."""
_FOLLOWS = ("by", "at", "bound", "late", "state")
"""Fields of a mark that say nothing beside who, when and the signs."""

_WITH_O = "withdraw it with o on its line of the record"
_WAYS = dict.fromkeys(("sign", "send", "decide", "start", "complete", "rollback"), _WITH_O)
"""The way out in the app, where undo is none."""


class EntryView(Struct, frozen=True):
    """How to show an entry: its release's outline, zone, now, the act that undid it (0: none), why undo
    cannot take it back ("" when it can), and the key that does."""

    outline: Outline
    zone: str
    now: datetime
    undone_by: int = 0
    why_not: str = ""
    undo_key: str = "u"
    signs: str = "ascii"


def entry_detail(entry: Entry, view: EntryView) -> list[Content]:
    """Lines, not yet folded to a width."""
    who = entry.name if entry.name == entry.account else f"{entry.name} (account {entry.account})"
    lines = [
        line((f"{entry.name} {entry.text}", "bold text")),
        line(f"{when(entry.at, view.zone, year=view.now.year)}, {relative(entry.at, view.now)}, by {who}"),
    ]
    if entry.simulated:
        lines.append(line(("~ written under a simulated clock: one that was set by hand", "overdue")))
    if entry.reason:
        lines += [line(("reason:", "muted")), *paragraphs(entry.reason, indent="  ")]
    if entry.reverses is not None:
        lines.append(line((f"takes back entry {entry.reverses}", "muted")))
    lines += [line(""), *_changes(entry, view), line("")]
    if view.undone_by:
        lines.append(line((f"undone by entry {view.undone_by}", "overdue")))
    elif view.why_not:
        lines.append(line((view.why_not, "muted")))
    else:
        lines.append(line((view.undo_key, "bold accent"), (" undoes it, after a question", "muted")))
    return [*lines, line((f"entry {entry.seq} ({entry.act})", "muted"))]


def last_act_words(entries: Sequence[Entry], actor: Actor) -> str:
    """The question before undo reaches past what it cannot take back: what stands, and what would go."""
    passed, reached = passed_over(entries, actor), undoable(entries, actor)
    stands = [f"{each.text} ({_WAYS.get(each.act) or way_out(each)})" for each in passed[:3]]
    if len(passed) > len(stands):
        stands.append(f"and {len(passed) - len(stands)} before it")
    what = "Your last act stands" if len(passed) == 1 else f"Your last {len(passed)} acts stand"
    before = "the one before it" if len(passed) == 1 else "the one before them"
    words = f"{what}: {'; '.join(stands)}."
    return words if reached is None else f"{words}\n\nTake back {before}: {reached.text}?"


def _changes(entry: Entry, view: EntryView) -> list[Content]:
    if entry.act == "create":
        return [line(("the release, with its checklist", "muted"))]
    marks: dict[str, list[tuple[str, Any, Any]]] = {}
    lines: list[Content] = []
    for patch in entry.patches:
        if patch.path[0] == "marks" and len(patch.path) > 1:
            marks.setdefault(patch.path[1], []).extend(_of_mark(patch))
        else:
            lines += _became(".".join(patch.path).replace("_", " "), patch.before, patch.after, view)
    for path, fields in marks.items():
        lines += _marked(path, fields, entry, view)
    more = len(lines) - _MOST
    return [*lines[:_MOST], line((f"and {more} more lines", "muted"))] if more > 0 else lines


def _of_mark(patch: Patch) -> Iterator[tuple[str, Any, Any]]:
    """The fields of a mark that a patch sets, each with what it was and became."""
    if len(patch.path) > 2:
        yield ".".join(patch.path[2:]), patch.before, patch.after
        return
    before = patch.before if isinstance(patch.before, Mapping) else {}
    after = patch.after if isinstance(patch.after, Mapping) else {}
    for name in (*before, *(name for name in after if name not in before)):
        yield name, before.get(name, UNSET), after.get(name, UNSET)


def _marked(path: str, fields: list[tuple[str, Any, Any]], entry: Entry, view: EntryView) -> list[Content]:
    """`[ ] -> [x] Database backup taken`, and below it what was recorded."""
    node = view.outline.nodes.get(path)
    name = (node.text if node is not None else path, "text")
    states = [(before, after) for field, before, after in fields if field == "state"]
    pieces: list[str | tuple[str, str]] = []
    for before, after in states:
        for number, value in enumerate((before, after)):
            state = State(value) if value in set(State) else State.OPEN
            pieces += [(" -> ", "muted")] if number else []
            pieces.append((sign(state, view.signs), MARKS[state]))
        pieces.append(" ")
    lines = [line(*pieces, name)]
    for field, before, after in fields:
        told_already = field == "reason" and after == entry.reason
        if field not in _FOLLOWS and not told_already:
            lines += _became(f"  {field}", before, after, view)
    return lines


def _became(name: str, before: Any, after: Any, view: EntryView) -> list[Content]:
    was, now = _words(before, view), _words(after, view)
    if before is UNSET:
        return [line((f"{name}: ", "muted"), now)]
    return [line((f"{name}: ", "muted"), was, (" -> ", "muted"), now)]


def _words(value: Any, view: EntryView) -> str:
    """A value of a document for people; instants in the zone that is shown."""
    if value is UNSET or value is None or value in ("", [], {}):
        return "(none)"
    if isinstance(value, str):
        if value[10:11] == "T" and value.endswith("Z"):
            try:
                return when(datetime.fromisoformat(value), view.zone, year=view.now.year)
            except ValueError:
                return value
        kept = kept_file(value)
        return kept.words if kept is not None and kept.name else value  # a checksum alone is told in full
    if isinstance(value, Mapping):
        inside = value.get("text") or value.get("name") or value.get("id")
        if inside:
            return str(inside)
        return ", ".join(f"{key} {_words(one, view)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_words(one, view) for one in value)
    return str(value)
