"""Ticking, unticking, leaving out, failing and annotating items [S0.2, section 4 of the domain].

Every rule takes the release, the instant and who acts, and returns a Ruling; none of them reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from relui.domain.binding import settle
from relui.domain.checklist import NO_MARK, State
from relui.domain.fields import checked_fields, missing_fields
from relui.domain.log import Act
from relui.domain.marking import NOTHING, Marking, Record, joined
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import long_text, one_line
from relui.errors import BadInput

__all__ = ["NOTHING", "Record", "annotate", "fail", "skip", "tick", "untick"]


def tick(
    release: Release,
    paths: Iterable[str],
    by: str,
    at: datetime,
    record: Record = NOTHING,
    override: str = "",
    *,
    early: bool = False,
) -> Ruling:
    """Tick items; a parent ticks its open leaves as one act, in whatever order their requirements ask for.

    A leaf whose requirements or mandatory fields are missing is left, unless requirements are passed
    by an `override` reason; so is one that cannot have happened yet, unless it is said to be
    `early`. Raises Refused when nothing could be ticked, BadInput for an unknown path
    or field.
    """
    refuse_closed(release)
    override = one_line(override, what="The reason for the override")
    marking = Marking(release, paths, by, at, record, early=early)
    used = marking.tick_all(override)
    if override and not used:
        marking.told.append("The override was not needed, and is not recorded.")
    return marking.ruling("tick", "ticked", override if used else "")


def untick(release: Release, paths: Iterable[str], by: str, at: datetime) -> Ruling:
    """Open items again, whatever they were; notes, evidence and fields stay."""
    refuse_closed(release)
    marking = Marking(release, paths, by, at, NOTHING)
    for path in marking.targets:
        marking.untick_leaf(path)
    return marking.ruling("untick", "reopened")


def skip(
    release: Release, paths: Iterable[str], by: str, at: datetime, reason: str, record: Record = NOTHING
) -> Ruling:
    """Set items to not applicable. Required ones need a reason: BadInput when it is missing."""
    refuse_closed(release)
    reason = one_line(reason, what="The reason")
    marking = Marking(release, paths, by, at, record)
    for path, alone in marking.targets.items():
        marking.skip_leaf(path, reason, alone=alone)
    return marking.ruling("skip", "left out", reason)


def fail(
    release: Release, paths: Iterable[str], by: str, at: datetime, reason: str, record: Record = NOTHING
) -> Ruling:
    """Mark items as failed; a reason is needed always. A parent fails its leaves that are not resolved."""
    refuse_closed(release)
    reason = one_line(reason, what="The reason for a failed item", required=True)
    marking = Marking(release, paths, by, at, record)
    for path, alone in marking.targets.items():
        marking.fail_leaf(path, reason, alone=alone)
    return marking.ruling("fail", "marked failed:", reason)


def annotate(release: Release, path: str, by: str, at: datetime, record: Record) -> Ruling:
    """Record a note, evidence or fields on an item without changing its state.

    An empty note removes the note, None leaves it; evidence is only ever added. Raises BadInput when a
    ticked item would lose a mandatory field.
    """
    refuse_closed(release)
    node = Outline(release)[path]
    mark = node.mark
    changed = replace(
        mark,
        note=mark.note if record.note is None else long_text(record.note, what="The note"),
        evidence=joined(mark.evidence, record.evidence),
        fields=checked_fields(node, mark.fields, record.fields),
    )
    if changed == mark:
        return Ruling(release, None, already=(path,))
    lost = set(missing_fields(node, changed.fields)) - set(missing_fields(node, mark.fields))
    if lost and mark.state is State.DONE:
        raise BadInput(f"'{node.text}' is ticked and needs {', '.join(sorted(lost))}. Untick it first.")
    parts = [
        word
        for word, differs in (
            ("the note", changed.note != mark.note),
            ("evidence", changed.evidence != mark.evidence),
            ("fields", changed.fields != mark.fields),
        )
        if differs
    ]
    marks = {name: kept for name, kept in {**release.marks, path: changed}.items() if kept != NO_MARK}
    result = settle(replace(release, marks=marks), at)
    return Ruling(result, Act("annotate", f"recorded {' and '.join(parts)} of {node.text}"), changed=(path,))
