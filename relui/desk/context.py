"""What a release is judged by: the organisation, the calendar, other releases. Nothing here writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relui.desk.agenda import Calendar
    from relui.desk.calendar import CalendarActs
    from relui.domain.calendar.slot import Verdict
    from relui.domain.dossier.conditions import Context
    from relui.domain.release import Release
    from relui.domain.summary import Summary


class Contexts:
    """What was read once, for any number of releases; the archive only when a release needs it."""

    def __init__(self, calendar: CalendarActs) -> None:
        self._acts = calendar
        self._journal = calendar.journal
        self._read: Calendar | None = None
        self._archive: list[Summary] | None = None

    @property
    def _calendar(self) -> Calendar:
        if self._read is None:
            self._read = self._acts.read()
        return self._read

    def of(self, release: Release) -> Context:
        """What a release is judged by now. Raises StoreError when the archive cannot be read."""
        from relui.domain.dossier.changes import earlier_releases
        from relui.domain.dossier.conditions import Context, needed_releases

        dossier = release.dossier
        looks_back = bool(release.criteria and (dossier.changes or dossier.needs))
        archived = self._archived() if looks_back else []
        return Context(
            organisation=self._calendar.organisation,
            now=self._journal.clock.now(),
            earlier=earlier_releases(release, [*archived, *self._planned()]) if looks_back else {},
            verdict=self._verdict(release),
            needed=needed_releases(release, archived, self._calendar.releases) if dossier.needs else {},
        )

    def _archived(self) -> list[Summary]:
        if self._archive is None:
            self._archive = self._journal.store.catalogue.summaries()
        return self._archive

    def _planned(self) -> list[Summary]:
        from relui.domain.summary import summarise

        return [summarise(other) for other in self._calendar.releases if other.dossier.changes]

    def _verdict(self, release: Release) -> Verdict | None:
        """The calendar's about the slot that is held, until the release is deployed."""
        booking = release.booking
        if not release.criteria or release.closed or release.completed_at is not None:
            return None
        if booking is None or booking.held != "booked":
            return None
        from relui.domain.calendar.check import check

        calendar = self._calendar
        return check(calendar.without(release.id), calendar.slot_at(release), self._journal.clock.now())

    @classmethod
    def before(cls, calendar: CalendarActs, release_id: str) -> Contexts:
        """The same, with what a release needs read already: before its lock is held, not under it."""
        contexts, release = cls(calendar), calendar.journal.open(release_id).release
        if release.criteria or release.dossier.needs:
            contexts.of(release)
        return contexts


def context_of(calendar: CalendarActs, release: Release) -> Context:
    """What one release is judged by now."""
    return Contexts(calendar).of(release)
