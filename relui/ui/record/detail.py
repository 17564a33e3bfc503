"""The panel beside the record's rows: all about the line under the cursor, and which help it calls for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from textual.content import Content

from relui.domain.checklist import evidence_words
from relui.domain.dossier.assessment import assess
from relui.domain.dossier.changes import CHECK_WORDS, verify_change
from relui.domain.dossier.criteria import NEVER_OVERRIDDEN
from relui.domain.dossier.editing import part_named
from relui.domain.dossier.environments import PURPOSES
from relui.domain.dossier.fields import KINDS
from relui.domain.dossier.notices import MESSAGE_WORDS, last_sent
from relui.domain.dossier.package import CATEGORY_OF, component_gaps, kind_words
from relui.domain.dossier.parts import Change, Component, SignOff, Subject
from relui.domain.dossier.points import POINTS, confirmation, doubts
from relui.domain.dossier.signers import confirmed_words, ready_words, required_signers
from relui.domain.dossier.signoffs import APPROVAL_POINTS, SUBJECT_WORDS, state_of, subject_named
from relui.domain.dossier.stages import GATE_WORDS
from relui.domain.editing import field_text
from relui.domain.history import undone_by
from relui.domain.learning.trouble import of_part, of_rollback
from relui.domain.outline import Outline
from relui.domain.ruling import told_once
from relui.ui.kit.rows import ROW_MARKS, ROW_WORDS, Row, sign_of
from relui.ui.kit.text import line, paragraphs
from relui.ui.one_release.detail import EntryView, entry_detail
from relui.ui.one_release.places import DEFINITION_LABELS, PACKAGE_LABELS
from relui.ui.record.gate_rows import criterion_of
from relui.ui.record.signing_rows import SIGNED_FOR
from relui.ui.record.view import GROUP_CRITERIA, View

_WRONG = ("unmet", "stale", "bad")
_ONCE_BEGUN = ("completion-confirmed",)
"""Criteria that call for no help before the deployment has begun: nobody expects them to be met."""


def troubles_of(view: View, row: Row) -> tuple[str, ...]:
    """The situations that a line shows; nothing when it is met, not asked for yet, or of a closed release."""
    if view.release.closed or row.is_heading:
        return ()
    if row.kind in KINDS:
        found = of_part(part_named(view.release, row.kind, row.id))
        return found or (("environment",) if row.kind == "environment" and row.state in _WRONG else ())
    if row.kind == "act" and row.id == "rollback":
        return of_rollback(view.release, view.now)
    if row.state not in _WRONG:
        return ()
    if row.kind == "subject":
        refused = ("rejected",) if row.id == "acceptance" and row.state != "unmet" else ()
        return refused or tuple(name for name in SIGNED_FOR.get(row.id, ()) if view.asks(name))  # type: ignore[call-overload]  # a subject's name
    if row.kind == "place":
        return ("post-deploy",) if row.state == "bad" else ()
    began = view.release.started_at is not None
    return tuple(name for name in _criteria(row) if view.asks(name) and (began or name not in _ONCE_BEGUN))


def _criteria(row: Row) -> tuple[str, ...]:
    """The criteria that a line stands for, or is asked for by."""
    if row.kind == "criterion":
        return (criterion_of(row),)
    if row.kind == "point":
        return GROUP_CRITERIA.get(row.id.partition(".")[0], ())
    if row.kind == "act":
        return {"go": ("go-decided",), "complete": ("completion-confirmed",)}.get(row.id, ())
    return {"slot": ("slot-booked",), "summary": ("test-summary-proceeds",)}.get(row.kind, ())


Lines = list[Content]


def detail_of(view: View, row: Row, signs: str = "ascii") -> Lines:
    """Lines, not yet folded to a width: what it is, how it stands, what was recorded, which keys lead on."""
    made = _DETAILS.get(row.kind)
    if made is None and row.kind in KINDS:
        made = _part
    lines = made(view, row, signs) if made else _plain(view, row, signs)
    keys = READING_KEYS.get(row.kind, ()) if view.release.closed else key_words(row)
    return [*lines, line(""), *(line((words, "muted")) for words in keys)] if keys else lines


READING_KEYS = {
    "slot": ("Enter goes to the calendar.",),
    "criterion": ("Enter leads to where it was met.",),
    "message": ("Enter shows it, y copies it.",),
}
"""What the keys do on a row of a release that is closed: nothing of it changes any more."""


def key_words(row: Row) -> tuple[str, ...]:
    """What the keys do on a row, a sentence each."""
    if row.kind in KINDS:
        more = {
            "environment": "Space records the promotion.",
            "change": "Space says that its owner is ready.",
        }
        words = ["Enter edits, c adds, Del removes."]
        return (*words, more[row.kind]) if row.kind in more else tuple(words)
    return {
        "heading": ("c adds here." if row.id in KINDS else "",),
        "field": ("Enter edits.",),
        "slot": ("Enter goes to the calendar.",),
        "point": ("Space or Enter confirms, o takes it back.",),
        "subject": ("Enter signs or rejects, o withdraws your decision.",),
        "signoff": ("Enter signs the subject, o withdraws your decision.",),
        "criterion": ("Enter leads to where it is met, O overrides it.",),
        "message": ("Enter shows it, Space records it as sent, y copies it, o withdraws that.",),
        "sent": ("o withdraws it, with a reason.",),
        "coverage": ("Enter adds a test run of this category.",),
        "undeclared": ("Enter adds it, Space says why it is not needed (on the heading: all of them).",),
        "missing-contact": ("Enter names it.",),
        "act": ("Enter does it, D shows everything that can be decided.",),
        "decision": ("o withdraws it, with a reason.",),
        "place": ("Enter records how far it is.",),
    }.get(row.kind, ())


def _state(row: Row, signs: str) -> Content:
    if row.state == "plain":
        return line((row.tail, "muted"))
    mark = ROW_MARKS[row.state]
    word = row.tail or ROW_WORDS[row.state]
    return line((sign_of(row.state, signs), mark), " ", (word, mark))


def _plain(view: View, row: Row, signs: str) -> Lines:
    lines = [line((row.name, "bold text"))]
    if not row.is_heading:
        lines.append(_state(row, signs))
    return [*lines, *(paragraphs(row.words) if row.words else [])]


def _pairs(pairs: Iterable[tuple[str, str]]) -> Lines:
    lines: Lines = []
    for label, text in pairs:
        if "\n" in text:
            lines += [line((f"{label}:", "muted")), *paragraphs(text, indent="  ")]
        elif text:
            lines.append(line((f"{label}: ", "muted"), text))
    return lines


def _part(view: View, row: Row, signs: str) -> Lines:
    kind = KINDS[row.kind]
    part = part_named(view.release, row.kind, row.id)
    texts = kind.texts(part, view.release.zone)
    lines = [line((row.id, "bold text")), _state(row, signs)]
    if "evidence" in texts:
        texts |= {"evidence": evidence_words(texts["evidence"])}
    lines += _pairs((field.label, texts[field.name]) for field in kind.fields)
    if isinstance(part, Change):
        lines += _verifications(view, part, signs)
    if isinstance(part, Component):
        lines += [line(("! ", "overdue"), gap.text) for gap in component_gaps(view.release, part)]
    if row.kind == "environment":
        purpose = PURPOSES.get(row.id.casefold())
        if purpose is not None:
            lines.append(line((f"{purpose.who}; {purpose.data}; {purpose.network}", "muted")))
    owed = view.why(row.kind, row.id)
    if owed and row.kind not in ("change", "component"):
        lines.append(line(("! ", "overdue"), owed))
    return lines


def _verifications(view: View, change: Change, signs: str) -> Lines:
    lines: Lines = [line("")]
    for each in verify_change(view.release, change, view.context.earlier):
        state = "met" if each.holds else "unmet"
        sign = (sign_of(state, signs), ROW_MARKS[state])  # type: ignore[arg-type,index]  # one of two states
        why = each.why or (ready_words(change) if each.check == "ready" else "")
        lines.append(line(sign, " ", CHECK_WORDS[each.check], (f": {why}" if why else "", "muted")))
    if change.origin:
        lines.append(line((f"taken over from {change.origin}", "muted")))
    return lines


def _field(view: View, row: Row, signs: str) -> Lines:
    text = field_text(view.release, row.id)
    lines = [line((row.name, "bold text"))]
    if row.state != "plain":
        lines.append(_state(row, signs))
    lines += paragraphs(text) if text else [line(("(empty)", "muted"))]
    owed = view.why("edit", row.id)
    return [*lines, line(("! ", "overdue"), owed)] if owed else lines


def _point(view: View, row: Row, signs: str) -> Lines:
    point = POINTS[row.id]
    lines = [line((point.words, "bold text")), _state(row, signs)]
    lines += _pairs((("usually confirmed by", point.role), ("the note tells", point.note)))
    given = confirmation(view.release, row.id)
    if given is None:
        return [*lines, line((row.id, "muted"))]
    lines += [line(f"confirmed by {confirmed_words(given)}, {view.when(given.at)}")]
    lines += _pairs((("note", given.note), ("evidence", evidence_words(given.evidence))))
    lines += [line(("counts no more: ", "overdue"), cause) for cause in doubts(view.release, given)]
    return [*lines, line((row.id, "muted"))]


def _subject(view: View, row: Row, signs: str) -> Lines:
    subject = subject_named(row.id)
    lines = [line((f"Sign-off: {SUBJECT_WORDS[subject]}", "bold text")), _state(row, signs)]
    lines += paragraphs(row.words) if row.words else []
    lines.append(_signers(view, subject))
    points = APPROVAL_POINTS.get(subject, {})
    if points:
        lines += [line(""), line(("An approval confirms:", "muted"))]
        lines += [line("  ", words) for words in points.values()]
    return lines


def _signers(view: View, subject: Subject) -> Content:
    """Who signed, or while it is not signed who has to."""
    lost = view.context.lost if subject == "go" else ()
    stand = state_of(view.release, subject, lost)
    if stand.signed:
        names = ", ".join(_who(each.signoff) for each in stand.standing if each.approves)
        return line(("signed by: ", "muted"), names)
    who = required_signers(subject, view.release, view.context.organisation)
    return line(("to be signed by: ", "muted"), " and ".join(each.words for each in who))


def _who(signoff: SignOff) -> str:
    return f"{signoff.by} (for {signoff.acting_for})" if signoff.acting_for else signoff.by


def _signoff(view: View, row: Row, signs: str) -> Lines:
    signoff = next(each for each in view.release.dossier.signoffs if each.id == row.id)
    known = APPROVAL_POINTS.get(signoff.subject, {})
    lines = [
        line((f"{row.name}: {SUBJECT_WORDS[signoff.subject]}", "bold text")),
        _state(row, signs),
        line(f"{view.when(signoff.at)} ({signoff.id})"),
    ]
    lines += _pairs((("as", ", ".join(signoff.roles)), ("comment", signoff.comment)))
    lines += [line("  ", ("confirmed: ", "muted"), known.get(name, name)) for name in signoff.confirmed]
    if row.state == "stale":
        lines += [line(("stale: ", "overdue"), row.words)]
    return lines


def _criterion(view: View, row: Row, signs: str) -> Lines:
    found = view.lines[criterion_of(row)]
    criterion = found.criterion
    lines = [line((criterion.words, "bold text")), _state(row, signs)]
    if found.override is not None:
        lines.append(line(f"overridden by {found.override.by}, {view.when(found.override.at)}"))
        lines += paragraphs(found.override.reason, indent="  ")
        if found.state == "met":
            lines.append(line(("It is met by now.", "muted")))
    texts = told_once(found.gaps)
    lines += [line("  - ", text) for text in texts[:12]]
    if len(texts) > 12:
        lines.append(line((f"  and {len(texts) - 12} more", "muted")))
    gates = " and ".join(GATE_WORDS[name] for name in criterion.gates)
    lines += [line(""), line(("asked ", "muted"), gates), line((f"{criterion.id}", "muted"))]
    if criterion.id in NEVER_OVERRIDDEN and not view.release.is_emergency:
        lines.append(line(("It cannot be overridden outside an emergency.", "muted")))
    return lines


def _message(view: View, row: Row, signs: str) -> Lines:
    lines = [line((MESSAGE_WORDS[row.id], "bold text")), _state(row, signs)]
    lines += [line((row.extra, "text"))] if row.extra else []
    lines += paragraphs(row.words) if row.words else []
    sent = last_sent(view.release, row.id)
    if sent is not None:
        lines += [line(f"sent by {sent.by} to {sent.to}, {view.when(sent.at)}")]
        lines += [line(""), *paragraphs(sent.text)] if sent.text else []
    return lines


def _sent(view: View, row: Row, signs: str) -> Lines:
    sent = next(each for each in view.release.dossier.sent if each.id == row.id)
    lines = [
        line((row.name, "bold text")),
        line(f"{view.when(sent.at)} by {sent.by} to {sent.to} ({sent.id})"),
    ]
    return [*lines, line(""), *paragraphs(sent.text)] if sent.text else lines


def _decision(view: View, row: Row, signs: str) -> Lines:
    found = next(each for each in view.release.dossier.decisions if each.id == row.id)
    lines = [line((row.name, "bold text")), line(f"{view.when(found.at)} by {found.by} ({found.id})")]
    if row.state == "left-out":
        lines.append(line(("withdrawn", "muted")))
    pairs = [
        ("scope", ", ".join(found.scope)),
        ("to", found.to),
        ("outcome", found.outcome),
        ("reason" if found.kind != "decide" else "decision", found.words),
        ("verification", found.verification),
        ("issues", found.issues),
        ("actions that remain", "\n".join(found.actions)),
    ]
    return lines + _pairs(pairs)


def _summary(view: View, row: Row, signs: str) -> Lines:
    found = assess(view.release)
    word = "Proceed" if found.proceed else "Halt"
    lines = [line((f"Test summary: {word}", "bold text")), line(row.words)]
    lines += [line(("! ", "overdue"), why) for why in found.halts]
    if found.cautions:
        lines += [line(""), line(("To think about", "accent")), *(line("  ", why) for why in found.cautions)]
    lines += [line(""), line(("Defects", "accent"))]
    lines += [line(f"  {each.severity}: {each.total}, {each.open} open") for each in found.defects]
    if found.known_issues:
        lines += [line(""), line(("Known issues", "accent"))]
        for issue in found.known_issues:
            lines += [line("  ", issue.id, ": ", issue.summary), line("    ", (issue.risk, "muted"))]
    return lines


def _undeclared(view: View, row: Row, signs: str) -> Lines:
    category = CATEGORY_OF[row.id]
    return [
        line((f"Are {kind_words(row.id)} needed?", "bold text")),
        line((f"{category} / {row.id}", "muted")),
        line("A complete package says of each of the sixteen kinds whether it is there or not needed."),
    ]


def _entry(view: View, row: Row, signs: str) -> Lines:
    entry = next(each for each in view.entries if str(each.seq) == row.id)
    why = "" if entry.reversible else "It is not undone; what it did is withdrawn by a new entry."
    undone = undone_by(view.entries).get(entry.seq, 0)
    outline = Outline(view.release)
    return entry_detail(entry, EntryView(outline, view.zone, view.now, undone, why, "u", signs))


_DETAILS: Mapping[str, Callable[[View, Row, str], Lines]] = {
    "field": _field,
    "point": _point,
    "subject": _subject,
    "signoff": _signoff,
    "criterion": _criterion,
    "message": _message,
    "sent": _sent,
    "decision": _decision,
    "summary": _summary,
    "undeclared": _undeclared,
    "entry": _entry,
}
LABELS = {**DEFINITION_LABELS, **PACKAGE_LABELS, "test-plan": "Test plan"}
"""Fields of the release that the record shows, with what people call them."""
