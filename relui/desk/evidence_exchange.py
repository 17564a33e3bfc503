"""Evidence that goes along with an exported release, and what is said of evidence that did not come.

An import notes in the release's own log which files it did not bring: `verify` then tells them from those
that somebody removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from relui.domain.log import Act, Entry
from relui.domain.patches import Document
from relui.errors import BadInput
from relui.regular_files import read_regular
from relui.store.atomic import disk_errors, ensure_folder, write_atomic
from relui.store.evidence import digest_of, digests, is_kept, write_evidence

FOLDER = "evidence"
"""The folder beside exported releases in which their evidence lies, each file named by its SHA-256."""
IMPORT = "import"


def take_along(data: Path, digests: Iterable[str], to: Path) -> None:
    """Copy files of evidence into the folder of an export; what is gone here is left. Raises StoreError."""
    for digest in digests:
        if not is_kept(data, digest):
            continue
        source, target = data / FOLDER / digest, to / FOLDER / digest
        ensure_folder(target.parent)
        with disk_errors(source, "read"):
            content = read_regular(source)
        write_atomic(target, content)


def bring(data: Path, documents: Iterable[Document], folder: Path) -> None:
    """Keep what lies beside an import and bears the name of its content. BadInput for what does not."""
    wanted = {digest for document in documents for digest in digests(document) if not is_kept(data, digest)}
    for digest in sorted(wanted):
        path = folder / FOLDER / digest
        try:
            content = read_regular(path)
        except OSError:  # it did not come along, which the release's log then says
            continue
        if digest_of(content) != digest:
            raise BadInput(f"{path} is not what its name says: it was altered. Nothing was imported.")
        write_evidence(data, content)


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
