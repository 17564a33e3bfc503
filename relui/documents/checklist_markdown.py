"""A release as a Markdown task list: to print on paper, to file in a wiki, and to read back.

The reader is relui/loading/release_markdown.py; a property test proves that it finds again what is
written here. Text of people is escaped or quoted, so it is never taken for a part of the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from relui.documents.page import HARD_BREAK, heading, inline, instant, line, quote
from relui.domain.checklist import ItemField, Mark, State
from relui.domain.instants import format_duration
from relui.domain.outline import Node, Outline, due_at, due_offset
from relui.domain.progress import standing
from relui.domain.release import Release

FORMAT_MARK = "<!-- relui release 1 -->"
"""The last line: it tells the reader that this is relui's own form, and which version of it."""

_BOXES = {
    State.OPEN: "[ ]",
    State.PARTIAL: "[ ]",
    State.DONE: "[x]",
    State.NOT_APPLICABLE: "[-]",
    State.FAILED: "[!]",
}
_WORDS = {
    State.OPEN: "Recorded",
    State.PARTIAL: "Recorded",
    State.DONE: "Done",
    State.NOT_APPLICABLE: "Not applicable",
    State.FAILED: "Failed",
}
_EMPTY_FIELD = "________"
_LEGEND = "*Boxes: x done, - not applicable, ! failed.*"


def release_markdown(release: Release, now: datetime, zone: str, *, with_help: bool = True) -> str:
    """The whole checklist of a release as it stands at `now` (UTC), times shown in `zone`.

    Go-live is given in the zone that it was agreed in. Raises BadInput for a zone that does not exist.
    """
    outline = Outline(release)
    writer = _Writer(release, outline, zone, with_help=with_help)
    lines = [heading(1, release.title), "", *_facts(release, outline, now, zone), "", _LEGEND]
    for phase in outline.phases:
        lines += ["", *writer.phase(phase)]
    lines += _retrospective(release)
    lines += ["", FORMAT_MARK]
    return "\n".join(lines) + "\n"


def _facts(release: Release, outline: Outline, now: datetime, zone: str) -> Iterator[str]:
    facts = [
        ("Release", release.id),
        ("Service", release.service),
        ("Version", release.version),
        ("Type", release.type),
        ("Impact", release.impact),
        ("Owner", release.owner),
        ("Go-live", f"{instant(release.go_live, release.zone)} ({release.zone})"),
    ]
    if zone != release.zone:
        facts.append(("Go-live here", f"{instant(release.go_live, zone)} ({zone})"))
    facts += [
        ("Duration", format_duration(release.duration)),
        ("Environment", release.environment),
        ("Status", _status(release, outline, now)),
        ("Template", release.template),
        ("Packs", ", ".join(release.packs)),
        ("Emergency criterion", release.emergency_criterion),
        ("Release notes", release.notes_link),
        ("Created", f"{instant(release.created_at, zone)} by {release.created_by}"),
        ("Started", instant(release.started_at, zone) if release.started_at else ""),
        ("Completed", instant(release.completed_at, zone) if release.completed_at else ""),
    ]
    if release.closing is not None:
        closing = release.closing
        facts.append(("Closed", f"{closing.outcome}, {instant(closing.at, zone)} by {closing.by}"))
        facts.append(("Closing reason", closing.reason))
    facts.append(("Printed", f"{instant(now, zone)} ({zone})"))
    for label, value in facts:
        if value:
            yield f"- **{label}:** {inline(value)}"
    for label, text in (
        ("Rationale", release.rationale),
        ("Risk", release.risk),
        ("Rollback", release.rollback),
    ):
        if text:
            yield f"- **{label}:**"
            yield from quote(text, "  ")


def _status(release: Release, outline: Outline, now: datetime) -> str:
    """Where the release stands, in one line."""
    stands = standing(release, now, outline)
    words = [f"{stands.stage}", f"{stands.done} of {stands.total} done"]
    words += [trouble.text for trouble in stands.troubles]
    minutes = int(stands.remaining.total_seconds() // 60)
    if not release.closed and minutes:
        amount = format_duration(abs(minutes))
        words.append(f"go-live in {amount}" if minutes > 0 else f"go-live {amount} ago")
    return ", ".join(words)


def _retrospective(release: Release) -> list[str]:
    """The three answers, as far as they are written [S0.9]."""
    retro = release.retrospective
    parts = [
        ("What went well", retro.well),
        ("What was hard", retro.hard),
        ("What changes next release", retro.next),
    ]
    if not any(text for _, text in parts):
        return []
    lines = ["", heading(2, "Retrospective")]
    for title, text in parts:
        if text:
            lines += ["", heading(3, title), "", *quote(text)]
    return lines


class _Writer:
    """Writes phases and items with what was recorded on them."""

    def __init__(self, release: Release, outline: Outline, zone: str, *, with_help: bool) -> None:
        self.release = release
        self.outline = outline
        self.zone = zone
        self.with_help = with_help

    def phase(self, node: Node) -> list[str]:
        """A phase with its due time in words and as an instant, and its items."""
        phase = node.phase
        at = instant(due_at(self.release, phase), self.zone)
        due = f"{due_offset(self.release, phase).words()} ({phase.due.strip()}): {at}"
        more = [word for word, holds in (("optional", phase.optional), ("owed", phase.owed)) if holds]
        lines = [heading(2, node.text), "", f"*{'; '.join([due, f'stage: {phase.stage}', *more])}*"]
        lines += self._recorded(node, "")
        if node.children:
            lines.append("")
        for child in node.children:
            lines += self._item(child, "")
        return lines

    def _item(self, node: Node, indent: str) -> list[str]:
        assert node.item is not None
        marker = "- "
        optional = " *(optional)*" if node.item.optional else ""
        lines = [f"{indent}{marker}{_BOXES[node.state]} {line(node.text)}{optional}"]
        below = indent + " " * len(marker)
        details = self._recorded(node, below)
        if details:
            lines[0] += HARD_BREAK
        lines += details
        for child in node.children:
            lines += self._item(child, below)
        return lines

    def _recorded(self, node: Node, indent: str) -> list[str]:
        """What an item asks for and what was recorded on it, each in a line of its own."""
        mark = node.mark
        lines = [text for text in (self._who(node, mark),) if text]
        lines += [f"{word}: {line(text)}" for word, text in self._words(node, mark) if text]
        if node.item is not None:
            lines += [f"[{inline(label)}]: {value}" for label, value in _fields(node.item.fields, mark)]
        lines = [f"{indent}{text}{HARD_BREAK}" for text in lines]
        help_ = node.item.help if node.item is not None and self.with_help else ""
        how = (node.item.command, node.item.expect) if node.item is not None else ("", "")
        quoted = (("Note", mark.note), ("Command", how[0]), ("Expected", how[1]), ("Help", help_))
        for word, text in quoted:
            if text:
                if lines and lines[-1].lstrip().startswith(">"):
                    lines.append("")  # or the next word would be read as the end of the quotation
                lines += [f"{indent}{word}:", *quote(text, indent)]
        if not indent and lines:
            lines = ["", *lines]
        return lines

    def _words(self, node: Node, mark: Mark) -> Iterator[tuple[str, str]]:
        yield "Reason", mark.reason
        yield from (("Evidence", piece) for piece in mark.evidence)
        if self.release.closing is not None:
            yield "Left open", self.release.closing.left_open.get(node.path, "")
        if node.item is not None:
            yield "Role", node.item.role
            yield "Runs", node.item.run.line if node.item.run else ""

    def _who(self, node: Node, mark: Mark) -> str:
        if not (mark.by or mark.at or mark.late):
            return ""
        at = f" on {instant(mark.at, self.zone)}" if mark.at else ""
        by = f" by {inline(mark.by)}" if mark.by else ""
        return f"{_WORDS[mark.state]}{' (late)' if mark.late else ''}{at}{by}"


def _fields(fields: tuple[ItemField, ...], mark: Mark) -> Iterator[tuple[str, str]]:
    """Labels and values; a line to write on where there is none."""
    known = {field.id for field in fields}
    for field in fields:
        value = mark.fields.get(field.id, "")
        yield field.label, line(value) if value else _EMPTY_FIELD
    for name, value in mark.fields.items():
        if name not in known:
            yield name, line(value)
