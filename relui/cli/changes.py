"""`relui change`: what a release brings, by hand, from a CSV file, from git, or left over from another."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.acting import tell_record
from relui.cli.command import RELEASE, argument, command, once, option, pairs
from relui.cli.completing import release_ids
from relui.cli.parts import part_group
from relui.cli.session import Session
from relui.domain.dossier.fields import CHANGE

change_command = part_group(CHANGE)


@command("import", change_command)
def import_changes(
    session: Session,
    /,
    release: str = RELEASE,
    csv: str | None = option(
        "A CSV file with a row for each change.", "FILE", type=click.Path(), multiple=True, callback=once
    ),
    mapping: tuple[str, ...] = option(
        "Which column of the CSV file a field is in, or what a word in it means: summary=Title, "
        "status.Done=approved.",
        "FIELD=COLUMN",
        "--map",
        multiple=True,
    ),
    git: str | None = option(
        "A git repository: its commits become changes.",
        "REPO",
        type=click.Path(),
        multiple=True,
        callback=once,
    ),
    since: str = option("The commits after this tag.", "TAG", "--from"),
    until: str = option("Up to this one; HEAD when nothing is said.", "TAG", "--to"),
    only: tuple[str, ...] = option("Commits of this type only, such as feat or fix.", "TYPE", multiple=True),
    by: str = option(
        "What becomes a change: a merged pull or merge request with all of its commits, or each commit; "
        "request when nothing is said.",
        "request|commit",
    ),
    other: str | None = option(
        "What did not go out with this release.",
        "OTHER",
        "--from-release",
        completing=release_ids,
        multiple=True,
        callback=once,
    ),
) -> None:
    """Add changes to the release ID from a CSV file, a git repository, or another release.

    What is there already is left.
    """
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


@command("export", change_command)
def export_changes(
    session: Session,
    release: str = RELEASE,
    file: str | None = argument("[FILE]", default=None, type=click.Path()),
) -> None:
    """Write the changes of the release ID as CSV.

    A spreadsheet takes no cell for a formula.
    """
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
