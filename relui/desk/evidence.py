"""Reading evidence: where the files that a release names are kept, and what is in them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from relui.desk.core import DeskCore
from relui.domain.checklist import Kept, kept_file
from relui.domain.text import clean
from relui.errors import BadInput
from relui.regular_files import read_regular
from relui.store.atomic import words_of

READ_LIMIT = 256 * 1024
"""Bytes of a file that are shown as text."""


class EvidenceFile(Struct, frozen=True):
    """A file that a release names as evidence, where it is kept, and whether it is there."""

    kept: Kept
    path: Path
    there: bool


class EvidenceReading(DeskCore):
    """What can be asked about evidence."""

    def evidence_files(self, state: object) -> tuple[EvidenceFile, ...]:
        """The files that a release as stored names as evidence, wherever in it, each once."""
        from relui.store.evidence import references

        named = (kept_file(text) for text in references(state) if isinstance(text, str))
        return tuple(self.evidence_file(kept) for kept in dict.fromkeys(named) if kept is not None)

    def evidence_file(self, kept: Kept) -> EvidenceFile:
        """Where a file is kept. One of an imported release may not be there."""
        path = self.data / "evidence" / kept.digest
        return EvidenceFile(kept, path, path.is_file())

    def evidence_text(self, found: EvidenceFile) -> str:
        """What is in a file, as far as it is text that a terminal can show. Raises BadInput."""
        name = found.kept.words
        try:
            content = read_regular(found.path, READ_LIMIT + 1)
        except FileNotFoundError:
            raise BadInput(
                f"{name} is not here: there is no {found.path}. An import may have come without it."
            ) from None
        except OSError as error:
            raise BadInput(f"{found.path} cannot be read: {words_of(error)}.") from None
        if len(content) > READ_LIMIT or b"\0" in content:
            what = "no text" if b"\0" in content else "too long to show"
            raise BadInput(f"{name} is {what}. It is kept as {found.path}")
        return clean(content.decode("utf-8", errors="replace"), multiline=True)
