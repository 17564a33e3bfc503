"""Choosing one of a few."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.ui.kit.dialog import Dialog
from relui.ui.kit.lines import PickList
from relui.ui.kit.text import column, line


class _Choices(PickList):
    def __init__(self, choices: Sequence[tuple[str, str]], muted: Collection[int]) -> None:
        super().__init__()
        self.choices = list(choices)
        self.muted = frozenset(muted)

    def count(self) -> int:
        return len(self.choices)

    def content(self, index: int, width: int) -> Content:
        name, words = self.choices[index]
        room = min(max(len(name) for name, _ in self.choices) + 1, width // 2)
        return Content.assemble(
            " ", column(name, room, "muted" if index in self.muted else "text"), " ", line((words, "muted"))
        ).truncate(width, ellipsis=True)


class Choose(Dialog[int | None]):
    """j and k move, Enter chooses, Esc leaves. `muted` choices are grey; their words say why."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q", "leave", show=False),
        Binding("enter,space", "choose", show=False),
    ]

    def __init__(
        self, title: str, choices: Sequence[tuple[str, str]], *, at: int = 0, muted: Collection[int] = ()
    ) -> None:
        super().__init__()
        self._muted = muted
        self._title, self._choices, self._at = title, list(choices), at

    def compose(self) -> ComposeResult:
        """The choices in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "Enter chooses, Esc leaves"
            yield _Choices(self._choices, self._muted)

    def on_mount(self) -> None:
        """As high as there are choices."""
        choices = self.query_one(_Choices)
        choices.styles.height = min(len(self._choices), 16)
        choices.cursor = self._at
        choices.focus()

    def on_line_list_chosen(self) -> None:
        """A double click chooses."""
        self.action_choose()

    def action_choose(self) -> None:
        """Answer with the number of the choice."""
        self.dismiss(self.query_one(_Choices).cursor)

    def action_leave(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)
