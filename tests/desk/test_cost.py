"""What an act costs: little to import, one write, and nothing of the archive."""

from __future__ import annotations

import builtins
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from relui.desk.desk import Desk
from tests.store.samples import begun, closed, release_of

HEAVY = ("pydantic", "yaml", "click", "platformdirs", "tzlocal", "asyncio", "filelock", "dateutil", "textual")


def test_the_desk_is_imported_without_what_only_some_acts_need() -> None:
    code = f"import sys, relui.desk.desk; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are listed or opened from now on."""
    found: list[str] = []
    for module, name in ((os, "scandir"), (os, "open"), (io, "open"), (builtins, "open")):
        real = getattr(module, name)

        def noting(path: Any, *rest: Any, _real: Any = real, **named: Any) -> Any:
            found.append(os.fspath(path) if not isinstance(path, int) else "")
            return _real(path, *rest, **named)

        monkeypatch.setattr(module, name, noting)
    return found


def test_a_tick_reads_its_release_once_writes_it_once_and_looks_at_no_other(
    desk: Desk, data: Path, release_id: str, touched: list[str]
) -> None:
    """So it costs the same with ten thousand archived releases as with ten."""
    desk.store.releases.create_archived(*begun(closed(release_of(9))))
    desk.store.catalogue.summaries()
    desk.items.tick(release_id, ["pre-release.branches"])
    touched.clear()
    desk.items.tick(release_id, ["pre-release.pipeline"])
    inside = [Path(path).relative_to(data) for path in touched if path.startswith(str(data))]
    assert not [path for path in inside if path.parts[:1] == ("archive",)]
    assert inside.count(Path("releases") / f"{release_id}.json") == 1
    assert inside.count(Path("releases") / f".{release_id}.json.tmp") == 1


def test_a_start_reads_nothing_of_the_archived_releases(
    desk: Desk, data: Path, release_id: str, touched: list[str]
) -> None:
    desk.store.releases.create_archived(*begun(closed(release_of(9))))
    desk.store.catalogue.summaries()
    touched.clear()
    desk.health.sweep()
    desk.journal.active()
    assert not [path for path in touched if path.startswith(str(data / "archive" / "2026"))]
    assert str(data / "archive" / "catalogue.json") not in touched
