"""The active releases and the archive as lists of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from relui.domain.calendar.slot import Finding
from relui.domain.outline import Outline
from relui.domain.progress import Standing, standing
from relui.domain.release import Release
from relui.domain.summary import Summary
from relui.ui.kit.lines import ListOf
from relui.ui.one_release.rows import active_row, archive_row
from relui.ui.one_release.slot_words import with_slot


class ActiveList(ListOf[Release]):
    """Active releases, by go-live."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.outlines: dict[str, Outline] = {}
        self.standings: dict[str, Standing] = {}

    def show(
        self,
        releases: Sequence[Release],
        now: datetime,
        conflicts: Mapping[str, Sequence[Finding]] | None = None,
        late: Mapping[str, int] | None = None,
    ) -> None:
        """Set the releases, what forbids booked slots, and how many messages are late; the cursor stays."""
        chosen = self.selected.id if self.selected else ""
        known = {release.id: release for release in self.rows}
        old_standings = self.standings
        self.outlines = {
            release.id: self.outlines[release.id] if known.get(release.id) is release else Outline(release)
            for release in releases
        }
        self.standings = {
            release.id: with_slot(
                standing(release, now, self.outlines[release.id]),
                release,
                (conflicts or {}).get(release.id, ()),
                now,
                (late or {}).get(release.id, 0),
            )
            for release in releases
        }
        same_order = [r.id for r in releases] == [r.id for r in self.rows]
        self.rows = tuple(releases)
        ids = [release.id for release in releases]
        if chosen in ids:
            self.cursor = ids.index(chosen)
        self.resized()
        if not same_order:
            self.refresh()
            return
        for index, release in enumerate(releases):
            if release is not known.get(release.id) or self._looks(release.id, old_standings) != self._looks(
                release.id, self.standings
            ):
                self.refresh_line(index)

    def begin(self) -> None:
        """Put the cursor on the release that is live now, if one is."""
        for index, release in enumerate(self.rows):
            if self.standings[release.id].live:
                self.move_to(index)
                return

    @staticmethod
    def _looks(release_id: str, standings: dict[str, Standing]) -> object:
        found = standings.get(release_id)
        return found and (
            found.stage,
            found.done,
            found.troubles,
            found.live,
            found.remaining.total_seconds() // 60,
        )

    def content(self, index: int, width: int) -> Content:
        """One release's row."""
        release = self.rows[index]
        return active_row(release, self.standings[release.id], width)


class ArchiveList(ListOf[Summary]):
    """Archived releases, the newest go-live first, from their catalogue rows."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.zone = "UTC"

    def show(self, summaries: list[Summary], zone: str) -> None:
        """Set the rows; the cursor stays on the release that it was on if it is still there."""
        chosen = self.selected.id if self.selected else ""
        self.rows, self.zone = summaries, zone
        self.cursor = next((i for i, s in enumerate(summaries) if s.id == chosen), 0)
        self.resized()
        self.keep_in_sight()
        self.refresh()

    def content(self, index: int, width: int) -> Content:
        """One archived release's row."""
        return archive_row(self.rows[index], self.zone, width)
