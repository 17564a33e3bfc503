"""`relui sign`, `confirm`, `rehearse`, `gate`, `advance`, `override`: what people say, what ends a stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from relui.cli.acting import tell_record
from relui.cli.command import RELEASE, argument, command, option, switch
from relui.cli.completing import checks, confirmed_points, criteria, gate_names, person_names, subjects
from relui.cli.output import Lines, Styled
from relui.cli.session import Session
from relui.cli.shapes import Shape, picked
from relui.errors import BadInput, Refused

if TYPE_CHECKING:
    from relui.domain.dossier.gates import Gate, Judgement
    from relui.domain.release import Release


@command("sign")
def sign_command(
    session: Session,
    release: str = RELEASE,
    subject: str = argument("SUBJECT", subjects),
    acting_for: str = option(
        "Sign as the delegate of this person, named in advance.", "PERSON", "--for", person_names
    ),
    decision: str = option(
        "What is decided; approve when nothing is said.", "approve|reject|withdraw", default="approve"
    ),
    comment: str = option("A comment; a rejection needs its reason here."),
    confirmed: tuple[str, ...] = option(
        "What an approval confirms, each point of the subject; `all` is every one.",
        "POINT",
        "--confirm",
        confirmed_points,
        multiple=True,
    ),
) -> None:
    """Sign a SUBJECT of the release ID: definition, test-plan, acceptance, readiness, go or exception. The
    same approval again changes nothing.
    """
    try:
        done = session.desk.record.sign(
            release, subject, verdict=decision, acting_for=acting_for, comment=comment, confirmed=confirmed
        )
    except BadInput as error:
        raise with_confirm(error) from None
    tell_record(session, done)


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
    of it that are open. What is confirmed already and still counts is left.
    """
    kept = evidence_for(session, release, checks, evidence, note)
    done = session.desk.record.confirm(release, checks, note=note, evidence=kept)
    tell_record(session, done, f"confirmed already: {', '.join(done.ruling.already)}.")


def evidence_for(session: Session, release: str, names: tuple[str, ...], evidence: str, note: str) -> str:
    """The reference of evidence; a file is kept only when the confirmation itself can be made."""
    if evidence.startswith("@"):
        from relui.domain.dossier.signing import confirm

        opened = session.release(release)
        confirm(opened, names, session.actor.name, session.clock.now(), note=note)
    return session.desk.evidence.reference(evidence)


@command("unconfirm")
def unconfirm_command(
    session: Session,
    release: str = RELEASE,
    checks: tuple[str, ...] = argument("CHECK...", checks),
    reason: str = option("Why; it stays in the log.", required=True),
) -> None:
    """Take back CHECKs of the release ID that were confirmed."""
    tell_record(session, session.desk.record.unconfirm(release, checks, reason), "nobody has confirmed that.")


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

    deviations = deviations or of_steps(session.release(release))
    if not deviations:
        raise click.UsageError(
            "Say what deviated: --deviations T, or 'none'. "
            "Or record how each step went: relui runbook rehearse ID STEP --took 12m."
        )
    kept = evidence_for(session, release, REHEARSED, evidence, deviations)
    done = session.desk.record.confirm(release, REHEARSED, note=deviations, evidence=kept)
    tell_record(session, done, "is recorded as rehearsed already.")


_SIGNS = {"met": "[x]", "unmet": "[ ]", "overridden": "[o]"}


@command("gate")
def gate_command(
    session: Session,
    release: str = RELEASE,
    stage: str = argument("[STAGE]", gate_names),
    every: bool = switch("Every gate.", "--all"),
) -> int:
    """Say what a gate of the release ID lacks: exit code 0 met, 1 not. STAGE: plan, build, test, stage, go,
    deploy or close; the next in its way without. Prints each criterion as met [x], not met [ ] or overridden
    [o].
    """
    if every and stage:
        raise click.UsageError("Name a gate, or ask for --all of them.")
    opened = session.release(release)
    release_id = opened.id
    gates = session.desk.record.gates(release_id) if every else (session.desk.record.gate(release_id, stage),)
    met = all(gate.met for gate in gates)
    shapes = [
        {"id": release_id, **picked(gate, "gate=name met"), "lines": line_shapes(opened, gate.judgements)}
        for gate in gates
    ]
    if not session.answers({"id": release_id, "met": met, "gates": shapes} if every else shapes[0]):
        for gate in gates:
            session.out.lines(_gate_lines(opened, gate))
        if not any(gate.judgements for gate in gates):
            names = ", ".join(gate.name for gate in gates)
            session.out.word(f"{release_id} has no criteria for {names}: nothing stands in the way.")
    return 0 if met else Refused.exit_code


def _gate_lines(release: Release, gate: Gate) -> Lines:
    """A gate: its criteria, and for each that is not met why, and how to meet it."""
    from relui.domain.dossier.gates import way_out

    missing = f"NOT MET, {len(gate.unmet)} of {len(gate.judgements)} criteria missing"
    yield Styled(f"Gate {gate.name}: ", "bold"), "met" if gate.met else Styled(missing, "alarm")
    for each in gate.judgements:
        yield (f"  {_SIGNS[each.state]} {each.criterion.id}  {each.criterion.words}",)
        if each.why:
            yield (f"      {each.why}",)
        if each.state == "unmet":
            yield (f"      -> {way_out(release, each)}",)


def line_shapes(release: Release, lines: Sequence[Judgement]) -> list[Shape]:
    """The criteria of a gate."""
    from relui.cli.parts import gap_shapes
    from relui.domain.dossier.gates import way_out

    return [
        {
            **picked(line.criterion, "criterion=id words"),
            **picked(line, "state why left"),
            "gaps": gap_shapes(line.gaps),
            "way_out": way_out(release, line) if line.state == "unmet" else "",
            "override": line.override and picked(line.override, "by at reason"),
        }
        for line in lines
    ]


@command("advance")
def advance_command(
    session: Session,
    release: str = RELEASE,
    override: str = option(
        "Pass what is not met, and can be, for this reason: it is kept for ever.", "REASON"
    ),
) -> None:
    """Leave the present stage of the release ID for the next, when its gate is met. Exit code 1 when the gate
    is not met, naming what is missing.
    """
    tell_record(session, session.desk.record.advance(release, override))


@command("override")
def override_command(
    session: Session,
    release: str = RELEASE,
    criterion: str = argument("CRITERION", criteria),
    reason: str = option("Why it is passed.", required=True),
) -> None:
    """Pass an unmet CRITERION of the release ID (or all, of an emergency), with a reason kept for ever. Doing
    it again changes nothing.
    """
    tell_record(session, session.desk.record.override(release, criterion, reason))
