"""What is asked in the archive: a filter's value, what to export and where, and two releases side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.checklist import State
from relui.domain.learning.metrics import Comparison, ItemRow, Row
from relui.domain.summary import ArchiveIndex, Summary, with_filter
from relui.ui.kit.asker import Asker
from relui.ui.kit.desk_app import DeskApp
from relui.ui.kit.lines import Pane
from relui.ui.kit.question import Choose, ask_line
from relui.ui.kit.reading import Reading
from relui.ui.kit.text import MARKS, WORDS, column, line, sign

_WORDS = {
    "service": "releases of one service",
    "type": "major, minor, patch or emergency",
    "outcome": "how they ended",
    "since": "from a year on; write since:2026-09 for a month",
    "until": "up to a year; write until:2026-09-15 for a day",
}


async def narrowed(screen: Asker, text: str, index: ArchiveIndex) -> str | None:
    """Choose a filter and its value; the search text with them, or nothing after Esc."""
    names = list(_WORDS)
    choices = [*_WORDS.items(), ("all", "take every filter and word away")]
    chosen = await screen.app.push_screen_wait(Choose("Narrow the archive", choices))
    if chosen is None:
        return None
    if chosen == len(names):
        return ""
    name = names[chosen]
    values = index.values(name)
    rows = [(value, f"{count} of {len(index.rows)}") for value, count in values]
    picked = await screen.app.push_screen_wait(Choose(name, [*rows, ("(any)", "take this filter away")]))
    if picked is None:
        return None
    return with_filter(text, name, values[picked][0] if picked < len(values) else "")


async def export(screen: Asker, selected: str, rows: Sequence[Summary]) -> None:
    """Write the selected release, or all that are listed, to a file or folder."""
    choices = [(selected, "the release under the cursor")]
    if len(rows) > 1:
        choices.append((f"{len(rows)} releases", "all that are listed now"))
    chosen = await screen.app.push_screen_wait(Choose("Export", choices))
    if chosen is None:
        return
    hint = "A .json or .md file, or a folder for a file each. Nothing is overwritten."
    ids = [selected] if chosen == 0 else [row.id for row in rows]
    files: list[Path] | None = await ask_line(
        screen,
        "Export to",
        hint,
        lambda path: screen.desk.exchange.export_releases(ids, Path(path.strip()).expanduser()),
        value=f"{selected}.md",
        required=True,
    )
    if files is None:
        return
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    screen.say(f"Written: {files[0]}{more}.", "done")


class SideBySide(Reading):
    """Two releases side by side, to read."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q,enter", "close", show=False),
    ]
    DEFAULT_CSS = "SideBySide Pane { height: 1fr; }"

    def __init__(self, found: Comparison) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        """The lines in a frame."""
        with Vertical(classes="dialog wide") as box:
            box.border_title = Content("Side by side")
            box.border_subtitle = "* differs; j k scroll, Esc closes"
            yield Pane()

    def write(self) -> None:
        """The two in columns."""
        app = cast(DeskApp, self.app)
        pane = self.query_one(Pane)
        pane.show(comparison(self._found, pane.scrollable_content_region.width, app.settings.signs))


_WIDE = 100
"""Columns from which the names of the facts are written out."""
_SHORT = {
    "planned duration": "planned for",
    "actual duration": "took",
    "actual start": "started",
    "planned start": "planned",
    "defects in test": "defects",
    "defects after deployment": "escaped",
    "items done": "items",
    "items failed": "failed",
    "items not applicable": "not applicable",
    "items late": "late",
    "changes next": "next",
}
"""What the facts are called where there is little room."""
_MOST = 40
"""Items of one kind that are named."""


def comparison(found: Comparison, width: int, signs: str = "ascii") -> list[Content]:
    """Lines of exactly the columns that `width` leaves; a `*` stands where the two differ."""
    names = {row.name: row.name if width >= _WIDE else _SHORT.get(row.name, row.name) for row in found.facts}
    label = max(map(len, names.values()), default=8) + 1
    room = max((width - label - 4) // 2, 8)
    lines = _fact(Row("release", found.left, found.right), "release", label, room)
    for row in found.facts:
        if row.left or row.right:
            lines += _fact(row, names[row.name], label, room)
    return [*lines, *_items(found, signs)]


def _fact(row: Row, name: str, label: int, room: int) -> list[Content]:
    """One fact; what is longer than its column goes on below."""
    mark = "text" if row.differs else "muted"
    left, right = (line((text or "-", mark)).wrap(room) for text in (row.left, row.right))
    lines: list[Content] = []
    for mine, other in zip_longest(left, right, fillvalue=Content()):
        star = "* " if row.differs and not lines else "  "
        head = (line((star, "accent")), column("" if lines else name, label, "muted"))
        lines.append(line(*head, mine.pad_right(room - mine.cell_length), "  ", other))
    return lines


def _items(found: Comparison, signs: str) -> list[Content]:
    lines: list[Content] = []
    if found.ended_differently:
        lines += _heading("Items that ended differently", len(found.ended_differently))
        for row in found.ended_differently[:_MOST]:
            lines += _item(row, signs)
        lines += _more(len(found.ended_differently))
    for release, rows in ((found.left, found.only_left), (found.right, found.only_right)):
        if rows:
            lines += _heading(f"Only on {release}", len(rows))
            lines += [line("  ", row.text) for row in rows[:_MOST]]
            lines += _more(len(rows))
    return lines or [line(""), line(("Every item ended the same way.", "muted"))]


def _item(row: ItemRow, signs: str) -> list[Content]:
    """Both signs and the text; below it how it ended, with the reasons."""
    pieces: list[str | tuple[str, str]] = ["  "]
    for state in row.states:
        assert state is not None  # it is on both
        pieces += [(sign(state, signs), MARKS[state]), " "]
    lines = [line(*pieces, row.text)]
    if _reasons(row):
        lines.append(line(("          ", ""), (f"{row.left} / {row.right}", "muted")))
    return lines


def _reasons(row: ItemRow) -> bool:
    """One of the two says more than its state."""
    return any(
        state is not None and words not in (WORDS[state], state.value, _plain(state))
        for state, words in zip(row.states, (row.left, row.right), strict=True)
    )


def _plain(state: State) -> str:
    return state.value.replace("-", " ")


def _heading(words: str, count: int) -> Sequence[Content]:
    return [line(""), line((f"{words} ", "accent"), (str(count), "bold text"))]


def _more(count: int) -> list[Content]:
    return [line((f"  and {count - _MOST} more", "muted"))] if count > _MOST else []
