"""What is sent to the terminal: only cells that differ, and never less than that."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from relui.ui.terminal.painting import Shown

WIDTH, HEIGHT, SPLIT = 12, 3, 5
CONSOLE = Console(force_terminal=True, color_system="truecolor")
STYLES = [
    Style.parse(words)
    for words in ("none", "red", "bold red", "on blue", "white on blue", "reverse", "underline red on blue")
]
_SENT = re.compile(r"\x1b\[(?P<numbers>[0-9;]*)(?P<what>[HCm])|(?P<text>[^\x1b])")


class Glass:
    """A terminal that understands what relui sends it: places, steps to the right, and looks."""

    def __init__(self) -> None:
        self.cells = [[(" ", frozenset[str]())] * WIDTH for _ in range(HEIGHT)]
        self.look: dict[str, str] = {}
        self.y = self.x = 0

    def take(self, sent: str) -> None:
        """Show what was sent. Every character of it must be understood."""
        at = 0
        while at < len(sent):
            found = _SENT.match(sent, at)
            assert found is not None, sent[at:]
            at = found.end()
            if found["text"] is not None:
                self.cells[self.y][self.x] = (found["text"], frozenset(self.look.values()))
                self.x += 1
            elif found["what"] == "H":
                self.y, self.x = (int(number) - 1 for number in found["numbers"].split(";"))
            elif found["what"] == "C":
                self.x += int(found["numbers"])
            else:
                self._change(found["numbers"].split(";"))

    def _change(self, codes: list[str]) -> None:
        for code in codes:
            if code in ("", "0"):
                self.look = {}
            elif code in ("39", "49"):
                self.look.pop(code[0], None)
            elif code[0] in "34" and len(code) == 2:
                self.look[code[0]] = code
            else:
                self.look[code] = code

    def seen(self) -> list[list[tuple[str, frozenset[str]]]]:
        """The cells as an eye tells them apart: a blank has a ground and lines, and nothing else."""
        return [
            [
                (text, look if text != " " else frozenset(c for c in look if c in ("4", "7") or c[0] == "4"))
                if "7" not in look
                else (text, look)
                for text, look in row
            ]
            for row in self.cells
        ]


texts = st.lists(
    st.tuples(st.text("ab │", min_size=1, max_size=4), st.sampled_from(STYLES)), min_size=1, max_size=5
)
screens = st.lists(st.tuples(texts, texts), min_size=HEIGHT, max_size=HEIGHT)


def strips(line: tuple[list[tuple[str, Style]], list[tuple[str, Style]]]) -> list[Strip]:
    """A line of two widgets side by side."""
    return [
        Strip([Segment(text, style) for text, style in piece]).adjust_cell_length(width)
        for piece, width in zip(line, (SPLIT, WIDTH - SPLIT), strict=True)
    ]


def whole(lines: Sequence[list[Strip]]) -> LayoutUpdate:
    """The full update that paints all lines."""
    return LayoutUpdate(list(lines), Region(0, 0, WIDTH, HEIGHT))


def partial(lines: Sequence[list[Strip]], spans: list[tuple[int, int, int]]) -> ChopsUpdate:
    """The partial update that paints some of them, as Textual does."""
    chops = [dict(zip((0, SPLIT), line, strict=True)) for line in lines]
    return ChopsUpdate(chops, spans, [[SPLIT, WIDTH]] * HEIGHT)


def sent(shown: Shown, update: ChopsUpdate | LayoutUpdate) -> str:
    """What goes to the terminal; a full update's line feeds are of no account to it."""
    text: str = shown.sparing(update).render_segments(CONSOLE)
    return text.replace("\n", "")


EVERYTHING = [(y, 0, WIDTH) for y in range(HEIGHT)]


@given(st.lists(screens, min_size=2, max_size=4))
def test_the_terminal_shows_what_was_to_be_painted(painted: list[list[tuple[list, list]]]) -> None:  # type: ignore[type-arg]
    shown, glass, plain = Shown(), Glass(), Glass()
    for number, lines in enumerate([strips(line) for line in screen] for screen in painted):
        glass.take(sent(shown, partial(lines, EVERYTHING) if number else whole(lines)))
        plain.take(whole(lines).render_segments(CONSOLE).replace("\n", ""))
        assert glass.seen() == plain.seen()
        assert glass.look == {}


@given(screens, screens)
def test_it_never_sends_more_than_textual_would(first: list, second: list) -> None:  # type: ignore[type-arg]
    shown = Shown()
    sent(shown, whole([strips(line) for line in first]))
    update = partial([strips(line) for line in second], EVERYTHING)
    assert len(sent(shown, update)) <= len(update.render_segments(CONSOLE))


@pytest.fixture
def lines() -> list[list[Strip]]:
    """Three painted lines."""
    return [strips(([("a " * 6, STYLES[1])], [("b" * 12, STYLES[4])])) for _ in range(HEIGHT)]


def test_what_is_shown_already_is_not_sent(lines: list[list[Strip]]) -> None:
    shown = Shown()
    sent(shown, whole(lines))
    assert sent(shown, partial(lines, EVERYTHING)) == ""


def test_one_changed_character_is_sent_alone(lines: list[list[Strip]]) -> None:
    shown = Shown()
    sent(shown, whole(lines))
    lines[1] = [lines[1][0], Strip([Segment("bbbxbbb", STYLES[4])])]
    assert sent(shown, partial(lines, [(1, SPLIT, WIDTH)])) == "\x1b[2;9H\x1b[37;44mx\x1b[0m"


def test_everything_is_sent_again_when_somebody_else_had_the_terminal(lines: list[list[Strip]]) -> None:
    shown, glass, plain = Shown(), Glass(), Glass()
    sent(shown, whole(lines))
    shown.forget()
    glass.take(sent(shown, partial(lines, EVERYTHING)))
    plain.take(sent(Shown(), whole(lines)))
    assert glass.seen() == plain.seen()


@pytest.mark.parametrize("text", ["漢字", "e\u0301", "👩‍🚀"])
def test_wide_and_combined_characters_are_sent_as_a_whole(text: str) -> None:
    shown = Shown()
    before = [strips(([("plain", STYLES[0])], [("b", STYLES[4])])) for _ in range(HEIGHT)]
    after = [strips(([(text, STYLES[1])], [("b", STYLES[4])])) for _ in range(HEIGHT)]
    sent(shown, whole(before))
    assert sent(shown, partial(after, EVERYTHING)).count(after[0][0].render(CONSOLE)) == HEIGHT
    assert sent(shown, partial(after, EVERYTHING)) == ""
    assert "plain" in sent(shown, partial(before, EVERYTHING))


def test_links_are_kept() -> None:
    shown = Shown()
    link = Style(link="https://example.org/notes")
    lines = [strips(([("notes", link)], [("b", STYLES[4])])) for _ in range(HEIGHT)]
    assert "https://example.org/notes" in sent(shown, partial(lines, EVERYTHING))
