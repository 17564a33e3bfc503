"""The list of open actions: finished, given away, dropped, taken into a template by a key [S0.9]."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.checklist import State
from relui.domain.learning.actions import Action
from relui.domain.learning.carrying import carried_by
from relui.locations import Locations
from relui.ui.app import ReluiApp
from relui.ui.one_release.action_rows import action_detail, action_row, rooms_of
from relui.ui.one_release.actions import ActionsDialog
from tests.ui.conftest import NOW
from tests.ui.seen import home, seen, settled, type_line


@pytest.fixture
def second(desk: Desk, release_id: str) -> str:
    """A release that carries the two actions of the one before, which is closed."""
    desk.learning.write_retrospective(release_id, {"next": "- Rehearse the rollback\n- Ask support earlier"})
    desk.releases.close(release_id, reason="a dry run")
    return desk.releases.new(
        Request(service="payments", version="2.5.0", go_live="2026-11-28T20:00")
    ).release.id


async def listed(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.press("a")
    await settled(pilot)
    assert isinstance(pilot.app.screen, ActionsDialog)


def states(desk: Desk) -> list[str]:
    return [each.state for each in desk.learning.read().actions]


async def test_space_finishes_an_action_and_ticks_its_item(app: ReluiApp, desk: Desk, second: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        assert f"stands on the checklist of {second}" in seen(app)
        await pilot.press("j", "space")
        await settled(pilot)
        assert states(desk) == ["open", "done"]
        assert carried_by(desk.journal.open(second).release)["A-2"].state is State.DONE
        assert "Ask support earlier" not in seen(app)
        await pilot.press("full_stop")  # the settled ones too
        await settled(pilot)
        assert "Actions: 1 open of 2" in seen(app)
        await pilot.press("G", "o")
        await settled(pilot)
        assert states(desk) == ["open", "open"]
        await pilot.press("escape")
        await settled(pilot)
        assert "A-2 is open" in home(app).said


async def test_an_action_is_given_to_somebody_and_dropped_with_a_reason_alone(
    app: ReluiApp, desk: Desk, second: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot)
        await pilot.press("p")
        await settled(pilot)
        await type_line(pilot, "ben")
        assert [each.owner for each in desk.learning.actions()] == ["ben", "ada"]
        await pilot.press("minus")
        await settled(pilot)
        await pilot.press("escape")  # no reason: nothing is dropped
        await settled(pilot)
        assert states(desk) == ["open", "open"]
        await pilot.press("minus")
        await settled(pilot)
        await type_line(pilot, "the platform does it")
        assert desk.learning.read().action("A-1").reason == "the platform does it"
        assert carried_by(desk.journal.open(second).release)["A-1"].state is State.NOT_APPLICABLE


async def test_a_template_is_changed_only_after_its_difference_was_shown(
    app: ReluiApp, desk: Desk, locations: Locations, second: str
) -> None:
    own = Path(locations.own_templates) / "standard.yaml"
    async with app.run_test(size=(120, 50)) as pilot:
        await listed(pilot)
        for answer in ("n", "y"):
            await pilot.press("t")
            await settled(pilot)
            names = [entry.name for entry in desk.templates.names() if entry.kind != "pack"]
            await pilot.press(*["j"] * names.index("standard"), "enter")
            await settled(pilot)
            assert "+" in seen(app) and "Rehearse the rollback" in seen(app)
            assert not own.exists()
            await pilot.press(answer)
            await settled(pilot)
        assert "Rehearse the rollback" in own.read_text(encoding="utf-8")
        action = desk.learning.read().action("A-1")
        assert (action.template, action.state) == ("standard", "done")


ACTION = Action(id="A-1", text="Rehearse", service="payments", owner="ada", release="REL-2026-09-001",
                raised_at=NOW - timedelta(days=90), raised_by="ada")  # fmt: skip


@pytest.mark.parametrize("width", [40, 74, 150])
def test_a_row_has_the_width_asked_for_whatever_stands_in_it(width: int) -> None:
    wide = replace(ACTION, text="支付 " * 60, service="支付" * 20, owner="maximiliane-von-und-zu")
    for action in (ACTION, wide, replace(wide, state="dropped")):
        assert action_row(action, rooms_of([action, wide]), NOW, width).cell_length == width


@pytest.mark.parametrize(
    ("action", "stands", "words"),
    [
        (ACTION, "", "comes back on the next release of payments"),
        (ACTION, "REL-2026-11-002", "stands on the checklist of REL-2026-11-002"),
        (replace(ACTION, carried=("REL-2026-10-001",)), "", "was on REL-2026-10-001"),
        (replace(ACTION, raised_at=NOW), "", "raised today"),
        (
            replace(ACTION, state="dropped", settled_by="ben", settled_at=NOW, reason="needless"),
            "",
            "dropped by ben, Fri 20 Nov 19:00 CET: needless",
        ),
    ],
)
def test_the_panel_tells_where_an_action_stands_and_how_it_ended(
    action: Action, stands: str, words: str
) -> None:
    text = "\n".join(line.plain for line in action_detail(action, stands, NOW, "Europe/Berlin"))
    assert words in text and "REL-2026-09-001" in text


def test_old_actions_stand_out() -> None:
    assert "overdue" in str(action_row(ACTION, (4, 8), NOW, 100).spans)
    assert "overdue" not in str(action_row(replace(ACTION, raised_at=NOW), (4, 8), NOW, 100).spans)
