"""Records that cannot be reckoned with: refused by an import, told by every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine
from tests.store.test_bounds import ODD, damage


@pytest.mark.parametrize("odd", ODD)
def test_an_import_of_it_is_refused_and_nothing_is_written(
    cli: CommandLine,
    release: str,
    tmp_path: Path,
    odd: str,
) -> None:
    cli.ok("export", release, "--to", "one.json")
    document = json.loads((tmp_path / "one.json").read_text("utf-8"))
    del document["log"]
    document["release"]["id"] = "REL-2026-11-077"
    ODD[odd](document["release"])
    (tmp_path / "two.json").write_text(json.dumps(document), "utf-8")
    answer = cli("import", "two.json")
    assert answer.code == 2, answer.err
    assert cli("show", "REL-2026-11-077").code == 2


def test_the_command_line_lists_the_others_and_answers_three(
    cli: CommandLine,
    release: str,
) -> None:
    other = cli.ok("new", "--service", "ledger", "--version", "1").out.strip()
    damage(cli.file(release), ODD["duration of aeons"])
    answer = cli("list")
    assert answer.code == 3
    assert other in answer.out
    assert release in answer.err
    for command in (["show", release], ["close", release], ["tick", release, "x"]):
        assert cli(*command).code == 3, command
