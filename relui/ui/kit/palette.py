"""The command palette, generated from the commands of the screen below it."""

from __future__ import annotations

import re
from functools import partial

from textual import events
from textual.command import DiscoveryHit, Hit, Hits, Provider, SearchIcon
from textual.geometry import Size

from relui.ui.kit.command import Command, key_label
from relui.ui.kit.screen import SMALLEST, DeskScreen
from relui.ui.terminal.textual_private import HookedPalette


class CommandProvider(Provider):
    """Finds commands by their names; nothing that users wrote is in here, so nothing of theirs is markup."""

    def _commands(self) -> list[tuple[Command, str, str]]:
        screen = self.screen
        if not isinstance(screen, DeskScreen):
            return []
        found = []
        for command in screen.all_commands():
            keys = screen.keys_of(command)
            label = key_label(keys[0]) if keys else ""
            key = f"  ({label})" if label and label not in "[]" else ""  # a bracket would be markup here
            why = command.refused(screen)
            help_text = f"Not now: {why}" if why else command.tooltip
            found.append((command, f"{command.title}{key}", help_text))
        return found

    def _run(self, command: Command) -> None:
        screen = self.screen
        if isinstance(screen, DeskScreen) and screen.is_current and screen.is_mounted:  # not left meanwhile
            screen.run_command(command)

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for command, name, help_text in self._commands():
            yield DiscoveryHit(name, partial(self._run, command), text=name, help=_plain(help_text))

    async def search(self, query: str) -> Hits:
        """What fits the words."""
        matcher = self.matcher(query)
        for command, name, help_text in self._commands():
            score = fitting(command, query) or matcher.match(name)
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(name),
                    partial(self._run, command),
                    text=name,
                    help=_plain(help_text),
                )


def fitting(command: Command, query: str) -> float:
    """How well a command fits words, or beginnings of words: by its title, by what it is about, by what it
    says of itself. 0 when some word is nowhere."""
    sought = query.casefold().split()
    for score, text in ((300.0, command.title), (200.0, command.also), (100.0, command.tooltip)):
        known = re.findall(r"\w+", text.casefold())
        if sought and all(any(word.startswith(one) for word in known) for one in sought):
            return score
    return 0.0


def _plain(text: str) -> str:
    """Without square brackets: the palette reads them as markup."""
    return text.replace("[", "(").replace("]", ")")


class Palette(HookedPalette):
    """The palette where there is room for it: in a terminal of a row or two Textual's own would fail."""

    def __init__(self) -> None:
        super().__init__(providers=[CommandProvider], placeholder="command")

    def on_mount(self) -> None:
        """A plain prompt in place of Textual's emoji, which many fonts lack and which is two cells wide."""
        self.query_one(SearchIcon).icon = ">"

    @staticmethod
    def fits(size: Size) -> bool:
        """Whether a terminal has room for it."""
        return size.width >= SMALLEST[0] and size.height >= SMALLEST[1]

    def on_resize(self, event: events.Resize) -> None:
        """Give way in a terminal that became too small."""
        if not self.fits(event.size) and self.is_current:
            self.dismiss()
