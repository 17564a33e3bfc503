"""Outputs and files that prove an item: kept once each, named by their SHA-256."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from pathlib import Path

from relui.regular_files import read_regular
from relui.store.atomic import disk_errors, ensure_folder, write_atomic
from relui.store.locks import locked

_KEPT = re.compile(r"sha256:([0-9a-f]{64})(?: (.*))?", re.ASCII)


def write_evidence(data: Path, content: bytes) -> str:
    """Keep a file as evidence. Returns `sha256:DIGEST`; the same content is kept once. Raises StoreError."""
    import hashlib

    digest = hashlib.sha256(content).hexdigest()
    folder = data / "evidence"
    ensure_folder(folder)
    path = folder / digest
    with locked(data / "locks", "evidence"), disk_errors(path, "write"):
        if not path.exists() or read_regular(path) != content:
            write_atomic(path, content)
    return f"sha256:{digest}"


def references(value: object) -> Iterator[str]:
    """What a stored release names as its evidence, wherever in it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "evidence":
                yield from (text for text in (inner if isinstance(inner, list) else [inner]) if text)
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def digests(value: object) -> tuple[str, ...]:
    """The SHA-256 of each file that a stored release keeps as its evidence, once each."""
    found = (_KEPT.fullmatch(text) for text in references(value) if isinstance(text, str))
    return tuple(dict.fromkeys(match[1] for match in found if match is not None))


def is_kept(data: Path, digest: str) -> bool:
    """There is a file of that name; whether it is whole, `evidence_trouble` tells."""
    return (data / "evidence" / digest).exists()


def digest_of(content: bytes) -> str:
    """SHA-256, as a file of evidence is named."""
    import hashlib

    return hashlib.sha256(content).hexdigest()


def evidence_name(reference: object) -> tuple[str, str]:
    """The digest in a reference, and what the file was called; empty for one that keeps no file."""
    found = _KEPT.fullmatch(reference) if isinstance(reference, str) else None
    return ("", "") if found is None else (found[1], found[2] or found[1][:12])


def evidence_trouble(data: Path, reference: object, known: dict[str, str]) -> str:
    """What is wrong with the file that a reference names, in words; nothing for one that keeps no file.

    `known` remembers the answers between calls. Raises StoreError when the file cannot be read.
    """
    found = _KEPT.fullmatch(reference) if isinstance(reference, str) else None
    if found is None:
        return ""
    digest = found[1]
    if digest not in known:
        known[digest] = _trouble(data / "evidence" / digest)
    return known[digest] and f"its evidence {found[2] or digest[:12]} {known[digest]}"


def _trouble(path: Path) -> str:
    import hashlib

    with disk_errors(path, "read"):
        try:
            content = read_regular(path)
        except FileNotFoundError:
            return f"is gone: there is no {path}"
        except OSError as error:
            if error.errno not in (errno.EISDIR, errno.ENXIO):
                raise
            return f"is no file any more: {path}"
    return "" if hashlib.sha256(content).hexdigest() == path.name else f"was altered: {path}"
