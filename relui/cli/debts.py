"""`relui debts`: what emergencies owe of their full checklist, and settling it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from relui.cli.acting import tell
from relui.cli.options import global_options, items_argument, pass_session, release_argument
from relui.cli.session import Session

if TYPE_CHECKING:
    from relui.domain.learning.debts import Debt


@click.group("debts", help="List what emergencies owe, and settle it.", invoke_without_command=True)
@click.option("--items", "with_items", is_flag=True, help="Each item that is owed, too.")
@global_options
@pass_session
@click.pass_context
def debts_command(context: click.Context, session: Session, with_items: bool) -> int:
    """Without a command the debts are listed."""
    return _print(session, with_items) if context.invoked_subcommand is None else 0


@debts_command.command("list", help="List the emergencies that still owe items, the oldest first.")
@click.option("--items", "with_items", is_flag=True, help="Each item that is owed, too.")
@global_options
@pass_session
def list_debts(session: Session, with_items: bool) -> int:
    """Print the debts."""
    return _print(session, with_items)


def _print(session: Session, with_items: bool) -> int:
    found = session.desk.debts()
    if session.json:
        session.out.document({"debts": [_shape(each) for each in found]})
        return 0
    if not found:
        session.out.word("No emergency owes anything.")
        return 0
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
    return 0


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
