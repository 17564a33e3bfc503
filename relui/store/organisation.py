"""The organisation's file: its state, the counters that identifiers come from, and a hash-chained log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from tinydb.table import Document as Stored

from relui.domain.organisation import Organisation
from relui.store.atomic import ensure_folder
from relui.store.locks import locked
from relui.store.state_file import StateFile
from relui.store.storage import DamagedFileError, Tables, damaged, documents, transaction

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
            raise DamagedFileError(
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

    @contextmanager
    def calendar_lock(self) -> Iterator[None]:
        """Hold the calendar: whoever books, or changes what a booking is checked against.

        Locks are taken in this order: calendar, then a release or the organisation. Raises StoreError.
        """
        self._refuse_read_only()
        ensure_folder(self._data)
        with locked(self._locks, "calendar"):
            yield

    def _spend(self, counter: str, used: int) -> int:
        self._refuse_read_only()
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
