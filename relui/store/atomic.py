"""Files that are whole or not there: temp file, flush, fsync, replace, fsync of the folder.

Folders are 0700 and files 0600: a release's record names people and evidence. A failure before the
replace leaves the old file. A failure after it (the folder's fsync) cannot be taken back: the new content
is what everybody reads then, so the error says so and does not claim that nothing changed.

Also the locks of their writers: one for the calendar, one per release, one for the organisation and so on;
`seam.py` tells their order. The system frees the lock of a holder that died. Reading needs none: files are
replaced whole.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from relui.errors import Refused, StoreError
from relui.regular_files import read_regular

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


def refuse_read_only(read_only: bool) -> None:
    """Raises StoreError for a store that was opened read-only."""
    if read_only:
        raise StoreError("relui was opened read-only (--readonly): nothing is written.", title="Read-only")


def remove_durably(path: Path) -> None:
    """Remove a file for good. The caller holds its lock. Raises StoreError."""
    with disk_errors(path, "remove"):
        path.unlink()
        sync_folder(path.parent)


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
    import shutil
    import tempfile

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
                _write_new(inside / name, text)
            sync_folder(inside)
            _write_new(made / "archive", content)
            _rename_to_free(inside, target)
            try:
                _rename_to_free(made / "archive", archive)
            except (OSError, Refused):
                shutil.rmtree(target, ignore_errors=True)
                raise
            sync_folder(parent)
    finally:
        with suppress(OSError):
            shutil.rmtree(made)


def _rename_to_free(made: Path, target: Path) -> None:
    """Rename to a name that nobody has taken meanwhile."""
    refuse_taken(target)
    try:
        made.rename(target)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
            raise Refused(f"{target} is there already. Nothing was written; choose another name.") from None
        raise


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


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
