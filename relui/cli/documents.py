"""`relui definition`, `notes`, `test-summary`, `handoff` and `record`: what a release gives to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from relui.cli.command import RELEASE, command, option
from relui.cli.session import Session

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
