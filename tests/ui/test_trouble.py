"""Help in trouble is offered where the symptom is met, opened with a key, and found in the help [S1.35]."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from relui.desk.desk import Desk
from relui.domain.calendar.check import FreeSlots
from relui.domain.dossier.parts import Case
from relui.domain.learning.trouble import REMEDIES
from relui.ui.app import ReluiApp
from relui.ui.calendar.booking import FreeSlotsDialog
from relui.ui.kit.help import TroubleDialog, help_lines, hint_lines, remedy_lines
from relui.ui.kit.rows import Row
from relui.ui.record.detail import troubles_of
from relui.ui.record.tabs import TABS
from relui.ui.record.view import View, view_of
from tests.domain.dossier.gated import context, planned, signed_by, staged
from tests.domain.releases import GO_LIVE
from tests.ui.calendars import WIDE, open_calendar, told
from tests.ui.records import at, governed_release, open_record
from tests.ui.seen import home, open_checklist, seen, settled


def plain(view: View) -> dict[tuple[str, str], tuple[str, ...]]:
    """All lines of the record that call for help, with what they show."""
    rows = [row for tab in TABS for row in tab.rows(view)]
    return {row.key: found for row in rows if (found := troubles_of(view, row))}


def test_lines_of_the_record_call_for_help_where_something_is_wrong() -> None:
    found = plain(view_of(planned(), context(), "UTC"))
    assert found["criterion", "plan/definition-signed"] == ("definition-signed",)
    assert found["subject", "acceptance"] == ("acceptance-signed",)
    assert found["point", "runbook.executed"] == ("runbook-rehearsed",)
    assert not [key for key in found if key[0] in ("heading", "field", "entry", "change")]
    assert ("criterion", "deploy/completion-confirmed") not in found  # its time has not come


def test_what_is_met_calls_for_no_help_but_a_failed_run_does() -> None:
    made = staged()
    view = view_of(made, context(), "UTC")
    assert ("criterion", "stage/acceptance-signed") not in plain(view)
    assert not [key for key in plain(view) if key[0] == "test"]
    runs = made.dossier.runs
    broken = replace(runs[0], cases=(Case("pays", "failed"),))
    worse = replace(made, dossier=replace(made.dossier, runs=(broken, *runs[1:])))
    assert plain(view_of(worse, context(), "UTC"))["test", broken.id] == ("test",)


def test_a_rejected_or_stale_acceptance_asks_whether_the_requirements_moved() -> None:
    made = signed_by(planned(), "acceptance")
    stale = replace(made, dossier=replace(made.dossier, iteration=2))
    row = Row("subject", "acceptance", "Stale", state="stale")
    assert troubles_of(view_of(stale, context(), "UTC"), row) == ("rejected",)


def test_the_hint_is_one_quiet_line_that_asks_names_the_cause_and_the_key() -> None:
    blank, words = hint_lines(("component",), "X")
    assert not blank.plain
    assert words.plain == (
        "Changes are missing from the package? Likely: the wrong branch or tag was built. X tells what to do."
    )
    assert "of 1 more" in hint_lines(("acceptance-signed",), "r")[1].plain
    assert hint_lines(("version-set",), "r") == []


@pytest.mark.parametrize("width", [30, 74, 140])
def test_remedies_are_folded_to_the_width(width: int) -> None:
    lines = [line for each in REMEDIES for line in remedy_lines(each, width)]
    assert max(line.cell_length for line in lines) <= width


async def test_the_record_offers_help_and_r_tells_all_of_it(
    app: ReluiApp, organised: Desk, tmp_path: Path
) -> None:
    governed_release(organised)
    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "g")
        await at(pilot, "criterion", "plan/slot-booked")
        assert "There is no free window?" in seen(app)
        await pilot.press("r")
        await settled(pilot)
        assert isinstance(app.screen, TroubleDialog)
        assert "Or split the release" in seen(app) and "Changes are missing" not in seen(app)
        await pilot.press("a")
        await settled(pilot)
        assert "Other trouble" in seen(app) and "Changes are missing from the package" in seen(app)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("r", "r")  # the same key closes it
        await settled(pilot)
        assert not isinstance(app.screen, TroubleDialog)


async def test_the_calendar_offers_help_with_a_slot_that_is_not_free(
    app: ReluiApp, desk: Desk, payments: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        assert "tells what to do" not in told(app)
        await pilot.press("m", "h")  # to Friday, where no window is
        await settled(pilot)
        assert "; r tells what to do" in told(app).splitlines()[1]


async def test_the_checklist_offers_help_with_a_failed_verification(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.items.fail(release_id, ["post-deploy.error-rate"], reason="5xx at 4 %")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select("post-deploy.error-rate")
        await settled(pilot)
        assert screen.troubles() == ("post-deploy",)
        await pilot.press("r")
        await settled(pilot)
        assert "Do the failing step by hand" in seen(app)


async def test_the_twelve_stand_in_the_help_and_are_found_there(app: ReluiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        whole = "\n".join(line.plain for line in help_lines(home(app), 110))
        assert all(each.symptom in whole for each in REMEDIES)
        found = "\n".join(line.plain for line in help_lines(home(app), 110, "wrong branch"))
        assert "Changes are missing from the package" in found and "runbook" not in found
        assert "The runbook" not in "\n".join(line.plain for line in help_lines(home(app), 110, "clipboard"))


def test_a_search_that_found_no_free_slot_offers_help() -> None:
    none = FreeSlots((), (), GO_LIVE)
    words = "\n".join(
        line.plain for line in FreeSlotsDialog(planned(), none, "UTC", lambda: GO_LIVE).reasons()
    )
    assert "Nothing is free until" in words and "r tells what to do" in words
