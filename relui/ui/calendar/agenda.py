"""The agenda: what stands in the calendar, day by day, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct
from textual.content import Content

from relui.domain.instants import zone_named
from relui.ui.calendar.blocks import (
    SIGNS,
    STANDING_WORDS,
    STATE_MARKS,
    Key,
    Look,
    Runs,
    fitted,
    short_id,
    state_of,
)
from relui.ui.calendar.scene import LETTERS, WHOLE_DAY, Piece, Scene

AGENDA_DAYS = 28


class AgendaRow(Struct, frozen=True):
    """One line: the heading of a day, or a thing on a day that it covers."""

    content: Content
    day: date
    key: Key | None = None


def row_of(rows: Sequence[AgendaRow], key: Key | None, day: date) -> int | None:
    """The row of a thing on that day, else on its first one in here."""
    found = [number for number, row in enumerate(rows) if key is not None and row.key == key]
    return next((number for number in found if rows[number].day == day), next(iter(found), None))


def agenda_rows(scene: Scene, width: int, look: Look) -> list[AgendaRow]:
    """Days that have something, each with its notes and everything on it, by when it begins."""
    by_day: list[list[Piece]] = [[] for _ in range(scene.count)]
    for piece in scene.pieces:
        by_day[piece.day].append(piece)
    chosen = _chosen(scene, look)
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
        rows.append(AgendaRow(runs.content(), day))
        for piece in by_day[number]:
            rows.append(AgendaRow(_content(piece, scene, width, look, piece == chosen), day, piece.thing.key))
    return rows


def _chosen(scene: Scene, look: Look) -> Piece | None:
    """The part of the selected thing on the cursor's day, else its first."""
    parts = [piece for piece in scene.pieces if piece.thing.key == look.selected]
    here = [piece for piece in parts if look.cursor is not None and scene.days[piece.day] == look.cursor[0]]
    return next(iter(here or parts), None)


def _times(piece: Piece) -> str:
    """The hours on that day: `18:00-24:00`, or `all day`."""
    if piece.start == 0 and piece.end == WHOLE_DAY:
        return "all day"
    return f"{piece.start // 60:02d}:{piece.start % 60:02d}-{piece.end // 60:02d}:{piece.end % 60:02d}"


def _beyond(piece: Piece, scene: Scene) -> str:
    """Since when and until when it lasts over other days; whole days without their midnights."""
    thing, info = piece.thing, zone_named(scene.zone)
    start, end = thing.start.astimezone(info), thing.end.astimezone(info)
    last = end - timedelta(microseconds=1)
    days = not (start.hour or start.minute or end.hour or end.minute)
    words = []
    if piece.before:
        words.append(f"since {start:%a} {start.day} {start:%b}" + ("" if days else f" {start:%H:%M}"))
    if piece.after:
        until = last if days else end
        words.append(f"until {until:%a} {until.day} {until:%b}" + ("" if days else f" {until:%H:%M}"))
    return f"  {', '.join(words)}" if words else ""


def _content(piece: Piece, scene: Scene, width: int, look: Look, selected: bool) -> Content:
    thing = piece.thing
    runs = Runs()
    if thing.kind == "release":
        state = state_of(thing, look.conflicts, look.now)
        sign, mark, tail = f"{SIGNS[state]} ", STATE_MARKS[state], STANDING_WORDS[state]
        name = f"{short_id(thing.id)}  {thing.name}"
    else:
        mark = "muted" if thing.kind == "window" else thing.kind
        sign, tail, name = f" {LETTERS[thing.kind]}  ", "", thing.name
    more = f"  {thing.note}" if thing.note else ""
    line = f"  {_times(piece):<12} {sign}{name}{_beyond(piece, scene)}{more}"
    text = fitted(line, max(width - len(tail) - 2, 10))
    runs.add(text, "cursor" if selected else mark)
    runs.add(f" {tail} ", "cursor" if selected else mark)
    return runs.content()
