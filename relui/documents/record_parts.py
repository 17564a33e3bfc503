"""The parts of a dossier as an auditor reads them: all of them, also what was withdrawn or counts no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
from relui.domain.release import Release


def parts(page: Page, release: Release) -> None:
    """Changes, components, environments, runs with their cases, defects, items, contacts: every field."""
    for kind in KINDS.values():
        page.section(kind.plural[:1].upper() + kind.plural[1:])
        page.table(
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
    def told(name: str) -> str:
        value = getattr(part, name)
        return "" if value in (0, None, False) else str(value)

    if kind == "change":
        return (told("origin"),)
    if kind == "environment":
        promoted = getattr(part, "promoted")  # noqa: B009 - which struct it is follows from its kind
        return (page.at(promoted), told("by"), "yes" if told("access_verified") else "", told("iteration"))
    if kind == "test":
        return (told("iteration"),)
    return (told("iterations"),) if kind == "defect" else ()


def confirmations(page: Page, release: Release) -> None:
    """Every confirmation, and whether it still counts."""
    page.section("Confirmations")
    page.table(
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
        page.section(f"Build {each.id}")
        page.facts([("Followed by", f"build {int(each.id) + 1} on {page.at(each.ended)}: {each.why}")])
        page.facts([("Tag", each.tag), ("Build logs", each.logs)])
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
    page.section("Sign-offs")
    page.table(
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
        page.section(f"{gate.name}: {GATE_WORDS[gate.name]}", 3)
        page.table(
            ("Criterion", "Asks", "State", "Why"),
            ((line.criterion.id, line.criterion.words, line.state, line.why) for line in gate.lines),
        )
    page.section("Overrides")
    page.table(
        ("Criterion", "Build", "By", "When", "Reason"),
        (
            (each.criterion, str(each.iteration or ""), each.by, page.at(each.at), each.reason)
            for each in release.dossier.overrides
        ),
    )


def decisions(page: Page, release: Release) -> None:
    """Every decision, those withdrawn too."""
    withdrawn = {each.withdraws: each.id for each in release.dossier.decisions if each.withdraws}
    page.section("Decisions")
    page.table(
        ("Number", "What", "By", "When", "Words", "More", "Withdrawn by"),
        (
            (each.id, f"withdraws {each.withdraws}" if each.withdraws else each.kind, each.by,
             page.at(each.at), each.words, "; ".join(_told(each)), withdrawn.get(each.id, ""))
            for each in release.dossier.decisions
        ),
    )  # fmt: skip


def _told(decision: Decision) -> Iterator[str]:
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
        page.section(f"{sent.id}: {'withdrawn: ' if sent.withdraws else ''}{title}", 3)
        page.facts(
            [
                ("When", page.at(sent.at)),
                ("By", sent.by),
                ("To", sent.to),
                ("Told the go-live", page.at(sent.go_live)),
                ("Withdraws", sent.withdraws),
            ]
        )
        page.quote(sent.text)
