"""The seam between desk and disk: everything that is kept, and what whoever keeps it promises.

A desk is given a `Store`. `FileStore` keeps TinyDB files in one folder; another store implements the same
protocols, and the contract (tests/store/test_contract.py) runs on each. All parts promise:

- What a method has returned from is durable: neither a kill nor a power cut takes it back.
- A state and the log entry that led to it are kept together, or neither is. What a caller's function raises
  goes through, and nothing is written then.
- Reading takes no lock and sees whole states. Whoever writes locks, reads the latest and applies; locks are
  taken in this order: calendar, one release, then others that give way to it, the organisation or what was
  learned. Each waits for at most ten seconds; a dead holder's is free.
- StoreError says, in words, what cannot be read or written now; DamagedError, that something cannot be
  understood and would have to be set aside; its message names the place. A store that was opened read-only
  refuses with StoreError ("Read-only") whatever writes.
- A place is told in words, for people: nobody opens it. A `Stamp` is compared with ==, and nothing else.
- What is handed out is the caller's own: to change it changes nothing that is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from relui.domain.log import Entry, Head
from relui.domain.organisation import Organisation
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.summary import Summary
from relui.errors import ReluiError, StoreError
from relui.store.records import REPAIR, DamagedError, Record, Stamp

if TYPE_CHECKING:
    from relui.domain.learning.actions import Learned
    from relui.domain.learning.item_record import BareRelease

Change = Callable[[Record], "tuple[Document, Entry] | None"]
"""From the latest record to the next state and its log entry; None when nothing changes."""

StateChange = Callable[[Document, Head], "tuple[Document, Entry] | None"]
"""From the state and the log's end to the next state and its entry; None when nothing changes."""

Progress = Callable[[int, int], None]
"""Called with how many releases were read, and of how many."""


class Oddity(Struct, frozen=True):
    """One thing that is odd about how a record is kept, in words that follow its identifier, and the way out.

    `twice`: it is kept in two places; `open`: it is archived without being closed; `catalogue`: the archive's
    catalogue says something else; `tables`: beside it there is what relui does not write.
    """

    kind: Literal["twice", "open", "catalogue", "tables"]
    words: str
    way_out: str


class Finding(Struct, frozen=True):
    """One result of a check-up: `level` is ok, warning or error; `fix` says what to do, or what was done."""

    level: str
    text: str
    fix: str = ""


class BulkRecord(Struct, frozen=True, kw_only=True):
    """One release to write: its document, its log, and the struct of the same state.

    It goes to the archive when it is closed.
    """

    state: Document
    log: tuple[Entry, ...]
    release: Release


def refuse_read_only(read_only: bool) -> None:
    """Raises StoreError for a store that was opened read-only."""
    if read_only:
        raise StoreError("relui was opened read-only (--readonly): nothing is written.", title="Read-only")


def addition(apply: Change) -> Change:
    """`apply`, refused unless it only adds what may still be added to an archived release."""

    def checked(record: Record) -> tuple[Document, Entry] | None:
        from relui.domain.closing import refuse_beyond

        decided = apply(record)
        if decided is not None:
            refuse_beyond(record.state, decided[0])
        return decided

    return checked


def finding_of(error: ReluiError, set_aside: Callable[[], str] | None = None) -> Finding:
    """What cannot be read, as a finding. `set_aside` repairs what is damaged, and returns where it is now.

    What only cannot be read now may be whole, and stays.
    """
    fix = ""
    if isinstance(error, DamagedError):
        fix = REPAIR
        if set_aside is not None:
            try:
                fix = f"set aside as {set_aside()}"
            except ReluiError as trouble:
                fix = trouble.message
    return Finding("error", error.message, fix)


class ReleaseStore(Protocol):
    """The releases, active and archived, each with its log; one lock a release."""

    def fingerprint(self) -> Mapping[str, Stamp]:
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
        """The highest identifier number of a month (YYYY-MM), 0 when there is none.

        Those set aside count: their identifiers were given out.
        """

    def create(self, state: Document, log: list[Document]) -> Record:
        """A new active release. Raises Refused when its identifier is taken, BadInput when it is none."""

    def create_archived(self, state: Document, log: list[Document]) -> Record:
        """A closed release, straight into the archive. Raises Refused when its identifier is taken."""

    def change(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        """Lock, read the latest, apply, keep state and entry together. Returns the new record.

        `at` and `simulated` are the clock's, for the entry of a migration. Raises BadInput when there is
        none, Refused for an archived one, StoreError for one of a newer schema.
        """

    def add(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        """As `change`, of an archived release. Raises Refused for what is no addition, or not closed.

        One whose closing was cut short is archived first.
        """

    def archive(self, release_id: str) -> str:
        """Move a closed release into the archive. Returns where it is now, also when it was there.

        A move that was cut short is done by the next call. Raises Refused for one that is not closed.
        """

    def bring_back(self, release_id: str) -> str:
        """Move a release that is not closed out of the archive. Returns where it is now.

        Raises Refused for a closed one, StoreError also when there is an active one of that name.
        """

    def remove(self, release_id: str) -> None:
        """Remove an archived release for good. Raises Refused for one that is not archived."""

    def set_aside(self, release_id: str) -> str:
        """Take a damaged release away, byte for byte; an active one first. Returns where it is now.

        Raises BadInput when there is none.
        """

    def oddities(self, record: Record) -> list[Oddity]:
        """What is odd about where and how a record is kept, beside its log and its state."""


class CatalogueStore(Protocol):
    """The archive as a list: derived from the archived releases, and right whatever happens to them."""

    def summaries(self, progress: Progress | None = None) -> list[Summary]:
        """Every archived release in one row each, in no order; what cannot be read is in `unreadable`.

        `progress` may stop it by raising: what was read by then need not be read again.
        """

    def checklists(self, ids: Sequence[str], progress: Progress | None = None) -> Iterator[BareRelease]:
        """The checklists of archived releases, one by one; what cannot be read is left out."""

    def unreadable(self) -> Mapping[str, StoreError]:
        """Place -> why the last `summaries` could not read what is there."""

    def set_aside(self, place: str) -> str:
        """Take one of the `unreadable` away, byte for byte. Returns where it is now."""

    def renew(self) -> str:
        """Derive the list anew, whatever it says. Returns what was done, in words."""


class StateStore(Protocol):
    """One document with a hash-chained log, and a lock of its own."""

    @property
    def where(self) -> str:
        """What it is kept in, by its name."""

    def stamp(self) -> Stamp:
        """Differs after every change."""

    def state(self) -> Document:
        """The state, empty when there is none. Raises StoreError for a damaged one."""

    def log(self) -> list[Document]:
        """The log entries, in order. Raises StoreError for a damaged one."""

    def change(self, apply: StateChange) -> Document:
        """Lock, read the latest, apply, keep state and entry together. Returns the new state."""

    def set_aside(self) -> str:
        """Take it away damaged as it is, byte for byte. Returns where it is now."""


class OrganisationStore(StateStore, Protocol):
    """The organisation, and the counters that identifiers and bookings get their numbers from.

    When it was set aside, identifiers stay unique: the next one is above every release's.
    """

    def load(self) -> Organisation:
        """The organisation; an empty one when none was set up. Raises DamagedError."""

    def next_number(self, month: str, used: int) -> int:
        """The next identifier's number in `month` (YYYY-MM): never one that was given out, and above `used`.

        A number is spent when this returns, even if the release is never written.
        """

    def next_booking(self, used: int) -> int:
        """The next booking's number: above `used` and every one before, under the calendar lock."""

    def counters(self) -> Mapping[str, int]:
        """Month (YYYY-MM), or `bookings` -> the last number given out. Raises StoreError."""

    def reach(self, counter: str, number: int) -> None:
        """Let a counter stand at `number` at least: it was given out elsewhere."""


class LearnedStore(StateStore, Protocol):
    """What was learned: actions, reviews and purges, which outlive the releases that they came from."""

    def load(self) -> Learned:
        """What was learned; nothing when there is none. Raises DamagedError."""

    def read(self, state: Document) -> Learned:
        """A state of this store as structs. Raises DamagedError when it is none."""


class DraftStore(Protocol):
    """Text that one person typed and did not save yet. A draft that cannot be read is as good as none.

    It waits for half a second at most: drafts are also saved by a process that is told to end.
    """

    def keep(self, name: str, texts: dict[str, str]) -> None:
        """Keep a draft, replacing an earlier one of that name. Raises StoreError; the earlier one stays."""

    def find(self, name: str) -> dict[str, str]:
        """The texts of a draft, or none."""

    def drop(self, name: str) -> None:
        """Forget a draft, if there is one; in a read-only store it stays."""


class EvidenceStore(Protocol):
    """Outputs and files that prove an item, kept once each and named by their SHA-256 (64 hex digits)."""

    def keep(self, content: bytes) -> str:
        """Keep a file; the same content is kept once, one altered is replaced. Returns its SHA-256."""

    def holds(self, digest: str) -> bool:
        """There is a file of that name; whether it is whole, `trouble` tells."""

    def where(self, digest: str) -> str:
        """Where a file of that name is kept, or would be."""

    def read(self, digest: str, limit: int = -1) -> bytes:
        """Its content, at most `limit` bytes of it. Raises StoreError, also when it is not there."""

    def trouble(self, digest: str) -> str:
        """What is wrong with a file, in words that follow its name; nothing for a whole one."""


class HolidayStore(Protocol):
    """The public holidays of one country that were worked out before, with today's rules of the library.

    What is not there, or cannot be read, is worked out anew; what cannot be written is not kept.
    """

    def read(self) -> Mapping[int, frozenset[date]]:
        """The days of each year that is known."""

    def keep(self, years: Mapping[int, Iterable[date]]) -> None:
        """Keep the days of these years beside what is known, when nobody else is writing. Raises nothing."""


class Upkeep(Protocol):
    """Looking after whatever holds the data, beside what is in it."""

    def begun(self) -> bool:
        """Whether anything was ever kept. Raises StoreError when that cannot be told."""

    def sweep(self) -> list[str]:
        """Remove what killed writers left. Returns it in words; raises nothing, not even read-only."""

    def examine(self, *, repair: bool = False) -> list[Finding]:
        """What is wrong with it; with `repair` what needs no judgement is done."""


class BulkStore(Protocol):
    """Many releases at once into an empty store, for the demo and for benchmarks.

    Not for a person's own: after a crash of the host what was written may be missing.
    """

    def refuse_occupied(self) -> None:
        """Raises Refused for a store that holds an organisation or a release."""

    def write(self, records: Iterable[BulkRecord]) -> int:
        """Write all of them, closed ones into the archive. Returns how many."""

    def write_learned(self, state: Document, log: Sequence[Entry]) -> None:
        """Write what was learned; nothing when there is nothing."""

    def spend_numbers(self, spent: Mapping[str, int]) -> None:
        """Month (YYYY-MM) -> the highest number that was given out, so that none is given again."""


class Store(Protocol):
    """Everything that is kept."""

    @property
    def where(self) -> str:
        """Where all of it is kept."""

    @property
    def read_only(self) -> bool:
        """It was opened read-only: whatever writes is refused."""

    @property
    def releases(self) -> ReleaseStore:
        """The releases, active and archived."""

    @property
    def catalogue(self) -> CatalogueStore:
        """The archive as a list."""

    @property
    def organisation(self) -> OrganisationStore:
        """The organisation and the counters."""

    @property
    def learned(self) -> LearnedStore:
        """Actions, reviews and purges."""

    @property
    def evidence(self) -> EvidenceStore:
        """Files that prove items."""

    @property
    def upkeep(self) -> Upkeep:
        """Looking after what holds it."""

    @property
    def bulk(self) -> BulkStore:
        """Filling it with what is made up."""

    def drafts(self, by: str) -> DraftStore:
        """The drafts of the person `by`: several people may share an account and a store."""

    def holidays(self, country: str, subdivision: str) -> HolidayStore:
        """The holidays of a country, or of a part of it (ISO 3166 codes; the part may be empty)."""

    def calendar_lock(self) -> AbstractContextManager[None]:
        """Hold the calendar: whoever books, or changes what a booking is checked against.

        It is taken before every other lock. Raises StoreError.
        """
