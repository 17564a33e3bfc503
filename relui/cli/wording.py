"""How the command line words times, counts and states, and how wide a text is on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from relui.cli.output import Piece
from relui.domain.instants import format_duration, zone_named
from relui.domain.text import clean

STATES = {"open": "[ ]", "partial": "[~]", "done": "[x]", "not-applicable": "[-]", "failed": "[!]"}
"""The sign of each state of an item."""


def moment(at: datetime, zone: str, *, seconds: bool = False) -> str:
    """An instant with its weekday in `zone`: `Sat 2026-11-21 20:00`."""
    local = at.astimezone(zone_named(zone))
    return f"{local:%a %Y-%m-%d %H:%M:%S}" if seconds else f"{local:%a %Y-%m-%d %H:%M}"


def distance(span: timedelta) -> str:
    """How far away something is: `in 2d4h`, `12m ago`, `now`."""
    minutes = (
        abs(int(span.total_seconds() // 60)) if span >= timedelta() else int(-span.total_seconds() // 60)
    )
    if not minutes:
        return "now"
    return f"in {format_duration(minutes)}" if span > timedelta() else f"{format_duration(minutes)} ago"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 item`, `3 items`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 2 if east_asian_width(char) in "WF" else 1
        for char in text
    )


def fitted(text: str, width: int) -> str:
    """`text` cut to `width` columns, with `...` where something is missing."""
    if cells(text) <= width:
        return text
    kept, used = [], 3
    for char in text:
        used += cells(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept) + "..."


def table(rows: Sequence[Sequence[str]], width: int | None) -> list[tuple[Piece, ...]]:
    """Rows of texts as aligned lines, the last column as wide as there is room (None: as it wants)."""
    cleaned = [[clean(text) for text in row] for row in rows]
    shown = [[fitted(text, 32) for text in row[:-1]] + [row[-1]] for row in cleaned]
    widths = [max(cells(row[at]) for row in shown) for at in range(len(shown[0]) - 1)]
    lines: list[tuple[Piece, ...]] = []
    for row in shown:
        start = "".join(
            text + " " * (size - cells(text) + 2) for text, size in zip(row, widths, strict=False)
        )
        last = row[-1] if width is None else fitted(row[-1], max(width - cells(start), 10))
        lines.append(((start + last).rstrip(),))
    return lines


def terminal_width() -> int | None:
    """The columns of the terminal that stdout is; None when it is none, and nothing need be cut."""
    import sys

    if sys.stdout is None or not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns
