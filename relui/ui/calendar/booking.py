"""Asked on the way to a slot: one of the next free ones; where rules forbid it, the ways that they leave.

Leaving it comes first [S1.32, S1.38].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.desk.act import Done
from relui.domain.calendar.check import FreeSlots
from relui.domain.calendar.precedence import displaceable
from relui.domain.calendar.slot import Slot, Verdict
from relui.domain.dossier.signers import exception_approver, required_signers
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.errors import BadInput, Refused
from relui.ui.calendar.reading import CalendarReading
from relui.ui.calendar.words import range_words, verdict_word
from relui.ui.kit.asker import Asker
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.form import Entry, Form
from relui.ui.kit.help import TroubleDialog, hint_lines
from relui.ui.kit.lines import Pane, PickList
from relui.ui.kit.question import Choose, carry_out
from relui.ui.kit.text import column, line
from relui.ui.kit.times import relative, when

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
        if not self._slots.found:
            self.app.push_screen(TroubleDialog(("slots",)))

    def action_leave(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)


class How(Struct, frozen=True):
    """How to book against the rules: by displacing others, or as an exception that somebody approves."""

    displace: bool = False
    exception: str = ""
    approver: str = ""


async def book_anyway(
    screen: Asker, reading: CalendarReading, release: Release, verdict: Verdict, book: Callable[[How], Done]
) -> Done | None:
    """Ask how, and book so; None leaves things as they are. Only what the rules allow is offered."""
    against = " ".join(f"{finding.rule}: {finding.words}" for finding in verdict.blocks)
    choices = [("Leave it", "nothing is booked")]
    ways = ["leave"]
    moving, why_not = _displaceable(reading, verdict)
    if moving:
        names = ", ".join(slot.release for slot in moving)
        choices.append((f"Displace {names}", "it goes first: the other has to move"))
        ways.append("displace")
    if reading.organisation.people:
        choices.append(("Exception", "with a justification; it counts once it is approved"))
        ways.append("exception")
    title = f"{len(verdict.blocks)} against {release.id}"
    screen.say(f"{against}  {why_not}".strip(), "failed")
    chosen: int | None = await screen.app.push_screen_wait(Choose(title, choices))
    if chosen is None or ways[chosen] == "leave":
        return None
    return (
        book(How(displace=True))
        if ways[chosen] == "displace"
        else await _exception(screen, reading.organisation, release, book)
    )


def _displaceable(reading: CalendarReading, verdict: Verdict) -> tuple[tuple[Slot, ...], str]:
    try:
        return displaceable(reading.calendar.timetable, verdict.slot, verdict), ""
    except Refused as refused:
        return (), refused.message


async def _exception(
    screen: Asker, organisation: Organisation, release: Release, book: Callable[[How], Done]
) -> Done | None:
    signers = required_signers("exception", release, organisation)

    def check(name: str, text: str) -> None:
        if name == "exception" and not text.strip():
            raise BadInput("An exception needs its justification.")
        if name == "approver":
            exception_approver(release, organisation, text)

    may = [person.id for each in signers for person in each.people]
    entries = [
        Entry("exception", "justification", hint="why it cannot wait for a free slot"),
        Entry(
            "approver", "approval asked of", value=may[0] if len(may) == 1 else "", hint=", ".join(may[:6])
        ),
    ]
    form = Form(f"Exception for {release.id}", entries, check=check, draft=f"{release.id}-exception")
    done: Done | None = await carry_out(
        screen,
        form,
        lambda given: book(How(exception=given["exception"].strip(), approver=given["approver"].strip())),
    )
    return done
