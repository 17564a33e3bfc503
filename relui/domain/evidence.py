"""References to evidence: `sha256:DIGEST NAME` is a file that relui keeps; all else is a link or words."""

from __future__ import annotations

import re

from msgspec import Struct

_KEPT = re.compile(r"sha256:([0-9a-f]{64})(?: (.*))?", re.ASCII)
_SHORT = 12
"""Characters of a digest that tell files apart for a person."""


class Kept(Struct, frozen=True):
    """A file that is kept: named by its SHA-256 on the disk, and what it was called."""

    digest: str
    name: str

    @property
    def words(self) -> str:
        """`smoke.log (9b75290f6a63)`: short enough for one line."""
        short = self.digest[:_SHORT]
        return f"{self.name} ({short})" if self.name else short


def kept_file(reference: str) -> Kept | None:
    """The file that a reference names, if it names one."""
    found = _KEPT.fullmatch(reference)
    return Kept(found[1], found[2] or "") if found is not None else None


def evidence_words(reference: str) -> str:
    """A reference for one line of a screen: a kept file by its name, all else as it is."""
    kept = kept_file(reference)
    return reference if kept is None else kept.words
