"""Where a release stands at an instant: its stage, what is late, what is wrong, what comes next.

Told by the release alone. No gate is judged for it: that would need the calendar and the archive. What only
some releases need is imported for those: lists stay quick.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import STAGES, Stage, State
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.decisions import completion, last_decision, on_hold, rolled_back
from relui.domain.outline import Node, Outline, due_at, late_at
from relui.domain.release import MILESTONES, Release, milestones, milestones_over
from relui.domain.slot_hold import finished


class Trouble(Struct, frozen=True):
    """One thing that is wrong, as a word: `kind` decides how it looks, `count` how many there are."""

    kind: str
    text: str
    count: int = 0


_LESSER = ("stage-late", "debt", "overdue", "owing", "retro")
"""Kinds of trouble that a late notice stands before."""
LIVE_BEFORE = timedelta(hours=1)
"""From this long before its go-live a release is live: the window is what matters now."""


class Standing(Struct, frozen=True):
    """A release at one instant. `remaining` is the time to go-live, negative afterwards."""

    stage: Stage | str
    phase: str
    done: int
    total: int
    remaining: timedelta
    troubles: tuple[Trouble, ...]
    live: bool
    finished: bool = False
    """Its deployment is completed or rolled back: nothing is counted down any more."""


def overdue(release: Release, node: Node, now: datetime) -> bool:
    """An unresolved leaf, or a parent with one, whose phase is late (see `late_at`).

    In a closed release nothing is waited for any more.
    """
    return release.closing is None and not node.state.resolved and now > late_at(release, node.phase)


def stage_of(release: Release, outline: Outline, now: datetime | None = None) -> Stage | str:
    """The stage: derived from the first phase with open items; `closed` once it is [S1.2].

    With criteria it is the one that the release was advanced to. An emergency that is deployed but owes
    its full checklist is `owing` [S1.36]; without `now` only where its end is recorded or ticked.
    """
    if release.closing is not None:
        return "closed"
    current = outline.current_phase()
    if owing(release, outline, now) is not None:
        return "owing"
    if release.criteria:
        return release.dossier.stage or STAGES[0]
    return "close" if current is None else current.phase.stage


SETTLED_BY_CLOSING = ("closed", "debt-settled")
"""Facts that closing itself makes true: items bound to them can stand in nobody's way."""


def owed_leaves(outline: Outline) -> list[Node]:
    """The items of an emergency's full checklist that are not resolved yet, failed ones included [S1.36].

    Those that only closing can tick are not among them.
    """
    return [
        leaf
        for phase in outline.phases
        if phase.phase.owed
        for leaf in phase.leaves()
        if not leaf.state.resolved and leaf.when_done not in SETTLED_BY_CLOSING
    ]


def owes(outline: Outline) -> int:
    """How many items of an emergency's full checklist are not resolved yet [S1.36]."""
    return len(owed_leaves(outline))


class Owing(Struct, frozen=True):
    """What a deployed emergency owes: the unresolved items, until when, whether that is over, since when."""

    leaves: tuple[Node, ...]
    due: datetime
    overdue: bool
    since: datetime


def owing(release: Release, outline: Outline, now: datetime | None) -> Owing | None:
    """What an emergency owes of its full checklist; None when nothing, or when it is not deployed [S1.36].

    This alone decides it, for every list. A deployment that began is over at the latest when its planned
    time is, whatever was ticked of it; `now` (UTC) is needed to know that, and whether the debt is overdue.
    """
    leaves = owed_leaves(outline)
    if not leaves or release.closed or not went_out(release, outline, now):
        return None
    phases = [phase.phase for phase in outline.phases if phase.phase.owed]
    late = max(late_at(release, phase) for phase in phases)
    return Owing(
        tuple(leaves),
        max(due_at(release, phase) for phase in phases),
        now is not None and now > late,
        deployed_until(release, outline),
    )


def went_out(release: Release, outline: Outline, now: datetime | None) -> bool:
    """It is deployed, or its deployment began and its planned time is over at `now`."""
    if deployed(release, outline):
        return True
    started = actual_window(release, outline)[0]
    return started is not None and now is not None and now > started + timedelta(minutes=release.duration)


def deployed_until(release: Release, outline: Outline) -> datetime:
    """When the deployment was over: as recorded, else the end of what was planned."""
    started, completed = actual_window(release, outline)
    return completed or (started or release.go_live) + timedelta(minutes=release.duration)


def deployed(release: Release, outline: Outline) -> bool:
    """Its completion is recorded, or every deploying phase that is not owed is resolved.

    What is still open of earlier phases does not undo a deployment. A checklist without any such phase
    is deployed when everything before its close is resolved.
    """
    if release.completed_at is not None:
        return True
    before = [node for node in outline.phases if not node.phase.owed and node.phase.stage != "close"]
    deploying = [node for node in before if node.phase.stage == "deploy"]
    return all(node.state.resolved for node in deploying or before)


def standing(release: Release, now: datetime, outline: Outline | None = None) -> Standing:
    """Where `release` stands at `now` (UTC)."""
    outline = outline or Outline(release)
    current = outline.current_phase()
    stage = stage_of(release, outline, now)
    remaining = release.go_live - now
    ended = bool(finished(release, outline))
    is_out = ended or stage in ("close", "closed", "owing")
    return Standing(
        stage=stage,
        phase=current.text if current else "",
        done=outline.done,
        total=outline.total,
        remaining=remaining,
        troubles=tuple(_troubles(release, outline, now)),
        live=not is_out
        and not release.closed
        and remaining <= LIVE_BEFORE
        and now <= release.go_live + timedelta(minutes=release.duration),
        finished=ended,
    )


def _troubles(release: Release, outline: Outline, now: datetime) -> list[Trouble]:
    """What is wrong, the worst first. A closed release has no troubles."""
    found: list[Trouble] = []
    if release.closed:
        return found
    failed = sum(1 for leaf in outline.leaves() if leaf.state is State.FAILED)
    if failed:
        found.append(Trouble("failed", f"failed {failed}", failed))
    if release.criteria or release.dossier.decisions:
        found += record_troubles(release, now)
    late = sum(
        1
        for phase in outline.phases
        if not phase.phase.owed and overdue(release, phase, now)
        for leaf in phase.leaves()
        if leaf.state is State.OPEN
    )
    debt = owing(release, outline, now)
    count = len(debt.leaves) if debt else 0
    if debt and debt.overdue:
        found.append(Trouble("debt", f"debt overdue {count}{_age(debt, now)}", count))
    if late:
        found.append(Trouble("overdue", f"overdue {late}", late))
    if debt and not debt.overdue:
        found.append(Trouble("owing", f"owes {count}{_age(debt, now)}", count))
    if deployed(release, outline) and now > release.go_live and not release.retrospective.written:
        closing_due = release.go_live + timedelta(hours=24)
        if now > closing_due:
            found.append(Trouble("retro", "retro due"))
    return found


def _age(debt: Owing, now: datetime) -> str:
    """How many whole days a debt is old: `, 3 d`; nothing on the first."""
    days = (now - debt.since).days
    return f", {days} d" if days > 0 else ""


def with_late_notices(stands: Standing, late: int) -> Standing:
    """How a release stands, with its messages that should have gone out: before what is only overdue [S1.23].

    They are counted elsewhere: that needs the organisation's holidays.
    """
    if not late:
        return stands
    words = "notice late" if late == 1 else f"notices late {late}"
    at = next((n for n, each in enumerate(stands.troubles) if each.kind in _LESSER), len(stands.troubles))
    troubles = (*stands.troubles[:at], Trouble("notice", words, late), *stands.troubles[at:])
    return replace(stands, troubles=troubles)


def next_open(outline: Outline, after: str | None = None, passed: Collection[str] = ()) -> Node | None:
    """The next leaf to look at after the node at path `after`: a failed one first, for it blocks the release.

    Then the next open one below, from the top again when there is none. Failed ones whose path is `passed`
    were looked at already: they come again when nothing else is left.
    """
    failed = [leaf for leaf in outline.leaves() if leaf.state is State.FAILED and leaf.path != after]
    if fresh := [leaf for leaf in failed if leaf.path not in passed]:
        return fresh[0]
    waiting = [leaf for leaf in outline.leaves() if leaf.state is State.OPEN]
    # What ticks itself is no work for anybody, as long as something else is open.
    leaves = [leaf for leaf in waiting if not leaf.when_done] or waiting
    if not leaves:
        return failed[0] if failed else None
    if after is not None and after in outline.nodes:
        order = {path: index for index, path in enumerate(outline.nodes)}
        below = [leaf for leaf in leaves if order[leaf.path] > order[after]]
        if below:
            return below[0]
    return leaves[0]


def record_troubles(release: Release, now: datetime) -> Iterator[Trouble]:
    """A hold, a no-go, a rollback that is not completed; rejected and stale sign-offs; a stage that is late.

    Sign-offs and stages count with criteria only, and until the deployment has begun.
    """
    if release.closed:
        return
    if release.dossier.decisions:
        yield from _decided(release)
    if not release.criteria or release.started_at is not None or release.completed_at is not None:
        return
    if release.dossier.signoffs:
        yield from _signed(release)
    stage = release.dossier.stage or STAGES[0]
    late = milestones_over(milestones(release.type, release.go_live, release.zone), now, release.zone)
    if any(STAGES.index(MILESTONES[milestone.name]) >= STAGES.index(stage) for milestone in late):
        yield Trouble("stage-late", f"{stage} late")


def _decided(release: Release) -> Iterator[Trouble]:
    if rolled_back(release) is not None and completion(release) is None:
        yield Trouble("rollback", "rollback")
    if on_hold(release) is not None:
        yield Trouble("hold", "on hold")
    last = last_decision(release, "go", "no-go", "resume")
    if last is not None and last.kind == "no-go":
        yield Trouble("no-go", "no-go")


def _signed(release: Release) -> Iterator[Trouble]:
    from relui.domain.dossier.signoffs import SUBJECTS, state_of

    for subject in SUBJECTS:
        state = state_of(release, subject)
        if state.rejections:
            yield Trouble("rejected", f"{subject} rejected")
        elif state.stale:
            yield Trouble("stale", f"{subject} stale")
