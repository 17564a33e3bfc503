"""`relui gate`, `advance` and `override`: what ends a stage, and what passes it nevertheless."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from relui.cli.acting import tell_record
from relui.cli.command import RELEASE, argument, command, option, switch
from relui.cli.completing import criteria, gate_names
from relui.cli.output import Piece, Styled
from relui.cli.session import Session
from relui.errors import Refused

if TYPE_CHECKING:
    from relui.domain.dossier.gates import Gate, Line
    from relui.domain.release import Release

_SIGNS = {"met": "[x]", "unmet": "[ ]", "overridden": "[o]"}


@command("gate")
def gate_command(
    session: Session,
    release: str = RELEASE,
    stage: str = argument("[STAGE]", gate_names),
    every: bool = switch("Every gate.", "--all"),
) -> int:
    """Say what a gate of the release ID lacks: exit code 0 met, 1 not. STAGE: plan, build, test, stage, go,
    deploy or close; the next in its way without.

    Prints each criterion as met [x], not met [ ] or overridden [o].
    """
    if every and stage:
        raise click.UsageError("Name a gate, or ask for --all of them.")
    opened = session.desk.open(release).release
    release_id = opened.id
    gates = session.desk.gates(release_id) if every else (session.desk.gate(release_id, stage),)
    met = all(gate.met for gate in gates)
    if session.json:
        shapes = [shape(opened, gate) for gate in gates]
        session.out.document({"id": release_id, "met": met, "gates": shapes} if every else shapes[0])
    else:
        for gate in gates:
            session.out.lines(gate_lines(opened, gate))
        if not any(gate.lines for gate in gates):
            names = ", ".join(gate.name for gate in gates)
            session.out.word(f"{release_id} has no criteria for {names}: nothing stands in the way.")
    return 0 if met else Refused.exit_code


def gate_lines(release: Release, gate: Gate) -> list[tuple[Piece, ...]]:
    """A gate: its criteria, and for each that is not met why, and how to meet it."""
    from relui.domain.dossier.gates import way_out

    unmet = len(gate.unmet)
    stands = "met" if gate.met else f"NOT MET, {unmet} of {len(gate.lines)} criteria missing"
    lines: list[tuple[Piece, ...]] = [
        (Styled(f"Gate {gate.name}: ", "bold"), stands if gate.met else Styled(stands, "alarm"))
    ]
    for line in gate.lines:
        lines.append((f"  {_SIGNS[line.state]} {line.criterion.id}  {line.criterion.words}",))
        if line.why:
            lines.append((f"      {line.why}",))
        if line.state == "unmet":
            lines.append((f"      -> {way_out(release, line)}",))
    return lines


def shape(release: Release, gate: Gate) -> dict[str, Any]:
    """A gate."""
    return {
        "id": release.id,
        "gate": gate.name,
        "met": gate.met,
        "lines": line_shapes(release, gate.lines),
    }


def line_shapes(release: Release, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The criteria of a gate."""
    from relui.cli.part_lines import gap_shape
    from relui.domain.dossier.gates import way_out

    return [
        {
            "criterion": line.criterion.id,
            "words": line.criterion.words,
            "state": line.state,
            "why": line.why,
            "left": line.left,
            "gaps": [gap_shape(gap) for gap in line.gaps],
            "way_out": way_out(release, line) if line.state == "unmet" else "",
            "override": line.override
            and {"by": line.override.by, "at": line.override.at, "reason": line.override.reason},
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
    """Leave the present stage of the release ID for the next, when its gate is met.

    Returns 1 when the gate is not met, naming what is missing.
    """
    tell_record(session, session.desk.advance(release, override), "nothing changed.")


@command("override")
def override_command(
    session: Session,
    release: str = RELEASE,
    criterion: str = argument("CRITERION", criteria),
    reason: str = option("Why it is passed.", required=True),
) -> None:
    """Pass an unmet CRITERION of the release ID (or all, of an emergency), with a reason kept for ever.

    Again is 0 and says so.
    """
    tell_record(session, session.desk.override(release, criterion, reason), "nothing changed.")
