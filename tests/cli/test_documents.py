"""Documents on the command line: printed, written once, never over anything."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.governed import deployed

DOCUMENTS = {
    "definition": "# Release definition: 2.4.0 - Release - 2026-11-21",
    "notes": "# payments 2.4.0",
    "test-summary": "# Test summary: 2.4.0 - Release - 2026-11-21",
    "handoff": "# Release definition: 2.4.0 - Release - 2026-11-21",
    "record": "# Record: REL-2026-11-001, 2.4.0 - Release - 2026-11-21",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_printed_and_nothing_changes(cli: CommandLine, release: str, name: str) -> None:
    """[S1.7, S1.11, S1.17, S1.26]"""
    before = cli.state(release)
    answer = cli.ok(name, release)
    assert answer.out.startswith(f"{DOCUMENTS[name]}\n") and not answer.err
    made = cli.json(name, release[4:])
    assert (made["id"], made["document"]) == (release, name)
    assert made["text"].rstrip("\n") == answer.out.rstrip("\n")
    assert cli.state(release) == before


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "handoff"])
def test_a_document_is_written_to_a_new_file_and_never_over_one(
    cli: CommandLine, release: str, name: str
) -> None:
    printed = cli.ok(name, release).out
    target = cli.data.parent / "out" / f"{name}.md"
    assert cli.ok(name, release, "--to", target).out == f"{target}\n"
    assert target.read_text("utf-8").rstrip("\n") == printed.rstrip("\n")
    target.write_text("mine")
    answer = cli(name, release, "--to", target)
    assert answer.code == 1 and "is there already" in answer.err and target.read_text() == "mine"


def test_the_notes_have_two_views(cli: CommandLine, release: str) -> None:
    """[S1.11] Technical until it is deployed, for users afterwards."""
    cli.ok("edit", release, "--set", "rollback=Put it back")
    assert "## Rollback" in cli.ok("notes", release).out
    assert "## Rollback" not in cli.ok("notes", release, "--view", "users").out
    cli.ok("edit", release, "--set", "started=2026-11-16T08:00", "completed=2026-11-16T09:00")
    assert "## Rollback" not in cli.ok("notes", release).out
    assert "## Rollback" in cli.ok("notes", release, "--view", "technical").out
    assert cli("notes", release, "--view", "all").code == 2


def test_the_bundle_is_a_folder_of_markdown_and_a_zip_of_the_same(cli: CommandLine, release: str) -> None:
    """[S1.26]"""
    target = cli.data.parent / "handoff"
    files = cli.json("handoff", release, "--to", target)["files"]
    assert sorted(files) == sorted([*(str(path) for path in target.iterdir()), f"{target}.zip"])
    with zipfile.ZipFile(f"{target}.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {f"handoff/{path.name}": path.read_bytes() for path in target.iterdir()}
    assert {"README.md", "2-package.md", "3-runbook.md", "9-briefing.md"} <= {
        path.name for path in target.iterdir()
    }
    again = cli.data.parent / "again" / "handoff"
    cli.ok("handoff", release, "--to", again)
    assert Path(f"{again}.zip").read_bytes() == Path(f"{target}.zip").read_bytes()
    assert sorted(path.name for path in cli.data.parent.iterdir() if path.name.endswith(".tmp")) == []


@pytest.mark.parametrize("taken", ["handoff", "handoff.zip"])
def test_a_bundle_is_never_written_over_anything(cli: CommandLine, release: str, taken: str) -> None:
    """[S1.26] Not even in part."""
    folder = cli.data.parent / "out"
    (folder / taken).mkdir(parents=True)
    answer = cli("handoff", release, "--to", folder / "handoff")
    assert answer.code == 1 and f"{folder / taken} is there already" in answer.err
    assert [path.name for path in folder.iterdir()] == [taken]


@pytest.mark.parametrize(("part", "title"), [
    ("runbook", "# Runbook: "), ("briefing", "# Briefing: "), ("shift", "# Hand-over: "),
])  # fmt: skip
def test_a_part_of_the_bundle_can_be_had_alone(cli: CommandLine, release: str, part: str, title: str) -> None:
    """[S1.26, S1.27]"""
    assert cli.ok("handoff", release, "--part", part).out.startswith(title)
    target = cli.data.parent / "page.md"
    cli.ok("handoff", release, "--part", part, "--to", target)
    assert target.read_text().startswith(title)


def test_the_record_tells_when_it_was_altered(cli: CommandLine, release: str) -> None:
    """[section 7]"""
    assert "The record is intact" in cli.ok("record", release).out
    path = cli.file(release)
    tables = json.loads(path.read_text())
    tables["release"]["1"]["owner"] = "mallory"
    path.write_text(json.dumps(tables))
    out = cli.ok("record", release).out
    assert "The record does not verify" in out and "mallory" in out


def test_the_record_of_an_archived_release_is_there(cli: CommandLine, release: str) -> None:
    cli.ok("close", release, "--outcome", "cancelled", "--reason", "No need")
    out = cli.ok("record", release).out
    assert "in the archive, read-only" in out and "- **Outcome:** cancelled" in out


def test_changes_are_exported_as_csv_that_no_spreadsheet_computes(cli: CommandLine, release: str) -> None:
    """[S1.3] And what was exported can be read again."""
    cli.ok("change", "add", release, "CHG-1", "--summary", "=1+1", "--owner", "ben")
    answer = cli.ok("change", "export", release)
    rows = list(csv.reader(io.StringIO(answer.out)))
    assert rows[0][:2] == ["reference", "summary"] and rows[1][:2] == ["CHG-1", "'=1+1"]
    target = cli.data.parent / "changes.csv"
    assert cli.ok("change", "export", release, target).out == f"{target}\n"
    assert target.read_bytes().startswith(b"\xef\xbb\xbfreference,summary")
    assert cli("change", "export", release, target).code == 1
    assert cli.json("change", "export", release)["text"].startswith("reference,summary")
    other = cli.ok(
        "new", "--service", "payments", "--version", "2.5.0", "--go-live", "2026-11-28T20:00"
    ).out.strip()
    cli.ok("change", "import", other, "--csv", target)
    assert [each["id"] for each in cli.state(other)["dossier"]["changes"]] == ["CHG-1"]


def test_an_unknown_release_is_2(cli: CommandLine, release: str) -> None:
    for name in DOCUMENTS:
        assert cli(name, "REL-2030-01-001").code == 2


def test_a_governed_release_that_was_deployed_gives_every_document(
    cli: CommandLine, at: Callable[[str], None]
) -> None:
    """[S1.7, S1.11, S1.17, S1.23, S1.26] With what was recorded on its way."""
    release = deployed(cli, at)
    cli.ok("message", release, "deploy-starting", "--sent-to", "all users")
    assert "booked, Saturday 2026-12-12 20:00 +01:00" in cli.ok("definition", release).out
    assert "- Change 1\n" in cli.ok("notes", release, "--view", "users").out
    assert "\nProceed.\n" in cli.ok("test-summary", release).out
    target = cli.data.parent / "handoff"
    cli.ok("handoff", release, "--to", target)
    assert "The acceptance is signed." in (target / "6-acceptance.md").read_text("utf-8")
    record = cli.ok("record", release).out
    assert "The record is intact" in record
    for words in ("| go-decided | Go was said | met |", "### M-2: Deploy starting", "| D-1 | advance |"):
        assert words in record, words
    assert record.count("\n### Entry ") == len(cli.log(release))
