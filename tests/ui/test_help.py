"""Help uses the width there is, and is searched with a key."""

from __future__ import annotations

from textual.widgets import Input

from relui.ui.app import ReluiApp
from relui.ui.kit.help import HelpScreen, help_lines
from tests.ui.seen import home, seen, settled


async def test_a_command_takes_one_line_where_there_is_room(app: ReluiApp) -> None:
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        commands = home(app).all_commands()
        lines = [content.plain for content in help_lines(home(app), 140)]
        assert all(f"({command.id})" in "\n".join(lines) for command in commands)
        in_one = [c for c in commands if any(c.title in text and f"({c.id})" in text for text in lines)]
        assert len(in_one) >= 0.8 * len(commands)
        await pilot.press("question_mark")
        await settled(pilot)
        row = next(text for text in seen(app).splitlines() if "Copy as new" in text)
        assert "every item open. (copy-release)" in row


async def test_lines_fit_a_small_window(app: ReluiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = help_lines(home(app), 74)
        assert [c.plain for c in lines if c.cell_length > 74 and c.plain.startswith(" " * 9)] == []


async def test_a_search_shows_only_what_has_its_words_and_escape_shows_all(app: ReluiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("question_mark")
        await settled(pilot)
        await pilot.press("slash")
        await settled(pilot)
        await pilot.press(*"clipboard")
        await settled(pilot)
        assert app.screen.query_one(Input).value == "clipboard"
        assert "Copy text" in seen(app) and "Create a release" not in seen(app)
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen) and "Create a release" in seen(app)
        await pilot.press("slash")
        await settled(pilot)
        await pilot.press(*"zzzz")
        await settled(pilot)
        assert "Nothing here is called zzzz." in seen(app)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert home(app)
