"""The organisation on the command line: entries, absences, fields, previews, another calendar's events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.test_calendar import new, organisation_log, organised
from tests.store.samples import every_file

__all__ = ["organised"]


def entries(cli: CommandLine) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in cli.json("org", "entry", "list")["entries"]}


def test_an_exported_organisation_is_imported_as_the_same(organised: CommandLine, tmp_path: Path) -> None:
    before = organised.json("org", "show")
    organised.ok("org", "export", "--to", "out.yaml")
    assert (tmp_path / "out.yaml").read_text() == organised.ok("org", "export").out
    assert organised.json("org", "export")["yaml"] == (tmp_path / "out.yaml").read_text()
    assert "so already" in organised.ok("org", "import", "out.yaml").err
    assert organised.json("org", "show") == before
    assert organised("org", "export", "--to", "out.yaml").code == 1


@pytest.mark.parametrize(
    ("kind", "given", "when"),
    [
        (
            "window",
            ["--weekly", "mon,tue", "--from", "20:00", "--to", "23:00"],
            "weekly mon,tue, from 20:00, to 23:00",
        ),
        ("blackout", ["--monthly", "28..2"], "monthly 28..2"),
        ("blackout", ["--yearly", "12-15..01-05"], "yearly 12-15..01-05"),
        ("event", ["--from", "2026-12-01", "--to", "2026-12-03"], "from 2026-12-01, to 2026-12-03"),
        ("maintenance", ["--from", "2026-12-01T20:00", "--to", "2026-12-02T02:00"], "from 2026-12-01T20:00"),
        (
            "window",
            ["--rrule", "FREQ=WEEKLY;BYDAY=WE", "--from", "2026-11-18T20:00", "--duration", "4h"],
            "rrule FREQ=WEEKLY",
        ),
    ],
)
def test_every_kind_of_entry_is_added_listed_and_removed(
    organised: CommandLine, kind: str, given: list[str], when: str
) -> None:
    more = ("--services", "hr", "--in-zone", "Europe/London", "--name", "Extra one", "--note", "why")
    organised.ok("org", "entry", "add", kind, "extra", *given, *more)
    entry = entries(organised)["extra"]
    assert (entry["kind"], entry["name"], entry["services"], entry["zone"]) == (
        kind,
        "Extra one",
        ["hr"],
        "Europe/London",
    )
    assert when in organised.ok("org", "entry", "list", "--kind", kind).out
    assert organisation_log(organised)[-1]["text"] == f"added the {kind} extra"
    organised.ok("org", "entry", "remove", "extra")
    assert "extra" not in entries(organised)
    assert organised.ok("verify")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["window", "nights", "--monthly", "1..2"], "nights"),
        (["window", "x"], "when"),
        (["window", "x", "--weekly", "sax", "--from", "18:00", "--to", "20:00"], "Did you mean 'sat'"),
        (["window", "x", "--weekly", "sat", "--from", "18:00", "--to", "18:00"], "to"),
        (["event", "x", "--from", "2026-12-03", "--to", "2026-12-01"], "before it starts"),
        (["event", "x", "--from", "2026-02-30", "--to", "2026-03-01"], "2026-02-30"),
        (["event", "x", "--yearly", "02-30..03-01"], "02-30"),
        (["event", "x", "--monthly", "1..2", "--services", "hrr"], "Did you mean 'hr'"),
        (["event", "x", "--monthly", "1..2", "--in-zone", "Europe/Berln"], "Europe/Berlin"),
        (
            ["event", "x", "--rrule", "FREQ=SECONDLY", "--from", "2026-12-01T10:00", "--duration", "1h"],
            "rrule",
        ),
        (["evnt", "x", "--monthly", "1..2"], "event"),
    ],
)
def test_a_bad_entry_names_the_field_and_nothing_is_saved(
    organised: CommandLine, given: list[str], words: str
) -> None:
    before = every_file(organised.data)
    answer = organised("org", "entry", "add", *given)
    assert answer.code == 2 and words in answer.err
    assert "what was given" not in answer.err  # a document that nobody sees
    assert every_file(organised.data) == before


def test_an_entry_is_changed_key_by_key(organised: CommandLine) -> None:
    change = ("org", "entry", "change", "nights")
    organised.ok(*change, "--to", "05:00", "--services", "hr")
    assert entries(organised)["nights"]["when"]["end"] == "05:00:00"
    assert entries(organised)["nights"]["when"]["days"] == ["sat", "sun"]
    organised.ok(*change, "--services", "", "--monthly", "1..3")
    assert entries(organised)["nights"]["when"]["type"] == "monthly"
    assert not entries(organised)["nights"].get("services")
    assert organised("org", "entry", "change", "nigths", "--name", "x").code == 2
    assert organised(*change).code == 2
    assert "so already" in organised.ok(*change, "--monthly", "1..3").err


def test_the_effect_is_told_before_and_after(organised: CommandLine) -> None:
    release = new(organised, "payments", "--book")
    before = every_file(organised.data)
    board = ("org", "entry", "add", "blackout", "board", "--from", "2026-11-21", "--to", "2026-11-21")
    preview = organised.json(*board, "--preview")
    assert not preview["changed"] and any(release in words for words in preview["effect"])
    assert every_file(organised.data) == before
    now = [words.replace("would conflict", "conflicts now") for words in preview["effect"]]
    assert now != preview["effect"]
    assert organised.json(*board) == {"changed": True, "effect": now}
    freed = organised.json("org", "entry", "remove", "board", "--preview")["effect"]
    assert any(release in words for words in freed)
    gone = organised.json("org", "entry", "remove", "nights", "--preview")
    assert not gone["changed"]


def test_absences_are_added_listed_and_removed(organised: CommandLine) -> None:
    release = new(organised, "payments", "--book")
    effect = organised.json("org", "away", "add", "grace", "--from", "2026-11-21", "--reason", "ill")[
        "effect"
    ]
    assert any(release in words for words in effect)
    rows = organised.json("org", "away", "list")["away"]
    assert {"id": "grace", "from": "2026-11-21", "to": "2026-11-21", "reason": "ill"} in rows
    assert organised("org", "away", "add", "grce", "--from", "2026-11-21").code == 2
    assert organised("org", "away", "add", "grace", "--from", "2026-11-21", "--to", "2026-11-20").code == 2
    assert organised("org", "away", "remove", "grace", "--from", "2026-11-22").code == 2
    organised.ok("org", "away", "remove", "grace", "--from", "2026-11-21")
    assert len(organised.json("org", "away", "list")["away"]) == 1


def test_fields_are_set_all_or_none(organised: CommandLine) -> None:
    organised.ok("org", "set", "policy.pir_days=3", "zone=Europe/London", "holidays.country=GB",
                 "policy.emergency_criteria=fire, flood")  # fmt: skip
    shown = organised.json("org", "show")["organisation"]
    assert shown["policy"]["pir_days"] == 3 and shown["zone"] == "Europe/London"
    assert shown["policy"]["emergency_criteria"] == ["fire", "flood"]
    organised.ok("org", "set", "policy.pir_days=")
    assert "pir_days" not in organised.json("org", "show")["organisation"]["policy"]
    before = every_file(organised.data)
    for wrong in ("policy.pir_dys=3", "policy.pir_days=many", "zone=Mars/Olympus", "holidays.country=XX"):
        assert organised("org", "set", "policy.retention_months=24", wrong).code == 2
    organised.ok("org", "set", "policy.pir_days=9", "--preview")
    assert every_file(organised.data) == before


def test_an_import_says_its_effect_and_what_is_odd(organised: CommandLine, tmp_path: Path) -> None:
    release = new(organised, "payments", "--book")
    organised.ok("org", "export", "--to", "o.yaml")
    path = tmp_path / "o.yaml"
    path.write_text(path.read_text().replace("weekly: [sat, sun]", "weekly: [wed]"))
    before = every_file(organised.data)
    preview = organised.json("org", "import", "o.yaml", "--preview")
    assert not preview["changed"] and any(release in words for words in preview["effect"])
    assert every_file(organised.data) == before
    done = organised.json("org", "import", "o.yaml")
    assert done["changed"] and done["effect"] == preview["effect"] and isinstance(done["lint"], list)


EVENTS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//test//EN\r
BEGIN:VEVENT\r
UID:payday-1\r
DTSTAMP:20261101T000000Z\r
SUMMARY:Payday\r
DTSTART;VALUE=DATE:20261121\r
DTEND;VALUE=DATE:20261122\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_another_calendars_events_are_imported_once(organised: CommandLine, tmp_path: Path) -> None:
    release = new(organised, "payments", "--book")
    (tmp_path / "pay.ics").write_text(EVENTS)
    load = ("org", "import-calendar", "pay.ics", "--services", "payments")
    assert any(release in words for words in organised.json(*load, "--preview")["effect"])
    assert len(entries(organised)) == 2
    organised.ok(*load)
    assert [entry["name"] for entry in entries(organised).values() if entry["kind"] == "event"] == ["Payday"]
    assert "so already" in organised.ok(*load).err
    organised.ok("org", "import-calendar", "pay.ics", "--person", "ben")
    assert [row["id"] for row in organised.json("org", "away", "list")["away"]] == ["grace", "ben"]


def test_a_bad_event_is_passed_over_and_the_exit_code_says_so(organised: CommandLine, tmp_path: Path) -> None:
    bad = "BEGIN:VEVENT\r\nUID:bad\r\nSUMMARY:Odd\r\nDTSTART:20270230T100000Z\r\nEND:VEVENT\r\n"
    (tmp_path / "pay.ics").write_text(EVENTS.replace("END:VCALENDAR", f"{bad}END:VCALENDAR"))
    load = ("org", "import-calendar", "pay.ics")
    for more in ("--preview",), ():
        answer = organised(*load, *more)
        assert answer.code == 1
        assert "event 'Odd'" in answer.err and "1 event passed over" in answer.err
    assert [entry["name"] for entry in entries(organised).values() if entry["kind"] == "event"] == ["Payday"]
    assert len(json.loads(organised(*load, "--json").out)["passed_over"]) == 1


def test_a_file_that_is_no_calendar_changes_nothing(organised: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "no.ics").write_text("hello")
    before = every_file(organised.data)
    answer = organised("org", "import-calendar", "no.ics")
    assert answer.code == 2 and "no.ics" in answer.err
    assert organised("org", "import-calendar", "pay.ics", "--person", "x", "--services", "y").code == 2
    assert every_file(organised.data) == before


def test_an_environment_that_nobody_has_is_an_error_with_the_nearest(organised: CommandLine) -> None:
    add = ("org", "entry", "add", "blackout", "freeze", "--monthly", "28..2", "--environments")
    answer = organised(*add, "prodction")
    assert answer.code == 2
    assert "no environment is called 'prodction'. Did you mean 'production'?" in answer.err
    assert organised(*add, "qa").code == 2
    organised.ok("org", "set", "environments=qa,eu")
    organised.ok(*add, "QA,Production")
    assert entries(organised)["freeze"]["environments"] == ["qa", "production"]
    answer = organised("org", "entry", "change", "freeze", "--environments", "qas")
    assert answer.code == 2 and "Did you mean 'qa'?" in answer.err
