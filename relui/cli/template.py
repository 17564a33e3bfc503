"""`relui template`: the checklists that a release can start from, and bringing in a team's own."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.completing import release_ids, template_names
from relui.cli.options import global_options, pass_session
from relui.cli.session import Session
from relui.cli.wording import count, table, terminal_width
from relui.errors import BadInput, ReluiError
from relui.regular_files import read_regular


@click.group("template", help="List, show, check and import templates.")
@global_options
def template_command() -> None:
    """The templates' commands."""


@template_command.command("list", help="List the templates: bundled ones, and your own, which go first.")
@global_options
@pass_session
def list_templates(session: Session) -> int:
    """Print every template with its kind, where it is from, and what is wrong with it."""
    entries = session.library.names()
    if session.json:
        rows = [
            {
                "name": entry.name,
                "title": entry.title,
                "kind": entry.kind,
                "source": entry.source,
                "path": str(entry.path),
                "shadows": entry.shadows,
                "problem": entry.problem,
            }
            for entry in entries
        ]
        session.out.document({"templates": rows})
        return 0
    lines = [("NAME", "KIND", "SOURCE", "TITLE")]
    for entry in entries:
        problem = " (broken: see `relui template lint`)" if entry.problem else ""
        lines.append((entry.name, entry.kind or "?", entry.source, entry.title + problem))
    session.out.lines(table(lines, terminal_width()))
    session.out.word(f"Your own belong in {session.locations.own_templates}.")
    return 0


@template_command.command("show", help="Print the template NAME as the YAML file that it is.")
@click.argument("name", metavar="NAME", shell_complete=template_names)
@global_options
@pass_session
def show_template(session: Session, name: str) -> int:
    """Print a template, to be read or to be kept as a start for one's own."""
    template = session.library.get(name)
    if session.json:
        session.out.document({"template": template.model_dump(mode="json")})
        return 0
    entry = next(entry for entry in session.library.names() if entry.name == name)
    session.out.line(read_regular(entry.path).decode("utf-8", "replace").rstrip("\n"))
    session.out.word(f"From {entry.path}.")
    return 0


@template_command.command("lint", help="Check the template in FILE, and how it fits the others.")
@click.argument("file", metavar="FILE", type=click.Path())
@global_options
@pass_session
def lint_template(session: Session, file: str) -> int:
    """Name every problem by file and line. Returns 2 when there is one."""
    problems = session.library.lint_file(Path(file))
    if session.json:
        rows = [{"path": found.path, "line": found.line, "message": found.message} for found in problems]
        session.out.document({"problems": rows})
    else:
        for found in problems:
            session.out.line(str(found))
    session.out.word(
        f"{count(len(problems), 'problem')} in {file}." if problems else f"{file} is a good template."
    )
    return BadInput.exit_code if problems else 0


@template_command.command("import", help="Turn the Markdown task list LIST.md into a template of your own.")
@click.argument("file", metavar="LIST.md", type=click.Path())
@click.option("--name", metavar="N", help="What to call it; the list's title when nothing is said.")
@global_options
@pass_session
def import_template(session: Session, file: str, name: str | None) -> int:
    """Write the template, and say what it made of the list."""
    if session.readonly:
        raise _read_only()
    path, report = session.desk.import_template(Path(file), session.locations.own_templates, name)
    if session.json:
        session.out.document({"template": path.stem, "path": str(path), "report": report})
        return 0
    session.out.line(str(path))
    session.out.word(report.words)
    session.out.word(f"`relui new --template {path.stem}` starts from it.")
    return 0


@template_command.command("gained", help="List what the template of release ID has that the release has not.")
@click.argument("release", metavar="ID", shell_complete=release_ids)
@click.option("--take", "paths", metavar="ITEM", multiple=True, help="Take this over; may be given again.")
@global_options
@pass_session
def gained(session: Session, release: str, paths: tuple[str, ...]) -> int:
    """List the template's new items, or take some of them over."""
    if paths:
        done = session.desk.take_over(release, paths)
        if session.json:
            session.out.document({"id": done.release.id, "taken": list(done.ruling.changed)})
        session.out.word(
            f"{done.release.id}: {done.ruling.act.text if done.ruling.act else 'nothing changed'}."
        )
        return 0
    found = session.desk.gained(release)
    if session.json:
        session.out.document({"gained": [{"path": gain.path, "text": gain.text} for gain in found]})
        return 0
    session.out.lines(table([(gain.path, gain.text) for gain in found], terminal_width()) if found else [])
    session.out.word(f"{count(len(found), 'new item')} in the template; --take ITEM takes one over.")
    return 0


def _read_only() -> ReluiError:
    from relui.errors import StoreError

    return StoreError("relui was opened read-only (--readonly): nothing is written.", title="Read-only")
