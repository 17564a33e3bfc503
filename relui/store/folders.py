"""A folder of documents and its archive beside it: whole or not there, and never over something else."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from relui.errors import Refused
from relui.store.atomic import FILE_MODE, disk_errors, sync_folder


def refuse_taken(path: Path) -> None:
    """Raises Refused when something of that name is there, whatever it is."""
    with disk_errors(path, "look for"):
        taken = os.path.lexists(path)
    if taken:
        raise Refused(f"{path} is there already. Nothing was written; choose another name.")


def write_folder(target: Path, files: Mapping[str, bytes], archive: Path, content: bytes) -> None:
    """Make the folder `target` with `files`, and the file `archive`. Raises Refused when one is there.

    Both are prepared under other names and renamed at the end; on any error nothing of them stays.
    """
    refuse_taken(target)
    refuse_taken(archive)
    parent = target.parent
    with disk_errors(parent, "make the folder"):
        parent.mkdir(parents=True, exist_ok=True)
    with disk_errors(target, "write"):
        made = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=parent))
    try:
        with disk_errors(target, "write"):
            inside = made / "folder"
            inside.mkdir(mode=0o700)
            for name, text in files.items():
                _write(inside / name, text)
            sync_folder(inside)
            _write(made / "archive", content)
            _place(inside, target)
            try:
                _place(made / "archive", archive)
            except (OSError, Refused):
                shutil.rmtree(target, ignore_errors=True)
                raise
            sync_folder(parent)
    finally:
        with suppress(OSError):
            shutil.rmtree(made)


def _place(made: Path, target: Path) -> None:
    """Rename to a name that nobody has taken meanwhile."""
    refuse_taken(target)
    try:
        made.rename(target)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
            raise Refused(f"{target} is there already. Nothing was written; choose another name.") from None
        raise


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
