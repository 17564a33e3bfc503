"""The errors that a person sees: one root, and one class for each exit code of the command line."""

from __future__ import annotations

from collections.abc import Mapping


class ReluiError(Exception):
    """Something that a person can act on: what happened, to what, and the way out.

    `title` heads a dialog; `exit_code` is the command line's answer (see docs/guide.md).
    """

    exit_code = 2
    title = "That did not work"

    def __init__(self, message: str, *, title: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if title is not None:
            self.title = title

    @property
    def details(self) -> Mapping[str, object]:
        """What a document says beside the message; nothing for most errors."""
        return {}


class Refused(ReluiError):
    """A rule or a state says no. Nothing was changed. Exit code 1."""

    exit_code = 1
    title = "Refused"


class WrittenMeanwhile(Refused):
    """Somebody else wrote the same field since it was shown. Nothing was changed. Exit code 1."""

    title = "Written by somebody else meanwhile"


class BadInput(ReluiError):
    """What was typed or read is wrong. Nothing was changed. Exit code 2."""

    exit_code = 2
    title = "Bad input"


class StoreError(ReluiError):
    """The data cannot be read or written. Nothing was lost. Exit code 3."""

    exit_code = 3
    title = "The data cannot be read or written"
