"""Commands of the checklist: tick, leave out, fail, record, undo, and what is around them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.checklist.item_commands import ITEMS, ChecklistAct, ChecklistView, ItemAct
from relui.ui.kit.command import Commands, declared

if TYPE_CHECKING:
    from relui.ui.checklist.screen import ChecklistScreen


class TickItem(ItemAct):
    """Tick the item under the cursor; on a phase or parent, every open item below it."""

    id, title, keys, rank = "tick", "Tick", ("space",), 1

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.items.tick()


class ReopenItem(ItemAct):
    """Open the item again; of a phase all its items, after a question. What was recorded stays."""

    id, title, keys, rank = "reopen", "Reopen", ("o",), 6

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.items.reopen()


class LeaveOut(ItemAct):
    """Set the item to not applicable; a required one needs a reason."""

    id, title, keys, rank = "leave-out", "Leave out", ("minus",), 4

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.leave_out()


class FailItem(ItemAct):
    """Mark the item as failed, with a reason."""

    id, title, keys, rank = "fail", "Failed", ("exclamation_mark",), 5

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.fail()


class OverrideItem(ItemAct):
    """Tick although something it needs is not done, with a reason that stays in the record."""

    id, title, keys = "override", "Tick anyway", ("O",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.override()


class Undo(ChecklistAct):
    """Take back your own last act on this release; in the log, the entry under the cursor."""

    id, title, keys, rank = "undo", "Undo", ("u",), 3

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.reading.undo()


class Redo(ChecklistAct):
    """Do again what your last undo took back."""

    id, title, keys = "redo", "Redo", ("ctrl+r",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.items.redo()


class NextOpen(ChecklistView):
    """Go to the next item to look at, anywhere in the checklist: failed ones first, then open ones."""

    id, title, keys, rank = "next-open", "Next open", ("n",), 2

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.go_next_open()


class EditNote(ItemAct):
    """Write a note on the item."""

    id, title, keys, rank = "note", "Note", ("e",), 8

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.edit_note()


class NoteInEditor(ItemAct):
    """Write the note in your own editor ($EDITOR)."""

    id, title, keys = "note-editor", "Note in $EDITOR", ("E",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.note_in_editor()


class AddEvidence(ItemAct):
    """Add evidence: a link, a reference, or @FILE to keep a file's content."""

    id, title, keys, rank = "evidence", "Evidence", ("a",), 10

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.add_evidence()


class FillFields(ItemAct):
    """Fill in what the item asks for: names, dates, times."""

    id, title, keys, rank = "fields", "Fill in", ("i",), 7

    @classmethod
    def refusal(cls, screen: ChecklistScreen) -> str:
        node = screen.node
        if node is None or node.item is None or not node.item.fields:
            return "This item asks for nothing to fill in."
        return super().refusal(screen)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.fill_fields()


class Unfold(ChecklistView):
    """Unfold, or go into what is below."""

    id, title, keys = "unfold", "Unfold", ("l", "right")

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.checklist.unfold_or_enter()


class Fold(ChecklistView):
    """Fold, or go to what is above."""

    id, title, keys = "fold", "Fold", ("h", "left")

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.checklist.fold_or_leave()


class ToggleFold(ChecklistView):
    """Fold or unfold; on an item, fill in its fields or write its note."""

    id, title, keys = "toggle-fold", "Open or close", ("enter",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.toggle_fold()


class FoldAll(ChecklistView):
    """Fold everything, or unfold everything."""

    id, title, keys = "fold-all", "Fold all", ("Z",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.checklist.fold_all()


class PreviousPhase(ChecklistView):
    """The phase before."""

    id, title, keys = "previous-phase", "Previous phase", ("left_square_bracket",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.go_phase(-1)


class NextPhase(ChecklistView):
    """The phase after."""

    id, title, keys, rank = "next-phase", "Next phase", ("right_square_bracket",), 12

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.go_phase(1)


class FilterItems(ChecklistView):
    """Show only items with these words: text, state, who, reasons, notes, fields, evidence."""

    id, title, keys, rank = "filter-items", "Filter", ("slash",), 11

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.start_filter()


class OpenOnly(ChecklistView):
    """Show only what is left to do, open or failed, or all again."""

    id, title, keys = "open-only", "Open items only", ("full_stop",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.filter_by("" if screen.filter_text else "state:open")


class SwitchPane(ChecklistView):
    """Move between the checklist and the log; there, each entry shows in full."""

    id, title, keys, rank = "switch-pane", "Checklist / log", ("tab",), 9

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.reading.switch_pane()


class EditThis(ChecklistAct):
    """Edit the release: owner, go-live, duration, version, risk, rollback and more."""

    id, title, keys = "edit-release", "Edit release", ("t",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        from relui.ui.one_release.edit import edit_release

        return edit_release(screen, screen.release_id)


class RetrospectiveOfThis(ChecklistAct):
    """Write the retrospective: what went well, what was hard, what changes next; in the archive read it."""

    id, title, keys = "retrospective-here", "Retrospective", ("R", "4")

    @classmethod
    def refusal(cls, screen: ChecklistScreen) -> str:
        return "" if screen.archived else super().refusal(screen)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.relui.open_screen("retrospective", screen.release_id)


class CloseThis(ChecklistAct):
    """Finish: close the release with an outcome and move it to the archive."""

    id, title, keys, rank = "close-here", "Finish", ("F",), 13

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        from relui.ui.one_release.close import close_release

        return close_release(screen, screen.release_id)


class CopyHere(ChecklistView):
    """Copy something of this release to the clipboard, also over SSH."""

    id, title, keys, rank = "copy-here", "Copy text", ("y",), 14

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        from relui.ui.one_release.copy_menu import copy_from_release

        return copy_from_release(screen, screen.release_id, screen.node)


CHECKLIST: Commands = declared(
    TickItem,
    NextOpen,
    Undo,
    Redo,
    LeaveOut,
    FailItem,
    ReopenItem,
    OverrideItem,
    FillFields,
    EditNote,
    NoteInEditor,
    AddEvidence,
    FilterItems,
    OpenOnly,
    PreviousPhase,
    NextPhase,
    Unfold,
    Fold,
    ToggleFold,
    FoldAll,
    SwitchPane,
    *ITEMS,
    EditThis,
    RetrospectiveOfThis,
    CloseThis,
    CopyHere,
)
