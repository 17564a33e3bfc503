"""The active releases as the app last saw them, brought up to date from the files' fingerprints."""

from __future__ import annotations

from relui.desk.desk import Desk
from relui.domain.release import Release


class Board:
    """Knows which files changed since the last look, so that a look costs one folder listing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[str, tuple[int, int]] = {}
        self.releases: tuple[Release, ...] = ()
        self.problems: tuple[str, ...] = ()

    def update(self) -> frozenset[str]:
        """Read what changed. Returns the identifiers that are new, changed or gone. Raises StoreError."""
        seen = self._desk.journal.fingerprint()
        if seen == self._seen:
            return frozenset()
        changed = frozenset(
            name for name in seen.keys() | self._seen.keys() if seen.get(name) != self._seen.get(name)
        )
        known = {release.id: release for release in self.releases if release.id not in changed}
        active = self._desk.journal.active(known)
        self.releases, self.problems = active.releases, active.problems
        self._seen = seen
        return changed

    def put(self, release: Release) -> None:
        """Take over a release that was just written here; its file is looked at again on the next update."""
        self.releases = tuple(release if known.id == release.id else known for known in self.releases)
