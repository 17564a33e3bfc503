"""From stage to stage, when the gate is met [S1.2]: advancing, go, no-go, hold and resume [S1.25].

Each step is taken explicitly, by a person. Without criteria the stage follows from the checklist
(`relui/domain/progress.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.booking_rules import give_back
from relui.domain.calendar.wall_clock import moment_words
from relui.domain.checklist import STAGES, Stage
from relui.domain.closing import owed_words
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import GateName, listed
from relui.domain.dossier.deciding import decided
from relui.domain.dossier.decisions import go_decision, last_decision, leader, on_hold
from relui.domain.dossier.gates import (
    STAGE_LEFT,
    Gate,
    Judgement,
    gate,
    may_override,
    named_person,
    overridden,
    refuse_shut,
    stage_now,
)
from relui.domain.dossier.signers import person_id, required_signers
from relui.domain.dossier.signing import sign
from relui.domain.dossier.signoffs import before_go, go_stands, signed
from relui.domain.log import Act
from relui.domain.organisation import Organisation
from relui.domain.outline import Outline
from relui.domain.progress import owed_leaves
from relui.domain.release import Release
from relui.domain.ruling import Ruling, reason_given, refuse_closed
from relui.domain.slot_hold import hold_of
from relui.domain.text import long_text, one_line
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


class Passed(Struct, frozen=True):
    """A release past a shut gate: what was overridden in words, the reason, and what people are told."""

    release: Release
    words: str = ""
    reason: str = ""
    told: tuple[str, ...] = ()


def past(
    release: Release,
    shut: tuple[Judgement, ...],
    context: Context,
    by: str,
    at: datetime,
    override_reason: str,
    what: str,
) -> Passed:
    """Pass what is `shut` by overrides with one reason, if there is one; `what` could not be done otherwise.

    Raises GateShut for what stays shut: everything without a reason, else what can never be overridden.
    """
    reason = one_line(override_reason, what="The reason for the override")
    passed = tuple(line for line in shut if reason and may_override(release, line.criterion.id))
    refuse_shut(release, what, tuple(line for line in shut if line not in passed))
    names = tuple(line.criterion.id for line in passed)
    if not names:
        told = ("The override was not needed, and is not recorded.",) if reason else ()
        return Passed(release, told=told)
    result = overridden(release, names, named_person(context, by), reason, at)
    return Passed(result, f", overriding {', '.join(names)}", reason)


def moved(release: Release, stage: Stage) -> Release:
    """The release in that stage."""
    return replace(release, dossier=replace(release.dossier, stage=stage))


def to_deploy(release: Release, context: Context) -> tuple[Gate, ...]:
    """The gates between now and the start of the deployment: of the stages to come, and `go`."""
    here = STAGES.index(stage_now(release))
    between: tuple[Stage, ...] = STAGES[here : STAGES.index("deploy")]
    return tuple(gate(release, name, context) for name in (*between, "go"))


def unmet_of(gates: Iterable[Gate], without: Iterable[str] = ()) -> tuple[Judgement, ...]:
    """What is unmet in several gates, each criterion once, some left out."""
    left_out = set(without)
    found: dict[str, Judgement] = {}
    for each in gates:
        for line in each.unmet:
            if line.criterion.id not in left_out:
                found.setdefault(line.criterion.id, line)
    return tuple(found.values())


def gate_lines_now(release: Release, context: Context) -> tuple[Judgement, ...]:
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


AFTER_GO = ("go-decided", "handed-off", "emergency-cab-signed")
"""Criteria of the gate `go` that the decision itself, or what follows it, meets."""


def say_go(
    release: Release,
    context: Context,
    by: str,
    at: datetime,
    *,
    acting_for: str = "",
    comment: str = "",
    confirmed: Iterable[str] = (),
) -> Ruling:
    """Say go, on the day, when everything else that opens the deployment is met.

    Who may sign it confirms what was asked (open issues, people, business); the owner can record it too,
    once it is signed. Raises GateShut for what is unmet, Refused for a wrong moment or person.
    """
    refuse_closed(release)
    _refuse_deployed(release)
    if go_stands(release, context.lost):
        return Ruling(release, None, already=("go",), told=(f"Go was said for {release.id} already.",))
    if on_hold(release) is not None:
        raise Refused(f"{release.id} is on hold: resume it first.")
    _refuse_no_slot(release)
    names = {criterion.id for criterion in listed(release)}
    if "go-decided" in names and (early := before_go(release, at)):
        raise Refused(early)
    refuse_shut(release, "go cannot be said", unmet_of(to_deploy(release, context), AFTER_GO))
    result = release
    told: tuple[str, ...] = ()
    if not (signed(release, "go", context.lost) and _leads(release, context.organisation, by)):
        ruling = sign(
            release, context.organisation, "go", by, at,
            acting_for=acting_for, comment=comment, confirmed=confirmed, lost=context.lost,
        )  # fmt: skip
        result, told = ruling.release, ruling.told
    words = long_text(comment, what="The comment")
    result = decided(result, "go", by, at, words=words)
    return Ruling(result, Act("go", "said go", words, reversible=False), ("go",), told=told)


def _refuse_deployed(release: Release) -> None:
    started, completed = actual_window(release, Outline(release))
    if completed is not None:
        raise Refused(f"{release.id} is deployed already.")
    if started is not None:
        raise Refused(f"The deployment of {release.id} has started already.")


def _refuse_no_slot(release: Release) -> None:
    last = last_decision(release, "no-go", "resume")
    if last is not None and last.kind == "no-go":
        raise Refused(f"{release.id} had a no-go: book a new slot and resume it first.")


def no_go(
    release: Release, organisation: Organisation, by: str, at: datetime, reason: str, acting_for: str = ""
) -> Ruling:
    """Say no-go with a reason: the slot is given back, and a go that was said counts no more.

    By who may say go, or who leads the release. Raises Refused when the deployment has started.
    """
    refuse_closed(release)
    _refuse_deployed(release)
    refuse_stranger(release, organisation, by, "say no-go")
    acting_for = _stood_for(organisation, by, acting_for)
    reason = reason_given(reason, "A no-go", lines=True)
    last = last_decision(release, "go", "no-go", "resume")
    if last is not None and last.kind == "no-go":
        return Ruling(release, None, already=("no-go",), told=(f"{release.id} has a no-go already.",))
    one = " ".join(reason.split())[:300]
    given = give_back(release, f"no-go: {one}", at)
    result = decided(given.release, "no-go", by, at, words=reason)
    text = "said no-go" + (f", for {acting_for}" if acting_for else "")
    text += "; the slot was given back" if given.act else ""
    told = ("The slot was given back. Book a new one, and resume.",) if given.act else ()
    return Ruling(result, Act("no-go", text, reason, reversible=False), ("no-go",), told=told)


def _stood_for(organisation: Organisation, by: str, acting_for: str) -> str:
    """For whom `by` stops it, by id; themselves are nobody else. Raises Refused for no delegate of theirs."""
    person, other = organisation.person(by), organisation.person(acting_for) if acting_for else None
    if other is None or person is None or other is person:
        return ""
    if organisation.delegate_of(other) != person:
        raise Refused(f"{person.name} is no delegate of {other.name}. Say no-go in your own name.")
    return other.id


def hold(release: Release, by: str, at: datetime, reason: str) -> Ruling:
    """Stop for now, with a reason; anybody may. Nothing starts until it is resumed, and the slot stays."""
    refuse_closed(release)
    reason = reason_given(reason, "A hold", lines=True)
    if release.completed_at is not None:
        raise Refused(f"{release.id} is deployed already: there is nothing to hold.")
    if on_hold(release) is not None:
        return Ruling(release, None, already=("hold",), told=(f"{release.id} is on hold already.",))
    result = decided(release, "hold", by, at, words=reason)
    return Ruling(result, Act("hold", "put on hold", reason, reversible=False), ("hold",))


def resume(release: Release, by: str, at: datetime, reason: str = "") -> Ruling:
    """Go on after a hold, or after a no-go once a new slot is booked; then go is to be said anew.

    Raises Refused when there is nothing to resume from, or no new slot.
    """
    refuse_closed(release)
    reason = long_text(reason, what="The reason")
    last = last_decision(release, "no-go", "resume")
    after_no_go = last is not None and last.kind == "no-go"
    if on_hold(release) is None and not after_no_go:
        raise Refused(f"{release.id} is neither on hold nor stopped by a no-go: there is nothing to resume.")
    over = hold_of(release, at) in ("planned", "missed", "to-be-moved")
    if after_no_go and release.bookings and over:
        raise Refused(f"{release.id} had a no-go, and its slot is free for others: book a new one first.")
    result = decided(release, "resume", by, at, words=reason)
    text = "resumed after the no-go" if after_no_go else "resumed after the hold"
    told = ("Go is to be said anew, for the new slot.",) if after_no_go else ()
    if release.booking is not None and over:
        told = ("Its slot is gone meanwhile: book another, and say go for that.",)
    return Ruling(result, Act("resume", text, reason, reversible=False), ("resume",), told=told)


def refuse_stranger(release: Release, organisation: Organisation, name: str, what: str) -> None:
    """Raises Refused for somebody who neither leads the release nor may say go; `what` they wanted to do."""
    if not organisation.people or _leads(release, organisation, name):
        return
    person = organisation.person(name)
    signers = [each for signers in required_signers("go", release, organisation) for each in signers.people]
    if person is not None:
        delegates = [organisation.person(each.delegate) for each in signers if each.delegate]
        if person in signers or person in delegates:
            return
    names = ", ".join(dict.fromkeys([leader(release), release.owner, *(each.id for each in signers)]))
    raise Refused(f"{name} cannot {what} for {release.id}. It is up to: {names}, or a delegate of theirs.")


def _leads(release: Release, organisation: Organisation, name: str) -> bool:
    """The owner, who leads now, or a delegate that the owner named in advance."""
    wanted = person_id(organisation, name).casefold()
    owner = organisation.person(release.owner)
    own = {person_id(organisation, each).casefold() for each in (release.owner, leader(release))}
    if owner is not None and owner.delegate:
        own.add(person_id(organisation, owner.delegate).casefold())
    return wanted in own


def go_words(release: Release, lost: Iterable[str] = ()) -> str:
    """Where the decision stands, in a few words; empty when nothing was decided."""
    if (held := on_hold(release)) is not None:
        return f"on hold since {moment_words(held.at, release.zone)}: {held.words}"
    if go_stands(release, lost):
        return "go"
    if go_decision(release) is not None:
        return "go was said, and counts no more"
    last = last_decision(release, "no-go", "resume")
    return f"no-go: {last.words}" if last is not None and last.kind == "no-go" else ""
