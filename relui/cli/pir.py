"""`relui pir`: the reviews after releases: which are due, their page, and that one was held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from relui.cli.calendar import day
from relui.cli.command import argument, command, listing, option, switch
from relui.cli.session import Session
from relui.errors import BadInput

RELEASES = argument("ID...", required=False)
MONTH = option("All of the month's releases that are due.", "2026-10")


@listing("pir", "List reviews that are due, print their page, record them.")
def pir_command(session: Session, held: bool = switch("Those that were held instead.")) -> int:
    """List the reviews that are due: majors alone, the others by month."""
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


@command("page", pir_command)
def print_page(session: Session, releases: tuple[str, ...] = RELEASES, month: str = MONTH) -> None:
    """Print one page in Markdown about releases, for their review."""
    names = _chosen(session, releases, month)
    page = session.desk.review_page(names)
    if session.json:
        session.out.document({"releases": names, "markdown": page})
    else:
        session.out.line(page.rstrip("\n"))


@command("done", pir_command)
def record_review(
    session: Session,
    releases: tuple[str, ...] = RELEASES,
    month: str = MONTH,
    notes: str = option("What the review found; it is needed."),
    held: str = option("The day on which it was held; today without.", "D"),
    actions: tuple[str, ...] = option("An action that it raised.", flag="--action", multiple=True),
) -> None:
    """Record that the review of releases was held, with its notes."""
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
        return
    session.out.word(f"{done.review.id}: the review of {', '.join(done.review.releases)} is recorded.")
    if raised:
        session.out.word(f"Raised {', '.join(raised)}.")
