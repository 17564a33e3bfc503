"""`relui retro`: what went well, what was hard, what changes next release."""

from __future__ import annotations

import click

from relui.cli.acting import tell
from relui.cli.options import global_options, pass_session, release_argument
from relui.cli.session import Session


@click.command("retro", help="Write answers of the retrospective of the release ID; without any, print it.")
@release_argument
@click.option("--well", metavar="T", help="What went well.")
@click.option("--hard", metavar="T", help="What was hard.")
@click.option("--next", metavar="T", help="What changes next release.")
@click.option(
    "--owner", metavar="NAME", default="", help="Who does what changes; the release's owner without."
)
@global_options
@pass_session
def retro_command(session: Session, /, release: str, owner: str, **given: str | None) -> int:
    """Write or print the retrospective."""
    answers = {name: text for name, text in given.items() if text is not None}
    if answers:
        done = session.desk.write_retrospective(release, answers, owner)
        tell(session, done, "is so already. Nothing changed.")
        if "next" in answers and not session.json:
            _tell_actions(session, done.release.id)
        return 0
    if owner:
        raise click.UsageError("--owner goes with --next T: who does what changes.")
    found = session.desk.open(release).release
    if session.json:
        from relui.cli.shapes import retrospective

        session.out.document({"id": found.id, "retrospective": retrospective(found)})
        return 0
    written = found.retrospective
    for title, text in (
        ("Went well", written.well),
        ("Was hard", written.hard),
        ("Next release", written.next),
    ):
        if text:
            session.out.line(f"{title}: {text}")
    if not written.written and found.closing is not None:
        session.out.word("It was not complete when the release was closed, and stays so.")
    elif not written.written:
        session.out.word("Not complete yet. Write it with --well, --hard and --next.")
    return 0


def _tell_actions(session: Session, release_id: str) -> None:
    """What the third answer became."""
    for action in session.desk.learned().of_release(release_id):
        if action.open:
            session.out.word(f"{action.id} for {action.owner}: {action.text}")
