"""One entry of the log in full: who, when, what, why, and what became what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct
from textual.content import Content

from relui.domain.checklist import State, kept_file
from relui.domain.history import passed_over, undoable, way_out
from relui.domain.log import Actor, Entry
from relui.domain.outline import Outline
from relui.domain.patches import Patch
from relui.ui.kit.signs import MARKS, sign
from relui.ui.kit.text import line, paragraphs
from relui.ui.kit.times import relative, when

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
