"""What one kind of part can do beyond `parts.py`: import, export, checksums, promotions."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.acting import tell_record
from relui.cli.booking import instant_for
from relui.cli.command import FILE, PLACES, RELEASE, argument, command, once, option, pairs, switch
from relui.cli.completing import part_ids, release_ids
from relui.cli.documents import tell_text
from relui.cli.parts import part_argument, part_group
from relui.cli.session import Session
from relui.domain.dossier.fields import CHANGE, COMPONENT, CONFIG_ITEM, CONTACT, DEFECT, ENVIRONMENT, TEST

change_command = part_group(CHANGE)


@command("import", change_command)
def import_changes(
    session: Session,
    /,
    release: str = RELEASE,
    csv: str | None = option(
        "A CSV file with a row for each change.", "FILE", type=FILE, multiple=True, callback=once
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
        type=FILE,
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
    """Add changes to the release ID from a CSV file, a git repository, or another release. What is there
    already is left as it is.
    """
    if sum(source is not None for source in (csv, git, other)) != 1:
        raise click.UsageError("Say where from: one of --csv, --git and --from-release.")
    if mapping and csv is None:
        raise click.UsageError("--map belongs to --csv.")
    if (since or until or only or by) and git is None:
        raise click.UsageError("--from, --to, --only and --by belong to --git.")
    desk = session.desk
    if csv is not None:
        done = desk.imports.changes(release, Path(csv), pairs(mapping, "--map"))
    elif git is not None:
        done = desk.imports.commits(release, Path(git), since, until or "HEAD", only, by or "request")
    else:
        done = desk.imports.leftovers(release, other or "")
    tell_record(session, done, "holds all of these changes already.")


@command("export", change_command)
def export_changes(
    session: Session,
    release: str = RELEASE,
    file: str | None = argument("[FILE]", default=None, type=FILE),
) -> None:
    """Write the changes of the release ID as CSV. A spreadsheet takes no cell for a formula."""
    document = {"id": session.desk.journal.resolve(release), "document": "changes"}
    # Spreadsheets know by the mark at its beginning that a file is UTF-8.
    tell_text(session, document, session.desk.documents.changes_csv(release), file, mark="\ufeff")


component_command = part_group(COMPONENT)
environment_command = part_group(ENVIRONMENT)
config_item_command = part_group(CONFIG_ITEM)
contact_command = part_group(CONTACT)


@command("checksum", component_command)
def checksum(
    session: Session,
    release: str = RELEASE,
    part: str = part_argument(COMPONENT),
    file: str = argument("FILE", type=FILE),
) -> None:
    """Record the SHA-256 of a component, computed from FILE."""
    tell_record(session, session.desk.record.component_checksum(release, part, Path(file)), "is so already.")


@command("move", component_command)
def move(
    session: Session,
    release: str = RELEASE,
    part: str = part_argument(COMPONENT),
    places: int = PLACES,
) -> None:
    """Move a component of the release ID: the order is that of the deployment. At the end it stays where it
    is.
    """
    done = session.desk.record.move_part(release, COMPONENT.name, part, places)
    tell_record(session, done, "nothing changed: it stands there already.")


@command("import", component_command)
def import_sums(
    session: Session,
    /,
    release: str = RELEASE,
    sums: str = option("The manifest.", "FILE", type=FILE, required=True, multiple=True, callback=once),
    add: bool = switch("What no component ends in becomes a component."),
    kind: str = option("The kind of what is added; else its name tells.", "KIND"),
    where: str = option("Where the added files are; where the package is, without it.", flag="--at"),
) -> None:
    """Give components of the release ID the checksums of a manifest, such as SHA256SUMS. A file is known by
    what a location or a name ends in.
    """
    if (kind or where) and not add:
        raise click.UsageError("--kind and --at belong to --add.")
    done = session.desk.imports.checksums(release, Path(sums), add=add, kind=kind, where=where)
    tell_record(session, done, "has all of these checksums already.")


@command("not-needed", component_command)
def not_needed(
    session: Session,
    release: str = RELEASE,
    kinds: tuple[str, ...] = argument("KIND..."),
    reason: str = option("Why this release needs none.", required=True),
) -> None:
    """Declare KINDs of component as not needed in the release ID; `all`: the rest."""
    done = session.desk.record.declare_not_needed(release, kinds, reason)
    tell_record(session, done, "all of these are declared already.")


@command("carry-over", component_command)
def carry_over(
    session: Session, release: str = RELEASE, names: tuple[str, ...] = argument("NAME...")
) -> None:
    """Say that NAMEs are in this build of the release ID as before; `all`: every component. `package-tag` and
    `build-logs` are such names too.
    """
    done = session.desk.record.carry_over(release, names)
    tell_record(session, done, "all of these are of this build already.")


@command("promote", environment_command)
def promote(
    session: Session,
    release: str = RELEASE,
    part: str = argument("NAME", part_ids),
    access_verified: bool = switch("Access was verified beforehand: needed."),
    when: str = option("When; now, when nothing is said.", "INSTANT"),
    baseline: str = option("What comparing it with its documented configuration found."),
) -> None:
    """Record that the release ID was promoted to an environment."""
    desk = session.desk
    at = instant_for(session, when, release)
    done = desk.record.promote(release, part, access_verified=access_verified, when=at, baseline=baseline)
    tell_record(session, done, "is recorded there already.")


test_command = part_group(TEST)
defect_command = part_group(DEFECT)


@command("import", test_command)
def import_tests(
    session: Session,
    release: str = RELEASE,
    junit: tuple[str, ...] = option(
        "The report, or a folder: all of its *.xml. More than once: all of them are one run.",
        "PATH",
        type=FILE,
        required=True,
        multiple=True,
    ),
    category: str = option("What was tested: smoke, regression ...", "C", required=True),
    name: str = option("What the run is called; made of the category."),
    scope: str = option("How far it went; what the matrix asks for."),
    by: str = option("Who ran it; you.", "NAME"),
    evidence: str = option(
        "Where its results can be seen; the reports themselves are kept when nothing is said.", "E"
    ),
) -> None:
    """Add one test run to the release ID from JUnit XML reports. It is a run of the present build."""
    reports = [Path(each) for each in junit]
    done = session.desk.imports.tests(
        release, reports, category, name=name, scope=scope, by=by, evidence=evidence
    )
    tell_record(session, done)
