"""The stages of a release with criteria: it advances explicitly, when the gate is met [S1.2].

Without criteria the stage follows from the checklist (`relui/domain/progress.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import STAGES, Stage
from relui.domain.closing import owed_words
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import ALL, CRITERIA, GateName, listed
from relui.domain.dossier.deciding import decided
from relui.domain.dossier.gates import (
    STAGE_LEFT,
    Gate,
    Line,
    gate,
    may_override,
    named_person,
    overridden,
    present_stage,
    refuse_shut,
)
from relui.domain.log import Act
from relui.domain.outline import Outline
from relui.domain.progress import owed_leaves
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import one_line
from relui.errors import Refused

GATE_WORDS: dict[GateName, str] = {
    "plan": "to leave planning",
    "build": "to leave the build",
    "test": "to leave testing",
    "stage": "to leave staging",
    "go": "to start the deployment",
    "deploy": "to end the deployment",
    "close": "to close the release",
}
"""What a gate opens, in words."""


stage_now = present_stage


def next_stage(release: Release) -> Stage | None:
    """The stage that comes next, or nothing when it is the last."""
    at = STAGES.index(stage_now(release)) + 1
    return STAGES[at] if at < len(STAGES) else None


def advance(release: Release, context: Context, by: str, at: datetime, override_reason: str = "") -> Ruling:
    """Leave the present stage for the next, when its gate is met.

    A reason overrides every unmet criterion that can be, by `by`. Raises GateShut naming what is unmet,
    Refused for a release without criteria or in its last stage.
    """
    refuse_closed(release)
    if not release.criteria:
        raise Refused(
            f"{release.id} has no criteria: its stage follows from its checklist, and needs no advance."
        )
    here, there = stage_now(release), next_stage(release)
    if there is None:
        raise Refused(f"{release.id} is in its last stage. Close it: its gate is asked for then.")
    shut = gate(release, here, context).unmet
    what = f"it cannot leave {STAGE_LEFT[here]}"
    opened = past(release, shut, context, by, at, override_reason, what)
    words = f"advanced from {here} to {there}{opened.words}"
    result = moved(decided(opened.release, "advance", by, at, words=words), there)
    return Ruling(result, Act("advance", words, opened.reason, reversible=False), (there,), told=opened.told)


class Opened(Struct, frozen=True):
    """A release past a shut gate: what was overridden in words, the reason, and what people are told."""

    release: Release
    words: str = ""
    reason: str = ""
    told: tuple[str, ...] = ()


def past(
    release: Release,
    shut: tuple[Line, ...],
    context: Context,
    by: str,
    at: datetime,
    override_reason: str,
    what: str,
) -> Opened:
    """Pass what is `shut` by overrides with one reason, if there is one; `what` could not be done otherwise.

    Raises GateShut for what stays shut: everything without a reason, else what can never be overridden.
    """
    reason = one_line(override_reason, what="The reason for the override")
    passed = tuple(line for line in shut if reason and may_override(release, line.criterion.id))
    refuse_shut(release, what, tuple(line for line in shut if line not in passed))
    names = tuple(line.criterion.id for line in passed)
    if not names:
        told = ("The override was not needed, and is not recorded.",) if reason else ()
        return Opened(release, told=told)
    result = overridden(release, names, named_person(context, by), reason, at)
    return Opened(result, f", overriding {', '.join(names)}", reason)


def moved(release: Release, stage: Stage) -> Release:
    """The release in that stage."""
    return replace(release, dossier=replace(release.dossier, stage=stage))


def to_deploy(release: Release, context: Context) -> tuple[Gate, ...]:
    """The gates between now and the start of the deployment: of the stages to come, and `go`."""
    here = STAGES.index(stage_now(release))
    between: tuple[Stage, ...] = STAGES[here : STAGES.index("deploy")]
    return tuple(gate(release, name, context) for name in (*between, "go"))


def unmet_of(gates: Iterable[Gate], without: Iterable[str] = ()) -> tuple[Line, ...]:
    """What is unmet in several gates, each criterion once, some left out."""
    left_out = set(without)
    found: dict[str, Line] = {}
    for each in gates:
        for line in each.unmet:
            if line.criterion.id not in left_out:
                found.setdefault(line.criterion.id, line)
    return tuple(found.values())


def gate_lines_now(release: Release, context: Context) -> tuple[Line, ...]:
    """What stands in the way of the next step: of the stage, and before the start of `go` as well."""
    gates = [gate(release, stage_now(release), context)]
    if stage_now(release) in ("stage", "deploy") and release.started_at is None:
        gates.append(gate(release, "go", context))
    return unmet_of(gates)


def refuse_closing(release: Release, context: Context) -> None:
    """Raises GateShut when the gates from here to the close are not met; a release without criteria passes.

    Cancelling asks no gate. What an emergency owes besides is told with it.
    """
    if not listed(release):
        return
    here = STAGES.index(stage_now(release))
    gates = (gate(release, name, context) for name in STAGES[here:])
    owed = owed_words(release, owed_leaves(Outline(release)))
    refuse_shut(release, "it cannot be closed", unmet_of(gates), owed)


def adopted(criteria: Iterable[str]) -> tuple[str, ...]:
    """What a template's criteria turn on, in plain words, a line each; one line for none and for all."""
    names = tuple(criteria)
    if not names:
        return ("No criteria: the checklist alone counts, and the stage follows from it.",)
    if ALL in names:
        return (f"All criteria ({len(CRITERIA)}): each stage ends when its gate is met.",)
    return tuple(
        f"{criterion.id}: {criterion.words}, {' and '.join(GATE_WORDS[name] for name in criterion.gates)}."
        for criterion in CRITERIA.values()
        if criterion.id in names
    )
