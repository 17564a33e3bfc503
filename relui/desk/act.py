"""What every act at the desk has: who acts and when, and what it led to."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from relui.clock import Clock
from relui.domain.log import Act, Actor, Entry, Head, next_entry
from relui.domain.outline import Outline
from relui.domain.patches import Document, diff
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.store.records import Record, Stamp


class Opened(Struct, frozen=True, kw_only=True, dict=True):
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

    @cached_property
    def outline(self) -> Outline:
        """Its checklist as a tree, for looking at: built once."""
        return Outline(self.release)


class Done(Struct, frozen=True, kw_only=True, dict=True):
    """What an act led to: the release afterwards, its record, and what the rule did with which items.

    Whoever shows it reads nothing again: `opened` is what the next look at the disk would give.
    """

    release: Release
    record: Record
    ruling: Ruling

    @property
    def changed(self) -> bool:
        """Something was written."""
        return self.ruling.act is not None

    @cached_property
    def opened(self) -> Opened:
        """The release as it is on disk after the act, with the outline that the rule had."""
        opened = Opened(release=self.release, record=self.record)
        if self.ruling.outline is not None and self.ruling.release is self.release:
            vars(opened)["outline"] = self.ruling.outline
        return opened

    @property
    def stamp(self) -> Stamp | None:
        """What `ReleaseStore.fingerprint` says of it while nobody wrote since; None for an archived one."""
        return None if self.record.archived else self.record.stamp


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
