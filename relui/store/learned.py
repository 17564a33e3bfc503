"""What was learned: actions, reviews and purges, which outlive the releases that they came from."""

from __future__ import annotations

from pathlib import Path

import msgspec

from relui.domain.learning.actions import Learned
from relui.domain.patches import Document
from relui.store.state_file import StateFile
from relui.store.storage import DamagedFileError


class LearnedFile(StateFile):
    """`actions.json`: tables `actions` (one document) and `log`."""

    def __init__(self, data: Path, *, read_only: bool = False) -> None:
        super().__init__(data, "actions", read_only=read_only)

    def load(self) -> Learned:
        """What was learned; nothing when there is no file. Raises StoreError for a damaged one."""
        return self.read(self.state())

    def read(self, state: Document) -> Learned:
        """A stored state as structs. Raises StoreError when it is none."""
        try:
            return msgspec.convert(state, Learned)
        except (msgspec.ValidationError, RecursionError) as error:
            raise DamagedFileError(
                f"{self.path} cannot be read: {error}. `relui doctor --repair` sets it aside; the actions of "
                "active releases are then raised again."
            ) from None
