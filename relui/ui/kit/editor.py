"""Long texts in the person's own editor: $VISUAL, $EDITOR, or vi."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from relui.domain.text import slug
from relui.errors import BadInput, Refused


def edit_in_editor(app: App[Any], text: str, title: str, *, suffix: str = ".md") -> str:
    """Edit a text in a file of its own while the app stands aside; returns the text as saved.

    Raises BadInput when there is no editor that starts, Refused when it failed (what it wrote is not
    taken: people leave an editor with an error to say so) or the terminal cannot be handed over.
    """
    command = _command()
    with tempfile.TemporaryDirectory(prefix="relui-") as folder:
        path = Path(folder) / f"{slug(title)}{suffix}"
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                ended = subprocess.run([*command, str(path)], check=False)
        except SuspendNotSupported:
            raise Refused("This terminal cannot be handed over to an editor.") from None
        except OSError as error:
            raise BadInput(f"The editor '{command[0]}' does not start: {error.strerror}.") from None
        finally:
            app.refresh(layout=True)
        if ended.returncode:
            raise Refused(
                f"The editor '{command[0]}' ended with exit code {ended.returncode}: "
                "nothing was taken over from it."
            )
        try:
            return path.read_text(encoding="utf-8", errors="replace").rstrip("\n")
        except OSError:
            raise Refused("The editor left no file behind: nothing was taken over from it.") from None


def _command() -> list[str]:
    """The editor's command line. Raises BadInput when it cannot be read or is not installed."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        command = shlex.split(chosen)
    except ValueError:
        raise BadInput(f"EDITOR is '{chosen}', which is no command line: a quotation mark is open.") from None
    if not command or shutil.which(command[0]) is None:
        name = command[0] if command else ""
        raise BadInput(f"There is no editor '{name}' here. Set EDITOR to one that is installed.")
    return command
