"""Files of every kind: read when they are regular ones, and written whole or not at all.

Reading opens no pipe and no device, which could make relui wait for ever. Writing is a temp file, flush,
fsync, replace, fsync of the folder. Folders are 0700 and files 0600: a release's record names people and
evidence. A failure before the replace leaves the old file. A failure after it (the folder's fsync) cannot be
taken back: the new content is what everybody reads then, so the error says so and does not claim that
nothing changed.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from relui.errors import Refused, StoreError
from relui.patience import present

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def open_regular(path: Path) -> BinaryIO:
    """The file, open for reading bytes. Raises OSError: ENXIO for a pipe or a device, EISDIR for a folder.

    Without O_NONBLOCK opening a pipe would wait for somebody to write into it.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder, not a file", str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.ENXIO, "it is a pipe or a device, not a file", str(path))
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def read_regular(path: Path, limit: int = -1) -> bytes:
    """The content of a regular file, at most `limit` bytes of it. Raises OSError like `open_regular`."""
    with open_regular(path) as file:
        return file.read(limit)


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
    begin_writing()
    with disk_errors(path, "write"):
        refuse_link(path)
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
    confirm(path, path.parent)


def begin_writing() -> None:
    """The last moment at which an act can be given up (`relui/patience.py`). Raises GivenUp."""
    waiting = present()
    if waiting is not None:
        waiting.begin_writing()


def refuse_link(path: Path) -> None:
    """Raises StoreError for a symbolic link, which has no business in the data folder."""
    if path.is_symlink():
        raise StoreError(f"{path} is a symbolic link. Replace it by the file itself; nothing was written.")


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        written = os.write(descriptor, view)
        if not written:  # would loop for ever
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        view = view[written:]


def confirm(path: Path, *folders: Path) -> None:
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
