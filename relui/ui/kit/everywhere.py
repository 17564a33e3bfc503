"""Commands of every screen, and what they do: moving, leaving, help, other screens, themes, zones."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from relui.ui.kit.command import Command, Commands

if TYPE_CHECKING:
    from relui.ui.kit.asker import AnyScreen
    from relui.ui.kit.lines import Pane


class Everywhere:
    """What every screen does. `screen` is the one that has it."""

    def __init__(self, screen: AnyScreen) -> None:
        self._screen = screen

    def help(self) -> None:
        """Every key of the screen, its signs, and help in trouble."""
        from relui.ui.kit.help import HelpScreen

        self._screen.relui.push_screen(HelpScreen(self._screen))

    def trouble(self) -> None:
        """What to do about what is under the cursor."""
        from relui.ui.kit.help import TroubleDialog

        self._screen.relui.push_screen(TroubleDialog(self._screen.troubles()))

    def go_calendar(self) -> Awaitable[None] | None:
        """To the calendar, at the release that is selected."""
        return self._screen.relui.go_to("calendar", self._screen.release_in_sight())

    def go_record(self) -> Awaitable[None] | None:
        """To the record of the release that is selected; on the record itself to a tab of it."""
        return self._screen.relui.go_to("record", self._screen.release_to_read())

    async def choose_theme(self) -> None:
        """Choose a theme; it is kept in the settings file."""
        from relui.loading.settings import save_theme
        from relui.loading.themes import load_themes
        from relui.ui.kit.question import Choose
        from relui.ui.kit.themes import textual_theme

        app = self._screen.relui
        themes, _ = load_themes(app.locations.themes, app.locations.own_themes)
        names = [theme.name for theme in themes]
        at = names.index(app.theme) if app.theme in names else 0
        choices = [(theme.name, theme.description) for theme in themes]
        chosen = await app.push_screen_wait(Choose("Theme", choices, at=at))
        if chosen is None:
            return
        app.register_theme(textual_theme(themes[chosen]))  # it may not be known yet so soon after the start
        app.theme = names[chosen]
        save_theme(app.locations.settings, names[chosen])
        self._screen.say(f"Theme {names[chosen]}, kept in {app.locations.settings}.", "muted")

    def switch_zone(self) -> None:
        """Show times in the next zone."""
        self._screen.say(f"Times are shown in {self._screen.relui.next_zone()}.")
        self._screen.reload()

    def show_problems(self) -> None:
        """What is wrong with the person's files."""
        from relui.ui.kit.reading import Notice

        problems = self._screen.relui.all_problems()
        if problems:
            self._screen.relui.push_screen(Notice("Problems", "\n\n".join(problems)))
        else:
            self._screen.say("No file has a problem.", "done")

    def verify(self) -> None:
        """Verify the record of the release that is selected."""
        from relui.ui.kit.reading import Notice, verdict_text

        verdict = self._screen.desk.health.verify(self._screen.release_to_read())
        state, mark = ("intact", "done") if verdict.intact else ("NOT INTACT", "failed")
        self._screen.say(f"{verdict.id} is {state}.", mark)
        self._screen.relui.push_screen(Notice("Verification", verdict_text(verdict)))

    def repaint(self) -> None:
        """Paint everything again."""
        self._screen.refresh(layout=True)


def _no_release(screen: AnyScreen) -> str:
    return "" if screen.release_to_read() else "No release is selected here. Put the cursor on one."


# fmt: off
EVERYWHERE: Commands = (
    Command("help", "Help", ("question_mark", "f1"), "everywhere.help",
            "Every key of this screen, what the signs mean, and help in trouble.", rank=99),
    Command("trouble", "In trouble", ("r",), "everywhere.trouble",
        "What to do about the trouble that shows here; without any, the twelve that releases meet most often."
    ),
    Command("palette", "Command palette", ("colon", "ctrl+p"), "relui.action_command_palette",
            "Find a command by its name, or by what it is about."),
    Command("back", "Back", ("escape",), "back", "Go back one step; never leaves the app."),
    Command("leave", "Leave", ("q",), "leave", "Leave this screen; on the release list, leave the app."),
    Command("quit", "Quit", ("ctrl+q",), "relui.exit",
            "Quit the app at once; everything that was acknowledged is on disk."),
    Command("go-home", "Releases", ("1",), "relui.go_to", "The release list.", given="releases"),
    Command("go-calendar", "Calendar", ("3",), "everywhere.go_calendar",
            "The calendar, at the release that is selected here.",
            also="schedule slots windows blackouts freeze maintenance absences holidays"),
    Command("go-record", "Record", ("5",), "everywhere.go_record",
            "The record of the release that is selected here; on the record, `5` and a letter choose a tab.",
            also="definition changes package tests defects sign-offs approvals gates messages audit",
            refused=_no_release),
    Command("go-archive", "Archive", ("6",), "go_archive",
            "The archive of closed releases; pressed there, the metrics.", also="closed history past"),
    Command("go-metrics", "Metrics", ("7",), "relui.go_to",
            "Metrics: are releases getting better or worse, by which measure, where; items in trouble.",
            given="metrics", rank=96,
            also="statistics stats trends figures numbers charts dashboard DORA KPI"),
    Command("go-owed", "Owed", ("8",), "relui.go_to",
        "What is owed after releases: debts of emergencies with their age, and reviews (PIR) that are due.",
        given="owed", rank=97, also="debts reviews PIR post-implementation emergencies"),
    Command("theme", "Theme", ("ctrl+t",), "everywhere.choose_theme", "Choose a colour theme and keep it."),
    Command("zone", "Time zone", ("z",), "everywhere.switch_zone",
            "Show times in the release's own zone, the host's, or UTC, in turn."),
    Command("problems", "Problems", ("P",), "everywhere.show_problems",
            "What is wrong with files of yours: releases, templates, themes, keys, settings.",
            also="errors doctor damaged"),
    Command("verify", "Verify record", (), "everywhere.verify",
            "Verify the record of the release that is selected here: its log, its state and its evidence.",
            also="audit proof intact tampered altered integrity seal hash log", refused=_no_release),
    Command("repaint", "Repaint", ("ctrl+l",), "everywhere.repaint",
            "Repaint the screen, if the terminal was disturbed."),
)
# fmt: on


class _WithSide(Protocol):
    def side_pane(self) -> Pane | None: ...


def _nothing_to_scroll(screen: _WithSide) -> str:
    pane = screen.side_pane()
    if pane is None:
        return "Nothing stands beside this to scroll."
    return "" if pane.max_scroll_y else "All of the panel is in sight."


_moving = partial(Command, section="Moving")
_FAR = 1_000_000
"""Lines that no list has."""
_BESIDE = 4
"""Lines by which the panel scrolls."""

# fmt: off
MOVING: Commands = (
    _moving("down", "Down", ("j", "down"), "move", "One line down.", given=1),
    _moving("up", "Up", ("k", "up"), "move", "One line up.", given=-1),
    _moving("page-down", "Page down", ("pagedown", "ctrl+f"), "move_pages", "One page down.", given=1),
    _moving("page-up", "Page up", ("pageup", "ctrl+b"), "move_pages", "One page up.", given=-1),
    _moving("first", "First", ("g", "home"), "move", "The first line.", given=-_FAR),
    _moving("last", "Last", ("G", "end"), "move", "The last line.", given=_FAR),
    _moving("panel-down", "Panel down", ("J", "ctrl+d"), "scroll_side",
            "Scroll what stands beside the list down: help, reasons, a preview.",
            given=_BESIDE, refused=_nothing_to_scroll),
    _moving("panel-up", "Panel up", ("K", "ctrl+u"), "scroll_side",
            "Scroll what stands beside the list up.", given=-_BESIDE, refused=_nothing_to_scroll),
)
# fmt: on
