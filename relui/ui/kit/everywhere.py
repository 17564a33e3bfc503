"""Commands of every screen: moving, leaving, help, the palette, themes, zones."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.kit.command import Command, Commands

if TYPE_CHECKING:
    from relui.ui.kit.screen import DeskScreen


class Help(Command):
    """Every key of this screen, what the signs mean, and help in trouble."""

    id, title, keys, rank = "help", "Help", ("question_mark", "f1"), 99

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        from relui.ui.kit.help import HelpScreen

        screen.app.push_screen(HelpScreen(screen))


class InTrouble(Command):
    """What to do about the trouble that shows here; without any, the twelve that releases meet most often."""

    id, title, keys = "trouble", "In trouble", ("r",)

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        from relui.ui.one_release.trouble import TroubleDialog

        screen.app.push_screen(TroubleDialog(screen.troubles()))


class Palette(Command):
    """Find a command by its name, or by what it is about."""

    id, title, keys = "palette", "Command palette", ("colon", "ctrl+p")

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.app.action_command_palette()


class Back(Command):
    """Go back one step; never leaves the app."""

    id, title, keys = "back", "Back", ("escape",)

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.back()


class Leave(Command):
    """Leave this screen; on the release list, leave the app."""

    id, title, keys = "leave", "Leave", ("q",)

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.leave()


class Quit(Command):
    """Quit the app at once; everything that was acknowledged is on disk."""

    id, title, keys = "quit", "Quit", ("ctrl+q",)

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.app.exit()


class GoHome(Command):
    """The release list."""

    id, title, keys = "go-home", "Releases", ("1",)

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.relui.go_home(archive=False)


class GoCalendar(Command):
    """The calendar, at the release that is selected here."""

    id, title, keys = "go-calendar", "Calendar", ("3",)
    also = "schedule slots windows blackouts freeze maintenance absences holidays"

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.relui.go_calendar(screen.release_in_sight())


class GoRecord(Command):
    """The record of the release that is selected here; on the record, `5` and a letter choose a tab."""

    id, title, keys = "go-record", "Record", ("5",)
    also = "definition changes package tests defects sign-offs approvals gates messages audit"

    @classmethod
    def refusal(cls, screen: DeskScreen) -> str:
        return "" if _release_here(screen) else "No release is selected here. Put the cursor on one."

    @classmethod
    def run(cls, screen: DeskScreen) -> Awaitable[None] | None:
        return screen.relui.go_record(_release_here(screen))


def _release_here(screen: DeskScreen) -> str:
    """The release that is selected, in the archive too: a record can be read there."""
    return screen.release_in_sight() or str(getattr(screen, "selected_id", ""))


class GoArchive(Command):
    """The archive of closed releases; pressed there, the metrics."""

    id, title, keys = "go-archive", "Archive", ("6",)
    also = "closed history past"

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        if getattr(screen, "on_archive", False):
            GoMetrics.run(screen)
        else:
            screen.relui.go_home(archive=True)


class GoMetrics(Command):
    """Metrics: are releases getting better or worse, by which measure, where; items in trouble."""

    id, title, keys, rank = "go-metrics", "Metrics", ("7",), 96
    also = "statistics stats trends figures numbers charts dashboard DORA KPI"

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.relui.go_metrics()


class GoOwed(Command):
    """What is owed after releases: debts of emergencies with their age, and reviews (PIR) that are due."""

    id, title, keys, rank = "go-owed", "Owed", ("8",), 97
    also = "debts reviews PIR post-implementation emergencies"

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.relui.go_owed()


class ChooseTheme(Command):
    """Choose a colour theme and keep it."""

    id, title, keys = "theme", "Theme", ("ctrl+t",)

    @classmethod
    def run(cls, screen: DeskScreen) -> Awaitable[None]:
        from relui.ui.kit.choose import choose_theme

        return choose_theme(screen)


class SwitchZone(Command):
    """Show times in the release's own zone, the host's, or UTC, in turn."""

    id, title, keys = "zone", "Time zone", ("z",)

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.say(f"Times are shown in {screen.relui.next_zone()}.")
        screen.reload()


class ShowProblems(Command):
    """What is wrong with files of yours: releases, templates, themes, keys, settings."""

    id, title, keys = "problems", "Problems", ("P",)
    also = "errors doctor damaged"

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        from relui.ui.kit.notice import Notice

        found = screen.relui.all_problems()
        if found:
            screen.app.push_screen(Notice("Problems", "\n\n".join(found)))
        else:
            screen.say("No file has a problem.", "done")


class VerifyRecord(Command):
    """Verify the record of the release that is selected here: its log, its state and its evidence."""

    id, title = "verify", "Verify record"
    also = "audit proof intact tampered altered integrity seal hash log"

    @classmethod
    def refusal(cls, screen: DeskScreen) -> str:
        return GoRecord.refusal(screen)

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        from relui.ui.kit.notice import Notice
        from relui.ui.kit.verdict import verdict_text

        found = screen.desk.verify(_release_here(screen))
        state, mark = ("intact", "done") if found.intact else ("NOT INTACT", "failed")
        screen.say(f"{found.id} is {state}.", mark)
        screen.app.push_screen(Notice("Verification", verdict_text(found)))


class Repaint(Command):
    """Repaint the screen, if the terminal was disturbed."""

    id, title, keys = "repaint", "Repaint", ("ctrl+l",)

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.refresh(layout=True)


EVERYWHERE: Commands = (
    Help,
    InTrouble,
    Palette,
    Back,
    Leave,
    Quit,
    GoHome,
    GoCalendar,
    GoRecord,
    GoArchive,
    GoMetrics,
    GoOwed,
    ChooseTheme,
    SwitchZone,
    ShowProblems,
    VerifyRecord,
    Repaint,
)


class _Move(Command):
    """Move in the list."""

    section = "Moving"
    by = 0

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.move(cls.by)


class Down(_Move):
    """One line down."""

    id, title, keys, by = "down", "Down", ("j", "down"), 1


class Up(_Move):
    """One line up."""

    id, title, keys, by = "up", "Up", ("k", "up"), -1


class PageDown(_Move):
    """One page down."""

    id, title, keys = "page-down", "Page down", ("pagedown", "ctrl+f")

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.move(screen.page())


class PageUp(_Move):
    """One page up."""

    id, title, keys = "page-up", "Page up", ("pageup", "ctrl+b")

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        screen.move(-screen.page())


class First(_Move):
    """The first line."""

    id, title, keys, by = "first", "First", ("g", "home"), -1_000_000


class Last(_Move):
    """The last line."""

    id, title, keys, by = "last", "Last", ("G", "end"), 1_000_000


class PanelDown(Command):
    """Scroll what stands beside the list down: help, reasons, a preview."""

    id, title, keys, section = "panel-down", "Panel down", ("J", "ctrl+d"), "Moving"
    by = 4

    @classmethod
    def refusal(cls, screen: DeskScreen) -> str:
        pane = screen.side_pane()
        if pane is None:
            return "Nothing stands beside this to scroll."
        return "" if pane.max_scroll_y else "All of the panel is in sight."

    @classmethod
    def run(cls, screen: DeskScreen) -> None:
        pane = screen.side_pane()
        if pane is not None:
            pane.scroll_relative(y=cls.by, animate=False)


class PanelUp(PanelDown):
    """Scroll what stands beside the list up."""

    id, title, keys = "panel-up", "Panel up", ("K", "ctrl+u")
    by = -4


MOVING: Commands = (Down, Up, PageDown, PageUp, First, Last, PanelDown, PanelUp)
