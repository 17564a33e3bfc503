"""The seam between desk and disk: what the desk needs of whatever keeps the releases.

ReleaseFiles keeps them on disk, ReleaseMemory in memory for tests; one contract suite runs on both
(tests/store/test_contract.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from relui.domain.log import Entry
from relui.domain.patches import Document
from relui.domain.summary import Summary
from relui.errors import StoreError
from relui.store.records import Record

if TYPE_CHECKING:
    from relui.domain.learning.item_record import BareRelease

Change = Callable[[Record], "tuple[Document, Entry] | None"]
"""From the latest record to the next state and its log entry; None when nothing changes."""


def addition(apply: Change) -> Change:
    """`apply`, refused unless it only adds what may still be added to an archived release."""

    def checked(record: Record) -> tuple[Document, Entry] | None:
        from relui.domain.closing import refuse_beyond

        decided = apply(record)
        if decided is not None:
            refuse_beyond(record.state, decided[0])
        return decided

    return checked


Progress = Callable[[int, int], None]
"""Called with how many files were read, and of how many."""


class Oddity(Struct, frozen=True):
    """One thing that is odd about how a record is kept, in words that follow its identifier.

    `twice`: it has two files; `open`: it is archived without being closed; `catalogue`: the archive's
    catalogue says something else; `tables`: its file holds what relui does not write.
    """

    kind: Literal["twice", "open", "catalogue", "tables"]
    words: str


class ReleaseStore(Protocol):
    """Keeps releases: see ReleaseFiles for what each method promises."""

    def fingerprint(self) -> dict[str, tuple[int, int]]:
        """Identifier -> a stamp that differs after every change of an active release."""

    def active_ids(self) -> list[str]:
        """The identifiers of the active releases, sorted."""

    def load(self, release_id: str, known: Record | None = None) -> Record:
        """The latest record, active or archived: `known` itself while it is that.

        Raises BadInput when there is none, StoreError.
        """

    def exists(self, release_id: str) -> bool:
        """Whether there is a release with that identifier, readable or not."""

    def is_archived(self, release_id: str) -> bool:
        """Whether it is in the archive."""

    def highest_number(self, month: str) -> int:
        """The highest identifier number of a month (YYYY-MM), 0 when there is none."""

    def create(self, state: Document, log: list[Document]) -> Record:
        """A new active release. Raises Refused when its identifier is taken, StoreError."""

    def create_archived(self, state: Document, log: list[Document]) -> Record:
        """A closed release, straight into the archive. Raises Refused when its identifier is taken."""

    def change(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        """Read the latest, apply, keep state and entry together. Raises Refused for an archived one."""

    def add(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        """Add to an archived release. Raises Refused for an active one, and for what is no addition."""

    def archive(self, release_id: str) -> Path:
        """Move a closed release into the archive. Raises Refused for one that is not closed."""

    def archived(self, progress: Progress | None = None) -> list[Summary]:
        """Every archived release in one row each."""

    def checklists(self, ids: Sequence[str], progress: Progress | None = None) -> Iterator[BareRelease]:
        """The checklists of archived releases, one by one; what cannot be read is left out."""

    def remove(self, release_id: str) -> None:
        """Remove an archived release for good. Raises Refused for one that is not archived."""

    def unreadable(self) -> dict[Path, StoreError]:
        """The archived files that `archived` could not read, and why."""

    def oddities(self, record: Record) -> list[Oddity]:
        """What is odd about where and how a record is kept, beside its log and its state."""

    def bring_back(self, release_id: str) -> Path:
        """Move a release that is not closed out of the archive. Raises Refused, StoreError."""

    def renew_catalogue(self) -> None:
        """Derive the archive's catalogue from its files, whatever it says. Raises StoreError."""

    def leftovers(self) -> list[Path]:
        """The temp files that killed writers left."""

    def sweep(self) -> list[Path]:
        """Remove them. Returns what was removed."""

    def set_aside(self, release_id: str) -> Path:
        """Take a damaged release away, byte for byte. Returns where it is now."""

    def set_aside_file(self, source: Path) -> Path:
        """The same for any damaged file."""
