"""`relui retro`: what went well, what was hard, what changes next release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relui.cli.acting import tell
from relui.cli.command import RELEASE, command, option
from relui.cli.session import Session

if TYPE_CHECKING:
    from relui.domain.release import Release


@command("retro")
def retro_command(
    session: Session,
    release: str = RELEASE,
    well: str | None = option("What went well.", default=None),
    hard: str | None = option("What was hard.", default=None),
    next_: str | None = option("What changes next release.", flag="--next", default=None),
    owner: str = option("Who does what changes; the release's owner without.", "NAME"),
) -> None:
    """Write answers of the retrospective of the release ID; without any, print it."""
    given = {"well": well, "hard": hard, "next": next_}
    answers = {name: text for name, text in given.items() if text is not None}
    if answers:
        done = session.desk.write_retrospective(release, answers, owner)
        tell(session, done, "is so already. Nothing changed.")
        if "next" in answers and not session.json:
            _tell_actions(session, done.release.id)
        return
    if owner:
        raise click.UsageError("--owner goes with --next T: who does what changes.")
    found = session.desk.open(release).release
    if session.json:
        from relui.cli.shapes import retrospective

        session.out.document({"id": found.id, "retrospective": retrospective(found)})
        return
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


def _owed(session: Session, release: Release) -> str:
    """What is said of the retrospective of a release that was closed without it."""
    from relui.cli.wording import moment
    from relui.domain.learning.reviews import retrospectives_owed
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
