"""Ticking, opening, leaving out and failing items from a pipeline: what is stored, said and returned."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

BACKUP = "pre-deploy.backup"


def test_a_tick_is_stored_with_who_and_when(cli: CommandLine, release: str) -> None:
    answer = cli.ok("tick", release, BACKUP)
    assert cli.state(release)["marks"][BACKUP] == {"state": "done", "by": "ada", "at": "2026-11-16T09:00:00Z"}
    assert answer.out == ""
    assert "ticked Database backup taken. 1 of " in answer.err


def test_the_identifier_may_be_shortened(cli: CommandLine, release: str) -> None:
    for short in ("1", "001", "11-001", release.lower()):
        cli.ok("tick", short, BACKUP)
        assert cli.state(release)["marks"][BACKUP]["state"] == "done"
        cli.ok("untick", short, BACKUP)


def test_an_ambiguous_identifier_lists_the_candidates(cli: CommandLine, release: str) -> None:
    other = cli.ok(
        "new", "--service", "ledger", "--version", "1", "--go-live", "2026-12-01T20:00"
    ).out.strip()
    answer = cli("tick", "001", BACKUP)
    assert answer.code == 2
    assert release in answer.err
    assert other in answer.err


def test_ticking_again_changes_nothing_and_says_so(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP)
    entries = len(cli.log(release))
    answer = cli.ok("tick", release, BACKUP)
    assert "ticked already" in answer.err
    assert len(cli.log(release)) == entries


def test_the_document_of_a_tick(cli: CommandLine, release: str) -> None:
    told = cli.json("tick", release, BACKUP)
    assert told["id"] == release
    assert told["act"] == "tick"
    assert told["entry"] == 2
    assert told["changed"] == [BACKUP]
    assert told["done"] == 1
    assert cli.json("tick", release, BACKUP)["act"] is None


def test_several_items_are_one_act(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP, "pre-release.branches")
    assert len(cli.log(release)) == 2
    cli.ok("undo", release)
    assert cli.state(release)["marks"] == {}


def test_an_unmet_requirement_refuses_and_names_what_is_missing(cli: CommandLine, release: str) -> None:
    answer = cli("tick", release, "deploy.command")
    assert answer.code == 1
    assert "Database backup taken" in answer.err
    assert cli.state(release)["marks"] == {}


def test_an_override_passes_a_requirement_and_stays_in_the_record(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, "deploy.command", "--override", "hotfix, agreed with grace")
    assert "hotfix, agreed with grace" in cli.state(release)["marks"]["deploy.command"]["reason"]
    assert "hotfix, agreed with grace" in cli.ok("log", release).out


def test_a_parent_ticks_what_it_can_and_says_what_it_left(cli: CommandLine, release: str) -> None:
    answer = cli.ok("tick", release, "deploy")
    assert "Left: Deploy command executed (deploy.command): needs first:" in answer.err
    assert "deploy.health" in cli.state(release)["marks"]


def test_a_leaf_that_was_named_and_left_is_a_no(cli: CommandLine, release: str) -> None:
    answer = cli("tick", release, BACKUP, "deploy.command")
    assert answer.code == 1
    assert BACKUP in cli.state(release)["marks"]
    assert "Left: Deploy command executed" in answer.err


def test_the_nearest_item_is_offered(cli: CommandLine, release: str) -> None:
    answer = cli("tick", release, "pre-deploy.bakcup")
    assert answer.code == 2
    assert "Did you mean 'pre-deploy.backup'?" in answer.err


def test_note_link_and_fields_are_kept(cli: CommandLine, release: str) -> None:
    cli.ok(
        "tick",
        release,
        BACKUP,
        "--note",
        "nightly dump",
        "--evidence",
        "https://ci/1",
        "--evidence",
        "job 7",
        "--field",
        "taken-at=18:55",
        "--field",
        "location=vault",
    )
    mark = cli.state(release)["marks"][BACKUP]
    assert mark["note"] == "nightly dump"
    assert mark["evidence"] == ["https://ci/1", "job 7"]
    assert mark["fields"] == {"taken-at": "18:55", "location": "vault"}
    shown = cli.ok("show", release).out
    for text in ("note: nightly dump", "Taken at: 18:55", "evidence: job 7"):
        assert text in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("taken-ta=18:55", "Did you mean 'taken-at'?"),
        ("taken-at=noon", "is not a time"),
        ("taken-at", "is not NAME=VALUE"),
        ("=18:55", "is not NAME=VALUE"),
    ],
)
def test_a_field_that_does_not_fit_changes_nothing(
    cli: CommandLine, release: str, given: str, said: str
) -> None:
    answer = cli("tick", release, BACKUP, "--field", given)
    assert answer.code == 2
    assert said in answer.err
    assert cli.state(release)["marks"] == {}


def test_a_field_given_twice_is_refused(cli: CommandLine, release: str) -> None:
    answer = cli("tick", release, BACKUP, "--field", "location=a", "--field", "location=b")
    assert (answer.code, cli.state(release)["marks"]) == (2, {})


def test_a_mandatory_field_is_asked_for(cli: CommandLine, release: str) -> None:
    assert "--field person=... On call (person, needed)" in cli.ok("show", release).out
    answer = cli("tick", release, "pre-deploy.on-call")
    assert answer.code == 1
    assert "On call" in answer.err
    cli.ok("tick", release, "pre-deploy.on-call", "--field", "person=grace")


def test_the_content_of_a_file_is_kept_as_evidence(cli: CommandLine, release: str, tmp_path: Path) -> None:
    output = tmp_path / "dump.log"
    output.write_bytes(b"ok\n\x1b[31m\x00")
    cli.ok("tick", release, BACKUP, "--evidence", f"@{output}")
    digest = hashlib.sha256(output.read_bytes()).hexdigest()
    assert cli.state(release)["marks"][BACKUP]["evidence"] == [f"sha256:{digest} dump.log"]
    kept = cli.data / "evidence" / digest
    assert kept.read_bytes() == output.read_bytes()
    assert f"dump.log ({digest[:12]})  {kept}" in cli.ok("show", release).out
    assert f"| dump.log | evidence/{digest} |" in cli.ok("record", release).out
    shown = json.loads(cli.ok("show", release, "--json").out)["evidence"]
    assert shown == [{"name": "dump.log", "path": str(kept), "there": True}]
    kept.rename(cli.data / "elsewhere")
    assert f"dump.log ({digest[:12]})  not here" in cli.ok("show", release).out


@pytest.mark.parametrize("name", ["missing.log", "", "."])
def test_evidence_that_is_no_file_changes_nothing(cli: CommandLine, release: str, name: str) -> None:
    answer = cli("tick", release, BACKUP, "--evidence", f"@{name}")
    assert (answer.code, cli.state(release)["marks"]) == (2, {})


def test_evidence_over_five_megabytes_changes_nothing(cli: CommandLine, release: str, tmp_path: Path) -> None:
    large = tmp_path / "large.log"
    large.write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    answer = cli("tick", release, BACKUP, "--evidence", f"@{large}")
    assert answer.code == 2
    assert "5 MB" in answer.err
    assert cli.state(release)["marks"] == {}
    assert not (cli.data / "evidence").exists()


def test_evidence_for_an_unknown_item_is_not_kept(cli: CommandLine, release: str, tmp_path: Path) -> None:
    output = tmp_path / "dump.log"
    output.write_text("ok")
    assert cli("tick", release, "no.such", "--evidence", f"@{output}").code == 2
    assert not (cli.data / "evidence").exists()


def test_read_only_keeps_no_evidence(cli: CommandLine, release: str, tmp_path: Path) -> None:
    output = tmp_path / "dump.log"
    output.write_text("ok")
    assert cli("tick", release, BACKUP, "--evidence", f"@{output}", "--readonly").code == 3
    assert not (cli.data / "evidence").exists()


def test_a_pipeline_that_runs_again_loses_no_evidence(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP, "--evidence", "run 1")
    told = cli.json("tick", release, BACKUP, "--evidence", "run 2")
    assert (told["act"], told["changed"], told["already"]) == ("annotate", [BACKUP], [])
    assert cli.state(release)["marks"][BACKUP]["evidence"] == ["run 1", "run 2"]


def test_unticking_keeps_notes_and_can_add_one(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP, "--note", "first", "--evidence", "e")
    cli.ok("untick", release, BACKUP)
    assert cli.state(release)["marks"][BACKUP] == {"note": "first", "evidence": ["e"]}
    cli.ok("tick", release, BACKUP)
    cli.ok("untick", release, BACKUP, "--note", "it was the wrong dump")
    assert cli.state(release)["marks"][BACKUP] == {"note": "it was the wrong dump", "evidence": ["e"]}
    assert "open already" in cli.ok("untick", release, BACKUP).err


def test_required_items_are_left_out_with_a_reason_only(cli: CommandLine, release: str) -> None:
    answer = cli("skip", release, BACKUP)
    assert answer.code == 2
    assert "reason" in answer.err
    cli.ok("skip", release, BACKUP, "--reason", "no database")
    assert cli.state(release)["marks"][BACKUP]["state"] == "not-applicable"
    assert "[-] Database backup taken" in cli.ok("show", release).out
    assert "not applicable already" in cli.ok("skip", release, BACKUP, "--reason", "no database").err


def test_optional_items_are_left_out_without_a_reason(cli: CommandLine, release: str) -> None:
    cli.ok("skip", release, "communication.downtime")
    assert cli.state(release)["marks"]["communication.downtime"]["state"] == "not-applicable"


def test_failing_needs_a_reason_and_shows_it(cli: CommandLine, release: str) -> None:
    assert cli("fail", release, BACKUP).code == 2
    assert cli("fail", release, BACKUP, "--reason", " \t").code == 2
    assert cli.state(release)["marks"] == {}
    cli.ok("fail", release, BACKUP, "--reason", "disk full", "--evidence", "job 8")
    mark = cli.state(release)["marks"][BACKUP]
    assert (mark["state"], mark["reason"], mark["evidence"]) == ("failed", "disk full", ["job 8"])
    shown = cli.ok("show", release).out
    assert "[!] Database backup taken" in shown
    assert "reason: disk full" in shown
    assert "marked so already" in cli.ok("fail", release, BACKUP, "--reason", "disk full").err


def test_nothing_can_be_ticked_in_an_archived_release(cli: CommandLine, release: str) -> None:
    cli.ok("close", release, "--outcome", "cancelled", "--reason", "no longer wanted")
    before = cli.file(release).read_bytes()
    for command in (["tick"], ["untick"], ["skip", "--reason", "r"], ["fail", "--reason", "r"]):
        answer = cli(command[0], release, BACKUP, *command[1:])
        assert answer.code == 1
        assert "archived" in answer.err
    assert cli.file(release).read_bytes() == before


@pytest.mark.parametrize("arguments", [["tick"], ["tick", "1"], ["tick", "1", ""], ["tick", "1", " "]])
def test_an_item_must_be_named(cli: CommandLine, release: str, arguments: list[str]) -> None:
    assert cli(*arguments).code == 2


@pytest.mark.parametrize(
    "text",
    [
        "[red]bold[/] [x] [link=https://evil]",
        "\x1b]0;owned\x07\x1b[31mred\x1b[0m \x9b2J",
        "🚀 👩\u200d💻 ✓",
        "日本語の長い表題",
        "עברית \u202eعربى",
        "x" * 10_000,
        "--json",
        "two\nlines\r\n\tthree",
    ],
    ids=["brackets", "escapes", "emoji", "wide", "right-to-left", "long", "option", "lines"],
)
def test_texts_of_any_kind_are_notes_and_never_commands(cli: CommandLine, release: str, text: str) -> None:
    cli.ok("tick", release, BACKUP, f"--note={text}")
    note = cli.state(release)["marks"][BACKUP]["note"]
    assert not set(note) & {"\x1b", "\x07", "\x9b", "\u202e", "\r"}
    shown = cli.ok("show", release).out
    assert not set(shown) & {"\x1b", "\x07", "\x9b", "\u202e", "\r"}
    for line in note.splitlines():
        assert line in shown
    item = next(
        item
        for phase in cli.json("show", release)["release"]["phases"]
        for item in phase["items"]
        if item["path"] == BACKUP
    )
    assert item["note"] == note


def test_a_person_must_be_one_of_the_organisations_where_it_lists_any(
    cli: CommandLine, release: str, tmp_path: Path
) -> None:
    tick = ("tick", release, "staging-test.qa-approval", "--field", "date=2026-11-20")
    cli.ok(*tick, "--field", "name=anybody")
    cli.ok("untick", release, "staging-test.qa-approval")
    organisation = tmp_path / "organisation.yaml"
    organisation.write_text("people: [{id: grace, name: Grace Hopper}]\n", "utf-8")
    cli.ok("org", "import", organisation)
    answer = cli(*tick, "--field", "name=grac")
    assert answer.code == 2 and "Did you mean 'grace'?" in answer.err
    cli.ok(*tick, "--field", "name=Grace Hopper")
    assert cli.state(release)["marks"]["staging-test.qa-approval"]["fields"]["name"] == "grace"


def test_a_note_on_an_item_that_is_ticked_already_is_recorded_and_told_so(
    cli: CommandLine, release: str
) -> None:
    cli.ok("tick", release, BACKUP)
    for _ in range(2):
        answer = cli.ok("tick", release, BACKUP, "--note", "afterwards")
        assert "not recorded" not in answer.err
        assert cli.state(release)["marks"][BACKUP]["note"] == "afterwards"


def test_of_many_items_that_are_ticked_already_it_is_said_how_many_more_there_are(
    cli: CommandLine, release: str
) -> None:
    cli.ok("tick", release, "pre-release")
    assert "and 2 more are ticked already" in cli.ok("tick", release, "pre-release").err


def test_a_reason_that_ends_with_a_full_stop_is_told_with_one(cli: CommandLine, release: str) -> None:
    cli.ok("fail", release, "pre-release.branches", "--reason", "The build stops.")
    assert "failed: The build stops.\n" in cli.ok("tick", release, "pre-release").err


def test_what_cannot_have_happened_yet_is_ticked_only_with_early(cli: CommandLine, release: str) -> None:
    """[S0.2] Exit 1 and the flag by name; nothing is written."""
    before = cli.file(release).read_bytes()
    answer = cli("tick", release, "close.monitoring")
    assert answer.code == 1 and "belongs after the go-live" in answer.err and "--early" in answer.err
    assert cli.file(release).read_bytes() == before
    cli.ok("tick", release, "close.monitoring", "--early")
    assert cli.state(release)["marks"]["close.monitoring"]["state"] == "done"
