"""`relui import` and `relui export`: whole releases, as relui's own JSON or as Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.command import argument, command, option, switch
from relui.cli.completing import release_ids
from relui.cli.session import Session
from relui.cli.wording import count


@command("import")
def import_command(
    session: Session,
    path: str = argument("DIR_OR_FILE", type=click.Path()),
    service: str = option("For a Markdown list that does not name its service.", "S"),
    version: str = option("For a Markdown list that does not name its version.", "V"),
) -> None:
    """Import releases from a .json or .md file, or from every such file in a folder.

    Everything or nothing; what is here already and the same is left as it is.
    """
    found = session.desk.import_releases(Path(path), service=service, version=version)
    if session.json:
        rows = [
            {"id": one.id, "already": one.already, "archived": one.archived, "told": one.told}
            for one in found
        ]
        session.out.document({"imported": rows})
        return
    for one in found:
        session.out.line(one.id)
        for word in one.told:
            session.out.word(f"{one.id}: {word}")
    already = sum(1 for one in found if one.already)
    said = f"Imported {count(len(found) - already, 'release')}."
    session.out.word(said + (f" {already} here already and the same." if already else ""))


@command("export")
def export_command(
    session: Session,
    releases: tuple[str, ...] = argument("[ID]...", release_ids),
    to: str = option(
        "A .json or .md file for all of them, or a folder for a file each.",
        "PATH",
        required=True,
        type=click.Path(),
    ),
    markdown: bool = switch("Into a folder: Markdown instead of JSON."),
) -> None:
    """Export the releases ID..., or all of them, archived ones too.

    Prints the names of the files; none is overwritten.
    """
    files = session.desk.export_releases(releases, Path(to), markdown=markdown)
    if session.json:
        session.out.document({"files": [str(file) for file in files]})
        return
    for file in files:
        session.out.line(str(file))
    if Path(to).suffix.lower() == ".json" and (kept := session.desk.evidence_of(releases)):
        left = f"{count(len(kept), 'file')} of evidence {'is' if len(kept) == 1 else 'are'} left out"
        session.out.word(f"{left}: export into a folder to take them along.")
