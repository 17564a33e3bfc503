"""Text typed and not saved yet: one small file a draft, offered again until it is saved or dropped."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from relui.regular_files import read_regular
from relui.store.atomic import disk_errors, ensure_folder, write_atomic
from relui.store.locks import locked
from relui.store.storage import encoded

PATIENCE = 0.5
"""Seconds to wait for another writer: drafts are also saved by a process that is told to end."""


class Drafts:
    """`drafts/` in a data folder, each person's apart. A draft that cannot be read is as good as none."""

    def __init__(self, data: Path, by: str = "") -> None:
        """`by` is the acting name: several people may share an account and a data folder."""
        self._by = by
        self._folder = data / "drafts"
        self._locks = data / "locks"

    def keep(self, name: str, texts: dict[str, str]) -> None:
        """Write a draft, replacing an earlier one of that name. Raises StoreError."""
        content = encoded({"name": name, "by": self._by, "texts": texts}, "The draft")
        ensure_folder(self._folder)
        with locked(self._locks, "drafts", patience=PATIENCE):
            write_atomic(self._path(name), content)

    def find(self, name: str) -> dict[str, str]:
        """The texts of a draft, or none."""
        try:
            kept = msgspec.json.decode(read_regular(self._path(name)), type=dict[str, object])
            return msgspec.convert(kept.get("texts", {}), dict[str, str])
        except (OSError, ValueError, RecursionError):
            return {}

    def drop(self, name: str) -> None:
        """Forget a draft. Raises StoreError."""
        with disk_errors(self._path(name), "remove"):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        key = f"{self._by}\0{name}".encode(errors="replace")
        return self._folder / f"{hashlib.sha256(key).hexdigest()[:24]}.json"
