"""The metrics, what is owed, and the page of a review, driven by keys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date

import pytest
from textual.pilot import Pilot

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.learning.item_record import BareRelease
from relui.domain.summary import Summary
from relui.locations import Locations
from relui.settings import Settings
from relui.store.seam import Progress
from relui.ui.app import ReluiApp
from relui.ui.metrics.screen import MetricsScreen
from relui.ui.review.owed import OwedScreen
from relui.ui.review.screen import ReviewScreen
from tests.ui.seen import checklist, home, seen, settled, type_text

WIDE = (120, 40)


def released(desk: Desk, service: str, day: str, *, type: str = "minor", outcome: str = "successful") -> str:
    """A release that started as planned, took an hour and is in the archive."""
    made = desk.releases.new(
        Request(service=service, version="1.0.0", type=type, go_live=f"{day}T20:00")
    ).release.id
    desk.releases.edit(made, {"started": f"{day}T20:00", "completed": f"{day}T21:00"})
    desk.releases.close(made, outcome=outcome, reason="a dry run")
    return made


@pytest.fixture
def archive(desk: Desk) -> tuple[str, ...]:
    """Six good releases in summer, then six of which three were rolled back; two services."""
    good = [released(desk, "search", f"2026-0{month}-15") for month in (3, 4, 5, 6, 7, 8)]
    days = ("2026-09-08", "2026-09-22", "2026-10-06", "2026-10-20", "2026-11-03", "2026-11-10")
    bad = [
        released(desk, "ledger", day, outcome="rolled-back" if number % 2 else "successful")
        for number, day in enumerate(days)
    ]
    return (*good, *bad)


def metrics(app: ReluiApp) -> MetricsScreen:
    assert isinstance(app.screen, MetricsScreen)
    return app.screen


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def test_7_answers_whether_releases_get_better_with_a_plot_that_v_turns_to_text(
    app: ReluiApp, archive: tuple[str, ...]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "7")
        assert "last 3 months: 6 releases, the 9 months before: 6" in seen(app)
        assert "Worse: on time, rolled back, change failures." in seen(app)
        assert "▒▒▒" in seen(app)
        assert "100 %┤" in seen(app)
        await press(pilot, "j", "v")
        assert "Rolled back by month" in seen(app)
        assert "┤" not in seen(app)
        assert "Nov 2026     50 %" in seen(app)
        await press(pilot, "v", "tab")
        assert "Rolled back by service" in seen(app)
        assert "ledger┤███" in seen(app)


async def test_6_on_the_archive_opens_the_metrics_and_esc_leads_back(
    app: ReluiApp, archive: tuple[str, ...]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "6")
        await press(pilot, "6")
        assert metrics(app).rows is not None
        await press(pilot, "escape")
        assert home(app).on_archive


async def test_a_small_terminal_shows_numbers_and_says_why_there_is_no_plot(
    app: ReluiApp, archive: tuple[str, ...]
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "7")
        assert "Nov 2026" in seen(app)
        assert "┤" not in seen(app)
        await press(pilot, "v")
        assert "A plot cannot be read here" in metrics(app).said


async def test_period_service_and_type_are_chosen(app: ReluiApp, archive: tuple[str, ...]) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "7")
        await press(pilot, "p", "k", "enter")
        assert "last 6 months, all services" in seen(app)
        trends = metrics(app).trends
        assert trends is not None
        assert (trends.course.whole.first, trends.total.releases) == (date(2026, 6, 1), 9)
        await press(pilot, "s", "j", "enter")
        assert "last 6 months, ledger" in seen(app)
        trends = metrics(app).trends
        assert trends is not None
        assert trends.total.releases == 6
        await press(pilot, "t", "j", "enter")
        assert "No archived release fits." in seen(app)


async def test_items_show_how_they_fared_and_enter_shows_one_in_full(
    app: ReluiApp, archive: tuple[str, ...]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "7")
        await press(pilot, "h")
        found = app.desk.archive.item_records(first=date(2025, 12, 1), last=date(2026, 11, 20))
        assert metrics(app).items == found
        assert "drop it?" in seen(app)
        await press(pilot, "slash", *"backup", "enter")
        assert {each.text for each in metrics(app).item_list.rows} == {"Database backup taken"}
        await press(pilot, "enter")
        assert "No release did it" in seen(app)
        assert "12 of 12  100 %" in seen(app)


async def test_esc_stops_reading_the_items_and_enter_begins_again(
    app: ReluiApp, archive: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first release is read, then the reading waits until Esc was pressed."""
    real, first_read, go_on = app.desk.store.catalogue.checklists, threading.Event(), threading.Event()

    def slow(ids: Sequence[str], progress: Progress | None = None) -> Iterator[BareRelease]:
        assert progress is not None
        for number, release in enumerate(real(ids)):
            progress(number + 1, len(ids))
            yield release
            first_read.set()
            assert go_on.wait(20)

    monkeypatch.setattr(app.desk.store.catalogue, "checklists", slow)
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "7")
        await pilot.press("h")
        while not first_read.is_set():
            await pilot.pause()
        await pilot.pause()
        assert "Reading the checklists: 1 of 12 (8 %). Esc stops it." in seen(app)
        await pilot.press("escape")
        go_on.set()
        await settled(pilot)
        assert metrics(app).items is None
        assert "Reading was stopped. Enter begins again." in seen(app)
        monkeypatch.undo()
        await press(pilot, "enter")
        assert metrics(app).items


@pytest.mark.parametrize("key", ["7", "8"])
async def test_whoever_leaves_while_the_archive_is_read_misses_nothing(
    app: ReluiApp, archive: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    real, asked, go_on = app.desk.store.catalogue.summaries, threading.Event(), threading.Event()

    def slow(progress: Progress | None = None) -> list[Summary]:
        asked.set()
        assert go_on.wait(20)
        return real(progress)

    monkeypatch.setattr(app.desk.store.catalogue, "summaries", slow)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(key)
        while not asked.is_set():
            await pilot.pause()
        await pilot.press("q")
        go_on.set()
        await settled(pilot)
        assert not home(app).on_archive
        assert app.fault is None


async def test_without_an_archive_the_metrics_say_where_they_come_from(app: ReluiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "7")
        assert "metrics come from closed releases" in seen(app)
        await press(pilot, "j", "enter", "v", "tab", "p", "enter")
        assert "Metrics" in seen(app)


async def test_a_review_of_chosen_releases_is_recorded_with_its_actions(
    app: ReluiApp, desk: Desk, archive: tuple[str, ...]
) -> None:
    due = next(each for each in desk.archive.reviews_due() if each.month == "2026-10")
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "8")
        await press(pilot, "slash", *"2026-10", "enter")
        await press(pilot, "enter")
        assert isinstance(app.screen, ReviewScreen)
        assert "Review of 2 releases" in seen(app)
        await press(pilot, "j", "space")
        assert f"Review of {due.releases[0]}: ledger 1.0.0" in seen(app)
        await press(pilot, "H")
        await type_text(pilot, "The rollback took too long.")
        await settled(pilot)
        await press(pilot, "tab", *"Rehearse it", "enter")
        assert isinstance(app.screen, OwedScreen)
        assert "P-1 is recorded: 1 reviewed with A-1." in seen(app)
    [review] = desk.archive.reviews()
    assert (review.releases, review.notes) == (due.releases[:1], "The rollback took too long.")
    assert review.held == date(2026, 11, 20)
    assert [each.text for each in desk.learning.actions()] == ["Rehearse it"]
    left = next(each for each in desk.archive.reviews_due() if each.month == "2026-10")
    assert left.releases == due.releases[1:]


async def test_a_review_without_notes_is_refused_and_nothing_typed_is_lost(
    app: ReluiApp, desk: Desk, archive: tuple[str, ...]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "8")
        await press(pilot, "enter", "H")
        await type_text(pilot, " ")
        await press(pilot, "enter")
        assert "Say what the review found." in seen(app)
        await press(pilot, "escape", "H")
        await type_text(pilot, "Fine.")
        await press(pilot, "escape")
        assert desk.archive.reviews() == ()
        await press(pilot, "H")
        assert "This is what was typed and not saved before." in seen(app)
        assert "Fine." in seen(app)
        await press(
            pilot, "ctrl+s", "end", *["backspace"] * 10, *"2999-01-01", "tab", *"Rehearse it", "enter"
        )
        assert desk.archive.reviews() == () and "still to come" in seen(app)
        assert "Rehearse it" in seen(app)
        await press(pilot, "escape", "H", "ctrl+s")
        assert "Rehearse it" in seen(app)


async def test_a_review_that_waits_leads_to_where_it_is_owed(
    app: ReluiApp, desk: Desk, archive: tuple[str, ...]
) -> None:
    month = next(each for each in desk.archive.reviews_due() if each.month == "2026-09")
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "w")
        await press(pilot, "slash", *"2026-09:", "enter")
        await press(pilot, "enter")
        assert isinstance(app.screen, OwedScreen)
        assert app.screen.chosen == month
        assert f"Periodic review of 2026-09: {len(month.releases)} releases" in seen(app)


def test_the_metrics_look_as_before(
    desk: Desk, locations: Locations, archive: tuple[str, ...], snap_compare: Callable[..., bool]
) -> None:
    async def open_it(pilot: Pilot[None]) -> None:
        await press(pilot, "7")
        await press(pilot, "j")

    app = ReluiApp(desk, locations, Settings(theme="relui-dark"))
    assert snap_compare(app, terminal_size=WIDE, run_before=open_it)


async def test_a_debt_leads_to_its_first_item_on_the_checklist(app: ReluiApp, desk: Desk) -> None:
    request = Request(
        service="identity", version="1.0.1", type="emergency", template="emergency", rationale="down",
        criterion="production incident", go_live="2026-11-20T17:00",
    )  # fmt: skip
    made = desk.releases.new(request).release.id
    desk.deployment.carry_out(made, "start", override_reason="down")
    desk.items.tick(made, ["pre-release", "pre-deploy", "deploy", "post-deploy"])
    [debt] = desk.archive.debts()
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "8")
        assert f"owes {len(debt.open)} of {len(debt.items)} items, 0 days old" in seen(app)
        await press(pilot, "enter")
        assert checklist(app).release_id == made
        row = checklist(app).checklist.selected
        assert row is not None
        assert row.path == debt.open[0].path
