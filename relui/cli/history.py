"""`relui undo`, `redo` and `log`: what was done, and taking it back."""

from __future__ import annotations

import click

from relui.cli.acting import tell
from relui.cli.command import RELEASE, command, option
from relui.cli.session import Session
from relui.domain.log import Entry


@command("undo")
def undo_command(
    session: Session,
    release: str = RELEASE,
    entry: int | None = option("Which act; anybody's.", "N", type=click.IntRange(min=1)),
) -> None:
    """Take back your own last act on the release ID, or the act number N of its log."""
    tell(session, session.desk.undo(release, entry), "")


@command("redo")
def redo_command(session: Session, release: str = RELEASE) -> None:
    """Do again what your last undo on the release ID took back."""
    tell(session, session.desk.redo(release), "")


@command("log")
def log_command(session: Session, release: str = RELEASE) -> None:
    """Print the log of the release ID, oldest first.

    Every act: when, who (the account beside the name), what, why.
    """
    opened = session.desk.open(release)
    if session.json:
        from relui.cli.shapes import entries

        session.out.document(entries(opened.release.id, opened.entries))
        return
    from relui.cli.wording import table
    from relui.domain.history import undone_by

    zone = session.desk.display_zone()
    undone = undone_by(opened.entries)
    rows = [("#", f"WHEN ({zone})", "WHO", "WHAT")]
    rows += [_row(entry, zone, undone.get(entry.seq)) for entry in opened.entries]
    session.out.lines(table(rows, None))


def _row(entry: Entry, zone: str, undone: int | None) -> tuple[str, str, str, str]:
    from relui.cli.wording import moment

    what = entry.text + (f": {entry.reason}" if entry.reason else "")
    if undone is not None:
        what += f" [undone by {undone}]"
    if entry.simulated:
        what += " [simulated clock]"
    return str(entry.seq), moment(entry.at, zone, seconds=True), entry.actor.words, what
