"""Files that a person names for an import: regular files only, read up to a limit; and manifests of
checksums (SHA256SUMS and its kin), as sha256sum, BSD's tools and OpenSSL write them."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from relui.domain.dossier.editing import PARTS_LIMIT
from relui.domain.text import clean, quoted
from relui.errors import BadInput
from relui.loading.foreign_text import decoded

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


SIZE_LIMIT = 8 * 1024 * 1024
"""Bytes that a manifest may have."""

_BY_DIGITS = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_PREFERRED = ("sha256", "sha512", "blake2b", "sha384", "sha224", "sha1", "md5")
"""Of several checksums of one file the first of these is taken; relui itself computes SHA-256."""
_COREUTILS = r"(\\)?([0-9A-Fa-f]{32,128})(?: [ *]|\s+\*?)(\S.*)"
_TAGGED = r"(\\)?([A-Za-z][A-Za-z0-9-]*(?:/256)?) ?\((.+)\) ?= ?([0-9A-Fa-f]{32,128})"
_ALONE = r"[0-9A-Fa-f]{32,128}"
_TAGS = {
    "md5": "md5", "sha1": "sha1", "sha224": "sha224", "sha256": "sha256", "sha384": "sha384",
    "sha512": "sha512",
    "sha2224": "sha224", "sha2256": "sha256", "sha2384": "sha384", "sha2512": "sha512", "blake2b": "blake2b",
    "blake2b512": "blake2b", "sha512256": "sha512-256", "sha3256": "sha3-256", "sha3512": "sha3-512",
}  # fmt: skip
"""What BSD's tools and OpenSSL call an algorithm, without dashes -> its name in a record."""
_DIGITS = {
    "md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128, "blake2b": 128,
    "sha512-256": 64, "sha3-256": 64, "sha3-512": 128,
}  # fmt: skip
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"


class Sums(Struct, frozen=True):
    """File -> its checksum (`sha256:` and hexadecimal digits) in the manifest's order, and what is told."""

    files: dict[str, str]
    told: tuple[str, ...] = ()


def load_sums(path: Path) -> Sums:
    """The checksums in a manifest. Raises BadInput, with the line, for what is none."""
    return read_sums(read_up_to(path, SIZE_LIMIT), path.name)


def read_sums(data: bytes, shown: str) -> Sums:
    """The checksums in a manifest's bytes; `shown` is its name, which can say what they are of."""
    shown = clean(shown)
    text, word = decoded(data, shown)
    if "\0" in text:
        raise BadInput(f"{shown}: is not a text file. Name the manifest, not a file that is in it.")
    told = [word] if word else []
    lines = list(_lines(text.removeprefix("\ufeff")))
    if _SIGNED in text:
        told.append(f"The signature in {shown} was not verified: gpg --verify does that.")
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for number, line in lines:
        kind, digest, name = _entry(line, shown, number, alone=len(lines) == 1)
        known = found.setdefault(name, {}).setdefault(kind, (number, digest))
        if known[1] != digest:
            raise BadInput(
                f"{shown}, line {number}: {quoted(name)} has another checksum in line {known[0]}. "
                "Nothing was taken: see which of them is right."
            )
    if not found:
        raise BadInput(f"{shown}: has no checksum in it.")
    if len(found) > PARTS_LIMIT:
        raise BadInput(f"{shown}: names more than {PARTS_LIMIT:,} files. Import it in parts.")
    return Sums({name: _best(kinds) for name, kinds in found.items()}, tuple(told))


def _best(kinds: dict[str, tuple[int, str]]) -> str:
    kind = next((each for each in _PREFERRED if each in kinds), next(iter(kinds)))
    return f"{kind}:{kinds[kind][1]}"


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something: no comments, and of a signed manifest what was signed."""
    inside = header = _SIGNED in text
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if bare == _SIGNATURE:
            return
        if inside and header:
            header = bool(bare)  # an empty line ends the header
        elif bare and not bare.startswith(("#", ";")):
            yield number, line.rstrip()


def _entry(line: str, shown: str, number: int, *, alone: bool) -> tuple[str, str, str]:
    """Algorithm, digits and file of one line. Raises BadInput."""
    if found := re.fullmatch(_TAGGED, line.strip()):
        escaped, tag, name, digest = found.groups()
        kind = _TAGS.get(re.sub(r"[-/]", "", tag.lower()), "")
        if not kind:
            raise BadInput(f"{shown}, line {number}: {quoted(tag)} is no known algorithm. Nothing was taken.")
    elif found := re.fullmatch(_COREUTILS, line.strip()):
        escaped, digest, name = found.groups()
        kind = _by_digits(digest, shown)
    elif alone and re.fullmatch(_ALONE, line.strip()):
        escaped, digest, name = None, line.strip(), re.sub(r"\.(?:sha\d+|md5|sum|b2)(?:sum)?$", "", shown)
        kind = _by_digits(digest, shown)
    else:
        raise BadInput(
            f"{shown}, line {number}: {quoted(line.strip()[:80])} is no line of a manifest. sha256sum writes "
            "them as DIGITS  FILE, BSD's tools as SHA256 (FILE) = DIGITS. Nothing was taken."
        )
    if len(digest) != _DIGITS.get(kind):
        raise BadInput(
            f"{shown}, line {number}: {len(digest)} digits are no {kind or 'checksum'}. Nothing was taken."
        )
    if escaped:
        name = re.sub(r"\\(.)", lambda each: {"n": "\n", "r": "\r"}.get(each[1], each[1]), name)
    return kind, digest.lower(), clean(name).strip()


def _by_digits(digest: str, shown: str) -> str:
    kind = _BY_DIGITS.get(len(digest), "")
    return "blake2b" if kind == "sha512" and re.match(r"b2|blake2", shown.lower()) else kind
