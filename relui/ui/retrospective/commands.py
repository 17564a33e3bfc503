"""Commands of the retrospective: write, save, throw away, and what is around the three texts."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.kit.command import Command, Commands

if TYPE_CHECKING:
    from relui.ui.retrospective.screen import RetrospectiveScreen


class _View(Command):
    section = "Retrospective"


class _Act(_View):
    """Writes: refused, with the reason, where nothing can be written."""

    @classmethod
    def refusal(cls, screen: RetrospectiveScreen) -> str:
        return screen.why_unchangeable()


class Write(_Act):
    """Write in the text that is chosen; what is typed is kept as a draft within two seconds."""

    id, title, keys, rank = "retrospective-write", "Write", ("enter", "e"), 1

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> None:
        screen.write()


class Save(_Act):
    """Save all that was typed into the release."""

    id, title, keys, rank = "retrospective-save", "Save", ("ctrl+s",), 2

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> Awaitable[None]:
        return screen.save()


class InEditor(_Act):
    """Go on in your own editor ($EDITOR); while writing, Ctrl+E does it."""

    id, title, keys, rank = "retrospective-editor", "$EDITOR", ("E",), 5

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> None:
        screen.in_editor()


class ThrowAway(_Act):
    """Throw away what was typed and not saved, after a question."""

    id, title, keys, rank = "retrospective-throw-away", "Throw away", ("delete",), 7

    @classmethod
    def refusal(cls, screen: RetrospectiveScreen) -> str:
        return super().refusal(screen) or ("" if screen.unsaved else "Nothing is typed that is not saved.")

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> Awaitable[None]:
        return screen.throw_away()


class NextPart(_View):
    """The next of the three texts, then the facts; while writing, the next text."""

    id, title, keys, rank = "retrospective-next", "Next text", ("tab", "l", "right"), 3

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> None:
        screen.go_part(1)


class PreviousPart(_View):
    """The text before."""

    id, title, keys = "retrospective-previous", "Text before", ("shift+tab", "h", "left")

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> None:
        screen.go_part(-1)


class FinishIt(_Act):
    """Finish: close the release with an outcome and move it to the archive."""

    id, title, keys, rank = "retrospective-close", "Finish", ("F",), 9

    @classmethod
    def refusal(cls, screen: RetrospectiveScreen) -> str:
        return super().refusal(screen) or (f"{screen.release_id} is archived." if screen.archived else "")

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> Awaitable[None]:
        return screen.finish()


class ToChecklist(_View):
    """The release's checklist."""

    id, title, keys, rank = "retrospective-checklist", "Checklist", ("2",), 6

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> None:
        screen.go_checklist()


class CopyText(_View):
    """Copy the retrospective as Markdown, or something else of this release."""

    id, title, keys, rank = "retrospective-copy", "Copy text", ("y",), 8

    @classmethod
    def run(cls, screen: RetrospectiveScreen) -> Awaitable[None]:
        from relui.ui.one_release.copy_menu import copy_from_release

        return copy_from_release(screen, screen.release_id, more={"retrospective": screen.markdown})


RETROSPECTIVE: Commands = (
    Write,
    Save,
    NextPart,
    PreviousPart,
    InEditor,
    ThrowAway,
    FinishIt,
    ToChecklist,
    CopyText,
)
