"""A review after the release on one page, as Markdown: of one release, or of several [S1.29]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from relui.documents.page import inline, table
from relui.domain.checklist import State
from relui.domain.instants import format_duration, zone_named
from relui.domain.learning.actions import Action
from relui.domain.learning.metrics import Metrics, metrics
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.summary import ON_TIME_TOLERANCE


def review_markdown(
    releases: Sequence[Release],
    actions: Sequence[Action],
    zone: str,
    now: datetime,
    tolerance: int = ON_TIME_TOLERANCE,
) -> str:
    """The page: figures of each release, what failed or was left out, what they wrote, what follows."""
    lines = [f"# Review of {_names(releases)}", "", f"Made on {_moment(now, zone)}, times in {zone}.", ""]
    columns = ("Release", "Service", "Type", "Outcome", "Planned", "Started", "Took", "On time", "Escaped")
    lines += table(columns, _figures(releases, zone, tolerance))
    lines += ["", "## What did not go as planned", ""]
    lines += list(_troubles(releases)) or ["Nothing failed, and nothing required was left out."]
    lines += ["", "## What they wrote", ""]
    for release in releases:
        lines += _written(release)
    lines += ["## Actions", ""]
    mine = [each for each in actions if each.release in {release.id for release in releases}]
    lines += [
        f"- [{'x' if each.state == 'done' else ' '}] {each.id} {inline(each.text)} "
        f"({inline(each.owner)}, {each.state}, {each.age_days(now)} days old)"
        for each in mine
    ] or ["None."]
    return "\n".join([*lines, "", "## Notes of the review", "", ""])


def _names(releases: Sequence[Release]) -> str:
    if len(releases) == 1:
        return f"{releases[0].id}: {inline(releases[0].service)} {inline(releases[0].version)}"
    return f"{len(releases)} releases"


def _figures(releases: Sequence[Release], zone: str, tolerance: int) -> Iterator[Sequence[str]]:
    for release in releases:
        found = metrics(release, tolerance)
        yield (
            release.id,
            f"{release.service} {release.version}",
            release.type,
            release.closing.outcome if release.closing else "not closed",
            _moment(found.planned_start, zone),
            _moment(found.actual_start, zone) if found.actual_start else "-",
            _took(found),
            {True: "yes", False: "no", None: "-"}[found.on_time],
            str(found.escaped),
        )


def _took(found: Metrics) -> str:
    if found.actual_minutes is None:
        return "-"
    return f"{format_duration(found.actual_minutes)} of {format_duration(found.planned_minutes)}"


def _troubles(releases: Sequence[Release]) -> Iterator[str]:
    for release in releases:
        left = release.closing.left_open if release.closing else {}
        for leaf in Outline(release).leaves():
            reason = leaf.mark.reason or left.get(leaf.path, "")
            if leaf.state is State.FAILED:
                yield f"- {release.id}: {inline(leaf.text)} failed: {inline(reason) or 'no reason'}"
            elif leaf.state is State.NOT_APPLICABLE and not leaf.optional:
                yield f"- {release.id}: {inline(leaf.text)} was left out: {inline(reason)}"
            elif leaf.path in left:
                yield f"- {release.id}: {inline(leaf.text)} stayed open: {inline(reason)}"


def _written(release: Release) -> list[str]:
    answers = release.retrospective
    lines = [f"### {release.id}", ""]
    for title, text in (
        ("Went well", answers.well), ("Was hard", answers.hard), ("Next release", answers.next),
    ):  # fmt: skip
        lines.append(f"- {title}: {inline(' '.join(text.split())) or 'nothing written'}")
    return [*lines, ""]


def _moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(zone_named(zone)):%a %Y-%m-%d %H:%M}"
