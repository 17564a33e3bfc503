"""The person's own keys: `<config>/keymap.yaml`, command id -> key or list of keys; `[]` takes the key away.

Textual ignores unknown ids and bad keys without a word, and a clash disables an action, so all of that
is found here. Keys are written as Textual names them, or as the character itself: `?`, `/`, `[`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from relui.domain.text import clean, did_you_mean
from relui.errors import BadInput
from relui.loading.flat_yaml import FlatFile, read_flat

EVERYWHERE = "everywhere"
"""The scope of a command that is live on every screen."""

_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_NAMED = frozenset(
    [
        *("space", "enter", "tab", "escape", "backspace", "insert", "delete"),
        *("home", "end", "pageup", "pagedown", "up", "down", "left", "right"),
        *(f"f{number}" for number in range(1, 25)),
    ]
)
_OTHER_NAMES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "page_up": "pageup",
    "pgdn": "pagedown",
    "page_down": "pagedown",
    "backtab": "shift+tab",
}
_MODIFIERS = ("alt", "ctrl", "shift")
_ARRIVES_AS = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+left_square_bracket": "escape",
    "ctrl+h": "backspace",
}


class CommandKeys(Struct, frozen=True):
    """A command as the keymap sees it: its id, its default keys, and the scopes in which they are live.

    Two commands meet when they share a scope, or when one of them is live EVERYWHERE.
    """

    id: str
    keys: tuple[str, ...]
    scopes: frozenset[str]

    def meets(self, other: CommandKeys) -> bool:
        """Whether both can be live at once."""
        return bool(self.scopes & other.scopes) or EVERYWHERE in self.scopes | other.scopes


def load_keymap(
    path: Path, commands: Mapping[str, CommandKeys]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The keys of the commands that the person changed, and a problem for each line that was passed over.

    Keys are Textual's names. No file is no problem; a problem reads `FILE:LINE: what`.
    """
    try:
        flat = read_flat(path)
    except FileNotFoundError:
        return {}, []
    except BadInput as error:
        return {}, [error.message]
    chosen: dict[str, tuple[str, ...]] = {}
    problems: dict[str, str] = {}
    for name in flat.data:
        try:
            if name not in commands:
                raise BadInput(f"there is no such command.{did_you_mean(name, commands)}")
            chosen[name] = _keys(flat.data[name])
        except BadInput as error:
            problems[name] = error.message
    while (clash := _clash(chosen, commands)) is not None:
        name, key, other = clash
        del chosen[name]
        problems[name] = (
            f"'{key}' is already the key of '{other}' there. Choose another, or change that one too."
        )
    return chosen, [_problem(flat, name, problems[name]) for name in flat.data if name in problems]


def key_named(text: str) -> str:
    """Textual's name of a key as people write it. Raises BadInput for one that no keyboard sends."""
    shown = clean(text)[:40]
    wanted = text.strip()
    modifiers, base = _split(wanted)
    for modifier in modifiers:
        if modifier not in _MODIFIERS:
            raise BadInput(f"'{shown}' is not a key.{did_you_mean(modifier, _MODIFIERS)}")
    held, name = set(modifiers), _base(base, shown)
    if name.startswith("shift+"):
        held.add("shift")
        name = name.removeprefix("shift+")
    if len(name) == 1 and name.isalpha() and held:
        if "shift" in held and held == {"shift"}:
            return name.upper()
        if name.isupper() and "ctrl" not in held:
            held.add("shift")
        name = name.lower()
    elif "shift" in held and name not in _NAMED:
        raise BadInput(f"'{shown}' is not a key. Write the character that Shift gives, such as ? or !.")
    key = "+".join([*sorted(held), name])
    if key == "ctrl+space":
        raise BadInput("'ctrl+space' has another name in each terminal. Choose another key.")
    if key in _ARRIVES_AS:
        raise BadInput(
            f"'{shown}' reaches the app as '{_ARRIVES_AS[key]}'. Write that, or choose another key."
        )
    return key


def _problem(flat: FlatFile, name: str, message: str) -> str:
    return f"{flat.at(name)}: {clean(name)[:60]}: {message}"


def _keys(value: object) -> tuple[str, ...]:
    given: list[object] = value if isinstance(value, list) else [value]
    listed = [key for key in given if isinstance(key, str)]
    if len(listed) < len(given):
        raise BadInput("a key is expected, or a list of keys: [j, down].")
    if "" in listed:
        raise BadInput("no key is given. Write one, or [] to take the key away. Quote special ones: '#'.")
    return tuple(dict.fromkeys(key_named(key) for key in listed))


def _split(wanted: str) -> tuple[list[str], str]:
    """Modifiers in lower case, and the rest; the rest may be the character + itself."""
    head, plus, base = wanted[:-1].rpartition("+")
    if not plus:
        return [], wanted
    return head.lower().split("+"), base + wanted[-1]


def _base(base: str, shown: str) -> str:
    """The name of a key without modifiers."""
    if len(base) == 1:
        if base.isalnum():
            return base
        try:
            name = unicodedata.name(base).lower().replace("-", "_").replace(" ", "_")
        except ValueError:
            raise BadInput(f"'{shown}' is not a key.") from None
        return _RENAMED.get(name, name)
    folded = base.lower()
    folded = _OTHER_NAMES.get(folded, folded)
    if folded in _NAMED or folded == "shift+tab" or folded in _punctuation():
        return folded
    if "," in base:
        raise BadInput(
            f"'{shown}' is not a key. Write several keys as a list: [{', '.join(base.split(','))}]."
        )
    raise BadInput(f"'{shown}' is not a key.{did_you_mean(folded, _NAMED | _punctuation())}")


def _punctuation() -> frozenset[str]:
    """The names of the characters on the keys of an ASCII keyboard that are neither letter nor digit."""
    return frozenset(_base(chr(code), "") for code in range(0x21, 0x7F) if not chr(code).isalnum())


def _clash(
    chosen: Mapping[str, tuple[str, ...]], commands: Mapping[str, CommandKeys]
) -> tuple[str, str, str] | None:
    """The last line that takes a key from a command beside it: command, key, the other command."""
    for name in reversed(list(chosen)):
        others = (other for other in commands.values() if other.id != name and commands[name].meets(other))
        for other in others:
            key = _shared(chosen[name], chosen.get(other.id, other.keys))
            if key is not None:
                return name, key, other.id
    return None


def _shared(one: Iterable[str], other: Iterable[str]) -> str | None:
    taken = set(other)
    return next((key for key in one if key in taken), None)
