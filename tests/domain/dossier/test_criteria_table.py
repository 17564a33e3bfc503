"""docs/templates.md lists the criteria that there are, with their gates and words."""

from __future__ import annotations

import re
from pathlib import Path

from relui.domain.dossier.criteria import CRITERIA, GATES

TEXT = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")


def test_every_criterion_is_described_as_it_is() -> None:
    """[S1.2]"""
    rows = re.findall(r"^\| `([a-z-]+)` \| ((?:`[a-z]+`(?:, )?)+) \| (.+) \|$", TEXT, re.MULTILINE)
    found = {name: (tuple(re.findall(r"`([a-z]+)`", gates)), words) for name, gates, words in rows}
    described = {name: row for name, row in found.items() if set(row[0]) <= set(GATES)}
    assert list(described) == list(CRITERIA)
    for name, (gates, words) in described.items():
        assert gates == CRITERIA[name].gates and words.startswith(CRITERIA[name].words), name
