"""The agenda: what stands in the calendar, day by day, one line each."""

from __future__ import annotations

from msgspec import Struct
from textual.content import Content

from relui.ui.presentation.calendar_blocks import (
    SIGNS,
    STANDING_WORDS,
    STATE_MARKS,
    Key,
    Look,
    short_id,
    state_of,
)
from relui.ui.presentation.calendar_runs import Runs, fitted
from relui.ui.presentation.calendar_scene import LETTERS, WHOLE_DAY, Piece, Scene

AGENDA_DAYS = 28


class AgendaRow(Struct, frozen=True):
    """One line: the heading of a day, or a thing on its first day in here."""

    content: Content
    key: Key | None = None


def agenda_rows(scene: Scene, width: int, look: Look) -> list[AgendaRow]:
    """Days that have something, each with its notes and its things; windows come after what they are for."""
    by_day: list[list[Piece]] = [[] for _ in range(scene.count)]
    for piece in scene.pieces:
        if not piece.before or piece.day == 0:
            by_day[piece.day].append(piece)
    today = scene.place(scene.now)[0]
    rows: list[AgendaRow] = []
    for number, day in enumerate(scene.days):
        notes = scene.notes.get(day, ())
        if not by_day[number] and not notes and day != today:
            continue
        runs = Runs()
        mark = "bold running" if day == today else "bold text"
        runs.add(f"{day:%a} {day.day} {day:%b}" + (" today" if day == today else ""), mark)
        for words in notes:
            runs.add(f"  {words}", "overdue" if words.startswith("clocks") else "accent")
        rows.append(AgendaRow(runs.content()))
        rows += [_row(piece, width, look) for piece in by_day[number]]
    return rows


def _row(piece: Piece, width: int, look: Look) -> AgendaRow:
    thing = piece.thing
    whole = piece.start == 0 and piece.end == WHOLE_DAY
    start = "" if whole else f"{piece.start // 60:02d}:{piece.start % 60:02d}"
    end = (
        ".."
        if piece.after and not whole
        else ""
        if whole
        else f"{piece.end // 60 % 24:02d}:{piece.end % 60:02d}"
    )
    times = f"{start}-{end}" if start or end else "whole day"
    selected = thing.key == look.selected
    runs = Runs()
    if thing.kind == "release":
        state = state_of(thing, look.conflicts, look.now)
        sign, mark, tail = f"{SIGNS[state]} ", STATE_MARKS[state], STANDING_WORDS[state]
        name = f"{short_id(thing.id)}  {thing.name}"
    else:
        mark = "muted" if thing.kind == "window" else thing.kind
        sign, tail, name = f" {LETTERS[thing.kind]}  ", "", thing.name
    more = f"  {thing.note}" if thing.note else ""
    text = fitted(f"  {times:<12} {sign}{name}{more}", max(width - len(tail) - 2, 10))
    runs.add(text, "cursor" if selected else mark)
    runs.add(f" {tail} ", "cursor" if selected else mark)
    return AgendaRow(runs.content(), thing.key)
