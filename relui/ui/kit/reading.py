"""Texts to read over a screen: an error, a verification, figures; keys scroll them, Esc closes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.log import IntegrityCheck
from relui.domain.text import clean
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.lines import Pane
from relui.ui.kit.text import paragraphs


class Reading(Dialog[None]):
    """Shows one pane. Subclasses say which keys close it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,space,ctrl+f,ctrl+d,J", "scroll(14)", show=False),
        Binding("pageup,ctrl+b,ctrl+u,K", "scroll(-14)", show=False),
        Binding("g,home", "scroll(-9999)", show=False),
        Binding("G,end", "scroll(9999)", show=False),
    ]

    def write(self) -> None:
        """Fill the pane; called when the dialog has a size, and again when that changes."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Write the lines."""
        self.call_after_refresh(self.write)

    def on_resize(self) -> None:
        """Lines depend on the width."""
        self.call_after_refresh(self.write)

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(Pane).scroll_relative(y=by, animate=False)


class Notice(Reading):
    """Any of Esc, Enter and q closes it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,enter,q", "close", show=False),
    ]
    DEFAULT_CSS = (
        "Notice .dialog { height: auto; } Notice Pane { height: auto; max-height: 24; min-height: 2; }"
    )

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self.text = title, text

    def compose(self) -> ComposeResult:
        """The text in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title))
            box.border_subtitle = "Esc closes"
            yield Pane()

    def write(self) -> None:
        """Fold the text to the dialog's width."""
        pane = self.query_one(Pane)
        lines = paragraphs(self.text)
        pane.styles.height = min(24, sum(max(1, -(-content.cell_length // 66)) for content in lines) + 1)
        pane.show(lines)


class Figures(Reading):
    """Any of Esc, Enter and q closes it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,enter,q", "close", show=False),
    ]
    DEFAULT_CSS = "Figures Pane { height: auto; max-height: 70vh; min-height: 2; }"

    def __init__(self, title: str, lines: Sequence[Content]) -> None:
        super().__init__()
        self._title, self._lines = title, list(lines)

    def compose(self) -> ComposeResult:
        """The lines in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(clean(self._title)).truncate(70, ellipsis=True)
            box.border_subtitle = "j k scroll, Esc closes"
            yield Pane()

    def write(self) -> None:
        """As high as there are lines."""
        pane = self.query_one(Pane)
        pane.styles.height = sum(max(1, -(-content.cell_length // 66)) for content in self._lines)
        pane.show(self._lines)


def verdict_text(found: IntegrityCheck) -> str:
    """The answer first, then every problem, and the seal of what is intact."""
    entries = "1 entry" if found.entries == 1 else f"{found.entries} entries"
    if found.intact:
        paragraphs = [f"{found.id} is intact: its log of {entries} gives the state that is recorded."]
    else:
        paragraphs = [f"{found.id} is NOT INTACT. It was altered outside relui, or is damaged ({entries}):"]
        paragraphs += [f"! {problem}" for problem in found.problems]
    if found.simulated:
        paragraphs.append(f"Written under a clock that was set by hand: {found.simulated} of {entries}.")
    paragraphs += [f"Not delivered with the import: its evidence {name}." for name in found.not_delivered]
    if found.intact:
        paragraphs.append(
            f"Seal: {found.seal}\nKept elsewhere, it proves later that no end was cut: relui verify --seal."
        )
    return "\n\n".join(paragraphs)
