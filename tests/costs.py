"""What an act costs: reads of release files, decodes of states and logs, and outlines, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from relui.domain import outline
from relui.store import records, releases

Costs = Counter[str]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """A block whose reads of release files, decodes of states and logs, and outlines are counted."""
    counted: Costs = Counter()

    def noting(place: Any, name: str, what: Callable[..., str]) -> None:
        real = getattr(place, name)

        def noted(*args: Any, **named: Any) -> Any:
            counted[what(*args)] += 1
            return real(*args, **named)

        monkeypatch.setattr(place, name, noted)

    noting(releases, "read_tables", lambda path: f"read {path.stem}")
    noting(records, "release_from", lambda state, where: f"decode {state['id']}")
    noting(records, "entries_from", lambda log: f"decode log of {len(log)}")
    noting(outline.Outline, "__init__", lambda self, release: f"outline {release.id}")

    @contextmanager
    def block() -> Iterator[Costs]:
        counted.clear()
        yield counted
        found = Counter(counted)
        counted.clear()
        counted.update(found)

    return block
