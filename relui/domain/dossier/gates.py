"""Gates: the criteria that end a stage or open the deployment, judged live and never stored [S1.2].

An unmet criterion is passed only by an override with a reason, by a named person, visible for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal, cast

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import STAGES, Stage
from relui.domain.dossier.builds import build_by
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import (
    CRITERIA,
    GATES,
    NEVER_OVERRIDDEN,
    Criterion,
    GateName,
    command_for,
    criterion_named,
    gate_named,
    listed,
)
from relui.domain.dossier.parts import Override
from relui.domain.log import Act
from relui.domain.release import Release
from relui.domain.ruling import Gap, Ruling, reason_given, refuse_closed
from relui.domain.slot_hold import missed
from relui.domain.text import did_you_mean, one_line, quoted
from relui.errors import Refused

JudgementState = Literal["met", "unmet", "overridden"]


class Judgement(Struct, frozen=True):
    """One criterion of a gate: whether it is met, why not, and who passed it nevertheless. The `why` of one
    that is met says who spoke for another, where somebody did.

    `left` is the stage that the release had left through its gate, where it is unmet again since.
    """

    criterion: Criterion
    state: JudgementState
    gaps: tuple[Gap, ...] = ()
    why: str = ""
    override: Override | None = None
    left: Stage | None = None

    @property
    def ways(self) -> tuple[Gap, ...]:
        """Its gaps as they are met, the best way first."""
        return tuple(gap.way or gap for gap in self.gaps)

    @property
    def passes(self) -> bool:
        """It is met or overridden."""
        return self.state != "unmet"

    @property
    def words(self) -> str:
        """`acceptance-signed: the service owner (Grace) has to approve`."""
        return f"{self.criterion.id}: {self.why or self.criterion.words}"


class Gate(Struct, frozen=True):
    """A gate of a release at one moment: its judgements in the order of the lifecycle."""

    name: GateName
    judgements: tuple[Judgement, ...]

    @property
    def met(self) -> bool:
        """Every listed criterion is met or overridden; true where none is listed."""
        return all(judgement.passes for judgement in self.judgements)

    @property
    def unmet(self) -> tuple[Judgement, ...]:
        """What stands in the way."""
        return tuple(judgement for judgement in self.judgements if not judgement.passes)


class GateShut(Refused):
    """A gate is not met: `judgements` are what stands in the way."""

    title = "The gate is not met"

    def __init__(self, message: str, judgements: tuple[Judgement, ...]) -> None:
        super().__init__(message)
        self.judgements = judgements

    @property
    def details(self) -> Mapping[str, object]:
        """The criteria that are not met, and why."""
        return {
            "criteria": [
                {"criterion": judgement.criterion.id, "why": judgement.why} for judgement in self.judgements
            ]
        }


def gate(release: Release, name: str, context: Context) -> Gate:
    """A gate as it stands now. Raises BadInput for an unknown name.

    The gate of the present stage, and `go`, show also what is unmet again of the stages that were left.
    """
    wanted = gate_named(name)
    judgements = [judged(release, each, context) for each in listed(release) if wanted in each.gates]
    if wanted in (stage_now(release), "go"):
        judgements += unmet_again(
            release, (judged(release, each, context) for each in _behind(release)), judgements
        )
    return Gate(wanted, tuple(judgements))


SLOT = "slot-booked"
"""The criterion whose overrides pass one slot."""

NOT_ASKED_AGAIN = ("changes-timely",)
"""Criteria of a stage that may become untrue after it without standing in the way.

`changes-timely`: a release that was put off goes live after the day by which a change was wanted. That wish
is missed, not the release wrong; a go-live outside of its slot asks for the definition's approval anew, and
whoever gives it sees the dates. All others say something that must still be so on the day: nothing may be
deployed that nobody approved, that was out before, whose owner took it back, whose notes or tests are of
other contents, that nobody rehearsed or accepted, or without anybody to call. None of them but
`slot-booked` looks at the clock.
"""


def stage_now(release: Release) -> Stage:
    """Where a release with criteria stands; it begins with planning."""
    return cast("Stage", release.dossier.stage or STAGES[0])


def gate_now(release: Release) -> GateName:
    """The gate that stands in the way next: before a deployment has begun, that is `go`."""
    stage = stage_now(release)
    guarded = any("go" in each.gates for each in listed(release))
    return "go" if stage == "deploy" and release.started_at is None and guarded else stage


def ahead_words(release: Release, name: str) -> str:
    """That a criterion belongs to a gate that is not due yet, in a sentence; else nothing."""
    here = stage_now(release)
    due = GATES.index("go" if here == "stage" else gate_now(release))
    first = criterion_named(name).gates[0]
    if GATES.index(first) <= due:
        return ""
    return f"{name} belongs to the gate {first}, which is not due yet: {release.id} is in {here}."


def _behind(release: Release) -> tuple[Criterion, ...]:
    """The criteria of the stages that the release has left; none once its deployment has begun."""
    left = _left(release)
    return tuple(
        each for each in listed(release) if left.intersection(each.gates) and each.id not in NOT_ASKED_AGAIN
    )


def _left(release: Release) -> frozenset[GateName]:
    if release.started_at is not None or release.closed:
        return frozenset()
    stages = STAGES[: min(STAGES.index(stage_now(release)), STAGES.index("deploy"))]
    return frozenset(cast("GateName", stage) for stage in stages)


def unmet_again(
    release: Release, judgements: Iterable[Judgement], besides: Iterable[Judgement] = ()
) -> tuple[Judgement, ...]:
    """Of judged criteria those that are unmet again since the release left their stage.

    What stands in `besides` already is left out. They stand in the way of the next step as if they were of
    its own gate: by advance, go and start.
    """
    left, known = _left(release), {judgement.criterion.id for judgement in besides}
    found = []
    for judgement in judgements:
        stages = [stage for stage in STAGES if stage in judgement.criterion.gates and stage in left]
        if (
            judgement.passes
            or not stages
            or judgement.criterion.id in known
            or judgement.criterion.id in NOT_ASKED_AGAIN
        ):
            continue
        why = f"unmet again since it left {STAGE_LEFT[stages[-1]]}: {judgement.why}"
        found.append(replace(judgement, left=stages[-1], why=why))
    return tuple(found)


STAGE_LEFT: Mapping[Stage, str] = {
    "plan": "planning",
    "build": "the build",
    "test": "testing",
    "stage": "staging",
    "deploy": "the deployment",
    "close": "the close",
}
"""A stage as the place that a release leaves, in words."""


def judged(release: Release, criterion: Criterion, context: Context) -> Judgement:
    """One criterion of a release as it stands now."""
    verdict = criterion.condition(release, context)
    given = overrides_of(release, criterion.id)
    if verdict.holds:
        return Judgement(criterion, "met", why=verdict.why, override=given[-1] if given else None)
    override = override_of(release, criterion.id, context.now)
    if override is not None and may_override(release, criterion.id):
        why = f"{verdict.why}; passed by {override.by}: {override.reason}"
        return Judgement(criterion, "overridden", verdict.gaps, why, override)
    why = verdict.why
    if given and override is None:
        about = "another slot" if criterion.id == SLOT else f"build {_build_of(release, given[-1])}"
        why += f"; the override by {given[-1].by} was for {about}"
    return Judgement(criterion, "unmet", verdict.gaps, why)


def overrides_of(release: Release, name: str) -> tuple[Override, ...]:
    """Every override that was given of a criterion, for whatever build, the latest last."""
    return tuple(each for each in release.dossier.overrides if each.criterion == name)


def override_of(release: Release, name: str, now: datetime) -> Override | None:
    """The override that counts at `now`, if there is one: where a criterion is about the build, that of this
    build; where it is about the slot, that of this slot, and of its miss only what was said after it."""
    given = overrides_of(release, name)
    if name == SLOT and release.booking is not None:
        booking = release.booking
        since = booking.end if missed(release, now) else booking.booked_at
        given = tuple(each for each in given if each.at >= since)
    if name in CRITERIA and CRITERIA[name].of_build:
        given = tuple(each for each in given if _build_of(release, each) == release.dossier.iteration)
    return given[-1] if given else None


def _build_of(release: Release, override: Override) -> int:
    """The build that it was given for; of an older record the one that was confirmed or promoted by then."""
    return override.iteration or build_by(release, override.at)


def may_override(release: Release, name: str) -> bool:
    """A reason passes the criterion: two of them only in an emergency."""
    return release.is_emergency or name not in NEVER_OVERRIDDEN


def override(
    release: Release, criterion: str, by: str, reason: str, at: datetime, context: Context | None = None
) -> Ruling:
    """Pass an unmet criterion, as a named person and for a reason that stays for ever.

    With a context, one that is met already is left, and `by` must be listed. Told is a gate that is not due
    yet. Raises Refused for a
    criterion that is not listed by the template or cannot be overridden, BadInput without a reason.
    """
    refuse_closed(release)
    found = criterion_named(criterion)
    if found not in listed(release):
        raise Refused(f"{found.id} is no criterion of {release.id}: its template does not list it.")
    if not may_override(release, found.id):
        raise Refused(
            f"{found.id} can never be overridden outside an emergency. It is met by: {found.act} "
            f"({found.words.lower()})."
        )
    reason = reason_given(reason, f"Overriding {found.id}", "It is kept in the record for ever.")
    before = override_of(release, found.id, at)
    if before is not None:
        told = f"{found.id} was overridden by {before.by} already: {before.reason}"
        return Ruling(release, None, already=(found.id,), told=(told,))
    if context is not None:
        by = named_person(context, by)
        if judged(release, found, context).state == "met":
            told = f"{found.id} is met: the override is not needed, and not recorded."
            return Ruling(release, None, already=(found.id,), told=(told,))
    early = ahead_words(release, found.id)
    return Ruling(
        overridden(release, (found.id,), by, reason, at),
        Act("override", f"overrode {found.id}", reason, reversible=False),
        (found.id,),
        told=(early,) if early else (),
    )


def override_open(release: Release, by: str, reason: str, at: datetime, context: Context) -> Ruling:
    """Pass every open criterion of an emergency at once, for one reason; each is recorded by itself [S1.36].

    Raises Refused for any other release and for one without criteria, BadInput without a reason.
    """
    refuse_closed(release)
    if not release.is_emergency:
        raise Refused(
            f"{release.id} is no emergency: its criteria are overridden one by one, each for its own reason."
        )
    criteria = listed(release)
    if not criteria:
        raise Refused(f"{release.id} has no criteria: nothing stands in its way.")
    reason = reason_given(reason, "Overriding", "It is kept in the record for ever.")
    by = named_person(context, by)
    names = tuple(each.id for each in criteria if not judged(release, each, context).passes)
    if not names:
        told = "Every criterion is met or overridden: nothing was recorded."
        return Ruling(release, None, already=tuple(each.id for each in criteria), told=(told,))
    act = Act("override", f"overrode {', '.join(names)}", reason, reversible=False)
    return Ruling(overridden(release, names, by, reason, at), act, names)


def named_person(context: Context, by: str) -> str:
    """Who overrides, by the organisation's own name for them. Raises Refused for a stranger."""
    people = context.organisation.people
    if not people:
        return by
    found = context.organisation.person(by)
    if found is None:
        raise Refused(
            f"An override needs a named person, and {quoted(by)} is not among the people of the "
            f"organisation.{did_you_mean(by, [person.id for person in people])}"
        )
    return found.id


def overridden(release: Release, names: Iterable[str], by: str, reason: str, at: datetime) -> Release:
    """The release with overrides added, for its present build."""
    name = one_line(by, what="The name", required=True)
    build = release.dossier.iteration
    added = tuple(
        Override(
            id=_override_id(release, each),
            at=at.astimezone(UTC),
            by=name,
            reason=reason,
            iteration=build,
        )
        for each in names
    )
    dossier = replace(release.dossier, overrides=(*release.dossier.overrides, *added))
    return replace(release, dossier=dossier)


def _override_id(release: Release, name: str) -> str:
    """The criterion; of a later override also its build, and its number where that is taken too."""
    given = len(overrides_of(release, name))
    ids = {each.id for each in release.dossier.overrides}
    build = f"{name}@{release.dossier.iteration}"
    return name if not given else build if build not in ids else f"{build}.{given + 1}"


def way_out(release: Release, judgement: Judgement) -> str:
    """The command that meets a criterion; of a stage that was left also how it is passed, where it can be."""
    command = command_for(release, judgement.ways[0] if judgement.ways else None, judgement.criterion.act)
    if judgement.left is None or not may_override(release, judgement.criterion.id):
        return command
    passing = f"relui override {release.id} {judgement.criterion.id} --reason T"
    return command if command == passing else f"{command}, or {passing}"


def refuse_shut(release: Release, what: str, judgements: tuple[Judgement, ...], besides: str = "") -> None:
    """Raises GateShut when judgements stand in the way; `what` begins the sentence (`build cannot end`).

    `besides` is what else stands in the way, in a sentence.
    """
    if not judgements:
        return
    count = "one criterion is" if len(judgements) == 1 else f"{len(judgements)} criteria are"
    words = "\n".join(f"- {judgement.words} (-> {way_out(release, judgement)})" for judgement in judgements)
    raise GateShut(f"{release.id}: {what}, {count} not met:\n{words}\n{besides}".rstrip(), judgements)
