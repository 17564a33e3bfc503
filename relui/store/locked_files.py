"""Files that have several writers: their locks, and what is done to a file as a whole.

There is a lock for the calendar, one per release, one for the organisation and so on; `seam.py` tells their
order. The system frees the lock of a holder that died. Reading needs none: files are replaced whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relui.errors import StoreError
from relui.files import (
    FILE_MODE,
    begin_writing,
    confirm,
    disk_errors,
    ensure_folder,
    read_regular,
    refuse_link,
    sync_folder,
    write_atomic,
)
from relui.patience import GivenUp, present


def move_durably(source: Path, target: Path) -> None:
    """Rename within one file system, durably in both folders; never over a file that is there.

    The caller holds the lock of both. Raises StoreError.
    """
    ensure_folder(target.parent)
    begin_writing()
    with disk_errors(target, "move a record to"):
        refuse_link(source)
        if os.path.lexists(target):
            raise StoreError(
                f"{target} is there already, so {source} was not moved over it. Compare the two, and take "
                "one away."
            )
        source.rename(target)
    confirm(target, target.parent, source.parent)


def set_aside(data: Path, source: Path, lock: str) -> str:
    """Move a damaged file into `quarantine/`, byte for byte, under its lock. Returns where it is now.

    Raises StoreError.
    """
    with locked(data / "locks", lock):
        target, number = data / "quarantine" / source.name, 1
        with disk_errors(target, "look for"):
            while os.path.lexists(target):
                number += 1
                target = target.with_name(f"{source.stem}.{number}{source.suffix}")
        move_durably(source, target)
    return str(target)


def remove_durably(path: Path) -> None:
    """Remove a file for good. The caller holds its lock. Raises StoreError."""
    begin_writing()
    with disk_errors(path, "remove"):
        path.unlink()
        sync_folder(path.parent)


PATIENCE = 10.0
"""Seconds that a writer waits for another one."""


@contextmanager
def locked(folder: Path, name: str, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock `name` in `folder`. Raises StoreError when somebody else holds it for too long.

    `patience` in seconds; 0 tries once. An act that can be given up (`relui/patience.py`) names what it waits
    for, and raises GivenUp.
    """
    from filelock import FileLock, Timeout  # 15 ms: only who writes pays for it

    ensure_folder(folder)
    path = folder / f"{name}.lock"
    lock = FileLock(path, timeout=patience, mode=FILE_MODE, thread_local=False)
    waiting = present()
    with disk_errors(path, "lock"):
        try:
            if waiting is None:
                lock.acquire(poll_interval=0.005)
            else:
                waiting.waits_for = name
                lock.acquire(
                    poll_interval=0.005, cancel_check=lambda: waiting.given_up and not waiting.writing
                )
                waiting.waits_for = ""
        except Timeout:
            if waiting is not None and waiting.given_up:
                raise GivenUp("Given up. Nothing was written.") from None
            raise StoreError(
                f"Somebody else has been writing {name} for more than {patience:.0f} seconds ({path}). "
                "Nothing was changed; try again, or look for a stopped relui process.",
                title="Locked",
            ) from None
    try:
        yield
    finally:
        lock.release()


def back_up(path: Path, backups: Path, schema: int) -> Path:
    """Copy a file aside before its first write under a new schema. Raises StoreError.

    The same content is kept once; another one, such as an export that was put back, gets a number.
    """
    ensure_folder(backups)
    with disk_errors(path, "back up"):
        content = read_regular(path)
        target, number = backups / f"{path.stem}.schema-{schema}{path.suffix}", 1
        while target.exists():
            if read_regular(target) == content:
                return target
            number += 1
            target = backups / f"{path.stem}.schema-{schema}.{number}{path.suffix}"
    write_atomic(target, content)
    return target
