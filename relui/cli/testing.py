"""`relui test` and `relui defect`: what was tested, also from JUnit reports, and what was found."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.acting import tell_record
from relui.cli.options import global_options, pass_session, release_argument
from relui.cli.parts import part_group
from relui.cli.session import Session
from relui.domain.dossier.fields import DEFECT, TEST

test_command = part_group(TEST)
defect_command = part_group(DEFECT)


@test_command.command("import", help="Add one test run to the release ID from JUnit XML reports.")
@release_argument
@click.option(
    "--junit",
    metavar="PATH",
    type=click.Path(),
    required=True,
    multiple=True,
    help="The report, or a folder: all of its *.xml. More than once: all of them are one run.",
)
@click.option("--category", metavar="C", required=True, help="What was tested: smoke, regression ...")
@click.option("--name", metavar="T", default="", help="What the run is called; made of the category.")
@click.option("--scope", metavar="T", default="", help="How far it went; what the matrix asks for.")
@click.option("--by", metavar="NAME", default="", help="Who ran it; you.")
@click.option(
    "--evidence",
    metavar="E",
    default="",
    help="Where its results can be seen; the reports themselves are kept when nothing is said.",
)
@global_options
@pass_session
def import_tests(
    session: Session, /, release: str, junit: tuple[str, ...], category: str, **given: str
) -> int:
    """Import reports as one test run of the present build."""
    done = session.desk.import_tests(release, [Path(each) for each in junit], category, **given)
    tell_record(session, done, "nothing changed.")
    return 0
