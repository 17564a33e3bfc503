"""A desk on a fresh data folder at a frozen instant, and the app over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import current_thread

import pytest
from textual.geometry import Region
from textual.widget import Widget

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.instants import parse_instant
from relui.domain.log import Actor
from relui.loading.templates import TemplateLibrary
from relui.locations import Locations, find_locations
from relui.settings import Settings
from relui.store.file_store import FileStore
from relui.ui.app import ReluiApp
from relui.ui.kit import acting
from tests.ui.calendars import SATURDAY, planned, set_up

NOW = parse_instant("2026-11-20T18:00Z", "UTC").at
"""A Friday evening."""


@pytest.fixture(autouse=True)
def acts_end_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine, what an act led to shows when its key was pressed (see test_acting.py)."""
    monkeypatch.setattr(acting, "AT_ONCE", 30.0)


@pytest.fixture(autouse=True)
def acts_touch_no_widget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs in the thread for acts paints nothing: Textual's widgets belong to the app's own thread."""
    refresh = Widget.refresh

    def refused(widget: Widget, *regions: Region, **named: bool) -> Widget:
        assert current_thread().name != "acts", f"an act painted {widget}"
        return refresh(widget, *regions, **named)

    monkeypatch.setattr(Widget, "refresh", refused)


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    environment = {"RELUI_DATA": str(tmp_path / "data"), "RELUI_CONFIG": str(tmp_path / "config")}
    return find_locations(None, environment)


@pytest.fixture
def make_desk(locations: Locations) -> Callable[..., Desk]:
    library = TemplateLibrary(locations.templates, locations.own_templates)

    def make(name: str = "ada", *, read_only: bool = False, **options: object) -> Desk:
        return Desk(
            FileStore(locations.data, read_only=read_only),
            data=locations.data,
            clock=Clock(NOW, frozen=True),
            actor=Actor(account="tester", name=name),
            library=lambda: library,
            host_zone=lambda: "Europe/Berlin",
            **options,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


@pytest.fixture
def release_id(desk: Desk) -> str:
    """A minor release of tomorrow evening from the standard template."""
    request = Request(service="payments", version="2.4.0", go_live="2026-11-21T20:00", owner="ada")
    return desk.releases.new(request).release.id


@pytest.fixture
def app(desk: Desk, locations: Locations) -> ReluiApp:
    return ReluiApp(desk, locations, Settings())


@pytest.fixture
def organised(desk: Desk, tmp_path: Path) -> Desk:
    """The desk with an organisation that has a calendar."""
    set_up(desk, tmp_path)
    return desk


@pytest.fixture
def payments(organised: Desk) -> str:
    """A release of payments, planned in Saturday's window."""
    return planned(organised, "payments", "2.4.0", SATURDAY)
