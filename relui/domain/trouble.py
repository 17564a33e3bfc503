"""What is wrong with a release, in a word. `progress.py` and `dossier/troubles.py` find it."""

from __future__ import annotations

from msgspec import Struct


class Trouble(Struct, frozen=True):
    """One thing that is wrong, as a word: `kind` decides how it looks, `count` how many there are."""

    kind: str
    text: str
    count: int = 0
