"""One of the retrospective's three texts: as Markdown to read, as an editor while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from relui.ui.kit.lines import Pane
from relui.ui.kit.markdown import markdown
from relui.ui.kit.text import line


class MarkdownPane(Pane):
    """A text as Markdown; `hint` stands there while it is empty."""

    DEFAULT_CSS = "MarkdownPane { scrollbar-gutter: auto; }"

    def __init__(self, hint: str, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text, self._hint = "", hint

    def show_text(self, text: str) -> None:
        """Set the text."""
        self._text = text
        self.show(line(row) for row in text.split("\n"))

    def folded(self, width: int) -> list[Content]:
        """The Markdown at a width."""
        if not self._text.strip():
            return line((self._hint, "muted")).wrap(width)
        return markdown(self._text, width)


class AnswerArea(TextArea):
    """A text area in which relui's own two keys go before Textual's."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("ctrl+e", "screen.command('retrospective-editor')", show=False, priority=True),
        Binding("ctrl+s", "screen.command('retrospective-save')", show=False, priority=True),
    ]


class Answer(Container):
    """Read as Markdown; while it is written the editor, with the Markdown below it where there is room.

    `stored` is the text on disk, `began` what was on disk when the writing began.
    """

    DEFAULT_CSS = """
    Answer { layout: vertical; padding: 0 1; }
    Answer TextArea {
        border: none; padding: 0; height: 1fr; background: $surface; color: $text; display: none;
    }
    Answer TextArea:focus { border: none; }
    Answer .preview { height: 1fr; }
    Answer.-writing TextArea { display: block; }
    Answer.-writing .preview { display: none; }
    Answer.-writing.-roomy .preview {
        display: block; height: 40%; border-top: solid $line; border-title-color: $muted;
        border-title-background: $ground;
    }
    """

    def __init__(self, name: str, question: str, hint: str) -> None:
        super().__init__(id=name, classes="framed")
        self.question, self._hint = question, hint
        self.stored = self.began = ""

    def compose(self) -> ComposeResult:
        """The editor and the Markdown."""
        yield AnswerArea(tab_behavior="focus", compact=True)
        yield MarkdownPane(self._hint, classes="preview")

    @property
    def area(self) -> AnswerArea:
        """The editor."""
        return self.query_one(AnswerArea)

    @property
    def preview(self) -> MarkdownPane:
        """The Markdown."""
        return self.query_one(MarkdownPane)

    @property
    def text(self) -> str:
        """What is typed now."""
        return self.area.text

    @property
    def unsaved(self) -> bool:
        """Something was typed that is not on disk."""
        return self.text.strip() != self.stored.strip()

    @property
    def writing(self) -> bool:
        """It is being written."""
        return self.has_class("-writing")

    def take(self, stored: str) -> bool:
        """Take over the text on disk. False when what is typed here stays, since it differs from both."""
        mine = self.unsaved
        self.stored = stored
        if not mine:
            self.began = stored
            self._put(stored)
        self.show()
        return not (mine and self.began.strip() != stored.strip() and self.unsaved)

    def restore(self, text: str, began: str) -> None:
        """What was typed earlier and not saved."""
        self.began = began
        self.area.text = text
        self.show()

    def forget(self) -> None:
        """Back to what is on disk."""
        self.began = self.stored
        self._put(self.stored)
        self.show()

    def _put(self, text: str) -> None:
        """Set the text where it differs; whoever is writing goes on where they are.

        Blanks at the end are no difference: they are dropped on the disk, and somebody may stand behind them.
        """
        area = self.area
        if area.text.strip() == text.strip():
            return
        selection, scrolled = area.selection, area.scroll_offset
        area.text = text
        area.selection = Selection(_within(area, selection.start), _within(area, selection.end))
        area.scroll_to(scrolled.x, scrolled.y, animate=False)

    def show(self) -> None:
        """The Markdown and the words in the frame, from what is typed."""
        self.preview.show_text(self.text)
        self.border_title = Content(self.question)
        state = "not saved yet" if self.unsaved else "" if self.stored.strip() else "not written"
        self.border_subtitle = Content(state)

    def begin(self) -> None:
        """Write in it."""
        self.add_class("-writing")
        self.area.focus()
        self.area.move_cursor(self.area.document.end)

    def end(self) -> None:
        """Read it."""
        self.remove_class("-writing")
        self.show()

    def on_text_area_changed(self, event: Any) -> None:
        """The Markdown follows what is typed."""
        self.show()


def _within(area: TextArea, place: tuple[int, int]) -> tuple[int, int]:
    """The place (row, column) in a text, or the nearest that the text has now."""
    row = min(place[0], area.document.line_count - 1)
    return row, min(place[1], len(area.document.get_line(row)))


def typed_texts(answers: Iterable[Answer]) -> dict[str, str]:
    """What is typed, as a draft keeps it: each text by its name, and what its writing began from."""
    texts: dict[str, str] = {}
    for answer in answers:
        texts |= {str(answer.id): answer.text, f"{answer.id}-began": answer.began}
    return texts


def restore(answers: Iterable[Answer], texts: Mapping[str, str]) -> None:
    """Show what a draft kept, in place of what is on disk."""
    for answer in answers:
        name = str(answer.id)
        if name in texts:
            answer.restore(texts[name], texts.get(f"{name}-began", answer.stored))


def as_markdown(answers: Iterable[Answer]) -> str:
    """The texts that are written, under their questions."""
    return "\n\n".join(f"## {each.question}\n\n{each.text}" for each in answers if each.text.strip())
