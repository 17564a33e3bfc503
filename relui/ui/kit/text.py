"""Pieces of lines: cleaned user text, words with a mark, and lines with a right-hand column."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from relui.domain.checklist import State
from relui.domain.text import clean

Piece = "str | tuple[str, str] | Content"


def line(*pieces: str | tuple[str, str] | Content) -> Content:
    """One line from pieces: text, (text, mark) pairs, or Content. Every text is cleaned."""
    cleaned: list[str | tuple[str, str] | Content] = []
    for piece in pieces:
        if isinstance(piece, str):
            cleaned.append(clean(piece))
        elif isinstance(piece, tuple):
            cleaned.append((clean(piece[0]), piece[1]))
        else:
            cleaned.append(piece)
    return Content.assemble(*cleaned)


def spread(left: Content, right: Content, width: int, *, gap: int = 1) -> Content:
    """`left` and `right` at the two ends of `width` cells; `left` gives way with an ellipsis."""
    room = width - right.cell_length - (gap if right else 0)
    if room < 8:  # no room for both: what it is goes before how it stands
        return left.truncate(width, ellipsis=True, pad=True)
    return Content.assemble(left.truncate(room, ellipsis=True, pad=True), " " * (gap if right else 0), right)


def column(text: str, width: int, mark: str = "") -> Content:
    """Text in a column of exactly `width` cells."""
    made = line((text, mark)) if mark else line(text)
    return made.truncate(width, ellipsis=True, pad=True)


def paragraphs(text: str, mark: str = "", *, indent: str = "") -> list[Content]:
    """A text of several lines, one Content each; blank lines stay."""
    cleaned = clean(text, multiline=True)
    return [line(indent, (part, mark)) if mark else line(indent, part) for part in cleaned.split("\n")]


def wrapped(lines: Iterable[Content], width: int) -> list[Content]:
    """Lines folded to `width` cells at blanks; an indented line goes on below its own beginning."""
    folded: list[Content] = []
    for one in lines:
        if one.cell_length <= width:
            folded.append(one)
            continue
        plain = one.plain
        indent = len(plain) - len(plain.lstrip(" "))
        if not 0 < indent < width // 2:
            folded += one.wrap(width)
            continue
        blank = Content(" " * indent)
        folded += [Content.assemble(blank, part) for part in one[indent:].wrap(width - indent)]
    return folded


def title_bar(left: str, right: str, width: int) -> Content:
    """The first line of a screen: where we are, and the clock's words at the right."""
    return spread(line(" ", (left, "bold text")), line((right, "muted"), " "), width)


_ASCII = {
    State.OPEN: "[ ]",
    State.DONE: "[x]",
    State.PARTIAL: "[~]",
    State.NOT_APPLICABLE: "[-]",
    State.FAILED: "[!]",
}
_UNICODE = {
    State.OPEN: " ○ ",
    State.DONE: " ● ",
    State.PARTIAL: " ◐ ",
    State.NOT_APPLICABLE: " − ",
    State.FAILED: " ✗ ",
}
MARKS = {
    State.OPEN: "open",
    State.DONE: "done",
    State.PARTIAL: "partial",
    State.NOT_APPLICABLE: "not-applicable",
    State.FAILED: "failed",
}
WORDS = {
    State.OPEN: "open",
    State.DONE: "done",
    State.PARTIAL: "partly done",
    State.NOT_APPLICABLE: "not applicable",
    State.FAILED: "failed",
}

SIMULATED = "~"
"""Before a time: what was written then was written under a clock that was set by hand."""


def sign(state: State, signs: str = "ascii") -> str:
    """Three cells that tell the state; `signs` is the set from the settings."""
    return (_UNICODE if signs == "unicode" else _ASCII)[state]


def bar(done: int, total: int, width: int) -> tuple[str, str]:
    """A progress bar as its filled and its empty part. Full only when everything is done."""
    if total <= 0:
        return "", "-" * width
    filled = width if done >= total else min(width - 1, round(done / total * width))
    if done and not filled:
        filled = 1
    return "━" * filled, "─" * (width - filled)
