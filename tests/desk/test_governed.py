"""The desk on a governed release: what it is judged by, what gives a slot back, what it reads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relui.clock import Clock
from relui.desk.calendar import CalendarActs
from relui.desk.context import Contexts
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.dossier.gates import GateShut
from relui.errors import BadInput, Refused
from tests.store.samples import desk_on, every_file

GO_LIVE = "2026-12-12 20:00"


def governed(desk: Desk, version: str = "2.4.0", go_live: str = GO_LIVE) -> str:
    request = Request(service="shop", version=version, template="governed", go_live=go_live, rationale="x")
    return desk.releases.new(request).release.id


def add_change(desk: Desk, release: str, reference: str = "CHG-1") -> None:
    given = {"id": reference, "summary": "x", "status": "approved", "target": "2026-12-31", "ready": "yes"}
    desk.record.add_part(release, "change", given)


def why(desk: Desk, release: str, gate: str, criterion: str) -> str:
    return next(
        line.why for line in desk.record.gate(release, gate).judgements if line.criterion.id == criterion
    )


def test_a_change_of_an_archived_release_is_found_when_the_gate_is_asked(desk: Desk) -> None:
    """[S1.3]"""
    earlier = desk.releases.new(
        Request(service="shop", version="2.3.0", go_live="2026-11-20 20:00")
    ).release.id
    add_change(desk, earlier)
    desk.releases.close(earlier, reason="all done elsewhere")
    release = governed(desk)
    add_change(desk, release)
    assert earlier in why(desk, release, "plan", "changes-new")
    add_change(desk, release, "CHG-2")
    desk.record.remove_part(release, "change", "CHG-1")
    assert why(desk, release, "plan", "changes-new") == ""


def test_a_release_that_goes_first_is_waited_for(desk: Desk) -> None:
    release, first = governed(desk), governed(desk, "3.0.0")
    desk.releases.edit(release, {"needs": first})
    assert f"{first}, which goes first, is not out yet" in why(desk, release, "go", "needed-releases-out")
    desk.deployment.carry_out(first, "cancel", reason="no need")
    assert "was cancelled" in why(desk, release, "go", "needed-releases-out")


def test_no_go_and_cancel_give_the_slot_back(desk: Desk) -> None:
    """[S1.25] Another release can have it at once."""
    release, other = governed(desk), governed(desk, "3.0.0")
    desk.calendar.book(release)
    with pytest.raises(Refused):
        desk.calendar.book(other)
    desk.deployment.carry_out(release, "no-go", reason="too late")
    desk.calendar.book(other)
    desk.deployment.carry_out(other, "cancel", reason="no need")
    assert desk.journal.open(other).archived
    assert desk.calendar.book(release).release.booking is not None


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, release: desk.deployment.carry_out(release, "start"),
        lambda desk, release: desk.record.advance(release),
        lambda desk, release: desk.releases.close(release, reason="enough"),
        lambda desk, release: desk.deployment.carry_out(release, "go", confirmed=["all"]),
    ],
)
def test_a_shut_gate_names_its_criteria_and_writes_nothing(
    desk: Desk, data: Path, act: Callable[[Desk, str], object]
) -> None:
    """[S1.2]"""
    release = governed(desk, go_live="2026-11-20 20:00")
    desk.signing.clock = Clock(datetime(2026, 11, 20, 8, tzinfo=UTC), frozen=True)  # late enough for a go
    before = every_file(data)
    with pytest.raises(GateShut) as refused:
        act(desk, release)
    assert refused.value.details["criteria"]
    assert {p: c for p, c in every_file(data).items() if "catalogue" not in p} == {
        p: c for p, c in before.items() if "catalogue" not in p
    }


def test_cancelling_asks_no_gate(desk: Desk) -> None:
    release = governed(desk)
    assert desk.releases.close(release, outcome="cancelled", reason="no need").record.archived


def test_a_completion_decides_how_a_release_is_closed(desk: Desk, release_id: str) -> None:
    """[S1.28] Also on the light way: what was declared cannot be closed as something else."""
    desk.deployment.carry_out(release_id, "start")
    desk.deployment.carry_out(release_id, "rollback", reason="broken")
    desk.deployment.carry_out(
        release_id, "complete", outcome="rolled-back", verification="the former one runs"
    )
    with pytest.raises(Refused, match="rolled-back"):
        desk.releases.close(release_id, outcome="successful", reason="x")
    done = desk.releases.close(release_id, reason="x")
    assert done.release.closing is not None and done.release.closing.outcome == "rolled-back"


def test_a_follow_up_takes_over_what_did_not_go_out(desk: Desk) -> None:
    release = governed(desk)
    add_change(desk, release)
    desk.deployment.carry_out(release, "cancel", reason="not now")
    made = desk.releases.new(Request(follows=release, version="2.4.1", go_live="2026-12-19 20:00"))
    assert made.release.dossier.follows == release and made.release.criteria == ("all",)
    assert [change.id for change in made.release.dossier.changes] == ["CHG-1"]
    with pytest.raises(BadInput):
        desk.releases.new(Request(follows=release, copy_of=release, version="2.4.2"))


def test_two_who_decide_at_once_lose_nothing(data: Path) -> None:
    """Acts that read the calendar and the archive hold no lock that another one waits for."""
    desk = desk_on(data)
    release, other = governed(desk), governed(desk, "3.0.0")
    add_change(desk, release)
    failed: list[Exception] = []

    def decide(name: str) -> None:
        mine = desk_on(data)
        try:
            for number in range(5):
                mine.deployment.carry_out(release, "decide", words=f"{name} {number}")
                mine.record.confirm(release, ["prerequisite"], note="x")
                mine.record.gate(other)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    workers = [threading.Thread(target=decide, args=(name,)) for name in ("one", "two")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not failed
    words = [each.words for each in desk.journal.open(release).release.dossier.decisions]
    assert sorted(words) == sorted(f"{name} {number}" for name in ("one", "two") for number in range(5))


def test_a_rule_that_refuses_an_import_keeps_no_evidence(desk: Desk, data: Path, tmp_path: Path) -> None:
    release = governed(desk)
    report = tmp_path / "r.xml"
    report.write_text("<testsuite><testcase name='a'/></testsuite>")
    desk.imports.tests(release, report, "smoke", name="night")
    (kept,) = (data / "evidence").iterdir()
    report.write_text("<testsuite><testcase name='b'/></testsuite>")
    with pytest.raises(BadInput, match="there already"):
        desk.imports.tests(release, report, "smoke", name="night")
    assert list((data / "evidence").iterdir()) == [kept]


def test_light_releases_ask_neither_calendar_nor_archive(
    desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Contexts.before(desk.calendar, release_id)
    for name in ("read", "whole"):
        monkeypatch.setattr(CalendarActs, name, lambda self: pytest.fail("looked at the calendar"))
    monkeypatch.setattr(
        type(desk.store.catalogue), "summaries", lambda self: pytest.fail("looked at the archive")
    )
    assert desk.releases.close(release_id, reason="done").record.archived
