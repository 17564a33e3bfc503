"""Colour themes: YAML files whose name is the theme's name. Knows no Textual (relui/ui/kit/themes.py does).

Only the chosen theme is read before the first paint; the others when somebody wants to choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from relui.domain.text import clean, did_you_mean, one_line
from relui.errors import BadInput
from relui.loading.flat_yaml import FlatFile, read_flat

DEFAULT_THEME = "relui-dark"
"""The theme of a person who chose none, and of one whose choice cannot be read."""
PLAIN_THEME = "plain"
"""The theme without any hue, for NO_COLOR."""

GROUNDS = {
    "ground": "behind everything",
    "surface": "behind lists and text fields",
    "panel": "behind headers, the footer and dialogs",
    "cursor": "behind the line with the cursor",
    "cursor-idle": "behind that line while another list has the keyboard",
    "selection": "behind selected text",
    "window": "hours of the calendar in which releases may happen",
    "release-ground": "behind a release's block in the calendar",
}
"""What is behind words, and where."""
LINES = {"line": "borders, rules, scrollbars", "hatch": "the hatching of a blackout in the calendar"}
"""What is drawn but not read."""
MARKS = {
    "text": "words",
    "muted": "words of less weight",
    "accent": "keys, titles, the border with the keyboard",
    "cursor-text": "words in the line with the cursor",
    "done": "a ticked item, a passed gate",
    "open": "an item that waits",
    "partial": "an item or phase that is partly done",
    "not-applicable": "an item that is not applicable",
    "failed": "a failed item, an error, a conflict",
    "overdue": "late, and warnings",
    "running": "what happens now",
    "release": "a release in the calendar",
    "blackout": "a time in which nothing may happen",
    "maintenance": "maintenance",
    "event": "a business event",
    "absence": "somebody is away",
}
"""What has words of its own colour, and when. Each may have a text style too."""
COLOURS = GROUNDS | LINES | MARKS
"""Every colour of a theme and where it shows: for help, the guide and the doc test."""
STYLED = (*MARKS, "cursor", "cursor-idle", "selection")
"""What may have a text style."""
TEXT_STYLES = ("bold", "dim", "italic", "underline", "reverse", "strike", "none")

_KEYS = ("description", "dark", "extends", "colours", "styles")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_ANSI = tuple(
    f"ansi_{bright}{hue}"
    for bright in ("", "bright_")
    for hue in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
)


class ThemeSpec(Struct, frozen=True):
    """A checked theme. `colours` has every key of COLOURS: `#rgb`, `#rrggbb`, `ansi_*` or `default`.

    `styles` has the text styles of some of STYLED, such as `bold underline`.
    """

    name: str
    dark: bool
    colours: Mapping[str, str]
    styles: Mapping[str, str] = {}
    description: str = ""

    @property
    def ansi(self) -> bool:
        """Whether the terminal's own colours are meant, which need Textual's native ANSI output."""
        return any(not colour.startswith("#") for colour in self.colours.values())


def load_theme(name: str, bundled: Path, own: Path | None) -> tuple[ThemeSpec, list[str]]:
    """One theme by name; the person's own goes before the bundled one of that name.

    A theme that does not exist or is malformed gives the next best (the bundled one of that name, then
    DEFAULT_THEME) and the problems, each `FILE:LINE: what` where there is a file. Raises BadInput when
    the default itself, which comes with relui, is damaged.
    """
    problems: list[str] = []
    for folder in _folders(bundled, own) if _NAME.fullmatch(name) else ():
        try:
            return _read(folder / f"{name}.yaml", bundled), problems
        except FileNotFoundError:
            continue
        except BadInput as error:
            problems += error.message.splitlines()
    if not problems:
        known = theme_names(bundled, own)
        problems.append(f"There is no theme '{clean(name)[:60]}'.{did_you_mean(name, known)}")
    return read_default(bundled), problems


def load_themes(bundled: Path, own: Path | None) -> tuple[list[ThemeSpec], list[str]]:
    """Every theme by name, bundled and own, and the problems of those that were passed over."""
    themes: list[ThemeSpec] = []
    problems = [] if own is None else _listing(own)[1]
    for name in theme_names(bundled, own):
        theme, found = load_theme(name, bundled, own)
        problems += found
        if theme.name == name:
            themes.append(theme)
    return themes, problems


def theme_names(bundled: Path, own: Path | None) -> list[str]:
    """The names of all themes, from the names of the files alone."""
    names = {file.stem for folder in _folders(bundled, own) for file in _listing(folder)[0]}
    return sorted(name for name in names if _NAME.fullmatch(name))


def _listing(folder: Path) -> tuple[list[Path], list[str]]:
    """The theme files of a folder, and what is wrong with the folder itself."""
    try:
        return [path for path in folder.iterdir() if path.suffix == ".yaml"], []
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [f"{clean(str(folder))} cannot be read: {error.strerror}. Its themes are passed over."]


def read_default(bundled: Path) -> ThemeSpec:
    """The theme that always works. Raises BadInput when what comes with relui is damaged."""
    try:
        return _read(bundled / f"{DEFAULT_THEME}.yaml", bundled)
    except FileNotFoundError:
        raise BadInput(f"{bundled}: relui's own themes are missing. Install relui again.") from None


def _folders(bundled: Path, own: Path | None) -> tuple[Path, ...]:
    return (bundled,) if own is None else (own, bundled)


def _read(path: Path, bundled: Path | None) -> ThemeSpec:
    """The theme in a file; it may extend one in `bundled`. Raises BadInput, one problem in each line."""
    flat = read_flat(path)
    problems = [
        f"{flat.at(key)}: unknown key '{clean(key)[:60]}'.{did_you_mean(key, _KEYS)}"
        for key in flat.data
        if key not in _KEYS
    ]
    base = _base(flat, path, bundled, problems)
    colours = _section(flat, "colours", COLOURS, _colour, problems)
    styles = _section(flat, "styles", STYLED, _style, problems)
    if base is not None:
        colours = {**base.colours, **colours}
        styles = {**base.styles, **styles}
    missing = [key for key in COLOURS if key not in colours]
    if missing and not problems:
        problems.append(
            f"{flat.at('colours')}: missing: {', '.join(missing)}. Add them, or `extends: {DEFAULT_THEME}`."
        )
    dark = _truth(flat, base, problems)
    description = flat.data.get("description", "")
    if not isinstance(description, str):
        problems.append(f"{flat.at('description')}: one value is expected.")
    if problems:
        raise BadInput("\n".join(problems))
    return ThemeSpec(path.stem, dark, colours, styles, one_line(description, what="description"))


def _base(flat: FlatFile, path: Path, bundled: Path | None, problems: list[str]) -> ThemeSpec | None:
    """The bundled theme that this one changes, if it names one."""
    wanted = flat.data.get("extends", "")
    if wanted == "":
        return None
    known = [] if bundled is None else theme_names(bundled, None)
    if bundled is not None and wanted in known and bundled / f"{wanted}.yaml" != path:
        return _read(bundled / f"{wanted}.yaml", None)  # one step only: no circles
    named = clean(str(wanted))[:60]
    problems.append(f"{flat.at('extends')}: there is no bundled theme '{named}'.{did_you_mean(named, known)}")
    return None


def _section(
    flat: FlatFile, section: str, known: Iterable[str], check: Any, problems: list[str]
) -> dict[str, str]:
    entries = flat.data.get(section, {})
    if entries == "":
        entries = {}
    if not isinstance(entries, dict):
        problems.append(f"{flat.at(section)}: {section}: `key: value` lines are expected.")
        return {}
    made: dict[str, str] = {}
    for key, value in entries.items():
        try:
            if key not in known:
                raise BadInput(f"unknown key.{did_you_mean(key, known)}")
            made[key] = check(value)
        except BadInput as error:
            problems.append(f"{flat.at(section, key)}: {section}.{clean(key)[:60]}: {error.message}")
    return made


def _colour(value: object) -> str:
    if isinstance(value, str):
        if _HEX.fullmatch(value) or value in _ANSI:
            return value.lower()
        if value in ("default", "ansi_default"):
            return "ansi_default"
        if value == "":
            raise BadInput('no colour is given. An unquoted # begins a comment: write "#rrggbb" in quotes.')
        if not value.startswith("#"):
            hint = did_you_mean(value, (*_ANSI, "default"))
            raise BadInput(f"'{clean(value)[:60]}' is not a colour.{hint} Or write \"#rrggbb\".")
        raise BadInput(f"'{clean(value)[:60]}' is not a colour. Write \"#rrggbb\" with hexadecimal digits.")
    raise BadInput("one colour is expected.")


def _style(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"a text style is expected: {', '.join(TEXT_STYLES)}.")
    words = value.split()
    for word in words:
        if word not in TEXT_STYLES:
            raise BadInput(f"'{clean(word)[:60]}' is not a text style.{did_you_mean(word, TEXT_STYLES)}")
    return "none" if "none" in words else " ".join(words)


def _truth(flat: FlatFile, base: ThemeSpec | None, problems: list[str]) -> bool:
    dark = flat.data.get("dark")
    if dark is None and base is not None:
        return base.dark
    if dark not in ("true", "false"):
        problems.append(f"{flat.at('dark')}: `dark: true` or `dark: false` is missing.")
    return dark == "true"
