"""The templates of messages: the bundled ones and a team's own of the same file name, which go first.

Here they are found and read; what may stand in one is checked where it is rendered
(relui/documents/message_template.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

from relui.domain.template import MESSAGES
from relui.domain.text import clean, did_you_mean, quoted
from relui.errors import BadInput
from relui.files import read_regular

ENDING = ".txt.j2"
SIZE_LIMIT = 32 * 1024
"""Bytes of one template."""


class MessageFile(Struct, frozen=True):
    """Where the template of a message is."""

    name: str
    path: Path
    source: Literal["bundled", "own"]


class MessageSource(Struct, frozen=True):
    """One template as it was read. `shown` is its file, as errors name it."""

    name: str
    text: str
    path: Path
    source: Literal["bundled", "own"]

    @property
    def shown(self) -> str:
        """The file, as errors name it."""
        return clean(str(self.path))


class MessageLibrary:
    """All messages by name. `own` is the team's folder, which may be absent."""

    def __init__(self, bundled: Path, own: Path | None) -> None:
        self._bundled = bundled
        self._own = own

    def read(self, name: str) -> MessageSource:
        """The template of a message. Raises BadInput for an unknown message, or a file that cannot be read.

        A broken own file never gives way silently to the bundled one.
        """
        found = self.file(name)
        return MessageSource(name, _text(found.path), found.path, found.source)

    def file(self, name: str) -> MessageFile:
        """The file of a message: the team's own when there is anything of its name.

        Raises BadInput for an unknown message, and where nobody can tell whether there is one.
        """
        if name not in MESSAGES:
            raise BadInput(f"There is no message {quoted(name)}.{did_you_mean(name, MESSAGES)}")
        own = self._own / f"{name}{ENDING}" if self._own is not None else None
        try:
            if own is not None and (own.is_symlink() or own.exists()):
                return MessageFile(name, own, "own")
        except OSError as error:
            raise BadInput(f"{clean(str(own))} cannot be read: {error.strerror}.") from None
        return MessageFile(name, self._bundled / f"{name}{ENDING}", "bundled")

    def problems(self) -> list[str]:
        """Own files that no message has the name of, each with the nearest; they are never used."""
        if self._own is None:
            return []
        try:
            if not self._own.is_dir():
                return []
            files = sorted(path for path in self._own.iterdir() if not path.name.startswith("."))
        except OSError as error:
            return [f"{clean(str(self._own))} cannot be read: {error.strerror}."]
        known = [f"{name}{ENDING}" for name in MESSAGES]
        return [
            f"{clean(str(path))} is no message's template.{did_you_mean(path.name, known)}"
            for path in files
            if path.name not in known
        ]


def _text(path: Path) -> str:
    """The content of a template's file. Raises BadInput for one that is missing, too large, or no UTF-8."""
    shown = clean(str(path))
    try:
        content = read_regular(path, SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise BadInput(f"There is no file {shown}.") from None
    except OSError as error:
        raise BadInput(f"{shown} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    if len(content) > SIZE_LIMIT:
        raise BadInput(f"{shown} is larger than {SIZE_LIMIT // 1024} KB. A message is shorter than that.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{shown}:{line}: this is no UTF-8. Save the file as UTF-8.") from None
