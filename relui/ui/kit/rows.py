"""Rows of the record's tabs: what stands in each, how it is filtered and sorted, how a line is worded.

A row's state is told by its sign and by a word, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct
from textual.content import Content

from relui.ui.kit.text import column, line, spread

RowState = Literal["plain", "met", "unmet", "overridden", "stale", "bad", "left-out"]

_ASCII: dict[RowState, str] = {
    "plain": "   ",
    "met": "[x]",
    "unmet": "[ ]",
    "overridden": "[o]",
    "stale": "[~]",
    "bad": "[!]",
    "left-out": "[-]",
}
_UNICODE: dict[RowState, str] = {
    "plain": "   ",
    "met": " ● ",
    "unmet": " ○ ",
    "overridden": " ◇ ",
    "stale": " ◐ ",
    "bad": " ✗ ",
    "left-out": " − ",
}
ROW_MARKS: dict[RowState, str] = {
    "plain": "text",
    "met": "done",
    "unmet": "overdue",
    "overridden": "partial",
    "stale": "overdue",
    "bad": "failed",
    "left-out": "not-applicable",
}
ROW_WORDS: dict[RowState, str] = {
    "plain": "nothing is asked here",
    "met": "met, confirmed or signed",
    "unmet": "not met yet",
    "overridden": "not met, and passed by a named person for a reason",
    "stale": "given once, and counts no more: what it was given for changed",
    "bad": "rejected, failed, blocking or overdue",
    "left-out": "not needed, or withdrawn",
}
_WORST: dict[RowState, int] = {
    "bad": 0, "stale": 1, "unmet": 2, "overridden": 3, "plain": 4, "met": 5, "left-out": 6,
}  # fmt: skip

Order = Literal["as recorded", "by name", "worst first", "by the last column"]
ORDERS: tuple[Order, ...] = ("as recorded", "by name", "worst first", "by the last column")
HEADING = "heading"
_NARROW_EXTRA = 16
"""Columns for what stands before the tail on a narrow screen."""


class Row(Struct, frozen=True):
    """One line of a tab. `kind` and `id` name the thing, `section` the heading that it stands under.

    `tail` is the short word at the right, `extra` what stands before it where there is room;
    `keeps_extra` says that it stands there at every width.
    """

    kind: str
    id: str
    name: str
    words: str = ""
    state: RowState = "plain"
    tail: str = ""
    extra: str = ""
    section: str = ""
    keeps_extra: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What the cursor stays on when the rows change."""
        return (self.kind, self.id)

    @property
    def is_heading(self) -> bool:
        """It names a section; a section that can be added to is named like the kind of part."""
        return self.kind == HEADING


def heading(section: str, name: str, words: str = "", tail: str = "", state: RowState = "plain") -> Row:
    """The row above a section."""
    return Row(HEADING, section, name, words, state, tail, section=section)


def section(name: str, title: str, rows: Iterable[Row], words: str = "", tail: str = "") -> list[Row]:
    """A heading and its rows, each bearing the section's name."""
    from msgspec.structs import replace

    return [heading(name, title, words, tail), *(replace(row, section=name) for row in rows)]


def sign_of(state: RowState, signs: str) -> str:
    """Three cells that tell the state; `signs` is the set from the settings."""
    return (_UNICODE if signs == "unicode" else _ASCII)[state]


def fitting(rows: Sequence[Row], text: str, *, unmet_only: bool = False) -> list[Row]:
    """The rows that have every word of a filter, or that are unmet, each with the heading above it."""
    words = text.casefold().split()
    if not words and not unmet_only:
        return list(rows)
    titles = {row.section: row.name for row in rows if row.is_heading}
    found: list[Row] = []
    for row in rows:
        if row.is_heading or (unmet_only and row.state not in ("unmet", "stale", "bad")):
            continue
        title = titles.get(row.section, "")
        state = "" if row.state == "plain" else row.state
        said = f"{row.name} {row.id} {row.words} {row.extra} {row.tail} {state} {title}".casefold()
        if all(word in said for word in words):
            found.append(row)
    kept = {row.section for row in found}
    shown = {row.key for row in found}
    return [row for row in rows if row.key in shown or (row.is_heading and row.section in kept)]


def ordered(rows: Sequence[Row], order: Order) -> list[Row]:
    """The rows sorted within each section; the sections stay where they are."""
    if order == "as recorded":
        return list(rows)
    result: list[Row] = []
    block: list[Row] = []

    def flush() -> None:
        result.extend(sorted(block, key=lambda row: _sort_key(row, order)))
        block.clear()

    for row in rows:
        if row.is_heading:
            flush()
            result.append(row)
        else:
            block.append(row)
    flush()
    return result


def _sort_key(row: Row, order: Order) -> tuple[object, ...]:
    if order == "worst first":
        return (_WORST[row.state],)
    if order == "by name":
        return (row.name.casefold(),)
    return (row.tail.casefold(), row.extra.casefold())


def name_widths(rows: Iterable[Row], width: int) -> dict[str, int]:
    """The width of the first column in each section: that of its longest name, up to about half of it."""
    found: dict[str, int] = {}
    for row in rows:
        if not row.is_heading and row.words:
            found[row.section] = max(found.get(row.section, 8), len(row.name))
    most = max(12, width * 9 // 20)
    return {name: min(longest, most) for name, longest in found.items()}


def record_row(row: Row, width: int, room: int, signs: str = "ascii", *, marked: bool = False) -> Content:
    """One line: sign, name, words, and at the right what stands; a marked one begins with a star."""
    mark = ROW_MARKS[row.state]
    tail = (row.tail, mark if row.state != "plain" else "muted")
    if row.is_heading:
        head = line(" ", (row.name, "bold accent"), "  " if row.words else "", (row.words, "muted"))
        return spread(head, line(tail, " ") if row.tail else Content(), width)
    sign = (sign_of(row.state, signs), mark)
    name_mark = "muted" if row.state == "left-out" else "text"
    star = ("* ", "bold accent") if marked else "  "
    if not row.words:
        left = line(star, sign, " ", (row.name, name_mark))
    else:
        left = line(star, sign, " ", column(row.name, room, name_mark), "  ", (_flat(row.words), "muted"))
    right: list[str | tuple[str, str] | Content] = []
    if row.extra and (width >= 88 or row.keeps_extra):
        most = width if width >= 88 else _NARROW_EXTRA
        right += [line((row.extra, "muted")).truncate(most, ellipsis=True), "  " if row.tail else ""]
    if row.tail:
        right.append(tail)
    return spread(left, line(*right, " ") if right else Content(), width, gap=2)


def _flat(text: str) -> str:
    return " ".join(text.split())


def sign_legend(signs: str) -> list[Content]:
    """What the signs of the record mean, for its help."""
    return [
        line("  ", (sign_of(state, signs), ROW_MARKS[state]), "  ", (words, "text"))
        for state, words in ROW_WORDS.items()
        if state != "plain"
    ]
