"""Commands of the checklist: tick, leave out, fail, record, undo, and what is around them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.commands.command import Command, Commands

if TYPE_CHECKING:
    from relui.ui.screens.checklist import ChecklistScreen


class _View(Command):
    section = "Checklist"


class _Act(_View):
    """Changes the release: refused, with the reason, where nothing can be changed."""

    @classmethod
    def refusal(cls, screen: ChecklistScreen) -> str:
        return screen.why_unchangeable()


class _ItemAct(_Act):
    @classmethod
    def refusal(cls, screen: ChecklistScreen) -> str:
        if screen.node is None:
            return "There is no item here."
        if why := screen.why_unchangeable():
            return why
        return (
            f"The keyboard is in the log: {screen.key_of('switch-pane')} goes back."
            if screen.reading_log
            else ""
        )


class TickItem(_ItemAct):
    """Tick the item under the cursor; on a phase or parent, every open item below it."""

    id, title, keys, rank = "tick", "Tick", ("space",), 1

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.tick()


class ReopenItem(_ItemAct):
    """Open the item again; of a phase all its items, after a question. What was recorded stays."""

    id, title, keys, rank = "reopen", "Reopen", ("o",), 6

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.reopen()


class LeaveOut(_ItemAct):
    """Set the item to not applicable; a required one needs a reason."""

    id, title, keys, rank = "leave-out", "Leave out", ("minus",), 4

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.leave_out()


class FailItem(_ItemAct):
    """Mark the item as failed, with a reason."""

    id, title, keys, rank = "fail", "Failed", ("exclamation_mark",), 5

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.fail()


class OverrideItem(_ItemAct):
    """Tick although something it needs is not done, with a reason that stays in the record."""

    id, title, keys = "override", "Tick anyway", ("O",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.override()


class Undo(_Act):
    """Take back your own last act on this release; in the log, the entry under the cursor."""

    id, title, keys, rank = "undo", "Undo", ("u",), 3

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.undo()


class Redo(_Act):
    """Do again what your last undo took back."""

    id, title, keys = "redo", "Redo", ("ctrl+r",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.redo()


class NextOpen(_View):
    """Go to the next item to look at, anywhere in the checklist: failed ones first, then open ones."""

    id, title, keys, rank = "next-open", "Next open", ("n",), 2

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.go_next_open()


class EditNote(_ItemAct):
    """Write a note on the item."""

    id, title, keys, rank = "note", "Note", ("e",), 8

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.edit_note()


class NoteInEditor(_ItemAct):
    """Write the note in your own editor ($EDITOR)."""

    id, title, keys = "note-editor", "Note in $EDITOR", ("E",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.note_in_editor()


class AddEvidence(_ItemAct):
    """Add evidence: a link, a reference, or @FILE to keep a file's content."""

    id, title, keys, rank = "evidence", "Evidence", ("a",), 10

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.add_evidence()


class FillFields(_ItemAct):
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
        return screen.fill_fields()


class Unfold(_View):
    """Unfold, or go into what is below."""

    id, title, keys = "unfold", "Unfold", ("l", "right")

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.unfold()


class Fold(_View):
    """Fold, or go to what is above."""

    id, title, keys = "fold", "Fold", ("h", "left")

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.fold()


class ToggleFold(_View):
    """Fold or unfold; on an item, fill in its fields or write its note."""

    id, title, keys = "toggle-fold", "Open or close", ("enter",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.toggle_fold()


class FoldAll(_View):
    """Fold everything, or unfold everything."""

    id, title, keys = "fold-all", "Fold all", ("Z",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.fold_all()


class PreviousPhase(_View):
    """The phase before."""

    id, title, keys = "previous-phase", "Previous phase", ("left_square_bracket",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.go_phase(-1)


class NextPhase(_View):
    """The phase after."""

    id, title, keys, rank = "next-phase", "Next phase", ("right_square_bracket",), 12

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.go_phase(1)


class FilterItems(_View):
    """Show only items with these words: text, state, who, reasons, notes, fields, evidence."""

    id, title, keys, rank = "filter-items", "Filter", ("slash",), 11

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.start_filter()


class OpenOnly(_View):
    """Show only what is left to do, open or failed, or all again."""

    id, title, keys = "open-only", "Open items only", ("full_stop",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.filter_by("" if screen.filter_text else "state:open")


class SwitchPane(_View):
    """Move between the checklist and the log; there, each entry shows in full."""

    id, title, keys, rank = "switch-pane", "Checklist / log", ("tab",), 9

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.switch_pane()


class AddItem(_Act):
    """Add an item of this release alone, below the one under the cursor."""

    id, title, keys = "add-item", "Add item", ("A",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.add_item()


class EditStep(_ItemAct):
    """Edit a step or another item: what, owner, command, expected result, time, how its rehearsal went."""

    id, title, keys = "edit-step", "Edit step", ("s",)
    also = "runbook rehearsal command expected"

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.edit_step()


class AddStep(_ItemAct):
    """Add a step to the runbook: behind the one under the cursor, else at its end."""

    id, title, keys = "add-step", "Add step", ("S",)
    also = "runbook"

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.add_step()


class RemoveItem(_ItemAct):
    """Remove an open item from this release, with a reason; the log keeps it."""

    id, title, keys = "remove-item", "Remove item", ("delete",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.remove_item()


class MoveItemDown(_ItemAct):
    """Move the item one place down among its siblings."""

    id, title, keys = "move-down", "Move item down", ("greater_than_sign",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.move_item(1)


class MoveItemUp(_ItemAct):
    """Move the item one place up among its siblings."""

    id, title, keys = "move-up", "Move item up", ("less_than_sign",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.move_item(-1)


class TakeOver(_Act):
    """Take over items that the template has gained since this release was created."""

    id, title, keys = "take-over", "Template's new items", ("T",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.take_over()


class EditThis(_Act):
    """Edit the release: owner, go-live, duration, version, risk, rollback and more."""

    id, title, keys = "edit-release", "Edit release", ("t",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        from relui.ui.dialogs.edit_release import edit_release

        return edit_release(screen, screen.release_id)


class RetrospectiveOfThis(_Act):
    """Write the retrospective: what went well, what was hard, what changes next; in the archive read it."""

    id, title, keys = "retrospective-here", "Retrospective", ("R", "4")

    @classmethod
    def refusal(cls, screen: ChecklistScreen) -> str:
        return "" if screen.archived else super().refusal(screen)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        from relui.ui.dialogs.retrospective import show_retrospective

        show_retrospective(screen, screen.release_id)


class CloseThis(_Act):
    """Finish: close the release with an outcome and move it to the archive."""

    id, title, keys, rank = "close-here", "Finish", ("F",), 13

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        from relui.ui.dialogs.close_release import close_release

        return close_release(screen, screen.release_id)


class CopyHere(_View):
    """Copy something of this release to the clipboard, also over SSH."""

    id, title, keys, rank = "copy-here", "Copy text", ("y",), 14

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        from relui.ui.dialogs.copy_menu import copy_from_release

        return copy_from_release(screen, screen.release_id, screen.node)


CHECKLIST: Commands = (
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
    AddItem,
    EditStep,
    AddStep,
    RemoveItem,
    MoveItemDown,
    MoveItemUp,
    TakeOver,
    EditThis,
    RetrospectiveOfThis,
    CloseThis,
    CopyHere,
)
