"""What is wrong with sign-offs, stages and decisions of a release, in a word each: for lists.

Told by the release alone. No gate is judged for it: that would need the calendar and the archive. What only
some releases need is imported for those: lists stay quick.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from relui.domain.checklist import STAGES, Stage
from relui.domain.release import Release
from relui.domain.timeline import milestones, passed
from relui.domain.trouble import Trouble

ENDS: dict[str, Stage] = {
    "planning complete": "plan",
    "build complete": "build",
    "test complete": "test",
    "staging acceptance": "stage",
}
"""A milestone -> the stage that should have ended by then [S1.5]."""


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
    late = passed(milestones(release.type, release.go_live, release.zone), now, release.zone)
    if any(STAGES.index(ENDS[milestone.name]) >= STAGES.index(stage) for milestone in late):
        yield Trouble("stage-late", f"{stage} late")


def _decided(release: Release) -> Iterator[Trouble]:
    from relui.domain.dossier.decisions import completion, last_decision, on_hold, rolled_back

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
