"""Evidence: kept by content, read for people, taken along by an export and brought by an import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.domain.checklist import Kept, kept_files
from relui.domain.log import Act, Entry
from relui.domain.patches import Document
from relui.domain.text import clean
from relui.errors import BadInput, StoreError
from relui.files import ensure_folder, read_regular, words_of, write_atomic
from relui.store.records import digest_of

if TYPE_CHECKING:
    from relui.desk.journal import Journal
    from relui.store.seam import EvidenceStore

EVIDENCE_LIMIT = 5 * 1024 * 1024
"""Bytes of a file that is kept as evidence."""
READ_LIMIT = 256 * 1024
"""Bytes of a file that are shown as text."""


class EvidenceFile(Struct, frozen=True):
    """A file that a release names as evidence, where it is kept, and whether it is there."""

    kept: Kept
    where: str
    there: bool


FOLDER = "evidence"
"""The folder beside exported releases in which their evidence lies, each file named by its SHA-256."""
IMPORT = "import"


class EvidenceActs:
    """What is kept as evidence, and where."""

    def __init__(self, journal: Journal) -> None:
        self._journal, self._store = journal, journal.store

    def reference(self, given: str) -> str:
        """What is recorded for evidence as typed: a link or reference as it is, a `@FILE` kept by content.

        Raises BadInput for a file that is not there or larger than EVIDENCE_LIMIT.
        """
        if not given.startswith("@"):
            return given
        path = Path(given[1:])
        try:
            if given.startswith("@~/"):
                path = path.expanduser()
            content = read_regular(path, EVIDENCE_LIMIT + 1)
        except (FileNotFoundError, IsADirectoryError, RuntimeError):  # the last: there is no home folder
            raise BadInput(f"There is no file '{given[1:]}' to keep as evidence.") from None
        except OSError as error:
            raise BadInput(f"'{given[1:]}' cannot be kept as evidence: {words_of(error)}.") from None
        if len(content) > EVIDENCE_LIMIT:
            raise BadInput(
                f"{path} is larger than {EVIDENCE_LIMIT // 1024 // 1024} MB. Name it by a link instead."
            )
        return self.keep(content, path.name)

    def keep(self, content: bytes, name: str) -> str:
        """Keep a file as evidence and return its reference: `sha256:DIGEST NAME`. Raises StoreError."""
        return f"sha256:{self._store.evidence.keep(content)} {name}"

    def files(self, state: object) -> tuple[EvidenceFile, ...]:
        """The files that a release as stored names as evidence, wherever in it, each once."""
        store = self._store.evidence
        return tuple(
            EvidenceFile(kept, store.where(kept.digest), store.holds(kept.digest))
            for kept in kept_files(state)
        )

    def text(self, found: EvidenceFile) -> str:
        """What is in a file, as far as it is text that a terminal can show. Raises BadInput."""
        name, store = found.kept.words, self._store.evidence
        if not store.holds(found.kept.digest):
            raise BadInput(
                f"{name} is not here: there is no {found.where}. An import may have come without it."
            )
        try:
            content = store.read(found.kept.digest, READ_LIMIT + 1)
        except StoreError as error:
            raise BadInput(error.message) from None
        if len(content) > READ_LIMIT or b"\0" in content:
            what = "no text" if b"\0" in content else "too long to show"
            raise BadInput(f"{name} is {what}. It is kept as {found.where}")
        return clean(content.decode("utf-8", errors="replace"), multiline=True)


def take_along(store: EvidenceStore, digests: Iterable[str], to: Path) -> None:
    """Copy files of evidence into the folder of an export; what is gone here is left. Raises StoreError."""
    for digest in digests:
        if store.holds(digest):
            ensure_folder(to / FOLDER)
            write_atomic(to / FOLDER / digest, store.read(digest))


def bring(store: EvidenceStore, documents: Iterable[Document], folder: Path) -> None:
    """Keep what lies beside an import and bears the name of its content. BadInput for what does not."""
    for digest in sorted({kept.digest for document in documents for kept in kept_files(document)}):
        path = folder / FOLDER / digest
        if store.holds(digest):
            continue
        try:
            content = read_regular(path)
        except OSError:  # it did not come along, which the release's log then says
            continue
        if digest_of(content) != digest:
            raise BadInput(f"{path} is not what its name says: it was altered. Nothing was imported.")
        store.keep(content)


def note_missing(missing: Sequence[str]) -> Act:
    """The act that notes which evidence an import did not bring."""
    many = "1 file" if len(missing) == 1 else f"{len(missing)} files"
    text = f"imported without {many} of evidence"
    return Act(IMPORT, text, " ".join(f"sha256:{digest}" for digest in missing), reversible=False)


def not_delivered(entries: Iterable[Entry]) -> frozenset[str]:
    """The digests of the evidence that an import did not bring, as it noted them."""
    return frozenset(
        word.removeprefix("sha256:")
        for entry in entries
        if entry.act == IMPORT and not entry.patches
        for word in entry.reason.split()
        if word.startswith("sha256:")
    )
