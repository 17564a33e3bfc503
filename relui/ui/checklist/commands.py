"""Commands of the checklist: tick, set to not applicable, fail, record, undo, and what is around them."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from relui.domain.outline import Node
from relui.ui.kit.command import Command, Commands, first_of, unchangeable, unchangeable_unless_archived


class _Log(Protocol):
    @property
    def active(self) -> bool: ...


class _Checklist(Protocol):
    reading: _Log

    @property
    def node(self) -> Node | None: ...
    def key_of(self, command_id: str) -> str: ...


def _no_item(screen: _Checklist) -> str:
    return "There is no item here." if screen.node is None else ""


def _in_log(screen: _Checklist) -> str:
    if not screen.reading.active:
        return ""
    return f"The keyboard is in the log: {screen.key_of('switch-pane')} goes back."


def _no_fields(screen: _Checklist) -> str:
    node = screen.node
    if node is None or node.item is None or not node.item.fields:
        return "This item asks for nothing to fill in."
    return ""


_not_on_item = first_of(_no_item, unchangeable, _in_log)
_checklist = partial(Command, section="Checklist")

# fmt: off
CHECKLIST: Commands = (
    _checklist("tick", "Tick", ("space",), "items.tick",
               "Tick the item under the cursor; on a phase or parent, every open item below it.",
               rank=1, refused=_not_on_item),
    _checklist("next-open", "Next open", ("n",), "go_next_open",
        "Go to the next item to look at, anywhere in the checklist: failed ones first, then open ones.",
        rank=2),
    _checklist("undo", "Undo", ("u",), "reading.undo",
               "Take back your own last act on this release; in the log, the entry under the cursor.",
               rank=3, refused=unchangeable),
    _checklist("redo", "Redo", ("ctrl+r",), "items.redo",
               "Do again what your last undo took back.", refused=unchangeable),
    _checklist("leave-out", "N/A", ("minus",), "items.leave_out",
               "Set the item to not applicable; a required one needs a reason.",
               rank=4, refused=_not_on_item),
    _checklist("fail", "Failed", ("exclamation_mark",), "items.fail",
               "Mark the item as failed, with a reason.", rank=5, refused=_not_on_item),
    _checklist("reopen", "Reopen", ("o",), "items.reopen",
               "Open the item again; of a phase all its items, after a question. What was recorded stays.",
               rank=6, refused=_not_on_item),
    _checklist("override", "Tick anyway", ("O",), "items.override",
               "Tick although something it needs is not done, with a reason that stays in the record.",
               refused=_not_on_item),
    _checklist("fields", "Fill in", ("i",), "items.fill_fields",
               "Fill in what the item asks for: names, dates, times.",
               rank=7, refused=first_of(_no_fields, _not_on_item)),
    _checklist("note", "Note", ("e",), "items.edit_note",
               "Write a note on the item.", rank=8, refused=_not_on_item),
    _checklist("note-editor", "Note in $EDITOR", ("E",), "items.note_in_editor",
               "Write the note in your own editor ($EDITOR).", refused=_not_on_item),
    _checklist("evidence", "Evidence", ("a",), "items.add_evidence",
               "Add evidence: a link, a reference, or @FILE to keep a file's content.",
               rank=10, refused=_not_on_item),
    _checklist("filter-items", "Filter", ("slash",), "start_filter",
               "Show only items with these words: text, state, who, reasons, notes, fields, evidence.",
               rank=11),
    _checklist("open-only", "Open items only", ("full_stop",), "toggle_open_only",
               "Show only what is left to do, open or failed, or all again."),
    _checklist("previous-phase", "Previous phase", ("left_square_bracket",), "go_phase",
               "The phase before.", given=-1),
    _checklist("next-phase", "Next phase", ("right_square_bracket",), "go_phase",
               "The phase after.", given=1, rank=12),
    _checklist("unfold", "Unfold", ("l", "right"), "checklist.unfold_or_enter",
               "Unfold, or go into what is below."),
    _checklist("fold", "Fold", ("h", "left"), "checklist.fold_or_leave", "Fold, or go to what is above."),
    _checklist("toggle-fold", "Open or close", ("enter",), "toggle_fold",
               "Fold or unfold; on an item, fill in its fields or write its note."),
    _checklist("fold-all", "Fold all", ("Z",), "checklist.fold_all",
               "Fold everything, or unfold everything."),
    _checklist("switch-pane", "Checklist / log", ("tab",), "reading.switch_pane",
               "Move between the checklist and the log; there, each entry shows in full.", rank=9),
    _checklist("add-item", "Add item", ("A",), "items.add_item",
               "Add an item of this release alone, below the one under the cursor.", refused=unchangeable),
    _checklist("edit-step", "Edit step", ("s",), "items.edit_step",
        "Edit a step or another item: what, owner, command, expected result, time, how its rehearsal went.",
        also="runbook rehearsal command expected", refused=_not_on_item),
    _checklist("add-step", "Add step", ("S",), "items.add_step",
               "Add a step to the runbook: behind the one under the cursor, else at its end.",
               also="runbook", refused=_not_on_item),
    _checklist("remove-item", "Remove item", ("delete",), "items.remove_item",
               "Remove an open item from this release, with a reason; the log keeps it.",
               refused=_not_on_item),
    _checklist("move-down", "Move item down", ("greater_than_sign",), "items.move_item",
               "Move the item one place down among its siblings.", given=1, refused=_not_on_item),
    _checklist("move-up", "Move item up", ("less_than_sign",), "items.move_item",
               "Move the item one place up among its siblings.", given=-1, refused=_not_on_item),
    _checklist("take-over", "Template's new items", ("T",), "items.take_over",
               "Take over items that the template has gained since this release was created.",
               refused=unchangeable),
    _checklist("edit-release", "Edit release", ("t",), "release_acts.edit",
               "Edit the release: owner, go-live, duration, version, risk, rollback and more.",
               refused=unchangeable),
    _checklist("retrospective-here", "Retrospective", ("R", "4"), "release_acts.retrospective",
        "Write the retrospective: what went well, what was hard, what changes next; in the archive read it.",
        refused=unchangeable_unless_archived),
    _checklist("close-here", "Finish", ("F",), "release_acts.close",
               "Finish: close the release with an outcome and move it to the archive.",
               rank=13, refused=unchangeable),
    _checklist("copy-here", "Copy text", ("y",), "items.copy",
               "Copy something of this release to the clipboard, also over SSH.", rank=14),
)
# fmt: on
