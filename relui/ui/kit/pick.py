"""Choosing in one line: one of a few (`< minor >`), or some of a few (`[x] aws  [ ] mobile`)."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from relui.ui.kit.lines import MarkStyles, Painted
from relui.ui.kit.text import line


class _OneLine(Painted, Widget, can_focus=True):
    DEFAULT_CSS = "_OneLine { height: 1; width: 1fr; background: $panel; color: $text; }"

    class Changed(Message):
        """Something else is chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._marks = MarkStyles(self)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line, or as many as the content needs."""
        return max(1, len(self.lines(max(width, 10))))

    def lines(self, width: int) -> list[Content]:
        """What is shown."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Paint one line; with the keyboard it has the cursor's ground."""
        base = self.visual_style
        shown = self.lines(self.size.width)
        content = shown[y] if y < len(shown) else Content()
        return self._strip(content, self.size.width, base)

    def on_focus(self) -> None:
        """Show who has the keyboard."""
        self.refresh()

    def on_blur(self) -> None:
        """Show who has the keyboard."""
        self.refresh()


class Pick(_OneLine):
    """One of a few: left and right choose."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("right,space,l", "turn(1)", show=False),
        Binding("left,h", "turn(-1)", show=False),
    ]

    def __init__(self, choices: Sequence[tuple[str, str]], value: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices = list(choices)
        self.value = value or (self.choices[0][0] if self.choices else "")
        self._chosen = ""
        """What was chosen before choices were offered that have it not."""

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices; the value stays if it is among them, and comes back when it is again."""
        self.choices = list(choices)
        names = [name for name, _ in self.choices]
        if self._chosen in names:
            self.value, self._chosen = self._chosen, ""
        elif names and self.value not in names:
            self._chosen = self._chosen or self.value
            self.value = names[0]
        self.refresh()

    def lines(self, width: int) -> list[Content]:
        """`< value >`, with words."""
        words = dict(self.choices).get(self.value, "")
        mark = "cursor" if self.has_focus else "text"
        return [
            line((" < ", "muted"), (f" {self.value} ", mark), (" > ", "muted"), (words, "muted")).truncate(
                width
            )
        ]

    def action_turn(self, by: int) -> None:
        """Choose the next or the one before."""
        names = [name for name, _ in self.choices]
        if names:
            index = names.index(self.value) if self.value in names else 0
            self.value, self._chosen = names[(index + by) % len(names)], ""
            self.refresh()
            self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """A click chooses the next."""
        self.action_turn(1)


class Picks(_OneLine):
    """Some of a few: left and right move, Space switches."""

    DEFAULT_CSS = "Picks { height: auto; }"

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("right,l", "move(1)", show=False),
        Binding("left,h", "move(-1)", show=False),
        Binding("space", "switch", show=False),
    ]

    def __init__(self, names: Sequence[str], chosen: Sequence[str] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names = list(names)
        self.chosen = set(chosen)
        self.at = 0

    def offer(self, names: Sequence[str]) -> None:
        """Other names; what is chosen stays, and counts while it is there."""
        if list(names) != self.names:
            self.names = list(names)
            self.at = 0
            self.refresh(layout=True)

    def lines(self, width: int) -> list[Content]:
        """`[x] name  [ ] name`, folded."""
        if not self.names:
            return [line((" (none)", "muted"))]
        rows: list[list[str | tuple[str, str]]] = [[" "]]
        used = 1
        for index, name in enumerate(self.names):
            text = f"[{'x' if name in self.chosen else ' '}] {name}"
            if used + len(text) + 2 > width and used > 1:
                rows.append([" "])
                used = 1
            mark = (
                "cursor" if self.has_focus and index == self.at else "done" if name in self.chosen else "text"
            )
            rows[-1] += [(text, mark), "  "]
            used += len(text) + 2
        return [line(*row) for row in rows]

    def action_move(self, by: int) -> None:
        """Move among the names."""
        if self.names:
            self.at = (self.at + by) % len(self.names)
            self.refresh()

    def action_switch(self) -> None:
        """Choose the name, or not any more."""
        if self.names:
            self.chosen ^= {self.names[self.at]}
            self.refresh()
            self.post_message(self.Changed())
