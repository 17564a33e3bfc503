"""The record's tabs of sign-offs and of communication [S1.4, S1.21 - S1.25]."""

from __future__ import annotations

from relui.domain.dossier.notices import MESSAGE_WORDS, Notice, last_sent, notices
from relui.domain.dossier.parts import Sent, SignOff, Subject
from relui.domain.dossier.signers import required_signers
from relui.domain.dossier.signoffs import SUBJECT_WORDS, SUBJECTS, StandingSignOff, state_of
from relui.ui.kit.rows import Row, RowState, section
from relui.ui.kit.times import relative
from relui.ui.record.view import View, point_rows

SIGNED_FOR: dict[Subject, tuple[str, ...]] = {
    "definition": ("definition-signed",),
    "test-plan": ("test-plan-signed",),
    "acceptance": ("acceptance-signed",),
    "readiness": ("readiness-reviewed",),
    "go": ("go-decided", "emergency-cab-signed"),
    "exception": (),
}
"""A subject -> the criteria that ask for its sign-off."""
_VERBS = {"approve": "approved", "reject": "rejected", "withdraw": "withdrew"}


def subjects_of(view: View) -> tuple[Subject, ...]:
    """The subjects that a criterion asks for, or that somebody decided about."""
    given = {signoff.subject for signoff in view.release.dossier.signoffs}
    booking = view.release.booking
    return tuple(
        subject
        for subject in SUBJECTS
        if subject in given
        or view.asks(*SIGNED_FOR[subject])
        or (subject == "exception" and booking is not None and booking.exception)
    )


def signing_rows(view: View) -> list[Row]:
    """Each subject with who has to sign, and every decision about it, those that count no more as well."""
    rows: list[Row] = []
    for subject in subjects_of(view):
        title = f"{SUBJECT_WORDS[subject][:1].upper()}{SUBJECT_WORDS[subject][1:]}"
        found = [_subject_row(view, subject), *_signoff_rows(view, subject)]
        rows += section(f"subject:{subject}", title, found)
    if not rows:
        rows = section("subject:none", "Sign-offs", [], "no criterion asks for one; S signs all the same")
    return rows


def _subject_row(view: View, subject: Subject) -> Row:
    lost = view.context.lost if subject == "go" else ()
    stand = state_of(view.release, subject, lost)
    organisation = view.context.organisation
    who = " and ".join(each.words for each in required_signers(subject, view.release, organisation))
    if stand.signed:
        return Row("subject", subject, "Signed", "", "met", "signed")
    if stand.rejections:
        words = f"by {stand.rejections[0].signoff.by}: {stand.rejections[0].signoff.comment}"
        return Row("subject", subject, "Rejected", words, "bad", "rejected")
    if stand.stale:
        words = f"{'; '.join(stand.stale[0].causes)}. To be signed again by {who}"
        return Row("subject", subject, "Stale", words, "stale", "stale")
    some = any(each.fresh for each in stand.standing)
    return Row(
        "subject",
        subject,
        "Not signed yet",
        f"to be signed by {who}",
        "unmet",
        "partly signed" if some else "",
    )


def _signoff_rows(view: View, subject: Subject) -> list[Row]:
    lost = view.context.lost if subject == "go" else ()
    standing = {each.signoff.id: each for each in state_of(view.release, subject, lost).standing}
    return [
        _signoff_row(view, signoff, standing.get(signoff.id))
        for signoff in reversed(view.release.dossier.signoffs)
        if signoff.subject == subject
    ]


def _signoff_row(view: View, signoff: SignOff, stands: StandingSignOff | None) -> Row:
    who = f"{signoff.by} (for {signoff.acting_for})" if signoff.acting_for else signoff.by
    name = f"{who} {_VERBS[signoff.verdict]}"
    words = " ".join(signoff.comment.split())
    moment = view.when(signoff.at)
    if stands is None:
        tail = "" if signoff.verdict == "withdraw" else "superseded"
        return Row("signoff", signoff.id, name, words, "left-out", tail, moment)
    if not stands.fresh:
        return Row("signoff", signoff.id, name, "; ".join(stands.causes), "stale", "stale", moment)
    state: RowState = "met" if signoff.verdict == "approve" else "bad"
    return Row("signoff", signoff.id, name, words, state, "counts", moment)


def communication_rows(view: View) -> list[Row]:
    """The messages that the release owes, those it may send, and what was sent."""
    owed = notices(view.release, view.context.organisation.holidays)
    names = {notice.message for notice in owed}
    rows = section("message", "Messages owed", [_notice_row(view, notice) for notice in owed])
    others = [_other_row(view, name) for name in MESSAGE_WORDS if name not in names]
    rows += section("message-other", "Other messages", others, "not owed now") if others else []
    rows += point_rows(view, "notes")
    sent = [_sent_row(view, each) for each in reversed(view.release.dossier.sent)]
    return rows + section("sent", "Sent", sent, "" if sent else "nothing yet")


def _notice_row(view: View, notice: Notice) -> Row:
    name = MESSAGE_WORDS[notice.message]
    if notice.sent is not None and not notice.why:
        tail = f"sent {view.when(notice.sent.at)}"
        return Row("message", notice.message, name, f"to {notice.sent.to}", "met", tail)
    if notice.sent is not None:
        return Row("message", notice.message, name, notice.why, "stale", "sent late")
    words = f"to {notice.audience}" + (f"; {notice.why}" if notice.why else "")
    if notice.ticked is not None:
        tail = f"ticked {view.when(notice.ticked)}"
        return Row("message", notice.message, name, f"{words}; not recorded as sent", "plain", tail)
    if notice.due is None:
        return Row("message", notice.message, name, words, "plain", "after completion")
    due = f"due {view.when(notice.due)}"
    if notice.overdue(view.now):
        governed = bool(view.lines)
        return Row("message", notice.message, name, words, "bad" if governed else "plain", "overdue", due)
    state: RowState = "stale" if notice.why else "unmet" if view.lines else "plain"
    return Row("message", notice.message, name, words, state, f"due {relative(notice.due, view.now)}", due)


def _other_row(view: View, message: str) -> Row:
    sent = last_sent(view.release, message)
    state: RowState = "met" if sent else "plain"
    tail = f"sent {view.when(sent.at)}" if sent else ""
    return Row("message", message, MESSAGE_WORDS[message], f"to {sent.to}" if sent else "", state, tail)


def _sent_row(view: View, sent: Sent) -> Row:
    name = MESSAGE_WORDS.get(sent.message, sent.message)
    withdrawn = any(each.withdraws == sent.id for each in view.release.dossier.sent)
    if sent.withdraws:
        words = f"{sent.by} withdrew {sent.withdraws}: {' '.join(sent.text.split())}"
        return Row("sent", sent.id, name, words, "left-out", "withdrawal", view.when(sent.at))
    words = f"{sent.by} to {sent.to}"
    state: RowState = "left-out" if withdrawn else "met"
    tail = "withdrawn" if withdrawn else view.when(sent.at)
    return Row("sent", sent.id, name, words, state, tail)
