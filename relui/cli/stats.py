"""`relui stats`, `compare`, `purge` and `trouble`: what the archive says, and how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from relui.cli.calendar import day
from relui.cli.command import FILE, RELEASE, argument, choice, command, option, switch
from relui.cli.session import Session
from relui.cli.shapes import Shape, picked
from relui.domain.release import RELEASE_TYPES

if TYPE_CHECKING:
    from relui.domain.learning.item_record import ItemRecord
    from relui.domain.learning.trends import By, Trend, Trends


@command("stats")
def stats_command(
    session: Session,
    by: By = choice("Grouped so.", ("month", "service", "type"), default="month"),
    first: str = option("The first day: 2026-01-01.", "D", "--from"),
    last: str = option("The last day, included.", "D", "--to"),
    service: str = option("Of this service only.", "S"),
    type_: str | None = choice("Of this type only.", RELEASE_TYPES, "--type"),
    items: bool = switch("How each checklist item fared instead."),
    as_csv: bool = switch("As CSV, for spreadsheets.", "--csv"),
) -> None:
    """Trends over the archive by month, service or type; or how its items fared."""
    if as_csv and session.json:
        raise click.UsageError("Choose --json or --csv.")
    from relui.domain.instants import zone_named

    zone_named(session.desk.organisation.display_zone())
    service = session.desk.releases.known_service(service) if service else ""
    start, end = day(first) if first else None, day(last) if last else None
    if start and end and end < start:
        raise click.UsageError(f"--to {end} is before --from {start}.")
    chosen: dict[str, Any] = {"first": start, "last": end, "service": service, "type": type_ or ""}
    period = {"from": start, "to": end, "service": service or None, "type": type_}
    if items:
        progress = session.out.progress("Reading the checklists")
        _items(session, session.desk.archive.item_records(**chosen, progress=progress), period, as_csv)
    else:
        progress = session.out.progress("Reading the archive")
        _trends(session, session.desk.archive.trends(by, **chosen, progress=progress), period, as_csv)


def _trends(session: Session, trends: Trends, period: Shape, as_csv: bool) -> None:
    groups = (*trends.groups, trends.total)
    if as_csv:
        from relui.documents.exports import trends_csv

        session.out.line(trends_csv(groups).rstrip("\r\n"))
        return
    failures = [picked(each, "id why restored_by minutes") for each in trends.failures]
    shapes = [trend_shape(each) for each in trends.groups]
    document = {"by": trends.by, "groups": shapes, "all": trend_shape(trends.total), "failures": failures}
    if session.answers({**period, **document}):
        return
    rows = [_row(each) for each in groups] if trends.groups else []
    session.out.table(_HEAD, rows, "No archived release fits.")
    if rows:
        session.out.word("Durations are medians. What failing and restoring mean: docs/cli.md.")


def trend_shape(trend: Trend) -> Shape:
    """A group as a document: shares between 0 and 1, durations in minutes."""
    return picked(
        trend,
        "key releases deployments on_time_share=on_time rollback_share=rolled_back "
        "overran_share=overran overrun_minutes=overrun escaped_defects=escaped "
        "emergency_share=emergencies lead_time_minutes=lead change_failure_rate=failed "
        "time_to_restore_minutes=restore satisfaction",
    )


_HEAD = ("", "RELEASES", "ON TIME", "ROLLED BACK", "OVERRAN", "ESCAPED", "EMERGENCIES", "LEAD TIME",
         "FAILED", "RESTORED IN")  # fmt: skip


def _row(trend: Trend) -> Sequence[str]:
    return (
        trend.key, str(trend.releases), _percent(trend.on_time), _percent(trend.rolled_back),
        _percent(trend.overran), str(trend.escaped), _percent(trend.emergencies), _span(trend.lead),
        _percent(trend.failed), _span(trend.restore),
    )  # fmt: skip


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _span(minutes: float | None) -> str:
    from relui.domain.instants import format_duration

    return "-" if minutes is None else format_duration(round(minutes))


def _items(session: Session, records: Sequence[ItemRecord], period: Shape, as_csv: bool) -> None:
    if as_csv:
        from relui.documents.exports import items_csv

        session.out.line(items_csv(records).rstrip("\r\n"))
        return
    keys = "path text releases done late failed left_out stayed_open=left_open median_minutes=minutes advice"
    if session.answers({**period, "items": [picked(each, keys) for each in records]}):
        return
    session.out.table(
        ("ITEM", "ON", "DONE", "LATE", "FAILED", "N/A", "OPEN", "MEDIAN", "ADVICE"),
        (
            (each.path, str(each.releases), str(each.done), str(each.late), str(each.failed),
             str(each.left_out), str(each.left_open), _span(each.minutes), each.advice or "-")
            for each in records
        ),
        "No archived release fits.",
    )  # fmt: skip


@command("compare")
def compare_command(
    session: Session,
    release: str = RELEASE,
    other: str = argument("OTHER"),
    everything: bool = switch("What is the same on both, too.", "--all"),
) -> None:
    """Compare the releases ID and OTHER: figures, items, outcomes."""
    comparison = session.desk.archive.compare(release, other)
    facts, items = (
        [picked(row, "name left right differs") for row in rows]
        for rows in (comparison.facts, comparison.items)
    )
    if session.answers({**picked(comparison, "left right"), "facts": facts, "items": items}):
        return
    rows = (*comparison.facts, *comparison.items)
    shown = [row for row in rows if everything or row.differs]
    session.out.table(
        ("", comparison.left, comparison.right), ((r.name, r.left or "-", r.right or "-") for r in shown)
    )
    if len(shown) < len(rows):
        session.out.word(f"{len(rows) - len(shown)} lines are the same on both; --all prints them.")


@command("purge")
def purge_command(
    session: Session,
    before: str = option("Closed before this day: 2025-01-01.", "D", required=True),
    exported: str = option(
        "Where they were exported to as JSON; needed to remove them.",
        "PATH",
        "--export",
        default="",
        type=FILE,
    ),
    confirm: str = option("The words that are asked for, to remove them.", "WORDS"),
) -> None:
    """List archived releases past their retention; remove them after an export."""
    from relui.domain.instants import from_wall
    from relui.domain.learning.reviews import confirmation

    if confirm and not exported:
        raise click.UsageError("Removing needs the export that holds them: --export PATH.")
    desk = session.desk
    limit = from_wall(datetime.combine(day(before), time()), desk.organisation.display_zone()).at
    if confirm:
        done = desk.archive.purge(limit, Path(exported), confirm)
        if not session.answers({"removed": done.releases, "export": done.export}):
            session.out.word(f"{len(done.releases)} removed for good. {done.export} holds them.")
        return
    rows = desk.archive.past_retention(limit)
    asked = confirmation(len(rows)) if rows else ""
    past = [picked(row, "id service closed_at") for row in rows]
    if session.answers({"past_retention": past, "confirm": asked}):
        return
    for row in rows:
        session.out.line(f"{row.id}  {row.closed_at:%Y-%m-%d}  {row.service} {row.version}")
    if not rows:
        months = desk.organisation.read().policy.retention_months
        session.out.word(f"Nothing is past its retention of {months} months.")
        return
    session.out.word(
        f"{len(rows)} past retention; nothing was removed. Export them with `relui export ID... --to "
        f'PATH`, then: relui purge --before {before} --export PATH --confirm "{asked}"'
    )


@command("trouble")
def trouble_command(session: Session, situation: str = argument("[SITUATION]")) -> None:
    """What to do in trouble: all symptoms, or help for SITUATION."""
    from relui.domain.learning.trouble import REMEDIES, remedy, trouble_for

    troubles = (trouble_for(situation) or (remedy(situation),)) if situation else REMEDIES
    keys = "situation=id symptom cause what_to_do met_at"
    if session.answers({"trouble": [picked(each, keys) for each in troubles]}):
        return
    for each in troubles:
        session.out.line(f"{each.symptom} ({each.id})")
        session.out.line(f"  Likely cause: {each.cause}")
        for step in each.what_to_do:
            session.out.line(f"  - {step}")
