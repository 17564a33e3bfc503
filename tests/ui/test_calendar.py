"""The calendar screen, looked at by keys: what is shown, and where the cursor goes."""

from __future__ import annotations

from datetime import date

from relui.desk.desk import Desk
from relui.ui.app import ReluiApp
from relui.ui.checklist.screen import ChecklistScreen
from tests.ui.calendars import WIDE, calendar, open_calendar, planned, told
from tests.ui.seen import home, seen, settled, type_line


async def test_three_opens_the_calendar_at_the_selected_release(app: ReluiApp, payments: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        shown = seen(app)
        assert screen.cursor.chosen == payments
        assert screen.cursor.day == date(2026, 11, 21)
        assert "week 47, 16 to 22 Nov 2026" in shown
        assert f"[ ] {payments[9:]}" in shown
        assert "Weekend nights" in shown
        assert "^ staging acceptance" in shown
        assert "H the organisation" in shown
        assert "Sat 21 Nov 20:00 CET" in shown


async def test_an_empty_calendar_says_how_to_begin(app: ReluiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await open_calendar(pilot)
        assert "W a window, B a blackout" in seen(app)


async def test_without_a_window_the_calendar_says_that_it_restricts_nothing(
    app: ReluiApp, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        assert "the calendar restricts nothing" in told(app)


async def test_at_80x24_every_row_of_two_hours_and_the_verdict_are_in_sight(
    app: ReluiApp, payments: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await open_calendar(pilot)
        shown = seen(app)
        for hour in range(0, 24, 2):
            assert f"{hour:02d}:00" in shown
        assert f"[ ]{payments[9:]}" in shown
        assert "[x] Free" in shown
        await pilot.press("escape")
        await pilot.pause()
        assert "Sat 21 Nov 20:00 CET" in seen(app)


async def test_v_cycles_week_month_and_agenda(app: ReluiApp, payments: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_calendar(pilot)
        await pilot.press("v")
        await settled(pilot)
        assert "Calendar  November 2026" in seen(app)
        assert f"[ ] {payments[9:]}" in seen(app)
        await pilot.press("v")
        await settled(pilot)
        assert "agenda, 16 Nov to 13 Dec 2026" in seen(app)
        assert "20:00-22:00" in seen(app)
        await pilot.press("v")
        await settled(pilot)
        assert "week 47" in seen(app)


async def test_pages_days_hours_and_today(app: ReluiApp, payments: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_calendar(pilot)
        await pilot.press("right_square_bracket")
        assert screen.cursor.day == date(2026, 11, 28)
        await pilot.press("h", "j")
        assert (screen.cursor.day, screen.cursor.minute) == (date(2026, 11, 27), 21 * 60)
        assert "B Stocktaking" in seen(app)
        await pilot.press("g")
        assert screen.cursor.minute == 0
        await pilot.press("G")
        assert screen.cursor.minute == 23 * 60
        await pilot.press("left_square_bracket", "t")
        assert (screen.cursor.day, screen.cursor.minute) == (date(2026, 11, 20), 19 * 60)
        await pilot.press("v", "right_square_bracket")
        assert screen.cursor.day == date(2026, 12, 20)
        await pilot.press("d")
        await type_line(pilot, "2027-01-05")
        assert screen.cursor.day == date(2027, 1, 5)
        await pilot.press("d")
        await type_line(pilot, "2027-02-30")
        assert "is not a date" in seen(app)
        assert screen.cursor.day == date(2027, 1, 5)


async def test_n_goes_through_everything_and_explains_it(app: ReluiApp, payments: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        await pilot.press("n", "n")
        await pilot.pause()
        assert screen.cursor.selected is not None
        assert "Storage upgrade  infrastructure maintenance" in told(app)
        assert "Sun 22 Nov 20:00 to Mon 23 Nov 02:00 CET (6 h)" in told(app)
        await pilot.press("N")
        assert screen.cursor.selected[1] == "weekend"
        await pilot.press("right_square_bracket", "h", "h", "h", "h", "h", "g", "n")
        await pilot.pause()
        assert "Lin  away" in told(app)
        assert "nobody is named to stand in" in told(app)


async def test_tab_goes_from_release_to_release_over_pages(
    app: ReluiApp, organised: Desk, payments: str
) -> None:
    later = planned(organised, "search", "1.1.0", "2026-12-12T20:00")
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        assert screen.cursor.selected is not None and screen.cursor.selected[1] == payments
        await pilot.press("tab")
        assert screen.cursor.selected is not None and screen.cursor.selected[1] == later
        assert screen.cursor.day == date(2026, 12, 12)
        await pilot.press("tab")
        await pilot.pause()
        assert "Round again: this is the first release" in seen(app)
        assert (screen.cursor.day, screen.cursor.chosen) == (date(2026, 11, 21), payments)
        await pilot.press("shift+tab")
        assert screen.cursor.chosen == later


async def test_what_a_refusal_promises_of_tab_holds(app: ReluiApp, organised: Desk, payments: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        for page in ("right_square_bracket", "left_square_bracket", "left_square_bracket"):
            await pilot.press(page, "b")
            await pilot.pause()
            if screen.cursor.chosen and screen.moving.release_here() is not None:
                continue
            assert "Tab goes to the next" in seen(app)
            await pilot.press("tab")
            await pilot.pause()
            assert screen.cursor.selected is not None and screen.cursor.selected[1] == payments
        screen.filter_by("nowhere")
        assert screen.cursor.no_release() == "No release fits the filter. Esc clears it."


async def test_where_no_release_is_planned_no_key_is_promised(app: ReluiApp, organised: Desk) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("b")
        await pilot.pause()
        assert "No release is planned. c on the release list (1) creates one." in seen(app)


async def test_the_agenda_goes_through_every_day_of_a_thing(app: ReluiApp, organised: Desk) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        await pilot.press("v", "v")
        seen_on: list[date] = []
        for _ in range(30):
            await pilot.press("j")
            if screen.cursor.selected is not None and screen.cursor.selected[1] == "stocktaking":
                seen_on.append(screen.cursor.day)
        assert seen_on == [date(2026, 11, 26), date(2026, 11, 27)]


async def test_the_filter_narrows_what_stands_there(app: ReluiApp, organised: Desk, payments: str) -> None:
    other = planned(organised, "search", "1.1.0", "2026-11-22T20:00")
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("slash", *"search")
        await settled(pilot)
        assert f"[!] {other[9:]}" in seen(app)
        assert f"] {payments[9:]}" not in seen(app).split("REL-")[0]
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert f"] {payments[9:]}" in seen(app)


async def test_the_zone_of_the_display_moves_blocks_and_not_instants(app: ReluiApp, payments: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        await pilot.press("z")
        await settled(pilot)
        assert app.zone() == "UTC"
        assert screen.cursor.minute == 19 * 60
        assert "Sat 21 Nov 19:00 UTC" in seen(app)


async def test_enter_opens_the_release_and_q_comes_back(app: ReluiApp, payments: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_calendar(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ChecklistScreen)
        await pilot.press("3")
        await settled(pilot)
        assert calendar(app).cursor.chosen == payments
        await pilot.press("2")
        await settled(pilot)
        assert isinstance(app.screen, ChecklistScreen)
        await pilot.press("q", "q")
        await settled(pilot)
        assert home(app)


async def test_a_click_puts_the_cursor_there(app: ReluiApp, payments: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_calendar(pilot)
        row = next(n for n, line in enumerate(seen(app).splitlines()) if line.startswith(" 08:00"))
        await pilot.click(offset=(25, row))
        await pilot.pause()
        assert (screen.cursor.day, screen.cursor.minute) == (date(2026, 11, 17), 8 * 60)


async def test_the_help_explains_the_signs_of_the_calendar(app: ReluiApp, payments: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("question_mark", "G")
        await settled(pilot)
        for words in ("to be moved", "blackout of some services alone", "milestone"):
            assert words in seen(app)
