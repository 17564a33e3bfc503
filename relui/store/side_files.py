"""Small files beside the records: drafts, evidence, and the public holidays that were worked out before."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import msgspec

from relui.errors import StoreError
from relui.files import disk_errors, ensure_folder, read_regular, words_of, write_atomic
from relui.store.locked_files import locked
from relui.store.records import digest_of
from relui.store.seam import refuse_read_only
from relui.store.tables import encoded

PATIENCE = 0.5
"""Seconds to wait for another writer: drafts are also saved by a process that is told to end."""


class DraftFiles:
    """`drafts/` in a data folder, each person's apart. A draft that cannot be read is as good as none."""

    def __init__(self, data: Path, by: str = "", *, read_only: bool = False) -> None:
        self._by = by
        self._read_only = read_only
        self._folder = data / "drafts"
        self._locks = data / "locks"

    def keep(self, name: str, texts: dict[str, str]) -> None:
        """Write a draft, replacing an earlier one of that name. Raises StoreError."""
        refuse_read_only(self._read_only)
        content = encoded({"name": name, "by": self._by, "texts": texts}, "The draft")
        ensure_folder(self._folder)
        with locked(self._locks, "drafts", patience=PATIENCE):
            write_atomic(self._path(name), content)

    def find(self, name: str) -> dict[str, str]:
        """The texts of a draft, or none."""
        try:
            kept = msgspec.json.decode(read_regular(self._path(name)), type=dict[str, object])
            return msgspec.convert(kept.get("texts", {}), dict[str, str])
        except (OSError, ValueError, RecursionError):
            return {}

    def drop(self, name: str) -> None:
        """Forget a draft. Raises StoreError."""
        if self._read_only:
            return
        with disk_errors(self._path(name), "remove"):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        import hashlib

        key = f"{self._by}\0{name}".encode(errors="replace")
        return self._folder / f"{hashlib.sha256(key).hexdigest()[:24]}.json"


class EvidenceFiles:
    """`evidence/` in a data folder: outputs and files that prove an item, named by their SHA-256."""

    def __init__(self, data: Path, *, read_only: bool = False) -> None:
        self._folder = data / "evidence"
        self._locks = data / "locks"
        self._read_only = read_only

    def keep(self, content: bytes) -> str:
        """Keep a file; the same content is kept once, one that was altered is replaced. Returns its SHA-256.

        Raises StoreError.
        """
        refuse_read_only(self._read_only)
        digest = digest_of(content)
        ensure_folder(self._folder)
        path = self._folder / digest
        with locked(self._locks, "evidence"), disk_errors(path, "write"):
            if not path.exists() or read_regular(path) != content:
                write_atomic(path, content)
        return digest

    def holds(self, digest: str) -> bool:
        """There is a file of that name; whether it is whole, `trouble` tells."""
        return (self._folder / digest).is_file()

    def where(self, digest: str) -> str:
        """Its path."""
        return str(self._folder / digest)

    def read(self, digest: str, limit: int = -1) -> bytes:
        """Its content, at most `limit` bytes of it. Raises StoreError."""
        path = self._folder / digest
        try:
            return read_regular(path, limit)
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {words_of(error)}.") from None

    def trouble(self, digest: str) -> str:
        """What is wrong with a file, in words that follow its name. Raises StoreError."""
        path = self._folder / digest
        with disk_errors(path, "read"):
            try:
                content = read_regular(path)
            except FileNotFoundError:
                return f"is gone: there is no {path}"
            except OSError as error:
                if error.errno not in (errno.EISDIR, errno.ENXIO):
                    raise
                return f"is no file any more: {path}"
        return "" if digest_of(content) == digest else f"was altered: {path}"


Years = Mapping[int, frozenset[date]]


class HolidaysFile:
    """`holidays.json` in the data folder: derived, for one country and one release of the library.

    Loading a country's rules takes longer than a whole list. What is not there, or cannot be read, is worked
    out anew; what cannot be written is not kept.
    """

    def __init__(self, data: Path, country: str, subdivision: str, *, read_only: bool = False) -> None:
        self._data = data
        self.path = data / "holidays.json"
        self._place = f"{country}/{subdivision}".upper()
        self._read_only = read_only

    def read(self) -> Years:
        """The days of each year that is known; none when the file is of another country or library."""
        try:
            kept = msgspec.json.decode(read_regular(self.path))
            if kept["place"] != self._place or kept["library"] != _library():
                return {}
            return {
                int(year): frozenset(map(date.fromisoformat, days)) for year, days in kept["years"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}

    def keep(self, years: Mapping[int, Iterable[date]]) -> None:
        """Keep the days of these years beside what is known, when nobody else is writing."""
        if self._read_only or not self._data.is_dir():
            return
        known = {**self.read(), **years}
        kept = {
            "place": self._place,
            "library": _library(),
            "years": {str(year): sorted(map(str, known[year])) for year in sorted(known)},
        }
        with suppress(StoreError, OSError), locked(self._data / "locks", "organisation", patience=0):
            write_atomic(self.path, msgspec.json.format(msgspec.json.encode(kept), indent=1))


def _library() -> str:
    """What tells one release of the library from another, without importing it: its folder of metadata."""
    spec = find_spec("holidays")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        with suppress(OSError):
            names = (entry.name for entry in os.scandir(Path(folder).parent))
            return next((n for n in names if n.startswith("holidays-") and n.endswith(".dist-info")), "")
    return ""
