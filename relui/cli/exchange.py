"""`relui import` and `relui export`: whole releases, as relui's own JSON or as Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.completing import release_ids
from relui.cli.options import global_options, pass_session
from relui.cli.session import Session
from relui.cli.wording import count


@click.command(
    "import", help="Import releases from a .json or .md file, or from every such file in a folder."
)
@click.argument("path", metavar="DIR_OR_FILE", type=click.Path())
@click.option(
    "--service", metavar="S", default="", help="For a Markdown list that does not name its service."
)
@click.option(
    "--version", metavar="V", default="", help="For a Markdown list that does not name its version."
)
@global_options
@pass_session
def import_command(session: Session, path: str, service: str, version: str) -> int:
    """Import everything or nothing; what is here already and the same is left as it is."""
    found = session.desk.import_releases(Path(path), service=service, version=version)
    if session.json:
        rows = [
            {"id": one.id, "already": one.already, "archived": one.archived, "told": one.told}
            for one in found
        ]
        session.out.document({"imported": rows})
        return 0
    for one in found:
        session.out.line(one.id)
        for word in one.told:
            session.out.word(f"{one.id}: {word}")
    already = sum(1 for one in found if one.already)
    said = f"Imported {count(len(found) - already, 'release')}."
    session.out.word(said + (f" {already} here already and the same." if already else ""))
    return 0


@click.command("export", help="Export the releases ID..., or all of them, archived ones too.")
@click.argument("releases", metavar="[ID]...", nargs=-1, shell_complete=release_ids)
@click.option("--to", metavar="PATH", required=True, type=click.Path(),
              help="A .json or .md file for all of them, or a folder for a file each.")  # fmt: skip
@click.option("--markdown", is_flag=True, help="Into a folder: Markdown instead of JSON.")
@global_options
@pass_session
def export_command(session: Session, releases: tuple[str, ...], to: str, markdown: bool) -> int:
    """Write the files and print their names; none is overwritten."""
    files = session.desk.export_releases(releases, Path(to), markdown=markdown)
    if session.json:
        session.out.document({"files": [str(file) for file in files]})
        return 0
    for file in files:
        session.out.line(str(file))
    if Path(to).suffix.lower() == ".json" and (kept := session.desk.evidence_of(releases)):
        left = f"{count(len(kept), 'file')} of evidence {'is' if len(kept) == 1 else 'are'} left out"
        session.out.word(f"{left}: export into a folder to take them along.")
    return 0
