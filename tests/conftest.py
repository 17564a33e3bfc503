"""Every test is isolated from the developer's home, configuration, clock, zone and terminal."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.costs import counting  # noqa: F401 - a fixture for all rooms

# How busy the machine is proves nothing. A person's runs look for new counter-examples, a pipeline's repeat.
settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("untimed")

_CHANGES_THE_SCREEN = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "TMUX", "EDITOR", "VISUAL")


def _developers_variables() -> list[str]:
    return [
        name
        for name in os.environ
        if name in _CHANGES_THE_SCREEN
        or (name.startswith(("RELUI_", "TEXTUAL")) and not name.startswith("TEXTUAL_SNAPSHOT"))
    ]


def pytest_configure() -> None:
    """Textual reads some variables when it is imported, which is before any fixture."""
    for name in _developers_variables():
        del os.environ[name]


@pytest.hookimpl(optionalhook=True)  # also without xdist
def pytest_xdist_auto_num_workers() -> int:
    """Two workers a core: a pilot waits for its app to come to rest more than it computes."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(autouse=True)
def isolated_from_the_developer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh home under `tmp_path`, UTC, and none of the developer's variables. Yields that home."""
    for name in _developers_variables():
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / f".{kind.lower()}"))
    monkeypatch.delenv("XDG_DATA_DIRS", raising=False)
    monkeypatch.delenv("XDG_CONFIG_DIRS", raising=False)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield home
    monkeypatch.undo()
    time.tzset()
