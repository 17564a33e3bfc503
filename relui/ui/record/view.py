"""What the record's tabs are made from: a release as it stands now, every criterion judged once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from relui.domain.deployment_times import actual_window
from relui.domain.dossier.builds import former
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import listed
from relui.domain.dossier.editing import parts_of
from relui.domain.dossier.gates import Judgement, judged, stage_now
from relui.domain.dossier.points import GROUPS, Point, confirmation, doubts, points_of
from relui.domain.dossier.signers import confirmed_words
from relui.domain.editing import field_text
from relui.domain.log import Entry
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.ruling import Gap
from relui.ui.kit.rows import Row, RowState, section
from relui.ui.kit.times import when

GROUP_CRITERIA: Mapping[str, tuple[str, ...]] = {
    "prerequisite": ("prerequisites-confirmed",),
    "build": ("build-verified",),
    "notes": ("notes-generated",),
    "runbook": ("runbook-rehearsed",),
    "acceptance": ("user-acceptance-done",),
    "window": ("window-confirmed",),
    "readiness": ("readiness-reviewed",),
    "handoff": ("handed-off",),
    "close": ("documents-archived", "review-planned"),
}
"""A group of confirmations -> the criteria that ask for it."""


class View(Struct, frozen=True):
    """A release with its surroundings, its log, and each listed criterion by id as it stands.

    `owed` are the gaps of the unmet criteria by where they are met: what a row's sign says follows from it.
    What only the end of the deployment and the close ask for is `ahead` until the deployment: it is no
    news that a release was not completed before it began.
    """

    release: Release
    context: Context
    zone: str
    entries: Sequence[Entry]
    lines: Mapping[str, Judgement]
    owed: Mapping[tuple[str, str], Gap]
    ahead: frozenset[str] = frozenset()

    @property
    def now(self) -> datetime:
        """The instant that it is judged at."""
        return self.context.now

    def asks(self, *criteria: str) -> bool:
        """One of these criteria exists for the release, and its time has come."""
        return any(name in self.lines and name not in self.ahead for name in criteria)

    def when(self, at: datetime | None) -> str:
        """An instant in the zone that is shown, or nothing."""
        return when(at, self.zone, year=self.now.year) if at is not None else ""

    def state(self, at: str, name: str, *, asked: bool) -> RowState:
        """The sign of a row: unmet when something is missing there, met when it is asked for at all."""
        if (at, name) in self.owed:
            return "unmet"
        return "met" if asked else "plain"

    def why(self, at: str, name: str) -> str:
        """What is missing there, in words."""
        gap = self.owed.get((at, name))
        return gap.text if gap else ""


def view_of(release: Release, context: Context, zone: str, entries: Sequence[Entry] = ()) -> View:
    """A release judged once."""
    lines = {criterion.id: judged(release, criterion, context) for criterion in listed(release)}
    ahead: frozenset[str] = frozenset()
    if stage_now(release) not in _LATE and release.started_at is None:
        ahead = frozenset(name for name, each in lines.items() if set(each.criterion.gates) <= set(_LATE))
    owed = {
        (gap.at, gap.name): gap
        for name, each in lines.items()
        if not each.passes and name not in ahead
        for gap in each.gaps
    }
    return View(release, context, zone, entries, lines, owed, ahead)


_LATE = ("deploy", "close")
_INSTANTS = ("go-live", "started", "completed")


def field_rows(view: View, labels: Mapping[str, str], asked: frozenset[str]) -> list[Row]:
    """Rows for fields of the release itself; `asked` are those that a listed criterion wants."""
    rows: list[Row] = []
    left = former(view.release)
    for name, label in labels.items():
        text = " ".join(field_text(view.release, name).split())
        if name in _INSTANTS:
            text = view.when(_instant(view.release, name))
        state = view.state("edit", name, asked=name in asked)
        tail = "missing" if state == "unmet" and not text else "to correct" if state == "unmet" else ""
        if name in left and state == "unmet":
            tail = "of an earlier build; Space: as before"
        rows.append(Row("field", name, label, text or "-", state, tail))
    return rows


def _instant(release: Release, name: str) -> datetime | None:
    """The go-live, or when deploying really began or ended, as every other screen says it."""
    if name == "go-live":
        return release.go_live
    return actual_window(release, Outline(release))[name == "completed"]


def point_rows(view: View, group: str) -> list[Row]:
    """The confirmations of a group with a heading; none when nobody asks for them or gave one."""
    points = points_of(group)
    given = [point for point in points if confirmation(view.release, point.id) is not None]
    if not given and not any(name in view.lines for name in GROUP_CRITERIA[group]):
        return []
    count = sum(1 for point in points if _state_of_point(view, point) == "met")
    rows = [_point_row(view, point) for point in points]
    return section(group, GROUPS[group], rows, tail=f"{count}/{len(points)}")


def _state_of_point(view: View, point: Point) -> RowState:
    given = confirmation(view.release, point.id)
    if given is None:
        return "unmet"
    return "stale" if doubts(view.release, given) else "met"


def _point_row(view: View, point: Point) -> Row:
    given = confirmation(view.release, point.id)
    state = _state_of_point(view, point)
    if given is None:
        return Row("point", point.id, point.words, "", state, "open", point.role)
    words = " ".join(doubts(view.release, given)) if state == "stale" else " ".join(given.note.split())
    tail = "stale" if state == "stale" else f"{confirmed_words(given)} {view.when(given.at)}"
    return Row("point", point.id, point.words, words, state, tail)


def parts(view: View, kind: str) -> tuple[object, ...]:
    """The parts of a kind, in their order."""
    return parts_of(view.release, kind)
