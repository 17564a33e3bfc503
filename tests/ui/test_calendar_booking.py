"""Moving and booking releases on the calendar: what is stored and what is shown, here and elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from relui.desk.desk import Desk
from relui.domain.instants import parse_instant
from relui.locations import Locations
from relui.settings import Settings
from relui.ui.app import ReluiApp
from tests.ui.calendars import SATURDAY, WIDE, booked_at, calendar, fill, open_calendar, planned, told
from tests.ui.seen import seen, settled, type_line


async def test_b_books_the_release_where_it_stands(app: ReluiApp, desk: Desk, payments: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("b")
        await settled(pilot)
        assert booked_at(desk, payments) == "2026-11-21T19:00Z"
        assert f"[x] {payments[9:]}" in seen(app)
        assert "booked by ada" in seen(app)


async def test_moving_shows_the_verdict_on_every_step_and_writes_nothing(
    app: ReluiApp, desk: Desk, payments: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        before = len(desk.journal.open(payments).entries)
        await pilot.press("m", "j")
        await settled(pilot)
        assert "20:15-22:15" in seen(app)
        assert "[x] Free" in told(app)
        await pilot.press("h")
        await pilot.pause()
        assert "Fri 20 Nov 20:15 CET: 1 against" in seen(app)
        assert "window" in told(app)
        assert screen.moving.carried is not None
        assert not screen.moving.carried.verdict.free
        await pilot.press("escape")
        await settled(pilot)
        assert "Put back" in seen(app)
        assert screen.cursor.day == date(2026, 11, 21)
        assert len(desk.journal.open(payments).entries) == before
        await pilot.press("escape")  # selects nothing; the release is still under the cursor
        await settled(pilot)
        assert screen.cursor.selected is None and screen.moving.release_here() is not None


async def test_enter_books_where_the_release_was_moved_to(app: ReluiApp, desk: Desk, payments: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        await pilot.press("m", *"jjjj", "L")
        await pilot.press("H", "enter")
        await settled(pilot)
        assert booked_at(desk, payments) == "2026-11-21T20:00Z"
        assert (
            desk.journal.open(payments).release.go_live == parse_instant("2026-11-21T21:00+01:00", "UTC").at
        )
        assert screen.moving.carried is None
        assert "21:00-23:00" in seen(app)


async def test_a_forbidden_slot_is_not_booked_when_it_is_left(
    app: ReluiApp, desk: Desk, payments: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        await pilot.press("m", "h", "enter")
        await settled(pilot)
        assert "Leave it" in seen(app)
        assert "Displace" not in seen(app)  # no other release is in the way
        await pilot.press("enter")
        await settled(pilot)
        assert booked_at(desk, payments) == ""
        assert "Nothing was booked" in seen(app)
        assert screen.moving.carried is not None


async def test_an_exception_needs_justification_and_somebody_who_approves(
    app: ReluiApp, desk: Desk, payments: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("m", "h", "enter")
        await settled(pilot)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "grace" in seen(app), "the only one who may approve it"
        await fill(pilot, exception="The contract ends on Saturday.", approver="lin")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "lin cannot approve this" in seen(app)
        await fill(pilot, approver="grace")
        await pilot.press("ctrl+s")
        await settled(pilot)
        booking = desk.journal.open(payments).release.booking
        assert booking is not None
        assert (booking.exception, booking.approver) == ("The contract ends on Saturday.", "grace")
        assert "not approved yet, asked of grace by" in seen(app) and "[?]" in seen(app)


async def test_a_release_that_goes_first_displaces_the_other_and_both_say_so(
    app: ReluiApp, organised: Desk, payments: str
) -> None:
    organised.calendar.book(payments)
    urgent = planned(organised, "payments", "2.5.0", SATURDAY, impact="high")
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        screen.cursor.select_release(urgent)
        await settled(pilot)
        shown = seen(app)
        assert f"[!]{urgent[9:]}" in shown
        assert f"[x]{payments[9:]}" in shown  # what is booked is in order as long as it is
        assert f"{payments} has to move" in told(app)
        await pilot.press("b")
        await settled(pilot)
        assert f"Displace {payments}" in seen(app)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert booked_at(organised, urgent) == "2026-11-21T19:00Z"
        lost = organised.journal.open(payments).release.booking
        assert lost is not None
        assert (lost.held, lost.displaced_by) == ("to-be-moved", urgent)
        assert f"[>]{payments[9:]}" in seen(app) and f"[x]{urgent[9:]}" in seen(app)


async def test_f_offers_the_next_free_slots_and_says_why_others_were_passed_over(
    app: ReluiApp, organised: Desk, payments: str
) -> None:
    organised.calendar.book(payments)
    second = planned(organised, "payments", "2.5.0", "2026-12-05T20:00")
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        screen.cursor.select_release(second)
        await settled(pilot)
        await pilot.press("f")
        await settled(pilot)
        assert f"Free slots for {second}, from now on" in seen(app)
        assert "Sun 22 Nov" in seen(app)  # earlier than the day that was planned, as `relui slots` says
        assert "Passed over" in seen(app)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert screen.moving.carried is not None
        taken = screen.moving.carried.ghost.start
        assert booked_at(organised, second) == ""
        await pilot.press("enter")
        await settled(pilot)
        assert booked_at(organised, second) == f"{taken:%Y-%m-%dT%H:%MZ}"


async def test_d_gives_the_slot_back_with_a_reason(app: ReluiApp, organised: Desk, payments: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("D")
        await settled(pilot)
        assert "holds no slot" in seen(app)
        organised.calendar.book(payments)
        app.beat()
        await pilot.press("D")
        await settled(pilot)
        await type_line(pilot, "the supplier is late")
        assert booked_at(organised, payments) == ""
        assert organised.journal.open(payments).release.bookings[-1].why == "the supplier is late"
        assert f"[ ] {payments[9:]}" in seen(app)


async def test_a_booking_made_elsewhere_shows_on_the_next_beat(
    app: ReluiApp, organised: Desk, payments: str, make_desk: Callable[..., Desk]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        make_desk("grace").calendar.book(payments)
        app.beat()
        await settled(pilot)
        assert f"[x] {payments[9:]}" in seen(app)
        assert f"grace booked {payments}" in seen(app)


async def test_an_entry_made_elsewhere_shows_on_the_next_beat(
    app: ReluiApp, organised: Desk, make_desk: Callable[..., Desk]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        make_desk("grace").organisation.remove_entry("weekend")
        app.beat()
        await settled(pilot)
        assert "Weekend nights" not in seen(app)


async def test_a_move_meets_a_booking_that_was_made_meanwhile(
    app: ReluiApp, organised: Desk, payments: str, make_desk: Callable[..., Desk]
) -> None:
    other = planned(organised, "ledger", "1.0.1", "2026-11-21T23:00")
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        screen.cursor.select_release(payments)
        await pilot.press("m")
        assert screen.moving.carried is not None
        assert screen.moving.carried.verdict.free
        make_desk("grace").calendar.book(other, parse_instant("2026-11-21T20:30+01:00", "UTC").at)
        app.beat()
        await settled(pilot)
        assert not screen.moving.carried.verdict.free
        assert other in seen(app)


async def test_read_only_looks_and_says_so(
    organised: Desk, payments: str, make_desk: Callable[..., Desk], locations: Locations
) -> None:
    app = ReluiApp(make_desk(read_only=True), locations, Settings())
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        assert "read-only" in seen(app)
        for key in ("b", "m", "W", "A", "E", "delete", "e"):
            await pilot.press("t")
            await pilot.press(key)
            await settled(pilot)
            assert calendar(app).moving.carried is None
        assert f"[ ] {payments[9:]}" in seen(app)
        assert booked_at(organised, payments) == ""
