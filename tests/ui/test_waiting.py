"""What waits for whom: for me, for somebody else, for everybody; each line leads to where it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.dossier.waiting import Waiting
from relui.domain.learning.actions import Review
from relui.ui.app import ReluiApp
from relui.ui.checklist.screen import ChecklistScreen
from relui.ui.record.screen import RecordScreen
from relui.ui.review.rows import owed_rows
from relui.ui.waiting.rows import who_words
from relui.ui.waiting.screen import WaitingScreen
from tests.ui.conftest import NOW
from tests.ui.records import act_as, filled, governed_release, organise
from tests.ui.seen import home, seen, settled


@pytest.fixture
def waiting_id(desk: Desk, tmp_path: Path) -> str:
    """A governed release that waits for its service owner and for its owner."""
    organise(desk, tmp_path)
    release_id = governed_release(desk)
    filled(desk, release_id)
    return release_id


def waiting(app: ReluiApp) -> WaitingScreen:
    assert isinstance(app.screen, WaitingScreen)
    return app.screen


async def test_w_shows_what_waits_for_me_with_the_overdue_first(
    app: ReluiApp, desk: Desk, waiting_id: str
) -> None:
    """The list it is asked from says that the notice of the release is late [S1.23]."""
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        home(app).look_for_conflicts()
        await pilot.app.workers.wait_for_complete()
        await settled(pilot)
        assert "notice late" in seen(app)
        await pilot.press("w")
        await settled(pilot)
        assert "for Ada" in seen(app)
        assert seen(app).index("Overdue") < seen(app).index("Coming")
        assert "Authority for this service" in seen(app)
        assert "Sign the release definition" not in seen(app)
        assert len(waiting(app).waits.rows) == len(desk.releases.waiting("ada").rows)


async def test_the_person_is_chosen_and_everybody_is_one_key(
    app: ReluiApp, desk: Desk, waiting_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("w", "p", "j", "enter")
        await settled(pilot)
        assert "for Grace: " in seen(app)
        assert "Sign the release definition" in seen(app)
        await pilot.press("a")
        await settled(pilot)
        assert "for everybody" in seen(app)
        assert len(waiting(app).waits.rows) == len(desk.releases.waiting().rows)
        await pilot.press("slash", *"test plan", "enter")
        await settled(pilot)
        assert {row.kind for row in waiting(app).rows.rows if not row.is_heading} <= {
            "sign-off",
            "item",
            "confirmation",
        }
        assert all(
            "test plan" in row.words.casefold() for row in waiting(app).rows.rows if not row.is_heading
        )


async def test_enter_leads_to_the_line_where_it_is_done_and_esc_back(
    app: ReluiApp, desk: Desk, waiting_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("w")
        await settled(pilot)
        screen = waiting(app)
        for index, row in enumerate(screen.rows.rows):
            if row.is_heading:
                continue
            screen.rows.move_to(index)
            chosen = screen.chosen
            assert chosen is not None
            await pilot.press("enter")
            await settled(pilot)
            if chosen.kind == "item":
                assert isinstance(app.screen, ChecklistScreen)
                assert app.screen.node is not None and app.screen.node.path == chosen.name
            else:
                assert isinstance(app.screen, RecordScreen)
                there = app.screen.row
                assert there is not None and there.id == chosen.name
            await pilot.press("escape")
            await settled(pilot)
            assert waiting(app) is screen


async def test_enter_on_an_action_leads_to_its_item_or_to_the_open_actions(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S0.9] On the release that carries it to the item; while none does, to the action itself."""
    desk.learning.write_retrospective(release_id, {"well": "all", "hard": "none", "next": "rehearse"})
    (action,) = desk.learning.actions()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("w", "slash", *"rehearse", "enter", "enter")
        await settled(pilot)
        assert "Open actions: 1" in seen(app) and action.id in seen(app)
        await pilot.press("escape")
        await settled(pilot)
        request = Request(service="payments", version="2.5.0", go_live="2026-12-01 20:00")
        carrier = desk.releases.new(request).release.id
        app.beat()
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ChecklistScreen) and app.screen.release_id == carrier
        assert app.screen.node is not None and app.screen.node.text == "rehearse"


async def test_what_is_done_elsewhere_waits_no_more(
    app: ReluiApp, desk: Desk, waiting_id: str, make_desk: Callable[..., Desk]
) -> None:
    act_as(desk, "grace")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("w")
        await settled(pilot)
        assert "Sign the release definition" in seen(app)
        make_desk("grace").record.sign(waiting_id, "definition")
        app.beat()
        await settled(pilot)
        assert "Sign the release definition" not in seen(app)


async def test_somebody_whom_nobody_lists_sees_what_waits_for_everybody(
    app: ReluiApp, desk: Desk, waiting_id: str
) -> None:
    act_as(desk, "mallory")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("w")
        await settled(pilot)
        assert "for everybody" in seen(app)
        assert "mallory is not among the people" in waiting(app).said


async def test_without_releases_nothing_waits(app: ReluiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("w")
        await settled(pilot)
        assert "Nothing waits." in seen(app)
        await pilot.press("enter", "s", "p", "escape", "escape")
        await settled(pilot)


async def test_what_is_due_first_stands_first_whatever_kind_it_is(
    app: ReluiApp, desk: Desk, waiting_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Actions and reviews come from elsewhere; they stand among the others by their date."""
    found = desk.releases.waiting().rows
    long_ago = NOW - timedelta(days=90)
    late = Waiting("review", "REL-2026-01-001", "r", "Old", ("ada",), due=long_ago, overdue=True)
    soon = Waiting("action", waiting_id, "a", "An action", ("ada",), due=NOW + timedelta(minutes=1))
    monkeypatch.setattr("relui.domain.learning.reviews.waiting_actions", lambda *_: iter((soon, late)))
    rows = desk.releases.waiting().rows
    assert set(rows) == {*found, late, soon} and rows[0] == late
    for overdue in (True, False):
        dates = [row.due for row in rows if row.overdue is overdue and row.due is not None]
        assert dates == sorted(dates)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_for_whom_it_waits_is_told_at_every_width(
    size: tuple[int, int], app: ReluiApp, desk: Desk, waiting_id: str
) -> None:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("w", "a")
        await settled(pilot)
        screen = waiting(app)
        whom = {who_words(each, desk.organisation.read()) for each in screen.waits.rows[:6]}
        assert whom and all(words[:10] in seen(app) for words in whom)


def test_a_section_shows_as_many_lines_as_it_says() -> None:
    """All 25 reviews that were held, not the first twelve."""
    held = [
        Review(
            id=f"V-{number}",
            releases=("REL-2026-01-001",),
            notes="Fine.",
            held=date(2026, 1, 2),
            recorded_at=NOW,
            recorded_by="ada",
        )
        for number in range(25)
    ]
    rows = owed_rows((), (), (), held, {}, NOW)
    assert rows[0].tail == "25" and len(rows) == 26
