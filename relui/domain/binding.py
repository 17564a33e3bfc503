"""Bound items: they tick themselves when a fact about the release is true, and open again when it is not."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from relui.domain.checklist import NO_MARK, Mark, State
from relui.domain.outline import Node, Outline, late_at
from relui.domain.progress import actual_window, owes
from relui.domain.release import Release

BINDER = "relui"
"""Who ticked a bound item."""

MINUTES_FIELD = "minutes"
"""The field in which an item holds how long a database migration takes, in minutes [S0.6]."""

_WORDS = {
    "closed": "when the release is closed",
    "retrospective": "when the retrospective is written",
    "booked": "when the slot is booked",
    "go": "when the go decision is recorded",
    "started": "when the deployment has started",
    "completed": "when the deployment is completed",
    "window-fits": "when the estimated migration fits into the planned duration",
    "debt-settled": "when every item of the full checklist is resolved",
}


def fact_words(fact: str) -> str:
    """When a bound item ticks itself, in words."""
    if fact.startswith("signed:"):
        return f"when {fact.removeprefix('signed:')} is signed off"
    return _WORDS.get(fact, f"when '{fact}' is true")


def facts(release: Release, outline: Outline) -> frozenset[str]:
    """Every fact that holds for the release now."""
    started, completed = actual_window(release, outline)
    holds = {
        "closed": release.closing is not None,
        "booked": release.booking is not None and release.booking.held == "booked",
        "retrospective": release.retrospective.written,
        "started": started is not None,
        "completed": completed is not None,
        "window-fits": _migration_fits(release, outline),
        "debt-settled": any(phase.phase.owed for phase in outline.phases) and not owes(outline),
    }
    return frozenset(fact for fact, true in holds.items() if true) | _decided(release)


def _decided(release: Release) -> frozenset[str]:
    """The facts that follow from sign-offs and decisions: `signed:SUBJECT`, and `go`."""
    if not release.dossier.signoffs:
        return frozenset()
    from relui.domain.dossier.decisions import go_stands
    from relui.domain.dossier.signoffs import signed_subjects

    found = {f"signed:{subject}" for subject in signed_subjects(release)}
    return frozenset(found | {"go"} if go_stands(release) else found)


def _migration_fits(release: Release, outline: Outline) -> bool:
    """At least one migration is estimated, and all of them together fit into the planned duration."""
    estimates = [
        _number(leaf.mark.fields[MINUTES_FIELD])
        for leaf in outline.leaves()
        if leaf.mark.fields.get(MINUTES_FIELD)
        and leaf.state is not State.NOT_APPLICABLE
        and _asks_for_minutes(leaf)
    ]
    return bool(estimates) and min(estimates) >= 0 and sum(estimates) <= release.duration


def _asks_for_minutes(leaf: Node) -> bool:
    fields = leaf.item.fields if leaf.item else ()
    return any(field.id == MINUTES_FIELD and field.kind == "number" for field in fields)


def _number(text: str) -> float:
    """An estimate; one that cannot be read never fits."""
    try:
        return float(text)
    except ValueError:
        return float("inf")


def settle(release: Release, at: datetime) -> Release:
    """`release` with every bound leaf in the state that its fact asks for.

    What a person marked by hand (left out, failed) stays.
    """
    return settled(release, Outline(release), at)


def settled(release: Release, outline: Outline, at: datetime) -> Release:
    """As `settle`, with the outline of that very release, which is brought along."""
    for _ in range(4):  # a fact can follow from another item's tick; no template chains them deeper
        if not outline.bound:
            return release
        marks = _settled_marks(release, outline, at)
        if not marks:
            return release
        kept = {**release.marks, **marks}
        release = replace(release, marks={path: mark for path, mark in kept.items() if mark != NO_MARK})
        for path, mark in marks.items():
            outline.set_mark(path, mark)
    return release


def _settled_marks(release: Release, outline: Outline, at: datetime) -> dict[str, Mark]:
    """The bound leaves that are not what their fact asks for, with the marks that they should bear."""
    true = facts(release, outline)
    marks: dict[str, Mark] = {}
    for leaf in outline.bound:
        assert leaf.item is not None
        mark = leaf.mark
        holds = leaf.item.when_done in true
        if holds and leaf.state is State.OPEN:
            late = at > late_at(release, leaf.phase)
            marks[leaf.path] = replace(mark, state=State.DONE, by=BINDER, at=at, bound=True, late=late)
        elif not holds and mark.bound:
            marks[leaf.path] = Mark(note=mark.note, evidence=mark.evidence, fields=mark.fields)
    return marks
