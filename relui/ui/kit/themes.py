"""Checked themes -> Textual's: its own variables, and relui's for states and the calendar.

For each mark (see relui/loading/themes.py) the stylesheets have `$failed`, a colour; `$failed-style`, a
text style; and `Content` has `$failed-mark`, both at once. Grounds are `$cursor`, `$window` and so on;
`$cursor-mark`, `$cursor-idle-mark` and `$selection-mark` are a ground with its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from relui.loading.themes import DEFAULT_THEME, GROUNDS, LINES, MARKS, PLAIN_THEME, STYLED, ThemeSpec

if TYPE_CHECKING:
    from textual.style import Style
    from textual.theme import Theme

STYLESHEET = Path(__file__).parent / "themes.tcss"
"""Where Textual's own rules fall short in these themes: to be listed first in the app's CSS_PATH."""


_CURSORS = {"cursor": "cursor-text", "cursor-idle": "text", "selection": "text"}


def no_colour(env: Mapping[str, str]) -> bool:
    """Whether NO_COLOR (no-color.org) is set to something.

    The app is then made with `ansi_color=True`: Textual strips every colour and keeps bold and reverse,
    instead of turning colours into greys of low contrast.
    """
    return bool(env.get("NO_COLOR"))


def first_theme(chosen: str, env: Mapping[str, str]) -> str:
    """The name of the theme to start with: the person's, or the plain one under NO_COLOR."""
    return PLAIN_THEME if no_colour(env) else chosen or DEFAULT_THEME


def textual_theme(spec: ThemeSpec) -> Theme:
    """The theme as Textual takes it. Every variable that relui's stylesheets use is in it."""
    from textual.theme import Theme

    colours = spec.colours
    return Theme(
        name=spec.name,
        dark=spec.dark,
        ansi=spec.ansi,
        primary=colours["accent"],
        secondary=colours["muted"],
        accent=colours["accent"],
        success=colours["done"],
        warning=colours["overdue"],
        error=colours["failed"],
        foreground=colours["text"],
        background=colours["ground"],
        surface=colours["surface"],
        panel=colours["panel"],
        variables=variables_of(spec),
    )


def variables_of(spec: ThemeSpec) -> dict[str, str]:
    """The theme's variables for stylesheets and `Content`, without those that Textual works out itself.

    An app returns them from `get_theme_variable_defaults`, because Textual parses its first stylesheet
    before a theme can be registered.
    """
    variables = {name: spec.colours[name] for name in (*GROUNDS, *LINES, *MARKS)}
    for name in STYLED:
        variables[f"{name}-style"] = spec.styles.get(name, "none")
    for name in MARKS:
        style = spec.styles.get(name, "none")
        variables[f"{name}-mark"] = spec.colours[name] if style == "none" else f"{style} {spec.colours[name]}"
    for name, words in _CURSORS.items():
        style = spec.styles.get(name, "not blink")  # a style that is empty, where `none` is not understood
        variables[f"{name}-mark"] = f"{style} {spec.colours[words]} on {spec.colours[name]}"
    return variables | _words(spec) | _controls(spec) | (_ansi_gaps() if spec.ansi else {})


def mark_styles(variables: Mapping[str, str]) -> dict[str, Style]:
    """The style of each mark, and of `cursor`, `cursor-idle` and `selection` with their grounds, by name.

    `line` and `hatch` are drawn, not read; `on-window` and `on-release` are grounds alone, to be added.

    For widgets that draw lines themselves: Textual's `get_visual_style` loses `reverse`, these keep it.
    `variables` is `app.theme_variables`; ask again when `app.theme_changed_signal` is published.
    """
    from textual.style import Style

    styles = {name: Style.parse(variables[f"{name}-mark"], dict(variables)) for name in (*MARKS, *_CURSORS)}
    styles |= {name: Style.parse(variables[name], {}) for name in LINES}
    grounds = {"on-window": "window", "on-release": "release-ground"}
    for name, ground in grounds.items():
        colour = variables[ground]
        styles[name] = Style() if colour == "ansi_default" else Style.parse(f"on {colour}", {})
    return styles


def _words(spec: ThemeSpec) -> dict[str, str]:
    """Textual's variables for what is read: never its automatic greys, whose contrast is not known."""
    c = spec.colours
    headings = {f"markdown-h{level}-color": c["accent" if level <= 3 else "text"] for level in range(1, 7)}
    return headings | {
        "text-muted": c["muted"],
        "text-disabled": c["muted"],
        "foreground-muted": c["muted"],
        "foreground-disabled": c["muted"],
        "text-primary": c["accent"],
        "text-secondary": c["muted"],
        "text-accent": c["accent"],
        "text-success": c["done"],
        "text-warning": c["overdue"],
        "text-error": c["failed"],
        "link-color": c["accent"],
        "link-color-hover": c["cursor-text"],
        "link-background-hover": c["cursor"],
        "footer-foreground": c["text"],
        "footer-background": c["panel"],
        "footer-key-foreground": c["accent"],
        "footer-description-foreground": c["muted"],
    }


def _controls(spec: ThemeSpec) -> dict[str, str]:
    """Textual's variables for cursors, selections, borders, scrollbars and buttons."""
    c, styles = spec.colours, spec.styles
    caret_style = "reverse" if spec.ansi else "none"
    shades = {} if spec.ansi else _shades(spec)
    return shades | {
        "block-cursor-foreground": c["cursor-text"],
        "block-cursor-background": c["cursor"],
        "block-cursor-text-style": styles.get("cursor", "none"),
        "block-cursor-blurred-foreground": c["text"],
        "block-cursor-blurred-background": c["cursor-idle"],
        "block-cursor-blurred-text-style": styles.get("cursor-idle", "none"),
        "block-hover-background": c["cursor-idle"],
        "border": c["accent"],
        "border-blurred": c["line"],
        "surface-active": c["panel"],
        "scrollbar": c["line"],
        "scrollbar-hover": c["muted"],
        "scrollbar-active": c["accent"],
        "scrollbar-background": c["ground"],
        "scrollbar-background-hover": c["ground"],
        "scrollbar-background-active": c["ground"],
        "scrollbar-corner-color": c["ground"],
        "input-cursor-foreground": c["ground"],
        "input-cursor-background": c["text"],
        "input-cursor-text-style": caret_style,
        "input-selection-foreground": c["text"],
        "input-selection-background": c["selection"],
        "screen-selection-foreground": c["text"],
        "screen-selection-background": c["selection"],
        "button-foreground": c["text"],
        "button-color-foreground": c["ground"],
    }


def _shades(spec: ThemeSpec) -> dict[str, str]:
    """Grounds that Textual derives from the state colours, chosen here so that words on them stay legible.

    A hovered button keeps its colour; a flat one has a tint of it behind words of that colour.
    """
    c = spec.colours
    made: dict[str, str] = {}
    for role, mark in (
        ("primary", "accent"),
        ("success", "done"),
        ("warning", "overdue"),
        ("error", "failed"),
    ):
        made |= {f"{role}-darken-{step}": c[mark] for step in (1, 2)}
        made[f"{role}-muted"] = c["cursor-idle"]
    return made | {"accent-muted": c["cursor-idle"], "secondary-muted": c["cursor-idle"]}


def _ansi_gaps() -> dict[str, str]:
    """What Textual 8.2's generator for ANSI themes leaves out though its stylesheets refer to it."""
    return {"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"}
