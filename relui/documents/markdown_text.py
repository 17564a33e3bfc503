"""Text that people wrote, put into Markdown so that it shows as written and is never read as structure."""

from __future__ import annotations

import re
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
