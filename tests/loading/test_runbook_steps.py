"""Steps of a runbook from YAML and CSV: taken as they are written, or refused with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from relui.errors import BadInput
from relui.loading.runbook_steps import load_steps

WHOLE = {"text": "Migrate", "owner": "dba", "command": "psql -f up.sql", "expect": "COMMIT", "time": "10m"}

YAML = """\
steps:
  - text: Migrate
    owner: dba
    command: psql -f up.sql
    expect: COMMIT
    time: 10m
  - Look around
"""
CSV = """\
Step;Who;Command;Expected result;Duration;Remark
Migrate;dba;psql -f up.sql;COMMIT;10m;x

Look around;;"";;;
"""


@pytest.mark.parametrize(("name", "text"), [("book.yaml", YAML), ("book.csv", CSV), ("list.yml", YAML[7:])])
def test_steps_are_read_with_every_field(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert load_steps(file) == [WHOLE, {"text": "Look around"}]


def test_a_command_of_several_lines_and_what_looks_like_a_number_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "book.yaml"
    file.write_text("- step: 1.10\n  run: |\n    a\n    b\n  expect: no\n", encoding="utf-8")
    assert load_steps(file) == [{"text": "1.10", "command": "a\nb\n", "expect": "no"}]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.yaml", "steps:\n  - text: One\n    tiem: 1m\n", r"a.yaml:3: .*no such key.*Did you mean 'time'"),
        ("a.yaml", "steps:\n  - text: One\n  - owner: ops\n", r"a.yaml:3: a step needs its text"),
        ("a.yaml", "steps:\n  - text: One\n    time: soon\n", r"a.yaml:2: 'time': 'soon'"),
        ("a.yaml", "steps:\n  - text: {a: b}\n", r"a.yaml:2: .*is no text"),
        ("a.yaml", "steps:\n  - [a]\n", r"a.yaml:2: .*is no step"),
        ("a.yaml", "name: x\n", r"a.yaml: is no list of steps"),
        ("a.yaml", "steps: []\n", r"a.yaml: holds no steps"),
        ("a.csv", "What is this,Owner\nx,y\n", r"a.csv:1: has no column for the step"),
        ("a.csv", "step,time\nOne,1m\nTwo,soon\n", r"a.csv:3: 'time': 'soon'"),
        ("a.csv", 'step\n"One\n', r"a.csv:2: is not CSV"),
        ("a.csv", "step\n" + "x\n" * 501, r"has 501 steps; a runbook has at most 500"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_its_line(tmp_path: Path, name: str, text: str, words: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=words):
        load_steps(file)
