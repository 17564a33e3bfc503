"""Slots, bookings, the printed calendar and the guard, on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.cli.conftest import CommandLine
from tests.cli.test_about import completed
from tests.store.samples import every_file

ORGANISATION = """
zone: Europe/Berlin
services:
  - {id: payments, owner: grace, depends_on: [ledger]}
  - {id: ledger}
  - {id: hr}
people:
  - {id: grace, name: Grace, delegate: ben, away: [{from: 2026-12-05, to: 2026-12-06, reason: leave}]}
  - {id: ada, name: Ada}
  - {id: ben, name: Ben}
windows:
  - {id: nights, name: Weekend nights, weekly: [sat, sun], from: "18:00", to: "06:00"}
blackouts:
  - {id: month-end, name: Month-end close, monthly: {from: 28, to: 2}}
policy: {distinct_approver: true}
"""


@pytest.fixture
def organised(cli: CommandLine, tmp_path: Path) -> CommandLine:
    path = tmp_path / "organisation.yaml"
    path.write_text(ORGANISATION)
    cli.ok("org", "import", path)
    return cli


def new(cli: CommandLine, service: str = "payments", *given: str) -> str:
    at = () if "--go-live" in given else ("--go-live", "2026-11-21T20:00")
    return cli.ok("new", "--service", service, "--version", "2.4.0", *at, *given).out.strip()


def held(cli: CommandLine, release: str) -> list[tuple[str, str]]:
    return [(b.get("held", "booked"), b["at"]) for b in cli.state(release).get("bookings", [])]


def organisation_log(cli: CommandLine) -> list[dict[str, Any]]:
    tables = json.loads((cli.data / "organisation.json").read_text())
    return list(tables["log"].values())


# book


def test_a_slot_is_booked_and_shown(organised: CommandLine) -> None:
    """[S1.37]"""
    release = new(organised)
    answer = organised.ok("book", release, "--at", "2026-11-22T19:00", "--duration", "90m")
    assert "booked Sun 2026-11-22 19:00 Europe/Berlin for 1h30m" in answer.err and not answer.out
    assert held(organised, release) == [("booked", "2026-11-22T18:00:00Z")]
    state = organised.state(release)
    assert (state["go_live"], state["duration"]) == ("2026-11-22T18:00:00Z", 90)
    assert organised.log(release)[-1]["act"] == "book"
    assert organised.json("list")["releases"][0]["slot"] == "booked"
    shown = organised.ok("show", release).out
    assert "Slot booked by ada" in shown
    assert "Timeline: planning complete Thu 2026-11-12 (past)" in shown
    document = organised.json("show", release)["release"]
    assert document["booking"]["counter"] == 1 and document["booking"]["until"] == "2026-11-22T19:30:00Z"
    assert [one["name"] for one in document["timeline"] if one["passed"]] == [
        "planning complete",
        "build complete",
    ]


def test_again_is_zero_and_says_so(organised: CommandLine) -> None:
    release = new(organised)
    organised.ok("book", release)
    before = every_file(organised.data)
    assert "already" in organised.ok("book", release, "--at", "2026-11-21T20:00").err
    assert organised.json("book", release)["act"] is None
    assert every_file(organised.data) == before


def test_a_conflict_is_a_no_with_every_finding(organised: CommandLine) -> None:
    """[S1.31] In words and in the document, each with the other party and the way out."""
    first, second = new(organised), new(organised, "ledger")
    organised.ok("book", first)
    before = every_file(organised.data)
    answer = organised("book", second, "--at", "2026-11-21T17:00", "--duration", "4h")
    assert answer.code == 1 and first in answer.err and "window" in answer.err
    assert f"relui slots {second}" in answer.err
    document = organised.json("book", second, "--at", "2026-11-21T17:00", "--duration", "4h", code=1)
    findings = document["error"]["findings"]
    blocking = {finding["rule"]: finding for finding in findings if finding["severity"] == "blocks"}
    assert set(blocking) == {"window", "dependency"}
    assert blocking["dependency"]["other"] == first and all(one["way_out"] for one in blocking.values())
    assert every_file(organised.data) == before


def test_an_exception_names_its_approver(organised: CommandLine) -> None:
    """[S1.38]"""
    release = new(organised)
    wednesday = ("book", release, "--at", "2026-11-25T12:00")
    assert organised(*wednesday).code == 1
    assert organised(*wednesday, "--approver", "grace").code == 2
    assert organised(*wednesday, "--exception", "law", "--approver", "bn").code == 2
    assert "Grace" in (refused := organised(*wednesday, "--exception", "law", "--approver", "ben")).err
    assert refused.code == 1
    assert held(organised, release) == []
    booking = organised.json(*wednesday, "--exception", "law", "--approver", "grace")["booking"]
    assert (booking["exception"], booking["approver"], booking["held"]) == ("law", "grace", "requested")
    assert len(booking["passed"]) == 1
    assert "exception, not approved yet, asked of grace by ada: law" in organised.ok("show", release).out


def test_a_release_with_precedence_displaces_and_the_list_says_who_has_to_move(
    organised: CommandLine,
) -> None:
    """[S1.32]"""
    low, high = new(organised, "payments", "--impact", "low"), new(organised, "ledger", "--impact", "high")
    organised.ok("book", low)
    assert organised("book", high).code == 1
    answer = organised.ok("book", high, "--displace")
    assert low in answer.err
    assert [row["slot"] for row in organised.json("list")["releases"]] == ["to-be-moved", "booked"]
    assert f"TO BE MOVED, lost to {high}" in organised.ok("show", low).out
    assert any(low in f["text"] and high in f["text"] for f in organised.json("doctor")["findings"])
    assert organised("book", low, "--displace").code == 1


def test_a_slot_is_given_back(organised: CommandLine) -> None:
    release = new(organised)
    organised.ok("book", release)
    assert organised("book", release, "--give-back").code == 2
    assert organised("book", release, "--give-back", "--at", "2026-11-21T20:00").code == 2
    assert organised("book", release, "--reason", "x").code == 2
    organised.ok("book", release, "--give-back", "--reason", "not ready")
    assert held(organised, release) == [("released", "2026-11-21T19:00:00Z")]
    assert "nothing to give back" in organised.ok("book", release, "--give-back").err
    assert organised.json("list")["releases"][0]["slot"] == "planned"


def test_editing_the_date_of_a_booked_release_books_or_refuses(organised: CommandLine) -> None:
    """[S1.37]"""
    release = new(organised)
    organised.ok("book", release)
    before = every_file(organised.data)
    refused = organised("edit", release, "--set", "go-live=2026-11-23T12:00")
    assert refused.code == 1 and "window" in refused.err
    assert every_file(organised.data) == before
    organised.ok("edit", release, "--set", "go-live=2026-11-22T20:00")
    assert [one for one, _ in held(organised, release)] == ["moved", "booked"]
    assert organised("undo", release).code == 1


def test_a_bound_item_ticks_itself_when_the_slot_is_booked(organised: CommandLine, tmp_path: Path) -> None:
    """[S0.5] The fact `booked`."""
    template = tmp_path / "config" / "templates" / "bound.yaml"
    template.parent.mkdir(parents=True)
    template.write_text(
        "template: bound\nname: Bound\nkind: base\nphases:\n  - id: plan\n    name: Plan\n    stage: plan\n"
        "    due: T-1h\n    items:\n      - {id: slot, text: Slot booked, when_done: booked}\n"
        "      - {id: other, text: Other}\n"
    )
    release = new(organised, "payments", "--template", "bound")

    def state() -> str:
        found: str = organised.json("show", release)["release"]["phases"][0]["items"][0]["state"]
        return found

    assert state() == "open"
    organised.ok("book", release)
    assert state() == "done"
    organised.ok("book", release, "--give-back", "--reason", "no")
    assert state() == "open"


def test_new_books_on_demand_and_creates_nothing_when_it_cannot(organised: CommandLine) -> None:
    first = new(organised, "payments", "--book")
    assert held(organised, first) == [("booked", "2026-11-21T19:00:00Z")]
    before = every_file(organised.data)
    arguments = ("new", "--service", "ledger", "--version", "1", "--go-live", "2026-11-21T20:00", "--book")
    assert organised(*arguments).code == 1
    assert every_file(organised.data) == before


def test_new_without_a_go_live_proposes_the_next_free_slot_and_says_why(organised: CommandLine) -> None:
    answer = organised.ok("new", "--service", "hr", "--version", "1")
    assert "first free slot that leaves three days: Sat 2026-11-21 18:00" in answer.err
    assert organised.state(answer.out.strip())["go_live"] == "2026-11-21T17:00:00Z"


# slots


def test_the_next_free_slots_come_with_why_earlier_ones_are_not(organised: CommandLine) -> None:
    """[S1.31]"""
    first, second = new(organised), new(organised, "ledger")
    organised.ok("book", first)
    document = organised.json("slots", second, "--from", "2026-11-21T19:00", "--count", "2")
    assert [slot["start"] for slot in document["slots"]] == ["2026-11-21T21:00:00Z", "2026-11-21T23:00:00Z"]
    assert first in document["passed_over"][0]["words"]
    assert all(slot["free"] for slot in document["slots"])
    answer = organised.ok("slots", second, "--count", "1")
    assert "Sat 2026-11-21" in answer.out and "Not Mon 2026-11-16 10:00" in answer.err


def test_no_free_slot_is_a_no(organised: CommandLine) -> None:
    release = new(organised, "payments", "--duration", "13h")
    answer = organised("slots", release)
    assert answer.code == 1 and not answer.out and answer.err
    assert organised.json("slots", release, code=1)["slots"] == []


# may-deploy


def test_the_guard_says_yes_in_a_window_and_no_outside(organised: CommandLine) -> None:
    yes = organised("may-deploy", "hr", "--at", "2026-11-21T20:00", "--duration", "1h")
    assert (yes.code, yes.out) == (0, "yes\n")
    no = organised("may-deploy", "hr")
    assert (no.code, no.out) == (1, "no\n") and "window" in no.err
    blackout = organised("may-deploy", "hr", "--at", "2026-11-28T20:00")
    assert blackout.code == 1 and "Month-end close" in blackout.err
    assert organised("may-deploy", "hrr").code == 2
    acts = [entry["act"] for entry in organisation_log(organised)]
    assert acts == ["organisation", "may-deploy", "may-deploy", "may-deploy"]
    assert "may deploy" in organisation_log(organised)[1]["text"]
    assert organised.ok("verify").code == 0


def test_the_guard_asks_for_the_releases_own_slot(organised: CommandLine, at: Callable[[str], None]) -> None:
    """[S1.37] Inside its booked slot, and nowhere else."""
    release = new(organised)
    assert "holds no slot" in organised("may-deploy", "payments", "--release", release).err
    organised.ok("book", release)
    early = organised.json("may-deploy", "payments", "--release", release, code=1)
    assert any("not begun" in reason for reason in early["reasons"])
    at("2026-11-21T19:30:00+00:00")
    answer = organised.json("may-deploy", "payments", "--release", release)
    assert answer["allowed"] and answer["logged"] == release and answer["until"] == "2026-11-21T21:00:00Z"
    assert organised("may-deploy", "payments", "--release", release, "--duration", "3h").code == 1
    assert organised("may-deploy", "ledger", "--release", release).code == 2
    assert [entry["act"] for entry in organised.log(release)].count("may-deploy") == 4
    at("2026-11-21T21:30:00+00:00")
    assert "over" in organised("may-deploy", "payments", "--release", release).err
    assert organised.ok("verify", release)


def test_what_began_in_its_slot_may_finish_after_the_window_when_the_policy_says_so(
    organised: CommandLine, at: Callable[[str], None]
) -> None:
    release = new(organised, "payments", "--go-live", "2026-11-22T04:00")
    organised.ok("book", release)
    late = ("may-deploy", "payments", "--release", release, "--duration", "30m")
    at("2026-11-22T05:10:00+00:00")
    assert organised(*late).code == 1
    organised.ok("edit", release, "--set", "started=2026-11-22T04:05")
    assert organised(*late).code == 0
    organised.ok("org", "set", "policy.finish_after_window=false")
    assert organised(*late).code == 1


def test_an_emergency_needs_no_slot_and_what_it_passes_is_told(organised: CommandLine) -> None:
    """[S1.36] Its own criteria stay in the way; the calendar does not."""
    release = new(organised, "payments", "--template", "governed-emergency", "--rationale", "down",
                  "--criterion", "production incident")  # fmt: skip
    answer = organised.json("may-deploy", "payments", "--release", release, code=1)
    assert any("window" in words for words in answer["passed"])
    assert all("gate" in reason for reason in answer["reasons"])


def test_an_approved_exception_may_deploy_and_a_later_blackout_still_stops_it(
    organised: CommandLine, at: Callable[[str], None]
) -> None:
    """[S1.38]"""
    release = new(organised, "payments", "--owner", "ada")
    organised.ok("book", release, "--at", "2026-11-25T12:00", "--exception", "law", "--approver", "grace")
    at("2026-11-25T11:10:00+00:00")
    ask = ("may-deploy", "payments", "--release", release)
    assert any("nobody has approved" in reason for reason in organised.json(*ask, code=1)["reasons"])
    organised.ok("sign", release, "exception", "--as", "grace")
    answer = organised.json(*ask)
    assert answer["allowed"] and len(answer["passed"]) == 1
    organised.ok("org", "entry", "add", "blackout", "board", "--from", "2026-11-25", "--to", "2026-11-25")
    assert any("board" in reason for reason in organised.json(*ask, code=1)["reasons"])


def test_an_archived_release_may_not_deploy(organised: CommandLine) -> None:
    release = new(organised)
    organised.ok("close", release, "--outcome", "cancelled", "--reason", "x")
    answer = organised.json("may-deploy", "payments", "--release", release, code=1)
    assert any("archived" in reason for reason in answer["reasons"]) and answer["logged"] == "organisation"


def test_a_pipeline_that_asks_each_minute_does_not_flood_the_log(
    organised: CommandLine, at: Callable[[str], None]
) -> None:
    """Once a day, and whenever the answer or what it rests on changes."""
    asked: list[tuple[str, int]] = []

    def ask(moment: str, *more: str) -> None:
        at(f"{moment}+00:00")
        answer = json.loads(organised("may-deploy", "hr", *more, "--json").out)
        assert answer["logged"] == "organisation"
        acts = [entry["act"] for entry in organisation_log(organised)]
        asked.append(("yes" if answer["allowed"] else "no", acts.count("may-deploy")))

    for minute in range(3):
        ask(f"2026-11-21T12:0{minute}:00")
    ask("2026-11-21T18:00:00")
    ask("2026-11-21T18:01:00")
    assert asked == [("no", 1)] * 3 + [("yes", 2)] * 2
    ask("2026-11-22T18:01:00")
    assert asked[-1] == ("yes", 3), "another day"
    organised.ok("org", "entry", "add", "blackout", "audit", "--from", "2026-11-22", "--to", "2026-11-22")
    ask("2026-11-22T18:02:00")
    ask("2026-11-22T18:03:00")
    ask("2026-11-22T18:04:00", "--duration", "1h")
    assert asked[-3:] == [("no", 4), ("no", 4), ("no", 5)], "another length is another question"
    for day in ("28", "28", "29"):
        ask("2026-11-22T18:05:00", "--at", f"2026-11-{day}T20:00")
    assert [number for _, number in asked[-3:]] == [6, 6, 7]
    assert organised.ok("verify").code == 0


def test_read_only_the_guard_answers_and_is_not_logged(organised: CommandLine) -> None:
    before = every_file(organised.data)
    answer = organised("may-deploy", "hr", "--at", "2026-11-21T20:00", "--readonly")
    assert answer.code == 0 and "not logged" in answer.err
    assert every_file(organised.data) == before


# calendar


def test_a_week_is_printed_with_everything_in_it(organised: CommandLine) -> None:
    release = new(organised)
    organised.ok("book", release)
    organised.ok("org", "away", "add", "ben", "--from", "2026-11-21", "--reason", "wedding")
    storage = ("maintenance", "san", "--from", "2026-11-21T22:00", "--to", "2026-11-22T02:00")
    organised.ok("org", "entry", "add", *storage, "--environments", "staging", "--name", "Storage upgrade")
    week = organised.ok("calendar").out
    lines = week.splitlines()
    assert lines[0] == "Week 2026-W47, Mon 2026-11-16 to Sun 2026-11-22, Europe/Berlin"
    assert "Tue 2026-11-17\n    -\n" in week
    saturday = week.split("Sat 2026-11-21\n")[1].split("\n\n")[0]
    assert "all day        away         Ben (ben)" in saturday and "wedding" in saturday
    assert "18:00-24:00    window       Weekend nights (nights)" in saturday
    assert f"20:00-22:00    release      payments 2.4.0 ({release}), booked" in saturday
    assert "22:00-24:00    maintenance  Storage upgrade (san), in staging" in saturday
    assert "00:00-02:00    maintenance" in week.split("Sun 2026-11-22\n")[1]
    assert organised.ok("calendar", "--week", "2026-W47", "--zone", "UTC").out != week
    assert organised.ok("calendar", "--from", "2026-11-16", "--to", "2026-11-22").out == week


def test_days_of_a_changed_clock_say_so(organised: CommandLine) -> None:
    out = organised.ok("calendar", "--from", "2026-10-24", "--to", "2026-10-25").out
    assert "Sun 2026-10-25  (25 hours: the clocks change)" in out


@pytest.mark.parametrize(
    "given",
    [
        ("--week", "2026-W60"),
        ("--week", "next"),
        ("--from", "2026-02-30"),
        ("--from", "2026-11-20", "--to", "2026-11-19"),
        ("--from", "2026-01-01", "--to", "2029-01-01"),
        ("--week", "2026-W47", "--from", "2026-11-16"),
        ("--release", "x"),
        ("--ics", "x.ics", "--week", "2026-W47"),
        ("--ics", "-", "--json"),
    ],
)
def test_days_that_cannot_be_meant_are_wrong_usage(organised: CommandLine, given: tuple[str, ...]) -> None:
    assert organised("calendar", *given).code == 2


def test_the_document_of_a_week_has_every_event(organised: CommandLine) -> None:
    release = new(organised)
    organised.ok("book", release)
    organised.ok("org", "entry", "add", "blackout", "board", "--from", "2026-11-21", "--to", "2026-11-21")
    document = organised.json("calendar", "--week", "2026-W47")
    assert (document["from"], document["to"], document["open_calendar"]) == (
        "2026-11-16",
        "2026-11-22",
        False,
    )
    by_kind = {event["kind"]: event for event in document["events"]}
    assert set(by_kind) == {"window", "blackout", "release"}
    assert by_kind["release"]["id"] == release and by_kind["release"]["state"] == "booked"
    assert [one["rule"] for one in by_kind["release"]["conflicts"]] == ["blackout"]
    assert "CONFLICT" in organised.ok("calendar", "--week", "2026-W47").out


def test_without_a_window_the_calendar_says_that_it_restricts_nothing(cli: CommandLine) -> None:
    assert "restricts no release" in cli.ok("calendar").err
    assert cli.json("calendar")["open_calendar"]


def test_the_calendar_is_written_as_ics_whole_or_not_at_all(organised: CommandLine, tmp_path: Path) -> None:
    release = new(organised)
    organised.ok("book", release)
    organised.ok("calendar", "--ics", "all.ics")
    uids = {
        str(event["UID"]) for event in Calendar.from_ical((tmp_path / "all.ics").read_bytes()).walk("VEVENT")
    }
    assert f"{release}@relui" in uids and len(uids) > 2
    one = organised.ok("calendar", "--ics", "-", "--release", release).out
    (event,) = Calendar.from_ical(one.encode()).walk("VEVENT")
    assert event["UID"] == f"{release}@relui"
    before = event["SEQUENCE"]
    organised.ok("book", release, "--at", "2026-11-22T20:00")
    (event,) = Calendar.from_ical(organised.ok("calendar", "--ics", "-", "--release", release).out).walk(
        "VEVENT"
    )
    assert event["SEQUENCE"] > before
    assert organised("calendar", "--ics", "missing/all.ics").code == 3
    assert organised.json("calendar", "--ics", "b.ics") == {"file": "b.ics"}


# trouble


def test_a_full_disk_is_three_and_nothing_is_half_done(
    organised: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = new(organised)
    before = every_file(organised.data)

    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    for arguments in (
        ("book", release),
        ("org", "entry", "remove", "nights"),
        ("may-deploy", "hr", "--at", "2026-11-21T20:00"),
    ):
        answer = organised(*arguments)
        assert answer.code == 3 and "disk is full" in answer.err
    assert every_file(organised.data) == before


def test_of_four_processes_that_book_one_slot_one_is_zero_and_the_others_name_it(
    organised: CommandLine,
) -> None:
    """[S1.37] Exit code 1 for everybody else."""
    releases = [new(organised, "ledger") for _ in range(4)]
    racing = {
        release: subprocess.Popen(
            [sys.executable, "-m", "relui", "book", release], stderr=subprocess.PIPE, text=True
        )
        for release in releases
    }
    said = {release: process.communicate(timeout=60)[1] for release, process in racing.items()}
    (winner,) = [release for release, process in racing.items() if process.returncode == 0]
    losers = [release for release in releases if release != winner]
    assert all(racing[release].returncode == 1 and winner in said[release] for release in losers), said
    assert [row["slot"] for row in organised.json("list")["releases"]].count("booked") == 1


def test_a_shell_completes_services_people_and_entries(
    organised: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = new(organised)
    assert completed(organised, monkeypatch, "relui may-deploy pa") == ["payments"]
    assert completed(organised, monkeypatch, f"relui book {release} --approver b") == ["ben"]
    assert completed(organised, monkeypatch, "relui org entry remove n") == ["nights"]


def test_the_doctor_shows_what_is_odd_in_the_calendar(organised: CommandLine) -> None:
    release = new(organised)
    organised.ok("book", release)
    organised.ok("org", "entry", "change", "nights", "--services", "hr")
    texts = {finding["text"]: finding for finding in organised.json("doctor")["findings"]}
    assert any("ledger" in text and "window" in text for text in texts)
    (conflict,) = [finding for text, finding in texts.items() if release in text and "conflicts" in text]
    assert conflict["level"] == "warning" and conflict["fix"]
