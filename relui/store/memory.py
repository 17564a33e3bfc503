"""Releases in memory, behind the same seam as the files: for tests of the desk and the screens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import convert, structs

from relui.domain.identifiers import parts
from relui.domain.patches import Document
from relui.domain.summary import Summary, summarise
from relui.errors import BadInput, Refused, StoreError
from relui.store.records import Record, document_of
from relui.store.seam import Change, Oddity, Progress, addition

if TYPE_CHECKING:
    from relui.domain.learning.item_record import BareRelease

_NOWHERE = Path("memory")


class ReleaseMemory:
    """Keeps nothing over a restart; whoever holds a record holds a copy."""

    def __init__(self, *, read_only: bool = False) -> None:
        self.read_only = read_only
        self._records: dict[str, Record] = {}
        self._stamps: dict[str, int] = {}
        self._aside: dict[Path, Record] = {}

    def fingerprint(self) -> dict[str, tuple[int, int]]:
        """Identifier -> how often it was written."""
        return {release_id: (self._stamps[release_id], 0) for release_id in self.active_ids()}

    def active_ids(self) -> list[str]:
        """The identifiers of the active releases, sorted."""
        return sorted(name for name, record in self._records.items() if not record.archived)

    def load(self, release_id: str, known: Record | None = None) -> Record:
        """A copy of the latest record, or `known` while it is that. Raises BadInput when there is none."""
        if release_id not in self._records:
            raise BadInput(f"There is no release '{release_id}' in memory.")
        latest = self._records[release_id]
        if known is not None and known.stamp == latest.stamp and known.archived == latest.archived:
            return known
        return _copied(latest)

    def exists(self, release_id: str) -> bool:
        """Whether there is a release with that identifier."""
        return release_id in self._records

    def is_archived(self, release_id: str) -> bool:
        """Whether it is in the archive."""
        return self.exists(release_id) and self._records[release_id].archived

    def highest_number(self, month: str) -> int:
        """The highest identifier number of a month, those set aside too."""
        names = [*self._records, *(path.stem.partition(".")[0] for path in self._aside)]
        return max((found[1] for name in names if (found := parts(name)) and found[0] == month), default=0)

    def create(self, state: Document, log: list[Document]) -> Record:
        """A new active release. Raises Refused when its identifier is taken, BadInput when it is none."""
        release_id = str(state["id"])
        self._refuse_read_only()
        if parts(release_id) is None:
            raise BadInput(f"'{release_id}' is not an identifier such as REL-2026-11-003.")
        if self.exists(release_id):
            raise Refused(f"{release_id} exists already. Identifiers are never reused.")
        return self._keep(release_id, Record(state=state, log=log, where=str(_NOWHERE / release_id)))

    def create_archived(self, state: Document, log: list[Document]) -> Record:
        """A closed release in the archive. Raises Refused when its identifier is taken."""
        self.create(state, log)
        self.archive(str(state["id"]))
        return self.load(str(state["id"]))

    def change(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        """Apply to the latest. Raises what `apply` raises, Refused for an archived release."""
        self._refuse_read_only()
        record = self.load(release_id)
        if record.archived:
            raise Refused(f"{release_id} is archived: nothing in it can change. Copy it as a new release.")
        return self._changed(record, apply)

    def add(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        """Add to an archived release. Raises Refused for an active one, and for what is no addition."""
        self._refuse_read_only()
        if not self.load(release_id).archived:
            self.archive(release_id)
        return self._changed(self.load(release_id), addition(apply))

    def _changed(self, record: Record, apply: Change) -> Record:
        decided = apply(record)
        if decided is None:
            return record
        state, entry = decided
        changed = structs.replace(record, state=state, log=[*record.log, document_of(entry)])
        return self._keep(str(state["id"]), changed)

    def archive(self, release_id: str) -> Path:
        """Move a closed release into the archive. Raises Refused for one that is not closed."""
        self._refuse_read_only()
        record = self.load(release_id)
        if not record.release.closed:
            raise Refused(f"{release_id} is not closed: only closed releases are archived.")
        self._records[release_id] = structs.replace(record, archived=True)
        return _NOWHERE / release_id

    def archived(self, progress: Progress | None = None) -> list[Summary]:
        """Every archived release in one row each."""
        return [summarise(record.release) for record in self._records.values() if record.archived]

    def checklists(self, ids: Sequence[str], progress: Progress | None = None) -> Iterator[BareRelease]:
        """The checklists of archived releases."""
        from relui.domain.learning.item_record import BareRelease

        wanted = set(ids)
        for name, record in self._records.items():
            if record.archived and name in wanted:
                yield convert(record.state, BareRelease)

    def remove(self, release_id: str) -> None:
        """Remove an archived release for good. Raises Refused for one that is not archived."""
        self._refuse_read_only()
        if not self.is_archived(release_id):
            raise Refused(f"{release_id} is not in the archive.")
        del self._records[release_id]

    def unreadable(self) -> dict[Path, StoreError]:
        """Nothing: memory holds no damaged files."""
        return {}

    def oddities(self, record: Record) -> list[Oddity]:
        """Nothing: each record is in one place."""
        return []

    def bring_back(self, release_id: str) -> Path:
        """Refused: only closed releases come into this archive."""
        raise Refused(f"{release_id} is closed: it stays in the archive.")

    def renew_catalogue(self) -> None:
        """Nothing: there is no catalogue."""

    def leftovers(self) -> list[Path]:
        """Nothing: there are no temp files."""
        return []

    def sweep(self) -> list[Path]:
        """Nothing: there are no temp files."""
        return []

    def set_aside(self, release_id: str) -> Path:
        """Take a release away. Raises BadInput when there is none."""
        self._refuse_read_only()
        record = self.load(release_id)
        path = _NOWHERE / "quarantine" / f"{release_id}.{len(self._aside)}.json"
        self._aside[path] = record
        del self._records[release_id]
        return path

    def set_aside_file(self, source: Path) -> Path:
        """The same, by the name of its file."""
        return self.set_aside(source.stem)

    def _keep(self, release_id: str, record: Record) -> Record:
        self._stamps[release_id] = self._stamps.get(release_id, 0) + 1
        record = structs.replace(record, stamp=(self._stamps[release_id], 0))
        self._records[release_id] = _copied(record)
        return record

    def _refuse_read_only(self) -> None:
        if self.read_only:
            raise StoreError(
                "relui was opened read-only (--readonly): nothing is written.", title="Read-only"
            )


def _copied(record: Record) -> Record:
    return structs.replace(record, state=deepcopy(record.state), log=deepcopy(record.log))
