"""What an act waits for, and how it is given up: for whoever started it in a thread and goes on meanwhile.

An act that runs under a `Patience` names there what it waits for. It can be given up until it begins to
write; from then on it is carried out. The command line acts without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from relui.errors import Refused


class GivenUp(Refused):
    """The person gave the act up while it waited. Nothing was written."""

    title = "Given up"


class Patience:
    """One act's waiting. Its thread and the one that started it both look at it; each flag has one writer."""

    def __init__(self) -> None:
        self.waits_for = ""
        """What another process is writing, such as a release's identifier; else empty."""
        self.writing = False
        self.given_up = False

    def give_up(self) -> bool:
        """Ask the act to end before it writes. False when it writes already: then it is carried out."""
        self.given_up = True
        return not self.writing

    def begin_writing(self) -> None:
        """Called before the first byte is written. Raises GivenUp."""
        if self.writing:
            return
        self.writing = True
        if self.given_up:  # looked at after `writing` was set, as `give_up` does it the other way round
            self.writing = False
            raise GivenUp("Given up. Nothing was written.")


_PRESENT: ContextVar[Patience | None] = ContextVar("patience", default=None)


def present() -> Patience | None:
    """The patience that this act runs under."""
    return _PRESENT.get()


@contextmanager
def under(patience: Patience) -> Iterator[None]:
    """Acts in this block run under `patience`."""
    token = _PRESENT.set(patience)
    try:
        yield
    finally:
        _PRESENT.reset(token)
