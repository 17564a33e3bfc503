"""Bound items: they tick themselves when a fact about the release is true, and open again when it is not.

One of these facts is that its database migrations fit into the window that is open for them [S0.6].
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import NO_MARK, Mark, State
from relui.domain.deployment_times import actual_window, ended_by_completion
from relui.domain.outline import Node, Outline, late_at
from relui.domain.progress import owes
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.slot_hold import hold_of, missed

MINUTES_FIELD = "minutes"
"""The field in which an item holds how long a database migration takes, in minutes."""
WINDOW_FITS = "window-fits"


class OpenTime(Struct, frozen=True):
    """What the calendar says about the planned time of a release.

    `why` tells why no window covers it; empty when one does, or when nothing restricts it. `minutes` are
    those from its start until that window shuts; None when nothing restricts it.
    """

    minutes: float | None = None
    why: str = ""


def asks_for_window(release: Release) -> bool:
    """An item of its checklist is bound to the window: whoever changes it asks the calendar."""
    return any(item.when_done == WINDOW_FITS for phase in release.phases for _, item in phase.walk())


def missing_fit(release: Release, outline: Outline, open_time: OpenTime | None) -> str:
    """Why the migrations do not fit, in words; empty when they do.

    Each that applies is estimated and ticked, and all of them together fit into the planned duration and
    into the window. Without `open_time` the window is not looked at.
    """
    wanted = migrations(outline)
    if not wanted:
        return "no migration is estimated"
    for leaf in wanted:
        if leaf.state is not State.DONE or not leaf.mark.fields.get(MINUTES_FIELD):
            return f"'{leaf.text}' is not ticked with its minutes"
    estimates = [_number(leaf.mark.fields[MINUTES_FIELD]) for leaf in wanted]
    needed = sum(estimates)
    if min(estimates) < 0 or needed > release.duration:
        return f"{needed:g} min do not fit into the planned {release.duration} min"
    if open_time is None:
        return ""
    if open_time.why:
        return open_time.why
    if open_time.minutes is not None and needed > open_time.minutes:
        return f"{needed:g} min do not fit into the {open_time.minutes:g} min until the window shuts"
    return ""


def migrations(outline: Outline) -> list[Node]:
    """The migrations that are to be estimated and apply to the release."""
    return [
        leaf
        for leaf in outline.leaves()
        if leaf.state is not State.NOT_APPLICABLE
        and any(field.id == MINUTES_FIELD and field.kind == "number" for field in leaf.fields)
    ]


def _number(text: str) -> float:
    """An estimate; one that cannot be read never fits."""
    try:
        return float(text)
    except ValueError:
        return float("inf")


BINDER = "relui"
"""Who ticked a bound item."""

_WORDS = {
    "closed": "when the release is closed",
    "retrospective": "when the retrospective is written",
    "booked": "when the slot is booked",
    "go": "when the go decision is recorded",
    "started": "when the deployment has started",
    "completed": "when the deployment is completed",
    WINDOW_FITS: "when the estimated migration fits into an open window",
    "debt-settled": "when every item of the full checklist is resolved",
}


def fact_words(fact: str) -> str:
    """When a bound item ticks itself, in words."""
    if fact.startswith("signed:"):
        return f"when {fact.removeprefix('signed:')} is signed off"
    if fact in _WORDS:
        return _WORDS[fact]
    from relui.domain.dossier.record_facts import words_of

    return words_of(fact) or f"when '{fact}' is true"


def facts(release: Release, outline: Outline, at: datetime) -> frozenset[str]:
    """Every fact that holds for the release at `at`, but `window-fits`: that one needs the calendar."""
    started, completed = actual_window(release, outline)
    asked = ended_by_completion(release)
    holds = {
        "closed": release.closing is not None and release.closing.outcome != "cancelled",
        "booked": hold_of(release, at) == "booked",
        "retrospective": release.retrospective.written,
        "started": started is not None,
        "completed": release.completed_at is not None or (completed is not None and not asked),
        "debt-settled": any(phase.phase.owed for phase in outline.phases) and not owes(outline),
    }
    return (
        frozenset(fact for fact, true in holds.items() if true)
        | _decided(release)
        | _recorded(release, outline)
    )


def _recorded(release: Release, outline: Outline) -> frozenset[str]:
    """The facts of the record that items of this release ask for."""
    bound = {leaf.when_done for leaf in outline.bound}
    asked = [fact for fact in bound if fact not in _WORDS and not fact.startswith("signed:")]
    if not asked:
        return frozenset()
    from relui.domain.dossier.record_facts import holding

    return holding(release, asked)


def _decided(release: Release) -> frozenset[str]:
    """The facts that follow from sign-offs and decisions: `signed:SUBJECT`, and `go`."""
    if not release.dossier.signoffs:
        return frozenset()
    from relui.domain.dossier.signoffs import go_said, signed_subjects

    found = {f"signed:{subject}" for subject in signed_subjects(release)}
    return frozenset(found | {"go"} if go_said(release) else found)


def settle(release: Release, at: datetime, open_time: OpenTime | None = None) -> Release:
    """`release` with every bound leaf in the state that its fact asks for.

    What a person marked by hand (not applicable, failed) stays. `open_time` is what the calendar leaves for
    it; whoever does not know it never ticks that the window is long enough, and opens it only when the
    estimates alone speak against it.
    """
    return settled(release, Outline(release), at, open_time)


def derived(ruling: Ruling, at: datetime, open_time: OpenTime | None = None) -> Ruling:
    """What a rule decided, with every bound item as its fact asks for, and the outline of that release.

    Nothing follows from what changed nothing. `open_time` as for `settle`.
    """
    if ruling.act is None:
        return ruling
    outline = ruling.outline or Outline(ruling.release)
    return replace(ruling, release=settled(ruling.release, outline, at, open_time), outline=outline)


def seen_at(release: Release, now: datetime) -> Release:
    """`release` as it is to be seen at `now`: a slot that passed unused has opened what rested on it.

    No act says so; the next one writes it.
    """
    return settle(release, now) if missed(release, now) else release


def settled(release: Release, outline: Outline, at: datetime, open_time: OpenTime | None = None) -> Release:
    """As `settle`, with the outline of that very release, which is brought along."""
    for _ in range(4):  # a fact can follow from another item's tick; no template chains them deeper
        if not outline.bound:
            return release
        marks = _settled_marks(release, outline, at, open_time)
        if not marks:
            return release
        kept = {**release.marks, **marks}
        release = replace(release, marks={path: mark for path, mark in kept.items() if mark != NO_MARK})
        for path, mark in marks.items():
            outline.set_mark(path, mark)
    return release


def _settled_marks(
    release: Release, outline: Outline, at: datetime, open_time: OpenTime | None
) -> dict[str, Mark]:
    """The bound leaves that are not what their fact asks for, with the marks that they should bear."""
    true = facts(release, outline, at)
    marks: dict[str, Mark] = {}
    for leaf in outline.bound:
        mark = leaf.mark
        holds = leaf.when_done in true
        if leaf.when_done == WINDOW_FITS:
            why = missing_fit(release, outline, open_time)
            holds = not why and (open_time is not None or mark.bound)
            if leaf.state is State.OPEN and not holds and open_time is not None and mark.reason != why:
                marks[leaf.path] = replace(mark, reason=why)
                continue
        if holds and leaf.state is State.OPEN:
            late = at > late_at(release, leaf.phase)
            marks[leaf.path] = replace(
                mark, state=State.DONE, by=BINDER, at=at, bound=True, late=late, reason=""
            )
        elif not holds and mark.bound:
            marks[leaf.path] = Mark(note=mark.note, evidence=mark.evidence, fields=mark.fields)
    return marks
