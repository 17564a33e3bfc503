"""`relui list`: the active releases by go-live, the archive newest first."""

from __future__ import annotations

from collections.abc import Sequence

import click
from msgspec import Struct
from msgspec.structs import replace

from relui.cli.command import choice, command, option, switch
from relui.cli.output import moment
from relui.cli.session import Session
from relui.cli.shapes import Shape, row_of_release, row_of_summary
from relui.domain.release import OUTCOMES, RELEASE_TYPES, Release
from relui.domain.summary import Summary, matches, summarise
from relui.errors import StoreError


class Wanted(Struct, frozen=True):
    """Which releases to list; empty means any."""

    archive: bool = False
    everything: bool = False
    service: str = ""
    type: str = ""
    outcome: str = ""
    search: str = ""

    def fits(self, row: Release | Summary) -> bool:
        """Whether a release is among the wanted ones."""
        if self.service and row.service.casefold() != self.service.strip().casefold():
            return False
        if self.type and row.type != self.type:
            return False
        summary = None
        if self.outcome or self.search:
            summary = summarise(row) if isinstance(row, Release) else row
        if summary is not None and self.outcome and summary.outcome != self.outcome:
            return False
        return summary is None or not self.search or matches(summary, self.search)


@command("list")
def list_command(
    session: Session,
    archive: bool = switch("The archived releases instead of the active ones."),
    everything: bool = switch("Active and archived releases.", "--all"),
    service: str = option("Of this service only.", "S"),
    type_: str | None = choice("Of this type only.", RELEASE_TYPES, "--type"),
    outcome: str | None = choice("Closed with this outcome: looks in the archive.", OUTCOMES),
    search: str = option("Every word of TEXT occurs in the record.", "TEXT"),
) -> int:
    """List the releases: the active ones, unless other ones are asked for."""
    if archive and everything:
        raise click.UsageError("Choose one of --archive and --all.")
    looks_back = archive or (bool(outcome) and not everything)
    return print_list(session, Wanted(looks_back, everything, service, type_ or "", outcome or "", search))


def print_list(session: Session, wanted: Wanted = Wanted()) -> int:  # noqa: B008 - it cannot change
    """Print the releases. Returns 3 when a file could not be read: the others are listed all the same."""
    now = session.clock.now()
    if wanted.service:
        wanted = replace(wanted, service=session.desk.releases.known_service(wanted.service))
    rows: list[Shape] = []
    problems: list[str] = []
    if not wanted.archive:
        active = session.desk.journal.active()
        problems += active.problems
        fitting = [release for release in active.releases if wanted.fits(release)]
        conflicts = session.desk.calendar.conflicts(fitting, active.releases)
        late = session.desk.documents.late_notices(fitting)
        rows += [
            row_of_release(release, now, conflict=release.id in conflicts, late=len(late.get(release.id, ())))
            for release in fitting
        ]
    if wanted.archive or wanted.everything:
        archive = session.desk.store.catalogue
        summaries = [
            row for row in archive.summaries(session.out.progress("Reading the archive")) if wanted.fits(row)
        ]
        problems += [error.message for error in archive.unreadable().values()]
        summaries.sort(key=lambda summary: (summary.go_live, summary.id), reverse=True)
        rows += map(row_of_summary, summaries)
    if session.json:
        session.out.document({"releases": rows, "problems": problems})
    else:
        _print_table(session, rows, wanted)
    session.out.words(f"relui: {problem}" for problem in problems)
    return StoreError.exit_code if problems else 0


def _print_table(session: Session, rows: Sequence[Shape], wanted: Wanted) -> None:
    zone = session.desk.organisation.display_zone()
    nothing = (
        "There is no active release. Create one with `relui new --service S --version V`, "
        "or look around with `relui demo`."
    )

    def cells(row: Shape) -> Sequence[str]:
        return (
            row["id"], moment(row["go_live"], zone), row["service"], row["version"], row["type"],
            row["outcome"] or row["stage"], f"{row['done']}/{row['total']}", row["slot"] or "-",
            ", ".join(trouble["text"] for trouble in row["troubles"]) or "-", row["title"],
        )  # fmt: skip

    session.out.table(
        (
            "ID",
            f"GO-LIVE ({zone})",
            "SERVICE",
            "VERSION",
            "TYPE",
            "STAGE",
            "DONE",
            "SLOT",
            "TROUBLE",
            "TITLE",
        ),
        map(cells, rows),
        nothing if wanted == Wanted() else "No release fits.",
    )
