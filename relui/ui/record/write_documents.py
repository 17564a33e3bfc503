"""Writing a release's documents to files: one of them, or the hand-off bundle with one key [S1.26]."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from relui.ui.kit.choose import Choose
from relui.ui.kit.question import ask_line

if TYPE_CHECKING:
    from relui.ui.kit.screen import DeskScreen

_BUNDLE = "handoff"


def write_bundle(screen: DeskScreen, release_id: str) -> None:
    """Write the hand-off as a new folder, and a zip beside it, where relui was started.

    Raises StoreError when nothing can be written there.
    """
    folder = _free(Path.cwd() / f"{release_id}-{_BUNDLE}")
    screen.say(_bundle_written(screen, release_id, folder), "done")


async def write_document(screen: DeskScreen, release_id: str) -> None:
    """Write a document, choosing which and where; nothing is overwritten."""
    from relui.desk.documents import DOCUMENTS

    names = list(DOCUMENTS)
    choices = [(name, DOCUMENTS[name]) for name in names]
    chosen = await screen.app.push_screen_wait(Choose("Write a document", choices))
    if chosen is None:
        return
    name = names[chosen]
    bundle = name == _BUNDLE
    hint = "A new folder; a zip of it is written beside it." if bundle else "A new file, in Markdown."
    value = f"{release_id}-{name}" + ("" if bundle else ".md")

    def write(path: str) -> str:
        target = Path(path.strip()).expanduser()
        if bundle:
            return _bundle_written(screen, release_id, target)
        written = screen.desk.write_text(target, screen.desk.document(release_id, name))
        return f"Written: {written.absolute()}."

    said = await ask_line(screen, f"Write {DOCUMENTS[name]} to", hint, write, value=value, required=True)
    if said is not None:
        screen.say(said, "done")


def _bundle_written(screen: DeskScreen, release_id: str, folder: Path) -> str:
    files = screen.desk.write_handoff(release_id, folder)
    return f"Written: {folder.absolute()} ({len(files) - 1} documents), and {files[-1].name}."


def _free(wanted: Path) -> Path:
    """A name that neither folder nor zip has yet: an earlier bundle stays as it was handed over."""
    names = (wanted if n == 1 else wanted.with_name(f"{wanted.name}-{n}") for n in count(1))
    return next(each for each in names if not (os.path.lexists(each) or os.path.lexists(f"{each}.zip")))
