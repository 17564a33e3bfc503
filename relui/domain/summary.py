"""A release in one row: what lists, searches and the archive's catalogue need of it.

The archive's rows are made ready to be searched with every key: by words, filters and an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from msgspec import Struct

from relui.domain.checklist import State
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.parts import Defect
from relui.domain.instants import Minutes, Moment, local_day, within_reach
from relui.domain.outline import Outline
from relui.domain.release import OUTCOMES, Impact, Outcome, Release, ReleaseType

RetrospectiveState = Literal["", "owed", "added"]


class Summary(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One archived release in the catalogue. Instants in UTC, durations in minutes.

    `words` holds, folded, what a search finds: reasons, notes, decisions, the retrospective and what the
    changes are. `changes` are the references of those that nobody withdrew; `defects` counts what testing
    found by severity, `escaped` what was found after the deployment [S1.34].
    `retrospective`: it was closed without the one that its checklist asks for, or that was added since.
    """

    id: str
    title: str
    service: str
    version: str
    type: ReleaseType
    impact: Impact
    owner: str
    template: str
    go_live: Moment
    zone: str
    duration: Minutes
    outcome: Outcome | None = None
    closed_at: Moment | None = None
    started_at: Moment | None = None
    completed_at: Moment | None = None
    done: int = 0
    total: int = 0
    not_applicable: int = 0
    failed: int = 0
    late: int = 0
    words: str = ""
    changes: tuple[str, ...] = ()
    defects: dict[str, int] = {}
    escaped: int = 0
    created_at: Moment | None = None
    follows: str = ""
    satisfaction: int | None = None
    retrospective: RetrospectiveState = ""

    def __post_init__(self) -> None:
        """Raises ValueError for an instant that nothing can be added to."""
        within_reach(
            go_live=self.go_live, closed_at=self.closed_at, started_at=self.started_at,
            completed_at=self.completed_at, created_at=self.created_at,
        )  # fmt: skip


WORDS_LIMIT = 40_000
CHANGE_WORDS_LIMIT = 20_000
"""Characters of a release that a search looks at: far more than anybody writes."""


def summarise(release: Release, outline: Outline | None = None) -> Summary:
    """The row of a release."""
    outline = outline or Outline(release)
    started, completed = actual_window(release, outline)
    states = [(leaf.state, leaf.mark.late) for leaf in outline.leaves()]
    return Summary(
        id=release.id,
        title=release.title,
        service=release.service,
        version=release.version,
        type=release.type,
        impact=release.impact,
        owner=release.owner,
        template=release.template,
        go_live=release.go_live,
        zone=release.zone,
        duration=release.duration,
        outcome=release.closing.outcome if release.closing else None,
        closed_at=release.closing.at if release.closing else None,
        started_at=started,
        completed_at=completed,
        done=outline.done,
        total=outline.total,
        not_applicable=sum(1 for state, _ in states if state is State.NOT_APPLICABLE),
        failed=sum(1 for state, _ in states if state is State.FAILED),
        late=sum(1 for state, late in states if state is State.DONE and late),
        words=_words(release),
        changes=tuple(change.id for change in release.dossier.changes if change.status != "withdrawn"),
        defects=_by_severity(release),
        escaped=sum(1 for defect in release.dossier.defects if _counts(defect) and _escaped(defect)),
        created_at=release.created_at,
        follows=release.dossier.follows,
        satisfaction=release.satisfaction,
        retrospective=_retrospective(release, outline),
    )


def _retrospective(release: Release, outline: Outline) -> RetrospectiveState:
    """What stands open on a closed checklist that asks for a retrospective; a cancelled release owes none."""
    if release.closing is None or release.closing.outcome == "cancelled":
        return ""
    asked = any(leaf.when_done == "retrospective" and leaf.state is State.OPEN for leaf in outline.bound)
    if release.retrospective.written:
        return "added" if asked else ""
    return "owed" if asked else ""


def _counts(defect: Defect) -> bool:
    return defect.state != "rejected"


def _escaped(defect: Defect) -> bool:
    return defect.found == "post-deploy"


def _by_severity(release: Release) -> dict[str, int]:
    found: dict[str, int] = {}
    for defect in release.dossier.defects:
        if _counts(defect) and not _escaped(defect):
            found[defect.severity] = found.get(defect.severity, 0) + 1
    return found


def _words(release: Release) -> str:
    texts = [release.rationale, release.risk, release.rollback]
    texts += [release.retrospective.well, release.retrospective.hard, release.retrospective.next]
    if release.closing:
        texts += [release.closing.reason, *release.closing.left_open.values()]
    texts += [decision.words for decision in release.dossier.decisions]
    for mark in release.marks.values():
        texts += [mark.reason, mark.note]
    found = _joined(texts, WORDS_LIMIT)
    changes = _joined((change.summary for change in release.dossier.changes), CHANGE_WORDS_LIMIT)
    return f"{found} {changes}" if changes else found


def _joined(texts: Iterable[str], limit: int) -> str:
    once = dict.fromkeys(" ".join(text.split()) for text in texts if text)  # one reason may stand for many
    return " ".join(once).casefold()[:limit]


ON_TIME_TOLERANCE = 15
"""Minutes that a start may differ from the plan and still be on time, unless policy says other [S1.34]."""


def on_time(summary: Summary, tolerance: int = ON_TIME_TOLERANCE) -> bool | None:
    """Started within `tolerance` minutes of the plan and not rolled back; None when it never started."""
    if summary.started_at is None or summary.outcome == "cancelled":
        return None
    minutes = abs((summary.started_at - summary.go_live).total_seconds()) / 60
    return minutes <= tolerance and summary.outcome != "rolled-back"


def haystack(summary: Summary) -> str:
    """Everything that a search looks at, folded."""
    named = (summary.id, summary.title, summary.service, summary.version, summary.owner, summary.type,
             summary.outcome or "", *summary.changes)  # fmt: skip
    return f"{' '.join(named).casefold()} {summary.words}"


def matches(summary: Summary, text: str) -> bool:
    """Every word of `text` occurs somewhere in the row or in what was written about the release."""
    looked_at = haystack(summary)
    return all(word in looked_at for word in text.casefold().split())


FILTERS = ("service", "type", "outcome", "since", "until")
"""Written before a colon, they narrow the archive: `type:patch outcome:rolled-back since:2026-09`."""


class Wanted(Struct, frozen=True):
    """What a search asks for: every word somewhere, and the beginnings of service, type and outcome.

    `since` and `until` are the beginnings of ISO days (`2026`, `2026-09`), both included, in the zone of
    each release.
    """

    words: tuple[str, ...] = ()
    service: str = ""
    type: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""


def wanted(text: str) -> Wanted:
    """What was typed. A filter without a value asks for nothing; an unknown one is a word."""
    words: list[str] = []
    filters: dict[str, str] = {}
    for part in text.casefold().split():
        name, colon, value = part.partition(":")
        if colon and name in FILTERS:
            filters[name] = value
        else:
            words.append(part)
    return Wanted(tuple(words), **filters)


def with_filter(text: str, name: str, value: str) -> str:
    """The text with one filter set to a value, or without it when the value is empty."""
    kept = [part for part in text.split() if not part.casefold().startswith(f"{name}:")]
    return " ".join([*kept, f"{name}:{value}"] if value else kept)


def _overrun(row: Summary) -> float:
    """Minutes beyond the planned duration; what never ended comes last."""
    if row.started_at is None or row.completed_at is None:
        return float("-inf")
    return (row.completed_at - row.started_at).total_seconds() / 60 - row.duration


_WORST_FIRST = {name: number for number, name in enumerate(("rolled-back", "partial", "cancelled"))}
ORDERS: dict[str, tuple[Callable[[Summary], Any], bool]] = {
    "newest first": (lambda row: (row.go_live, row.id), True),
    "oldest first": (lambda row: (row.go_live, row.id), False),
    "by service": (lambda row: (row.service.casefold(), row.go_live), False),
    "worst outcome first": (lambda row: (_WORST_FIRST.get(row.outcome or "", 9), -row.failed), False),
    "longest overrun first": (_overrun, True),
}
"""Name -> key, and whether it is turned round."""


class ArchiveIndex:
    """Rows in the chosen order. A search that goes on from the last one looks at its rows only.

    The rows' own words are searched where they are: nothing large is held twice.
    """

    def __init__(self, rows: Iterable[Summary], order: str = "newest first") -> None:
        key, turned = ORDERS[order]
        self.rows = sorted(rows, key=key, reverse=turned)
        self.order = order
        self._heads = [_head(row) for row in self.rows]
        self._days: list[str] = []
        self._last: tuple[str, list[int]] = ("", list(range(len(self.rows))))

    def find(self, text: str) -> list[Summary]:
        """The rows that have every word and pass every filter, in the order of the index."""
        before, among = self._last
        # Only a text that goes on can but narrow: a filter's value may have changed otherwise.
        goes_on = text.startswith(before) and not before.endswith(":")
        asked = wanted(text)
        found = self._among(among if goes_on else range(len(self.rows)), asked)
        self._last = (text, found)
        return [self.rows[number] for number in found]

    def _among(self, numbers: Sequence[int], asked: Wanted) -> list[int]:
        heads, rows = self._heads, self.rows
        found = list(numbers)
        for word in asked.words:
            found = [number for number in found if word in heads[number] or word in rows[number].words]
        if asked.service:
            found = [n for n in found if rows[n].service.casefold().startswith(asked.service)]
        if asked.type:
            found = [n for n in found if rows[n].type.startswith(asked.type)]
        if asked.outcome:
            found = [n for n in found if (rows[n].outcome or "").startswith(asked.outcome)]
        if asked.since or asked.until:
            found = [n for n in found if self._within(n, asked)]
        return found

    def _within(self, number: int, asked: Wanted) -> bool:
        if not self._days:
            self._days = [local_day(row.go_live, row.zone).isoformat() for row in self.rows]
        day = self._days[number]
        return day >= asked.since and (not asked.until or day[: len(asked.until)] <= asked.until)

    def values(self, name: str) -> list[tuple[str, int]]:
        """What a filter can be set to, each with how many rows it leaves; years for `since` and `until`."""
        counts: dict[str, int] = {}
        for row in self.rows:
            value = str(local_day(row.go_live, row.zone).year)
            if name in ("service", "type", "outcome"):
                value = getattr(row, name) or ""
            counts[value] = counts.get(value, 0) + 1
        known = list(OUTCOMES) if name == "outcome" else sorted(counts)
        return [(value, counts[value]) for value in known if value and value in counts]


def _head(row: Summary) -> str:
    """What a search finds beside the words that the row holds folded already."""
    parts = (row.id, row.title, row.service, row.version, row.owner, row.type, row.outcome or "")
    return " ".join((*parts, *row.changes)).casefold()
