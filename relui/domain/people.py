"""Who acts: the login that the host knows, and the name that the record shows."""

from __future__ import annotations

from msgspec import Struct


class Actor(Struct, frozen=True):
    """The person behind an act. Both are kept, because the name is chosen and the account is not.

    `account` is the login on the host; `name` is what people call them.
    """

    account: str
    name: str

    @property
    def words(self) -> str:
        """How a log line names them: `ada`, or `Ada (deploy)` when the account differs."""
        return self.name if self.name == self.account else f"{self.name} ({self.account})"
