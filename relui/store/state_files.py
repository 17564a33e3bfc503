"""Files with a state and a hash-chained log beside the releases: the organisation, and what was learned.

The organisation's holds the counters, too, that identifiers come from. What was learned (actions, reviews
and purges) outlives the releases that it came from.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from tinydb.table import Document as Stored

from relui.domain.organisation import Organisation
from relui.domain.patches import Document
from relui.errors import StoreError
from relui.files import disk_errors, ensure_folder
from relui.store.locked_files import locked, set_aside
from relui.store.records import SCHEMA, DamagedError, Stamp, damaged, document_of, head_of, schema_of
from relui.store.seam import StateChange, refuse_read_only
from relui.store.tables import Tables, documents, read_tables, transaction

if TYPE_CHECKING:
    from relui.domain.learning.actions import Learned


class StateFile:
    """`NAME.json`: tables `NAME` (one document) and `log`; one lock of that name."""

    def __init__(self, data: Path, name: str, *, read_only: bool = False) -> None:
        self.path = data / f"{name}.json"
        self.where = self.path.name
        self._name = name
        self._data = data
        self._locks = data / "locks"
        self._read_only = read_only

    def stamp(self) -> Stamp:
        """(mtime in ns, inode) of the file: another one when it was written since. None for no file."""
        with disk_errors(self.path, "read"):
            try:
                found = self.path.stat()
            except FileNotFoundError:
                return None
        return found.st_mtime_ns, found.st_ino

    def log(self) -> list[Document]:
        """The stored log entries, in order. Raises StoreError for a damaged file."""
        return documents(self._tables(), "log", self.path)

    def state(self) -> Document:
        """The stored state, empty when there is none. Raises StoreError for a damaged file."""
        return self._state(self._tables())

    def _tables(self) -> Tables:
        return read_tables(self.path) or {}

    def _state(self, tables: Tables) -> Document:
        states = documents(tables, self._name, self.path)
        if len(states) > 1:
            raise damaged(self.path, f"it holds {len(states)} documents in {self._name} where one belongs")
        if not states:
            return {}
        schema_of(states[0], self.path)
        return dict(states[0])

    def _writable_state(self, tables: Tables) -> Document:
        state = self._state(tables)
        if state.get("schema", SCHEMA) > SCHEMA:
            raise StoreError(
                f"{self.path} was written by a newer relui: it opens read-only. Update relui to change it.",
                title="Newer schema",
            )
        return state

    def change(self, apply: StateChange) -> Document:
        """Lock, read, apply, write state and log entry in one go. Returns the new state.

        Raises what `apply` raises (nothing is written then), StoreError.
        """
        refuse_read_only(self._read_only)
        ensure_folder(self._data)
        with locked(self._locks, self._name):
            tables = self._tables()
            state = self._writable_state(tables)
            decided = apply(state, head_of(documents(tables, "log", self.path), self.path))
            if decided is None:
                return state
            after, entry = decided
            if str(entry.seq) in tables.get("log", {}):
                raise damaged(self.path, f"the log holds another entry {entry.seq} already")
            with transaction(self.path, tables) as database:
                table = database.table(self._name, cache_size=0)
                table.truncate()
                table.insert(Stored(after, doc_id=1))
                database.table("log").insert(Stored(document_of(entry), doc_id=entry.seq))
            return after

    def set_aside(self) -> str:
        """Move the damaged file into `quarantine/`, byte for byte. Returns where it is. Raises StoreError."""
        refuse_read_only(self._read_only)
        return set_aside(self._data, self.path, self._name)


BOOKINGS = "bookings"
"""The counter that orders bookings, beside those of the months."""


class OrganisationFile(StateFile):
    """`organisation.json`: tables `organisation` (one document), `counters` (one) and `log`.

    When it was set aside, identifiers stay unique: the next one is above every file's.
    """

    def __init__(self, data: Path, *, read_only: bool = False) -> None:
        super().__init__(data, "organisation", read_only=read_only)

    def load(self) -> Organisation:
        """The organisation; an empty one when none was set up. Raises StoreError for a damaged file."""
        try:
            return msgspec.convert(self.state(), Organisation)
        except (msgspec.ValidationError, RecursionError) as error:
            raise DamagedError(
                f"{self.path} is not a readable organisation: {error}. `relui doctor --repair` sets it "
                "aside; then import it again from its YAML file."
            ) from None

    def next_number(self, month: str, used: int) -> int:
        """The next identifier's number in `month` (YYYY-MM): never one that was given out, and above `used`.

        A number is spent when this returns, even if the release is never written. Raises StoreError.
        """
        return self._spend(month, used)

    def next_booking(self, used: int) -> int:
        """The next booking's number: above `used` and every one before, under the calendar lock."""
        return self._spend(BOOKINGS, used)

    def counters(self) -> dict[str, int]:
        """Month (YYYY-MM), or BOOKINGS -> the last number given out. Raises StoreError."""
        return _counters(self._tables(), self.path)

    def reach(self, counter: str, number: int) -> None:
        """Let a counter stand at `number` at least: it was given out elsewhere. Raises StoreError."""
        if self.counters().get(counter, 0) < number:
            self._spend(counter, number - 1)

    def _spend(self, counter: str, used: int) -> int:
        refuse_read_only(self._read_only)
        ensure_folder(self._data)
        with locked(self._locks, "organisation"):
            tables = self._tables()
            self._writable_state(tables)
            counters = _counters(tables, self.path)
            number = max(counters.get(counter, 0), used) + 1
            with transaction(self.path, tables) as database:
                table = database.table("counters", cache_size=0)
                table.truncate()
                table.insert(Stored({**counters, counter: number}, doc_id=1))
            return number


def _counters(tables: Tables, where: Path) -> dict[str, int]:
    """Month, or BOOKINGS -> the last number given out. Raises StoreError for what is no counter."""
    found = documents(tables, "counters", where)
    try:
        return msgspec.convert(found[0] if found else {}, dict[str, int])
    except msgspec.ValidationError as error:
        raise damaged(where, f"its counters: {error}") from None


class LearnedFile(StateFile):
    """`actions.json`: tables `actions` (one document) and `log`."""

    def __init__(self, data: Path, *, read_only: bool = False) -> None:
        super().__init__(data, "actions", read_only=read_only)

    def load(self) -> Learned:
        """What was learned; nothing when there is no file. Raises StoreError for a damaged one."""
        return self.read(self.state())

    def read(self, state: Document) -> Learned:
        """A stored state as structs. Raises StoreError when it is none."""
        from relui.domain.learning.actions import Learned

        try:
            return msgspec.convert(state, Learned)
        except (msgspec.ValidationError, RecursionError) as error:
            raise DamagedError(
                f"{self.path} cannot be read: {error}. `relui doctor --repair` sets it aside; the actions of "
                "active releases are then raised again."
            ) from None
