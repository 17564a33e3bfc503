"""A text of several lines. Esc keeps what was typed as a draft; nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from relui.domain.text import clean
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
        from relui.ui.kit.editor import edit_in_editor

        area = self.query_one(TextArea)
        area.text = edit_in_editor(self.app, area.text, self._title)
