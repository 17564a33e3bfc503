"""`relui definition`, `notes`, `test-summary`, `handoff` and `record`: what a release gives to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from relui.cli.options import Function, global_options, pass_session, release_argument
from relui.cli.session import Session

VIEWS = ("technical", "users")
PARTS = ("runbook", "briefing", "shift")
"""Documents that belong to the hand-off and can be had alone."""


def _to(what: str) -> Callable[[Function], Function]:
    words = f"Write it to {what} instead of printing it; nothing is overwritten."
    return click.option("--to", metavar="PATH", type=click.Path(), help=words)


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


@click.command("definition", help="Print the definition of the release ID as Markdown.")
@release_argument
@_to("this new file")
@global_options
@pass_session
def definition_command(session: Session, release: str, to: str | None) -> int:
    """What is released, when, how, and how to go back."""
    return _print(session, release, "definition", to)


@click.command("notes", help="Print the release notes of the release ID as Markdown.")
@release_argument
@click.option("--view", metavar="VIEW", default="", shell_complete=lambda *_: list(VIEWS),
              help="For whom: technical (until it is deployed, if not said) or users.")  # fmt: skip
@_to("this new file")
@global_options
@pass_session
def notes_command(session: Session, release: str, view: str, to: str | None) -> int:
    """Two views of one text."""
    return _print(session, release, "notes", to, view)


@click.command("test-summary", help="Print the test summary of the release ID as Markdown.")
@release_argument
@_to("this new file")
@global_options
@pass_session
def test_summary_command(session: Session, release: str, to: str | None) -> int:
    """Totals, defects, known issues, coverage, and what it advises."""
    return _print(session, release, "test-summary", to)


@click.command("handoff", help="Print the hand-off of the release ID, or write it as a folder and a zip.")
@release_argument
@click.option("--part", metavar="|".join(PARTS), type=click.Choice(PARTS),
              help="One page of it: the runbook, the briefing, or what a shift hands over.")  # fmt: skip
@_to("this new folder, with a zip beside it (a part: to this new file),")
@global_options
@pass_session
def handoff_command(session: Session, release: str, part: str | None, to: str | None) -> int:
    """The bundle for those who deploy."""
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


@click.command("record", help="Print the whole record of the release ID in one file, for an auditor.")
@release_argument
@_to("this new file")
@global_options
@pass_session
def record_command(session: Session, release: str, to: str | None) -> int:
    """Everything that is recorded, to the log's last entry, and whether it verifies."""
    return _print(session, release, "record", to)
