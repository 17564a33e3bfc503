"""Locks between processes: one for the calendar, one per release, one for the organisation and the catalogue.

Who needs several takes them in that order. The system frees the lock of a holder that died. Reading needs
none: files are replaced whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relui.errors import StoreError
from relui.store.atomic import FILE_MODE, disk_errors, ensure_folder

PATIENCE = 10.0
"""Seconds that a writer waits for another one."""


@contextmanager
def locked(folder: Path, name: str, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock `name` in `folder`. Raises StoreError when somebody else holds it for too long.

    `patience` in seconds; 0 tries once.
    """
    from filelock import FileLock, Timeout  # 15 ms: only who writes pays for it

    ensure_folder(folder)
    path = folder / f"{name}.lock"
    lock = FileLock(path, timeout=patience, mode=FILE_MODE, thread_local=False)
    with disk_errors(path, "lock"):
        try:
            lock.acquire(poll_interval=0.005)
        except Timeout:
            raise StoreError(
                f"Somebody else has been writing {name} for more than {patience:.0f} seconds ({path}). "
                "Nothing was changed; try again, or look for a stopped relui process.",
                title="Locked",
            ) from None
    try:
        yield
    finally:
        lock.release()
