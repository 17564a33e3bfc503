"""What is asked in the archive: a filter's value, what to export and where, and two releases side by side."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.learning.metrics import Comparison as Compared
from relui.domain.summary import ArchiveIndex, Summary, with_filter
from relui.ui.kit.choose import Choose
from relui.ui.kit.desk_app import DeskApp
from relui.ui.kit.lines import Pane
from relui.ui.kit.question import ask_line
from relui.ui.kit.reading import Reading
from relui.ui.kit.screen import DeskScreen
from relui.ui.releases.comparison import comparison

_WORDS = {
    "service": "releases of one service",
    "type": "major, minor, patch or emergency",
    "outcome": "how they ended",
    "since": "from a year on; write since:2026-09 for a month",
    "until": "up to a year; write until:2026-09-15 for a day",
}


async def narrowed(screen: DeskScreen, index: ArchiveIndex) -> str | None:
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
    return with_filter(screen.filter_text, name, values[picked][0] if picked < len(values) else "")


async def export(screen: DeskScreen, selected: str, rows: list[Summary]) -> None:
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


class Comparison(Reading):
    """Two releases side by side, to read."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q,enter", "close", show=False),
    ]
    DEFAULT_CSS = "Comparison Pane { height: 1fr; }"

    def __init__(self, found: Compared) -> None:
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
