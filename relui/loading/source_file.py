"""Files that a person names for an import: regular files only, read up to a limit."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from relui.domain.text import clean
from relui.errors import BadInput

_CHUNK = 1024 * 1024


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, open for reading bytes. Raises BadInput for what is missing, no file, or not readable.

    A pipe or a device is refused without waiting for it.
    """
    name = clean(str(path))
    try:
        # Without O_NONBLOCK opening a pipe would wait for a writer.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        raise BadInput(f"There is no file {name}. Check the path.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{name} cannot be read: {_reason(error)}.") from None
    mode = os.fstat(number).st_mode
    if not stat.S_ISREG(mode):
        os.close(number)
        if stat.S_ISDIR(mode):
            raise BadInput(f"{name} is a folder. Name a file in it.")
        raise BadInput(f"{name} is no regular file. Copy its content to a file and name that.")
    with os.fdopen(number, "rb") as file:
        try:
            yield file
        except OSError as error:
            raise BadInput(f"{name} cannot be read: {_reason(error)}.") from None


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def read_up_to(path: Path, limit: int) -> bytes:
    """The whole file. Raises BadInput when it has more than `limit` bytes, or cannot be read."""
    with opened(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(
            f"{clean(str(path))} is larger than {limit // _CHUNK} MB. Split it into several files."
        )
    return data


def zipped(paths: Sequence[Path], limit: int) -> bytes:
    """The files as one ZIP archive, the same bytes for the same content. Raises BadInput as `read_up_to`.

    Files of the same name from different folders get a number before it.
    """
    import io
    import zipfile

    names = Counter(path.name for path in paths)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number, path in enumerate(paths, start=1):
            name = path.name if names[path.name] == 1 else f"{number}-{path.name}"
            entry = zipfile.ZipInfo(name)  # its time is that of no clock
            archive.writestr(entry, read_up_to(path, limit), zipfile.ZIP_DEFLATED)
    return held.getvalue()


def checksum(path: Path) -> str:
    """`sha256:` and the SHA-256 of a file's content, read piece by piece. Raises BadInput."""
    import hashlib

    digest = hashlib.sha256()
    with opened(path) as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return f"sha256:{digest.hexdigest()}"
