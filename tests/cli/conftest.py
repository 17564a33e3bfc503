"""The command line, run in this process on a fresh data folder under a standing clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from relui.__main__ import main

NOW = "2026-11-16T09:00:00+00:00"
"""Monday morning in the week of the go-live."""


class Answer(NamedTuple):
    code: int
    out: str
    err: str


class CommandLine:
    """`cli("tick", ...)` runs; `cli.json(...)` parses its document; `cli.state()` reads its file."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Answer:
        self._capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        return Answer(code, captured.out, captured.err)

    def json(self, *arguments: object, code: int = 0) -> Any:
        answer = self(*arguments, "--json")
        assert answer.code == code, answer.err
        return json.loads(answer.out)

    def ok(self, *arguments: object) -> Answer:
        answer = self(*arguments)
        assert answer.code == 0, answer.err
        return answer

    def file(self, release: str) -> Path:
        return next(self.data.glob(f"**/{release}.json"))

    def state(self, release: str) -> dict[str, Any]:
        """What the release's file holds, read without relui."""
        tables = json.loads(self.file(release).read_text("utf-8"))
        state: dict[str, Any] = tables["release"]["1"]
        return state

    def log(self, release: str) -> list[dict[str, Any]]:
        tables = json.loads(self.file(release).read_text("utf-8"))
        return list(tables["log"].values())


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setenv("RELUI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RELUI_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("RELUI_NOW", f"frozen:{NOW}")
    monkeypatch.setenv("RELUI_ZONE", "Europe/Berlin")
    monkeypatch.setenv("RELUI_USER", "ada")
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path / "data", capsys)


@pytest.fixture
def release(cli: CommandLine) -> str:
    """A minor release of payments, Saturday 20:00 in Berlin."""
    answer = cli.ok("new", "--service", "payments", "--version", "2.4.0", "--go-live", "2026-11-21T20:00")
    return answer.out.strip()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock to another instant."""
    return lambda instant: monkeypatch.setenv("RELUI_NOW", f"frozen:{instant}")
