"""The log of a release as an auditor reads it: every entry with who, when, why, and what became what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC

import msgspec

from relui.documents.page import Page
from relui.domain.log import Entry

LONGEST = 400
"""Characters of a value that is shown; the JSON export has it whole."""


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
    """A stored value in one line; nothing for what was not there."""
    if value is msgspec.UNSET:
        return ""
    try:
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    except ValueError:  # a text that is no Unicode, which only a foreign file can hold
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text) - LONGEST:,} characters more)"
