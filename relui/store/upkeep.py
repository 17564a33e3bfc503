"""Looking after the data folder's files, beside what is in them: leftovers, modes, what is in the way.

What killed writers left are temp files, each removed under the lock that its writer would hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from relui.errors import StoreError
from relui.files import disk_errors, is_there, words_of
from relui.store.locked_files import locked, set_aside
from relui.store.records import DamagedError
from relui.store.seam import Finding, finding_of, refuse_read_only

_LOCK_OF_FOLDER = {"": "organisation", "archive": "catalogue", "evidence": "evidence", "drafts": "drafts"}
"""Folder in the data folder -> the one lock of its writers. Elsewhere a file's release is its lock."""


class FileUpkeep:
    """What `relui doctor` and the clean-up at start do about the files of a data folder."""

    def __init__(self, data: Path, *, read_only: bool = False) -> None:
        self._data = data
        self._read_only = read_only

    def begun(self) -> bool:
        """Whether there is a data folder. Raises StoreError when it cannot be entered."""
        with disk_errors(self._data, "enter"):
            return is_there(self._data)

    def sweep(self) -> list[str]:
        """Remove the temp files of killed writers. Returns them; raises nothing.

        One whose writer is at work is left, and so is one that cannot be removed: it does no harm, and must
        not keep anybody from reading.
        """
        if self._read_only:
            return []
        removed: list[str] = []
        for path, lock in _temporaries(self._data):
            with suppress(StoreError, OSError), locked(self._data / "locks", lock, patience=0):
                path.unlink()
                removed.append(str(path))
        return sorted(removed)

    def leftovers(self) -> list[str]:
        """Temp files in the data folder, of killed writers or of ones at work. Raises nothing."""
        return sorted(str(path) for path, _ in _temporaries(self._data))

    def examine(self, *, repair: bool = False) -> list[Finding]:
        """Modes, leftovers, and what is in the way of a file. With `repair` swept and set aside."""
        return [*self._open_to_all(), *self._left(repair), *self._in_the_way(repair)]

    def _open_to_all(self) -> Iterator[Finding]:
        for folder in (self._data, self._data / "releases", self._data / "archive"):
            try:
                open_to_all = folder.is_dir() and folder.stat().st_mode & 0o077
            except OSError:  # told by who reads it
                continue
            if open_to_all:
                fix = f"chmod 700 {folder}"
                yield Finding("warning", f"{folder} can be read by other accounts.", fix)

    def _left(self, repair: bool) -> Iterator[Finding]:
        if repair:
            for path in self.sweep():
                yield Finding("ok", f"Removed the left-over {path}")
        fix = "`relui doctor --repair`, or opening relui, removes it when its writer is gone."
        for path in self.leftovers():
            yield Finding("warning", f"{path} was left by a writer, or is being written.", fix)

    def _in_the_way(self, repair: bool) -> Iterator[Finding]:
        """Folders, pipes and the like where files belong, beside the records."""
        places = [self._data / "archive" / "catalogue.json"]
        try:
            for folder in ("drafts", "evidence", "locks", "backups"):
                if (self._data / folder).is_dir():
                    places += (self._data / folder).iterdir()
            odd = [path for path in places if path.exists() and not path.is_file()]
        except OSError as error:
            yield Finding("error", f"{self._data} cannot be looked through: {words_of(error)}.")
            return
        for path in odd:
            trouble = DamagedError(f"{path} is in the way: it is no file.")
            # A lock that is none cannot be held.
            lock = "aside" if path.parent.name == "locks" else path.stem
            yield finding_of(trouble, partial(self._set_aside, path, lock) if repair else None)

    def _set_aside(self, path: Path, lock: str) -> str:
        refuse_read_only(self._read_only)
        return set_aside(self._data, path, lock)


def _temporaries(data: Path) -> Iterator[tuple[Path, str]]:
    """Each temp file with the name of its writer's lock. Nothing is ever written in the years' folders."""
    for folder in ("", "releases", "archive", "evidence", "backups", "drafts"):
        with suppress(OSError), os.scandir(data / folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") and entry.name.endswith(".tmp"):
                    release_id = entry.name[1:].partition(".")[0]
                    yield Path(entry.path), _LOCK_OF_FOLDER.get(folder, release_id)
