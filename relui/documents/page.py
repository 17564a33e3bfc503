"""Pages of Markdown: text that people wrote shows as written, and is never read as structure.

A page is written from top to bottom; a section without content leaves no heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from relui.domain.instants import zone_named
from relui.domain.text import clean

HARD_BREAK = "  "
"""What ends a line that must not be joined with the next one."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_INLINE = re.compile(
    r"[\\`*\[\]<]"  # escapes, code, emphasis, links, tags
    r"|&(?=#?\w+;)"  # entities
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; not inside snake_case
    r"|~(?=~)|(?<=~)~"  # struck through
)
_ESCAPED = r"\\\g<0>"
_START = re.compile(r"(?P<before> *)(?P<sign>[#>+=|~-]|:(?=-)|(?P<number>\d{1,9})[.)](?=\s|$))")


def inline(text: str) -> str:
    """One line of text for any place in a line: cleaned, what would be Markdown in it escaped."""
    return _ended(_INLINE.sub(_ESCAPED, clean(text)))


def line(text: str) -> str:
    """One line of text for the start of a line, where headings, lists and rules could begin."""
    escaped = inline(text)
    found = _START.match(escaped)
    if found is None:
        return escaped
    at = found.end("number") if found["number"] else found.start("sign")
    return f"{escaped[:at]}\\{escaped[at:]}"


def heading(level: int, text: str) -> str:
    """A heading; `#` at its end stays part of the text."""
    return f"{'#' * level} {re.sub(r'(?<= )(#+)$', _ESCAPED, line(text))}"


def quote(text: str, indent: str = "") -> list[str]:
    """A text of several lines as a quotation: it can't leave it, and keeps its lines, blanks and gaps."""
    lines = clean(text, multiline=True).split("\n")
    quoted = []
    for number, one in enumerate(lines):
        if not one:
            quoted.append(f"{indent}>")
            continue
        goes_on = number + 1 < len(lines) and bool(lines[number + 1])
        quoted.append(f"{indent}> {_indented(line(one))}{HARD_BREAK if goes_on else ''}")
    return quoted


def _indented(escaped: str) -> str:
    """Four blanks at the start would make code of a line: the first is written as an entity."""
    return f"&#32;{escaped[1:]}" if escaped.startswith("    ") else escaped


def _ended(escaped: str) -> str:
    """A blank at the end would be dropped, or read as a line break: it is written as an entity."""
    last = escaped[-1:]
    return f"{escaped[:-1]}&#{ord(last)};" if last.isspace() else escaped


def instant(at: datetime, zone: str) -> str:
    """An instant with its weekday and offset in `zone`: `Saturday 2026-11-21 20:00 +01:00`."""
    local = at.astimezone(zone_named(zone))
    exactness = "seconds" if local.second else "minutes"
    clock = local.replace(tzinfo=None).isoformat(sep=" ", timespec=exactness)
    offset = local.isoformat(sep=" ", timespec=exactness).removeprefix(clock)
    return f"{_WEEKDAYS[local.weekday()]} {clock} {offset}"


class Code(str):
    """A text that is read and pasted as it is, such as a command: a block of code, with nothing escaped."""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; without rows none, and without the columns in which nothing stands."""
    found = [tuple(row) for row in rows]
    kept = [at for at in range(len(columns)) if at == 0 or any(row[at].strip() for row in found)]
    lines = [_row([columns[at] for at in kept]), _row(["---"] * len(kept), raw=True)]
    lines += [_row([row[at] for at in kept]) for row in found]
    return lines if found else []


class Page:
    """Every text that is put on it is a person's: it shows as written, and is never read as structure.

    Instants are told in `zone`, which the page names.
    """

    def __init__(self, title: str, zone: str) -> None:
        self.zone = zone
        self._lines = [heading(1, title)]
        self._waiting: list[tuple[int, str]] = []

    def section(self, title: str, level: int = 2) -> Page:
        """Begin a section; returns the page. Its heading appears with the first thing that is put into it."""
        self._waiting = [one for one in self._waiting if one[0] < level]
        self._waiting.append((level, title))
        return self

    def facts(self, *facts: tuple[str, str]) -> None:
        """Labels and values, a line each; empty values are left out, and long ones are quoted."""
        found = [(label, value) for label, value in facts if value.strip()]
        short = [
            f"- **{inline(label)}:** {inline(value.strip())}" for label, value in found if _is_short(value)
        ]
        self._block(short)
        for label, value in found:
            if not _is_short(value):
                self._block([f"**{inline(label)}:**", "", *quote(value.strip("\n"))])

    def text(self, words: str) -> None:
        """One paragraph."""
        if words.strip():
            self._block([line(words.strip())])

    def quote(self, words: str) -> None:
        """A text of several lines, as it was written."""
        if words.strip():
            self._block(quote(words.strip("\n")))

    def bullets(self, items: Iterable[str]) -> None:
        """A list, an item a line."""
        self._block([f"- {line(item.strip())}" for item in items if item.strip()])

    def steps(self, items: Iterable[Sequence[str]], first: int = 1) -> int:
        """A numbered list; further texts of an item stand below it. Returns the next number."""
        lines: list[str] = []
        number = first
        for words, *more in items:
            lines.append(f"{number}. {line(words)}")
            below = " " * len(f"{number}. ")
            for text in more:
                if isinstance(text, Code):
                    lines += ["", *(f"{below}{one}" for one in _fenced(text))]
                elif "\n" in text:
                    lines += ["", *quote(text, below)]
                else:
                    lines += ["", f"{below}{line(text)}"]
            number += 1
        self._block(lines)
        return number

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table; without rows nothing, and without the columns in which nothing stands."""
        self._block(table(columns, rows))

    def code(self, words: str) -> None:
        """A text with its blanks and lines kept; a fence longer than any in it."""
        self._block(_fenced(words))

    def at(self, moment: datetime | None) -> str:
        """An instant in the page's zone; nothing for none."""
        return instant(moment, self.zone) if moment is not None else ""

    @property
    def whole(self) -> str:
        """The page."""
        return "\n".join(self._lines) + "\n"

    def _block(self, lines: Sequence[str]) -> None:
        if not lines:
            return
        for level, title in self._waiting:
            self._lines += ["", heading(level, title)]
        self._waiting = []
        self._lines += ["", *lines]


def _fenced(words: str) -> list[str]:
    """A text between fences that are longer than any in it; nothing for none."""
    text = clean(words, multiline=True).strip("\n")
    if not text:
        return []
    longest = max((len(run) for run in _runs(text, "`")), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *text.split("\n"), fence]


def _is_short(value: str) -> bool:
    return "\n" not in value.strip() and len(value) <= 300


def _row(cells: Sequence[str], *, raw: bool = False) -> str:
    shown = (
        cells if raw else [inline(cell.strip().replace("\n", " / ")).replace("|", "\\|") for cell in cells]
    )
    return f"| {' | '.join(shown)} |"


def _runs(text: str, sign: str) -> Iterable[str]:
    from itertools import groupby

    return ("".join(group) for char, group in groupby(text) if char == sign)
