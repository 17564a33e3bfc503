"""Opening files for reading: regular ones only, so that no pipe or device can make relui wait for ever.

Used by store and loading alike; what an OSError means to a person is said by who asked.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

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
