"""The releases on disk: one TinyDB file each, active ones in `releases/`, closed ones in `archive/YEAR/`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import structs
from tinydb.table import Document as Stored

from relui.domain.identifiers import parts
from relui.domain.patches import Document
from relui.errors import BadInput, Refused, StoreError
from relui.files import disk_errors, ensure_folder
from relui.store.catalogue import CatalogueFile
from relui.store.locked_files import back_up, locked, move_durably, remove_durably, set_aside
from relui.store.records import (
    MIGRATIONS,
    SCHEMA,
    Migration,
    Record,
    Stamp,
    damaged,
    document_of,
    migrated,
    upgraded,
)
from relui.store.seam import Change, Oddity, addition, refuse_read_only
from relui.store.tables import Tables, read_tables, record_from, transaction


class ReleaseFiles:
    """Every release in one data folder. Reading takes no lock; writing locks one release."""

    def __init__(
        self, data: Path, *, read_only: bool = False, migrations: Mapping[int, Migration] = MIGRATIONS,
        schema: int = SCHEMA,
    ) -> None:  # fmt: skip
        self.data = data
        self.read_only = read_only
        self._migrations = migrations
        self._schema = schema
        self._active = data / "releases"
        self._archive = data / "archive"
        self._locks = data / "locks"
        self.catalogue = CatalogueFile(data, self._read_archived, read_only=read_only)

    def fingerprint(self) -> dict[str, Stamp]:
        """Identifier -> the stamp of every active file: what differs has been written since."""
        found: dict[str, Stamp] = {}
        with disk_errors(self._active, "read"):
            for entry in _json_files(self._active):
                try:
                    stat = entry.stat()
                except FileNotFoundError:  # archived a moment ago
                    continue
                found[entry.name[:-5]] = _stamp(stat)
        return found

    def active_ids(self) -> list[str]:
        """The identifiers of the active releases, sorted."""
        with disk_errors(self._active, "read"):
            return sorted(entry.name[:-5] for entry in _json_files(self._active))

    def load(self, release_id: str, known: Record | None = None) -> Record:
        """The latest record of a release, active or archived; `known` itself while nobody wrote since.

        Raises BadInput when there is none, StoreError when it cannot be read.
        """
        for path, archived in self._places(release_id):
            stamp = _stamp_of(path)  # before reading: what is written in between is then read again
            if known is not None and stamp is not None and (known.where, known.stamp) == (str(path), stamp):
                return known
            tables = read_tables(path)
            if tables is not None:
                return self._record(tables, path, archived=archived, stamp=stamp)
        raise BadInput(f"There is no release '{release_id}' in {self.data}.")

    def _record(
        self, tables: Tables, path: Path, *, archived: bool = False, stamp: Stamp | None = None
    ) -> Record:
        record = record_from(
            tables, str(path), archived=archived, release_id=path.stem, schema=self._schema
        )  # fmt: skip
        record = structs.replace(record, stamp=stamp)
        if record.state["schema"] >= self._schema:
            return record
        return structs.replace(
            record, upgrade=lambda state: upgraded(state, self._migrations, self._schema)
        )  # fmt: skip

    def _read_archived(self, path: Path) -> Record:
        tables = read_tables(path)
        if tables is None:
            raise StoreError(f"{path} is gone.")
        return self._record(tables, path, archived=True)

    def _places(self, release_id: str) -> Iterator[tuple[Path, bool]]:
        """Where its file can be. Looked up lazily: it may be archived between two looks."""
        if not _is_name(release_id):
            return
        yield self._active / f"{release_id}.json", False
        archived = self.catalogue.path_of(release_id)
        if archived is not None:
            yield archived, True

    def _active_path(self, release_id: str) -> Path:
        if not _is_name(release_id):
            raise BadInput(f"There is no release '{release_id}' in {self.data}.")
        return self._active / f"{release_id}.json"

    def exists(self, release_id: str) -> bool:
        """Whether there is a release with that identifier here, readable or not."""
        with disk_errors(self.data, "read"):
            return any(path.exists() for path, _ in self._places(release_id))

    def is_archived(self, release_id: str) -> bool:
        """Whether its file is in the archive."""
        return self.catalogue.path_of(release_id) is not None

    def highest_number(self, month: str) -> int:
        """The highest identifier number of a month (YYYY-MM) among all files, 0 when there is none.

        Files that were set aside count: their identifiers were given out.
        """
        highest = 0
        for folder in (self._active, self._archive / month[:4], self.data / "quarantine"):
            with disk_errors(folder, "read"):
                for entry in _json_files(folder):
                    found = parts(entry.name.partition(".")[0])
                    if found and found[0] == month:
                        highest = max(highest, found[1])
        return highest

    def create(self, state: Document, log: list[Document]) -> Record:
        """Write a new active release with its log. Raises Refused when its identifier is taken."""
        refuse_read_only(self.read_only)
        release_id = str(state["id"])
        if parts(release_id) is None:
            raise BadInput(f"'{release_id}' is not an identifier such as REL-2026-11-003.")
        path = self._active / f"{release_id}.json"
        ensure_folder(self._active)
        with locked(self._locks, release_id):
            if self.exists(release_id):
                raise Refused(f"{release_id} exists already. Identifiers are never reused.")
            with transaction(path) as database:
                database.table("release").insert(Stored(state, doc_id=1))
                database.table("log").insert_multiple(
                    Stored(entry, doc_id=number) for number, entry in enumerate(log, start=1)
                )
            return Record(state=state, log=log, where=str(path), stamp=_stamp_of(path))

    def create_archived(self, state: Document, log: list[Document]) -> Record:
        """Write a closed release and move it into the archive. Raises Refused when its identifier is taken.

        A kill in between leaves it closed among the active ones: the next start moves it.
        """
        record = self.create(state, log)
        return structs.replace(record, where=self.archive(str(state["id"])), archived=True)

    def change(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        """Lock, read the latest, apply, write state and log entry in one go. Returns the new record.

        `at` and `simulated` are the clock's, for the entry of a migration. Raises what `apply` raises
        (nothing is written then), Refused for an archived release, StoreError.
        """
        refuse_read_only(self.read_only)
        path = self._active_path(release_id)
        with locked(self._locks, release_id):
            stamp, tables = _stamp_of(path), read_tables(path)
            if tables is None:
                self.load(release_id)  # raises BadInput when it is nowhere
                raise Refused(
                    f"{release_id} is archived: nothing in it can change. Copy it as a new release."
                )
            return self._changed(self._record(tables, path, stamp=stamp), tables, apply, at, simulated)

    def add(self, release_id: str, apply: Change, at: datetime, *, simulated: bool = False) -> Record:
        """As `change`, of an archived release, for what can still be added to it (see `addition`).

        One whose closing was cut short is archived first. The catalogue's row follows with the next who reads
        it. Raises Refused for a release that is not closed, and for any other change.
        """
        refuse_read_only(self.read_only)
        if os.path.lexists(self._active_path(release_id)):
            self.archive(release_id)
        with locked(self._locks, release_id):
            path = self.catalogue.path_of(release_id)
            tables = read_tables(path) if path is not None else None
            if path is None or tables is None:
                raise BadInput(f"There is no release '{release_id}' in the archive of {self.data}.")
            record = self._record(tables, path, archived=True)
            return self._changed(record, tables, addition(apply), at, simulated)

    def _changed(
        self, record: Record, tables: Tables, apply: Change, at: datetime, simulated: bool
    ) -> Record:
        """Apply to what was just read under the lock, and write what comes of it in one go."""
        if record.read_only:
            raise StoreError(record.read_only, title="Newer schema")
        stored, path = len(record.log), Path(record.where)
        if record.state["schema"] < self._schema:
            back_up(path, self.data / "backups", record.state["schema"])
            record = migrated(record, at, self._migrations, self._schema, simulated=simulated)
        try:
            decided = apply(record)
        except RecursionError:  # a foreign field can be parsed at a depth that cannot be compared
            raise damaged(path, "it is nested too deep") from None
        if decided is None:
            return record
        state, entry = decided
        log = [*record.log, document_of(entry)]
        self._append(path, tables, state, log[stored:])
        return structs.replace(record, state=state, log=log, stamp=_stamp_of(path))

    def _append(self, path: Path, tables: Tables, state: Document, entries: list[Document]) -> None:
        """Write the state and the new entries over what was just read."""
        taken = tables.get("log", {}).keys() & {str(entry["seq"]) for entry in entries}
        if taken:
            raise damaged(path, f"the log holds another entry {min(taken)} already")
        with transaction(path, tables) as database:
            table = database.table("release", cache_size=0)
            table.truncate()
            table.insert(Stored(state, doc_id=1))
            database.table("log", cache_size=0).insert_multiple(
                Stored(entry, doc_id=int(entry["seq"])) for entry in entries
            )

    def archive(self, release_id: str) -> str:
        """Move a closed release's file into the archive. Returns where it is now, also when it was there.

        The closing entry is written already: a move that was cut short is done by the next call. Raises
        Refused for a release that is not closed, StoreError.
        """
        refuse_read_only(self.read_only)
        source = self._active_path(release_id)
        target = self._archive / release_id[4:8] / f"{release_id}.json"
        with locked(self._locks, release_id):
            record = self.load(release_id)
            if not record.archived:
                if not record.release.closed:
                    raise Refused(f"{release_id} is not closed: only closed releases are archived.")
                move_durably(source, target)
        return str(target)

    def remove(self, release_id: str) -> None:
        """Remove an archived release for good. Raises Refused for one that is not archived, StoreError."""
        refuse_read_only(self.read_only)
        with locked(self._locks, release_id):
            path = self.catalogue.path_of(release_id)
            if path is None:
                raise Refused(f"{release_id} is not in the archive.")
            remove_durably(path)

    def oddities(self, record: Record) -> list[Oddity]:
        """What is odd about where and how a record is kept. Raises StoreError."""
        release_id = str(record.state["id"])
        found: list[Oddity] = []
        places = [path for path, _ in self._places(release_id) if os.path.lexists(path)]
        if len(places) > 1:
            words = f"it is here twice: {places[0]} and {places[1]}"
            found.append(Oddity("twice", words, "Compare the two files, and take one away."))
        if record.foreign:
            words = f"its file holds what relui does not write: {record.foreign[0][:60]}"
            found.append(Oddity("tables", words, "relui keeps it and never reads it."))
        if record.archived:
            release = record.release
            if not release.closed:
                way_out = "`relui doctor --repair` moves it back to the active releases."
                found.append(Oddity("open", "it is in the archive, but it is not closed", way_out))
            other = self.catalogue.differing(release)
            if other:
                words = f"the archive's catalogue says something else of it: {other}"
                way_out = "`relui doctor --repair` builds the catalogue anew from the files."
                found.append(Oddity("catalogue", words, way_out))
        return found

    def bring_back(self, release_id: str) -> str:
        """Move a release that is not closed out of the archive. Returns where it is now.

        Raises Refused for a closed one, StoreError also when there is an active one of that name.
        """
        refuse_read_only(self.read_only)
        target = self._active_path(release_id)
        with locked(self._locks, release_id):
            source = self.catalogue.path_of(release_id)
            if source is None:
                raise Refused(f"{release_id} is not in the archive.")
            if self._read_archived(source).release.closed:
                raise Refused(f"{release_id} is closed: it stays in the archive.")
            move_durably(source, target)
        return str(target)

    def set_aside(self, release_id: str) -> str:
        """Move a damaged file into `quarantine/`, byte for byte. Returns where it is now.

        An active one goes first. Raises BadInput when there is none, StoreError.
        """
        refuse_read_only(self.read_only)
        with disk_errors(self.data, "read"):
            source = next((path for path, _ in self._places(release_id) if os.path.lexists(path)), None)
        if source is None:
            raise BadInput(f"There is no release '{release_id}' in {self.data}.")
        return set_aside(self.data, source, source.stem)


def _is_name(text: str) -> bool:
    """It names a file in a folder, and cannot lead out of it."""
    return bool(text) and text == Path(text).name and "\0" not in text


def _json_files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The visible `.json` files in a folder; none when there is no folder."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".json") and not entry.name.startswith("."):
                    yield entry
    except FileNotFoundError:
        return


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_mtime_ns, found.st_ino


def _stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file; None where none can be had: whoever reads it says why."""
    try:
        return _stamp(path.stat())
    except (OSError, ValueError):
        return None
