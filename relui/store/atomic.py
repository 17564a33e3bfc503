"""Files that are whole or not there: temp file, flush, fsync, replace, fsync of the folder.

Folders are 0700 and files 0600: a release's record names people and evidence. A failure before the
replace leaves the old file. A failure after it (the folder's fsync) cannot be taken back: the new content
is what everybody reads then, so the error says so and does not claim that nothing changed.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from relui.errors import StoreError

FILE_MODE = 0o600
FOLDER_MODE = 0o700

_WORDS = {
    errno.ENOSPC: "the disk is full. Make room, then do it again",
    errno.EDQUOT: "the disk quota is used up. Make room, then do it again",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "access is denied. Check its owner and mode",
    errno.EPERM: "the system does not permit it. Check its owner and mode",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EEXIST: "something else of that name is in the way",
    errno.ENXIO: "it is a pipe or a device, not a file",
    errno.EISDIR: "it is a folder, not a file",
    errno.EXDEV: "it lies on another file system. Keep the whole data folder on one",
    errno.ELOOP: "a symbolic link is in the way. Replace it by the file itself",
    errno.ENAMETOOLONG: "its name is too long for the disk",
    errno.EIO: "the disk reports an error",
}
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP)
"""What file systems answer that cannot fsync a folder: their renames are as durable as they get."""
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def words_of(error: OSError) -> str:
    """What the system said, and the way out where there is one; no capital, no full stop."""
    return _WORDS.get(error.errno or 0, error.strerror or str(error) or "it failed without a reason")


@contextmanager
def disk_errors(path: Path, doing: str) -> Iterator[None]:
    """Turn what the system says about `path` into a StoreError with the way out; nothing was lost."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"Cannot {doing} {path}: {words_of(error)}. What was there before is unchanged."
        ) from error


def is_there(path: Path) -> bool:
    """Whether there is anything at `path`. Raises OSError when that cannot be told, which `exists` hides."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


def ensure_folder(folder: Path) -> None:
    """Make a private folder, and those above it, durably. Raises StoreError."""
    missing: list[Path] = []
    with disk_errors(folder, "make the folder"):
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            each.mkdir(mode=FOLDER_MODE, exist_ok=True)
            sync_folder(each.parent)


def temporary_name(path: Path) -> Path:
    """The one name that a half-written `path` can have: its writer holds the lock, so it is alone."""
    return path.with_name(f".{path.name}.tmp")


def write_atomic(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, durably. On any error before the replace the old file stands.

    The caller holds a lock when `path` has several writers. Raises StoreError; also when `path` is a
    symbolic link, which has no business in the data folder.
    """
    temporary = temporary_name(path)
    with disk_errors(path, "write"):
        _refuse_link(path)
        try:
            temporary.unlink(missing_ok=True)  # of a killed writer, perhaps with another mode
            descriptor = os.open(temporary, _NEW_FILE, FILE_MODE)
            try:
                _write_all(descriptor, content)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.replace(path)
        except (OSError, KeyboardInterrupt):
            with suppress(OSError):
                temporary.unlink()
            raise
    _confirm(path, path.parent)


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise StoreError(f"{path} is a symbolic link. Replace it by the file itself; nothing was written.")


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        written = os.write(descriptor, view)
        if not written:  # would loop for ever
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        view = view[written:]


def _confirm(path: Path, *folders: Path) -> None:
    """Make a rename durable that has happened already. Raises StoreError that says it has happened."""
    try:
        for folder in folders:
            sync_folder(folder)
    except OSError as error:
        raise StoreError(
            f"{path} was written, but the disk did not confirm it: {words_of(error)}. It holds the new "
            "content now; after a power cut it may not. Check the disk, and look before you do it again.",
            title="Not confirmed by the disk",
        ) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable, where the system can. Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def move_durably(source: Path, target: Path) -> None:
    """Rename within one file system, durably in both folders; never over a file that is there.

    The caller holds the lock of both. Raises StoreError.
    """
    ensure_folder(target.parent)
    with disk_errors(target, "move a record to"):
        _refuse_link(source)
        if os.path.lexists(target):
            raise StoreError(
                f"{target} is there already, so {source} was not moved over it. Compare the two, and take "
                "one away."
            )
        source.rename(target)
    _confirm(target, target.parent, source.parent)


def remove_durably(path: Path) -> None:
    """Remove a file for good. The caller holds its lock. Raises StoreError."""
    with disk_errors(path, "remove"):
        path.unlink()
        sync_folder(path.parent)
