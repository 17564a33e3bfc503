"""A folder of documents as one zip: the same files always give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell: when it was made is in the documents


def zipped(folder: str, files: Mapping[str, bytes]) -> bytes:
    """The files below `folder` in a zip, in the order of their names, without the clock of the host."""
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{folder}/{name}", _FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, so that the mode below is read
            info.external_attr = 0o100600 << 16
            archive.writestr(info, files[name])
    return stream.getvalue()
