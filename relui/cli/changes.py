"""`relui change`: what a release brings, by hand, from a CSV file, from git, or left over from another."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.acting import tell_record
from relui.cli.completing import release_ids
from relui.cli.options import global_options, once, pairs, pass_session, release_argument
from relui.cli.parts import part_group
from relui.cli.session import Session
from relui.domain.dossier.fields import CHANGE

change_command = part_group(CHANGE)


@change_command.command(
    "import", help="Add changes to the release ID from a CSV file, a git repository, or another release."
)
@release_argument
@click.option("--csv", metavar="FILE", type=click.Path(), multiple=True, callback=once,
              help="A CSV file with a row for each change.")  # fmt: skip
@click.option(
    "--map",
    "mapping",
    metavar="FIELD=COLUMN",
    multiple=True,
    help="Which column of the CSV file a field is in, or what a word in it means: summary=Title, "
    "status.Done=approved.",
)
@click.option("--git", metavar="REPO", type=click.Path(), multiple=True, callback=once,
              help="A git repository: its commits become changes.")  # fmt: skip
@click.option("--from", "since", metavar="TAG", default="", help="The commits after this tag.")
@click.option("--to", "until", metavar="TAG", default="", help="Up to this one; HEAD when nothing is said.")
@click.option("--only", metavar="TYPE", multiple=True, help="Commits of this type only, such as feat or fix.")
@click.option(
    "--by",
    metavar="request|commit",
    default="",
    help="What becomes a change: a merged pull or merge request with all of its commits, or each commit; "
    "request when nothing is said.",
)
@click.option(
    "--from-release",
    "other",
    metavar="OTHER",
    multiple=True,
    callback=once,
    shell_complete=release_ids,
    help="What did not go out with this release.",
)
@global_options
@pass_session
def import_changes(
    session: Session,
    /,
    release: str,
    csv: str | None,
    mapping: tuple[str, ...],
    git: str | None,
    since: str,
    until: str,
    only: tuple[str, ...],
    by: str,
    other: str | None,
) -> int:
    """Import from one of the three; what is there already is left."""
    if sum(source is not None for source in (csv, git, other)) != 1:
        raise click.UsageError("Say where from: one of --csv, --git and --from-release.")
    if mapping and csv is None:
        raise click.UsageError("--map belongs to --csv.")
    if (since or until or only or by) and git is None:
        raise click.UsageError("--from, --to, --only and --by belong to --git.")
    desk = session.desk
    if csv is not None:
        done = desk.import_changes(release, Path(csv), pairs(mapping, "--map"))
    elif git is not None:
        done = desk.import_commits(release, Path(git), since, until or "HEAD", only, by or "request")
    else:
        done = desk.import_leftovers(release, other or "")
    tell_record(session, done, "holds all of these changes already.")
    return 0


@change_command.command("export", help="Write the changes of the release ID as CSV.")
@release_argument
@click.argument("file", metavar="[FILE]", required=False, type=click.Path())
@global_options
@pass_session
def export_changes(session: Session, release: str, file: str | None) -> int:
    """Print them, or write a new file; a spreadsheet takes no cell for a formula."""
    desk = session.desk
    text = desk.changes_csv(release)
    told = {"id": desk.resolve(release), "document": "changes"}
    if file is not None:
        # Spreadsheets know by the mark at its beginning that a file is UTF-8.
        path = str(desk.write_text(Path(file), "\ufeff" + text))
        if session.json:
            session.out.document({**told, "files": [path]})
        else:
            session.out.line(path)
    elif session.json:
        session.out.document({**told, "text": text})
    else:
        session.out.line(text.replace("\r\n", "\n").rstrip("\n"))
    return 0
