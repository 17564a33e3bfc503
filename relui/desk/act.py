"""What every act at the desk has: who acts and when, and what it led to."""

from __future__ import annotations

from msgspec import Struct

from relui.clock import Clock
from relui.domain.log import Act, Actor, Entry, Head, next_entry
from relui.domain.patches import Document, diff
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import StoreError
from relui.store.records import Record


class Opened(Struct, frozen=True, kw_only=True):
    """A release as it is on disk now: the struct, its record, and why it cannot be changed, if so."""

    release: Release
    record: Record

    @property
    def archived(self) -> bool:
        """It is in the archive: read-only for good."""
        return self.record.archived

    @property
    def read_only(self) -> str:
        """Why nothing can be written, or nothing."""
        return self.record.read_only

    @property
    def entries(self) -> list[Entry]:
        """Its log, in order."""
        return self.record.entries


class Done(Struct, frozen=True, kw_only=True):
    """What an act led to: the release afterwards, its record, and what the rule did with which items."""

    release: Release
    record: Record
    ruling: Ruling

    @property
    def changed(self) -> bool:
        """Something was written."""
        return self.ruling.act is not None


class Active(Struct, frozen=True):
    """The active releases, by go-live, and a sentence for each file that could not be read."""

    releases: tuple[Release, ...]
    problems: tuple[str, ...]


class Signing(Struct):
    """Who acts, and the clock: whatever is written into a log is signed with both, as they are then."""

    actor: Actor
    clock: Clock

    def entry(self, head: Head, act: Act, before: Document, after: Document) -> Entry:
        """The log entry behind `head` of an act that led from one document to the other."""
        return next_entry(
            head, act, self.actor, self.clock.now(), diff(before, after), simulated=self.clock.simulated
        )


def refuse_read_only(read_only: bool) -> None:
    """Raises StoreError when relui was opened read-only."""
    if read_only:
        raise StoreError("relui was opened read-only (--readonly): nothing is written.", title="Read-only")
