"""`relui retro`: what went well, what was hard, what changes next release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relui.cli.acting import tell
from relui.cli.options import global_options, pass_session, release_argument
from relui.cli.session import Session

if TYPE_CHECKING:
    from relui.domain.release import Release


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
        session.out.word(_owed(session, found))
    elif not written.written:
        session.out.word("Not complete yet. Write it with --well, --hard and --next.")
    return 0


def _owed(session: Session, release: Release) -> str:
    """What is said of the retrospective of a release that was closed without it."""
    from relui.cli.wording import moment
    from relui.domain.learning.retrospectives import retrospectives_owed
    from relui.domain.summary import summarise

    desk = session.desk
    found = retrospectives_owed([summarise(release)], desk.organisation(), desk.clock.now())
    until = f"Owed until {moment(found[0].due, desk.display_zone())}. " if found else ""
    return f"It was not complete when the release was closed. {until}Add what is missing, all of it at once."


def _tell_actions(session: Session, release_id: str) -> None:
    """What the third answer became."""
    for action in session.desk.learned().of_release(release_id):
        if action.open:
            session.out.word(f"{action.id} for {action.owner}: {action.text}")
