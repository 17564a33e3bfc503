"""`relui waiting` and `relui debts`: what waits for whom, what emergencies and retrospectives owe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relui.cli.acting import tell
from relui.cli.command import ITEMS, RELEASE, command, listing, option, switch
from relui.cli.completing import person_names
from relui.cli.session import Session
from relui.cli.shapes import picked
from relui.errors import StoreError

if TYPE_CHECKING:
    from relui.domain.dossier.waiting import Waiting
    from relui.domain.learning.debts import Debt
    from relui.domain.learning.reviews import OwedRetrospective


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
        shapes = [picked(row, "kind release name words people role due overdue") for row in found.rows]
        session.out.document({"waiting": shapes, "problems": found.problems})
    else:
        _print(session, found.rows)
    for problem in found.problems:
        session.out.word(f"relui: {problem}")
    return StoreError.exit_code if found.problems else 0


def _print(session: Session, rows: tuple[Waiting, ...]) -> None:
    from relui.cli.output import moment, table, terminal_width

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


@listing("debts", "List what emergencies owe and which retrospectives are owed; settle it.")
def debts_command(
    session: Session, with_items: bool = switch("Each item that is owed, too.", "--items")
) -> int:
    """List emergencies that still owe items, and retrospectives owed, the oldest first."""
    found, retrospectives = session.desk.debts(), session.desk.retrospectives_owed()
    if session.json:
        owed = [
            picked(each, "id=release service owner closed_at=closed due_at=due overdue")
            for each in retrospectives
        ]  # fmt: skip
        session.out.document({"debts": [_shape(each) for each in found], "retrospectives": owed})
        return 0
    if found:
        _print_debts(session, found, with_items)
    else:
        session.out.word("No emergency owes anything.")
    if retrospectives:
        _print_retrospectives(session, retrospectives)
    return 0


def _print_debts(session: Session, found: Sequence[Debt], with_items: bool) -> None:
    from relui.cli.output import count, moment, table, terminal_width

    zone = session.desk.display_zone()
    rows: list[Sequence[str]] = [("ID", "SERVICE", "OWNER", "OWES", "SINCE", "AGE", "DUE")]
    for each in found:
        due = moment(each.due, zone) + (" OVERDUE" if each.overdue else "")
        owes = f"{len(each.open)} of {len(each.items)}"
        age = count(each.age_days, "day")
        rows.append((each.release, each.service, each.owner, owes, moment(each.since, zone), age, due))
    session.out.lines(table(rows, terminal_width()))
    for each in found if with_items else ():
        for item in each.open:
            session.out.line(f"{each.release}  {item.path}  {item.text}")


def _print_retrospectives(session: Session, found: Sequence[OwedRetrospective]) -> None:
    from relui.cli.output import moment, table, terminal_width

    zone = session.desk.display_zone()
    rows: list[Sequence[str]] = [("ID", "SERVICE", "OWNER", "OWES", "CLOSED", "DUE")]
    for each in found:
        due = moment(each.due, zone) + (" OVERDUE" if each.overdue else "")
        rows.append((each.release, each.service, each.owner, "retrospective", moment(each.closed, zone), due))
    session.out.lines(table(rows, terminal_width()))


def _shape(debt: Debt) -> dict[str, Any]:
    items = [
        picked(each, "path text resolution by at reason")
        for each in debt.items
    ]  # fmt: skip
    return {
        **picked(debt, "id=release service owner"), "open": len(debt.open),
        **picked(debt, "due_at=due since age_days overdue"),
        "items": items,
    }  # fmt: skip


@command("done", debts_command)
def settle_debts(
    session: Session,
    release: str = RELEASE,
    items: tuple[str, ...] = ITEMS,
    instant: str = option("When they were really done.", "INSTANT", "--at"),
    note: str = option("A note on each of them."),
) -> None:
    """Owed items of the release ID are done: now, or --at the time.

    `relui skip` leaves one out with a reason.
    """
    from relui.domain.instants import parse_instant

    desk = session.desk
    zone = desk.open(release).release.zone
    at = parse_instant(instant, zone).at if instant else None
    tell(session, desk.settle_debt(release, items, done_at=at, note=note), "is so already. Nothing changed.")
