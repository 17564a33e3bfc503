"""The log of a release as an auditor reads it: every entry with who, when, why, and what became what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC

import msgspec

from relui.documents.page import Page
from relui.domain.log import Entry

LONGEST = 400
"""Characters of a value that is shown; the JSON export has it whole."""
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def log(page: Page, entries: Sequence[Entry]) -> None:
    """The entries in their order, the first first; instants in UTC, as they are stored."""
    page.section("Log")
    if entries:
        page.text(
            "Each entry names the hash of the one before it. Values longer than "
            f"{LONGEST} characters are cut here; `relui export` writes them whole."
        )
    for entry in entries:
        page.section(f"Entry {entry.seq}: {entry.text}", 3)
        page.facts(_facts(entry))
        page.table(
            ("Field", "Before", "After"),
            ((".".join(patch.path), _value(patch.before), _value(patch.after)) for patch in entry.patches),
        )


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "When", f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    acting = f" as {entry.name}" if entry.name != entry.account else ""
    yield "Who", f"{entry.account}{acting}"
    yield "Act", entry.act
    yield "Reason", entry.reason
    yield "Reverses", f"entry {entry.reverses}" if entry.reverses is not None else ""
    yield "Clock", "set by hand (simulated)" if entry.simulated else ""
    yield "Hash", entry.hash


def _value(value: object) -> str:
    """A stored value in one line, in words; nothing for what was not there."""
    text = _words(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text) - LONGEST:,} characters more)"


def _words(value: object) -> str:
    """Instants to the second, lists with semicolons, fields with their names; what is empty is left out."""
    if value is msgspec.UNSET or value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        found = _INSTANT.fullmatch(value)
        return f"{found[1]} {found[2]} {found[3].replace('Z', 'UTC')}" if found else value
    if isinstance(value, Mapping):
        told = ((str(name), _words(inner)) for name, inner in value.items())
        return ", ".join(f"{name}: {words}" for name, words in told if words)
    if isinstance(value, list | tuple):
        return "; ".join(words for words in map(_words, value) if words)
    return str(value)
