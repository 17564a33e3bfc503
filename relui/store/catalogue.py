"""The archive's catalogue: one summary per archived release, derived and rebuilt when it does not fit.

It is a TinyDB file too (table `summaries`, one document a file). Each row remembers the size and the
time of its file, so a file that was replaced, added or removed behind our back is noticed. Nobody writes
it but who reads it: archiving a release costs nothing here, and cannot fail here.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec
from msgspec import Struct, structs

from relui.domain.identifiers import parts
from relui.domain.release import Release
from relui.domain.summary import Summary, summarise
from relui.errors import BadInput, StoreError
from relui.files import disk_errors, ensure_folder, read_regular, write_atomic
from relui.store.locked_files import locked, set_aside
from relui.store.records import Record, damaged
from relui.store.seam import Progress, refuse_read_only

if TYPE_CHECKING:
    from relui.domain.learning.item_record import BareRelease

FORMAT = 5
"""Raised when a Summary gains a field that old rows lack: they are then derived anew."""

Read = Callable[[Path], Record]
"""Reads one archived file. Raises StoreError."""

Stamp = tuple[int, int]
"""Size in bytes and mtime in ns of a file."""


class Row(Struct, frozen=True, gc=False):
    """A summary beside the file that it was derived from.

    `file` is the path within the archive; `size` and `changed` (mtime in ns) tell when it was replaced.
    """

    file: str
    size: int
    changed: int
    summary: Summary


class _File(Struct):
    """What the catalogue's file holds. `check` in `about` is the CRC-32 of the rows as they are written."""

    about: dict[str, dict[str, int]] = {}
    summaries: msgspec.Raw = msgspec.Raw(b"{}")


_DECODER = msgspec.json.Decoder(_File)
_ROWS = msgspec.json.Decoder(dict[str, Row])


def catalogue_content(rows: Mapping[str, Row]) -> bytes:
    """The catalogue's file. The check finds an edit by hand; who forges it too is found by `verify`.

    Raises ValueError for what JSON cannot hold.
    """
    summaries = msgspec.json.encode(rows)
    about = {"1": {"format": FORMAT, "check": crc32(summaries)}}
    return msgspec.json.encode({"about": about, "summaries": msgspec.Raw(summaries)})


class CatalogueFile:
    """Reads the catalogue, and brings it up to date with the files in the archive folder."""

    def __init__(self, data: Path, read: Read, *, read_only: bool = False) -> None:
        self._data = data
        self._archive = data / "archive"
        self._locks = data / "locks"
        self._read = read
        self._read_only = read_only
        self.path = self._archive / "catalogue.json"
        self._unreadable: dict[str, StoreError] = {}
        self._saved: dict[str, Row] | None = None

    def summaries(self, progress: Progress | None = None) -> list[Summary]:
        """Every archived release, in no order. Files that cannot be read are named by `unreadable`.

        `progress` may stop it by raising: what was read by then is kept, and the next reader goes on there.
        Raises StoreError when the archive folder itself cannot be read.
        """
        self._unreadable = {}
        self._saved = None
        found = self._files()
        if not found and not self.path.exists():
            return []
        with _collector_paused():
            rows = self._rows()
            if not self._fits(found, rows):
                saved, rows = rows, {}
                try:
                    self._update(rows, found, saved, progress)
                except BaseException:  # stopped: what was read by now need not be read again
                    if not self._read_only:
                        self._save({**saved, **rows})
                    raise
                if rows != saved and not self._read_only:
                    self._save(rows)
        return [row.summary for row in rows.values()]

    def path_of(self, release_id: str) -> Path | None:
        """The archived file of a release: in its year's folder."""
        if parts(release_id) is None:  # typed by a person, it must not lead out of the archive
            return None
        path = self._archive / release_id[4:8] / f"{release_id}.json"
        with disk_errors(path, "look for"):
            return path if path.is_file() else None

    def _files(self) -> dict[str, Stamp]:
        """Every JSON file below a year's folder, with its size and time."""
        found: dict[str, Stamp] = {}
        with disk_errors(self._archive, "read the archive"):
            try:
                years = [entry for entry in os.scandir(self._archive) if entry.is_dir()]
            except FileNotFoundError:
                return found
            for year in years:
                for entry in os.scandir(year.path):
                    if entry.name.endswith(".json") and not entry.name.startswith("."):
                        with suppress(FileNotFoundError):  # set aside a moment ago
                            stat = entry.stat()
                            found[f"{year.name}/{entry.name}"] = (stat.st_size, stat.st_mtime_ns)
        return found

    def _rows(self) -> dict[str, Row]:
        """File -> row, as they were saved; none when the catalogue cannot be read: it is derived."""
        try:
            file = _DECODER.decode(read_regular(self.path))
            about = file.about.get("1", {})
            if about.get("format") != FORMAT or about.get("check") != crc32(file.summaries):
                return {}
            return {row.file: row for row in _ROWS.decode(file.summaries).values()}
        except (OSError, ValueError, RecursionError):
            return {}

    def differing(self, release: Release) -> str:
        """The fields in which the saved row of an archived release differs from it; none when it does not."""
        if self._saved is None:
            self._saved = self._rows()
        row = self._saved.get(f"{release.id[4:8]}/{release.id}.json")
        path = self._archive / f"{release.id[4:8]}/{release.id}.json"
        if row is None or not _of_file(row, path):  # it is derived by the next who lists the archive
            return ""
        right = structs.asdict(summarise(release))
        said = structs.asdict(row.summary)
        return ", ".join(name for name in right if said[name] != right[name])

    def unreadable(self) -> dict[str, StoreError]:
        """Path -> why that archived file could not be read by the last `summaries`."""
        return self._unreadable

    def set_aside(self, place: str) -> str:
        """Move one of the `unreadable` into `quarantine/`, byte for byte. Returns where it is now.

        Raises BadInput for any other place, StoreError.
        """
        refuse_read_only(self._read_only)
        if place not in self._unreadable:
            raise BadInput(f"{place} is no damaged file in the archive.")
        return set_aside(self._data, Path(place), Path(place).stem)

    def checklists(self, ids: Sequence[str], progress: Progress | None = None) -> Iterator[BareRelease]:
        """The checklists of archived releases, one by one: 10,000 need no more memory than one.

        What cannot be read, or was archived by an older schema that differs there, is left out.
        """
        for number, release_id in enumerate(ids, start=1):
            path = self.path_of(release_id)
            found = _checklist_in(path) if path is not None else None
            if found is not None:
                yield found
            if progress is not None and (number % 50 == 0 or number == len(ids)):
                progress(number, len(ids))

    def renew(self) -> str:
        """Derive the catalogue from the archive's files, whatever it says. Returns what was done.

        Raises StoreError.
        """
        refuse_read_only(self._read_only)
        self._forget()
        self.summaries()
        return "the catalogue was built anew from the files"

    def _forget(self) -> None:
        self._saved = None
        with locked(self._locks, "catalogue"), disk_errors(self.path, "remove"):
            self.path.unlink(missing_ok=True)

    def _fits(self, found: dict[str, Stamp], rows: dict[str, Row]) -> bool:
        return len(found) == len(rows) and all(
            found.get(name) == (row.size, row.changed) and _sound(row) for name, row in rows.items()
        )

    def _update(
        self,
        updated: dict[str, Row],
        found: dict[str, Stamp],
        saved: dict[str, Row],
        progress: Progress | None,
    ) -> None:
        """Put a row for each file into `updated`: the saved one where it fits, else one derived now."""
        for number, (name, stamp) in enumerate(sorted(found.items()), start=1):
            row = saved.get(name)
            if row is None or (row.size, row.changed) != stamp or not _sound(row):
                row = self._derived(name, stamp)
            if row is not None:
                updated[name] = row
            if progress is not None and (number % 50 == 0 or number == len(found)):
                progress(number, len(found))

    def _derived(self, name: str, stamp: Stamp) -> Row | None:
        """The row of a file that is read now; None when it cannot be, and then it is tried again each time.

        Its stamp is older than what is read: a file that is replaced meanwhile is read again.
        """
        path = self._archive / name
        try:
            if self.path_of(path.stem) != path:
                raise damaged(
                    path, "it does not belong there: its name is not that of a release of that year"
                )
            return Row(name, *stamp, summarise(self._read(path).release))
        except StoreError as error:
            self._unreadable[str(path)] = error
            return None

    def _save(self, rows: dict[str, Row]) -> None:
        by_number = {str(number): row for number, row in enumerate(rows.values(), start=1)}
        with suppress(StoreError):  # a read-only archive is still readable; the next reader saves it
            ensure_folder(self._archive)
            # What JSON cannot hold is derived again each time.
            with locked(self._locks, "catalogue", patience=0.2), suppress(ValueError):
                write_atomic(self.path, catalogue_content(by_number))


def _of_file(row: Row, path: Path) -> bool:
    """The row was derived from the file as it is now, not from before something was added to it."""
    with suppress(OSError):
        stat = path.stat()
        return (row.size, row.changed) == (stat.st_size, stat.st_mtime_ns)
    return False


def _sound(row: Row) -> bool:
    """It is about its own file."""
    release_id = row.summary.id
    return row.file == f"{release_id[4:8]}/{release_id}.json"


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Thousands of rows, and none of them garbage: the collector would look through them again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@cache
def _checklist_decoder() -> msgspec.json.Decoder[Any]:
    """Of the one table of a release's file that is looked at; the log is skipped."""
    from relui.domain.learning.item_record import BareRelease

    none: dict[str, BareRelease] = msgspec.field(default_factory=dict)
    file = msgspec.defstruct("File", [("release", dict[str, BareRelease], none)], gc=False)
    return msgspec.json.Decoder(file)


def _checklist_in(path: Path) -> BareRelease | None:
    """The checklist in a release's file, in a fraction of the time that the whole record takes.

    None when it cannot be read: `verify` and `doctor` tell why.
    """
    try:
        found: list[BareRelease] = list(_checklist_decoder().decode(read_regular(path)).release.values())
    except (OSError, ValueError, RecursionError):
        return None
    return found[0] if len(found) == 1 else None
