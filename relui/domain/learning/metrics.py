"""The figures of one release [S1.34]: planned and actual, what was found when, whether it was on time.

Instants are UTC and durations are elapsed minutes, so that a change of the clocks makes nobody late.

Two releases side by side: their figures, their items, their outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from relui.domain.checklist import State
from relui.domain.instants import format_duration, zone_named
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.summary import ON_TIME_TOLERANCE, Summary, on_time, summarise


class Metrics(Struct, frozen=True, kw_only=True):
    """What was measured of a release; None is not known.

    `overrun` is the actual less the planned duration, negative when it was shorter. `started_late` is the
    actual less the planned start. `lead` is from the creation of the release to the go-live that really was.
    """

    id: str
    planned_start: datetime
    planned_end: datetime
    planned_minutes: int
    actual_start: datetime | None
    actual_end: datetime | None
    actual_minutes: int | None
    started_late: int | None
    overrun: int | None
    changes: int
    defects: dict[str, int]
    escaped: int
    rolled_back: bool
    on_time: bool | None
    satisfaction: int | None
    lead: int | None


def metrics(release: Release, tolerance: int = ON_TIME_TOLERANCE) -> Metrics:
    """The figures of a release as it is recorded now; `tolerance` in minutes is the policy's."""
    return metrics_of(summarise(release), tolerance)


def metrics_of(row: Summary, tolerance: int = ON_TIME_TOLERANCE) -> Metrics:
    """The same from its row in the catalogue."""
    return Metrics(
        id=row.id,
        planned_start=row.go_live,
        planned_end=row.go_live + timedelta(minutes=row.duration),
        planned_minutes=row.duration,
        actual_start=row.started_at,
        actual_end=row.completed_at,
        actual_minutes=actual_minutes(row),
        started_late=None if row.started_at is None else _minutes(row.go_live, row.started_at),
        overrun=overrun(row),
        changes=len(row.changes),
        defects=dict(row.defects),
        escaped=row.escaped,
        rolled_back=row.outcome == "rolled-back",
        on_time=on_time(row, tolerance),
        satisfaction=row.satisfaction,
        lead=lead(row),
    )


def actual_minutes(row: Summary) -> int | None:
    """How long the deployment took."""
    if row.started_at is None or row.completed_at is None:
        return None
    return _minutes(row.started_at, row.completed_at)


def overrun(row: Summary) -> int | None:
    """Minutes that it took longer than planned; negative when it was shorter."""
    took = actual_minutes(row)
    return None if took is None else took - row.duration


def lead(row: Summary) -> int | None:
    """Minutes from planning (the release's creation) to go-live; None when it never went live."""
    if row.created_at is None or row.started_at is None or row.outcome == "cancelled":
        return None
    minutes = _minutes(row.created_at, row.started_at)
    return minutes if minutes >= 0 else None


def was_deployed(row: Summary) -> bool:
    """It reached its users, if only for a while: it started, and was not withdrawn before.

    Where nobody recorded a start, one that was closed as successful or partial after its go-live did; what
    was closed before it, or as rolled back, had nothing to deploy or to go back from.
    """
    if row.started_at is not None or row.outcome in (None, "cancelled", "rolled-back"):
        return row.started_at is not None and row.outcome != "cancelled"
    return row.closed_at is None or row.closed_at >= row.go_live


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)


class Row(Struct, frozen=True):
    """One line: what it is about, and what it is on either release; empty where there is nothing."""

    name: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """The two are not the same."""
        return self.left != self.right


class ItemRow(Row, frozen=True):
    """An item by its path, with its text and its state on either release; None where that has not got it."""

    text: str = ""
    states: tuple[State | None, State | None] = (None, None)


class Comparison(Struct, frozen=True):
    """Two releases: their facts and figures, and every item that either has."""

    left: str
    right: str
    facts: tuple[Row, ...]
    items: tuple[ItemRow, ...]

    @property
    def ended_differently(self) -> tuple[ItemRow, ...]:
        """The items of both whose states differ."""
        return tuple(each for each in self.items if None not in each.states and len(set(each.states)) > 1)

    @property
    def only_left(self) -> tuple[ItemRow, ...]:
        """The items that only the first has."""
        return tuple(each for each in self.items if each.states[1] is None)

    @property
    def only_right(self) -> tuple[ItemRow, ...]:
        """The items that only the second has."""
        return tuple(each for each in self.items if each.states[0] is None)


def compare(
    left: Release, right: Release, *, zone: str = "UTC", tolerance: int = ON_TIME_TOLERANCE
) -> Comparison:
    """Compare two releases; instants are shown in `zone`."""
    facts = tuple(
        Row(name, one, other)
        for (name, one), (_, other) in zip(
            _facts(left, zone, tolerance), _facts(right, zone, tolerance), strict=True
        )
    )
    return Comparison(left.id, right.id, facts, tuple(_items(left, right)))


def _facts(release: Release, zone: str, tolerance: int) -> Iterator[tuple[str, str]]:
    figures = metrics(release, tolerance)
    outline = Outline(release)
    yield "service", release.service
    yield "version", release.version
    yield "type", release.type
    yield "impact", release.impact
    yield "owner", release.owner
    yield "template", release.template
    yield "outcome", release.closing.outcome if release.closing else "not closed"
    yield "planned start", _moment(figures.planned_start, zone)
    yield "actual start", _moment(figures.actual_start, zone)
    yield "planned duration", _length(figures.planned_minutes)
    yield "actual duration", _length(figures.actual_minutes)
    yield "overrun", _length(figures.overrun)
    yield "on time", _yes(figures.on_time)
    yield "rolled back", _yes(figures.rolled_back)
    yield "lead time", _length(figures.lead)
    yield "changes", str(figures.changes)
    yield "defects in test", _severities(figures)
    yield "defects after deployment", str(figures.escaped)
    yield "satisfaction", "" if figures.satisfaction is None else f"{figures.satisfaction} of 5"
    yield "items done", f"{outline.done} of {outline.total}"
    for name, state in (("failed", State.FAILED), ("not applicable", State.NOT_APPLICABLE)):
        yield f"items {name}", str(sum(1 for leaf in outline.leaves() if leaf.state is state))
    yield "items late", str(sum(1 for leaf in outline.leaves() if leaf.mark.late))
    yield "went well", " ".join(release.retrospective.well.split())
    yield "was hard", " ".join(release.retrospective.hard.split())
    yield "changes next", " ".join(release.retrospective.next.split())


def _items(left: Release, right: Release) -> Iterator[ItemRow]:
    """The leaves of the first, and behind them those that only the second has."""
    one, other = ({leaf.path: leaf for leaf in Outline(release).leaves()} for release in (left, right))
    for path in dict.fromkeys((*one, *other)):
        mine, theirs = one.get(path), other.get(path)
        text = mine.text if mine else theirs.text if theirs else ""
        states = (mine.state if mine else None, theirs.state if theirs else None)
        yield ItemRow(path, _item(mine), _item(theirs), text, states)


def _item(leaf: Node | None) -> str:
    """The state of an item, and whether it was late; nothing where the release has not got it."""
    if leaf is None:
        return ""
    words = leaf.state.value.replace("-", " ")
    reason = f": {leaf.mark.reason}" if leaf.mark.reason else ""
    return f"{words}{', late' if leaf.mark.late and leaf.state is State.DONE else ''}{reason}"


def _moment(at: datetime | None, zone: str) -> str:
    return "" if at is None else f"{at.astimezone(zone_named(zone)):%a %Y-%m-%d %H:%M %Z}"


def _length(minutes: int | None) -> str:
    if minutes is None:
        return ""
    return f"-{format_duration(-minutes)}" if minutes < 0 else format_duration(minutes)


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _severities(figures: Metrics) -> str:
    known = ("critical", "high", "medium", "low")
    return ", ".join(f"{figures.defects[name]} {name}" for name in known if figures.defects.get(name)) or "0"
