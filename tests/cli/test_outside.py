"""What the outside does to a run: closed folders, odd variables, signals, streams that fail."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from relui.__main__ import main
from relui.desk.items import ItemActs
from relui.desk.journal import Journal
from tests.cli.conftest import CommandLine

RELUI = [sys.executable, "-m", "relui"]
ROOT = Path(__file__).parents[2]
BACKUP = "pre-deploy.backup"


def closed_to_us(monkeypatch: pytest.MonkeyPatch, folder: Path, number: int = errno.EACCES) -> None:
    """Let the system refuse everything at or below `folder`, as it does to who is not root."""

    def guarded(name: str) -> None:
        real = getattr(os, name)

        def call(path: Any, *arguments: Any, **named: Any) -> Any:
            if not isinstance(path, int) and Path(os.fsdecode(path)).is_relative_to(folder):
                raise OSError(number, os.strerror(number), os.fsdecode(path))
            return real(path, *arguments, **named)

        monkeypatch.setattr(os, name, call)

    for name in ("stat", "lstat", "open", "scandir", "listdir", "mkdir"):
        guarded(name)
    real_open = Path.open

    def opened(self: Path, *arguments: Any, **named: Any) -> Any:
        if self.is_relative_to(folder):
            raise OSError(number, os.strerror(number), str(self))
        return real_open(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", opened)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENAMETOOLONG, errno.ELOOP, errno.EIO])
@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["show", "REL-2026-11-001"],
        ["info"],
        ["doctor"],
        ["doctor", "--repair"],
        ["verify"],
        ["seal"],
        ["new", "--service", "s", "--version", "1"],
        ["org", "show"],
        ["calendar"],
        [],
    ],
)
def test_a_data_folder_that_cannot_be_entered_is_three_in_words(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], number: int
) -> None:
    closed = tmp_path / "closed"
    with monkeypatch.context() as patched:
        closed_to_us(patched, closed, number)
        answer = cli("--data", closed / "data", *command, "--json")
    assert answer.code == 3, answer.err
    assert "inside relui" not in answer.err
    import json

    json.loads(answer.out)


def test_a_fault_beside_a_data_folder_that_cannot_be_entered_is_still_told(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*arguments: Any, **named: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Journal, "active", fault)
    with monkeypatch.context() as patched:
        closed_to_us(patched, tmp_path / "closed")
        found = cli.json("--data", tmp_path / "closed" / "data", "list", code=3)
    assert "fault of the program" in found["error"]["message"]


def test_a_fault_is_three_and_told_with_its_traceback_when_debugging(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fault(*arguments: Any, **named: Any) -> None:
        raise ZeroDivisionError("inner \x1b[31m word")

    monkeypatch.setattr(ItemActs, "tick", fault)
    monkeypatch.setenv("RELUI_DEBUG", "1")
    assert main(["tick", release, BACKUP]) == 3
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "\x1b" not in told


def test_what_the_system_refuses_is_no_fault_of_relui(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any, **named: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/some/where")

    monkeypatch.setattr(ItemActs, "tick", refuse)
    answer = cli("tick", release, BACKUP)
    assert answer.code == 3
    assert "/some/where: access is denied" in answer.err
    assert not (cli.data / "crash").exists()


@pytest.mark.parametrize(
    "variables", [{}, {"COMP_WORDS": "relui show '"}, {"COMP_WORDS": "x", "COMP_CWORD": "x"}]
)
@pytest.mark.parametrize(
    "asked", ["bash_complete", "zsh_complete", "fish_complete", "nonsense", "bash_", "_"]
)
def test_a_shell_that_asks_oddly_for_completions_gets_none(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch, asked: str, variables: dict[str, str]
) -> None:
    monkeypatch.setenv("_RELUI_COMPLETE", asked)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    answer = cli()
    assert answer.code == (0 if asked == "fish_complete" and "COMP_CWORD" in variables else 1)
    assert (answer.out.strip(), answer.err) == ("", "")
    assert not (cli.data / "crash").exists()


def test_completions_of_a_folder_that_cannot_be_entered_are_none(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_RELUI_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"relui --data {tmp_path}/closed/data show ")
    monkeypatch.setenv("COMP_CWORD", "4")
    with monkeypatch.context() as patched:
        closed_to_us(patched, tmp_path / "closed")
        answer = cli()
    assert (answer.out.strip(), answer.err) == ("", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without /dev/full")
@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["--help"], b"disk is full"),
        (["tick", "--help"], b"disk is full"),
        (["--version"], b"disk is full"),
        (["completion", "bash"], b"The answer could not be written"),
    ],
)
def test_help_that_cannot_be_written_is_three(cli: CommandLine, command: list[str], words: bytes) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*RELUI, *command], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60, cwd=ROOT
        )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert words in done.stderr
    assert not (cli.data / "crash").exists()


def test_the_demo_in_a_folder_that_cannot_be_is_wrong_usage(cli: CommandLine) -> None:
    answer = cli("demo", "--keep", "~nobodyhere/x")
    assert answer.code == 2
    assert "no home folder" in answer.err


def test_the_demo_from_a_folder_that_was_deleted_is_told(cli: CommandLine, tmp_path: Path) -> None:
    line = (
        f"mkdir {tmp_path}/gone && cd {tmp_path}/gone && rmdir {tmp_path}/gone && exec {sys.executable} -c "
    )
    code = "'import sys; sys.path.insert(0, sys.argv.pop(1)); from relui.__main__ import main; main()'"
    done = subprocess.run(
        ["sh", "-c", f"{line}{code} {ROOT} demo --keep x"], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 2, done.stderr
    assert b"Write the full path" in done.stderr


def test_an_interrupt_while_relui_is_read_leaves_no_traceback() -> None:
    """The first import that `__main__` makes is interrupted, in a process of its own."""
    code = (
        "import builtins, sys\n"
        "real = builtins.__import__\n"
        "def interrupted(name, *rest, **named):\n"
        "    if name == 'relui.errors': raise KeyboardInterrupt\n"
        "    return real(name, *rest, **named)\n"
        "builtins.__import__ = interrupted\n"
        "import relui.__main__\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=60, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (128 + signal.SIGINT, b"")


def test_variables_of_textual_are_not_obeyed(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """`TEXTUAL_DRIVER=nonsense` would end in a fault, and `TEXTUAL_DEBUG` writes files."""
    for name in ("TEXTUAL_DRIVER", "TEXTUAL_DEBUG", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_LOG"):
        monkeypatch.setenv(name, "nonsense")
    monkeypatch.setenv("ESCDELAY", "9" * 400)
    (keymap := cli.data.parent / "config" / "keymap.yaml").parent.mkdir(parents=True, exist_ok=True)
    keymap.write_text("quit: x\n", "utf-8")
    cli("doctor")
    assert not {"TEXTUAL_DRIVER", "TEXTUAL_DEBUG", "TEXTUAL_COLOR_SYSTEM", "ESCDELAY"} & os.environ.keys()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["template", "lint", "{}"], {1, 2}),
        (["template", "import", "{}"], {2}),
        (["import", "{}"], {2}),
        (["org", "import", "{}"], {2, 3}),
        (["note", "1", BACKUP, "--evidence", "@{}"], {2}),
        (["verify", "--seal", "@{}"], {2}),
        (["export", "--to", "{}/deep/below"], {3}),
    ],
)
@pytest.mark.parametrize("kind", ["pipe", "zero", "closed", "long", "folder"])
def test_files_that_cannot_be_read_are_refused_in_words(
    cli: CommandLine,
    release: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    code: set[int],
    kind: str,
) -> None:
    """A pipe without a writer, a device without end, what may not be entered, a name beyond all limits."""
    names = {
        "pipe": "pipe.md",
        "zero": "/dev/zero",
        "closed": "closed/x.md",
        "long": "a" * 300,
        "folder": ".",
    }
    os.mkfifo(tmp_path / "pipe.md")
    filled = [word.replace("{}", names[kind]) for word in command]
    if kind == "folder" and command[0] in ("import", "export"):
        pytest.skip("a folder is what they take")
    with monkeypatch.context() as patched:
        if kind == "closed":
            closed_to_us(patched, tmp_path / "closed")
            filled = [word.replace("closed/", f"{tmp_path}/closed/") for word in filled]
        answer = cli(*filled)
    assert answer.code in code, answer.err
    assert "inside relui" not in answer.err
    assert not (cli.data / "crash").exists()


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        ("releases/REL-2026-11-044.json", [3, 3, 3, 1, 0, 0]),
        ("organisation.json", [0, 0, 3, 1, 0, 3]),
        ("archive/catalogue.json", [0, 0, 0, 1, 0, 0]),
    ],
)
def test_a_pipe_in_the_data_folder_makes_nobody_wait(
    cli: CommandLine, release: str, place: str, codes: list[int]
) -> None:
    (cli.data / place).parent.mkdir(exist_ok=True)
    (cli.data / place).unlink(missing_ok=True)
    os.mkfifo(cli.data / place)
    commands = (["list"], ["list", "--all"], ["verify"], ["doctor"], ["show", release], ["calendar"])
    answers = [cli(*command) for command in commands]
    assert [answer.code for answer in answers] == codes
    assert not [answer.err for answer in answers if "inside relui" in answer.err]


@pytest.mark.parametrize("place", ["settings.yaml", "keymap.yaml", "themes/own.yaml", "templates/own.yaml"])
def test_a_pipe_among_a_persons_own_files_is_passed_over_and_told(
    cli: CommandLine, release: str, tmp_path: Path, place: str
) -> None:
    path = tmp_path / "config" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    cli.ok("list")
    assert f"{path}: cannot be read: it is a pipe" in cli("doctor").out


def test_a_config_folder_that_cannot_be_entered_is_told_and_its_files_are_passed_over(
    cli: CommandLine, release: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        closed_to_us(patched, tmp_path / "config")
        answer = cli("list")
        assert answer.code == 0, answer.err
        assert release in answer.out
        assert "doctor" not in answer.err
        told = cli("doctor")
    assert told.code == 0, told.err
    assert "keymap.yaml" in told.out
    assert "Permission denied" in told.out


def test_own_templates_that_cannot_be_read_are_told(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config" / "templates").mkdir(parents=True)
    with monkeypatch.context() as patched:
        closed_to_us(patched, tmp_path / "config" / "templates")
        assert "templates: cannot be read" in cli("doctor").out
        cli.ok("template", "list")


def test_a_close_whose_move_fails_does_not_claim_to_have_archived(cli: CommandLine, release: str) -> None:
    (cli.data / "archive").write_bytes(b"in the way")
    answer = cli.ok("close", release, "--reason", "done elsewhere")
    assert "Archived as" not in answer.err
    assert "left to the next start" in answer.err
