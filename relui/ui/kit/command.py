"""What a command is, and how keys are named for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding

if TYPE_CHECKING:
    from relui.ui.kit.screen import DeskScreen

_LABELS = {
    "space": "Space",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "minus": "-",
    "exclamation_mark": "!",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "delete": "Del",
    "plus": "+",
    "full_stop": ".",
    "equals_sign": "=",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "asterisk": "*",
}


def key_label(key: str) -> str:
    """How a key is written for people: `Space`, `^R`, `[`."""
    if key.startswith("ctrl+"):
        return f"^{key[5:].upper()}"
    if key in _LABELS or len(key) == 1:
        return _LABELS.get(key, key)
    if key.startswith("f") and key[1:].isdigit():
        return key.upper()
    try:  # Textual names a character by its Unicode name: `tilde`, `number_sign`
        return unicodedata.lookup(key.replace("_", " ").upper())
    except KeyError:
        return key.capitalize()


class Command:
    """One act. Subclasses' docstrings are their tooltips: one sentence, what it does.

    `rank` orders the key bar, 0 keeps it out of there. `section` groups it in help. `also` are other words by
    which the palette finds it.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    keys: ClassVar[tuple[str, ...]] = ()
    rank: ClassVar[int] = 0
    section: ClassVar[str] = "Everywhere"
    also: ClassVar[str] = ""

    @classmethod
    def tooltip(cls) -> str:
        """The docstring's first line."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    @classmethod
    def refusal(cls, screen: Any) -> str:
        """Why it cannot be done now, in words; empty when it can."""
        return ""

    @classmethod
    def run(cls, screen: Any) -> Awaitable[None] | None:
        """Do it. What is awaited runs beside the screen, so that it may ask questions."""
        raise NotImplementedError

    @classmethod
    def binding(cls) -> Binding:
        """The key binding that runs it."""
        return Binding(",".join(cls.keys), f"command('{cls.id}')", cls.title, show=False, id=cls.id)


Commands = tuple[type[Command], ...]


def bindings(commands: Iterable[type[Command]]) -> list[Binding]:
    """The bindings of those commands that have a key."""
    return [command.binding() for command in commands if command.keys]


def keys_of(screen: DeskScreen, command: type[Command]) -> tuple[str, ...]:
    """The keys that run a command here and now: the person's own, else the built-in ones."""
    return screen.relui.own_keys.get(command.id, command.keys)
