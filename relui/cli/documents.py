"""`relui definition`, `notes`, `handoff`, `record`, `message` ...: what a release gives to read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from relui.cli.acting import tell_record
from relui.cli.command import RELEASE, argument, command, option
from relui.cli.completing import message_names, release_ids
from relui.cli.session import Session
from relui.cli.shapes import picked

if TYPE_CHECKING:
    from relui.domain.dossier.notices import Notice


VIEWS = ("technical", "users")
PARTS = ("runbook", "briefing", "shift")
"""Documents that belong to the hand-off and can be had alone."""


def _to(what: str) -> Any:
    words = f"Write it to {what} instead of printing it; nothing is overwritten."
    return option(words, "PATH", type=click.Path())


def _print(session: Session, release: str, name: str, to: str | None, view: str = "") -> int:
    """Print a document, or write it to a new file and print the file's name."""
    desk = session.desk
    text = desk.document(release, name, view=view)
    told = {"id": desk.resolve(release), "document": name}
    if to is not None:
        file = str(desk.write_text(Path(to), text))
        if session.json:
            session.out.document({**told, "files": [file]})
        else:
            session.out.line(file)
    elif session.json:
        session.out.document({**told, "text": text})
    else:
        session.out.line(text.rstrip("\n"))
    return 0


@command("definition")
def definition_command(
    session: Session, release: str = RELEASE, to: str | None = _to("this new file")
) -> int:
    """Print the definition of the release ID as Markdown."""
    return _print(session, release, "definition", to)


@command("notes")
def notes_command(
    session: Session,
    release: str = RELEASE,
    view: str = option(
        "For whom: technical (until it is deployed, if not said) or users.",
        "VIEW",
        completing=lambda *_: list(VIEWS),
    ),
    to: str | None = _to("this new file"),
) -> int:
    """Print the release notes of the release ID as Markdown."""
    return _print(session, release, "notes", to, view)


@command("test-summary")
def test_summary_command(
    session: Session, release: str = RELEASE, to: str | None = _to("this new file")
) -> int:
    """Print the test summary of the release ID as Markdown."""
    return _print(session, release, "test-summary", to)


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
) -> int:
    """Print the hand-off of the release ID, or write it as a folder and a zip."""
    if part is not None:
        return _print(session, release, part, to)
    if to is None:
        return _print(session, release, "handoff", None)
    files = [str(path) for path in session.desk.write_handoff(release, Path(to))]
    if session.json:
        told = {"id": session.desk.resolve(release), "document": "handoff", "files": files}
        session.out.document(told)
        return 0
    for file in files:
        session.out.line(file)
    return 0


@command("record")
def record_command(session: Session, release: str = RELEASE, to: str | None = _to("this new file")) -> int:
    """Print the whole record of the release ID in one file, for an auditor.

    To the log's last entry, and whether it verifies.
    """
    return _print(session, release, "record", to)


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
        done = session.desk.withdraw_sent(release, name, withdraw)
        tell_record(session, done, "is not recorded as sent.")
        return 0
    made = session.desk.message(release, name)
    if session.json:
        shape = picked(made, "name subject text audience due")
        session.out.document({"id": session.desk.resolve(release), "message": shape})
    else:
        session.out.line(made.whole.rstrip("\n"))
    from relui.domain.dossier.notices import too_early

    if why := too_early(session.desk.open(release).release, made.name):
        session.out.word(f"Not to be sent yet: {why}")
    return 0


def _record(session: Session, release: str, name: str, to: str, when: str, text: str) -> int:
    """Record it as sent, then print what was recorded."""
    from relui.cli.booking import instant

    desk = session.desk
    at = instant(session, when, desk.open(release).release.zone)
    done = desk.record_sent(release, name, to, text=text or None, when=at)
    if not session.json:
        session.out.line(done.release.dossier.sent[-1].text)
    tell_record(session, done, "is recorded already.")
    return 0


def _print_notices(session: Session, short: str) -> int:
    from relui.cli.output import moment, table, terminal_width

    desk = session.desk
    release_id, zone = desk.resolve(short), desk.display_zone()
    notices = desk.notices(release_id)
    if session.json:
        session.out.document({"id": release_id, "messages": [notice_shape(each) for each in notices]})
        return 0
    rows = [("MESSAGE", "DUE", "SENT", "TO", "TROUBLE")]
    now = desk.clock.now()
    for each in notices:
        trouble = each.why or ("overdue" if each.overdue(now) else "")
        sent = moment(each.sent.at, zone) if each.sent else "-"
        if each.ticked:
            sent = f"ticked {moment(each.ticked, zone)}"
        rows.append(
            (each.message, moment(each.due, zone) if each.due else "-",
             sent, each.sent.to if each.sent else each.audience, trouble)
        )  # fmt: skip
    session.out.lines(table(rows, terminal_width()))
    return 0


def notice_shape(notice: Notice) -> dict[str, Any]:
    """A message that is owed: to whom, until when, and whether it was sent."""
    sent = notice.sent
    return {
        **picked(notice, "name=message audience due"),
        "sent": picked(sent, "at by to") if sent else None,
        **picked(notice, "ticked_at=ticked in_time why"),
    }


def _print_templates(session: Session) -> int:
    """All messages with their templates. Exit code 2 when one of them cannot be used."""
    from relui.cli.output import table, terminal_width

    checks, problems = session.desk.message_checks()
    bad = [check.problem for check in checks if check.problem]
    if session.json:
        shapes = [
            {**picked(each, "name title source path"),
             "problem": each.problem or None}
            for each in checks
        ]  # fmt: skip
        session.out.document({"templates": shapes, "problems": problems})
        return 2 if bad else 0
    rows = [("MESSAGE", "TITLE", "TEMPLATE")]
    rows += [(each.name, each.title, "bundled" if each.source == "bundled" else each.path) for each in checks]
    session.out.lines(table(rows, terminal_width()))
    for words in (*bad, *problems):
        session.out.word(words)
    return 2 if bad else 0
