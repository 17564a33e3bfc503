"""`relui sign`, `confirm`, `unconfirm` and `rehearse`: what people say that they have seen."""

from __future__ import annotations

from collections.abc import Callable

import click

from relui.cli.acting import tell_record
from relui.cli.completing import checks, confirmed_points, person_names, subjects
from relui.cli.options import Function, global_options, pass_session, release_argument
from relui.cli.session import Session
from relui.errors import BadInput


def delegate_option(does: str) -> Callable[[Function], Function]:
    """`--for PERSON`: whoever may act for others says for whom."""
    return click.option(
        "--for",
        "acting_for",
        metavar="PERSON",
        default="",
        shell_complete=person_names,
        help=f"{does} as the delegate of this person, named in advance.",
    )


def confirm_option(about: str) -> Callable[[Function], Function]:
    """`--confirm POINT`, as often as there are points; `about` is its help."""
    return click.option(
        "--confirm",
        "confirmed",
        metavar="POINT",
        multiple=True,
        shell_complete=confirmed_points,
        help=about,
    )


@click.command(
    "sign",
    help="Sign a SUBJECT of the release ID: definition, test-plan, acceptance, readiness, go or exception.",
)
@release_argument
@click.argument("subject", metavar="SUBJECT", shell_complete=subjects)
@delegate_option("Sign")
@click.option(
    "--decision",
    metavar="approve|reject|withdraw",
    default="approve",
    help="What is decided; approve when nothing is said.",
)
@click.option("--comment", metavar="T", default="", help="A comment; a rejection needs its reason here.")
@confirm_option("What an approval confirms, each point of the subject; `all` is every one.")
@global_options
@pass_session
def sign_command(
    session: Session,
    release: str,
    subject: str,
    acting_for: str,
    decision: str,
    comment: str,
    confirmed: tuple[str, ...],
) -> int:
    """Sign; the same approval again changes nothing."""
    try:
        done = session.desk.sign(
            release, subject, verdict=decision, acting_for=acting_for, comment=comment, confirmed=confirmed
        )
    except BadInput as error:
        raise with_confirm(error) from None
    tell_record(session, done, "nothing changed.")
    return 0


def with_confirm(error: BadInput) -> BadInput:
    """The error, with the option that confirms points when that is what it asks for."""
    if "confirms each point" not in error.message:
        return error
    return BadInput(f"{error.message} Say it with --confirm POINT for each, or --confirm all.")


@click.command(
    "confirm",
    help="Confirm CHECKs of the release ID: a point such as build.binaries, or a group such "
    "as window for those of it that are open.",
)
@release_argument
@click.argument("checks", metavar="CHECK...", nargs=-1, required=True, shell_complete=checks)
@click.option("--note", metavar="T", default="", help="A note; some checks need one.")
@click.option(
    "--evidence",
    metavar="E",
    default="",
    help="A link or a text; @FILE keeps the content of a file, 5 MB at most.",
)
@global_options
@pass_session
def confirm_command(session: Session, release: str, checks: tuple[str, ...], note: str, evidence: str) -> int:
    """Confirm; what is confirmed already and still counts is left."""
    kept = evidence_for(session, release, checks, evidence, note)
    done = session.desk.confirm(release, checks, note=note, evidence=kept)
    tell_record(session, done, f"confirmed already: {', '.join(done.ruling.already)}.")
    return 0


def evidence_for(session: Session, release: str, names: tuple[str, ...], evidence: str, note: str) -> str:
    """The reference of evidence; a file is kept only when the confirmation itself can be made."""
    if evidence.startswith("@"):
        from relui.domain.dossier.confirmations import confirm

        opened = session.desk.open(release).release
        confirm(opened, names, session.actor.name, session.clock.now(), note=note)
    return session.desk.evidence_reference(evidence)


@click.command("unconfirm", help="Take back CHECKs of the release ID that were confirmed.")
@release_argument
@click.argument("checks", metavar="CHECK...", nargs=-1, required=True, shell_complete=checks)
@click.option("--reason", metavar="T", required=True, help="Why; it stays in the log.")
@global_options
@pass_session
def unconfirm_command(session: Session, release: str, checks: tuple[str, ...], reason: str) -> int:
    """Take confirmations back."""
    tell_record(session, session.desk.unconfirm(release, checks, reason), "nobody has confirmed that.")
    return 0


REHEARSED = ("runbook.executed", "runbook.deviations", "runbook.corrected")


@click.command(
    "rehearse",
    help="Record that the runbook of the release ID was executed in staging exactly as it "
    "is written, and was corrected.",
)
@release_argument
@click.option("--deviations", metavar="T", default="",
              help="What deviated, or 'none'; what its steps say, when each was rehearsed.")  # fmt: skip
@click.option("--evidence", metavar="E", default="", help="A link or a text; @FILE keeps a file.")
@global_options
@pass_session
def rehearse_command(session: Session, release: str, deviations: str, evidence: str) -> int:
    """Confirm the three points of the runbook as one act [S1.19]."""
    from relui.domain.runbook import deviations as of_steps

    deviations = deviations or of_steps(session.desk.open(release).release)
    if not deviations:
        raise click.UsageError(
            "Say what deviated: --deviations T, or 'none'. "
            "Or record how each step went: relui runbook rehearse ID STEP --took 12m."
        )
    kept = evidence_for(session, release, REHEARSED, evidence, deviations)
    done = session.desk.confirm(release, REHEARSED, note=deviations, evidence=kept)
    tell_record(session, done, "is recorded as rehearsed already.")
    return 0
