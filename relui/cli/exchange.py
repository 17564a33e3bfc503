"""`relui import`, `export` and `template`: whole releases, and the checklists that they start from."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.command import argument, command, group, option, switch
from relui.cli.completing import release_ids, template_names
from relui.cli.output import count, table, terminal_width
from relui.cli.session import Session
from relui.cli.shapes import picked
from relui.errors import BadInput, ReluiError
from relui.regular_files import read_regular


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
    found = session.desk.exchange.import_releases(Path(path), service=service, version=version)
    if session.json:
        rows = [picked(one, "id already archived told") for one in found]
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
    files = session.desk.exchange.export_releases(releases, Path(to), markdown=markdown)
    if session.json:
        session.out.document({"files": [str(file) for file in files]})
        return
    for file in files:
        session.out.line(str(file))
    if Path(to).suffix.lower() == ".json" and (kept := session.desk.exchange.evidence_of(releases)):
        left = f"{count(len(kept), 'file')} of evidence {'is' if len(kept) == 1 else 'are'} left out"
        session.out.word(f"{left}: export into a folder to take them along.")


template_command = group("template", "List, show, check and import templates.")


@command("list", template_command)
def list_templates(session: Session) -> None:
    """List the templates: bundled ones, and your own, which go first."""
    entries = session.library.names()
    if session.json:
        rows = [
            {
                **picked(entry, "name title kind source"),
                "path": str(entry.path),
                "shadows": entry.shadows,
                "problem": entry.problem,
            }
            for entry in entries
        ]
        session.out.document({"templates": rows})
        return
    lines = [("NAME", "KIND", "SOURCE", "TITLE")]
    for entry in entries:
        problem = " (broken: see `relui template lint`)" if entry.problem else ""
        lines.append((entry.name, entry.kind or "?", entry.source, entry.title + problem))
    session.out.lines(table(lines, terminal_width()))
    session.out.word(f"Your own belong in {session.locations.own_templates}.")


@command("show", template_command)
def show_template(session: Session, name: str = argument("NAME", template_names)) -> None:
    """Print the template NAME as the YAML file that it is."""
    template = session.library.get(name)
    if session.json:
        session.out.document({"template": template.model_dump(mode="json")})
        return
    entry = next(entry for entry in session.library.names() if entry.name == name)
    session.out.line(read_regular(entry.path).decode("utf-8", "replace").rstrip("\n"))
    session.out.word(f"From {entry.path}.")


@command("lint", template_command)
def lint_template(session: Session, file: str = argument("FILE", type=click.Path())) -> int:
    """Check the template in FILE, and how it fits the others.

    Returns 2 when there is a problem, each named by file and line.
    """
    problems = session.library.lint_file(Path(file))
    if session.json:
        rows = [picked(found, "path line message") for found in problems]
        session.out.document({"problems": rows})
    else:
        for found in problems:
            session.out.line(str(found))
    session.out.word(
        f"{count(len(problems), 'problem')} in {file}." if problems else f"{file} is a good template."
    )
    return BadInput.exit_code if problems else 0


@command("import", template_command)
def import_template(
    session: Session,
    file: str = argument("LIST.md", type=click.Path()),
    name: str | None = option("What to call it; the list's title when nothing is said.", "N", default=None),
) -> None:
    """Turn the Markdown task list LIST.md into a template of your own."""
    if session.readonly:
        raise _read_only()
    path, report = session.desk.exchange.import_template(Path(file), session.locations.own_templates, name)
    if session.json:
        session.out.document({"template": path.stem, "path": str(path), "report": report})
        return
    session.out.line(str(path))
    session.out.word(report.words)
    session.out.word(f"`relui new --template {path.stem}` starts from it.")


@command("gained", template_command)
def gained(
    session: Session,
    release: str = argument("ID", release_ids),
    paths: tuple[str, ...] = option("Take this over; may be given again.", "ITEM", "--take", multiple=True),
) -> None:
    """List what the template of release ID has that the release has not."""
    if paths:
        done = session.desk.releases.take_over(release, paths)
        if session.json:
            session.out.document({"id": done.release.id, "taken": list(done.ruling.changed)})
        session.out.word(
            f"{done.release.id}: {done.ruling.act.text if done.ruling.act else 'nothing changed'}."
        )
        return
    found = session.desk.releases.gained(release)
    if session.json:
        session.out.document({"gained": [{"path": gain.path, "text": gain.text} for gain in found]})
        return
    session.out.lines(table([(gain.path, gain.text) for gain in found], terminal_width()) if found else [])
    session.out.word(f"{count(len(found), 'new item')} in the template; --take ITEM takes one over.")


def _read_only() -> ReluiError:
    from relui.errors import StoreError

    return StoreError("relui was opened read-only (--readonly): nothing is written.", title="Read-only")
