"""Choosing one of a few."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.ui.kit.dialog import Dialog
from relui.ui.kit.lines import PickList
from relui.ui.kit.text import column, line

if TYPE_CHECKING:
    from relui.ui.kit.screen import DeskScreen


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


async def choose_theme(screen: DeskScreen) -> None:
    """Choose a theme; it is kept in the settings file."""
    from relui.loading.settings import save_theme
    from relui.loading.themes import load_themes
    from relui.ui.kit.themes import textual_theme

    app = screen.relui
    themes, _ = load_themes(app.locations.themes, app.locations.own_themes)
    names = [theme.name for theme in themes]
    at = names.index(app.theme) if app.theme in names else 0
    chosen = await app.push_screen_wait(Choose("Theme", [(t.name, t.description) for t in themes], at=at))
    if chosen is None:
        return
    app.register_theme(textual_theme(themes[chosen]))  # it may not be known yet so soon after the start
    app.theme = names[chosen]
    save_theme(app.locations.settings, names[chosen])
    screen.say(f"Theme {names[chosen]}, kept in {app.locations.settings}.", "muted")
