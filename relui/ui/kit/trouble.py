"""Help in trouble: what to do about the symptom that is met here, else about all twelve [S1.35]."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.learning.trouble import REMEDIES, Remedy, trouble_for
from relui.ui.kit.lines import Pane
from relui.ui.kit.reading import Reading
from relui.ui.kit.text import line


class TroubleDialog(Reading):
    """What is met here is told in full; `a` shows the others too."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q,enter,r", "close", show=False),
        Binding("a", "all", show=False),
    ]
    DEFAULT_CSS = """
    TroubleDialog .dialog { width: 90; max-width: 94%; height: auto; }
    TroubleDialog Pane { height: auto; }
    """

    def __init__(self, situations: Sequence[str]) -> None:
        super().__init__()
        self._met = trouble_for(*situations)
        self._all = not self._met

    def compose(self) -> ComposeResult:
        """The words in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = "In trouble"
            yield Pane()

    def write(self) -> None:
        """As high as there are lines, where there is room."""
        pane, box = self.query_one(Pane), self.query_one(".dialog")
        lines = self.lines(pane.scrollable_content_region.width)
        pane.styles.height = max(1, min(len(lines), self.size.height - 6))
        more = "" if self._all else "a shows all twelve, "
        scrolls = "j k scroll, " if len(lines) > self.size.height - 6 else ""
        box.border_subtitle = f"{more}{scrolls}Esc closes"
        pane.show(lines)

    def lines(self, width: int) -> list[Content]:
        """What shows, folded to a width."""
        if not self._all:
            return troubles(self._met, width)
        others = [each for each in REMEDIES if each not in self._met]
        if self._met:
            return [*troubles(self._met, width), line(""), line(("Other trouble", "muted")), line(""),
                    *troubles(others, width)]  # fmt: skip
        words = "Nothing here shows one of these. They are what releases meet most often."
        return [*line((words, "muted")).wrap(max(width, 20)), line(""), *troubles(REMEDIES, width)]

    def action_all(self) -> None:
        """Show the others too."""
        self._all = True
        self.write()


_STEP = 4
"""Columns before a step's words, on its further lines too."""


def hint_lines(situations: Sequence[str], key: str) -> list[Content]:
    """A blank line and one that asks for the symptom, names its cause and the key; nothing without help.

    It asks and does not say: that a criterion is not met may have another cause.
    """
    found = trouble_for(*situations)
    if not found:
        return []
    first, more = found[0], len(found) - 1
    tail = f"{key} tells what to do" + (f", and of {more} more" if more else "")
    cause = f"{first.cause[:1].lower()}{first.cause[1:].rstrip('.')}"
    return [
        line(""),
        line((f"{first.symptom}?", "text"), (f" Likely: {cause}. ", "muted"), (f"{tail}.", "accent")),
    ]


def remedy_lines(remedy: Remedy, width: int, *, indent: str = "") -> list[Content]:
    """Symptom, likely cause and steps, folded to a width with the steps' words below one another."""
    lines = [
        *_hanging("", (remedy.symptom, "bold accent"), width, indent),
        *_hanging("likely: ", (remedy.cause, "text"), width, indent),
    ]
    for number, step in enumerate(remedy.what_to_do, start=1):
        lines += _hanging(f"{number}.".rjust(_STEP - 1) + " ", (step, "text"), width, indent)
    return lines


def _hanging(head: str, words: tuple[str, str], width: int, indent: str) -> list[Content]:
    before = len(indent) + len(head)
    first, *rest = line(words).wrap(max(width - before, 20))
    blank = " " * before
    return [line(indent, (head, "muted"), first), *(line(blank, more) for more in rest)]


def troubles(remedies: Iterable[Remedy], width: int, *, indent: str = "") -> list[Content]:
    """Several remedies with a blank line between them."""
    lines: list[Content] = []
    for each in remedies:
        lines += [line("")] if lines else []
        lines += remedy_lines(each, width, indent=indent)
    return lines


def about(remedy: Remedy) -> str:
    """All its words, for a search."""
    return f"trouble {remedy.symptom} {remedy.cause} {' '.join(remedy.what_to_do)} {remedy.id}".casefold()
