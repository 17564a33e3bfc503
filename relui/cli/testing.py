"""`relui test` and `relui defect`: what was tested, also from JUnit reports, and what was found."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.acting import tell_record
from relui.cli.command import RELEASE, command, option
from relui.cli.parts import part_group
from relui.cli.session import Session
from relui.domain.dossier.fields import DEFECT, TEST

test_command = part_group(TEST)
defect_command = part_group(DEFECT)


@command("import", test_command)
def import_tests(
    session: Session,
    release: str = RELEASE,
    junit: tuple[str, ...] = option(
        "The report, or a folder: all of its *.xml. More than once: all of them are one run.",
        "PATH",
        type=click.Path(),
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
    """Add one test run to the release ID from JUnit XML reports.

    It is a run of the present build.
    """
    reports = [Path(each) for each in junit]
    done = session.desk.import_tests(
        release, reports, category, name=name, scope=scope, by=by, evidence=evidence
    )
    tell_record(session, done, "nothing changed.")
