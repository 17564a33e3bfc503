"""What emergencies owe: each deferred item done at the time, done late, or not applicable [S1.36].

Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.checklist import State
from relui.domain.marking import Details, tick
from relui.domain.outline import Node, Outline, due_at
from relui.domain.progress import SETTLED_BY_CLOSING, deployed_until, owing, went_out
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.text import counted
from relui.errors import BadInput

Resolution = Literal["owed", "at-the-time", "late", "not-applicable", "failed"]


class DebtItem(Struct, frozen=True):
    """One deferred item: how it was resolved, by whom, when it was done (UTC), and for what reason."""

    path: str
    text: str
    resolution: Resolution
    by: str = ""
    at: datetime | None = None
    reason: str = ""


class Debt(Struct, frozen=True):
    """What one emergency owes: its items, until when, since when it is deployed (UTC), and its age."""

    release: str
    service: str
    owner: str
    items: tuple[DebtItem, ...]
    due: datetime
    since: datetime
    age_days: int
    overdue: bool

    @property
    def open(self) -> tuple[DebtItem, ...]:
        """The items that are still owed; failed ones are."""
        return tuple(each for each in self.items if each.resolution in ("owed", "failed"))


def debt_of(release: Release, now: datetime) -> Debt | None:
    """What a deployed emergency owes, also when all of it is resolved; None for any other release."""
    outline = Outline(release)
    owed = [phase for phase in outline.phases if phase.phase.owed]
    if not owed or not went_out(release, outline, now):
        return None
    until = deployed_until(release, outline)
    items = tuple(
        _item(leaf, until)
        for phase in owed
        for leaf in phase.leaves()
        if leaf.when_done not in SETTLED_BY_CLOSING
    )
    due = max(due_at(release, phase.phase) for phase in owed)
    debt = owing(release, outline, now)
    return Debt(
        release=release.id,
        service=release.service,
        owner=release.owner,
        items=items,
        due=due,
        since=until,
        age_days=max(0, (now - until).days),
        overdue=debt is not None and debt.overdue,
    )


def debts(releases: Iterable[Release], now: datetime) -> tuple[Debt, ...]:
    """The emergencies that still owe something, the oldest first."""
    found = [debt_of(release, now) for release in releases if not release.closed]
    return tuple(sorted((each for each in found if each and each.open), key=lambda each: each.since))


def debt_words(releases: Iterable[Release], now: datetime) -> tuple[str, ...]:
    """What earlier emergencies owe, said when the next one is created: their misuse should be visible."""
    return tuple(
        f"{each.release} of {each.service}, an emergency too, still owes {counted(len(each.open), 'item')} "
        f"of its full checklist, {counted(each.age_days, 'day')} after its deployment"
        f"{', and is overdue' if each.overdue else ''}."
        for each in debts(releases, now)
    )


def settle_debt(
    release: Release,
    paths: Sequence[str],
    by: str,
    at: datetime,
    *,
    done_at: datetime | None = None,
    note: str = "",
) -> Ruling:
    """Tick owed items; `done_at` is when they were really done, if that was before now.

    Raises BadInput for items that are not owed, and for a time that is still to come or before the release
    was created.
    """
    outline = Outline(release)
    for path in paths:
        if not outline[path].phase.owed:
            raise BadInput(f"'{outline[path].text}' is not owed: tick it as any other item.")
    if done_at is not None:
        done_at = done_at.astimezone(UTC)
        if done_at > at:
            raise BadInput(f"{moment_words(done_at, release.zone)} is still to come. Say when it was done.")
        if done_at < release.created_at - timedelta(days=1):
            raise BadInput(f"{moment_words(done_at, release.zone)} is before {release.id} was created.")
    ruling = tick(release, paths, by, at, Details(note=note or None))
    if ruling.act is None or done_at is None:
        return ruling
    marks = {
        path: replace(mark, done_at=done_at) if path in ruling.changed else mark
        for path, mark in ruling.release.marks.items()
    }
    words = f"{ruling.act.text}, done at {moment_words(done_at, release.zone)}"
    return replace(ruling, release=replace(ruling.release, marks=marks), act=replace(ruling.act, text=words))


def _item(leaf: Node, until: datetime) -> DebtItem:
    mark = leaf.mark
    when = mark.done_at or mark.at
    resolution: Resolution = "owed"
    if leaf.state is State.DONE:
        resolution = "at-the-time" if when is not None and when <= until else "late"
    elif leaf.state is State.NOT_APPLICABLE:
        resolution = "not-applicable"
    elif leaf.state is State.FAILED:
        resolution = "failed"
    return DebtItem(leaf.path, leaf.text, resolution, mark.by, when, mark.reason)
