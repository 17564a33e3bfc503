"""Themes are legible, told apart by colour-blind people too, and a broken one costs nothing but itself."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from relui.errors import BadInput
from relui.loading.themes import (
    COLOURS,
    DEFAULT_THEME,
    GROUNDS,
    LINES,
    MARKS,
    PLAIN_THEME,
    STYLED,
    ThemeSpec,
    load_theme,
    load_themes,
    theme_names,
)
from relui.locations import find_locations

BUNDLED = find_locations(None, {"RELUI_DATA": "x", "RELUI_CONFIG": "x"}).themes
STATES = ("done", "open", "partial", "not-applicable", "failed", "overdue", "running")
# Machado, Oliveira and Fernandes 2009, severity 1: how linear RGB arrives in each kind of eye.
EYES = {
    "most people's": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def _bundled() -> list[ThemeSpec]:
    return load_themes(BUNDLED, None)[0]


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    light, dark = sorted(
        (
            sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True))
            for colour in (one, other)
        ),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def _lab(colour: str, eye: str) -> tuple[float, float, float]:
    linear = _linear(colour)
    r, g, b = (max(0.0, min(1.0, sum(w * c for w, c in zip(row, linear, strict=True)))) for row in EYES[eye])
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (
            (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
            0.2126 * r + 0.7152 * g + 0.0722 * b,
            (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, eye: str) -> float:
    """How different two colours look: CIE 1976, about 2 is just noticeable."""
    pairs = zip(_lab(one, eye), _lab(other, eye), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def test_the_bundled_themes_are_all_there_and_without_a_problem() -> None:
    themes, problems = load_themes(BUNDLED, None)
    assert problems == []
    assert [theme.name for theme in themes] == [
        "high-contrast", "plain", "relui-dark", "relui-light", "terminal",
    ]  # fmt: skip


@pytest.mark.parametrize("theme", [t for t in _bundled() if not t.ansi], ids=lambda t: t.name)
def test_every_word_is_legible_on_every_ground(theme: ThemeSpec) -> None:
    faint = {
        (word, ground): round(contrast(theme.colours[word], theme.colours[ground]), 2)
        for word in MARKS
        for ground in GROUNDS
        if contrast(theme.colours[word], theme.colours[ground]) < 4.5
    }
    assert faint == {}


@pytest.mark.parametrize("theme", [t for t in _bundled() if not t.ansi], ids=lambda t: t.name)
def test_lines_are_visible(theme: ThemeSpec) -> None:
    for line in LINES:
        for ground in ("ground", "surface", "panel"):
            assert contrast(theme.colours[line], theme.colours[ground]) >= 3


def test_high_contrast_is_what_it_says() -> None:
    theme, _ = load_theme("high-contrast", BUNDLED, None)
    for word in MARKS:
        assert contrast(theme.colours[word], theme.colours["ground"]) >= 10


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", ["relui-dark", "relui-light", "high-contrast"])
def test_states_look_different_to_every_kind_of_eye(name: str, eye: str) -> None:
    theme, _ = load_theme(name, BUNDLED, None)
    alike = {
        pair: round(distance(theme.colours[pair[0]], theme.colours[pair[1]], eye))
        for pair in combinations(STATES, 2)
        if distance(theme.colours[pair[0]], theme.colours[pair[1]], eye) < 10
    }
    assert alike == {}


def test_the_plain_theme_has_no_hue_but_styles() -> None:
    theme, _ = load_theme(PLAIN_THEME, BUNDLED, None)
    assert set(theme.colours.values()) == {"ansi_default"}
    told_apart = [theme.styles.get(state, "none") for state in STATES]
    assert len(set(told_apart)) == len(told_apart)
    assert "reverse" in theme.styles["cursor"]


def test_the_terminal_theme_uses_the_terminals_own_colours() -> None:
    theme, _ = load_theme("terminal", BUNDLED, None)
    assert theme.ansi
    assert theme.colours["ground"] == "ansi_default"
    assert all(colour.startswith("ansi_") for colour in theme.colours.values())


def test_every_colour_says_what_it_is_for() -> None:
    assert set(STYLED) <= set(COLOURS)
    assert all(COLOURS.values())
    for theme in _bundled():
        assert set(theme.colours) == set(COLOURS)
        assert theme.description


def test_a_persons_theme_may_change_a_part_of_a_bundled_one(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        'extends: relui-light\ncolours:\n  accent: "#ABC"\n  ground: ansi_bright_white\n  line: default\n'
        "styles:\n  done: bold  underline\n  failed: none\n"
    )
    theme, problems = load_theme("mine", BUNDLED, tmp_path)
    light, _ = load_theme("relui-light", BUNDLED, None)
    assert problems == []
    assert (theme.name, theme.dark, theme.ansi) == ("mine", False, True)
    assert theme.colours["accent"] == "#abc"
    assert theme.colours["line"] == "ansi_default"
    assert theme.colours["text"] == light.colours["text"]
    assert theme.styles["done"] == "bold underline"
    assert theme.styles["failed"] == "none"


def test_a_persons_theme_goes_before_the_bundled_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "relui-dark.yaml").write_text('extends: relui-dark\ncolours:\n  text: "#ffffff"\n')
    assert load_theme("relui-dark", BUNDLED, tmp_path)[0].colours["text"] == "#ffffff"
    themes, problems = load_themes(BUNDLED, tmp_path)
    assert problems == []
    assert [theme.name for theme in themes].count("relui-dark") == 1


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("dark: true\n", 1, "missing: ground, surface,"),
        ("extends: relui-drak\n", 1, "Did you mean 'relui-dark'?"),
        ("extends: [a]\n", 1, "there is no bundled theme"),
        ("extends: relui-dark\ncolors:\n", 2, "Did you mean 'colours'?"),
        ("extends: relui-dark\ncolours: red\n", 2, "`key: value` lines are expected"),
        ("extends: relui-dark\ncolours:\n  over-due: default\n", 3, "Did you mean 'overdue'?"),
        ("extends: relui-dark\ncolours:\n  done: #123456\n", 3, "in quotes"),
        ('extends: relui-dark\ncolours:\n  done: "#12345g"\n', 3, "is not a colour"),
        ("extends: relui-dark\ncolours:\n  done: ansi_gren\n", 3, "Did you mean 'ansi_green'?"),
        ("extends: relui-dark\ncolours:\n  done: [a, b]\n", 3, "one colour is expected"),
        ("extends: relui-dark\nstyles:\n  done: blod\n", 3, "Did you mean 'bold'?"),
        ("extends: relui-dark\nstyles:\n  done:\n", 3, "a text style is expected"),
        ("extends: relui-dark\nstyles:\n  ground: bold\n", 3, "unknown key"),
        ("extends: relui-dark\ndark: maybe\n", 2, "`dark: true` or `dark: false`"),
        ("extends: relui-dark\ndescription: {a: b}\n", 2, "one value is expected"),
        ("- a\n", 1, "`key: value` lines"),
        ("a: [\n", 2, ""),
    ],
)
def test_a_malformed_theme_is_named_by_line_and_the_default_is_used(
    content: str, line: int, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(content)
    theme, problems = load_theme("mine", BUNDLED, tmp_path)
    assert theme.name == DEFAULT_THEME
    assert problems[0].startswith(f"{path}:{line}: ")
    assert words in problems[0]
    themes, again = load_themes(BUNDLED, tmp_path)
    assert again == problems
    assert "mine" not in [theme.name for theme in themes]


def test_all_problems_of_a_theme_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "name: x\nextends: relui-dark\ncolours:\n  done: x\n  dnoe: default\n"
    )
    _, problems = load_theme("mine", BUNDLED, tmp_path)
    assert len(problems) == 3


def test_a_malformed_shadow_gives_the_bundled_theme(tmp_path: Path) -> None:
    (tmp_path / "relui-light.yaml").write_text("dark: no\n")
    theme, problems = load_theme("relui-light", BUNDLED, tmp_path)
    assert theme == load_theme("relui-light", BUNDLED, None)[0]
    assert problems


@pytest.mark.parametrize("name", ["relui-drak", "../relui-dark", "", "a/b", "\x1b[31m"])
def test_an_unknown_name_gives_the_default_and_the_nearest_name(name: str) -> None:
    theme, problems = load_theme(name, BUNDLED, None)
    assert theme.name == DEFAULT_THEME
    assert len(problems) == 1
    assert "\x1b" not in problems[0]


def test_names_are_known_without_reading_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("[")
    (tmp_path / "Not A Name.yaml").write_text("")
    assert theme_names(BUNDLED, tmp_path / "none") == theme_names(BUNDLED, None)
    assert "mine" in theme_names(BUNDLED, tmp_path)
    assert "Not A Name" not in theme_names(BUNDLED, tmp_path)


def test_damaged_bundled_themes_are_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Install relui again"):
        load_theme("relui-dark", tmp_path, None)


def test_the_first_theme_needs_no_textual_yaml_or_pydantic() -> None:
    code = (
        "import sys; from pathlib import Path; from relui.loading.themes import load_themes;"
        f"load_themes(Path({str(BUNDLED)!r}), None);"
        "sys.exit(bool({'yaml', 'pydantic', 'textual', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
