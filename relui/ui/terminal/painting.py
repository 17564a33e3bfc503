"""What the terminal shows already: of a partial update only the cells that differ are sent.

Textual repaints a line from the left edge of its widget, whole panes after every change of a layout, and
says every colour anew; over SSH that is felt. Full updates pass as they are, so they mend whatever another
program wrote over the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import get_character_cell_size
from rich.console import COLOR_SYSTEMS, Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from relui.domain.text import harmless
from relui.ui.terminal.textual_private import ChopsUpdate, CompositorUpdate, LayoutUpdate

Look = tuple[str, str, str]
"""Text attributes, foreground and background as SGR codes; empty is the terminal's own."""
Cell = tuple[str, Look] | tuple[str, int]
"""A character and its look; or a piece of text that is sent whole, and the cell's place in it."""

_PLAIN: Look = ("", "", "")
_ANY = "any"
"""The foreground of a blank: whatever it is, it does not show."""
_RESET = "\x1b[0m"
_ATTRIBUTES = {
    "bold": "1", "dim": "2", "italic": "3", "underline": "4", "blink": "5", "blink2": "6", "reverse": "7",
    "conceal": "8", "strike": "9", "underline2": "21", "frame": "51", "encircle": "52", "overline": "53",
}  # fmt: skip
_ON_BLANKS = ("underline", "reverse", "strike", "underline2", "frame", "encircle", "overline")
"""Attributes that show where there is no character."""
_QUIET = {"", *(";".join(codes) for codes in (("1",), ("2",), ("3",), ("1", "2"), ("1", "3"), ("2", "3")))}
"""Attributes under which a blank may be written as it is."""
_SHORT_GAP = 3
"""So many unchanged cells between changed ones cost less than the cursor's way over them."""


class Shown:
    """The cells of one terminal, as far as they are known."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell | None]] = {}
        self._whole: Sequence[Iterable[Strip]] = ()
        self._looks: dict[Style, tuple[Look, Look]] = {}

    def forget(self) -> None:
        """Somebody else may have written to the terminal: send everything again."""
        self._rows.clear()
        self._whole = ()

    def sparing(self, update: Any) -> Any:
        """`update` so that it sends no more than it has to."""
        return Sparing(update, self) if isinstance(update, (ChopsUpdate, LayoutUpdate)) else update

    def whole(self, update: LayoutUpdate, console: Console) -> str:
        """The text of a full update. What it shows is looked at when it is needed."""
        self.forget()
        update = LayoutUpdate([[safe(strip) for strip in line] for line in update.strips], update.region)
        if update.region.x == 0 and update.region.y == 0:
            self._whole = [list(line) for line in update.strips]
        return update.render_segments(console)

    def partly(self, update: ChopsUpdate, console: Console) -> str:
        """The text of a partial update: the cells that differ from what is known."""
        pen = _Pen()
        for y, left, right in update.spans:
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is None or x >= right or end <= left:
                    continue
                piece = strip if end <= right else strip.crop(0, right - x)
                self._paint(y, x, safe(piece), console, pen)
        return pen.finished()

    def _paint(self, y: int, x: int, strip: Strip, console: Console, pen: _Pen) -> None:
        row = self._row(y, console)
        cells = self._cells(strip, console)
        if len(row) < x + len(cells):
            row += [None] * (x + len(cells) - len(row))
        if cells and isinstance(cells[0][1], int):
            if row[x : x + len(cells)] != cells:
                pen.whole(y, x, cells[0][0])
        else:
            for column, cell in enumerate(cells, x):
                if row[column] != cell:
                    pen.cell(y, column, row, cell)
        row[x : x + len(cells)] = cells

    def _row(self, y: int, console: Console) -> list[Cell | None]:
        row = self._rows.get(y)
        if row is None:
            row = self._rows[y] = []
            for strip in self._whole[y] if y < len(self._whole) else ():
                row += self._cells(strip, console)
        return row

    def _cells(self, strip: Strip, console: Console) -> list[Cell]:
        """The cells of a strip; text with wide or combined characters, or links, is one piece."""
        cells: list[Cell] = []
        for text, style, _ in strip:
            if (style is not None and style.link) or not _narrow(text):
                whole = strip.render(console)
                return [(whole, place) for place in range(strip.cell_length)]
            look, blank = (_PLAIN, _PLAIN) if style is None else self._look(style, console)
            cells += [(character, blank if character == " " else look) for character in text]
        return cells

    def _look(self, style: Style, console: Console) -> tuple[Look, Look]:
        """How characters look in a style, and how blanks do."""
        found = self._looks.get(style)
        if found is None:
            system = COLOR_SYSTEMS[console.color_system or "truecolor"]
            attributes = ";".join(code for name, code in _ATTRIBUTES.items() if getattr(style, name))
            front, back = (
                ";".join(colour.downgrade(system).get_ansi_codes(foreground)) if colour else ""
                for colour, foreground in ((style.color, True), (style.bgcolor, False))
            )
            look = (attributes, front, back)
            shows = any(getattr(style, name) for name in _ON_BLANKS)
            found = self._looks[style] = (look, look if shows else ("", _ANY, back))
        return found


class Sparing(CompositorUpdate):
    """An update that asks what the terminal shows at the moment when it is sent."""

    def __init__(self, update: ChopsUpdate | LayoutUpdate, shown: Shown) -> None:
        self._update = update
        self._shown = shown

    def render_segments(self, console: Console) -> str:
        """The text for the terminal; as Textual makes it, where its updates are not as they are known."""
        try:
            if isinstance(self._update, LayoutUpdate):
                return self._shown.whole(self._update, console)
            return self._shown.partly(self._update, console)
        except (AttributeError, TypeError):
            self._shown.forget()
            return self._update.render_segments(console)


def safe(strip: Strip) -> Strip:
    """`strip` without what a terminal could take for a command, or for an order of writing.

    Everything is cleaned long before; this is the last door, for what a text field shows while it is
    edited.
    """
    if all(text.isprintable() or control for text, _, control in strip):
        return strip
    return Strip(
        [
            segment if segment.control else Segment(harmless(segment.text, _blanks), segment.style)
            for segment in strip
        ]
    )


def _blanks(character: str) -> str:
    return " " * get_character_cell_size(character)


class _Pen:
    """Writes cells: moves the cursor and changes its look only where it must."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._look = _PLAIN
        self._y = self._x = -1

    def cell(self, y: int, x: int, row: Sequence[Cell | None], cell: Cell) -> None:
        """Write one cell; `row` is what stands there, for a short way to it."""
        character, look = cell
        assert not isinstance(look, int)
        if x != self._x or y != self._y:
            self._go(y, x, row)
        if look != self._look and not self._would_show(look):
            self._change(look)
        self._text.append(character)
        self._y, self._x = y, x + 1

    def _go(self, y: int, x: int, row: Sequence[Cell | None]) -> None:
        between = row[self._x : x] if y == self._y and 0 < x - self._x <= _SHORT_GAP else []
        if between and all(known is not None and self._would_show(known[1]) for known in between):
            self._text += [known[0] for known in between if known is not None]
        else:
            self._text.append(f"\x1b[{x - self._x}C" if y == self._y else f"\x1b[{y + 1};{x + 1}H")

    def whole(self, y: int, x: int, text: str) -> None:
        """Write a piece of text that brings its own looks."""
        self._text.append(f"{_RESET}\x1b[{y + 1};{x + 1}H{text}")
        self._look = _PLAIN
        self._y = self._x = -1

    def _would_show(self, look: Look | int) -> bool:
        """Whether a character written now would have that look."""
        if isinstance(look, int):
            return False
        blank = look[1] == _ANY and self._look[0] in _QUIET and self._look[2] == look[2]
        return blank or look == self._look

    def _change(self, look: Look) -> None:
        attributes, front, back = look
        if front == _ANY:
            front = self._look[1]
            if self._look[0] in _QUIET:
                attributes = self._look[0]
        if attributes != self._look[0]:
            codes = [code for code in ("0", attributes, front, back) if code]
        else:
            codes = [
                code or default
                for code, old, default in ((front, self._look[1], "39"), (back, self._look[2], "49"))
                if code != old
            ]
        self._text.append(f"\x1b[{';'.join(codes)}m")
        self._look = (attributes, front, back)

    def finished(self) -> str:
        """Everything that was written, with the look put back."""
        if self._look != _PLAIN:
            self._text.append(_RESET)
            self._look = _PLAIN
        return "".join(self._text)


def _narrow(text: str) -> bool:
    """Every character takes one cell of its own."""
    return text.isascii() or all(get_character_cell_size(character) == 1 for character in text)
