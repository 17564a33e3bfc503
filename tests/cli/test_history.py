"""Undo, redo, the log, and proofs that nothing was altered."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import NOW, CommandLine

BACKUP = "pre-deploy.backup"


def test_undo_takes_back_ones_own_last_act(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP)
    answer = cli.ok("undo", release)
    assert "undid: ticked Database backup taken" in answer.err
    assert cli.state(release)["marks"] == {}
    assert cli.log(release)[-1]["reverses"] == 2


def test_undo_says_which_later_acts_it_passed_over(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP)
    cli.ok("message", release, "planned-release", "--sent-to", "everybody")
    answer = cli.ok("undo", release)
    assert BACKUP not in cli.state(release)["marks"]
    assert "Entry 3 stands (sent 'Planned release' to everybody" in answer.err
    assert "--withdraw REASON" in answer.err


def test_undo_leaves_what_others_did(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP, "--as", "Linus")
    answer = cli("undo", release)
    assert answer.code == 1
    assert BACKUP in cli.state(release)["marks"]
    cli.ok("undo", release, "--entry", "2")
    assert cli.state(release)["marks"] == {}


def test_redo_does_again_what_undo_took_back(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP)
    before = cli.state(release)
    cli.ok("undo", release)
    assert cli.json("redo", release)["act"] == "redo"
    assert cli.state(release) == before
    assert cli("redo", release).code == 1


def test_undo_refuses_what_somebody_changed_since(cli: CommandLine, release: str) -> None:
    cli.ok("edit", release, "--set", "impact=high")
    cli.ok("edit", release, "--set", "impact=low", "--as", "Linus")
    answer = cli("undo", release)
    assert answer.code == 1
    assert "Linus" in answer.err


@pytest.mark.parametrize(("entry", "code"), [("1", 1), ("99", 2), ("0", 2), ("-1", 2), ("x", 2)])
def test_an_entry_that_cannot_be_undone(cli: CommandLine, release: str, entry: str, code: int) -> None:
    before = cli.file(release).read_bytes()
    assert cli("undo", release, "--entry", entry).code == code
    assert cli.file(release).read_bytes() == before


def test_the_log_tells_when_who_what_and_why(cli: CommandLine, release: str) -> None:
    cli.ok("fail", release, BACKUP, "--reason", "disk full", "--as", "Grace Hopper")
    cli.ok("undo", release, "--entry", "2")
    lines = cli.ok("log", release).out.splitlines()
    assert lines[0].split()[:3] == ["#", "WHEN", "(Europe/Berlin)"]
    assert "Mon 2026-11-16 10:00:00" in lines[2]
    assert "Grace Hopper (" in lines[2]
    assert "marked failed: Database backup taken: disk full [undone by 3] [simulated clock]" in lines[2]
    assert "Mon 2026-11-16 09:00:00" in cli.ok("log", release, "--zone", "UTC").out


def test_the_document_of_a_log(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP)
    cli.ok("undo", release)
    told = cli.json("log", release)
    created, ticked, undone = told["entries"]
    assert told["id"] == release
    assert (created["act"], ticked["act"], undone["act"]) == ("create", "tick", "undo")
    assert ticked["undone_by"] == 3
    assert ticked["at"].replace("Z", "+00:00") == NOW
    assert ticked["simulated"] is True
    assert ticked["previous"] == created["hash"]
    assert ticked["patches"][0]["path"] == ["marks", BACKUP]


def test_an_untouched_record_verifies(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, BACKUP)
    answer = cli.ok("verify", release)
    assert f"{release}: intact, 2 entries, 2 under a simulated clock" in answer.out
    assert cli.json("verify")["records"][0]["intact"] is True
    assert "1 record verified, none altered." in cli.ok("verify").out


def test_an_altered_state_is_found(cli: CommandLine, release: str) -> None:
    path = cli.file(release)
    path.write_text(path.read_text("utf-8").replace('"version":"2.4.0"', '"version":"2.4.1"', 1), "utf-8")
    answer = cli("verify", release)
    assert answer.code == 1
    assert "NOT INTACT" in answer.out
    assert "version" in answer.out
    assert cli("verify").code == 1
    assert cli("doctor").code == 1
    assert cli("seal").code == 1


def test_a_cut_tail_is_found_with_the_seal(cli: CommandLine, release: str) -> None:
    before = cli.file(release).read_bytes()
    cli.ok("tick", release, BACKUP)
    seals = cli.ok("seal").out
    seal = cli.json("verify", release)["records"][0]["seal"]
    assert seals == f"{release} 2 {seal}\n"
    cli.ok("verify", "--seal", seals)
    cli.file(release).write_bytes(before)
    assert cli.ok("verify", release)
    assert cli("verify", release, "--seal", seal).code == 1
    assert cli("verify", "--seal", seals).code == 1


def test_a_record_that_was_removed_is_found_with_the_seals(cli: CommandLine, release: str) -> None:
    cli.ok("new", "--service", "ledger", "--version", "1")
    seals = cli.data.parent / "seals.txt"
    seals.write_text(cli.ok("seal").out)
    cli.ok("verify", "--seal", f"@{seals}")
    cli.file(release).unlink()
    answer = cli("verify", "--seal", f"@{seals}")
    assert answer.code == 1
    assert f"{release}: NOT INTACT" in answer.out


def test_a_later_entry_keeps_an_earlier_seal_valid(cli: CommandLine, release: str) -> None:
    seal = cli.json("seal", release)["seals"][0]["hash"]
    cli.ok("tick", release, BACKUP)
    assert f"{release}: intact, 2 entries" in cli.ok("verify", release, "--seal", seal).out


@pytest.mark.parametrize("seal", ["nonsense", "abc def", "@missing.txt", "a" * 64])
def test_a_text_that_is_no_seal(cli: CommandLine, release: str, seal: str) -> None:
    assert cli("verify", "--seal", seal).code == 2


def test_archived_records_and_the_organisation_are_verified_too(cli: CommandLine, release: str) -> None:
    organisation = cli.data.parent / "organisation.yaml"
    organisation.write_text("zone: Europe/London\n")
    cli.ok("org", "import", organisation)
    cli.ok("close", release, "--outcome", "cancelled", "--reason", "r")
    assert [found["id"] for found in cli.json("verify")["records"]] == [release, "organisation"]
    file = cli.data / "organisation.json"
    file.write_text(
        file.read_text("utf-8").replace('"zone":"Europe/London"', '"zone":"Europe/Paris"', 1), "utf-8"
    )
    answer = cli("verify")
    assert answer.code == 1
    assert "organisation: NOT INTACT" in answer.out


def test_a_log_of_a_record_that_is_altered_can_still_be_read(cli: CommandLine, release: str) -> None:
    tables = json.loads(cli.file(release).read_text("utf-8"))
    tables["log"]["1"]["text"] = "\x1b]0;owned\x07\u202ecreated"
    cli.file(release).write_text(json.dumps(tables), "utf-8")
    assert "\x1b" not in cli.ok("log", release).out
    raw = cli.ok("log", release, "--json").out
    assert "\x1b" not in raw
    assert "\u202e" not in raw
    assert json.loads(raw)["entries"][0]["text"] == "\x1b]0;owned\x07\u202ecreated"


def test_the_seal_of_another_record_checks_nothing_and_says_so(cli: CommandLine, release: str) -> None:
    other = cli.ok("new", "--service", "ledger", "--version", "1").out.strip()
    seal = cli.ok("seal", other).out.strip()
    answer = cli("verify", release, "--seal", seal)
    assert answer.code == 2
    assert other in answer.err
    cli.ok("verify", release, "--seal", cli.ok("seal").out)


def test_a_seal_with_another_number_of_entries_does_not_hold(cli: CommandLine, release: str) -> None:
    name, entries, hash_ = cli.ok("seal", release).out.split()
    for arguments in ([release], []):
        assert cli("verify", *arguments, "--seal", f"{name} {entries} {hash_}").code == 0
        answer = cli("verify", *arguments, "--seal", f"{name} {int(entries) + 1} {hash_}")
        assert answer.code == 1
        assert "seal" in answer.out
    assert cli("verify", "--seal", f"{name} x {hash_}").code == 2
    assert cli("verify", release, "--seal", "").code == 2


def test_verify_goes_on_past_what_it_cannot_read(cli: CommandLine, release: str) -> None:
    (cli.data / "organisation.json").write_bytes(b"rubbish")
    found = cli.json("verify", code=3)
    assert [record["id"] for record in found["records"]] == [release]
    assert "organisation.json" in found["unreadable"][0]
    (cli.data / "archive").write_bytes(b"")
    assert len(cli.json("verify", code=3)["unreadable"]) == 2
