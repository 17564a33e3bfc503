"""What is wrong in the files that people write for relui: settings, keys, themes, templates, messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from relui.loading.keymap import CommandKeys, load_keymap
from relui.loading.settings import load_settings
from relui.loading.templates import TemplateLibrary
from relui.loading.themes import load_theme, load_themes

if TYPE_CHECKING:
    from relui.locations import Locations


def own_file_problems(
    places: Locations,
    templates: TemplateLibrary,
    keys: Callable[[], Mapping[str, CommandKeys]],
    *,
    theme: str = "",
) -> list[str]:
    """Every problem by file and line, as the files are now, each once.

    `keys` is asked only when there is a keymap. `theme` is the chosen one, the settings' own unless said.
    """
    settings, found = load_settings(places.settings)
    found += load_theme(theme or settings.theme, places.themes, places.own_themes)[1]
    found += load_themes(places.themes, places.own_themes)[1]
    found += map(str, templates.problems())
    try:
        if places.keymap.exists():
            found += load_keymap(places.keymap, keys())[1]
    except OSError as error:
        found.append(f"{places.keymap} cannot be read: {error.strerror}.")
    return list(dict.fromkeys(found))
