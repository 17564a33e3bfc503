"""Commits become changes: a parser of conventional commits, without git.

A commit says `type(scope)!: summary`; its reference (`CHG-2026-0892`, `PAY-17`, `#123`) is the change's id,
and several commits of one reference are one change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.dossier.parts import Change
from relui.domain.dossier.readers import SUMMARY_LIMIT
from relui.domain.text import clean

_HEADER = r"([A-Za-z][A-Za-z0-9-]{0,30})(?:\(([^()\r\n]{1,100})\))?(!)?:\s+(\S.*)"
_BREAKING = r"^BREAKING[ -]CHANGE\s*:\s*\S"
_REFERENCES = (
    r"(?<![A-Za-z0-9-])(CHG-\d{4}-\d{1,8})(?![\w-])",
    r"(?<![A-Za-z0-9-])(CHG-\d{1,8})(?![\w-])",
    r"(?<![A-Za-z0-9-])([A-Z][A-Z0-9]{1,9}-\d{1,8})(?![\w-])",
    r"(?<![\w&])(#\d{1,8})(?!\w)",
)
_NO_TRACKER = ("UTF", "SHA", "ISO", "RFC", "CVE", "HTTP", "TLS", "MD")
"""What looks like a tracker's key and is none: UTF-8, SHA-256, ISO-8601."""
_FOOTER = r"^(?:refs?|closes?|fix(?:es)?|resolves?|change|issue)(?:\s*:|\s)\s*(\S.*)$"
_MERGE = r"Merge (?:branch|pull request|remote-tracking branch|tag|commit|changes? from)\b.*"
_REVERT = r"(?:Revert \"(.+)\"|revert(?:\([^()]*\))?!?:\s+(.+))"
_TRAILING = r"\s*\(#\d{1,8}\)\s*$"
_TEXT_LIMIT = 20_000
"""Characters of a message that are looked at: no commit needs more."""


class Commit(Struct, frozen=True):
    """One commit: its hash, its whole message, who wrote it, and how many parents it has."""

    hash: str
    message: str
    author: str = ""
    parents: int = 1


class Parsed(Struct, frozen=True):
    """What a commit's message says. `kind` is empty when it is no conventional commit."""

    kind: str
    scope: str
    breaking: bool
    summary: str
    reference: str


class Harvest(Struct, frozen=True):
    """The changes that commits make, and the commits that make none: (short hash, why)."""

    changes: tuple[Change, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    plain: int = 0


def parse_commit(message: str) -> Parsed:
    """What a commit's message says: type, scope, breaking, summary and reference."""
    lines = clean(message[:_TEXT_LIMIT], multiline=True).strip().split("\n")
    subject = " ".join(lines[0].split())
    body = "\n".join(lines[1:])
    breaking = re.search(_BREAKING, body, re.MULTILINE) is not None
    reference = _reference(subject, body)
    found = re.fullmatch(_HEADER, subject)
    if found is None:
        return Parsed("", "", breaking, _summary(subject), reference)
    kind, scope, bang, words = found.groups(default="")
    return Parsed(kind.lower(), scope.strip(), bool(bang) or breaking, _summary(words), reference)


def _summary(words: str) -> str:
    bare = re.sub(_TRAILING, "", words).strip() or words.strip()
    return bare if len(bare) <= SUMMARY_LIMIT else bare[: SUMMARY_LIMIT - 3] + "..."


def _reference(subject: str, body: str) -> str:
    """The change that it names: the subject's before a footer's, a change's number before an issue's."""
    footers = "\n".join(re.findall(_FOOTER, body, re.MULTILINE | re.IGNORECASE))
    for pattern in _REFERENCES:
        for text in (subject, footers):
            for found in re.findall(pattern, text):
                if found.partition("-")[0] not in _NO_TRACKER:
                    return str(found)
    return ""


def harvest(commits: Iterable[Commit], only: Collection[str] = ()) -> Harvest:
    """The changes in commits, the oldest first as given. `only` keeps some types (`feat`, `fix`).

    Merges, fixups, reverts together with what they take back, and commits of the same subject (picked or
    squashed twice) are skipped, with the reason. A commit without a reference is named by its hash.
    """
    found: dict[str, Change] = {}
    skipped: list[tuple[str, str]] = []
    subjects: set[tuple[str, str, str]] = set()
    listed = list(commits)
    reverted = _reverted(listed)
    plain = 0
    for commit in listed:
        short = commit.hash[:10]
        parsed = parse_commit(commit.message)
        same = (parsed.kind, parsed.scope.casefold(), parsed.summary.casefold())
        why = _why_skipped(commit, parsed, only) or reverted.get(commit.hash, "")
        if not why and same in subjects:
            why = "says the same as another commit"
        if why:
            skipped.append((short, why))
            continue
        subjects.add(same)
        plain += not parsed.kind
        reference = parsed.reference or f"commit-{short}"
        found[reference.casefold()] = _joined(found.get(reference.casefold()), parsed, reference, commit)
    return Harvest(tuple(found.values()), tuple(skipped), plain)


def _why_skipped(commit: Commit, parsed: Parsed, only: Collection[str]) -> str:
    subject = _subject(commit)
    if not parsed.summary:
        return "has no message"
    if commit.parents > 1 or re.match(_MERGE, subject):
        return "is a merge"
    if re.match(r"(?:fixup|squash|amend)! ", subject):
        return "belongs to another commit"
    if only and parsed.kind not in only:
        return f"is {parsed.kind or 'of no type'}, not {' or '.join(sorted(only))}"
    return ""


def _subject(commit: Commit) -> str:
    return " ".join(clean(commit.message[:_TEXT_LIMIT], multiline=True).strip().split("\n")[0].split())


def _reverted(commits: list[Commit]) -> dict[str, str]:
    """Hash -> why: reverts whose commit is among them, and that commit."""
    why: dict[str, str] = {}
    standing: dict[str, list[Commit]] = {}
    for commit in commits:
        subject = _subject(commit)
        found = re.fullmatch(_REVERT, subject)
        named = (found[1] or found[2]) if found else ""
        undone = next((key for key in (named, _bare(named)) if standing.get(key)), None)
        if found and undone is not None:
            why[standing[undone].pop().hash] = "was reverted"
            why[commit.hash] = "reverts another one"
        for key in dict.fromkeys((subject, _bare(subject))):
            standing.setdefault(key, []).append(commit)
    return why


def _bare(subject: str) -> str:
    return re.sub(_TRAILING, "", subject)


def _joined(known: Change | None, parsed: Parsed, reference: str, commit: Commit) -> Change:
    """One change of all commits that name it: the first feature or fix tells what it is."""
    if known is None:
        owner = " ".join(clean(commit.author).split())[:SUMMARY_LIMIT]
        return Change(
            id=reference,
            summary=parsed.summary,
            owner=owner,
            kind=parsed.kind,
            breaking=parsed.breaking,
            origin=f"commit {commit.hash[:10]}",
        )
    if parsed.kind in ("feat", "fix") and known.kind not in ("feat", "fix"):
        known = replace(known, kind=parsed.kind, summary=parsed.summary)
    return replace(known, breaking=known.breaking or parsed.breaking)
