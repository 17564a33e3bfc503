"""A deployment that is over is over everywhere: no list counts down to it, plans it or judges its slot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from relui.desk.agenda import Event
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.documents.calendar_ics import calendar_ics
from relui.domain.checklist import Mark, State
from relui.domain.dossier.parts import Decision, Dossier
from relui.domain.organisation import Organisation
from relui.domain.progress import standing
from relui.domain.release import Closing
from relui.domain.slot_hold import finished, hold_of, stand_of
from relui.ui.one_release.rows import active_row
from relui.ui.one_release.slot_words import slot_lines
from tests.desk.calendars import SATURDAY, organised
from tests.desk.test_slot_time import at
from tests.domain.releases import GO_LIVE, payments

EARLY = GO_LIVE - timedelta(hours=1)


def decided(*kinds: str) -> Dossier:
    made = [Decision(id=f"d{n}", kind=kind, at=EARLY, by="ada") for n, kind in enumerate(kinds)]  # type: ignore[arg-type]
    return Dossier(decisions=tuple(made))


def ticked(*paths: str) -> dict[str, Mark]:
    return {path: Mark(state=State.DONE, at=EARLY, by="ada") for path in paths}


OVER = {"started_at": EARLY, "completed_at": EARLY}


@pytest.mark.parametrize(
    ("facts", "ending"),
    [
        ({}, ""),
        ({"started_at": EARLY}, ""),
        ({"completed_at": EARLY}, "deployed"),
        ({"marks": ticked("deploy.command")}, ""),
        ({"marks": ticked("deploy.command", "deploy.healthy")}, "deployed"),
        ({**OVER, "dossier": decided("go", "complete")}, "deployed"),
        ({"started_at": EARLY, "dossier": decided("go", "rollback")}, ""),
        ({"started_at": EARLY, "dossier": decided("go", "complete", "rollback")}, ""),
        ({**OVER, "dossier": decided("rollback", "complete")}, "rolled-back"),
        ({"closing": Closing("successful", EARLY, "ada")}, "deployed"),
        ({"closing": Closing("rolled-back", EARLY, "ada")}, "rolled-back"),
        ({"closing": Closing("cancelled", EARLY, "ada")}, "cancelled"),
    ],
)
def test_what_is_over_says_so_before_its_time_has_come(facts: dict[str, Any], ending: str) -> None:
    made = payments(**facts)
    assert finished(made) == ending
    assert stand_of(made, EARLY) == (ending or hold_of(made, EARLY))
    stands = standing(made, EARLY)
    row = active_row(made, stands, 120).plain
    slot = " ".join(line.plain for line in slot_lines(made, (), EARLY, "UTC"))
    span = (EARLY - timedelta(days=1), EARLY + timedelta(days=1))
    ics = calendar_ics(Organisation(zone="UTC"), [made], *span, EARLY).decode()
    assert (stands.finished, stands.live) == (bool(ending), not ending)
    assert ("finished" in row, "T-" in row) == (bool(ending), not ending)
    assert ("no slot is needed" in slot, "No slot is booked" in slot) == (bool(ending), not ending)
    assert ("planned" in ics) == (not ending)


def test_a_completed_release_is_neither_judged_nor_planned(desk: Desk) -> None:
    organised(at(desk, SATURDAY - timedelta(days=8)))
    request = Request(service="shop", version="1.1.0", owner="ada", go_live="2026-11-21T21:00")
    release = desk.releases.new(request).release.id
    at(desk, SATURDAY - timedelta(hours=3))

    def shown() -> list[Event]:
        moment = datetime(2026, 11, 21, tzinfo=UTC)
        found = desk.calendar.events(moment, moment + timedelta(days=2))
        return [event for event in found if event.kind == "release"]

    assert [event.state for event in shown()] == ["planned"]
    other = desk.releases.new(replace(request, service="shop", version="1.2.0")).release.id
    desk.calendar.book(release)
    assert not desk.calendar.check(other).free
    desk.deployment.carry_out(release, "start")
    desk.deployment.carry_out(release, "complete")
    assert desk.calendar.check(other).free, "it needs its time no more"
    desk.deployment.carry_out(other, "cancel", reason="only tried")
    assert [event.state for event in shown()] == ["deployed"]
