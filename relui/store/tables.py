"""TinyDB on atomic files: a Storage that never leaves a half-written file, and one write per act.

TinyDB's own JSONStorage writes in place: a kill in the middle leaves an unreadable file. Any tool may
still read our files with a plain `tinydb.TinyDB(path)`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage

from relui.domain.patches import Document
from relui.errors import StoreError
from relui.files import disk_errors, read_regular, write_atomic
from relui.store.records import SCHEMA, Record, damaged, schema_of

Tables = dict[str, dict[str, dict[str, Any]]]
"""Table name -> document number, as text -> document."""

_DECODER = msgspec.json.Decoder(Tables)
_RELEASE_TABLES = ("release", "log")


def read_tables(path: Path) -> Tables | None:
    """The tables of a TinyDB file; None when there is no such file.

    Raises StoreError, naming the file and the way out, for one that is damaged.
    """
    with disk_errors(path, "read"):
        try:
            content = read_regular(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno not in (errno.EISDIR, errno.ENXIO):
                raise
            raise damaged(path, error.strerror) from None  # nobody will ever read it: it can be set aside
    try:
        return _DECODER.decode(content)
    except RecursionError:
        raise damaged(path, "it is nested too deep") from None
    except ValueError as error:  # msgspec's errors, bytes that are no UTF-8, numbers without end
        raise damaged(path, error) from None


def documents(tables: Tables, name: str, where: object) -> list[Document]:
    """The documents of one table in the order of their numbers; none when there is no such table.

    Raises StoreError for a document without a plain number: TinyDB would refuse the table, or merge two.
    """
    table = tables.get(name, {})
    if list(table) == list(map(str, range(1, len(table) + 1))):  # as we write it: nothing to sort
        return list(table.values())
    for key in table:
        if not (key.isascii() and key.isdigit() and key[0] != "0" and len(key) <= 15):
            raise damaged(where, f"'{key[:20]}' is no document number in the table {name}")
    numbers = sorted(table, key=int)
    return [table[number] for number in numbers]


class AtomicStorage(Storage):
    """Reads a JSON file once and replaces it whole, durably, on `commit`."""

    def __init__(self, path: Path, tables: Tables | None = None) -> None:
        """`tables` is what the caller, who holds the lock, has read from `path` already."""
        super().__init__()
        self._path = path
        self._tables = tables
        self._read = tables is not None
        self._dirty = False

    def read(self) -> Tables | None:
        """The tables, as they are in this transaction."""
        if not self._read:
            self._tables = read_tables(self._path)
            self._read = True
        return self._tables

    def write(self, data: Tables) -> None:
        """Keep the tables for `commit`: several tables change in one write of the file."""
        self._tables = data
        self._read = self._dirty = True

    def commit(self) -> None:
        """Write what has changed. Raises StoreError; the file is then as it was."""
        if self._dirty and self._tables is not None:
            write_atomic(self._path, encoded(self._tables, self._path))
            self._dirty = False


def encoded(value: object, where: object) -> bytes:
    """`value` as JSON. Raises StoreError for what JSON cannot hold; nothing was written then."""
    try:
        return msgspec.json.encode(value)
    except (ValueError, RecursionError, OverflowError) as error:  # lone surrogates, endless nesting
        raise StoreError(f"{where} was not written: it cannot hold that ({error}).") from None


@contextmanager
def transaction(path: Path, tables: Tables | None = None) -> Iterator[TinyDB]:
    """A TinyDB over `path` whose changes reach the disk together at the end, or not at all.

    The caller holds the lock, and gives the `tables` if they were read under it. An exception inside
    leaves the file untouched.
    """
    database = TinyDB(path, tables, storage=AtomicStorage)
    yield database
    storage = database.storage
    assert isinstance(storage, AtomicStorage)
    storage.commit()


def record_from(
    tables: Tables, where: str, *, archived: bool = False, release_id: str = "", schema: int = SCHEMA
) -> Record:
    """The record in a TinyDB file's tables, of the release `release_id` if that is given.

    Raises StoreError when it holds none, several, or another one.
    """
    states = documents(tables, "release", where)
    if not states:
        raise damaged(where, "it holds no release")
    if len(states) > 1:
        raise damaged(where, f"it holds {len(states)} releases where one belongs")
    state = states[0]
    written_in = schema_of(state, where)
    if release_id and state.get("id") != release_id:
        named = str(state.get("id"))[:40]
        raise damaged(where, f"it holds {named}, not what its name says: was it copied or renamed by hand?")
    newer = (
        f"{where} was written by a newer relui (schema {written_in}, this one knows {schema}): "
        "it opens read-only. Update relui to change it."
        if written_in > schema
        else ""
    )
    log = documents(tables, "log", where)
    foreign = tuple(sorted(name for name in tables if name not in _RELEASE_TABLES and tables[name]))
    return Record(
        state=state, log=log, where=where, archived=archived, read_only=newer, foreign=foreign
    )  # fmt: skip
