"""Texts of several lines: in a dialog that loses nothing typed, and in the person's own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from textual.app import App, ComposeResult, SuspendNotSupported
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from relui.domain.text import clean, slug
from relui.errors import BadInput, Refused
from relui.ui.kit.dialog import Dialog

if TYPE_CHECKING:
    from relui.ui.kit.desk_app import DeskApp


class TextEditor(Dialog[str | None]):
    """Ctrl+S saves, Esc leaves and keeps a draft when something was typed."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+e", "editor", show=False, priority=True),
    ]
    DEFAULT_CSS = "TextEditor TextArea { height: 12; max-height: 60vh; }"

    def __init__(self, title: str, text: str, *, kept: str | None = None, draft: str = "") -> None:
        super().__init__()
        self._title, self._text, self._kept, self._draft = title, text, kept, draft

    def compose(self) -> ComposeResult:
        """The text, and a word when a draft was offered again."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title)).truncate(70, ellipsis=True)
            box.border_subtitle = "^S saves, ^E opens $EDITOR, Esc leaves"
            if self._kept is not None and self._kept != self._text:
                yield Static(Content("This is what was typed and not saved before."), classes="hint")
            yield TextArea(
                self._kept if self._kept is not None else self._text, tab_behavior="focus", compact=True
            )
            yield Static("", classes="wrong", markup=False)

    @property
    def drafted(self) -> dict[str, dict[str, str]]:
        """What would be lost if the app ended now: draft name -> its texts."""
        text = self.query_one(TextArea).text
        return {self._draft: {"text": text}} if self._draft and text != self._text else {}

    def action_save(self) -> None:
        """Answer with the text."""
        self.dismiss(self.query_one(TextArea).text)

    def settle(self) -> None:
        """What was typed is recorded."""
        if self._draft:
            cast("DeskApp", self.app).forget_draft(self._draft)

    def action_leave(self) -> None:
        """Leave; a text that was typed stays as a draft."""
        app = cast("DeskApp", self.app)
        for name, texts in self.drafted.items():
            app.keep_draft(name, texts)
        self.dismiss(None)

    def action_editor(self) -> None:
        """Go on in the person's own editor."""

        area = self.query_one(TextArea)
        area.text = edit_in_editor(self.app, area.text, self._title)


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
