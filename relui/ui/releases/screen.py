"""Home: the active releases with a preview, and the archive on a second tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from relui.domain.calendar.slot import Finding
from relui.domain.release import Release
from relui.domain.summary import ORDERS, ArchiveIndex, Summary
from relui.errors import ReluiError
from relui.ui.kit.archive_reading import ReadsArchive
from relui.ui.kit.command import Commands
from relui.ui.kit.lines import Bar, LineList, Pane
from relui.ui.kit.text import line, title_bar
from relui.ui.kit.times import when
from relui.ui.one_release.acts import ReleaseActs
from relui.ui.releases.commands import HOME
from relui.ui.releases.list import ActiveList, ArchiveList
from relui.ui.releases.preview import archive_preview, empty_archive, empty_list, preview

_LOOK_EVERY = 10
"""Minutes after which conflicts and late messages are looked for even though nothing was written."""


class HomeScreen(ReadsArchive):
    """The release list: what is wrong first, what is next beside it."""

    commands: ClassVar[Commands] = HOME
    beside = ("preview",)

    def __init__(self) -> None:
        super().__init__()
        self.on_archive = False
        self.index: ArchiveIndex | None = None
        self.release_acts = ReleaseActs(self)
        self._compared = ""
        self._minute = -1
        self._conflicts: Mapping[str, Sequence[Finding]] = {}
        self._late: Mapping[str, int] = {}
        self._organisation: object = None

    def parts(self) -> ComposeResult:
        """Title, tabs, the lists and the preview."""
        yield Bar(id="title")
        yield Bar(id="tabs")
        with Container(id="body"):
            with Container(id="lists"):
                yield ActiveList(id="active")
                yield ArchiveList(id="archive")
                yield Pane(id="empty")
            yield Pane(id="preview", classes="framed")

    def on_mount(self) -> None:
        """Show the active releases at once; the archive is read when it is asked for."""
        try:
            self.relui.board.update()
        except ReluiError as error:
            self.show_error(error)
        self.show_tab(archive=False)
        self.active.begin()
        if self.relui.board.problems:
            count = len(self.relui.board.problems)
            files = "release file cannot" if count == 1 else "release files cannot"
            self.say(f"{count} {files} be read; the others are here. P tells more.", "failed")

    # -- what shows ----------------------------------------------------------------------------------

    @property
    def active(self) -> ActiveList:
        """The list of active releases."""
        return self.query_one("#active", ActiveList)

    @property
    def archive(self) -> ArchiveList:
        """The list of archived releases."""
        return self.query_one("#archive", ArchiveList)

    def main_list(self) -> LineList:
        """The list of the tab that shows."""
        return self.archive if self.on_archive else self.active

    @property
    def selected_id(self) -> str:
        """The identifier under the cursor, or nothing."""
        chosen: Release | Summary | None = self.archive.selected if self.on_archive else self.active.selected
        return chosen.id if chosen else ""

    def release_in_sight(self) -> str:
        """The active release under the cursor."""
        return "" if self.on_archive else self.selected_id

    def release_to_read(self) -> str:
        """The release under the cursor, archived or not."""
        return self.selected_id

    def troubles(self) -> tuple[str, ...]:
        """What forbids the slot of the release under the cursor."""
        found = () if self.on_archive else self._conflicts.get(self.selected_id, ())
        return tuple(dict.fromkeys(finding.rule for finding in found))

    def show_tab(self, *, archive: bool) -> None:
        """Show the active releases or the archive."""
        self.on_archive = archive
        if archive and self.index is None:
            self.say("Reading the archive ...")
            self.read_archive()
        self.reload()
        self.show_keys()
        self.main_list().focus()

    def reached(self, *arguments: Any, from_here: bool) -> None:
        """Show the active releases, or the archive where that was asked for."""
        self.show_tab(archive=any(arguments))

    def go_archive(self) -> None:
        """The archive; there already, the metrics."""
        if self.on_archive:
            self.relui.go_to("metrics")
        else:
            super().go_archive()

    def switch_tab(self) -> None:
        """The other tab."""
        self.show_tab(archive=not self.on_archive)

    def bar_commands(self) -> Commands:
        """In the archive, none of those that change a release."""
        commands = self.all_commands()
        return tuple(c for c in commands if not c.refused(self)) if self.on_archive else commands

    def reload(self) -> None:
        """Show everything anew."""
        if self.on_archive:  # the other list is shown anew when it comes in sight
            rows = self.index.find(self.filter_text) if self.index else []
            self.archive.show(rows, self.relui.zone())
        else:
            releases = [r for r in self.relui.board.releases if self._wanted(r)]
            self.active.show(releases, self.now, self._conflicts, self._late)
        self._show_empty()
        self._show_bars()
        self.show_preview()

    def _wanted(self, release: Release) -> bool:
        text = (
            f"{release.id} {release.service} {release.version} {release.title} {release.owner} {release.type}"
        )
        return all(word in text.casefold() for word in self.filter_text.casefold().split())

    def _show_empty(self) -> None:
        count = self.main_list().count()
        empty = self.query_one("#empty", Pane)
        reading = self.on_archive and self.index is None
        empty.display = not count
        self.active.display = bool(count) and not self.on_archive
        self.archive.display = bool(count) and self.on_archive
        self.query_one("#preview").display = bool(count)
        if not count:
            lines = (
                empty_archive(self.filter_text, reading=reading)
                if self.on_archive
                else empty_list(self.filter_text)
            )
            empty.show(lines)

    def _show_bars(self) -> None:
        width = self.size.width
        organisation = self.relui.organisation_name()
        now = when(self.now, self.relui.zone())
        if width >= 74:
            now = f"as {self.desk.actor.name}   {now}"
        self.query_one("#title", Bar).show(title_bar(f"relui  {organisation}".rstrip(), now, width))
        count = len(self.relui.board.releases)
        archived = "" if self.index is None else f" {len(self.index.rows)}"
        here, there = "bold accent", "muted"
        words = [
            (f" Active {count} ", there if self.on_archive else here),
            ("  ", ""),
            (f" Archive{archived} ", here if self.on_archive else there),
        ]
        if self.filter_text:
            words += [
                ("   filter: ", "muted"),
                (self.filter_text, "overdue"),
                (f" ({self.main_list().count()})", "muted"),
            ]
        if self.on_archive and self.index and self.index.order != next(iter(ORDERS)):
            words += [("   ", ""), (self.index.order, "muted")]
        self.query_one("#tabs", Bar).show(line(" ", *words))

    def show_preview(self) -> None:
        """Fill the preview for the release under the cursor."""
        pane = self.query_one("#preview", Pane)
        if self.on_archive:
            row = self.archive.selected
            pane.border_title = "archived"
            pane.show(archive_preview(row, self._archived(row), self.relui.zone()) if row else [], top=True)
            return
        pane.border_title = "next"
        release = self.active.selected
        if release is not None:
            outline = self.active.outlines[release.id]
            standing = self.active.standings[release.id]
            zone, signs = self.relui.zone(), self.relui.settings.signs
            against = self._conflicts.get(release.id, ())
            pane.show(preview(release, outline, standing, self.now, zone, signs, against), top=True)
        else:
            pane.show([])

    def _archived(self, row: Summary) -> Release | None:
        """The whole release behind a row, or nothing when its file cannot be read: the row still shows."""
        try:
            return self.desk.store.releases.load(row.id).release
        except ReluiError:
            return None

    def fit(self, width: int, height: int) -> None:
        """The bars depend on the width."""
        super().fit(width, height)
        self._show_bars()

    # -- events --------------------------------------------------------------------------------------

    @on(LineList.Moved)
    def _moved(self) -> None:
        self.show_preview()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_command("open")

    def beat(self, changed: frozenset[str]) -> None:
        """Something was written, or a minute went by."""
        minute = int(self.now.timestamp() // 60)
        organisation = self.desk.store.organisation.stamp()
        later = minute // _LOOK_EVERY != self._minute // _LOOK_EVERY
        if self._minute >= 0 and (changed or later or organisation != self._organisation):
            self._organisation = organisation
            self.look_for_conflicts()
        if changed or minute != self._minute:
            if changed and self.index is not None and self._minute >= 0:
                self.read_archive()
            self._minute = minute
            self.reload()

    def back(self) -> None:
        """Esc clears the filter, then goes to the active releases."""
        if self.filter_text:
            self.filter_by("")
        elif self.on_archive:
            self.show_tab(archive=False)
            if self.index is None:
                self.app.workers.cancel_group(self, "archive")
                self.say("Reading the archive was stopped. 6 begins again.", "muted")
        else:
            self.say("q leaves relui.", "muted")

    def leave(self) -> None:
        """`q` on the release list leaves the app."""
        self.app.exit()

    def filter_words(self) -> str:
        """The archive is searched in all that was written; also by type, outcome and period."""
        if not self.on_archive:
            return super().filter_words()
        return "Search: words, type:patch, since:2026-09. Enter keeps them, Esc clears them."

    def filter_by(self, text: str) -> None:
        """Show only what has every word of `text`."""
        self.filter_text = text
        self.reload()

    # -- acts ----------------------------------------------------------------------------------------

    def new_release(self, copy_of: str = "") -> None:
        """Open the form; a created release is opened at once."""
        from relui.ui.releases.new_release import NewReleaseScreen

        self.app.push_screen(NewReleaseScreen(copy_of))

    def copy_release(self) -> None:
        """Open the form with what the release under the cursor has."""
        self.new_release(self.selected_id)

    async def show_actions(self) -> None:
        """The open actions."""
        from relui.ui.one_release.actions import show_actions

        await show_actions(self)

    async def narrow(self) -> None:
        """Choose a filter of the archive; it stands in the search text, where it can be edited."""
        from relui.ui.releases.archive import narrowed

        assert self.index is not None
        text = await narrowed(self, self.filter_text, self.index)
        if text is not None:
            self.filter_by(text)

    async def export(self) -> None:
        """Write archived releases to files."""
        from relui.ui.releases.archive import export

        await export(self, self.selected_id, self.archive.rows)

    def sort_next(self) -> None:
        """The archive in the next order."""
        assert self.index is not None
        names = list(ORDERS)
        order = names[(names.index(self.index.order) + 1) % len(names)]
        self.index = ArchiveIndex(self.index.rows, order)
        self.reload()
        self.say(f"Sorted: {order}.", "muted")

    def compare(self) -> None:
        """Remember the release under the cursor; with one remembered, show both side by side."""
        chosen = self.selected_id
        if not self._compared or self._compared == chosen:
            self._compared = chosen
            self.say(
                f"{chosen} is to be compared: {self.key_of('compare')} on another one shows both.", "muted"
            )
            return
        from relui.ui.releases.archive import SideBySide

        first, self._compared = self._compared, ""
        self.app.push_screen(SideBySide(self.desk.archive.compare(first, chosen)))

    @work(thread=True, exclusive=True, group="conflicts")
    def look_for_conflicts(self) -> None:
        """Ask beside the screen what forbids booked slots, and which messages are late: it takes a moment."""
        releases = self.relui.board.releases
        try:
            found = self.desk.calendar.conflicts(releases)
            late = {name: len(each) for name, each in self.desk.documents.late_notices(releases).items()}
        except ReluiError:  # the list is there without; whoever books is told
            return
        if (found, late) != (self._conflicts, self._late):
            self.app.call_from_thread(self._show_conflicts, found, late)

    def _show_conflicts(self, found: Mapping[str, Sequence[Finding]], late: Mapping[str, int]) -> None:
        self._conflicts, self._late = found, late
        self.reload()

    def take_rows(self, rows: list[Summary]) -> None:
        """The catalogue was read; it keeps the order that was chosen."""
        self.index = ArchiveIndex(rows, self.index.order if self.index else next(iter(ORDERS)))
        self.reading_ended()
        if unreadable := self.desk.store.catalogue.unreadable():
            first = next(iter(unreadable.values())).message
            self.say(f"{len(unreadable)} archived files cannot be read. {first}", "failed")
        self.reload()
        self.show_keys()  # until now there was nothing to open or to copy
        if self.on_archive and self.screen is self.app.screen:
            self.main_list().focus()
