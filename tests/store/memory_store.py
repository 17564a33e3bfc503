"""A store in memory behind the same seam as the files: it proves that the desk needs nothing of a disk."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime

from msgspec import convert, structs

from relui.domain.identifiers import parts
from relui.domain.learning.actions import Learned
from relui.domain.learning.item_record import BareRelease
from relui.domain.organisation import Organisation
from relui.domain.patches import Document
from relui.domain.summary import Summary, summarise
from relui.errors import BadInput, Refused, StoreError
from relui.store.records import Record, Stamp, digest_of, document_of, head_of
from relui.store.seam import (
    BulkRecord,
    Change,
    Finding,
    Oddity,
    Progress,
    StateChange,
    addition,
    refuse_read_only,
)


class Releases:
    """Keeps nothing over a restart; whoever loads a record holds a copy."""

    def __init__(self, read_only: bool) -> None:
        self._read_only = read_only
        self._records: dict[str, Record] = {}
        self._aside: list[str] = []
        self._lock = threading.RLock()
        self._written = 0

    def fingerprint(self) -> Mapping[str, Stamp]:
        return {release_id: self._records[release_id].stamp for release_id in self.active_ids()}

    def active_ids(self) -> list[str]:
        return sorted(name for name, record in self._records.items() if not record.archived)

    def archived(self) -> list[Record]:
        """The archived records themselves."""
        return [record for record in self._records.values() if record.archived]

    def load(self, release_id: str, known: Record | None = None) -> Record:
        if release_id not in self._records:
            raise BadInput(f"There is no release '{release_id}' in memory.")
        latest = self._records[release_id]
        if known is not None and (known.stamp, known.archived) == (latest.stamp, latest.archived):
            return known
        return _copied(latest)

    def exists(self, release_id: str) -> bool:
        return release_id in self._records

    def is_archived(self, release_id: str) -> bool:
        return self.exists(release_id) and self._records[release_id].archived

    def highest_number(self, month: str) -> int:
        names = [*self._records, *self._aside]
        return max((found[1] for name in names if (found := parts(name)) and found[0] == month), default=0)

    def create(self, state: Document, log: list[Document]) -> Record:
        release_id = str(state["id"])
        refuse_read_only(self._read_only)
        if parts(release_id) is None:
            raise BadInput(f"'{release_id}' is not an identifier such as REL-2026-11-003.")
        if self.exists(release_id):
            raise Refused(f"{release_id} exists already. Identifiers are never reused.")
        return self._keep(Record(state=state, log=log, where=f"{release_id} in memory"))

    def create_archived(self, state: Document, log: list[Document]) -> Record:
        self.create(state, log)
        self.archive(str(state["id"]))
        return self.load(str(state["id"]))

    def change(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        refuse_read_only(self._read_only)
        with self._lock:
            record = self.load(release_id)
            if record.archived:
                raise Refused(f"{release_id} is archived: nothing in it can change.")
            return self._changed(record, apply)

    def add(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        refuse_read_only(self._read_only)
        with self._lock:
            self.archive(release_id)
            return self._changed(self.load(release_id), addition(apply))

    def _changed(self, record: Record, apply: Change) -> Record:
        decided = apply(record)
        if decided is None:
            return record
        state, entry = decided
        return self._keep(structs.replace(record, state=state, log=[*record.log, document_of(entry)]))

    def archive(self, release_id: str) -> str:
        refuse_read_only(self._read_only)
        record = self.load(release_id)
        if not record.release.closed:
            raise Refused(f"{release_id} is not closed: only closed releases are archived.")
        self._records[release_id] = structs.replace(record, archived=True)
        return record.where

    def bring_back(self, release_id: str) -> str:
        refuse_read_only(self._read_only)
        if not self.is_archived(release_id):
            raise Refused(f"{release_id} is not in the archive.")
        raise Refused(f"{release_id} is closed: it stays in the archive.")

    def remove(self, release_id: str) -> None:
        refuse_read_only(self._read_only)
        if not self.is_archived(release_id):
            raise Refused(f"{release_id} is not in the archive.")
        del self._records[release_id]

    def set_aside(self, release_id: str) -> str:
        refuse_read_only(self._read_only)
        self.load(release_id)
        del self._records[release_id]
        self._aside.append(release_id)
        return f"{release_id}, set aside as number {len(self._aside)}"

    def oddities(self, record: Record) -> list[Oddity]:
        return []

    def _keep(self, record: Record) -> Record:
        self._written += 1
        record = structs.replace(record, stamp=self._written)
        self._records[str(record.state["id"])] = _copied(record)
        return record


class Catalogue:
    """There is none: every row is derived."""

    def __init__(self, releases: Releases, read_only: bool) -> None:
        self._releases, self._read_only = releases, read_only

    def summaries(self, progress: Progress | None = None) -> list[Summary]:
        return [summarise(record.release) for record in self._releases.archived()]

    def checklists(self, ids: Sequence[str], progress: Progress | None = None) -> Iterator[BareRelease]:
        for record in self._releases.archived():
            if record.state["id"] in ids:
                yield convert(record.state, BareRelease)

    def unreadable(self) -> Mapping[str, StoreError]:
        return {}

    def set_aside(self, place: str) -> str:
        refuse_read_only(self._read_only)
        raise BadInput(f"{place} is not damaged.")

    def renew(self) -> str:
        refuse_read_only(self._read_only)
        return "nothing was to be done"


class State:
    """One document, its log, and the counters."""

    where = "memory"

    def __init__(self, read_only: bool) -> None:
        self._read_only = read_only
        self._state: Document = {}
        self._log: list[Document] = []
        self._counters: dict[str, int] = {}
        self._written = 0
        self._lock = threading.RLock()

    def stamp(self) -> Stamp:
        return self._written

    def state(self) -> Document:
        return deepcopy(self._state)

    def log(self) -> list[Document]:
        return deepcopy(self._log)

    def change(self, apply: StateChange) -> Document:
        refuse_read_only(self._read_only)
        with self._lock:
            decided = apply(self.state(), head_of(self._log, "memory"))
            if decided is not None:
                self._state, self._log = decided[0], [*self._log, document_of(decided[1])]
                self._written += 1
            return self.state()

    def set_aside(self) -> str:
        refuse_read_only(self._read_only)
        self._state, self._log, self._counters = {}, [], {}
        self._written += 1
        return "nowhere"


class OrganisationState(State):
    """The organisation."""

    def load(self) -> Organisation:
        return convert(self._state, Organisation)

    def next_number(self, month: str, used: int) -> int:
        refuse_read_only(self._read_only)
        with self._lock:
            self._counters[month] = max(self._counters.get(month, 0), used) + 1
            return self._counters[month]

    def next_booking(self, used: int) -> int:
        return self.next_number("bookings", used)

    def counters(self) -> Mapping[str, int]:
        return dict(self._counters)

    def reach(self, counter: str, number: int) -> None:
        if self._counters.get(counter, 0) < number:
            self.next_number(counter, number - 1)


class LearnedState(State):
    """What was learned."""

    def load(self) -> Learned:
        return self.read(self._state)

    def read(self, state: Document) -> Learned:
        return convert(state, Learned)


class Drafts:
    """One person's."""

    def __init__(self, read_only: bool) -> None:
        self._read_only = read_only
        self._kept: dict[str, dict[str, str]] = {}

    def keep(self, name: str, texts: dict[str, str]) -> None:
        refuse_read_only(self._read_only)
        self._kept[name] = dict(texts)

    def find(self, name: str) -> dict[str, str]:
        return dict(self._kept.get(name, {}))

    def drop(self, name: str) -> None:
        if not self._read_only:
            self._kept.pop(name, None)


class Evidence:
    """Files by their SHA-256."""

    def __init__(self, read_only: bool) -> None:
        self._read_only = read_only
        self._kept: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        refuse_read_only(self._read_only)
        self._kept[digest_of(content)] = content
        return digest_of(content)

    def holds(self, digest: str) -> bool:
        return digest in self._kept

    def where(self, digest: str) -> str:
        return f"{digest} in memory"

    def read(self, digest: str, limit: int = -1) -> bytes:
        if digest not in self._kept:
            raise StoreError(f"{digest} is not in memory.")
        return self._kept[digest] if limit < 0 else self._kept[digest][:limit]

    def trouble(self, digest: str) -> str:
        return "" if self.holds(digest) else "is gone"


class Holidays:
    """Of one country."""

    def __init__(self, read_only: bool) -> None:
        self._read_only = read_only
        self._years: dict[int, frozenset[date]] = {}

    def read(self) -> Mapping[int, frozenset[date]]:
        return dict(self._years)

    def keep(self, years: Mapping[int, Iterable[date]]) -> None:
        if not self._read_only:
            self._years |= {year: frozenset(days) for year, days in years.items()}


class MemoryStore:
    """Everything that is kept, until it is garbage."""

    where = "memory"

    def __init__(self, *, read_only: bool = False) -> None:
        self.read_only = read_only
        self.releases = Releases(read_only)
        self.catalogue = Catalogue(self.releases, read_only)
        self.organisation = OrganisationState(read_only)
        self.learned = LearnedState(read_only)
        self.evidence = Evidence(read_only)
        self._drafts: dict[str, Drafts] = {}
        self._holidays: dict[tuple[str, str], Holidays] = {}
        self._calendar = threading.Lock()

    @property
    def upkeep(self) -> MemoryStore:
        return self

    @property
    def bulk(self) -> MemoryStore:
        return self

    def drafts(self, by: str) -> Drafts:
        return self._drafts.setdefault(by, Drafts(self.read_only))

    def holidays(self, country: str, subdivision: str) -> Holidays:
        return self._holidays.setdefault((country, subdivision), Holidays(self.read_only))

    @contextmanager
    def calendar_lock(self) -> Iterator[None]:
        refuse_read_only(self.read_only)
        with self._calendar:
            yield

    def begun(self) -> bool:
        return bool(self.releases.active_ids() or self.releases.archived() or self.organisation.log())

    def sweep(self) -> list[str]:
        return []

    def examine(self, *, repair: bool = False) -> list[Finding]:
        return []

    def refuse_occupied(self) -> None:
        if self.begun():
            raise Refused("There is something in memory already.")

    def write(self, records: Iterable[BulkRecord]) -> int:
        refuse_read_only(self.read_only)
        given = list(records)
        for each in given:
            keep = self.releases.create_archived if each.release.closed else self.releases.create
            keep(each.state, [document_of(entry) for entry in each.log])
        return len(given)

    def write_learned(self, state: Document, log: Sequence[object]) -> None:
        refuse_read_only(self.read_only)
        self.learned._state, self.learned._log = state, [document_of(entry) for entry in log]  # type: ignore

    def spend_numbers(self, spent: Mapping[str, int]) -> None:
        refuse_read_only(self.read_only)
        for month, number in spent.items():
            self.organisation.reach(month, number)


def _copied(record: Record) -> Record:
    return structs.replace(record, state=deepcopy(record.state), log=deepcopy(record.log))
