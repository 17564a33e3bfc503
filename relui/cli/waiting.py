"""`relui waiting` and `relui debts`: what waits for whom, what emergencies and retrospectives owe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from relui.cli.acting import tell
from relui.cli.booking import instant_for
from relui.cli.command import ITEMS, RELEASE, command, listing, option, switch
from relui.cli.completing import person_names
from relui.cli.output import count, due_words, moment
from relui.cli.session import Session
from relui.cli.shapes import Shape, picked
from relui.errors import StoreError

if TYPE_CHECKING:
    from relui.domain.dossier.waiting import Waiting
    from relui.domain.learning.debts import Debt


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
    """Say what waits for whom: sign-offs, confirmations, items, notices, actions, reviews. The most urgent
    first. Exit code 3 when a release could not be read.
    """
    person = session.actor.name if person.strip() == "me" else person
    waits = session.desk.releases.waiting(person)
    shapes = [picked(row, "kind release name words people role due overdue") for row in waits.rows]
    if not session.answers({"waiting": shapes, "problems": waits.problems}):
        zone = session.desk.organisation.display_zone()
        rows = (_row(each, zone) for each in waits.rows)
        session.out.table(("ID", f"DUE ({zone})", "", "FOR", "WHAT"), rows, "Nothing waits.")
    session.out.words(f"relui: {problem}" for problem in waits.problems)
    return StoreError.exit_code if waits.problems else 0


def _row(row: Waiting, zone: str) -> Sequence[str]:
    return (
        row.release,
        moment(row.due, zone) if row.due else "-",
        "OVERDUE" if row.overdue else "",
        ", ".join(row.people) or row.role or "-",
        f"{row.words} ({row.name})" if row.kind in ("item", "confirmation") else row.words,
    )


@listing("debts", "List what emergencies owe and which retrospectives are owed; settle it.")
def debts_command(
    session: Session, with_items: bool = switch("Each item that is owed, too.", "--items")
) -> None:
    """List emergencies that still owe items, and retrospectives owed, the oldest first."""
    debts, retrospectives = session.desk.archive.debts(), session.desk.archive.retrospectives_owed()
    keys = "id=release service owner closed_at=closed due_at=due overdue"
    owed = [picked(each, keys) for each in retrospectives]
    if session.answers({"debts": [_debt(each) for each in debts], "retrospectives": owed}):
        return
    zone = session.desk.organisation.display_zone()
    session.out.table(
        ("ID", "SERVICE", "OWNER", "OWES", "SINCE", "AGE", "DUE"),
        (
            (each.release, each.service, each.owner, f"{len(each.open)} of {len(each.items)}",
             moment(each.since, zone), count(each.age_days, "day"), due_words(each.due, zone, each.overdue))
            for each in debts
        ),
        "No emergency owes anything.",
    )  # fmt: skip
    for each in debts if with_items else ():
        for item in each.open:
            session.out.line(f"{each.release}  {item.path}  {item.text}")
    session.out.table(
        ("ID", "SERVICE", "OWNER", "OWES", "CLOSED", "DUE"),
        (
            (each.release, each.service, each.owner, "retrospective", moment(each.closed, zone),
             due_words(each.due, zone, each.overdue))
            for each in retrospectives
        ),
    )  # fmt: skip


def _debt(debt: Debt) -> Shape:
    return {
        **picked(debt, "id=release service owner"),
        "open": len(debt.open),
        **picked(debt, "due_at=due since age_days overdue"),
        "items": [picked(each, "path text resolution by at reason") for each in debt.items],
    }


@command("done", debts_command)
def settle_debts(
    session: Session,
    release: str = RELEASE,
    items: tuple[str, ...] = ITEMS,
    when: str = option("When they were really done.", "INSTANT", "--at"),
    note: str = option("A note on each of them."),
) -> None:
    """Owed items of the release ID are done: now, or --at the time. `relui skip` leaves one out with a
    reason.
    """
    at = instant_for(session, when, release)
    done = session.desk.archive.settle_debt(release, items, done_at=at, note=note)
    tell(session, done, "is so already. Nothing changed.")
