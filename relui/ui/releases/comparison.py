"""Two releases side by side in words: what differs stands out; the items that ended differently follow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from textual.content import Content

from relui.domain.checklist import State
from relui.domain.learning.metrics import Comparison, ItemRow, Row
from relui.ui.kit.signs import MARKS, WORDS, sign
from relui.ui.kit.text import column, line

_WIDE = 100
"""Columns from which the names of the facts are written out."""
_SHORT = {
    "planned duration": "planned for",
    "actual duration": "took",
    "actual start": "started",
    "planned start": "planned",
    "defects in test": "defects",
    "defects after deployment": "escaped",
    "items done": "items",
    "items failed": "failed",
    "items not applicable": "left out",
    "items late": "late",
    "changes next": "next",
}
"""What the facts are called where there is little room."""
_MOST = 40
"""Items of one kind that are named."""


def comparison(found: Comparison, width: int, signs: str = "ascii") -> list[Content]:
    """Lines of exactly the columns that `width` leaves; a `*` stands where the two differ."""
    names = {row.name: row.name if width >= _WIDE else _SHORT.get(row.name, row.name) for row in found.facts}
    label = max(map(len, names.values()), default=8) + 1
    room = max((width - label - 4) // 2, 8)
    lines = _fact(Row("release", found.left, found.right), "release", label, room)
    for row in found.facts:
        if row.left or row.right:
            lines += _fact(row, names[row.name], label, room)
    return [*lines, *_items(found, signs)]


def _fact(row: Row, name: str, label: int, room: int) -> list[Content]:
    """One fact; what is longer than its column goes on below."""
    mark = "text" if row.differs else "muted"
    left, right = (line((text or "-", mark)).wrap(room) for text in (row.left, row.right))
    lines: list[Content] = []
    for mine, other in zip_longest(left, right, fillvalue=Content()):
        star = "* " if row.differs and not lines else "  "
        head = (line((star, "accent")), column("" if lines else name, label, "muted"))
        lines.append(line(*head, mine.pad_right(room - mine.cell_length), "  ", other))
    return lines


def _items(found: Comparison, signs: str) -> list[Content]:
    lines: list[Content] = []
    if found.ended_differently:
        lines += _heading("Items that ended differently", len(found.ended_differently))
        for row in found.ended_differently[:_MOST]:
            lines += _item(row, signs)
        lines += _more(len(found.ended_differently))
    for release, rows in ((found.left, found.only_left), (found.right, found.only_right)):
        if rows:
            lines += _heading(f"Only on {release}", len(rows))
            lines += [line("  ", row.text) for row in rows[:_MOST]]
            lines += _more(len(rows))
    return lines or [line(""), line(("Every item ended the same way.", "muted"))]


def _item(row: ItemRow, signs: str) -> list[Content]:
    """Both signs and the text; below it how it ended, with the reasons."""
    pieces: list[str | tuple[str, str]] = ["  "]
    for state in row.states:
        assert state is not None  # it is on both
        pieces += [(sign(state, signs), MARKS[state]), " "]
    lines = [line(*pieces, row.text)]
    if _reasons(row):
        lines.append(line(("          ", ""), (f"{row.left} / {row.right}", "muted")))
    return lines


def _reasons(row: ItemRow) -> bool:
    """One of the two says more than its state."""
    return any(
        state is not None and words not in (WORDS[state], state.value, _plain(state))
        for state, words in zip(row.states, (row.left, row.right), strict=True)
    )


def _plain(state: State) -> str:
    return state.value.replace("-", " ")


def _heading(words: str, count: int) -> Sequence[Content]:
    return [line(""), line((f"{words} ", "accent"), (str(count), "bold text"))]


def _more(count: int) -> list[Content]:
    return [line((f"  and {count - _MOST} more", "muted"))] if count > _MOST else []
