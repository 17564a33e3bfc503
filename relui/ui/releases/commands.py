"""Commands of the release list and the archive."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from relui.ui.kit.command import Command, Commands, first_of


class _List(Protocol):
    on_archive: bool
    index: object

    @property
    def selected_id(self) -> str: ...


def _no_release(screen: _List) -> str:
    return "" if screen.selected_id else "There is no release here. c creates one."


def _read_only(screen: _List) -> str:
    if screen.on_archive:
        return "Archived releases are read-only. C copies one as new, 1 goes to the active ones."
    return ""


def _not_on_archive(screen: _List) -> str:
    if not screen.on_archive:
        return "This is for the archive: 6 goes there."
    return "" if screen.index is not None else "The archive is still being read."


def _no_archived(screen: _List) -> str:
    return "" if screen.selected_id else "There is no release here."


_on_list = partial(Command, section="Releases")
_on_archive = partial(Command, section="Archive")

# fmt: off
HOME: Commands = (
    _on_list("open", "Open", ("enter", "2", "l", "right"), "release_acts.checklist",
             "Open the checklist of the release under the cursor.", rank=1, refused=_no_release),
    _on_list("new", "New", ("c",), "new_release", "Create a release from a template.", rank=2),
    _on_list("copy-release", "Copy as new", ("C",), "copy_release",
             "Create a release as a copy of this one: its service, team and checklist, every item open.",
             rank=7, refused=_no_release),
    _on_list("switch-tab", "Active/archive", ("tab",), "switch_tab",
             "Switch between the active releases and the archive.", rank=4),
    _on_list("filter", "Filter", ("slash",), "start_filter",
        "Filter by words: identifier, service, version, title, owner; in the archive what was written too.",
        rank=3),
    _on_list("edit", "Edit", ("e",), "release_acts.edit",
             "Edit the release: owner, go-live, duration, version, risk, rollback and more.",
             rank=5, refused=first_of(_read_only, _no_release)),
    _on_list("retrospective", "Retrospective", ("R", "4"), "release_acts.retrospective",
        "Write the retrospective: what went well, what was hard, what changes next; in the archive read it.",
        rank=10, also="lessons learned post-mortem", refused=_no_release),
    _on_list("close", "Finish", ("F",), "release_acts.close",
             "Finish: close the release with an outcome and move it to the archive.",
             rank=8, refused=first_of(_read_only, _no_release)),
    _on_list("copy", "Copy text", ("y",), "release_acts.copy",
             "Copy something of this release to the clipboard, also over SSH.", rank=9, refused=_no_release),
    _on_list("waiting", "Waiting for me", ("w",), "relui.open_screen",
             "What waits for whom over all active releases: for you, for somebody else, for everybody.",
             given="waiting", rank=6, also="todo tasks inbox reviews debts approvals"),
    _on_list("actions", "Actions", ("a",), "show_actions",
        "Open actions of retrospectives with their age: finish, drop or reassign them, or change a template.",
        rank=15, also="follow-ups improvements lessons"),
    _on_archive("narrow", "Narrow", ("f",), "narrow",
        "Narrow the archive by service, type, outcome or period; `type:patch` in the filter does the same.",
        rank=11, refused=_not_on_archive),
    _on_archive("sort", "Sort", ("s",), "sort_next",
                "Sort the archive: newest, oldest, by service, worst outcome, longest overrun, in turn.",
                rank=12, refused=_not_on_archive),
    _on_archive("compare", "Compare", ("equals_sign",), "compare",
                "Compare two archived releases: press it on the one, then on the other.",
                rank=13, refused=first_of(_not_on_archive, _no_archived)),
    _on_archive("export", "Export", ("x",), "export",
                "Export the release under the cursor, or all that are listed, to a file or a folder.",
                rank=14, refused=first_of(_not_on_archive, _no_archived)),
)
# fmt: on
