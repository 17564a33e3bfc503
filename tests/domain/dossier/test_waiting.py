"""What waits of the checklist: work under way is not late, debt and retrospective wait for the owner."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from relui.domain.dossier.conditions import Context
from relui.domain.dossier.notices import end_of_day
from relui.domain.dossier.waiting import Waiting, waiting
from relui.domain.marking import tick
from relui.domain.organisation import Organisation
from relui.domain.release import Release, Retrospective
from tests.domain.dossier.gated import planned
from tests.domain.releases import GO_LIVE, NOW, item, phase, release

HOUR = timedelta(hours=1)
ORGANISATION = Organisation()


def rows(made: Release, now: datetime) -> tuple[Waiting, ...]:
    return waiting([made], ORGANISATION, lambda _: Context(organisation=ORGANISATION, now=now))


def test_an_item_of_a_deployment_under_way_is_not_overdue_before_its_planned_time_is_over() -> None:
    """As the checklist says it: a live window that cries overdue hides what really is."""
    made = release(phase("deploy", item("run")), duration=120)
    assert [row.overdue for row in rows(made, GO_LIVE + HOUR)] == [False]
    assert [row.overdue for row in rows(made, GO_LIVE + 3 * HOUR)] == [True]


def test_a_phase_whose_open_items_tick_themselves_does_not_hide_the_next() -> None:
    made = release(phase("a", item("slot", when_done="booked")), phase("b", item("run")))
    assert [row.name for row in rows(made, GO_LIVE - HOUR)] == ["b.run"]


def emergency() -> Release:
    return release(
        phase("deploy", item("run")),
        phase("close", item("end", when_done="closed"), stage="close"),
        phase("full", item("one"), item("two"), stage="close", owed=True, due="T+2d"),
        type="emergency",
    )


def test_what_an_emergency_owes_waits_for_its_owner_as_one_row_with_its_date() -> None:
    """[S1.36]"""
    made = tick(emergency(), ["deploy"], "ada", GO_LIVE).release
    debt = next(row for row in rows(made, GO_LIVE + HOUR) if row.kind == "debt")
    assert debt.words.startswith("Owes 2 items of the full checklist until Mon 23 Nov 2026")
    assert (debt.people, debt.due, debt.overdue) == (("ada",), GO_LIVE + timedelta(days=2), False)
    assert [row.overdue for row in rows(made, GO_LIVE + timedelta(days=3)) if row.kind == "debt"] == [True]
    settled = tick(made, ["full"], "ada", GO_LIVE).release
    assert not [row for row in rows(settled, GO_LIVE + HOUR) if row.kind == "debt"]
    assert not [row for row in rows(emergency(), GO_LIVE + HOUR) if row.kind == "debt"]


def test_the_retrospective_of_a_deployed_release_waits_for_its_owner_until_it_is_written() -> None:
    """[S0.9]"""
    made = tick(release(phase("deploy", item("run"))), ["deploy"], "ada", GO_LIVE).release
    assert rows(made, GO_LIVE) == ()
    (row,) = rows(made, GO_LIVE + HOUR)
    assert (row.kind, row.people, row.due) == ("retrospective", ("ada",), GO_LIVE + 24 * HOUR)
    assert not row.overdue and rows(made, GO_LIVE + 25 * HOUR)[0].overdue
    written = replace(made, retrospective=Retrospective("a", "b", "c"))
    assert rows(written, GO_LIVE + HOUR) == ()


def test_what_the_record_asks_for_is_due_at_the_milestone_of_its_stage() -> None:
    """[S1.5, S1.24] At the end of that day; a major's is earlier. What opens the deployment: the go-live."""
    minor = {"plan": 10, "build": 8, "test": 4, "stage": 2}
    for type_, days in (("minor", minor), ("major", {"plan": 15, "build": 12, "test": 6, "stage": 3})):
        for stage, before in days.items():
            made = planned(type=type_)
            made = replace(made, dossier=replace(made.dossier, stage=stage, confirmations=()))
            found = [
                row
                for row in rows(made, NOW - timedelta(days=30))
                if row.kind in ("sign-off", "confirmation")
            ]
            own = {row.due for row in found} - {GO_LIVE, GO_LIVE - timedelta(hours=24)}
            due = end_of_day((GO_LIVE - timedelta(days=before)).date(), "UTC")
            assert (due in own) == (stage != "test"), (type_, stage, own)  # the test stage asks nobody
            late = [row for row in rows(made, due + HOUR) if row.due == due]
            assert bool(late) == (stage != "test") and all(row.overdue for row in late)
    made = planned()
    ready = replace(made, dossier=replace(made.dossier, stage="deploy"))
    assert {row.due for row in rows(ready, NOW) if row.name.startswith("window.")} == {GO_LIVE}
    hurried = planned(type="emergency")
    assert {row.due for row in rows(hurried, NOW) if row.name.startswith("prerequisite.")} == {GO_LIVE}
