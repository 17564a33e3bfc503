"""What was decided on the way [S1.25, S1.27, S1.28]: which decisions stand, what they say together.

Decisions are never undone: a new one withdraws an earlier one, and both stay. How one is made: `deciding.py`.
"""

from __future__ import annotations

from relui.domain.dossier.parts import Decision, DecisionKind
from relui.domain.release import Outcome, Release


def standing_decisions(release: Release, *kinds: DecisionKind) -> tuple[Decision, ...]:
    """The decisions that nobody withdrew, in their order; of some kinds only when given."""
    withdrawn = {each.withdraws for each in release.dossier.decisions if each.withdraws}
    return tuple(
        each
        for each in release.dossier.decisions
        if each.id not in withdrawn and not each.withdraws and (not kinds or each.kind in kinds)
    )


def last_decision(release: Release, *kinds: DecisionKind) -> Decision | None:
    """The last of these kinds that stands."""
    found = standing_decisions(release, *kinds)
    return found[-1] if found else None


def go_decision(release: Release) -> Decision | None:
    """The go that was said and not taken back by a no-go, a rollback or a cancellation since."""
    last = last_decision(release, "go", "no-go", "rollback", "cancel")
    return last if last is not None and last.kind == "go" else None


def on_hold(release: Release) -> Decision | None:
    """The hold that nobody has resumed from, or nothing."""
    last = last_decision(release, "hold", "resume", "no-go", "complete", "cancel")
    return last if last is not None and last.kind == "hold" else None


def completion(release: Release) -> Decision | None:
    """The confirmed completion [S1.28], or nothing: a rollback declared since asks for a new one."""
    last = last_decision(release, "complete", "rollback")
    return last if last is not None and last.kind == "complete" else None


def rolled_back(release: Release) -> Decision | None:
    """The declared rollback, or nothing."""
    return last_decision(release, "rollback")


def handed_to(release: Release, person: str, delegate: str) -> bool:
    """`person` handed their sign-offs on this release over to `delegate` (both by id) [S1.38]."""
    wanted = (person.casefold(), delegate.casefold())
    return any(
        (each.by.casefold(), each.to.casefold()) == wanted for each in standing_decisions(release, "delegate")
    )


def leader(release: Release) -> str:
    """Who leads now: who claimed it last or was handed it, else the owner."""
    last = last_decision(release, "claim", "hand-over")
    return (last.to or last.by) if last else release.owner


def final_outcome(release: Release) -> Outcome | None:
    """How the release ended: as it was closed, else by its decisions; None while that is open."""
    if release.closing is not None:
        return release.closing.outcome
    if last_decision(release, "cancel"):
        return "cancelled"
    if last_decision(release, "rollback"):
        return "rolled-back"
    completed = last_decision(release, "complete")
    if completed is None:
        return None
    return "partial" if completed.outcome == "partial" else "successful"
