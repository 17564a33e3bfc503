"""The next free slots of a release to choose from, and why earlier ones were passed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.calendar.slot import Verdict
from relui.domain.release import Release
from relui.ui.calendar.words import range_words, verdict_word
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.help import hint_lines
from relui.ui.kit.lines import Pane, PickList
from relui.ui.kit.text import column, line
from relui.ui.kit.times import relative, when

if TYPE_CHECKING:
    from relui.domain.calendar.check import FreeSlots


Instant = Callable[[], datetime]


class _Found(PickList[Verdict]):
    def __init__(self, found: Sequence[Verdict], zone: str, now: Instant) -> None:
        super().__init__()
        self.rows, self._zone, self._now = list(found), zone, now

    def content(self, index: int, width: int) -> Content:
        verdict = self.rows[index]
        start = verdict.slot.start
        mark = "overdue" if verdict.warnings else "done"
        return Content.assemble(
            " ",
            column(when(start, self._zone, year=self._now().year), 27, "bold text"),
            column(relative(start, self._now()), 17, "muted"),
            line((verdict_word(verdict), mark)),
        ).truncate(width, ellipsis=True)


class FreeSlotsDialog(Dialog[Verdict | None]):
    """j and k move, Enter takes the slot, Esc leaves."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q", "leave", show=False),
        Binding("enter,space", "choose", show=False),
        Binding("r", "trouble", show=False),
        Binding("J,ctrl+d", "scroll(6)", show=False),
        Binding("K,ctrl+u", "scroll(-6)", show=False),
    ]
    DEFAULT_CSS = """
    FreeSlotsDialog .dialog { width: 100; }
    FreeSlotsDialog Pane { height: auto; max-height: 14; min-height: 2; border-top: solid $line; }
    """

    def __init__(self, release: Release, slots: FreeSlots, zone: str, now: Instant) -> None:
        """`now` tells the present instant, as the screen below has it."""
        super().__init__()
        self._release, self._slots, self._zone, self._now = release, slots, zone, now

    def compose(self) -> ComposeResult:
        """Slots above, what was passed over below."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(f"Free slots for {self._release.id}, from now on")
            box.border_subtitle = "Enter takes it, J K scroll the reasons, Esc leaves"
            yield _Found(self._slots.found, self._zone, self._now)
            yield Pane()

    def on_mount(self) -> None:
        """As high as there are slots; the reasons below."""
        found = self.query_one(_Found)
        found.styles.height = max(1, min(len(self._slots.found), 10))
        found.display = bool(self._slots.found)
        found.focus()
        lines = self.reasons()
        self.query_one(Pane).styles.height = min(14, len(lines) * 3 + 1)
        self.call_after_refresh(self.query_one(Pane).show, lines)

    def beat(self) -> None:
        """How far away the slots are changes while somebody looks."""
        self.query_one(_Found).refresh()

    def reasons(self) -> list[Content]:
        """What was passed over, and what could not be found."""
        lines = []
        if self._slots.words:
            lines.append(line((self._slots.words, "overdue")))
        elif not self._slots.found:
            until = when(self._slots.until, self._zone, year=self._now().year)
            lines.append(line((f"Nothing is free until {until}.", "overdue")))
        if not self._slots.found:
            lines += [*hint_lines(("slots",), "r"), line("")]
        if self._slots.passed_over:
            lines.append(line(("Passed over", "accent")))
        for passed in self._slots.passed_over:
            times = range_words(passed.start, passed.end, self._zone)
            lines.append(line((f"{times}: ", "muted"), (passed.words, "text")))
        return lines

    def action_scroll(self, by: int) -> None:
        """Scroll the reasons."""
        self.query_one(Pane).scroll_relative(y=by, animate=False)

    def on_line_list_chosen(self) -> None:
        """A double click takes it."""
        self.action_choose()

    def action_choose(self) -> None:
        """Answer with the slot."""
        self.dismiss(self.query_one(_Found).selected)

    def action_trouble(self) -> None:
        """Tell what to do when nothing is free."""
        from relui.ui.kit.help import TroubleDialog

        if not self._slots.found:
            self.app.push_screen(TroubleDialog(("slots",)))

    def action_leave(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)
