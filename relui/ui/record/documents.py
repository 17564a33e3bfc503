"""Writing a release's documents to files: one of them, or the hand-off bundle with one key [S1.26]."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from relui.desk.documents import DOCUMENTS
from relui.ui.kit.question import Choose, ask_line
from relui.ui.record.open_record import OpenRecord

_BUNDLE = "handoff"


class Documents:
    """Written where relui was started, or where somebody says; nothing is overwritten."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record

    def write_bundle(self) -> None:
        """Write the hand-off as a new folder, and a zip beside it, where relui was started.

        Raises StoreError when nothing can be written there.
        """
        folder = _free(Path.cwd() / f"{self._record.release_id}-{_BUNDLE}")
        self._record.say(self._bundle_written(folder), "done")

    async def write(self) -> None:
        """Write a document, choosing which and where."""
        record = self._record
        choices = list(DOCUMENTS.items())
        chosen = await record.app.push_screen_wait(Choose("Write a document", choices))
        if chosen is None:
            return
        name, words = choices[chosen]
        bundle = name == _BUNDLE
        hint = "A new folder; a zip of it is written beside it." if bundle else "A new file, in Markdown."
        value = f"{record.release_id}-{name}" + ("" if bundle else ".md")

        def write(path: str) -> str:
            target = Path(path.strip()).expanduser()
            if bundle:
                return self._bundle_written(target)
            written = record.desk.documents.write_text(
                target, record.desk.documents.document(record.release_id, name)
            )
            return f"Written: {written.absolute()}."

        said = await ask_line(record, f"Write {words} to", hint, write, value=value, required=True)
        if said is not None:
            record.say(said, "done")

    def _bundle_written(self, folder: Path) -> str:
        files = self._record.desk.documents.write_handoff(self._record.release_id, folder)
        return f"Written: {folder.absolute()} ({len(files) - 1} documents), and {files[-1].name}."


def _free(wanted: Path) -> Path:
    """A name that neither folder nor zip has yet: an earlier bundle stays as it was handed over."""
    names = (wanted if n == 1 else wanted.with_name(f"{wanted.name}-{n}") for n in count(1))
    return next(each for each in names if not (os.path.lexists(each) or os.path.lexists(f"{each}.zip")))
