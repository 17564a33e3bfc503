"""The whole record of a release in one file, for an auditor [section 7 of the domain].

Who did what when, on what grounds and evidence; what was signed and has gone stale since; what was passed,
decided, sent and booked; and the log to its last entry, with whether it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from relui.documents.facts import Paper, duration_words
from relui.documents.page import Page
from relui.documents.record_parts import (
    confirmations,
    decisions,
    earlier_builds,
    gates,
    log,
    messages,
    parts,
    signoffs,
)
from relui.domain.checklist import Kept, State
from relui.domain.closing import ADDITIONS
from relui.domain.dossier.gates import Gate
from relui.domain.editing import FIELDS, field_text
from relui.domain.learning.metrics import metrics
from relui.domain.log import Entry, IntegrityCheck
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.slot_hold import stand_of


class Evidence(Struct, frozen=True, kw_only=True):
    """What an auditor's file tells beside the release: its log, whether that holds, and its gates now.

    `lost` are the calendar's words for key people who are away: they can make a go stale.
    """

    entries: Sequence[Entry]
    verdict: IntegrityCheck
    gates: tuple[Gate, ...] = ()
    lost: tuple[str, ...] = ()
    archived: bool = False
    files: tuple[tuple[Kept, bool], ...] = ()
    """The files that are named as evidence, and whether they are there."""


def record_markdown(release: Release, evidence: Evidence, paper: Paper) -> str:
    """Everything that is recorded on a release; times in the paper's zone, those of the log in UTC."""
    page = Page(f"Record: {release.id}, {release.title}", paper.zone)
    page.facts(
        ("Written", f"{page.at(paper.now)} ({paper.zone})"),
        ("Kept", "in the archive, read-only" if evidence.archived else "among the active releases"),
    )
    _metrics(page, release, paper)
    _verification(page, evidence.verdict)
    _fields(page, release)
    _bookings(page, release, paper.now)
    _checklist(page, release)
    parts(page, release)
    confirmations(page, release)
    earlier_builds(page, release)
    signoffs(page, release, evidence.lost)
    gates(page, release, evidence.gates)
    decisions(page, release)
    messages(page, release, paper)
    _closing(page, release, evidence.entries)
    _evidence(page, evidence.files)
    log(page, evidence.entries)
    return page.whole


def _evidence(page: Page, files: Sequence[tuple[Kept, bool]]) -> None:
    """Where the files lie that the record names as evidence."""
    if not files:
        return
    page.section("Files of evidence").text("In the data folder of relui, each named by its SHA-256.")
    page.table(
        ("Name", "File"),
        ((kept.name, f"evidence/{kept.digest}{'' if there else ' (not here)'}") for kept, there in files),
    )


def _verification(page: Page, verdict: IntegrityCheck) -> None:
    page.section("Verification").text(
        "The record is intact: state, log and evidence agree, and nothing was altered outside relui."
        if verdict.intact
        else "The record does not verify. It was altered outside relui, or is damaged:"
    )
    page.bullets(verdict.problems)
    simulated = f"{verdict.simulated}, made under a clock that was set by hand" if verdict.simulated else ""
    page.facts(("Entries", str(verdict.entries)), ("Simulated entries", simulated), ("Seal", verdict.seal))


def _fields(page: Page, release: Release) -> None:
    page.section("Release")
    facts = [
        ("identifier", release.id),
        *((name, field_text(release, name)) for name in FIELDS),
        ("emergency criterion", release.emergency_criterion),
        ("zone", release.zone),
        ("template", release.template),
        ("packs", ", ".join(release.packs)),
        ("left out", ", ".join(release.without)),
        *((f"value {name}", ", ".join(values)) for name, values in release.values.items()),
        ("criteria", ", ".join(release.criteria)),
        ("stage", release.dossier.stage),
        ("build", str(release.dossier.iteration) if release.dossier.iteration > 1 else ""),
        ("created", f"{page.at(release.created_at)} by {release.created_by}"),
        ("copied from", release.copied_from),
    ]
    page.facts(*((name[:1].upper() + name[1:].replace("-", " "), text) for name, text in facts))


def _metrics(page: Page, release: Release, paper: Paper) -> None:
    """What happened, on one page: the figures of the release before anything else [S1.34]."""
    found = metrics(release, paper.organisation.policy.on_time_tolerance)
    page.section("Metrics").table(
        ("", "Planned", "Actual"),
        [
            ("Start", page.at(found.planned_start), page.at(found.actual_start) or "not started"),
            ("End", page.at(found.planned_end), page.at(found.actual_end) or "not completed"),
            ("Duration", duration_words(found.planned_minutes), _took(found.actual_minutes)),
        ],
    )
    in_test = [f"{count} {severity}" for severity, count in found.defects.items() if count]
    page.facts(
        ("Outcome", release.closing.outcome if release.closing else "not closed"),
        ("On time", _yes_no(found.on_time, "not known: it never started")),
        ("Rolled back", _yes_no(found.rolled_back)),
        ("Changes", str(found.changes)),
        ("Defects in test", ", ".join(in_test) or "0"),
        ("Defects after deployment", str(found.escaped)),
        ("Satisfaction", "not measured" if found.satisfaction is None else str(found.satisfaction)),
    )
    page.section("Services and regions", 3).table(("Name", "State"), release.dossier.progress.items())


def _took(minutes: int | None) -> str:
    return "" if minutes is None else duration_words(minutes)


def _yes_no(value: bool | None, unknown: str = "") -> str:
    return unknown if value is None else "yes" if value else "no"


def _bookings(page: Page, release: Release, now: datetime) -> None:
    page.section("Slots").table(
        ("Number", "From", "To", "Environment", "State", "Booked", "By", "Exception", "Approval asked of",
         "Why", "Passed", "Displaced", "Displaced by"),
        (
            (str(each.counter), page.at(each.at), page.at(each.end), each.environment,
             stand_of(release, now) if each is release.booking else each.held,
             page.at(each.booked_at), each.booked_by, each.exception, each.approver, each.why,
             "; ".join(each.passed), ", ".join(each.displaced), each.displaced_by)
            for each in release.bookings
        ),
    )  # fmt: skip


def _checklist(page: Page, release: Release) -> None:
    page.section("Checklist")
    for phase in Outline(release).phases:
        page.section(f"{phase.text}: {phase.done} of {phase.total}", 3).table(
            ("Item", "Path", "State", "By", "When", "Grounds"),
            (
                (leaf.text, leaf.path, leaf.state.name.lower().replace("_", " "), leaf.mark.by,
                 page.at(leaf.mark.at), "; ".join(_grounds(page, release, leaf)))
                for leaf in phase.leaves()
            ),
        )  # fmt: skip


def _grounds(page: Page, release: Release, leaf: Node) -> Iterator[str]:
    """Why a leaf is as it is: by a fact, late, for a reason, with a note, evidence and values."""
    mark = leaf.mark
    if mark.bound:
        yield "by a fact"
    if mark.late:
        yield "late"
    if mark.done_at:
        yield f"really done {page.at(mark.done_at)}"
    if mark.reason:
        yield f"reason: {mark.reason}"
    if mark.note:
        yield f"note: {mark.note}"
    yield from (f"evidence: {piece}" for piece in mark.evidence)
    yield from (f"{name}: {value}" for name, value in mark.fields.items())
    if release.closing is not None and leaf.state is State.OPEN:
        left = release.closing.left_open.get(leaf.path, "")
        yield f"left open: {left}" if left else "left open"


def _closing(page: Page, release: Release, entries: Sequence[Entry]) -> None:
    closing, retro = release.closing, release.retrospective
    page.section("Closing")
    if closing is not None:
        page.facts(
            ("Outcome", closing.outcome),
            ("Closed", f"{page.at(closing.at)} by {closing.by}"),
            ("Reason", closing.reason),
        )
    page.section("Retrospective").facts(
        ("Went well", retro.well), ("Was hard", retro.hard), ("Changes next release", retro.next)
    )
    added = [entry for entry in entries if entry.act in ADDITIONS]
    if added:
        page.section("Added after the closing").facts(
            *[(page.at(entry.at), f"{entry.name} {entry.text}") for entry in added]
        )
