"""Commands of a release's record: its tabs and lists, and what is decided on it."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from relui.desk.act import Opened
from relui.desk.desk import Desk
from relui.domain.dossier.decidable import DECIDABLE, Decidable
from relui.ui.kit.command import Command, Commands, first_of, unchangeable, unchangeable_unless_archived


class _Line(Protocol):
    def why_not_added(self) -> str: ...


class _Importing(Protocol):
    def why_not(self) -> str: ...


class _Record(Protocol):
    opened: Opened | None

    @property
    def row(self) -> object: ...
    @property
    def line(self) -> _Line: ...
    @property
    def importing(self) -> _Importing: ...
    @property
    def desk(self) -> Desk: ...


def _no_line(screen: _Record) -> str:
    return "" if screen.row else "There is no line here."


def _not_added(screen: _Record) -> str:
    return screen.line.why_not_added()


def _not_imported(screen: _Record) -> str:
    return screen.importing.why_not()


def _no_follow_up(screen: _Record) -> str:
    if screen.opened is None:
        return "This release cannot be read."
    return "relui was opened read-only (--readonly)." if screen.desk.read_only else ""


_record = partial(Command, section="Record")


def _decision(decision: Decidable) -> Command:
    """The command that asks for a decision; `record-decide` is the menu of all of them."""
    id = "record-decision" if decision.name == "decide" else f"record-{decision.name}"
    act = "deciding.decide"
    return _record(id, decision.title, (), act, decision.does, given=decision.name, refused=unchangeable)


# fmt: off
RECORD: Commands = (
    _record("record-open", "Open", ("enter",), "line.open",
            "Do what the line is for: edit it, sign it, confirm it, or go to where a criterion is met.",
            rank=1, refused=_no_line),
    _record("record-add", "Add", ("c",), "line.add",
            "Add to the list under the cursor: a change, component, test run, defect, environment, contact.",
            rank=2, refused=_not_added),
    _record("record-import", "Bring in", ("i",), "importing.bring_in",
        "Bring in changes (CSV, git, another release), test results (JUnit XML), or checksums (SHA256SUMS).",
        rank=12, refused=first_of(unchangeable, _not_imported)),
    _record("record-edit", "Edit", ("e",), "line.edit",
            "Edit what the line says.", refused=first_of(unchangeable, _no_line)),
    _record("record-editor", "In $EDITOR", ("E",), "editing.edit_in_editor",
            "Write a long text in your own editor ($EDITOR).", refused=first_of(unchangeable, _no_line)),
    _record("record-remove", "Remove", ("delete",), "line.remove",
            "Remove the line, after a question; the log keeps it.", refused=first_of(unchangeable, _no_line)),
    _record("record-confirm", "Confirm", ("space",), "line.confirm",
            "Confirm the point, record the promotion or the message as sent, say that a change is ready.",
            rank=3, refused=first_of(unchangeable, _no_line)),
    _record("record-take-back", "Take back", ("o",), "line.take_back",
            "Take back a confirmation, your sign-off, a decision, or that a message was sent; with a reason.",
            refused=first_of(unchangeable, _no_line)),
    _record("record-sign", "Sign", ("S",), "signing.sign_here",
        "Approve or reject, with what is confirmed: the subject under the cursor, else one that is chosen.",
        rank=5, refused=unchangeable),
    _record("record-advance", "Advance", ("a", "greater_than_sign"), "deciding.advance",
            "Leave the present stage for the next, when its gate is met; else say what is missing.",
            rank=6, refused=unchangeable),
    _record("record-advance-anyway", "Advance anyway", (), "deciding.advance_anyway",
            "Leave the present stage although its gate is not met, with a reason that stays for ever.",
            refused=unchangeable),
    _record("record-override", "Override", ("O",), "deciding.override",
        "Pass the unmet criterion under the cursor (in an emergency every one), with a reason that stays.",
        refused=first_of(unchangeable, _no_line)),
    _record("record-decide", "Decide", ("D",), "deciding.choose",
        "Everything that can be decided now: go, no-go, hold, start, complete, rollback, cancel and more.",
        rank=7, refused=unchangeable),
    *(_decision(each) for each in DECIDABLE.values()),
    _record("record-follow-up", "Follow-up release", (), "deciding.follow_up",
            "Create the release that follows a rolled-back, partial or cancelled one, with its changes.",
            refused=_no_follow_up),
    _record("record-copy", "Copy text", ("y",), "messages.copy_here",
            "Copy the message under the cursor; elsewhere choose what to copy. Works over SSH."),
    _record("record-write-bundle", "Write hand-off", ("H",), "documents.write_bundle",
            "Write the hand-off bundle: a new folder of Markdown and a zip of it, where relui was started."),
    _record("record-write", "Write document", ("w",), "documents.write",
            "Write a document to a file: definition, notes, test summary, hand-off, whole record and more."),
    _record("record-mark", "Mark", ("asterisk",), "mark_line",
        "Mark the line, or all below a heading: Space confirms, and e edits, all that are marked at once.",
        rank=13, refused=unchangeable),
    _record("record-next-unmet", "Next unmet", ("n",), "walking.next_unmet",
            "Go to the next line that is not met, on this tab.", rank=4),
    _record("record-next-tab", "Next tab", ("right", "l", "tab"), "walking.next_tab",
            "The tab to the right.", rank=9),
    _record("record-previous-tab", "Previous tab", ("left", "h", "shift+tab"), "walking.previous_tab",
            "The tab to the left."),
    _record("record-next-section", "Next section", ("right_square_bracket",), "walking.next_section",
            "The next heading."),
    _record("record-previous-section", "Previous section", ("left_square_bracket",),
            "walking.previous_section", "The heading before."),
    _record("record-filter", "Filter", ("slash",), "start_filter",
            "Show only lines with these words; states (unmet, stale, bad, met) are words too.", rank=10),
    _record("record-sort", "Sort", ("s",), "sort_lines",
            "Sort within each section: as recorded, by name, worst first, by the last column.", rank=11),
    _record("record-unmet-only", "Unmet only", ("full_stop",), "toggle_unmet",
            "Show only what is not met, or all again.", rank=8),
    _record("record-undo", "Undo", ("u",), "undo",
            "Take back your own last act on this release; on the log's tab, the entry under the cursor.",
            refused=unchangeable),
    _record("record-redo", "Redo", ("ctrl+r",), "redo",
            "Do again what your last undo took back.", refused=unchangeable),
    _record("record-edit-release", "Edit release", ("t",), "release_acts.edit",
            "Edit the release: owner, go-live, duration, version, risk, rollback and more.",
            refused=unchangeable),
    _record("record-checklist", "Checklist", ("2",), "walking.open_checklist",
            "The checklist of this release.", rank=13),
    _record("record-retrospective", "Retrospective", ("R", "4"), "release_acts.retrospective",
        "Write the retrospective: what went well, what was hard, what changes next; in the archive read it.",
        refused=unchangeable_unless_archived),
    _record("record-close", "Finish", ("F",), "release_acts.close",
            "Finish: close the release with an outcome and move it to the archive.", refused=unchangeable),
)
# fmt: on
