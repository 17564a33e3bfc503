"""`relui purge` and `relui trouble`: what is past its retention, and help where something went wrong."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import click

from relui.cli.calendar import day
from relui.cli.command import argument, command, option
from relui.cli.session import Session


@command("purge")
def purge_command(
    session: Session,
    before: str = option("Closed before this day: 2025-01-01.", "D", required=True),
    exported: str = option(
        "Where they were exported to as JSON; needed to remove them.",
        "PATH",
        "--export",
        default="",
        type=click.Path(),
    ),
    confirm: str = option("The words that are asked for, to remove them.", "WORDS"),
) -> None:
    """List archived releases past their retention; remove them after an export."""
    from relui.domain.instants import from_wall
    from relui.domain.learning.retention import confirmation

    if confirm and not exported:
        raise click.UsageError("Removing needs the export that holds them: --export PATH.")
    desk = session.desk
    limit = from_wall(datetime.combine(day(before), time()), desk.display_zone()).at
    if confirm:
        done = desk.purge(limit, Path(exported), confirm)
        if session.json:
            session.out.document({"removed": done.releases, "export": done.export})
        else:
            session.out.word(f"{len(done.releases)} removed for good. {done.export} holds them.")
        return
    rows = desk.past_retention(limit)
    asked = confirmation(len(rows)) if rows else ""
    if session.json:
        past = [{"id": row.id, "service": row.service, "closed_at": row.closed_at} for row in rows]
        session.out.document({"past_retention": past, "confirm": asked})
        return
    for row in rows:
        session.out.line(f"{row.id}  {row.closed_at:%Y-%m-%d}  {row.service} {row.version}")
    if not rows:
        months = desk.organisation().policy.retention_months
        session.out.word(f"Nothing is past its retention of {months} months.")
    else:
        session.out.word(
            f"{len(rows)} past retention; nothing was removed. Export them with `relui export ID... --to "
            f'PATH`, then: relui purge --before {before} --export PATH --confirm "{asked}"'
        )


@command("trouble")
def trouble_command(session: Session, situation: str = argument("[SITUATION]")) -> None:
    """What to do in trouble: all symptoms, or help for SITUATION."""
    from relui.domain.learning.trouble import REMEDIES, remedy, trouble_for

    found = (trouble_for(situation) or (remedy(situation),)) if situation else REMEDIES
    if session.json:
        rows = [
            {"situation": each.id, "symptom": each.symptom, "cause": each.cause,
             "what_to_do": each.what_to_do, "met_at": each.met_at}
            for each in found
        ]  # fmt: skip
        session.out.document({"trouble": rows})
        return
    for each in found:
        session.out.line(f"{each.symptom} ({each.id})")
        session.out.line(f"  Likely cause: {each.cause}")
        for step in each.what_to_do:
            session.out.line(f"  - {step}")
