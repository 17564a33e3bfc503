"""Commands of the retrospective: write, save, throw away, and what is around the three texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from relui.ui.kit.command import Command, Commands, first_of, unchangeable


class _Retrospective(Protocol):
    release_id: str

    @property
    def archived(self) -> bool: ...
    @property
    def unsaved(self) -> Sequence[object]: ...


def _all_saved(screen: _Retrospective) -> str:
    return "" if screen.unsaved else "Nothing is typed that is not saved."


def _archived(screen: _Retrospective) -> str:
    return f"{screen.release_id} is archived." if screen.archived else ""


_here = partial(Command, section="Retrospective")

# fmt: off
RETROSPECTIVE: Commands = (
    _here("retrospective-write", "Write", ("enter", "e"), "write",
          "Write in the text that is chosen; what is typed is kept as a draft within two seconds.",
          rank=1, refused=unchangeable),
    _here("retrospective-save", "Save", ("ctrl+s",), "save",
          "Save all that was typed into the release.", rank=2, refused=unchangeable),
    _here("retrospective-next", "Next text", ("tab", "l", "right"), "go_part",
          "The next of the three texts, then the facts; while writing, the next text.", given=1, rank=3),
    _here("retrospective-previous", "Text before", ("shift+tab", "h", "left"), "go_part",
          "The text before.", given=-1),
    _here("retrospective-editor", "$EDITOR", ("E",), "in_editor",
          "Go on in your own editor ($EDITOR); while writing, Ctrl+E does it.", rank=5, refused=unchangeable),
    _here("retrospective-throw-away", "Throw away", ("delete",), "throw_away",
          "Throw away what was typed and not saved, after a question.",
          rank=7, refused=first_of(unchangeable, _all_saved)),
    _here("retrospective-close", "Finish", ("F",), "finish",
          "Finish: close the release with an outcome and move it to the archive.",
          rank=9, refused=first_of(unchangeable, _archived)),
    _here("retrospective-checklist", "Checklist", ("2",), "go_checklist", "The release's checklist.", rank=6),
    _here("retrospective-copy", "Copy text", ("y",), "copy",
          "Copy the retrospective as Markdown, or something else of this release.", rank=8),
)
# fmt: on
