"""The phase strip above the checklist: where we are, and how the other phases stand, in one line.

The phase under the cursor always bears its whole name and its count. The others give way: to shorter
names that stay distinct, then to a sign behind the name, then to the sign alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from textual.content import Content

from relui.domain.checklist import State
from relui.domain.outline import Node, Outline
from relui.domain.progress import overdue
from relui.domain.release import Release
from relui.ui.kit.text import MARKS, line

_SIGNS = {
    State.OPEN: ".",
    State.PARTIAL: "~",
    State.DONE: "ok",
    State.NOT_APPLICABLE: "-",
    State.FAILED: "!",
}
_BARE = {State.DONE: "x"}
"""Where there is room for single signs alone, as in the boxes below: `[x]`."""


class _Width(Struct, frozen=True):
    """How much of the other phases shows: letters of the name, counts, blanks between."""

    letters: int
    counts: bool
    gap: int


_ALL, _FIRST_WORD = 1000, 100
_WIDTHS = (
    _Width(_ALL, True, 2),
    _Width(_FIRST_WORD, True, 2),
    _Width(4, True, 2),
    _Width(4, True, 1),
    _Width(4, False, 1),
    _Width(2, False, 1),
)


def phase_strip(release: Release, outline: Outline, at: str, now: datetime, width: int) -> Content:
    """All phases in one line, the one under the cursor in brackets, in the widest form that fits."""
    made = Content()
    for form in _WIDTHS:
        made = _strip(release, outline, at, now, form)
        if made.cell_length <= width:
            return made.truncate(width, pad=True)
    bare = _bare(release, outline, at, now)
    return bare.truncate(width, ellipsis=True, pad=True)


def _strip(release: Release, outline: Outline, at: str, now: datetime, form: _Width) -> Content:
    phases = [phase for phase in outline.phases if not phase.phase.owed]
    names = [phase.text for phase in phases]
    short = names if form.letters == _ALL else distinct(names, form.letters)
    pieces: list[str | tuple[str, str]] = [" "]
    for number, (phase, name) in enumerate(zip(phases, short, strict=True)):
        pieces += [" " * form.gap] if number else []
        here = phase.path == at
        pieces.append(_phase(release, phase, phase.text if here else name, now, here, form))
    return line(*pieces, *_owed(release, outline, at, now))


def _phase(
    release: Release, phase: Node, name: str, now: datetime, here: bool, form: _Width
) -> tuple[str, str]:
    mark = _mark(release, phase, now)
    alarm = "!" if mark in ("overdue", "failed") else ""
    if here:
        return f"[{name} {phase.done}/{phase.total}{alarm}]", f"bold {mark}"
    if not form.counts:
        return f"{name} {alarm or _SIGNS[phase.state]}", mark
    resolved = phase.state.resolved
    count = ("done" if form.letters == _ALL else "ok") if resolved else f"{phase.done}/{phase.total}"
    return f"{name} {count}{alarm}", mark


def _bare(release: Release, outline: Outline, at: str, now: datetime) -> Content:
    """Signs alone, and the phase under the cursor."""
    pieces: list[str | tuple[str, str]] = [" "]
    for phase in outline.phases:
        mark = _mark(release, phase, now)
        alarm = "!" if mark in ("overdue", "failed") else ""
        if phase.path == at:
            pieces.append((f" [{phase.text} {phase.done}/{phase.total}{alarm}] ", f"bold {mark}"))
        else:
            pieces.append((alarm or _BARE.get(phase.state, _SIGNS[phase.state]), mark))
    return line(*pieces)


def _owed(release: Release, outline: Outline, at: str, now: datetime) -> list[str | tuple[str, str]]:
    """An emergency's full checklist, as one."""
    owed = [phase for phase in outline.phases if phase.phase.owed]
    if not owed:
        return []
    done, total = sum(phase.done for phase in owed), sum(phase.total for phase in owed)
    late = any(overdue(release, phase, now) for phase in owed)
    mark = "done" if done == total else "failed" if late else "overdue"
    inside = any(phase.path == at for phase in owed)
    text = f"Owed {done}/{total}"
    return ["  ", (f"[{text}]" if inside else text, f"bold {mark}" if inside else mark)]


def _mark(release: Release, phase: Node, now: datetime) -> str:
    if overdue(release, phase, now):
        return "overdue"
    return "muted" if phase.state is State.OPEN else MARKS[phase.state]


def distinct(names: Sequence[str], letters: int) -> list[str]:
    """Each name's first word, of that the first letters, or as many more as tell it from the others.

    `Pre-r`, `Pre-d`; one letter is not worth leaving away: `Close`, not `Clos`.
    """
    short: list[str] = []
    for number, name in enumerate(names):
        others = [other.casefold() for at, other in enumerate(names) if at != number]
        word = len(name.split(" ", 1)[0])
        length = min(letters, word) if word > letters + 1 else word
        while length < len(name) and any(other.startswith(name[:length].casefold()) for other in others):
            length += 1
        short.append(name[:length].strip(" -"))
    return short
