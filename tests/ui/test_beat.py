"""The app's clock: it looks at the data folder about every second, and at nothing that is gone."""

from __future__ import annotations

import pytest

from relui.ui.app import ReluiApp
from relui.ui.kit.lines import Bar
from tests.ui.seen import open_checklist


async def test_a_beat_while_the_app_ends_looks_for_nothing_that_is_gone(
    app: ReluiApp, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts of a screen go one after the other, and the clock may go on meanwhile."""
    ended: list[str] = []

    def beat(gone: Bar) -> None:
        ended.append(gone.id or "")
        app.beat()

    async with app.run_test(size=(120, 40)) as pilot:
        await open_checklist(pilot)
        monkeypatch.setattr(Bar, "on_unmount", beat, raising=False)
    assert "title" in ended
