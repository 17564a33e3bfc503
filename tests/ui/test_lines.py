"""The cursor of a list: where it goes, that it stays in sight, and what a mouse does to it."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from relui.loading.themes import load_theme
from relui.locations import find_locations
from relui.ui.kit.lines import LineList
from relui.ui.kit.themes import textual_theme, variables_of

HIGH = 10


class Numbers(LineList):
    """As many lines as there are numbers."""

    lines = 25

    def count(self) -> int:
        return self.lines

    def content(self, index: int, width: int) -> Content:
        return Content(f"line {index}")


class OneList(App[None]):
    """A list alone; it notes what it is told."""

    def __init__(self) -> None:
        spec, _ = load_theme("relui-dark", find_locations(None, {}).themes, None)
        self._variables = variables_of(spec)
        super().__init__()
        self.register_theme(textual_theme(spec))
        self.theme = spec.name
        self.told: list[tuple[str, int]] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return self._variables

    def compose(self) -> ComposeResult:
        yield Numbers()

    @property
    def list(self) -> Numbers:
        return self.query_one(Numbers)

    def on_line_list_moved(self, message: LineList.Moved) -> None:
        assert message.control is self.list
        self.told.append((type(message).__name__, message.index))

    on_line_list_chosen = on_line_list_moved


@pytest.mark.parametrize(
    ("moves", "cursor", "top"),
    [
        ([0], 0, 0),
        ([9], 9, 0),
        ([10], 10, 1),
        ([24], 24, 15),
        ([99], 24, 15),
        ([-5], 0, 0),
        ([24, 15], 15, 15),
        ([24, 14], 14, 14),
        ([24, 0], 0, 0),
    ],
)
async def test_the_cursor_stays_in_the_list_and_in_sight_with_as_little_scrolling_as_needed(
    moves: list[int], cursor: int, top: int
) -> None:
    app = OneList()
    async with app.run_test(size=(30, HIGH)) as pilot:
        for index in moves:
            app.list.move_to(index)
            await pilot.pause()
        assert (app.list.cursor, app.list.scroll_offset.y) == (cursor, top)
        assert app.told[-1] == ("Moved", cursor)


async def test_a_page_is_the_view_but_for_one_line_and_never_nothing() -> None:
    for height, page in ((HIGH, HIGH - 1), (2, 1), (1, 1)):
        app = OneList()
        async with app.run_test(size=(30, height)) as pilot:
            await pilot.pause()
            assert app.list.page() == page


async def test_a_list_that_got_shorter_or_a_view_that_got_lower_keeps_its_cursor_in_sight() -> None:
    app = OneList()
    async with app.run_test(size=(30, HIGH)) as pilot:
        app.list.move_to(9)
        await pilot.resize_terminal(30, 4)
        await pilot.pause()
        assert (app.list.cursor, app.list.scroll_offset.y) == (9, 6)
        for lines, cursor in ((10, 9), (9, 8), (0, 0)):
            app.list.lines = lines
            app.list.resized()
            assert app.list.cursor == cursor


async def test_a_click_moves_the_cursor_a_double_click_chooses_and_one_below_the_list_does_nothing() -> None:
    app = OneList()
    async with app.run_test(size=(30, HIGH)) as pilot:
        app.list.move_to(12)  # the third line from the top is at the top
        await pilot.pause()
        app.told.clear()
        await pilot.click(Numbers, offset=(3, 2))
        assert (app.list.cursor, app.told) == (5, [("Moved", 5)])
        app.told.clear()
        await pilot.click(Numbers, offset=(3, 0), times=2)
        await pilot.pause()
        assert app.list.cursor == 3 and app.told.count(("Chosen", 3)) == 1
        app.list.lines = 2
        app.list.resized()
        app.list.scroll_to(y=0, animate=False, force=True)
        await pilot.pause()
        app.told.clear()
        await pilot.click(Numbers, offset=(3, 2))
        assert app.told == [] and app.list.cursor == 1
