"""Where errors become exit codes: usage, unreadable data, streams, signals, and faults of relui itself."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from relui.desk.items import ItemActs
from tests.cli.conftest import CommandLine

BACKUP = "pre-deploy.backup"
RELUI = [sys.executable, "-m", "relui"]


def test_an_unknown_command_names_the_nearest(cli: CommandLine) -> None:
    answer = cli("tik")
    assert (answer.code, answer.out) == (2, "")
    assert "Did you mean 'tick'?" in answer.err


def test_a_group_without_a_command_says_which_there_are(cli: CommandLine) -> None:
    answer = cli("template")
    assert answer.code == 2
    assert "import, lint, list, show" in answer.err


def test_help_is_a_yes_on_stdout(cli: CommandLine) -> None:
    assert "tick" in cli.ok("--help").out
    assert "--override" in cli.ok("tick", "--help").out


def test_an_error_asked_for_as_json_is_one_document(cli: CommandLine, release: str) -> None:
    for arguments, code in (
        (["show", "99"], 2),
        (["bogus"], 2),
        (["undo", release], 0),
        (["undo", release], 1),
    ):
        if code == 0:
            cli.ok("tick", release, BACKUP)
        answer = cli(*arguments, "--json")
        assert answer.code == code
        if code:
            error = json.loads(answer.out)["error"]
            assert error["exit_code"] == code
            assert error["message"] in answer.err


def test_global_options_stand_before_or_after(cli: CommandLine, release: str, tmp_path: Path) -> None:
    assert cli("--data", tmp_path / "none", "show", release).code == 2
    assert cli("show", release, "--data", tmp_path / "none").code == 2
    assert cli("--data", tmp_path / "none", "show", release, "--data", cli.data).code == 0
    cli.ok("--as", "Linus", "tick", release, BACKUP)
    cli.ok("untick", release, BACKUP, "--as", "Grace")
    assert [entry["name"] for entry in cli.log(release)] == ["ada", "Linus", "Grace"]
    assert cli.log(release)[-1]["account"] != "Grace"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as", ""],
        ["--as", "\u200b"],
        ["--data", ""],
        ["--zone", "Mars/Olympus"],
        ["--data", "~nobody-here/x"],
    ],
)
def test_wrong_global_options_change_nothing(cli: CommandLine, release: str, arguments: list[str]) -> None:
    before = cli.file(release).read_bytes()
    assert cli("tick", release, BACKUP, *arguments).code == 2
    assert cli.file(release).read_bytes() == before


@pytest.mark.parametrize(("name", "value"), [("RELUI_NOW", "noon"), ("RELUI_ZONE", "Mars/Olympus")])
def test_wrong_variables_are_named(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    answer = cli("list")
    assert answer.code == 2
    assert name in answer.err


def test_read_only_refuses_every_write(cli: CommandLine, release: str, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in cli.data.rglob("*.json")}
    (tmp_path / "organisation.yaml").write_text("zone: UTC\n")
    for command in (
        ["tick", release, BACKUP],
        ["untick", release, BACKUP],
        ["skip", release, "staging-test.mobile"],
        ["fail", release, BACKUP, "--reason", "r"],
        ["edit", release, "--set", "impact=low"],
        ["undo", release],
        ["retro", release, "--well", "w"],
        ["new", "--service", "s", "--version", "1"],
        ["close", release, "--reason", "r"],
        ["org", "import", "organisation.yaml"],
    ):
        assert cli(*command, "--readonly").code == 3, command
    assert {path: path.read_bytes() for path in cli.data.rglob("*.json")} == before
    for command in (["list"], ["show", release], ["log", release], ["verify"], ["doctor"], ["list", "--all"]):
        cli.ok(*command, "--readonly")


def test_a_damaged_file_is_three_and_the_others_are_listed(cli: CommandLine, release: str) -> None:
    other = cli.ok("new", "--service", "ledger", "--version", "1").out.strip()
    cli.file(release).write_text('{"release": ', "utf-8")
    before = cli.file(release).read_bytes()
    answer = cli("list")
    assert answer.code == 3
    assert other in answer.out
    assert release in answer.err
    assert cli.json("list", code=3)["problems"]
    for command in (
        ["show", release],
        ["tick", release, BACKUP],
        ["log", release],
        ["verify", release],
        ["verify"],
    ):
        assert cli(*command).code == 3, command
    assert cli.file(release).read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"{}", b'{"release": {"1": {}}}', b"\xff\xfe", b"[" * 50_000]
)
def test_files_that_are_no_records_are_told_without_a_traceback(
    cli: CommandLine, release: str, content: bytes
) -> None:
    cli.file(release).write_bytes(content)
    assert cli("show", release).code == 3
    assert cli("tick", release, BACKUP).code == 3


def test_a_newer_schema_can_be_read_and_not_written(cli: CommandLine, release: str) -> None:
    tables = json.loads(cli.file(release).read_text("utf-8"))
    tables["release"]["1"]["schema"] = 99
    tables["release"]["1"]["from_the_future"] = True
    cli.file(release).write_text(json.dumps(tables), "utf-8")
    before = cli.file(release).read_bytes()
    answer = cli.ok("show", release)
    assert "newer relui" in answer.err
    assert cli("tick", release, BACKUP).code == 3
    assert cli.file(release).read_bytes() == before


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "denied")]
)
def test_a_disk_that_does_not_take_it_loses_nothing(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    before = cli.file(release).read_bytes()

    def refuse(*arguments: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        answer = cli("tick", release, BACKUP)
    assert answer.code == 3
    assert said in answer.err
    assert cli.file(release).read_bytes() == before
    cli.ok("tick", release, BACKUP)


def test_a_data_folder_that_is_a_file_is_three(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert cli("list", "--data", tmp_path / "file").code == 3
    assert cli("new", "--service", "s", "--version", "1", "--data", tmp_path / "file").code == 3


def test_a_fault_of_relui_is_an_apology_and_a_file(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*arguments: Any, **named: Any) -> None:
        raise ZeroDivisionError("a secret \x1b[31m of the inside")

    monkeypatch.setattr(ItemActs, "tick", fault)
    answer = cli("tick", release, BACKUP, "--json")
    assert answer.code == 3
    assert "fault of the program" in answer.err
    assert "\x1b" not in answer.err
    assert json.loads(answer.out)["error"]["exit_code"] == 3
    saved = list((cli.data / "crash").iterdir())
    assert "ZeroDivisionError" in saved[0].read_text()
    assert saved[0].stat().st_mode & 0o777 == 0o600


def test_an_interrupt_is_130(cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ItemActs, "tick", interrupt)
    assert cli("tick", release, BACKUP).code == 130


def test_a_narrow_encoding_replaces_what_it_lacks(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.ok("edit", release, "--set", "title=Ünïcode 🚀 表")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr(sys, "stdout", stream)
    cli("show", release)
    cli("show", release, "--json")
    monkeypatch.undo()
    raw = stream.buffer.getvalue()
    assert b"?n?code ? ?" in raw
    assert "Ünïcode 🚀 表".encode() in raw


def test_colours_are_for_terminals_without_no_color(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b" not in cli.ok("show", release).out
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert "\x1b[1m" in cli.ok("show", release).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in cli.ok("show", release).out


def run(cli: CommandLine, *arguments: str, **named: Any) -> subprocess.CompletedProcess[bytes]:
    """A process of its own."""
    return subprocess.run(
        [*RELUI, *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).parents[2],
        **named,
    )


def test_a_process_of_its_own_returns_the_same_codes(cli: CommandLine, release: str) -> None:
    done = run(cli, "tick", release, BACKUP, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"ticked Database backup taken" in done.stderr
    assert run(cli, "tick", release, "deploy.command").returncode == 1
    assert run(cli, "tick", release, "bogus").returncode == 2
    assert run(cli, "list", "--data", str(Path(__file__))).returncode == 3
    assert json.loads(run(cli, "list", "--json").stdout)["releases"][0]["done"] == 1


def test_plain_relui_in_a_pipe_lists_and_ends(cli: CommandLine, release: str) -> None:
    done = run(cli, stdin=subprocess.DEVNULL)
    assert done.returncode == 0
    assert release.encode() in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without /dev/full")
def test_an_answer_that_cannot_be_written_is_three(cli: CommandLine, release: str) -> None:
    for command in (["list"], ["list", "--json"]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*RELUI, *command], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
            )
        assert done.returncode == 3, command
        assert b"could not be written" in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_is_no_error_message(cli: CommandLine, release: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*RELUI, "show", release], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60
        )
    finally:
        os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 141


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_reason_to_fail(cli: CommandLine, release: str, closed: str) -> None:
    for command in ("list", "list --json", f"tick {release} {BACKUP}", ""):
        line = f"{sys.executable} -m relui {command} {closed}"
        done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, check=False, timeout=60)
        assert done.returncode == 0, (command, done.stderr)
        assert b"Traceback" not in done.stderr
