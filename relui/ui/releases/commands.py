"""Commands of the release list and the archive."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.kit.command import Command, Commands

if TYPE_CHECKING:
    from relui.ui.releases.screen import HomeScreen


class _OnRelease(Command):
    section = "Releases"

    @classmethod
    def refusal(cls, screen: HomeScreen) -> str:
        return "" if screen.selected_id else "There is no release here. c creates one."


class _OnActive(_OnRelease):
    @classmethod
    def refusal(cls, screen: HomeScreen) -> str:
        if screen.on_archive:
            return "Archived releases are read-only. C copies one as new, 1 goes to the active ones."
        return super().refusal(screen)


class OpenRelease(_OnRelease):
    """Open the checklist of the release under the cursor."""

    id, title, keys, rank = "open", "Open", ("enter", "2", "l", "right"), 1

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        screen.relui.open_release(screen.selected_id)


class NewRelease(Command):
    """Create a release from a template."""

    id, title, keys, rank, section = "new", "New", ("c",), 2, "Releases"

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        screen.new_release()


class CopyRelease(_OnRelease):
    """Create a release as a copy of this one: its service, team and checklist, every item open."""

    id, title, keys, rank = "copy-release", "Copy as new", ("C",), 7

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        screen.new_release(copy_of=screen.selected_id)


class SwitchTab(Command):
    """Switch between the active releases and the archive."""

    id, title, keys, rank, section = "switch-tab", "Active/archive", ("tab",), 4, "Releases"

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        screen.show_tab(archive=not screen.on_archive)


class Filter(Command):
    """Filter by words: identifier, service, version, title, owner; in the archive what was written too."""

    id, title, keys, rank, section = "filter", "Filter", ("slash",), 3, "Releases"

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        screen.start_filter()


class EditRelease(_OnActive):
    """Edit the release: owner, go-live, duration, version, risk, rollback and more."""

    id, title, keys, rank = "edit", "Edit", ("e",), 5

    @classmethod
    def run(cls, screen: HomeScreen) -> Awaitable[None]:
        from relui.ui.one_release.edit import edit_release

        return edit_release(screen, screen.selected_id)


class WriteRetrospective(_OnRelease):
    """Write the retrospective: what went well, what was hard, what changes next; in the archive read it."""

    id, title, keys, rank = "retrospective", "Retrospective", ("R", "4"), 10
    also = "lessons learned post-mortem"

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        from relui.ui.one_release.retrospective import show_retrospective

        show_retrospective(screen, screen.selected_id)


class CloseRelease(_OnActive):
    """Finish: close the release with an outcome and move it to the archive."""

    id, title, keys, rank = "close", "Finish", ("F",), 8

    @classmethod
    def run(cls, screen: HomeScreen) -> Awaitable[None]:
        from relui.ui.one_release.close import close_release

        return close_release(screen, screen.selected_id)


class CopyText(_OnRelease):
    """Copy something of this release to the clipboard, also over SSH."""

    id, title, keys, rank = "copy", "Copy text", ("y",), 9

    @classmethod
    def run(cls, screen: HomeScreen) -> Awaitable[None]:
        from relui.ui.one_release.copy_menu import copy_from_release

        return copy_from_release(screen, screen.selected_id)


class ShowWaiting(Command):
    """What waits for whom over all active releases: for you, for somebody else, for everybody."""

    id, title, keys, rank, section = "waiting", "Waiting for me", ("w",), 6, "Releases"
    also = "todo tasks inbox reviews debts approvals"

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        from relui.ui.waiting.screen import WaitingScreen

        screen.app.push_screen(WaitingScreen())


class ShowActions(Command):
    """Open actions of retrospectives with their age: finish, drop or reassign them, or change a template."""

    id, title, keys, rank, section = "actions", "Actions", ("a",), 15, "Releases"
    also = "follow-ups improvements lessons"

    @classmethod
    def run(cls, screen: HomeScreen) -> Awaitable[None]:
        from relui.ui.one_release.actions import show_actions

        return show_actions(screen)


class _OnArchive(Command):
    section = "Archive"

    @classmethod
    def refusal(cls, screen: HomeScreen) -> str:
        if not screen.on_archive:
            return "This is for the archive: 6 goes there."
        return "" if screen.index is not None else "The archive is still being read."


class Narrow(_OnArchive):
    """Narrow the archive by service, type, outcome or period; `type:patch` in the filter does the same."""

    id, title, keys, rank = "narrow", "Narrow", ("f",), 11

    @classmethod
    def run(cls, screen: HomeScreen) -> Awaitable[None]:
        from relui.ui.releases.archive import narrow

        assert screen.index is not None
        return narrow(screen, screen.index)


class Sort(_OnArchive):
    """Sort the archive: newest, oldest, by service, worst outcome, longest overrun, in turn."""

    id, title, keys, rank = "sort", "Sort", ("s",), 12

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        screen.sort_next()


class _OnArchived(_OnArchive):
    @classmethod
    def refusal(cls, screen: HomeScreen) -> str:
        return super().refusal(screen) or ("" if screen.selected_id else "There is no release here.")


class Compare(_OnArchived):
    """Compare two archived releases: press it on the one, then on the other."""

    id, title, keys, rank = "compare", "Compare", ("equals_sign",), 13

    @classmethod
    def run(cls, screen: HomeScreen) -> None:
        screen.compare()


class Export(_OnArchived):
    """Export the release under the cursor, or all that are listed, to a file or a folder."""

    id, title, keys, rank = "export", "Export", ("x",), 14

    @classmethod
    def run(cls, screen: HomeScreen) -> Awaitable[None]:
        from relui.ui.releases.archive import export

        return export(screen, screen.archive.summaries)


HOME: Commands = (
    OpenRelease,
    NewRelease,
    CopyRelease,
    SwitchTab,
    Filter,
    EditRelease,
    WriteRetrospective,
    CloseRelease,
    CopyText,
    ShowWaiting,
    ShowActions,
    Narrow,
    Sort,
    Compare,
    Export,
)
