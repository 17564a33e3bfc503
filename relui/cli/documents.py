"""`relui definition`, `notes`, `handoff`, `record`, `message` ...: what a release gives to read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from relui.cli.acting import tell_record
from relui.cli.command import FILE, RELEASE, argument, command, option
from relui.cli.completing import message_names, release_ids
from relui.cli.output import moment
from relui.cli.session import Session
from relui.cli.shapes import Shape, picked

if TYPE_CHECKING:
    from relui.domain.dossier.notices import Notice


PARTS = ("runbook", "briefing", "shift")
"""Documents that belong to the hand-off and can be had alone."""


def _to(what: str) -> Any:
    words = f"Write it to {what} instead of printing it; nothing is overwritten."
    return option(words, "PATH", type=FILE)


def tell_text(session: Session, document: Shape, text: str, to: str | None, *, mark: str = "") -> None:
    """Print a text, or write it behind `mark` to a new file and print the file's name."""
    if to is not None:
        file = str(session.desk.documents.write_text(Path(to), mark + text))
        if not session.answers({**document, "files": [file]}):
            session.out.line(file)
    elif not session.answers({**document, "text": text}):
        session.out.line(text.replace("\r\n", "\n").rstrip("\n"))


def _tell(session: Session, release: str, name: str, to: str | None, view: str = "") -> None:
    text = session.desk.documents.document(release, name, view=view)
    tell_text(session, {"id": session.desk.journal.resolve(release), "document": name}, text, to)


def _document(name: str, words: str) -> click.Command:
    def tell(session: Session, release: str = RELEASE, to: str | None = _to("this new file")) -> None:
        _tell(session, release, name, to)

    return command(name, words=words)(tell)


definition_command = _document("definition", "Print the definition of the release ID as Markdown.")
test_summary_command = _document("test-summary", "Print the test summary of the release ID as Markdown.")
record_command = _document("record", "Print the whole record of the release ID in one file, for an auditor.")


@command("notes")
def notes_command(
    session: Session,
    release: str = RELEASE,
    view: str = option(
        "For whom: technical (until it is deployed, if not said) or users.",
        "VIEW",
        completing=lambda *_: ["technical", "users"],
    ),
    to: str | None = _to("this new file"),
) -> None:
    """Print the release notes of the release ID as Markdown."""
    _tell(session, release, "notes", to, view)


@command("handoff")
def handoff_command(
    session: Session,
    release: str = RELEASE,
    part: str | None = option(
        "One page of it: the runbook, the briefing, or what a shift hands over.",
        "|".join(PARTS),
        type=click.Choice(PARTS),
    ),
    to: str | None = _to("this new folder, with a zip beside it (a part: to this new file),"),
) -> None:
    """Print the hand-off of the release ID, or write it as a folder and a zip."""
    if part is not None or to is None:
        _tell(session, release, part or "handoff", to)
        return
    files = [str(path) for path in session.desk.documents.write_handoff(release, Path(to))]
    document = {"id": session.desk.journal.resolve(release), "document": "handoff", "files": files}
    if not session.answers(document):
        session.out.lines([(file,) for file in files])


LIST = "list"


@command("message")
def message_command(
    session: Session,
    /,
    release: str = argument("ID", release_ids),
    name: str = argument("[NAME]", message_names),
    sent_to: str | None = option("Record it as sent, to whom.", "TEXT", default=None),
    when: str = option("When it was sent; now, when nothing is said.", "INSTANT"),
    text: str = option("What was sent, if it was not what is printed.", "TEXT"),
    withdraw: str | None = option(
        "It was not sent after all: withdraw the last record of it.", "REASON", default=None
    ),
) -> int:
    """Print the message NAME of the release ID; without NAME, what it owes to whom and until when. `message
    list` names all messages and checks their templates.
    """
    if release == LIST and not name:
        return _print_templates(session)
    if release == LIST:
        release, name = name, ""
    if sent_to is None and (when or text):
        raise click.UsageError("--when and --text belong to --sent-to.")
    if sent_to is not None and withdraw is not None:
        raise click.UsageError("Either --sent-to or --withdraw.")
    if not name:
        if sent_to is not None or withdraw is not None:
            raise click.UsageError("Say which message: relui message ID NAME.")
        return _print_notices(session, release)
    if sent_to is not None:
        return _record(session, release, name, sent_to, when, text)
    if withdraw is not None:
        done = session.desk.documents.withdraw_sent(release, name, withdraw)
        tell_record(session, done, "is not recorded as sent.")
        return 0
    made = session.desk.documents.message(release, name)
    shape = picked(made, "name subject text audience due")
    if not session.answers({"id": session.desk.journal.resolve(release), "message": shape}):
        session.out.line(made.whole.rstrip("\n"))
    from relui.domain.dossier.notices import too_early

    if why := too_early(session.release(release), made.name):
        session.out.word(f"Not to be sent yet: {why}")
    return 0


def _record(session: Session, release: str, name: str, to: str, when: str, text: str) -> int:
    """Record it as sent, then print what was recorded."""
    from relui.cli.booking import instant_for

    desk = session.desk
    at = instant_for(session, when, release)
    done = desk.documents.record_sent(release, name, to, text=text or None, when=at)
    if not session.json:
        session.out.line(done.release.dossier.sent[-1].text)
    tell_record(session, done, "is recorded already.")
    return 0


def _print_notices(session: Session, release: str) -> int:
    desk = session.desk
    release_id, zone, now = desk.journal.resolve(release), desk.organisation.display_zone(), desk.clock.now()
    notices = desk.documents.notices(release_id)
    if session.answers({"id": release_id, "messages": [notice_shape(each) for each in notices]}):
        return 0

    def row(each: Notice) -> Sequence[str]:
        sent = moment(each.sent.at, zone) if each.sent else "-"
        return (
            each.message,
            moment(each.due, zone) if each.due else "-",
            f"ticked {moment(each.ticked, zone)}" if each.ticked else sent,
            each.sent.to if each.sent else each.audience,
            each.why or ("overdue" if each.overdue(now) else ""),
        )

    session.out.table(("MESSAGE", "DUE", "SENT", "TO", "TROUBLE"), map(row, notices))
    return 0


def notice_shape(notice: Notice) -> Shape:
    """A message that is owed: to whom, until when, and whether it was sent."""
    sent = notice.sent
    return {
        **picked(notice, "name=message audience due"),
        "sent": picked(sent, "at by to") if sent else None,
        **picked(notice, "ticked_at=ticked in_time why"),
    }


def _print_templates(session: Session) -> int:
    """All messages with their templates. Exit code 2 when one of them cannot be used."""
    checks, problems = session.desk.documents.message_checks()
    bad = [check.problem for check in checks if check.problem]
    shapes = [{**picked(each, "name title source path"), "problem": each.problem or None} for each in checks]
    if not session.answers({"templates": shapes, "problems": problems}):
        rows = (
            (each.name, each.title, each.path if each.source != "bundled" else each.source) for each in checks
        )
        session.out.table(("MESSAGE", "TITLE", "TEMPLATE"), rows)
        session.out.words((*bad, *problems))
    return 2 if bad else 0
