"""`relui debts`: what emergencies owe of their full checklist, settling it, and retrospectives owed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from relui.cli.acting import tell
from relui.cli.options import global_options, items_argument, pass_session, release_argument
from relui.cli.session import Session

if TYPE_CHECKING:
    from relui.domain.learning.debts import Debt
    from relui.domain.learning.retrospectives import OwedRetrospective


@click.group(
    "debts",
    help="List what emergencies owe and which retrospectives are owed; settle it.",
    invoke_without_command=True,
)
@click.option("--items", "with_items", is_flag=True, help="Each item that is owed, too.")
@global_options
@pass_session
@click.pass_context
def debts_command(context: click.Context, session: Session, with_items: bool) -> int:
    """Without a command the debts are listed."""
    return _print(session, with_items) if context.invoked_subcommand is None else 0


@debts_command.command(
    "list", help="List emergencies that still owe items, and retrospectives owed, the oldest first."
)
@click.option("--items", "with_items", is_flag=True, help="Each item that is owed, too.")
@global_options
@pass_session
def list_debts(session: Session, with_items: bool) -> int:
    """Print the debts."""
    return _print(session, with_items)


def _print(session: Session, with_items: bool) -> int:
    found, retrospectives = session.desk.debts(), session.desk.retrospectives_owed()
    if session.json:
        owed = [
            {"id": each.release, "service": each.service, "owner": each.owner, "closed_at": each.closed,
             "due_at": each.due, "overdue": each.overdue}
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
    from relui.cli.wording import count, moment, table, terminal_width

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
    from relui.cli.wording import moment, table, terminal_width

    zone = session.desk.display_zone()
    rows: list[Sequence[str]] = [("ID", "SERVICE", "OWNER", "OWES", "CLOSED", "DUE")]
    for each in found:
        due = moment(each.due, zone) + (" OVERDUE" if each.overdue else "")
        rows.append((each.release, each.service, each.owner, "retrospective", moment(each.closed, zone), due))
    session.out.lines(table(rows, terminal_width()))


def _shape(debt: Debt) -> dict[str, Any]:
    items = [
        {"path": each.path, "text": each.text, "resolution": each.resolution, "by": each.by, "at": each.at,
         "reason": each.reason}
        for each in debt.items
    ]  # fmt: skip
    return {
        "id": debt.release, "service": debt.service, "owner": debt.owner, "open": len(debt.open),
        "due_at": debt.due, "since": debt.since, "age_days": debt.age_days, "overdue": debt.overdue,
        "items": items,
    }  # fmt: skip


@debts_command.command("done", help="Owed items of the release ID are done: now, or --at the time.")
@release_argument
@items_argument
@click.option("--at", "instant", metavar="INSTANT", default="", help="When they were really done.")
@click.option("--note", metavar="T", default="", help="A note on each of them.")
@global_options
@pass_session
def settle_debts(session: Session, release: str, items: tuple[str, ...], instant: str, note: str) -> int:
    """Tick owed items, with the time at which they were done. `relui skip` leaves one out with a reason."""
    from relui.domain.instants import parse_instant

    desk = session.desk
    zone = desk.open(release).release.zone
    at = parse_instant(instant, zone).at if instant else None
    tell(session, desk.settle_debt(release, items, done_at=at, note=note), "is so already. Nothing changed.")
    return 0
