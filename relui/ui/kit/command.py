"""What a command is, and how keys are named for people.

A command is a value. It knows no screen: `act` names what the screen does, a method of its own or of one of
its controllers, and `refused` asks what the screen offers by a small protocol. So a feature declares its
commands as one tuple, and its screen imports them:

    _on_list = partial(Command, section="Releases")

    def no_release(screen: HasSelected) -> str:
        return "" if screen.selected_id else "There is no release here."

    HOME: Commands = (
        _on_list("open", "Open", ("enter",), "open_selected", "Open it.", rank=1, refused=no_release),
        _on_list("new", "New", ("c",), "new_release", "Create a release from a template.", rank=2),
    )
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Protocol

from textual.binding import Binding

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


Refused = Callable[[Any], str]
"""Takes what a screen offers; gives why a command cannot be done now, in words, or nothing."""


def never(screen: object) -> str:
    """Of what can always be done."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """One act of a person, for bindings, key bar, palette, help, README's tables and people's own keys."""

    id: str
    title: str
    keys: tuple[str, ...]
    """Those that it has when nobody says otherwise; without any it is in the palette alone."""
    act: str
    """What its screen does: `undo`, or of a controller `items.tick`."""
    tooltip: str
    """One sentence: what it does."""
    rank: int = 0
    """Its place in the key bar; 0 keeps it out of there."""
    section: str = "Everywhere"
    """Its heading in help."""
    also: str = ""
    """Other words by which the palette finds it."""
    refused: Refused = never
    given: str | int | None = None
    """What the act is called with, where one act serves several commands."""

    def on(self, screen: Any) -> Callable[[], Awaitable[None] | None]:
        """Its act there. What is awaited runs beside the screen, so that it may ask questions."""
        act: Callable[..., Awaitable[None] | None] = attrgetter(self.act)(screen)
        return act if self.given is None else partial(act, self.given)

    def binding(self) -> Binding:
        """The key binding that runs it."""
        return Binding(",".join(self.keys), f"command('{self.id}')", self.title, show=False, id=self.id)


Commands = tuple[Command, ...]


def bindings(commands: Iterable[Command]) -> list[Binding]:
    """The bindings of those commands that have a key."""
    return [command.binding() for command in commands if command.keys]


# -- why a command is refused, as far as several features say it ---------------------------------------


def first_of(*reasons: Refused) -> Refused:
    """The first reason that there is."""
    return lambda screen: next((why for each in reasons if (why := each(screen))), "")


class Changeable(Protocol):
    """What says why it cannot be changed."""

    def why_unchangeable(self) -> str:
        """In words; nothing where it can be."""


def unchangeable(screen: Changeable) -> str:
    """Of what writes: on what is archived, read-only, or cannot be read."""
    return screen.why_unchangeable()


class OverRelease(Changeable, Protocol):
    """What shows one release."""

    @property
    def archived(self) -> bool: ...


def unchangeable_unless_archived(screen: OverRelease) -> str:
    """Of what leads to something that can still be read, or written, of an archived release."""
    return "" if screen.archived else unchangeable(screen)


class Chooses(Protocol):
    """What has something under a cursor, or nothing."""

    @property
    def chosen(self) -> object: ...


def nothing_chosen(screen: Chooses) -> str:
    """Of what is about what is under the cursor."""
    return "Nothing is selected." if screen.chosen is None else ""
