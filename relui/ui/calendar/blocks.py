"""What days are drawn with: lines made of runs of cells, and releases as blocks.

A block says how its release stands; they stand side by side where they overlap, and are counted where there
is no room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import zip_longest

from msgspec import Struct
from rich.cells import cell_len, set_cell_size
from textual.content import Content, Span

from relui.ui.calendar.axis import Layout
from relui.ui.calendar.scene import LETTERS, Piece, Thing

HATCH = "╱"
"""What a blackout's ground is drawn with."""


class Runs:
    """One line in the making. Text must be clean already; it is never markup."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._spans: list[Span] = []
        self._at = 0

    def add(self, text: str, mark: str = "") -> None:
        """Append text in a mark."""
        if mark and text:
            self._spans.append(Span(self._at, self._at + len(text), mark))
        self._text.append(text)
        self._at += len(text)

    def content(self) -> Content:
        """The line."""
        return Content("".join(self._text), spans=self._spans)


def fitted(text: str, width: int) -> str:
    """Text in exactly `width` cells; what is cut off ends with a point of its own."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length == width:
        return text
    if length < width:
        return text + " " * (width - length)
    if width < 4:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


class Cell:
    """One row of one day: a ground in a mark, and pieces of text laid over it at offsets."""

    __slots__ = ("_laid", "_mark", "_pattern", "_width")

    def __init__(self, width: int, pattern: str = " ", mark: str = "") -> None:
        self._width, self._pattern, self._mark = width, pattern, mark
        self._laid: list[tuple[int, int, str, str]] = []

    @property
    def hatched(self) -> bool:
        """The ground is a blackout's."""
        return self._pattern.startswith(HATCH)

    @property
    def empty(self) -> bool:
        """Nothing was laid over the ground."""
        return not self._laid

    def over(self, pattern: str, mark: str) -> None:
        """Another ground, under everything that is laid over it."""
        self._pattern, self._mark = pattern, f"{self._mark} {mark}".strip()

    def lay(self, at: int, width: int, text: str, mark: str) -> None:
        """Lay a text of `width` cells over the ground; what lies there already stays."""
        width = min(width, self._width - at)
        if width > 0 and not any(
            start < at + width and at < start + size for start, size, _, _ in self._laid
        ):
            self._laid.append((at, width, fitted(text, width), mark))

    def write(self, runs: Runs, ground: str = "") -> None:
        """Append the row to a line; `ground` is a mark to paint the whole row in, for the cursor."""
        at = 0
        for start, width, text, mark in sorted(self._laid):
            self._ground(runs, at, start, ground)
            runs.add(text, f"{mark} {ground}".strip() if ground else mark)
            at = start + width
        self._ground(runs, at, self._width, ground)

    def _ground(self, runs: Runs, start: int, end: int, ground: str) -> None:
        if end > start:
            repeated = self._pattern * (self._width // len(self._pattern) + 1)
            runs.add(repeated[start:end], f"{self._mark} {ground}".strip())


Key = tuple[str, str, datetime]

SIGNS: Mapping[str, str] = {
    "booked": "[x]",
    "planned": "[ ]",
    "requested": "[?]",
    "missed": "[-]",
    "to-be-moved": "[>]",
    "conflict": "[!]",
    "deployed": "[=]",
    "rolled-back": "[<]",
    "cancelled": "[<]",
}
"""How a release stands, in three cells."""
STANDING_WORDS: Mapping[str, str] = {
    "booked": "booked",
    "planned": "planned",
    "requested": "to approve",
    "missed": "missed",
    "to-be-moved": "to be moved",
    "conflict": "conflict",
    "deployed": "deployed",
    "rolled-back": "rolled back",
    "cancelled": "cancelled",
}
STATE_MARKS: Mapping[str, str] = {
    "booked": "release",
    "planned": "partial",
    "requested": "overdue",
    "missed": "overdue",
    "to-be-moved": "overdue",
    "conflict": "failed",
    "deployed": "done",
    "rolled-back": "failed",
    "cancelled": "muted",
}
_NARROWEST_LANE = 4
_EDGED = 11
"""Cells from which a block that is not booked has an edge."""


class Look(Struct, frozen=True, kw_only=True):
    """What is marked on a view: cursor (day, minute), the selected thing, conflicts, the one being moved.

    `ghost` is the moved release where it would go, `ghost_words` what the rules say about that.
    `now` (UTC) says which slots are over. `dotted` draws windows as dots, for themes without grounds.
    """

    cursor: tuple[date, int] | None = None
    selected: Key | None = None
    now: datetime = datetime.min.replace(tzinfo=UTC)
    conflicts: frozenset[str] = frozenset()
    ghost: Thing | None = None
    ghost_free: bool = True
    ghost_words: str = ""
    dotted: bool = False
    focused: bool = True


class Block(Struct, frozen=True):
    """A release's piece in its lane: cells from `at`, `width` wide; `more` counts those without a lane."""

    piece: Piece
    at: int
    width: int
    more: int = 0


def short_id(release_id: str) -> str:
    """`11-003` of `REL-2026-11-003`."""
    return release_id[9:] if release_id.startswith("REL-") else release_id


def state_of(thing: Thing, conflicts: frozenset[str], now: datetime) -> str:
    """How a release holds its time at `now` (UTC), how that ended, or conflict."""
    hold = thing.slot.stand(now) if thing.slot is not None else "planned"
    # Who lost the slot is in conflict with who took it: that it has to move says more.
    return "conflict" if thing.id in conflicts and hold in ("planned", "booked") else hold


def lanes(pieces: Sequence[Piece], width: int) -> list[Block]:
    """Overlapping pieces side by side in a column of `width` cells; those that find no lane are counted."""
    blocks: list[Block] = []
    group: list[Piece] = []
    until = -1
    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.thing.id)):
        if piece.start >= until and group:
            blocks += _side_by_side(group, width)
            group = []
        group.append(piece)
        until = max(until, piece.end) if len(group) > 1 else piece.end
    return blocks + (_side_by_side(group, width) if group else [])


def _side_by_side(group: list[Piece], width: int) -> list[Block]:
    ends: list[int] = []
    placed: list[tuple[Piece, int]] = []
    for piece in group:
        lane = next((number for number, end in enumerate(ends) if end <= piece.start), len(ends))
        ends[lane : lane + 1] = [piece.end]
        placed.append((piece, lane))
    most = max(1, (width + 1) // (_NARROWEST_LANE + 1))
    count = min(len(ends), most)
    each = (width + 1) // count - 1
    hidden = sum(lane >= count for _, lane in placed)
    blocks = []
    for piece, lane in placed:
        if lane < count:
            last = lane == count - 1
            room = width - lane * (each + 1) if last else each
            blocks.append(Block(piece, lane * (each + 1), room, hidden if last else 0))
            hidden = 0 if last else hidden
    return blocks


def lay_block(plan: Layout, look: Look, cells: list[Cell], block: Block) -> None:
    """Lay a release over its rows: sign and identifier, then what it is, then when and how it stands."""
    thing = block.piece.thing
    ghost = thing is look.ghost
    state = state_of(thing, look.conflicts, look.now)
    mark = _mark(thing, look, state)
    rows = plan.touched(block.piece.start, block.piece.end)
    edged = not ghost and not _solid(thing) and block.width >= _EDGED
    texts = _texts(block, look, state, len(rows))
    counted = f"+{block.more}" if block.more else ""
    below = len(rows) > 1 and block.width - len(counted) < _NARROWEST_LANE  # else it hides the identifier
    for line, index in enumerate(rows):
        text = texts[line] if line < len(texts) else ""
        tail = counted if line == below else ""
        text = "" if tail and below else text
        room = block.width - len(tail)
        if edged:
            cells[index].lay(block.at, 1, "┊", mark)
        cells[index].lay(block.at + edged, room - edged, text, mark)
        if tail:
            cells[index].lay(block.at + room, len(tail), tail, "overdue")


def lay_hours(plan: Layout, look: Look, cells: list[Cell], block: Block) -> None:
    """Lay a maintenance or an event over its hours: an edge all along, its name and its times."""
    thing = block.piece.thing
    mark = f"{thing.kind} bold reverse" if thing.key == look.selected else thing.kind
    texts = [f"{LETTERS[thing.kind]} {thing.name}", *_whole(times_of(block.piece), "", block.width - 1)]
    for index, text in zip_longest(plan.touched(block.piece.start, block.piece.end), texts, fillvalue=""):
        if isinstance(index, int):
            cells[index].lay(block.at, 1, "┃", mark)
            cells[index].lay(block.at + 1, block.width - 1, text, mark)


def _mark(thing: Thing, look: Look, state: str) -> str:
    lit = "reverse underline" if look.dotted else "reverse"
    if thing is look.ghost:
        return f"{'done' if look.ghost_free else 'failed'} bold {lit}"
    if look.ghost is not None and thing.id == look.ghost.id:
        return "muted"
    if thing.key == look.selected and look.ghost is None:
        return f"{STATE_MARKS[state]} bold {lit}"
    return f"{STATE_MARKS[state]} on-release" if _solid(thing) else STATE_MARKS[state]


def _solid(thing: Thing) -> bool:
    """A booked release holds its time: it has a ground of its own, the others an edge."""
    return thing.slot is not None and thing.slot.standing == "booked"


def times_of(piece: Piece) -> str:
    """`20:00-22:00`, with points where it goes on before or after the day."""
    start = ".." if piece.before else f"{piece.start // 60:02d}:{piece.start % 60:02d}"
    end = ".." if piece.after else f"{piece.end // 60 % 24:02d}:{piece.end % 60:02d}"
    return f"{start}-{end}"


def _texts(block: Block, look: Look, state: str, rows: int) -> list[str]:
    """What stands in the rows of a block, as many lines as there are rows."""
    thing = block.piece.thing
    sign = SIGNS[state]
    name = short_id(thing.id)
    if thing is look.ghost:
        sign = "[x]" if look.ghost_free else "[!]"
    gap = " " if block.width >= 12 else ""
    head = f"{sign[1]}{name[-3:]}" if block.width < 9 else f"{sign}{gap}{name}"
    times = times_of(block.piece)
    if thing is look.ghost:
        return [head, times, look.ghost_words, thing.name][:rows]
    if rows == 1:
        return [f"{head} {thing.name}" if block.width >= 20 else head]
    if block.width >= len(head) + 6 and not block.piece.before:
        head = f"{head} {times[:5]}"
    return [head, thing.name, *_whole(times, STANDING_WORDS[state], block.width)][:rows]


def _whole(times: str, standing: str, width: int) -> list[str]:
    """Times and standing, as far as they fit whole: half an hour or half a word says nothing."""
    room = width - 1 if width >= _EDGED else width
    fitting = times if len(times) <= room else times.partition("-")[0]
    return [words for words in (fitting, standing) if len(words) <= room]
