"""Many records at once, for the demo and for benchmarks: whole files, without an fsync for each.

Not for a person's own releases: after a crash of the host such files may be missing or empty.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from tinydb.table import Document as Stored

from relui.domain.log import Entry
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.summary import summarise
from relui.errors import Refused
from relui.files import FILE_MODE, disk_errors, ensure_folder, sync_folder, write_atomic
from relui.store.catalogue import Row, catalogue_content
from relui.store.locked_files import locked
from relui.store.seam import BulkRecord, refuse_read_only
from relui.store.tables import transaction


class BulkFiles:
    """Writes into a data folder that holds nothing yet."""

    def __init__(self, data: Path, *, read_only: bool = False) -> None:
        self._data = data
        self._read_only = read_only

    def refuse_occupied(self) -> None:
        """Raises Refused for a data folder that holds an organisation or a release."""
        with disk_errors(self._data, "look into"):
            held = [
                self._data / "organisation.json",
                *self._data.glob("releases/*.json"),
                *self._data.glob("archive/*/*.json"),
            ]
            if any(path.exists() for path in held):
                raise Refused(
                    f"{self._data} holds releases or an organisation already, and nothing was written. "
                    "Choose an empty folder for what is made up."
                )

    def write(self, records: Iterable[BulkRecord]) -> int:
        """Write all `records` and the archive's catalogue into a folder without any. Returns how many.

        A file's time is that of its last log entry, so that the same records give the same catalogue.
        Raises StoreError when a file is there already or the disk does not take it.
        """
        refuse_read_only(self._read_only)
        rows: dict[str, Row] = {}
        folders: set[Path] = set()
        count = 0
        for record in records:
            count += 1
            folder = _folder_of(self._data, record.release)
            if folder not in folders:
                ensure_folder(folder)
                folders.add(folder)
            path = folder / f"{record.release.id}.json"
            content = _content(record)
            changed = _write_quickly(path, content, record.log[-1].at)
            if record.release.closed:
                file = f"{folder.name}/{path.name}"
                rows[str(len(rows) + 1)] = Row(file, len(content), changed, summarise(record.release))
        for folder in sorted(folders):
            with disk_errors(folder, "write"):
                sync_folder(folder)
        if rows:
            # As `CatalogueFile` writes it: rows added one by one would be quadratic.
            write_atomic(self._data / "archive" / "catalogue.json", catalogue_content(rows))
        return count

    def write_learned(self, state: Document, log: Sequence[Entry]) -> None:
        """Write what was learned, as the store does; nothing when there is nothing. Raises StoreError."""
        refuse_read_only(self._read_only)
        if log:
            content = msgspec.json.encode(
                {"actions": {"1": state}, "log": {str(each.seq): each for each in log}}
            )
            write_atomic(self._data / "actions.json", content)

    def spend_numbers(self, spent: Mapping[str, int]) -> None:
        """Record the highest number given out in each month (YYYY-MM), so that none is given again."""
        refuse_read_only(self._read_only)
        path = self._data / "organisation.json"
        ensure_folder(self._data)
        with locked(self._data / "locks", "organisation"), transaction(path) as database:
            table = database.table("counters", cache_size=0)
            known = dict(table.get(doc_id=1) or {})
            higher = {month: max(number, int(known.get(month, 0))) for month, number in spent.items()}
            table.truncate()
            table.insert(Stored({**known, **dict(sorted(higher.items()))}, doc_id=1))


def _folder_of(data: Path, release: Release) -> Path:
    return data / "archive" / release.id[4:8] if release.closed else data / "releases"


def _content(record: BulkRecord) -> bytes:
    """The TinyDB file of a record, byte for byte as the store writes it."""
    log = {str(entry.seq): entry for entry in record.log}
    return msgspec.json.encode({"release": {"1": record.state}, "log": log})


def _write_quickly(path: Path, content: bytes, at: datetime) -> int:
    """Write a new file and give it the time of its last entry. Returns that time (ns since the epoch)."""
    changed = int(at.timestamp()) * 1_000_000_000
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    with disk_errors(path, "write"):
        with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as file:
            file.write(content)
        os.utime(path, ns=(changed, changed))
    return changed
