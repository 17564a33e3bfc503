"""The preview beside the release lists: what is next, what is wrong, when, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from relui.domain.calendar.slot import Finding
from relui.domain.checklist import State
from relui.domain.instants import format_duration, local_day
from relui.domain.outline import Outline, due_at, late_at
from relui.domain.progress import Standing, overdue
from relui.domain.release import Release, milestones
from relui.domain.summary import Summary, on_time
from relui.ui.kit.text import MARKS, line, paragraphs, sign
from relui.ui.kit.times import past_milestones, relative, span, time_left, when
from relui.ui.one_release.rows import OUTCOME_MARKS, TROUBLE_MARKS
from relui.ui.one_release.slot_words import HOLD_TROUBLES, slot_lines


def preview(
    release: Release,
    outline: Outline,
    standing: Standing,
    now: datetime,
    zone: str,
    signs: str = "ascii",
    conflicts: Sequence[Finding] = (),
) -> list[Content]:
    """An active release at a glance; lines are not yet folded to a width."""
    count = (time_left(standing), "running" if standing.live else "bold text")
    length = (f"for {format_duration(release.duration)}", "muted")
    lines = [
        line((f"{release.service} {release.version}", "bold text"), "  ", (release.title, "muted")),
        line((when(release.go_live, zone, year=now.year), "text"), "  ", count, "  ", length),
    ]
    lines += slot_lines(release, conflicts, now, zone)
    for trouble in standing.troubles:
        if trouble.kind in HOLD_TROUBLES:
            continue  # the slot's own lines say so
        words = _explained(trouble.kind, trouble.count) or trouble.text
        lines.append(line((f"! {words}", TROUBLE_MARKS.get(trouble.kind, "overdue"))))
    lines += [line(""), *_next(release, outline, now, zone, signs), *_timeline(release, now)]
    facts = f"{release.type}, impact {release.impact}, in {release.environment}, owner "
    lines += [line(""), line((facts, "muted"), (release.owner, "text"))]
    if release.rationale:
        why = "Why it is an emergency" if release.is_emergency else "Rationale of the type"
        lines += [line(""), line((why, "accent")), *paragraphs(release.rationale)]
    return lines


def _explained(kind: str, count: int) -> str:
    items = "item" if count == 1 else "items"
    return {
        "failed": f"{count} {items} failed",
        "overdue": f"{count} {items} overdue",
        "debt": f"{count} {items} of the full checklist owed and overdue",
        "owing": f"{count} {items} of the full checklist owed",
        "retro": "the retrospective is due",
    }.get(kind, "")


def _next(
    release: Release, outline: Outline, now: datetime, zone: str, signs: str, most: int = 6
) -> list[Content]:
    failed = [leaf for leaf in outline.leaves() if leaf.state is State.FAILED]
    waiting = failed + [leaf for leaf in outline.leaves() if leaf.state is State.OPEN]
    if not waiting:
        return [line(("Everything is resolved: it can be closed.", "done"))]
    lines = [line(("Next", "accent"))]
    phase = ""
    for leaf in waiting[:most]:
        if leaf.phase.name != phase:
            phase = leaf.phase.name
            due = due_at(release, leaf.phase)
            late = overdue(release, leaf, now)
            words = f"{span(now - late_at(release, leaf.phase))} late" if late else _due_words(due, now)
            lines.append(line((f"{phase}, ", "muted"), (words, "overdue" if late else "muted")))
        lines.append(line("  ", (sign(leaf.state, signs), MARKS[leaf.state]), " ", leaf.text))
    if len(waiting) > most:
        lines.append(line((f"  and {len(waiting) - most} more open", "muted")))
    return lines


def _due_words(due: datetime, now: datetime) -> str:
    return relative(due, now) if due > now else "now"


def _timeline(release: Release, now: datetime) -> list[Content]:
    found = milestones(release.type, release.go_live, release.zone)
    if not found:
        return []
    today = local_day(now, release.zone)
    words, shown = past_milestones(found, today)
    lines = [line(""), line(("Timeline", "accent"))]
    if words:
        lines.append(line((f"  {words}", "muted")))
    for milestone in shown:
        day = f"{milestone.day:%a} {milestone.day.day} {milestone.day:%b}"
        past = milestone.day < today
        mark = "muted" if past else "text"
        tail = (
            "past" if past else "today" if milestone.day == today else f"in {(milestone.day - today).days} d"
        )
        lines.append(
            line((f"  {day.ljust(11)}", mark), (f"{milestone.name.ljust(20)}", mark), (tail, "muted"))
        )
    return lines


def archive_preview(summary: Summary, release: Release | None, zone: str) -> list[Content]:
    """An archived release at a glance: its catalogue row, and what was written when its file can be read."""
    outcome = summary.outcome or "unknown"
    planned = when(summary.go_live, zone, year=0)
    lines = [
        line((f"{summary.service} {summary.version}", "bold text"), "  ", (summary.title, "muted")),
        line((f"{summary.type}, impact {summary.impact}, owner ", "muted"), (summary.owner, "text")),
        line(""),
        line((outcome, OUTCOME_MARKS.get(outcome, "text")), _punctuality(summary)),
        line(("planned  ", "muted"), planned, (f" for {format_duration(summary.duration)}", "muted")),
    ]
    if summary.started_at:
        lines.append(line(("started  ", "muted"), when(summary.started_at, zone, year=0)))
    if summary.completed_at and summary.started_at:
        took = span(summary.completed_at - summary.started_at)
        lines.append(
            line(
                ("ended    ", "muted"), when(summary.completed_at, zone, year=0), (f" after {took}", "muted")
            )
        )
    if summary.closed_at:
        lines.append(line(("closed   ", "muted"), when(summary.closed_at, zone, year=0)))
    counts = [f"{summary.done} of {summary.total} items resolved"]
    for number, word in (
        (summary.not_applicable, "not applicable"),
        (summary.failed, "failed"),
        (summary.late, "late"),
    ):
        counts += [f"{number} {word}"] if number else []
    return [*lines, line(""), line((", ".join(counts), "text")), *_written(release)]


def _written(release: Release | None) -> list[Content]:
    """The retrospective, and why something was left open."""
    if release is None:
        return []
    lines: list[Content] = []
    answers = release.retrospective
    for question, answer in (
        ("What went well", answers.well),
        ("What was hard", answers.hard),
        ("What changes next release", answers.next),
    ):
        if answer:
            lines += [line(""), line((question, "accent")), *paragraphs(answer)]
    if release.closing is not None and (release.closing.reason or release.closing.left_open):
        lines += [
            line(""),
            line(("Why something was left open", "accent")),
            *paragraphs(release.closing.reason),
        ]
        lines += [
            line(("  ", ""), path, ": ", (why, "muted"))
            for path, why in release.closing.left_open.items()
            if why != release.closing.reason
        ]
    return lines


def _punctuality(summary: Summary) -> str | tuple[str, str]:
    punctual = on_time(summary)
    if punctual is None or summary.outcome == "rolled-back" or summary.started_at is None:
        return ""
    if punctual:
        return (", on time", "muted")
    gap = summary.started_at - summary.go_live
    return (f", started {span(gap)} {'late' if gap.total_seconds() > 0 else 'early'}", "overdue")


def empty_list(filter_text: str) -> list[Content]:
    """No active release, or none that fits the filter."""
    if filter_text:
        return [
            line("No active release fits ", (filter_text, "overdue"), "."),
            line(""),
            line(("Esc clears the filter.", "muted")),
        ]
    return [
        line(("No release is active.", "bold text")),
        line(""),
        line("Press ", ("c", "bold accent"), " to create the first one from a checklist template."),
        line("Press ", ("?", "bold accent"), " for every key."),
        line(""),
        line(
            ("To look around first, leave with q and run ", "muted"),
            ("relui demo", "text"),
            (": a made-up", "muted"),
        ),
        line(("organisation with six active releases and an archive, in a folder of its own.", "muted")),
    ]


def empty_archive(filter_text: str, *, reading: bool) -> list[Content]:
    """No archived release, none that fits, or none read yet."""
    if reading:
        return [line(("Reading the archive ...", "muted"))]
    if filter_text:
        return [
            line("No archived release fits ", (filter_text, "overdue"), "."),
            line(""),
            line(("Esc clears the filter.", "muted")),
        ]
    return [
        line(("Nothing is archived yet.", "bold text")),
        line(""),
        line(
            ("A release comes here when it is finished with ", "muted"), ("F", "bold accent"), (".", "muted")
        ),
    ]
