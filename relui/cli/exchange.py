"""`relui import`, `export` and `template`: whole releases, and the checklists that they start from."""

from __future__ import annotations

from pathlib import Path

from relui.cli.command import FILE, argument, command, group, option, switch
from relui.cli.completing import release_ids, template_names
from relui.cli.output import count, table, terminal_width
from relui.cli.session import Session
from relui.cli.shapes import picked
from relui.errors import BadInput, StoreError
from relui.files import read_regular


@command("import")
def import_command(
    session: Session,
    path: str = argument("DIR_OR_FILE", type=FILE),
    service: str = option("For a Markdown list that does not name its service.", "S"),
    version: str = option("For a Markdown list that does not name its version.", "V"),
) -> None:
    """Import releases from a .json or .md file, or from every such file in a folder. All or none; what is
    here already and the same is left as it is.
    """
    imported = session.desk.exchange.import_releases(Path(path), service=service, version=version)
    if session.answers({"imported": [picked(one, "id already archived told") for one in imported]}):
        return
    for one in imported:
        session.out.line(one.id)
        session.out.words(f"{one.id}: {word}" for word in one.told)
    already = sum(1 for one in imported if one.already)
    said = f"Imported {count(len(imported) - already, 'release')}."
    session.out.word(said + (f" {already} here already and the same." if already else ""))


@command("export")
def export_command(
    session: Session,
    releases: tuple[str, ...] = argument("[ID]...", release_ids),
    to: str = option(
        "A .json or .md file for all of them, or a folder for a file each.",
        "PATH",
        required=True,
        type=FILE,
    ),
    markdown: bool = switch("Into a folder: Markdown instead of JSON."),
) -> None:
    """Export the releases ID..., or all of them, archived ones too. Prints the names of the files; none is
    overwritten.
    """
    files = session.desk.exchange.export_releases(releases, Path(to), markdown=markdown)
    if session.answers({"files": [str(file) for file in files]}):
        return
    session.out.lines([(str(file),) for file in files])
    if Path(to).suffix.lower() == ".json" and (kept := session.desk.exchange.evidence_of(releases)):
        left = f"{count(len(kept), 'file')} of evidence {'is' if len(kept) == 1 else 'are'} left out"
        session.out.word(f"{left}: export into a folder to take them along.")


template_command = group("template", "List, show, check and import templates.")


@command("list", template_command)
def list_templates(session: Session) -> None:
    """List the templates: bundled ones, and your own, which go first."""
    entries = session.library.names()
    rows = [
        {**picked(each, "name title kind source"), "path": str(each.path), **picked(each, "shadows problem")}
        for each in entries
    ]
    if session.answers({"templates": rows}):
        return
    broken = " (broken: see `relui template lint`)"
    session.out.table(
        ("NAME", "KIND", "SOURCE", "TITLE"),
        (
            (each.name, each.kind or "?", each.source, each.title + (broken if each.problem else ""))
            for each in entries
        ),
    )
    session.out.word(f"Your own belong in {session.locations.own_templates}.")


@command("show", template_command)
def show_template(session: Session, name: str = argument("NAME", template_names)) -> None:
    """Print the template NAME as the YAML file that it is."""
    template = session.library.get(name)
    if session.answers({"template": template.model_dump(mode="json")}):
        return
    entry = next(entry for entry in session.library.names() if entry.name == name)
    session.out.line(read_regular(entry.path).decode("utf-8", "replace").rstrip("\n"))
    session.out.word(f"From {entry.path}.")


@command("lint", template_command)
def lint_template(session: Session, file: str = argument("FILE", type=FILE)) -> int:
    """Check the template in FILE, and how it fits the others. Exit code 2 when there is a problem, each named
    by file and line.
    """
    problems = session.library.lint_file(Path(file))
    if (
        not session.answers({"problems": [picked(each, "path line message") for each in problems]})
        and problems
    ):
        session.out.lines([(str(each),) for each in problems])
    bad = f"{count(len(problems), 'problem')} in {file}."
    session.out.word(bad if problems else f"{file} is a good template.")
    return BadInput.exit_code if problems else 0


@command("import", template_command)
def import_template(
    session: Session,
    file: str = argument("LIST.md", type=FILE),
    name: str | None = option("What to call it; the list's title when nothing is said.", "N", default=None),
) -> None:
    """Turn the Markdown task list LIST.md into a template of your own."""
    if session.readonly:
        raise StoreError("relui was opened read-only (--readonly): nothing is written.", title="Read-only")
    path, report = session.desk.exchange.import_template(Path(file), session.locations.own_templates, name)
    if session.answers({"template": path.stem, "path": str(path), "report": report}):
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
        done = session.desk.items.take_over(release, paths)
        session.answers({"id": done.release.id, "taken": list(done.ruling.changed)})
        words = done.ruling.act.text if done.ruling.act else "nothing changed"
        session.out.word(f"{done.release.id}: {words}.")
        return
    items = session.desk.items.gained(release)
    if session.answers({"gained": [picked(gain, "path text") for gain in items]}):
        return
    if items:
        session.out.lines(table([(gain.path, gain.text) for gain in items], terminal_width()))
    session.out.word(f"{count(len(items), 'new item')} in the template; --take ITEM takes one over.")
