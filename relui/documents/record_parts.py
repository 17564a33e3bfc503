"""A dossier's parts as an auditor reads them (also what was withdrawn or counts no more), and the log: every
entry with who, when, why, and what became what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC

import msgspec

from relui.documents.facts import Paper
from relui.documents.page import Page
from relui.domain.dossier.editing import parts_of
from relui.domain.dossier.fields import KINDS
from relui.domain.dossier.gates import Gate
from relui.domain.dossier.notices import MESSAGE_WORDS, notices
from relui.domain.dossier.parts import Decision
from relui.domain.dossier.points import POINTS, doubts
from relui.domain.dossier.signers import confirmed_words
from relui.domain.dossier.signoffs import APPROVAL_POINTS, SUBJECT_WORDS, stale
from relui.domain.dossier.stages import GATE_WORDS
from relui.domain.log import Entry
from relui.domain.release import Release


def parts(page: Page, release: Release) -> None:
    """Changes, components, environments, runs with their cases, defects, items, contacts: every field."""
    for kind in KINDS.values():
        page.section(kind.plural[:1].upper() + kind.plural[1:]).table(
            (kind.id_label, *(field.label for field in kind.fields), *_MORE.get(kind.name, {})),
            (
                (*kind.texts(part, page.zone).values(), *_more(page, kind.name, part))
                for part in parts_of(release, kind.name)
            ),
        )


_MORE = {
    "change": ("Taken over from",),
    "environment": ("Promoted", "By", "Access verified", "Build"),
    "test": ("Build",),
    "defect": ("Fixes",),
}
"""What is recorded on parts and never typed."""


def _more(page: Page, kind: str, part: object) -> tuple[str, ...]:
    def said(name: str) -> str:
        value = getattr(part, name)
        return "" if value in (0, None, False) else str(value)

    if kind == "change":
        return (said("origin"),)
    if kind == "environment":
        promoted = getattr(part, "promoted")  # noqa: B009 - which struct it is follows from its kind
        return (
            page.at(promoted),
            said("by"),
            "yes" if said("access_verified") else "",
            said("iteration"),
        )
    if kind == "test":
        return (said("iteration"),)
    return (said("iterations"),) if kind == "defect" else ()


def confirmations(page: Page, release: Release) -> None:
    """Every confirmation, and whether it still counts."""
    page.section("Confirmations").table(
        ("Point", "Confirmed", "By", "When", "Note", "Evidence", "Build", "Counts no more"),
        (
            (each.id, POINTS[each.id].words if each.id in POINTS else "", confirmed_words(each),
             page.at(each.at), each.note, each.evidence, str(each.iteration),
             "; ".join(doubts(release, each)))
            for each in release.dossier.confirmations
        ),
    )  # fmt: skip


def earlier_builds(page: Page, release: Release) -> None:
    """What was recorded for the builds before the present one; it counts for them alone."""
    for each in release.dossier.past_builds:
        page.section(f"Build {each.id}").facts(
            ("Followed by", f"build {int(each.id) + 1} on {page.at(each.ended)}: {each.why}")
        )
        page.facts(("Tag", each.tag), ("Build logs", each.logs))
        page.table(("Component", "Checksum or tag"), list(each.checksums.items()))
        page.table(("Promoted to", "When"), [(name, page.at(at)) for name, at in each.promoted.items()])
        page.table(
            ("Point", "By", "When", "Note", "Evidence"),
            [
                (given.id, confirmed_words(given), page.at(given.at), given.note, given.evidence)
                for given in each.confirmations
            ],
        )


def signoffs(page: Page, release: Release, lost: Iterable[str]) -> None:
    """Every sign-off in its order; each approval with what has changed since it was given."""
    people = tuple(lost)
    page.section("Sign-offs").table(
        ("Number", "Subject", "Decision", "By", "For", "When", "Comment", "Confirmed", "Counts for", "Stale"),
        (
            (each.id, SUBJECT_WORDS[each.subject], each.verdict, each.by, each.acting_for, page.at(each.at),
             each.comment,
             "; ".join(APPROVAL_POINTS.get(each.subject, {}).get(point, point) for point in each.confirmed),
             ", ".join(each.roles),
             "; ".join(stale(release, each, people)) if each.verdict == "approve" else "")
            for each in release.dossier.signoffs
        ),
    )  # fmt: skip


def gates(page: Page, release: Release, judged: Iterable[Gate]) -> None:
    """Every gate as it stands now, and every override, for ever."""
    page.section("Gates")
    for gate in judged:
        page.section(f"{gate.name}: {GATE_WORDS[gate.name]}", 3).table(
            ("Criterion", "Asks", "State", "Why"),
            ((line.criterion.id, line.criterion.words, line.state, line.why) for line in gate.judgements),
        )
    page.section("Overrides").table(
        ("Criterion", "Build", "By", "When", "Reason"),
        (
            (each.criterion, str(each.iteration or ""), each.by, page.at(each.at), each.reason)
            for each in release.dossier.overrides
        ),
    )


def decisions(page: Page, release: Release) -> None:
    """Every decision, those withdrawn too."""
    withdrawn = {each.withdraws: each.id for each in release.dossier.decisions if each.withdraws}
    page.section("Decisions").table(
        ("Number", "What", "By", "When", "Words", "More", "Withdrawn by"),
        (
            (each.id, f"withdraws {each.withdraws}" if each.withdraws else each.kind, each.by,
             page.at(each.at), each.words, "; ".join(_decision_words(each)), withdrawn.get(each.id, ""))
            for each in release.dossier.decisions
        ),
    )  # fmt: skip


def _decision_words(decision: Decision) -> Iterator[str]:
    for words, text in (
        ("outcome", decision.outcome),
        ("verification", decision.verification),
        ("issues", decision.issues),
        ("actions that remain", ", ".join(decision.actions)),
        ("to", decision.to),
        ("for", ", ".join(decision.scope)),
    ):
        if text:
            yield f"{words}: {text}"


def messages(page: Page, release: Release, paper: Paper) -> None:
    """What was to be told and until when, and every message that was sent, with its text."""
    page.section("Messages")
    if release.criteria or release.dossier.sent:
        page.table(
            ("Message", "To", "Due", "Sent", "Trouble"),
            (
                (MESSAGE_WORDS[each.message], each.audience, page.at(each.due),
                 page.at(each.sent.at) if each.sent else f"item ticked {page.at(each.ticked)}" if each.ticked
                 else "", each.why)
                for each in notices(release, paper.organisation.holidays)
            ),
        )  # fmt: skip
    for sent in release.dossier.sent:
        title = MESSAGE_WORDS.get(sent.message, sent.message)
        page.section(f"{sent.id}: {'withdrawn: ' if sent.withdraws else ''}{title}", 3).facts(
            ("When", page.at(sent.at)),
            ("By", sent.by),
            ("To", sent.to),
            ("Told the go-live", page.at(sent.go_live)),
            ("Withdraws", sent.withdraws),
        )
        page.quote(sent.text)


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
        page.section(f"Entry {entry.seq}: {entry.text}", 3).facts(*_facts(entry))
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
