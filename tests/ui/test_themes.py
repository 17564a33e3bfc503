"""Every bundled theme works in Textual, and what Textual draws with it is legible."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult
from textual.containers import Grid
from textual.content import Content
from textual.widgets import (
    Button,
    Collapsible,
    DataTable,
    Footer,
    Header,
    Input,
    Label,
    Markdown,
    OptionList,
    Select,
    Static,
    Tabs,
    TextArea,
    Tree,
)

from relui.loading.themes import MARKS, ThemeSpec, load_theme, load_themes
from relui.locations import find_locations
from relui.ui.kit.themes import STYLESHEET, first_theme, mark_styles, no_colour, textual_theme, variables_of
from tests.loading.test_themes import contrast

BUNDLED = find_locations(None, {"RELUI_DATA": "x", "RELUI_CONFIG": "x"}).themes
THEMES = load_themes(BUNDLED, None)[0]


class Gallery(App[None]):
    """The widgets that relui uses, in one theme."""

    CSS_PATH = [STYLESHEET]  # noqa: RUF012 - Textual declares it so
    CSS = """
    Grid { grid-size: 3; }
    #marks-window { background: $window; }
    #marks-release { background: $release-ground; }
    Label { color: $failed; text-style: $failed-style; border: round $line; }
    """
    BINDINGS = [("q", "quit", "Leave")]  # noqa: RUF012 - Textual declares it so

    def __init__(self, spec: ThemeSpec, *, ansi_color: bool | None = None) -> None:
        self._first = variables_of(spec)
        super().__init__(ansi_color=ansi_color)
        self.register_theme(textual_theme(spec))
        self.theme = spec.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return self._first

    def compose(self) -> ComposeResult:
        marks = Content.assemble(*[(f"{mark} ", f"${mark}-mark") for mark in MARKS])
        tree: Tree[None] = Tree("root")
        tree.root.expand().add_leaf("leaf")
        table: DataTable[str] = DataTable(cursor_type="row", zebra_stripes=True)
        table.add_columns("one", "two")
        table.add_rows([("a", "b"), ("c", "d")])
        yield Header()
        with Grid():
            yield Static(marks, id="marks")
            yield Static(marks, id="marks-window")
            yield Static(marks, id="marks-release")
            yield Input("typed", id="typed")
            yield Input(placeholder="placeholder")
            yield TextArea("text\nmore", show_line_numbers=True)
            for variant in ("default", "primary", "success", "warning", "error"):
                yield Button(variant, variant=variant)
                yield Button(variant, variant=variant, flat=True)
            yield Tabs("first", "second")
            yield tree
            yield table
            yield OptionList("one", "two")
            yield Markdown("# One\n\n### Three `code` [link](x)\n\n> quoted\n")
            yield Collapsible(Label("inside"), title="fold")
            yield Select([("choice", 1)], prompt="choose")
        yield Footer()


def _faint(app: App[None]) -> Iterator[tuple[str, str, str]]:
    """The words on the screen, with their colours, whose contrast is below 4.5:1."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if (
                not re.search(r"\w", segment.text)
                or style is None
                or style.color is None
                or style.bgcolor is None
            ):
                continue
            front, back = style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
            if contrast(front, back) < 4.5:
                yield segment.text.strip(), front, back


@pytest.mark.parametrize("spec", [theme for theme in THEMES if not theme.ansi], ids=lambda theme: theme.name)
async def test_every_word_that_textual_draws_is_legible(spec: ThemeSpec) -> None:
    app = Gallery(spec)
    async with app.run_test(size=(120, 60)) as pilot:
        app.notify("said", title="Said")
        app.notify("failed", title="Failed", severity="error")
        for _ in range(len(app.screen.focus_chain)):
            await pilot.pause()
            assert set(_faint(app)) == set()
            app.screen.focus_next()


@pytest.mark.parametrize("name", ["relui-dark", "relui-light"])
async def test_a_button_under_the_mouse_is_legible(name: str) -> None:
    app = Gallery(load_theme(name, BUNDLED, None)[0])
    async with app.run_test(size=(120, 60)) as pilot:
        for button in app.query(Button):
            await pilot.hover(button)
            await pilot.pause()
            assert button.has_pseudo_class("hover")
            assert set(_faint(app)) == set()


@pytest.mark.parametrize("spec", [theme for theme in THEMES if theme.ansi], ids=lambda theme: theme.name)
async def test_an_ansi_theme_sends_no_colour_of_its_own(spec: ThemeSpec) -> None:
    app = Gallery(spec)
    async with app.run_test(size=(120, 60)) as pilot:
        await pilot.pause()
        assert app.native_ansi_color
        colours = {
            colour.name
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None
            for colour in (segment.style.color, segment.style.bgcolor)
            if colour is not None and colour.triplet is not None
        }
        assert colours == set()


async def test_the_cursor_of_an_ansi_theme_is_seen_by_its_style() -> None:
    spec, _ = load_theme("plain", BUNDLED, None)
    app = Gallery(spec)
    async with app.run_test(size=(120, 60)) as pilot:
        for kind in (Tree, DataTable, OptionList, Input):
            widget = app.query(kind).first()
            widget.focus()
            await pilot.pause()
            styles = [segment.style for y in range(3) for segment in widget.render_line(y)]
            assert any(style and (style.reverse or style.underline) for style in styles), kind.__name__


async def test_no_colour_strips_every_colour_and_keeps_the_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    spec, _ = load_theme(first_theme("relui-light", {"NO_COLOR": "1"}), BUNDLED, None)
    assert spec.name == "plain"
    app = Gallery(spec, ansi_color=True)
    async with app.run_test(size=(120, 60)) as pilot:
        await pilot.pause()
        for strip in app.screen._compositor.render_strips():
            plain = strip.apply_filter(app._filters[-1], app.screen.styles.background)
            for segment in plain:
                if segment.style is not None:
                    assert segment.style.color is None or segment.style.color.is_default
                    assert segment.style.bgcolor is None or segment.style.bgcolor.is_default
        assert type(app._filters[-1]).__name__ == "NoColor"


async def test_themes_can_be_switched_while_the_app_runs() -> None:
    app = Gallery(load_theme("relui-dark", BUNDLED, None)[0])
    async with app.run_test(size=(80, 24)) as pilot:
        for spec in THEMES:
            app.register_theme(textual_theme(spec))
        for spec in (*THEMES, *reversed(THEMES)):
            app.theme = spec.name
            await pilot.pause()
            await pilot.pause()
            assert app.native_ansi_color == spec.ansi
            assert app.theme_variables["failed"] == spec.colours["failed"]
            styles = mark_styles(app.theme_variables)
            assert set(MARKS) < set(styles)
            assert bool(styles["cursor"].reverse) == ("reverse" in spec.styles.get("cursor", ""))


@pytest.mark.parametrize(
    ("env", "theme"),
    [
        ({}, "relui-light"),
        ({"NO_COLOR": ""}, "relui-light"),
        ({"NO_COLOR": "1"}, "plain"),
        ({"NO_COLOR": "0"}, "plain"),
    ],
)
def test_no_color_counts_when_it_is_not_empty(env: dict[str, str], theme: str) -> None:
    assert first_theme("relui-light", env) == theme
    assert no_colour(env) == (theme == "plain")
