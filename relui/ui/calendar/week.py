"""A week of the calendar as lines: days as columns, hours as rows, windows as quiet ground.

Every state has a sign beside its colour; blackouts are hatched and named.
"""

from __future__ import annotations

from datetime import date

from rich.cells import cell_len
from textual.content import Content

from relui.ui.calendar.axis import COLUMN_OF_HOURS, Layout
from relui.ui.calendar.blocks import (
    HATCH,
    SIGNS,
    STANDING_WORDS,
    STATE_MARKS,
    Cell,
    Look,
    Runs,
    fitted,
    lanes,
    lay_block,
    lay_hours,
)
from relui.ui.calendar.scene import LETTERS, Piece, Scene, pieces_of

_THIN_HATCH = f"{HATCH}  "


def week_lines(scene: Scene, plan: Layout, look: Look) -> list[Content]:
    """The whole view: heads, strip, rows, and the legend where there is a line for it."""
    lines = [_heads(scene, plan, look), *_strip(scene, plan, look), *_grid(scene, plan, look)]
    return [*lines, legend_line(plan.width, dotted=look.dotted)] if plan.legend else lines


def legend_line(width: int, *, dotted: bool = False) -> Content:
    """What the signs and grounds mean, as much of it as fits one line."""
    parts = _legend(dotted=dotted)
    whole = sum(len(sign) + len(words) + 1 for sign, _, words in parts) + len(parts) - 1
    indent, gap = (COLUMN_OF_HOURS, 2) if COLUMN_OF_HOURS + whole + len(parts) <= width else (1, 1)
    runs, used = Runs(), indent
    runs.add(" " * indent)
    for sign, mark, words in parts:
        used += len(sign) + 1 + len(words)
        if used > width:
            break
        runs.add(sign, mark)
        runs.add(f" {words}{' ' * gap}", "muted")
        used += gap
    return runs.content()


def legend_lines(*, dotted: bool = False) -> list[Content]:
    """The same in a line each, for the help."""
    lines = []
    for sign, mark, words in (*_legend(dotted=dotted), *_MORE):
        runs = Runs()
        runs.add("  ")
        runs.add(sign, mark)
        runs.add(" " * (5 - len(sign)) + words, "text")
        lines.append(runs.content())
    return lines


def _legend(*, dotted: bool) -> list[tuple[str, str, str]]:
    """Sign, mark and meaning, the most needed first."""
    return [
        *((SIGNS[state], STATE_MARKS[state], STANDING_WORDS[state]) for state in SIGNS if state not in _RARE),
        (HATCH * 3, "hatch", "blackout"),
        ("···" if dotted else "   ", "muted on-window", "window"),
        (LETTERS["maintenance"], "maintenance", "maintenance"),
        (LETTERS["event"], "event", "event"),
        (LETTERS["absence"], "absence", "away"),
        ("^", "accent", "milestone"),
        ("H", "muted", "holiday"),
    ]


_RARE = {
    "requested": "an exception that is to be approved",
    "missed": "a slot that passed unused",
    "deployed": "a deployment that is completed",
    "rolled-back": "a deployment that was rolled back, or cancelled",
    "cancelled": "",
}
_MORE = (
    *((SIGNS[state], STATE_MARKS[state], words) for state, words in _RARE.items() if words),
    ("╱  ", "hatch", "blackout of some services alone"),
    (">", "running", "the hour that is now; ━ on today"),
    ("+2", "overdue", "so many more, for which there is no room"),
    ("..", "muted", "goes on from the day before, or on the next"),
)


# -- heads and strip -------------------------------------------------------------------------------------


def _heads(scene: Scene, plan: Layout, look: Look) -> Content:
    today = scene.place(scene.now)[0]
    runs = Runs()
    runs.add(" " * COLUMN_OF_HOURS)
    for day in scene.days:
        words = f"{day:%a} {day.day}" + (f" {day:%b}" if plan.column >= 12 else "")
        mark = "muted" if day.weekday() > 4 else "text"
        if day == today:
            words, mark = f"[{words}]", "bold running"
        elif look.cursor is not None and day == look.cursor[0]:
            mark = "bold accent"
        runs.add(fitted(words, plan.column), mark)
        runs.add(" ")
    return runs.content()


def strip_words(piece: Piece, room: int) -> str:
    """`M 22:00 Storage upgrade`; whole days and narrow columns have no time."""
    thing = piece.thing
    times = ""
    if room >= 16 and not piece.before and piece.start:
        times = f"{piece.start // 60:02d}:{piece.start % 60:02d} "
    return f"{LETTERS[thing.kind]} {times}{thing.name}"


def _strip(scene: Scene, plan: Layout, look: Look) -> list[Content]:
    columns: list[list[tuple[str, str]]] = []
    for number, day in enumerate(scene.days):
        chips = [(words, _note_mark(words)) for words in scene.notes.get(day, ())]
        for kind in ("event", "maintenance", "absence"):
            chips += [
                (
                    strip_words(piece, plan.column),
                    "cursor" if piece.thing.key == look.selected else kind,
                )
                for piece in scene.pieces
                if piece.day == number and piece.thing.kind == kind
            ]
        columns.append(_cut(chips, plan.strip))
    lines = []
    for index in range(plan.strip):
        runs = Runs()
        runs.add(" " * COLUMN_OF_HOURS)
        for chips in columns:
            words, mark = chips[index] if index < len(chips) else ("", "")
            runs.add(fitted(words, plan.column), mark)
            runs.add(" ")
        lines.append(runs.content())
    return lines


def _note_mark(words: str) -> str:
    return "overdue" if words.startswith("clocks") else "accent" if words.startswith("^") else "muted"


def _cut(chips: list[tuple[str, str]], room: int) -> list[tuple[str, str]]:
    """As many as there is room for; a selected one always, and how many are left out."""
    if len(chips) <= room:
        return chips
    chosen = [chip for chip in chips if chip[1] == "cursor"]
    others = [chip for chip in chips if chip[1] != "cursor"]
    kept = (chosen + others)[: room - 1]
    return [*kept, (f"+{len(chips) - len(kept)} more", "muted")]


# -- the grid --------------------------------------------------------------------------------------------


def _grid(scene: Scene, plan: Layout, look: Look) -> list[Content]:
    by_day: list[list[Piece]] = [[] for _ in range(scene.count)]
    for piece in scene.pieces:
        by_day[piece.day].append(piece)
    columns = [_column(scene, plan, look, number, pieces) for number, pieces in enumerate(by_day)]
    cursor_row = plan.row_of(look.cursor[1]) if look.cursor is not None else -1
    cursor_day = (look.cursor[0] - scene.first).days if look.cursor is not None else -1
    today, minute = scene.place(scene.now)
    now_row = plan.row_of(minute) if today in scene.days else -1
    lines = []
    for index, row in enumerate(plan.rows):
        runs = Runs()
        here = index == cursor_row
        label = row.label if row.start % 60 == 0 else f"  :{row.start % 60:02d}"
        past = ">" if index == now_row else ""
        mark = "bold accent" if here else "running" if past else "muted"
        runs.add(f"{label}{past}".ljust(COLUMN_OF_HOURS), mark)
        for number, cells in enumerate(columns):
            at_cursor = here and number == cursor_day and look.ghost is None
            cells[index].write(runs, ("cursor" if look.focused else "cursor-idle") if at_cursor else "")
            runs.add(" ")
        lines.append(runs.content())
    return lines


def _column(scene: Scene, plan: Layout, look: Look, number: int, pieces: list[Piece]) -> list[Cell]:
    """One day: grounds, blocks over them, now, then names of the grounds where there is room."""
    pieces = [piece for piece in pieces if concerns(piece, look)]
    cells = _grounds(plan, look, pieces)
    timed = [
        piece for piece in pieces if piece.thing.kind in ("maintenance", "event") and has_hours(piece, scene)
    ]
    releases = [piece for piece in pieces if piece.thing.kind == "release"]
    left = [piece for piece in releases if look.ghost is not None and piece.thing.id == look.ghost.id]
    if look.ghost is not None:
        releases = [piece for piece in releases if piece not in left]
        releases += [piece for piece in pieces_of(look.ghost, scene) if piece.day == number]
    for block in (*lanes([*releases, *timed], plan.column), *lanes(left, plan.column)):
        (lay_block if block.piece.thing.kind == "release" else lay_hours)(plan, look, cells, block)
    _lay_now(scene, plan, cells, scene.days[number])
    named: set[tuple[str, int]] = set()
    for kind in ("blackout", "window"):
        for piece in pieces:
            place = (piece.thing.name, piece.start)
            if piece.thing.kind == kind and (place not in named or piece.thing.key == look.selected):
                named.add(place)
                _lay_name(plan, look, cells, piece)
    return cells


def has_hours(piece: Piece, scene: Scene) -> bool:
    """Maintenance or an event that begins or ends at a time of day: whole days stand in the strip alone."""
    if piece.thing.kind not in ("maintenance", "event"):
        return False
    return any(scene.place(at)[1] for at in (piece.thing.start, piece.thing.end))


def concerns(piece: Piece, look: Look) -> bool:
    """Whether a ground matters: while a release is moved, those for its service alone."""
    occurrence, ghost = piece.thing.occurrence, look.ghost
    if ghost is None or ghost.slot is None or occurrence is None or not occurrence.entry.services:
        return True
    return ghost.slot.service in occurrence.entry.services


def _grounds(plan: Layout, look: Look, pieces: list[Piece]) -> list[Cell]:
    windows: set[int] = set()
    blacked: set[int] = set()
    partly: set[int] = set()
    seen: set[tuple[str, bool, int, int]] = set()
    for piece in pieces:
        kind = piece.thing.kind
        if kind not in ("window", "blackout"):
            continue
        entry = piece.thing.occurrence.entry if piece.thing.occurrence is not None else None
        some = bool(entry is not None and entry.services)
        if (kind, some, piece.start, piece.end) in seen:
            continue
        seen.add((kind, some, piece.start, piece.end))
        rows = plan.filled(piece.start, piece.end)
        (windows if kind == "window" else partly if some else blacked).update(rows)
    cells = []
    for index in range(len(plan.rows)):
        if index in blacked:
            cells.append(Cell(plan.column, HATCH, "hatch"))
        elif index in partly:
            cells.append(Cell(plan.column, _THIN_HATCH, "hatch on-window" if index in windows else "hatch"))
        elif index in windows:
            cells.append(Cell(plan.column, "·" if look.dotted else " ", "muted on-window"))
        else:
            cells.append(Cell(plan.column))
    return cells


def _lay_now(scene: Scene, plan: Layout, cells: list[Cell], day: date) -> None:
    today, minute = scene.place(scene.now)
    if day == today:
        cell = cells[plan.row_of(minute)]
        if cell.empty:
            cell.lay(1, 5, f"{minute // 60:02d}:{minute % 60:02d}", "running")
        cell.over("━", "running")


def _lay_name(plan: Layout, look: Look, cells: list[Cell], piece: Piece) -> None:
    """The name of a window where it opens, of a blackout on each of its days, in the first free row."""
    thing = piece.thing
    if thing.kind == "window":
        text, mark = thing.name, "muted on-window"
        if piece.before and piece.day and thing.key != look.selected:
            return
    else:
        text, mark = f"{LETTERS[thing.kind]} {thing.name} ", "blackout"
    if thing.key == look.selected:
        mark = f"{mark} reverse"
    for index in plan.filled(piece.start, piece.end)[:3]:
        hidden = thing.kind == "window" and cells[index].hatched and thing.key != look.selected
        if cells[index].empty and not hidden:
            cells[index].lay(0, min(cell_len(text), plan.column), text, mark)
            return
