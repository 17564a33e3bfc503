"""A shift's hand-over as one page: state, what is open, what was decided, what worries [S1.27]."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.checklist import State
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import listed
from relui.domain.dossier.decisions import last_decision, leader, standing_decisions
from relui.domain.dossier.deployment import WindowClock, window_clock
from relui.domain.dossier.environments import progress_words
from relui.domain.dossier.gates import Judgement
from relui.domain.dossier.parts import Decision
from relui.domain.dossier.stages import gate_lines_now, go_words
from relui.domain.dossier.testing import is_open
from relui.domain.instants import format_duration
from relui.domain.outline import Node, Outline
from relui.domain.progress import stage_of
from relui.domain.release import Release

LATEST = 15
"""Decisions that a page tells at most: the last ones."""


class ShiftPage(Struct, frozen=True):
    """What the next person needs to know, at `now` (UTC).

    `state` are sentences, `open_items` the unresolved leaves of the present phase, `failed` those that
    failed anywhere, `unmet` what stands in the way of the next step, `decided` the last decisions.
    """

    now: datetime
    leader: str
    state: tuple[str, ...]
    clock: WindowClock
    open_items: tuple[Node, ...]
    failed: tuple[Node, ...]
    unmet: tuple[Judgement, ...]
    defects: tuple[str, ...]
    decided: tuple[Decision, ...]
    worries: tuple[str, ...]


def shift_page(release: Release, context: Context) -> ShiftPage:
    """The page of a release as it stands now."""
    outline = Outline(release)
    current = outline.current_phase()
    leaves = tuple(current.leaves()) if current else ()
    clock = window_clock(release, context.now)
    return ShiftPage(
        now=context.now,
        leader=leader(release),
        state=_state(release, outline, context),
        clock=clock,
        open_items=tuple(leaf for leaf in leaves if leaf.state is State.OPEN),
        failed=tuple(leaf for leaf in outline.leaves() if leaf.state is State.FAILED),
        unmet=gate_lines_now(release, context) if listed(release) else (),
        defects=tuple(
            f"{each.id} ({each.severity}): {each.summary}"
            for each in release.dossier.defects
            if is_open(each)
        ),
        decided=standing_decisions(release)[-LATEST:],
        worries=_worries(release, clock, actual_window(release, outline)),
    )


def _state(release: Release, outline: Outline, context: Context) -> tuple[str, ...]:
    found = [f"Stage {stage_of(release, outline)}, {outline.done} of {outline.total} items done."]
    if words := go_words(release, context.lost):
        found.append(f"{words[:1].upper()}{words[1:]}.")
    started, completed = actual_window(release, outline)
    if started is not None:
        found.append(f"Deployment started {moment_words(started, release.zone)}.")
    if completed is not None:
        found.append(f"Deployment completed {moment_words(completed, release.zone)}.")
    if words := progress_words(release):
        found.append(f"{words}.")
    return tuple(found)


def _worries(
    release: Release, clock: WindowClock, actual: tuple[datetime | None, datetime | None]
) -> tuple[str, ...]:
    found: list[str] = []
    started, completed = actual
    said = last_decision(release, "hand-over")
    if said is not None and said.words:
        found.append(said.words)
    if started is not None and completed is None and clock.remaining < 0:
        found.append(f"The window is over since {format_duration(-clock.remaining)}.")
    if clock.to_rollback is not None and started is not None:
        if clock.to_rollback < 0:
            found.append("The last safe moment to start a rollback is over.")
        elif completed is None:
            last = clock.last_rollback
            found.append(f"A rollback must start before {moment_words(last, release.zone)}.")
    return tuple(found)
