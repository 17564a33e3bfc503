"""Commands of a release's record: its tabs and lists; what decides is in `deciding_commands.py`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.kit.command import Commands, declared
from relui.ui.record.deciding_commands import DECIDING, ChangesLine, ChangesRecord, OnRecord

if TYPE_CHECKING:
    from relui.ui.record.screen import RecordScreen


class OpenLine(OnRecord):
    """Do what the line is for: edit it, sign it, confirm it, or go to where a criterion is met."""

    id, title, keys, rank = "record-open", "Open", ("enter",), 1

    @classmethod
    def refusal(cls, screen: RecordScreen) -> str:
        return "" if screen.row else "There is no line here."

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.line.open()


class AddPart(ChangesRecord):
    """Add to the list under the cursor: a change, component, test run, defect, environment, contact."""

    id, title, keys, rank = "record-add", "Add", ("c",), 2

    @classmethod
    def refusal(cls, screen: RecordScreen) -> str:
        return screen.line.why_not_added()

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.line.add()


class BringIn(ChangesRecord):
    """Bring in changes (CSV, git, another release), test results (JUnit XML), or checksums (SHA256SUMS)."""

    id, title, keys, rank = "record-import", "Bring in", ("i",), 12

    @classmethod
    def refusal(cls, screen: RecordScreen) -> str:
        return screen.why_unchangeable() or screen.importing.why_not()

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.importing.bring_in()


class EditPart(ChangesLine):
    """Edit what the line says."""

    id, title, keys = "record-edit", "Edit", ("e",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.line.edit()


class EditInEditor(ChangesLine):
    """Write a long text in your own editor ($EDITOR)."""

    id, title, keys = "record-editor", "In $EDITOR", ("E",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.editing.edit_in_editor()


class RemovePart(ChangesLine):
    """Remove the line, after a question; the log keeps it."""

    id, title, keys = "record-remove", "Remove", ("delete",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.line.remove()


class ConfirmLine(ChangesLine):
    """Confirm the point, record the promotion or the message as sent, say that a change is ready."""

    id, title, keys, rank = "record-confirm", "Confirm", ("space",), 3

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.line.confirm()


class TakeBack(ChangesLine):
    """Take back a confirmation, your sign-off, a decision, or that a message was sent; with a reason."""

    id, title, keys = "record-take-back", "Take back", ("o",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.line.take_back()


class CopyMessage(OnRecord):
    """Copy the message under the cursor; elsewhere choose what to copy. Works over SSH."""

    id, title, keys = "record-copy", "Copy text", ("y",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.messages.copy_here()


class WriteBundle(OnRecord):
    """Write the hand-off bundle: a new folder of Markdown and a zip of it, where relui was started."""

    id, title, keys = "record-write-bundle", "Write hand-off", ("H",)

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.documents.write_bundle()


class WriteDocument(OnRecord):
    """Write a document to a file: definition, notes, test summary, hand-off, whole record and more."""

    id, title, keys = "record-write", "Write document", ("w",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.documents.write()


class MarkLine(ChangesRecord):
    """Mark the line, or all below a heading: Space confirms, and e edits, all that are marked at once."""

    id, title, keys, rank = "record-mark", "Mark", ("asterisk",), 13

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.mark_line()


class NextUnmet(OnRecord):
    """Go to the next line that is not met, on this tab."""

    id, title, keys, rank = "record-next-unmet", "Next unmet", ("n",), 4

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.walking.next_unmet()


class NextTab(OnRecord):
    """The tab to the right."""

    id, title, keys, rank = "record-next-tab", "Next tab", ("right", "l", "tab"), 9

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.walking.next_tab()


class PreviousTab(OnRecord):
    """The tab to the left."""

    id, title, keys = "record-previous-tab", "Previous tab", ("left", "h", "shift+tab")

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.walking.previous_tab()


class NextSection(OnRecord):
    """The next heading."""

    id, title, keys = "record-next-section", "Next section", ("right_square_bracket",)

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.walking.next_section()


class PreviousSection(OnRecord):
    """The heading before."""

    id, title, keys = "record-previous-section", "Previous section", ("left_square_bracket",)

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.walking.previous_section()


class FilterLines(OnRecord):
    """Show only lines with these words; states (unmet, stale, bad, met) are words too."""

    id, title, keys, rank = "record-filter", "Filter", ("slash",), 10

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.start_filter()


class SortLines(OnRecord):
    """Sort within each section: as recorded, by name, worst first, by the last column."""

    id, title, keys, rank = "record-sort", "Sort", ("s",), 11

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.sort_lines()


class UnmetOnly(OnRecord):
    """Show only what is not met, or all again."""

    id, title, keys, rank = "record-unmet-only", "Unmet only", ("full_stop",), 8

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.toggle_unmet()


class UndoHere(ChangesRecord):
    """Take back your own last act on this release; on the log's tab, the entry under the cursor."""

    id, title, keys = "record-undo", "Undo", ("u",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.undo()


class RedoHere(ChangesRecord):
    """Do again what your last undo took back."""

    id, title, keys = "record-redo", "Redo", ("ctrl+r",)

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.redo()


class EditWhole(ChangesRecord):
    """Edit the release: owner, go-live, duration, version, risk, rollback and more."""

    id, title, keys = "record-edit-release", "Edit release", ("t",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        from relui.ui.one_release.edit import edit_release

        return edit_release(screen, screen.release_id)


class OpenItsChecklist(OnRecord):
    """The checklist of this release."""

    id, title, keys, rank = "record-checklist", "Checklist", ("2",), 13

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.walking.open_checklist()


class WriteItsRetrospective(ChangesRecord):
    """Write the retrospective: what went well, what was hard, what changes next; in the archive read it."""

    id, title, keys = "record-retrospective", "Retrospective", ("R", "4")

    @classmethod
    def refusal(cls, screen: RecordScreen) -> str:
        return "" if screen.archived else super().refusal(screen)

    @classmethod
    def run(cls, screen: RecordScreen) -> None:
        screen.relui.open_screen("retrospective", screen.release_id)


class CloseIt(ChangesRecord):
    """Finish: close the release with an outcome and move it to the archive."""

    id, title, keys = "record-close", "Finish", ("F",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        from relui.ui.one_release.close import close_release

        return close_release(screen, screen.release_id)


RECORD: Commands = declared(
    OpenLine,
    AddPart,
    BringIn,
    EditPart,
    EditInEditor,
    RemovePart,
    ConfirmLine,
    TakeBack,
    *DECIDING,
    CopyMessage,
    WriteBundle,
    WriteDocument,
    MarkLine,
    NextUnmet,
    NextTab,
    PreviousTab,
    NextSection,
    PreviousSection,
    FilterLines,
    SortLines,
    UnmetOnly,
    UndoHere,
    RedoHere,
    EditWhole,
    OpenItsChecklist,
    WriteItsRetrospective,
    CloseIt,
)
