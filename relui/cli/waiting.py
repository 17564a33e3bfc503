"""`relui waiting`: what waits for whom, over all active releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relui.cli.command import command, option
from relui.cli.completing import person_names
from relui.cli.session import Session
from relui.errors import StoreError

if TYPE_CHECKING:
    from relui.domain.dossier.waiting import Waiting


@command("waiting")
def waiting_command(
    session: Session,
    person: str = option(
        "What waits for this person, also as a delegate; `me` is you.",
        "PERSON",
        "--for",
        completing=person_names,
    ),
) -> int:
    """Say what waits for whom: sign-offs, confirmations, items, notices, actions, reviews.

    The most urgent first. Returns 3 when a release could not be read.
    """
    person = session.actor.name if person.strip() == "me" else person
    found = session.desk.waiting(person)
    if session.json:
        shapes = [
            {
                "kind": row.kind,
                "release": row.release,
                "name": row.name,
                "words": row.words,
                "people": row.people,
                "role": row.role,
                "due": row.due,
                "overdue": row.overdue,
            }
            for row in found.rows
        ]
        session.out.document({"waiting": shapes, "problems": found.problems})
    else:
        _print(session, found.rows)
    for problem in found.problems:
        session.out.word(f"relui: {problem}")
    return StoreError.exit_code if found.problems else 0


def _print(session: Session, rows: tuple[Waiting, ...]) -> None:
    from relui.cli.wording import moment, table, terminal_width

    if not rows:
        session.out.word("Nothing waits.")
        return
    zone = session.desk.display_zone()
    lines = [("ID", f"DUE ({zone})", "", "FOR", "WHAT")]
    for row in rows:
        lines.append(
            (
                row.release,
                moment(row.due, zone) if row.due else "-",
                "OVERDUE" if row.overdue else "",
                ", ".join(row.people) or row.role or "-",
                f"{row.words} ({row.name})" if row.kind in ("item", "confirmation") else row.words,
            )
        )
    session.out.lines(table(lines, terminal_width()))
