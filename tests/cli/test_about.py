"""Plain relui, the demo, completion, and what relui says about itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import relui
from relui import __main__ as entry
from relui.cli import opening
from relui.cli.session import Session
from tests.cli.conftest import CommandLine


class Terminal:
    """Has relui believe that it is on a terminal, and records what would be opened on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened: list[tuple[Session, str]] = []
        monkeypatch.setattr(opening, "on_a_terminal", lambda: True)
        monkeypatch.setattr(entry, "_start_app", self._start)

    def _start(self, opened: Session, note: str) -> int:
        self.opened.append((opened, note))
        return 0


@pytest.fixture
def terminal(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def test_without_a_terminal_plain_relui_lists_the_releases(cli: CommandLine, release: str) -> None:
    answer = cli.ok()
    assert release in answer.out
    assert "Run relui in a terminal" in answer.err
    assert cli.json()["releases"][0]["id"] == release


def test_in_a_terminal_plain_relui_opens_the_app(
    cli: CommandLine, terminal: Terminal, tmp_path: Path
) -> None:
    for arguments in ([], ["--data", tmp_path / "other"], [f"--data={tmp_path / 'other'}", "--readonly"]):
        assert cli(*arguments).out == ""
    first, second, third = (opened for opened, _ in terminal.opened)
    assert first.locations.data == cli.data
    assert second.locations.data == third.locations.data == tmp_path / "other"
    assert third.desk.read_only


@pytest.mark.parametrize("arguments", [["--data"], ["--dta", "x"], ["--json", "--bogus"]])
def test_wrong_global_options_open_nothing(
    cli: CommandLine, terminal: Terminal, arguments: list[str]
) -> None:
    assert cli(*arguments).code == 2
    assert terminal.opened == []


def test_the_demo_lives_in_a_folder_that_goes_away(
    cli: CommandLine, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RELUI_USER")
    cli.ok("demo")
    opened, note = terminal.opened[0]
    assert "Demo data" in note and "You act as Mara" in note
    assert opened.actor.name == "mara"
    assert opened.locations.data != cli.data
    assert not opened.locations.data.exists()
    assert not cli.data.exists()


def test_whoever_says_who_they_are_acts_as_that_in_the_demo(cli: CommandLine, terminal: Terminal) -> None:
    cli.ok("demo", "--as", "leila")
    opened, note = terminal.opened[0]
    assert opened.actor.name == "leila" and "You act as" not in note


def test_the_demo_can_be_kept_and_opened_again(cli: CommandLine, terminal: Terminal, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    cli.ok("demo", "--keep", kept)
    files = sorted(kept.rglob("*.json"))
    assert files
    cli.ok("demo", "--keep", kept)
    assert sorted(kept.rglob("*.json")) == files
    assert cli("verify", "--data", kept).code == 0


def test_the_demo_takes_no_folder_that_holds_something_else(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("x")
    for arguments in (["--keep", tmp_path / "full"], ["--data", tmp_path / "d"], ["--readonly"]):
        assert cli("demo", *arguments).code == 2
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.txt"]


def test_info_says_where_everything_is(cli: CommandLine, release: str, tmp_path: Path) -> None:
    told = cli.json("info")
    assert told["data"] == str(cli.data)
    assert told["config"] == str(tmp_path / "config")
    assert told["version"] == relui.__version__
    assert (told["name"], told["zone"], told["simulated_clock"]) == ("ada", "Europe/Berlin", True)
    assert told["active_releases"] == 1
    assert "tinydb" in told["versions"]
    assert f"data: {cli.data}" in cli.ok("info").out


def test_the_version_is_printed(cli: CommandLine) -> None:
    assert cli.ok("--version").out == f"relui {relui.__version__}\n"


def test_a_healthy_house_is_a_yes(cli: CommandLine, release: str) -> None:
    assert "No errors." in cli.ok("doctor").err


def test_doctor_names_broken_files_of_the_person(cli: CommandLine, tmp_path: Path) -> None:
    config = tmp_path / "config"
    (config / "templates").mkdir(parents=True)
    (config / "themes").mkdir()
    (config / "settings.yaml").write_text("thme: x\n")
    (config / "keymap.yaml").write_text("no-such-command: x\n")
    (config / "templates" / "bad.yaml").write_text("template: bad\n")
    (config / "themes" / "bad.yaml").write_text("nonsense: {\n")
    texts = [finding["text"] for finding in cli.json("doctor")["findings"]]
    for name in ("settings.yaml:1", "keymap.yaml:1", "bad.yaml"):
        assert any(name in text for text in texts), name


def test_a_damaged_record_is_an_error_and_is_set_aside(cli: CommandLine, release: str) -> None:
    damaged = cli.file(release)
    content = damaged.read_bytes()[:-20]
    damaged.write_bytes(content)
    answer = cli("doctor")
    assert answer.code == 1
    assert damaged.read_bytes() == content
    cli("doctor", "--repair")
    assert (cli.data / "quarantine" / damaged.name).read_bytes() == content
    assert cli("doctor").code == 0


def test_repair_contradicts_readonly(cli: CommandLine, release: str) -> None:
    assert cli("doctor", "--repair", "--readonly").code == 2


def test_a_broken_settings_line_is_told_and_passed_over(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.yaml").write_text("thme: x\ndefault_template: emergency\n")
    answer = cli.ok("new", "--service", "s", "--version", "1", "--rationale", "r",
                    "--criterion", "production incident")  # fmt: skip
    assert "settings.yaml:1" in answer.err
    assert cli.state("REL-2026-11-001")["template"] == "emergency"


def test_the_settings_name_who_acts_unless_somebody_else_does(
    cli: CommandLine, release: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.yaml").write_text("user: Grace\n")
    monkeypatch.delenv("RELUI_USER")
    cli.ok("tick", release, "pre-deploy.backup")
    cli.ok("tick", release, "pre-deploy.staging-check", "--as", "Linus")
    names = [entry["name"] for entry in cli.log(release)]
    assert names == ["ada", "Grace", "Linus"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(cli: CommandLine, shell: str) -> None:
    script = cli.ok("completion", shell).out
    assert "_RELUI_COMPLETE" in script


def test_an_unknown_shell_is_bad_usage(cli: CommandLine) -> None:
    assert cli("completion", "tcsh").code == 2


def completed(cli: CommandLine, monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    """What bash would be offered for the last word of `line`."""
    words = line.split(" ")
    monkeypatch.setenv("_RELUI_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    offered = cli.ok().out.split()
    monkeypatch.delenv("_RELUI_COMPLETE")
    return [candidate.removeprefix("plain,") for candidate in offered]


def test_a_shell_completes_commands_identifiers_items_and_templates(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert completed(cli, monkeypatch, "relui ti") == ["tick"]
    assert completed(cli, monkeypatch, "relui tick 11-0") == [release]
    assert completed(cli, monkeypatch, "relui tick 1 pre-deploy.b") == ["pre-deploy.backup"]
    assert completed(cli, monkeypatch, "relui new --template st") == ["standard"]
    assert completed(cli, monkeypatch, "relui new --pack kub") == ["kubernetes"]
    assert completed(cli, monkeypatch, "relui template show kub") == ["kubernetes"]
    assert completed(cli, monkeypatch, "relui close 1 --outcome rol") == ["rolled-back"]
    assert completed(cli, monkeypatch, f"relui --data {cli.data}2 tick REL") == []


def test_completion_is_silent_about_trouble(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.file(release).write_text("{")
    assert completed(cli, monkeypatch, "relui tick 1 pre") == []
