"""`relui undo`, `redo` and `log`: what was done, and taking it back."""

from __future__ import annotations

import click

from relui.cli.acting import tell
from relui.cli.options import global_options, pass_session, release_argument
from relui.cli.session import Session
from relui.domain.log import Entry


@click.command("undo", help="Take back your own last act on the release ID, or the act number N of its log.")
@release_argument
@click.option("--entry", metavar="N", type=click.IntRange(min=1), help="Which act; anybody's.")
@global_options
@pass_session
def undo_command(session: Session, release: str, entry: int | None) -> int:
    """Undo one act, as a new entry of the log."""
    tell(session, session.desk.undo(release, entry), "")
    return 0


@click.command("redo", help="Do again what your last undo on the release ID took back.")
@release_argument
@global_options
@pass_session
def redo_command(session: Session, release: str) -> int:
    """Redo one act, as a new entry of the log."""
    tell(session, session.desk.redo(release), "")
    return 0


@click.command("log", help="Print the log of the release ID, oldest first.")
@release_argument
@global_options
@pass_session
def log_command(session: Session, release: str) -> int:
    """Print every act: when, who (the account beside the name), what, why."""
    opened = session.desk.open(release)
    if session.json:
        from relui.cli.shapes import entries

        session.out.document(entries(opened.release.id, opened.entries))
        return 0
    from relui.cli.wording import table
    from relui.domain.history import undone_by

    zone = session.desk.display_zone()
    undone = undone_by(opened.entries)
    rows = [("#", f"WHEN ({zone})", "WHO", "WHAT")]
    rows += [_row(entry, zone, undone.get(entry.seq)) for entry in opened.entries]
    session.out.lines(table(rows, None))
    return 0


def _row(entry: Entry, zone: str, undone: int | None) -> tuple[str, str, str, str]:
    from relui.cli.wording import moment

    what = entry.text + (f": {entry.reason}" if entry.reason else "")
    if undone is not None:
        what += f" [undone by {undone}]"
    if entry.simulated:
        what += " [simulated clock]"
    return str(entry.seq), moment(entry.at, zone, seconds=True), entry.actor.words, what
