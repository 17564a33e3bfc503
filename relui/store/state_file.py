"""A JSON file with a state and a hash-chained log beside the releases: the organisation, the actions."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tinydb.table import Document as Stored

from relui.domain.log import Entry, Head
from relui.domain.patches import Document
from relui.errors import StoreError
from relui.store.atomic import disk_errors, ensure_folder, move_durably
from relui.store.locks import locked
from relui.store.records import SCHEMA, document_of, head_of, schema_of
from relui.store.storage import Tables, damaged, documents, read_tables, transaction

Change = Callable[[Document, Head], "tuple[Document, Entry] | None"]
"""From the state and the log's end to the next state and its entry; None when nothing changes."""


class StateFile:
    """`NAME.json`: tables `NAME` (one document) and `log`; one lock of that name."""

    def __init__(self, data: Path, name: str, *, read_only: bool = False) -> None:
        self.path = data / f"{name}.json"
        self._name = name
        self._data = data
        self._locks = data / "locks"
        self._read_only = read_only

    def stamp(self) -> tuple[int, int] | None:
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

    def change(self, apply: Change) -> Document:
        """Lock, read, apply, write state and log entry in one go. Returns the new state.

        Raises what `apply` raises (nothing is written then), StoreError.
        """
        self._refuse_read_only()
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

    def set_aside(self) -> Path:
        """Move a damaged file into `quarantine/`, byte for byte. Returns where it is. Raises StoreError."""
        self._refuse_read_only()
        with locked(self._locks, self._name):
            target, number = self._data / "quarantine" / self.path.name, 1
            with disk_errors(target, "look for"):
                while os.path.lexists(target):
                    number += 1
                    target = target.with_name(f"{self.path.stem}.{number}{self.path.suffix}")
            move_durably(self.path, target)
        return target

    def _refuse_read_only(self) -> None:
        if self._read_only:
            raise StoreError(
                "relui was opened read-only (--readonly): nothing is written.", title="Read-only"
            )
