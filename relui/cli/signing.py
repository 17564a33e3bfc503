"""`relui sign`, `confirm`, `unconfirm` and `rehearse`: what people say that they have seen."""

from __future__ import annotations

from typing import Any

import click

from relui.cli.acting import tell_record
from relui.cli.command import RELEASE, argument, command, option
from relui.cli.completing import checks, confirmed_points, person_names, subjects
from relui.cli.session import Session
from relui.errors import BadInput


def delegate_option(does: str) -> Any:
    """`--for PERSON`: whoever may act for others says for whom."""
    about = f"{does} as the delegate of this person, named in advance."
    return option(about, "PERSON", "--for", person_names)


def confirm_option(about: str) -> Any:
    """`--confirm POINT`, as often as there are points; `about` is its help."""
    return option(about, "POINT", "--confirm", confirmed_points, multiple=True)


@command("sign")
def sign_command(
    session: Session,
    release: str = RELEASE,
    subject: str = argument("SUBJECT", subjects),
    acting_for: str = delegate_option("Sign"),
    decision: str = option(
        "What is decided; approve when nothing is said.", "approve|reject|withdraw", default="approve"
    ),
    comment: str = option("A comment; a rejection needs its reason here."),
    confirmed: tuple[str, ...] = confirm_option(
        "What an approval confirms, each point of the subject; `all` is every one."
    ),
) -> None:
    """Sign a SUBJECT of the release ID: definition, test-plan, acceptance, readiness, go or exception.

    The same approval again changes nothing.
    """
    try:
        done = session.desk.sign(
            release, subject, verdict=decision, acting_for=acting_for, comment=comment, confirmed=confirmed
        )
    except BadInput as error:
        raise with_confirm(error) from None
    tell_record(session, done, "nothing changed.")


def with_confirm(error: BadInput) -> BadInput:
    """The error, with the option that confirms points when that is what it asks for."""
    if "confirms each point" not in error.message:
        return error
    return BadInput(f"{error.message} Say it with --confirm POINT for each, or --confirm all.")


@command("confirm")
def confirm_command(
    session: Session,
    release: str = RELEASE,
    checks: tuple[str, ...] = argument("CHECK...", checks),
    note: str = option("A note; some checks need one."),
    evidence: str = option("A link or a text; @FILE keeps the content of a file, 5 MB at most.", "E"),
) -> None:
    """Confirm CHECKs of the release ID: a point such as build.binaries, or a group such as window for those
    of it that are open.

    What is confirmed already and still counts is left.
    """
    kept = evidence_for(session, release, checks, evidence, note)
    done = session.desk.confirm(release, checks, note=note, evidence=kept)
    tell_record(session, done, f"confirmed already: {', '.join(done.ruling.already)}.")


def evidence_for(session: Session, release: str, names: tuple[str, ...], evidence: str, note: str) -> str:
    """The reference of evidence; a file is kept only when the confirmation itself can be made."""
    if evidence.startswith("@"):
        from relui.domain.dossier.confirmations import confirm

        opened = session.desk.open(release).release
        confirm(opened, names, session.actor.name, session.clock.now(), note=note)
    return session.desk.evidence_reference(evidence)


@command("unconfirm")
def unconfirm_command(
    session: Session,
    release: str = RELEASE,
    checks: tuple[str, ...] = argument("CHECK...", checks),
    reason: str = option("Why; it stays in the log.", required=True),
) -> None:
    """Take back CHECKs of the release ID that were confirmed."""
    tell_record(session, session.desk.unconfirm(release, checks, reason), "nobody has confirmed that.")


REHEARSED = ("runbook.executed", "runbook.deviations", "runbook.corrected")


@command("rehearse")
def rehearse_command(
    session: Session,
    release: str = RELEASE,
    deviations: str = option("What deviated, or 'none'; what its steps say, when each was rehearsed."),
    evidence: str = option("A link or a text; @FILE keeps a file.", "E"),
) -> None:
    """Record that the runbook of the release ID was executed in staging exactly as it is written, and was
    corrected.

    The three points of the runbook are one act [S1.19].
    """
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
