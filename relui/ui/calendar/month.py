"""A month of the calendar: six weeks at most, each day with its ground, its releases and how many more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from textual.content import Content

from relui.ui.calendar.blocks import HATCH, SIGNS, STATE_MARKS, Look, Runs, fitted, short_id, state_of
from relui.ui.calendar.scene import LETTERS, Piece, Scene, ThingKind, monday_of

_WORST_FIRST = ("conflict", "to-be-moved", "missed", "requested", "planned", "booked")
_WEEK = 4
"""Cells of the week's number at the left."""


def month_range(day: date) -> tuple[date, int]:
    """The first Monday that a month's page shows, and how many days it has."""
    first = monday_of(day.replace(day=1))
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    weeks = ((following - timedelta(days=1)) - first).days // 7 + 1
    return first, weeks * 7


def month_lines(scene: Scene, month: date, width: int, height: int, look: Look) -> list[Content]:
    """Heads, then each week in as many lines as there is room for."""
    column = max((width - _WEEK) // 7 - 1, 6)
    weeks = scene.count // 7
    each = max(1, (height - 1) // weeks)
    by_day: list[list[Piece]] = [[] for _ in range(scene.count)]
    for piece in scene.pieces:
        by_day[piece.day].append(piece)
    heads = Runs()
    heads.add(" " * _WEEK)
    for day in scene.days[:7]:
        heads.add(fitted(f"{day:%a}", column), "muted")
        heads.add(" ")
    lines = [heads.content()]
    for week in range(weeks):
        days = range(week * 7, week * 7 + 7)
        cells = [_day_lines(scene, number, by_day[number], month, column, each, look) for number in days]
        for index in range(each):
            runs = Runs()
            label = f"{scene.days[week * 7].isocalendar().week:02d}" if not index else ""
            runs.add(label.ljust(_WEEK), "muted")
            for number, cell in zip(days, cells, strict=True):
                words, mark = cell[index] if index < len(cell) else ("", "")
                selected = look.cursor is not None and scene.days[number] == look.cursor[0]
                ground = ("cursor" if look.focused else "cursor-idle") if selected else ""
                runs.add(fitted(words, column), f"{mark} {ground}".strip())
                runs.add(" ")
            lines.append(runs.content())
    return lines


def _day_lines(
    scene: Scene, number: int, pieces: Sequence[Piece], month: date, column: int, height: int, look: Look
) -> list[tuple[str, str]]:
    """A day's number with what holds on it, then its releases, then what else there is room for."""
    day = scene.days[number]
    releases = [piece for piece in pieces if piece.thing.kind == "release" and not piece.before]
    others = [piece for piece in pieces if piece.thing.kind in ("event", "maintenance", "absence")]
    room = height - 1
    shown = releases if len(releases) <= room else releases[: max(room - 1, 0)]
    rows = [_release_words(piece, column, look) for piece in shown]
    if room and len(releases) > len(shown):
        rows.append(_counted(releases[len(shown) :], look, more=bool(shown)))
    listed = (
        others[: room - len(rows)]
        if len(others) <= room - len(rows)
        else others[: max(room - len(rows) - 1, 0)]
    )
    rows += [(f"{LETTERS[piece.thing.kind]} {piece.thing.name}", piece.thing.kind) for piece in listed]
    hidden = [piece.thing.kind for piece in others if piece not in listed]
    count = len(releases) if not room else 0
    return [_day_head(scene, day, pieces, month, column, hidden, count), *rows]


def _counted(pieces: Sequence[Piece], look: Look, *, more: bool) -> tuple[str, str]:
    """`+2 more`, or `[!] 3R` where none is shown: so many releases, with how the worst of them stands."""
    states = {state_of(piece.thing, look.conflicts, look.now) for piece in pieces}
    worst = next(state for state in _WORST_FIRST if state in states)
    if not more:
        return f"{SIGNS[worst]} {len(pieces)}R", STATE_MARKS[worst]
    bad = worst == "conflict"
    return f"+{len(pieces)} more{' !' if bad else ''}", STATE_MARKS[worst] if bad else "muted"


def _release_words(piece: Piece, column: int, look: Look) -> tuple[str, str]:
    state = state_of(piece.thing, look.conflicts, look.now)
    gap = " " if column >= 12 else ""
    words = f"{SIGNS[state]}{gap}{short_id(piece.thing.id)}"
    if column >= 20:
        words += f" {piece.start // 60:02d}:{piece.start % 60:02d} {piece.thing.name}"
    return words, STATE_MARKS[state]


def _day_head(
    scene: Scene,
    day: date,
    pieces: Sequence[Piece],
    month: date,
    column: int,
    hidden: Sequence[ThingKind],
    count: int,
) -> tuple[str, str]:
    """`21 W`, with the letters of what is not listed below, or the hatch and name of a blackout."""
    today = day == scene.place(scene.now)[0]
    blackout = next((piece.thing for piece in pieces if piece.thing.kind == "blackout"), None)
    window = any(piece.thing.kind == "window" for piece in pieces)
    name = f"[{day.day}]" if today else f"{day.day:2d}"
    if day.day == 1 and column >= 14:
        name = f"{name} {day:%b}"
    letters = "".join(LETTERS[kind] for kind in dict.fromkeys(hidden))
    extra = "".join(sorted({words[0] for words in scene.notes.get(day, ()) if words[0] in "^H"}))
    tail = f"{f'{count}R' if count else ''}{letters}{extra}"
    mark = "bold running" if today else "text" if day.month == month.month else "muted"
    if blackout is not None:
        words = f"{name} {tail}B {blackout.name}" if column >= 14 else f"{name} {tail}B"
        return f"{words} ".ljust(column, HATCH), f"blackout{' bold' if today else ''}"
    return f"{name} {'W' if window else ''}{tail}", f"{mark} on-window" if window else mark
