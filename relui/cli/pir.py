"""`relui pir`: the reviews after releases: which are due, their page, and that one was held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from relui.cli.calendar import day
from relui.cli.options import global_options, pass_session
from relui.cli.session import Session
from relui.errors import BadInput

releases_argument = click.argument("releases", metavar="ID...", nargs=-1)
month_option = click.option(
    "--month", metavar="2026-10", default="", help="All of the month's releases that are due."
)


@click.group("pir", help="List reviews that are due, print their page, record them.",
             invoke_without_command=True)  # fmt: skip
@click.option("--held", is_flag=True, help="Those that were held instead.")
@global_options
@pass_session
@click.pass_context
def pir_command(context: click.Context, session: Session, held: bool) -> int:
    """Without a command the reviews that are due are listed."""
    return _print(session, held) if context.invoked_subcommand is None else 0


@pir_command.command("list", help="List the reviews that are due: majors alone, the others by month.")
@click.option("--held", is_flag=True, help="Those that were held instead.")
@global_options
@pass_session
def list_reviews(session: Session, held: bool) -> int:
    """Print the reviews."""
    return _print(session, held)


def _print(session: Session, held: bool) -> int:
    from relui.cli.wording import count, moment, table, terminal_width

    rows: list[Sequence[str]]
    if held:
        reviews = session.desk.reviews()
        documents: list[dict[str, Any]] = [
            {"review": each.id, "releases": each.releases, "held": each.held, "notes": each.notes,
             "by": each.recorded_by, "at": each.recorded_at}
            for each in reviews
        ]  # fmt: skip
        rows = [("REVIEW", "HELD", "RELEASES", "NOTES")]
        rows += [(each.id, str(each.held), ", ".join(each.releases), each.notes) for each in reviews]
    else:
        found, zone = session.desk.reviews_due(), session.desk.display_zone()
        documents = [
            {"kind": each.kind, "releases": each.releases, "month": each.month, "due_at": each.due,
             "overdue": each.overdue}
            for each in found
        ]  # fmt: skip
        rows = [("KIND", "DUE", "MONTH", "RELEASES")]
        for each in found:
            late = " OVERDUE" if each.overdue else ""
            shown = each.releases[0] if each.kind == "major" else count(len(each.releases), "release")
            rows.append((each.kind, moment(each.due, zone) + late, each.month, shown))
    if session.json:
        session.out.document({"reviews": documents})
    elif len(rows) > 1:
        session.out.lines(table(rows, terminal_width()))
    else:
        session.out.word("No review was recorded yet." if held else "No review is due.")
    return 0


def _chosen(session: Session, releases: Sequence[str], month: str) -> list[str]:
    """The releases that were named, or those of a month's periodic review."""
    if bool(releases) == bool(month):
        raise click.UsageError("Name the releases, or a --month.")
    if releases:
        return list(releases)
    due = [each for each in session.desk.reviews_due() if each.kind == "periodic"]
    found = [name for each in due if each.month == month.strip() for name in each.releases]
    if not found:
        known = ", ".join(each.month for each in due) or "none"
        raise BadInput(f"No periodic review is due for '{month}'. Months that are: {known}.")
    return found


@pir_command.command("page", help="Print one page in Markdown about releases, for their review.")
@releases_argument
@month_option
@global_options
@pass_session
def print_page(session: Session, releases: tuple[str, ...], month: str) -> int:
    """Print the page: figures, what failed, what they wrote, actions."""
    names = _chosen(session, releases, month)
    page = session.desk.review_page(names)
    if session.json:
        session.out.document({"releases": names, "markdown": page})
    else:
        session.out.line(page.rstrip("\n"))
    return 0


@pir_command.command("done", help="Record that the review of releases was held, with its notes.")
@releases_argument
@month_option
@click.option("--notes", metavar="T", default="", help="What the review found; it is needed.")
@click.option("--held", metavar="D", default="", help="The day on which it was held; today without.")
@click.option("--action", "actions", metavar="T", multiple=True, help="An action that it raised.")
@global_options
@pass_session
def record_review(
    session: Session, releases: tuple[str, ...], month: str, notes: str, held: str, actions: tuple[str, ...]
) -> int:
    """Record the review on each of the releases."""
    names = _chosen(session, releases, month)
    if not notes.strip():
        raise BadInput("Say what the review found with --notes T. Nothing was recorded.")
    done = session.desk.record_review(names, notes, held=day(held) if held else None, actions=actions)
    raised = [each.id for each in done.actions]
    if session.json:
        review = done.review
        session.out.document(
            {"review": review.id, "releases": review.releases, "held": review.held, "actions": raised}
        )
        return 0
    session.out.word(f"{done.review.id}: the review of {', '.join(done.review.releases)} is recorded.")
    if raised:
        session.out.word(f"Raised {', '.join(raised)}.")
    return 0
