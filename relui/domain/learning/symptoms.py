"""Which situations of trouble a release shows, by what is looked at: names for `trouble_for` [S1.35]."""

from __future__ import annotations

from datetime import datetime, timedelta

from relui.domain.calendar.slot import Verdict
from relui.domain.checklist import State
from relui.domain.dossier.decisions import completion, rolled_back
from relui.domain.dossier.deployment import last_rollback
from relui.domain.dossier.parts import Component, Defect, Run
from relui.domain.instants import parse_offset
from relui.domain.outline import Node
from relui.domain.release import Release


def of_item(node: Node) -> tuple[str, ...]:
    """A failed item, or what holds one: by its stage, and by whether it is due after the go-live."""
    if node.state is not State.FAILED:
        return ()
    if node.phase.stage == "test":
        return ("test-deployment",)
    if node.phase.stage != "deploy":
        return ()
    due = parse_offset(node.phase.due).rough_minutes
    return ("post-deploy",) if due > 0 else ("deploy",) if due == 0 else ()


def of_rollback(release: Release, now: datetime) -> tuple[str, ...]:
    """A rollback that was declared after its last safe moment, or runs longer than was estimated."""
    declared = rolled_back(release)
    if declared is None:
        return ()
    last, takes = last_rollback(release), release.dossier.rollback_minutes
    if last is not None and declared.at > last:
        return ("rollback",)
    running = takes and completion(release) is None and now - declared.at > timedelta(minutes=takes)
    return ("rollback",) if running else ()


def of_part(part: object) -> tuple[str, ...]:
    """A component that is missing, a run with failed or blocked cases, a defect that users found."""
    if isinstance(part, Component) and part.presence == "missing":
        return ("component",)
    if isinstance(part, Run) and any(case.result in ("failed", "blocked") for case in part.cases):
        return ("test",)
    if isinstance(part, Defect) and part.found == "post-deploy" and part.state != "rejected":
        return ("defect",)
    return ()


def of_verdict(verdict: Verdict | None) -> tuple[str, ...]:
    """What forbids a slot, and that another release took it."""
    if verdict is None:
        return ()
    taken = ("conflict",) if verdict.slot.standing == "to-be-moved" else ()
    return (*taken, *dict.fromkeys(finding.rule for finding in verdict.blocks))
