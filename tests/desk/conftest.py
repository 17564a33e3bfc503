"""A desk over an empty data folder, and one release on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relui.desk.desk import Desk
from relui.desk.planning import Request
from tests.store.samples import desk_on


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def desk(data: Path) -> Desk:
    """Ada's desk."""
    return desk_on(data)


@pytest.fixture
def release_id(desk: Desk) -> str:
    """A release from the standard template."""
    return desk.releases.new(Request(service="shop", version="2.4.0", go_live="2026-11-20 20:00")).release.id
