"""What killed writers left: temp files, each removed under the lock that its writer would hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from relui.errors import StoreError
from relui.store.locks import locked

_LOCK_OF_FOLDER = {"": "organisation", "archive": "catalogue", "evidence": "evidence", "drafts": "drafts"}
"""Folder in the data folder -> the one lock of its writers. Elsewhere a file's release is its lock."""


def leftovers(data: Path) -> list[Path]:
    """Temp files in the data folder, of killed writers or of ones at work. Raises nothing."""
    return sorted(path for path, _ in _temporaries(data))


def sweep(data: Path) -> list[Path]:
    """Remove the temp files of killed writers, and return them.

    One whose writer is at work is left, and so is one that cannot be removed: it does no harm, and must
    not keep anybody from reading.
    """
    removed: list[Path] = []
    for path, lock in _temporaries(data):
        with suppress(StoreError, OSError), locked(data / "locks", lock, patience=0):
            path.unlink()
            removed.append(path)
    return sorted(removed)


def _temporaries(data: Path) -> Iterator[tuple[Path, str]]:
    """Each temp file with the name of its writer's lock. Nothing is ever written in the years' folders."""
    for folder in ("", "releases", "archive", "evidence", "backups", "drafts"):
        with suppress(OSError), os.scandir(data / folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") and entry.name.endswith(".tmp"):
                    release_id = entry.name[1:].partition(".")[0]
                    yield Path(entry.path), _LOCK_OF_FOLDER.get(folder, release_id)
