"""The facts of a release in relui's own Markdown form: `- **Owner:** ada`, and the struct that they fill."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from relui.domain.checklist import Mark, Phase
from relui.domain.instants import parse_duration, zone_named
from relui.domain.release import (
    IMPACTS,
    OUTCOMES,
    RELEASE_TYPES,
    Closing,
    Impact,
    ReleaseType,
    Retrospective,
)
from relui.errors import BadInput
from relui.loading.markdown_inline import literal
from relui.loading.markdown_tasks import Task

INSTANT = r"[A-Z][a-z]+day (\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?) ([+-]\d{2}:\d{2}(?::\d{2})?)"
"""An instant as it is written: `Saturday 2026-11-21 20:00 +01:00`."""
_FACT = re.compile(r"\*\*([^*]+):\*\*(?: (.*))?$")
_GO_LIVE = re.compile(rf"(?P<at>{INSTANT}) \((?P<zone>.+)\)$")
_AT_BY = re.compile(rf"(?P<at>{INSTANT})(?: by (?P<by>.*))?$")
_CLOSED = re.compile(rf"(?P<outcome>[a-z-]+), (?P<at>{INSTANT}) by (?P<by>.*)$")
_PLAIN_FACTS = {
    "Release": "id",
    "Service": "service",
    "Version": "version",
    "Owner": "owner",
    "Environment": "environment",
    "Template": "template",
    "Emergency criterion": "emergency_criterion",
    "Release notes": "notes_link",
}
_LONG_FACTS = {"Rationale": "rationale", "Risk": "risk", "Rollback": "rollback"}
_DERIVED_FACTS = ("Go-live here", "Status", "Printed")


class MarkdownRelease(Struct, kw_only=True):
    """What a Markdown file says about a release; None where it says nothing. Instants in UTC, `duration` in
    minutes. `told` is what a person should hear about the reading."""

    phases: tuple[Phase, ...] = ()
    marks: dict[str, Mark] = {}
    description: str = ""
    title: str | None = None
    id: str | None = None
    service: str | None = None
    version: str | None = None
    type: ReleaseType | None = None
    impact: Impact | None = None
    owner: str | None = None
    go_live: datetime | None = None
    zone: str | None = None
    duration: int | None = None
    environment: str | None = None
    template: str | None = None
    packs: tuple[str, ...] = ()
    emergency_criterion: str = ""
    notes_link: str = ""
    rationale: str = ""
    risk: str = ""
    rollback: str = ""
    created_at: datetime | None = None
    created_by: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    closing: Closing | None = None
    retrospective: Retrospective = Retrospective()
    told: tuple[str, ...] = ()


def instant_in(found: re.Match[str]) -> datetime | None:
    """The instant (UTC) in a match that has the group `at`; None for a day that does not exist."""
    parts = re.match(INSTANT, found["at"])
    assert parts is not None
    try:
        return datetime.fromisoformat(f"{parts[1]}{parts[2]}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def taken_by(reader: Callable[[str], object], text: str) -> bool:
    """Whether a reader takes a text, and does not raise BadInput."""
    try:
        reader(text)
    except BadInput:
        return False
    return True


def quoted_text(details: Iterable[str]) -> str:
    """The text of a quotation; lines that somebody added without `>` count too."""
    lines = [line.rstrip(" ") for line in details]
    unquoted = [line[1:].removeprefix(" ") if line.startswith(">") else line for line in lines]
    return "\n".join(literal(line) for line in unquoted).strip("\n")


class OwnFacts:
    """The facts below the title, as fields of a MarkdownRelease."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.fields: dict[str, Any] = {}
        self.closed: re.Match[str] | None = None
        self.closing_reason = ""
        self.told: list[str] = []

    def read(self, tasks: Iterable[Task]) -> None:
        """Read the bullets `**Label:** value`."""
        for task in tasks:
            found = _FACT.match(task.source)
            if found is None or not self._read(found[1], literal(found[2] or ""), task):
                self.told.append(f"line {task.line}: '{task.text[:60]}' is no fact that could be read.")

    def _read(self, label: str, value: str, task: Task) -> bool:
        if label in _PLAIN_FACTS:
            self.fields[_PLAIN_FACTS[label]] = value
        elif label in _LONG_FACTS:
            self.fields[_LONG_FACTS[label]] = quoted_text(task.details) or value
        elif label == "Packs":
            self.fields["packs"] = tuple(pack.strip() for pack in value.split(",") if pack.strip())
        elif label == "Closing reason":
            self.closing_reason = value
        elif label in ("Type", "Impact"):
            known: tuple[str, ...] = RELEASE_TYPES if label == "Type" else IMPACTS
            if value not in known:
                return False
            self.fields[label.lower()] = value
        elif label == "Duration":
            if not taken_by(parse_duration, value):
                return False
            self.fields["duration"] = parse_duration(value)
        else:
            return label in _DERIVED_FACTS or self._read_moment(label, value)
        return True

    def _read_moment(self, label: str, value: str) -> bool:
        pattern = {"Go-live": _GO_LIVE, "Closed": _CLOSED}.get(label, _AT_BY)
        found = pattern.match(value)
        at = instant_in(found) if found else None
        known = label in ("Go-live", "Closed", "Created", "Started", "Completed")
        if found is None or at is None or not known:
            return False
        if label == "Go-live":
            self.fields["go_live"] = at
            if taken_by(zone_named, found["zone"]):
                self.fields["zone"] = found["zone"]
        elif label == "Closed":
            self.closed = found
        else:
            self.fields[f"{label.lower()}_at"] = at
            if label == "Created":
                self.fields["created_by"] = found["by"]
        return True

    def closing(self, left_open: dict[str, str]) -> Closing | None:
        """How the release ended, with why items were left open, by path; None while it is open."""
        if self.closed is None or self.closed["outcome"] not in OUTCOMES:
            return None
        at = instant_in(self.closed)
        assert at is not None
        return Closing(
            outcome=self.closed["outcome"],
            at=at,
            by=self.closed["by"],
            reason=self.closing_reason,
            left_open=left_open,
        )
