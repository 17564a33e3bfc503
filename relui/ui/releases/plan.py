"""What the new-release form shows beside itself: the release that would be created."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from textual.content import Content

from relui.domain.calendar.slot import Verdict
from relui.domain.checklist import Item, Phase
from relui.domain.creation import Plan, default_title
from relui.domain.instants import format_duration, zone_named
from relui.domain.outline import offset_of
from relui.domain.release import milestones
from relui.ui.kit.text import line
from relui.ui.kit.times import past_milestones, relative, when
from relui.ui.one_release.slot_words import typed_lines


class PlanLines(Struct, frozen=True):
    """The lines, and what the empty fields of the form stand for."""

    lines: list[Content]
    go_live_hint: str
    title_hint: str


def waiting_lines() -> list[Content]:
    """Before service and version are typed."""
    return [
        line(("Type a service and a version, then press Enter. What stays empty has a default.", "text")),
        line(""),
    ]


def wrong_lines(message: str) -> list[Content]:
    """What stands in the way."""
    return [line(("Not yet", "failed")), line(""), *(line((part, "text")) for part in message.split("\n"))]


def plan_lines(
    plan: Plan,
    phases: Sequence[Phase],
    told: Sequence[str],
    now: datetime,
    zone: str,
    verdict: Verdict | None = None,
    needed: Sequence[str] = (),
) -> PlanLines:
    """The plan in words: when, what the calendar says, the timeline, the checklist's size.

    `needed` are the lines of the form that must be filled before it can be created.
    """
    title = plan.title or default_title(plan.version or "?", plan.go_live, plan.zone)
    lines = [
        line((f"{plan.service} {plan.version}", "bold text")),
        line((title, "muted")),
        line(""),
        line((when(plan.go_live, zone, year=now.year), "text")),
        line((f"{relative(plan.go_live, now)}, for {format_duration(plan.duration)}", "muted")),
    ]
    if needed:
        lines.append(line((f"Still needed: {' and '.join(needed)}.", "overdue")))
    lines += [line((f"! {word}", "overdue")) for word in told]
    if verdict is not None:
        lines += [line(""), *typed_lines(verdict)]
    lines += [line(""), *_timeline(plan, now), *_checklist(plan, phases)]
    local = plan.go_live.astimezone(zone_named(plan.zone))
    return PlanLines(lines, f"{local:%Y-%m-%dT%H:%M} ({plan.zone})", title)


def _timeline(plan: Plan, now: datetime) -> list[Content]:
    found = milestones(plan.type, plan.go_live, plan.zone)
    if not found:
        return [line(("An emergency: no timeline, full checklist owed.", "overdue")), line("")]
    today = now.astimezone(zone_named(plan.zone)).date()
    past, shown = past_milestones(found, today)
    lines = [line(("Timeline", "accent")), *([line((f"  {past}", "overdue"))] if past else [])]
    for milestone in shown:
        over = milestone.day < today
        day = f"{milestone.day:%a} {milestone.day.day} {milestone.day:%b}".ljust(11)
        words = f"  {day}{milestone.name}"
        lines.append(line((words, "overdue" if over else "text"), (" (past)" if over else "", "overdue")))
    return [*lines, line("")]


def _checklist(plan: Plan, phases: Sequence[Phase]) -> list[Content]:
    total = sum(_leaves(phase.items) for phase in phases)
    lines = [line(("Checklist", "accent"), (f", {total} items", "muted"))]
    for phase in phases:
        words = offset_of(phase, plan.type, governed=bool(plan.criteria)).words()
        lines.append(
            line("  ", (str(_leaves(phase.items)).rjust(3), "text"), f" {phase.name} ", (words, "muted"))
        )
    return lines


def _leaves(items: Sequence[Item]) -> int:
    return sum(_leaves(item.items) if item.items else 1 for item in items)
