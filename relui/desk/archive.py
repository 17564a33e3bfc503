"""Acts on what was released: figures, trends, comparison, reviews, debts, what is past its retention.

Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.desk.act import Done
from relui.desk.context import context_of
from relui.desk.items import item_paths
from relui.errors import BadInput, Refused
from relui.store.seam import Progress, refuse_read_only

if TYPE_CHECKING:
    from datetime import date, datetime

    from relui.desk.calendar import CalendarActs
    from relui.desk.journal import Journal
    from relui.desk.learning import LearningActs
    from relui.desk.organisation import OrganisationActs
    from relui.domain.learning.actions import Action, Learned, Review, Step
    from relui.domain.learning.closing_report import ReportLine
    from relui.domain.learning.debts import Debt
    from relui.domain.learning.item_record import ItemRecord
    from relui.domain.learning.metrics import Comparison, Metrics
    from relui.domain.learning.reviews import DueReview, OwedRetrospective
    from relui.domain.learning.trends import By, Trends
    from relui.domain.summary import Summary


class Purged(Struct, frozen=True):
    """Releases that were removed for good, and where they were exported to."""

    releases: tuple[str, ...]
    export: str


class Reviewed(Struct, frozen=True):
    """A review that was recorded, with the actions that it raised."""

    review: Review
    actions: tuple[Action, ...] = ()


class ArchiveActs:
    """Nothing here changes an archived release; what is learned from it is kept beside."""

    def __init__(
        self, journal: Journal, organisation: OrganisationActs, calendar: CalendarActs, learning: LearningActs
    ) -> None:
        self._journal, self._store = journal, journal.store
        self._organisation = organisation
        self._calendar = calendar
        self._learning = learning

    def metrics(self, release_id: str) -> Metrics:
        """The figures of a release, active or archived [S1.34]."""
        from relui.domain.learning.metrics import metrics

        return metrics(self._journal.open(release_id).release, self._tolerance())

    def trends(
        self,
        by: By = "month",
        *,
        first: date | None = None,
        last: date | None = None,
        service: str = "",
        type: str = "",
        progress: Progress | None = None,
    ) -> Trends:
        """The trends of the archive [S1.34]; days are those of the organisation's zone, both included.

        `progress` is called while the catalogue is built; what it raises cancels.
        """
        return self.trends_of(
            self._store.catalogue.summaries(progress), by, first=first, last=last, service=service, type=type
        )

    def trends_of(
        self,
        rows: Sequence[Summary],
        by: By = "month",
        *,
        first: date | None = None,
        last: date | None = None,
        service: str = "",
        type: str = "",
    ) -> Trends:
        """The same, of rows that were read already."""
        from relui.domain.learning.trends import trends

        return trends(
            rows,
            by,
            zone=self._organisation.display_zone(),
            tolerance=self._tolerance(),
            first=first,
            last=last,
            service=service,
            type=type,
        )

    def item_records(
        self,
        *,
        first: date | None = None,
        last: date | None = None,
        service: str = "",
        type: str = "",
        progress: Progress | None = None,
    ) -> tuple[ItemRecord, ...]:
        """How each checklist item fared: reads every chosen file; `progress` cancels by raising."""
        from relui.domain.instants import local_day
        from relui.domain.learning.item_record import ItemRecords

        zone, wanted = self._organisation.display_zone(), service.strip().casefold()
        ids = [
            row.id
            for row in self._store.catalogue.summaries()
            if wanted in ("", row.service.casefold())
            and type in ("", row.type)
            and (first is None or first <= local_day(row.go_live, zone))
            and (last is None or local_day(row.go_live, zone) <= last)
        ]
        records = ItemRecords()
        for release in self._store.catalogue.checklists(sorted(ids), progress):
            records.add(release)
        return records.result()

    def compare(self, left: str, right: str) -> Comparison:
        """Two releases side by side, active or archived. Raises BadInput for one and the same."""
        from relui.domain.learning.metrics import compare

        one, other = self._journal.open(left).release, self._journal.open(right).release
        if one.id == other.id:
            raise BadInput(f"{one.id} is named twice. Name two releases to compare.")
        return compare(one, other, zone=self._organisation.display_zone(), tolerance=self._tolerance())

    def closing_report(self, release_id: str) -> tuple[ReportLine, ...]:
        """What a release lacks before it is closed, and what would only be missing from its record."""
        from relui.domain.learning.closing_report import closing_report

        release = self._journal.open(release_id).release
        reviewed = release.id in self._learning.read().reviewed
        return closing_report(release, context_of(self._calendar, release), reviewed)

    def debts(self) -> tuple[Debt, ...]:
        """What deployed emergencies owe, the oldest first [S1.36]."""
        from relui.domain.learning.debts import debts

        return debts(self._journal.active().releases, self._journal.clock.now())

    def retrospectives_owed(self) -> tuple[OwedRetrospective, ...]:
        """The archived releases that were closed without their retrospective, the first due first [S0.9]."""
        from relui.domain.learning.reviews import retrospectives_owed

        self._learning.finish_additions()
        return retrospectives_owed(
            self._store.catalogue.summaries(), self._organisation.read(), self._journal.clock.now()
        )

    def settle_debt(
        self, release_id: str, items: Sequence[str], *, done_at: datetime | None = None, note: str = ""
    ) -> Done:
        """Tick owed items, done at the time (`done_at`, UTC) or now. Leaving one out is `skip`.

        Raises BadInput for an item that is not owed, or a time that cannot be.
        """
        from relui.domain.learning.debts import settle_debt

        paths = item_paths(items)
        return self._journal.change(
            release_id,
            lambda release, by, now: settle_debt(release, paths, by, now, done_at=done_at, note=note),
        )

    def reviews(self) -> tuple[Review, ...]:
        """The reviews that were held, the latest first."""
        return tuple(sorted(self._learning.read().reviews, key=lambda each: each.held, reverse=True))

    def reviews_due(self) -> tuple[DueReview, ...]:
        """The reviews that have to be held, majors alone and the others by month, the first due first."""
        from relui.domain.learning.reviews import reviews_due
        from relui.domain.summary import summarise

        rows = [
            *self._store.catalogue.summaries(),
            *(summarise(release) for release in self._journal.active().releases),
        ]
        return reviews_due(
            rows,
            self._learning.read(),
            self._organisation.read(),
            self._journal.clock.now(),
            self._organisation.display_zone(),
        )

    def review_page(self, names: Sequence[str]) -> str:
        """One page in Markdown about the releases to review: figures, failures, retrospectives, actions."""
        from relui.documents.review_markdown import review_markdown

        releases = [
            self._journal.open(name).release for name in dict.fromkeys(map(self._journal.resolve, names))
        ]
        if not releases:
            raise BadInput("Name the releases to review, or a month.")
        return review_markdown(
            releases,
            self._learning.read().actions,
            self._organisation.display_zone(),
            self._journal.clock.now(),
            self._tolerance(),
        )

    def record_review(
        self, names: Sequence[str], notes: str, *, held: date | None = None, actions: Sequence[str] = ()
    ) -> Reviewed:
        """Record that a review was held, today unless said; its `actions` are raised for the first release.

        Raises BadInput without notes or releases, or for a day to come.
        """
        from relui.domain.instants import local_day
        from relui.domain.learning.actions import raise_action
        from relui.domain.learning.reviews import record_review

        self._organisation.admit()
        releases = [self._journal.open(name).release for name in names]
        now, by = self._journal.clock.now(), self._journal.actor.name
        day = held or local_day(now, self._organisation.display_zone())

        def step(learned: Learned) -> Step:
            learned, words = record_review(learned, [each.id for each in releases], notes, day, by, now)
            for text in actions:
                learned, raised = raise_action(learned, releases[0], text, by, now, source="review")
                words = f"{words}; {raised}"
            return learned, words

        after, _ = self._learning.learn(step)
        self._learning.carry_actions()
        return Reviewed(after.reviews[-1], after.actions[len(after.actions) - len(actions) :])

    def past_retention(self, before: datetime) -> tuple[Summary, ...]:
        """The archived releases that were closed before `before` and whose retention is over [S0.8]."""
        from relui.domain.learning.reviews import past_retention

        months = self._organisation.read().policy.retention_months
        return past_retention(self._store.catalogue.summaries(), months, before, self._journal.clock.now())

    def purge(self, before: datetime, export: Path, confirmed: str) -> Purged:
        """Remove what `past_retention` lists, for good, once `export` holds all of it and it is confirmed.

        Raises Refused when nothing is past its retention, for other words than `confirmation` asks for, or
        when the export lacks a release or holds another state of it; BadInput for an export that cannot be
        read. Nothing is removed then.
        """
        from relui.domain.identifiers import parts
        from relui.domain.learning.reviews import purged, refuse_unconfirmed

        refuse_read_only(self._journal.read_only)
        rows = self.past_retention(before)
        if not rows:
            raise Refused("Nothing is past its retention: nothing was removed.")
        exported = self._exported(export)
        seals: list[tuple[str, str]] = []
        for row in rows:
            record = self._store.releases.load(row.id)
            if exported.get(row.id) != (record.state, record.log):
                raise Refused(
                    f"{export} does not hold {row.id} as it is recorded. Nothing was removed. Export it "
                    f"first: relui export {row.id} ... --to {export}."
                )
            seals.append((row.id, record.head.hash))
        refuse_unconfirmed(confirmed, len(rows))
        for row in rows:  # identifiers are never reused, also when no file bears them any more
            month, number = parts(row.id) or ("", 0)
            self._store.organisation.reach(month, number)
        self._learning.learn(
            lambda learned: purged(
                learned, seals, str(export), self._journal.actor.name, self._journal.clock.now()
            )
        )
        for row in rows:
            self._store.releases.remove(row.id)
        return Purged(tuple(row.id for row in rows), str(export))

    @staticmethod
    def _exported(export: Path) -> dict[str, tuple[object, object]]:
        """Every release in an export: identifier -> its state and its log. Raises BadInput."""
        from relui.desk.exchange import releases_in

        return {found.release.id: (found.state, found.log) for found in releases_in(export)}

    def _tolerance(self) -> int:
        return self._organisation.read().policy.on_time_tolerance
