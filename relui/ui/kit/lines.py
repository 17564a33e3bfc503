"""The ground of relui's widgets: lines of `Content` with named marks, painted one by one.

Textual's own lists repaint whole on every key; over SSH that is felt. Here a change refreshes only
the lines whose text changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content, Span
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from relui.ui.kit.text import line, wrapped
from relui.ui.kit.themes import mark_styles

_MODIFIERS = {
    "bold": Style(bold=True),
    "dim": Style(dim=True),
    "underline": Style(underline=True),
    "reverse": Style(reverse=True),
}


class MarkStyles:
    """The styles of the marks in the app's present theme, looked up by name such as `bold overdue`."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._theme = ""
        self._styles: dict[str, Style] = {}
        self._strips: dict[_Key, Strip] = {}

    def __call__(self, name: str | Style) -> Style:
        """The style of a mark, with modifiers before it; an unknown name is plain text."""
        if isinstance(name, Style):
            return name
        self._follow_theme()
        return self._named(name)

    def strip(self, content: Content, width: int, base: Style) -> Strip:
        """A line in these styles, as wide as asked. Lines that only moved are not worked out again."""
        self._follow_theme()
        key = (content.plain, tuple(content.spans), width, base)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= _KEPT:
                self._strips.clear()
            strip = self._strips[key] = self._painted(content, width, base)
        return strip

    def _follow_theme(self) -> None:
        app = self._widget.app
        if app.theme != self._theme:
            self._theme = app.theme
            self._styles = mark_styles(app.theme_variables)
            self._strips.clear()

    def _named(self, name: str | Style) -> Style:
        if isinstance(name, Style):
            return name
        found = self._styles.get(name)
        if found is None:
            found = Style()
            for word in name.split():
                found += _MODIFIERS.get(word) or self._styles.get(word) or Style()
            self._styles[name] = found
        return found

    def _painted(self, content: Content, width: int, base: Style) -> Strip:
        rich_base = base.rich_style
        segments = [
            Segment(text, style.rich_style if style else rich_base)
            for text, style in content.render(base, end="", parse_style=self._named)
        ]
        return Strip(segments).adjust_cell_length(width, rich_base)


_KEPT = 300
"""Lines that a widget remembers in their painted form: some screenfuls."""
_Key = tuple[str, tuple[Span, ...], int, Style]


class Painted:
    """Turns a line into a Strip in the widget's colours. Mixed into widgets below."""

    _marks: MarkStyles

    def render_str(self, text_content: str | Content) -> Content:
        """A title as it is: it may hold what somebody typed, and that is never markup."""
        return text_content if isinstance(text_content, Content) else line(text_content)

    def _strip(self, content: Content, width: int, base: Style) -> Strip:
        return self._marks.strip(content, width, base)


class Bar(Painted, Widget):
    """One or a few fixed lines: title bars, the phase strip, messages, keys."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._marks = MarkStyles(self)
        self._lines: list[Content] = []

    def show(self, *lines: Content) -> None:
        """Set the lines; only those that differ are repainted."""
        old, self._lines = self._lines, list(lines)
        for y in range(max(len(old), len(self._lines))):
            if y >= len(old) or y >= len(self._lines) or not old[y].is_same(self._lines[y]):
                self.refresh(Region(0, y, max(self.size.width, 1), 1))

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join(content.plain.rstrip() for content in self._lines)

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        content = self._lines[y] if y < len(self._lines) else Content()
        return self._strip(content, self.size.width, self.visual_style)


def measure(view: ScrollView, size: Size) -> None:
    """Set how much a view holds. Only a scroll bar that comes or goes is worth a new layout of the screen."""
    old, height = view.virtual_size, view.scrollable_content_region.height
    if size == old:
        return
    if not height or (old.height > height) != (size.height > height):
        view.virtual_size = size
        return
    view.set_reactive(Widget.virtual_size, size)
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.window_virtual_size = size.height
        if view.scroll_y > view.max_scroll_y:
            view.scroll_to(y=view.max_scroll_y, animate=False)


class Pane(Painted, ScrollView, can_focus=False, inherit_bindings=False):
    """Read-only text, folded to the width; scrolls when there is more than fits."""

    DEFAULT_CSS = """
    Pane {
        width: 1fr; height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None, fold: bool = True) -> None:
        super().__init__(id=id, classes=classes)
        self._marks = MarkStyles(self)
        self._source: list[Content] = []
        self._lines: list[Content] = []
        self._fold = fold

    def show(self, lines: Iterable[Content], *, top: bool = False) -> None:
        """Set the text; `top` scrolls back to its beginning. Only lines that differ are repainted."""
        self._source = list(lines)
        if top and self.scroll_y:
            self.scroll_to(y=0, animate=False)
        self._refold()

    @property
    def text(self) -> str:
        """All of the text, as plain lines."""
        return "\n".join(content.plain for content in self._source)

    def folded(self, width: int) -> list[Content]:
        """The text as lines of at most `width` cells."""
        return wrapped(self._source, width) if self._fold else self._source

    def _refold(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        old = self._lines
        self._lines = self.folded(width)
        measure(self, Size(width, len(self._lines)))
        for y in range(max(len(old), len(self._lines))):
            same = y < len(old) and y < len(self._lines) and old[y].is_same(self._lines[y])
            if not same:
                self.refresh_line(y)

    def on_resize(self, event: events.Resize) -> None:
        """Fold again at the new width."""
        self._refold()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        index = y + self.scroll_offset.y
        content = self._lines[index] if index < len(self._lines) else Content()
        return self._strip(content, self.scrollable_content_region.width, self.visual_style)


class Rows(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The lines of a form; scrolls as the keyboard goes from one to the next, never by keys of its own."""


class LineList(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """A list with a cursor. Subclasses say how many lines there are and what stands in each.

    It has no keys of its own: those of a ScrollView would scroll a list that is longer than its view, where
    the screen's commands move the cursor.
    """

    idle_cursor = True
    """Whether the cursor line shows while something else has the keyboard."""

    DEFAULT_CSS = """
    LineList { width: 1fr; height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    class Moved(Message):
        """The cursor is on another line (or on another thing in the same line)."""

        def __init__(self, sender: LineList, index: int) -> None:
            super().__init__()
            self.sender = sender
            self.index = index

        @property
        def control(self) -> LineList:
            """The list."""
            return self.sender

    class Chosen(Moved):
        """A line was chosen by a double click."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._marks = MarkStyles(self)
        self.cursor = 0

    def count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def content(self, index: int, width: int) -> Content:
        """The line at `index`, for `width` cells."""
        raise NotImplementedError

    def resized(self) -> None:
        """The number of lines changed: keep the cursor inside and the scroll bar right."""
        count = self.count()
        self.cursor = max(0, min(self.cursor, count - 1))
        measure(self, Size(self.scrollable_content_region.width, count))

    def on_resize(self, event: events.Resize) -> None:
        """Lines depend on the width."""
        self.resized()
        self.keep_in_sight()
        self.refresh()

    def on_focus(self) -> None:
        """The cursor line shows which list has the keyboard."""
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        """The cursor line shows which list has the keyboard."""
        self.refresh_line(self.cursor)

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.visual_style
        if index >= self.count():
            return self._strip(Content(), width, base)
        content = self.content(index, width)
        if index == self.cursor and (self.has_focus or self.idle_cursor):
            base += self._marks("cursor" if self.has_focus else "cursor-idle")
            if base.reverse:  # reversed, every mark's colour would become a ground of its own
                content = Content(content.plain)
        return self._strip(content, width, base)

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, kept inside the list, and in sight."""
        index = max(0, min(index, self.count() - 1))
        if index != self.cursor:
            self.refresh_line(self.cursor)
            self.cursor = index
            self.refresh_line(index)
            self.keep_in_sight()
        self.post_message(self.Moved(self, self.cursor))

    def keep_in_sight(self) -> None:
        """Scroll as little as needed to show the cursor."""
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if height <= 0:
            return
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def page(self) -> int:
        """How many lines a page key moves."""
        return max(1, self.scrollable_content_region.height - 1)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click chooses."""
        index = event.y + self.scroll_offset.y
        if 0 <= index < self.count():
            self.move_to(index)
            if event.chain == 2:
                self.post_message(self.Chosen(self, index))


Thing = TypeVar("Thing")


class ListOf(LineList, Generic[Thing]):
    """A list with one thing a line."""

    rows: Sequence[Thing] = ()
    """What the lines show, in order."""

    def count(self) -> int:
        """How many there are."""
        return len(self.rows)

    @property
    def selected(self) -> Thing | None:
        """The one under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None


class PickList(ListOf[Thing]):
    """A list in a dialog: the keys that move in every list of a screen move in it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("pagedown,ctrl+f", "turn(1)", show=False),
        Binding("pageup,ctrl+b", "turn(-1)", show=False),
        Binding("g,home", "move(-1000000)", show=False),
        Binding("G,end", "move(1000000)", show=False),
    ]

    def action_move(self, by: int) -> None:
        """Move the cursor by lines."""
        self.move_to(self.cursor + by)

    def action_turn(self, by: int) -> None:
        """Move the cursor by pages."""
        self.move_to(self.cursor + by * self.page())
