"""A release's own facts, beside its retrospective: what was planned and what came of it [S0.9, S1.34]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from textual.content import Content

from relui.domain.checklist import State
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.decisions import standing_decisions
from relui.domain.instants import format_duration
from relui.domain.learning.actions import Action
from relui.domain.learning.carrying import carried_by
from relui.domain.outline import Node, Outline
from relui.domain.progress import overdue
from relui.domain.release import Release
from relui.domain.summary import ON_TIME_TOLERANCE
from relui.ui.kit.text import MARKS, line, paragraphs, sign
from relui.ui.kit.times import span, when
from relui.ui.one_release.rows import OUTCOME_MARKS


class Before(Struct, frozen=True):
    """What the last retrospective of the service had asked for (None: none did), and what became of it.

    `actions` are those that stand on this release, whatever version they come from, with the state of each.
    """

    release: Release | None = None
    standing: str = ""
    done: bool | None = None
    actions: tuple[tuple[str, State], ...] = ()


class FactsView(Struct, frozen=True):
    """How to show the facts: zone, now, signs, and the tolerance of a start in minutes."""

    zone: str
    now: datetime
    signs: str = "ascii"
    tolerance: int = ON_TIME_TOLERANCE


def course(release: Release, outline: Outline, view: FactsView) -> list[Content]:
    """Planned and actual, and the items that failed, were not applicable or late, with their reasons."""
    lines = [line(("Planned and actual", "accent")), *_times(release, outline, view)]
    leaves = list(outline.leaves())
    late = [leaf for leaf in leaves if leaf.mark.late or overdue(release, leaf, view.now)]
    failed = [leaf for leaf in leaves if leaf.state is State.FAILED]
    out = [leaf for leaf in leaves if leaf.state is State.NOT_APPLICABLE]
    left = [leaf for leaf in leaves if leaf.state is State.OPEN and _left_open(release, leaf)]
    for title, found in (("Failed", failed), ("Not applicable", out), ("Left open", left), ("Late", late)):
        if found:
            lines += [line(""), line((f"{title} ", "accent"), (str(len(found)), "bold text"))]
            lines += _with_reasons(release, found, view.signs)
    if not (late or failed or out or left):
        lines += [line(""), line(("No item was late, failed or not applicable.", "done"))]
    return lines


def learned(release: Release, before: Before | None, view: FactsView) -> list[Content]:
    """What was asked for last time, the decisions on the way, and the defects."""
    sections = [_asked(release, before), _decisions(release, view), _defects(release)]
    lines: list[Content] = []
    for section in sections:
        lines += [line(""), *section] if lines and section else section
    return lines


def _times(release: Release, outline: Outline, view: FactsView) -> Iterator[Content]:
    year = view.now.year
    yield line(
        ("planned  ", "muted"), when(release.go_live, view.zone, year=year),
        (f" for {format_duration(release.duration)}", "muted"),
    )  # fmt: skip
    started, completed = actual_window(release, outline)
    if started is None:
        yield line(("started  ", "muted"), ("not yet" if release.closing is None else "never", "text"))
    else:
        yield line(
            ("started  ", "muted"), when(started, view.zone, year=year),
            *_gap(started - release.go_live, view.tolerance),
        )  # fmt: skip
    if started is not None and completed is not None:
        over = completed - started - timedelta(minutes=release.duration)
        tail = (f", {span(over)} over", "overdue") if over >= timedelta(minutes=1) else (", in time", "done")
        yield line(
            ("ended    ", "muted"), when(completed, view.zone, year=year),
            (f" after {span(completed - started)}", "muted"), tail,
        )  # fmt: skip
    if release.closing is not None:
        outcome = release.closing.outcome
        yield line(("outcome  ", "muted"), (outcome, OUTCOME_MARKS.get(outcome, "text")))


def _gap(gap: timedelta, tolerance: int) -> list[tuple[str, str]]:
    if abs(gap) <= timedelta(minutes=tolerance):
        return [(", on time", "done")]
    return [(f", {span(gap)} {'late' if gap > timedelta() else 'early'}", "overdue")]


def _left_open(release: Release, leaf: Node) -> bool:
    return release.closing is not None and not leaf.optional


def _with_reasons(release: Release, leaves: Sequence[Node], signs: str) -> list[Content]:
    """Items under one another, and below those that share a reason the reason once."""
    found: dict[str, list[Node]] = {}
    for leaf in leaves:
        found.setdefault(_reason(release, leaf), []).append(leaf)
    lines: list[Content] = []
    for reason, together in found.items():
        lines += [line((sign(leaf.state, signs), MARKS[leaf.state]), " ", leaf.text) for leaf in together]
        lines += [line("    ", (reason, "muted"))] if reason else []
    return lines


def _reason(release: Release, leaf: Node) -> str:
    return leaf.mark.reason or (release.closing.left_open.get(leaf.path, "") if release.closing else "")


def _asked(release: Release, before: Before | None) -> list[Content]:
    if before is not None and before.actions:
        return [*_asked(release, replace(before, actions=())), line(""), *_standing_here(before)]
    if before is None or before.release is None:
        words = f"{release.service} has no earlier retrospective that asks for something."
        return [line(("Asked for last time", "accent")), line((words, "muted"))]
    mark = "muted" if before.done is None else "done" if before.done else "overdue"
    standing = before.standing or "no item of this release comes from it"
    return [
        line(("Asked for last time", "accent"), (f", by {before.release.id}", "muted")),
        *paragraphs(before.release.retrospective.next),
        line((standing, mark)),
    ]


def _standing_here(before: Before) -> list[Content]:
    """The actions on this checklist, open ones first."""
    lines = [line(("Actions that stand here ", "accent"), (str(len(before.actions)), "bold text"))]
    for words, state in sorted(before.actions, key=lambda each: each[1].resolved):
        lines.append(line((sign(state), MARKS[state]), " ", words))
    return lines


def _decisions(release: Release, view: FactsView) -> list[Content]:
    found = [each for each in standing_decisions(release) if each.kind != "advance"]
    if not found:
        return []
    lines = [line(("Decisions ", "accent"), (str(len(found)), "bold text"))]
    for each in found:
        words = each.words or each.verification or each.issues
        lines.append(
            line(
                (when(each.at, view.zone, year=view.now.year), "muted"), " ", (each.kind, "bold text"),
                (f" {each.by}", "muted"), f": {words}" if words else "",
            )
        )  # fmt: skip
    return lines


def _defects(release: Release) -> list[Content]:
    found = [each for each in release.dossier.defects if each.state != "rejected"]
    if not found:
        return []
    lines = [line(("Defects ", "accent"), (str(len(found)), "bold text"))]
    for each in found:
        escaped = each.found == "post-deploy"
        where = ("after the deployment", "failed") if escaped else (f"in {each.found}", "muted")
        grave = "failed" if each.severity in ("critical", "high") else "text"
        lines.append(line((each.id, "accent"), " ", (each.severity, grave), " ", where, f", {each.state}"))
        lines.append(line("    ", (each.summary, "muted")))
    return lines


def became(
    release: Release,
    outline: Outline,
    before: Release | None,
    raised: Sequence[Action],
    carried: Sequence[Action] = (),
) -> Before:
    """What became of an earlier wish: the actions it raised, and the items here that come from it.

    `carried` are the actions that stand on this release.
    """
    nodes = carried_by(release, outline)
    here = tuple(
        (f"{each.id} {each.text} (of {each.release})", nodes[each.id].state)
        for each in carried
        if each.id in nodes
    )
    if before is None:
        return Before(actions=here)
    found = [leaf for leaf in outline.leaves() if leaf.item and before.id in leaf.item.origin]
    words = [f"{leaf.text}: {leaf.state} here" for leaf in found]
    words += [f"{each.id} {each.state}, owner {each.owner}" for each in raised]
    if not words:
        return Before(before, actions=here)
    done = all(leaf.state is State.DONE for leaf in found) if found else False
    return Before(
        before, "; ".join(words), done or (bool(raised) and all(not each.open for each in raised)), here
    )
