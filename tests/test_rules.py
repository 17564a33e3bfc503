"""docs/rules.md tells the truth: its modules exist, and every rule that it lists is proved by a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| (S\d\.\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEXT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
RULES = ROW.findall(TEXT)


@cache
def proved() -> frozenset[str]:
    """Every rule number in the name or docstring of a test; `S0.2 - S0.7` means all of them."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for words in _tests(ast.parse(path.read_text(encoding="utf-8"))):
            for part, first, last in re.findall(r"S(\d)\.(\d+)(?: - S\d\.(\d+))?", words):
                found |= {f"S{part}.{number}" for number in range(int(first), int(last or first) + 1)}
    return frozenset(found)


def _tests(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
            yield f"{node.name} {ast.get_docstring(node) or ''}"


def test_every_row_of_the_rules_is_read() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| S")]
    assert len(rows) == len(RULES) > 10
    numbers = [number for number, _, _ in RULES]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(("number", "modules"), [(number, modules) for number, _, modules in RULES])
def test_every_rule_is_kept_in_modules_that_exist(number: str, modules: str) -> None:
    named = re.findall(r"`([^`]+)`", modules)
    assert named and [name for name in named if not (ROOT / name).is_file()] == [], number


@pytest.mark.parametrize("number", [number for number, _, _ in RULES])
def test_every_rule_is_proved_by_a_test_that_carries_its_number(number: str) -> None:
    assert number in proved()
