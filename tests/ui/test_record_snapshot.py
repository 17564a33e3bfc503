"""The look of the record: the gates of a release in which something is missing, something stale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from relui.desk.desk import Desk
from relui.locations import Locations
from relui.settings import Settings
from relui.ui.app import ReluiApp
from tests.domain.dossier.governed import defect
from tests.ui.records import filled, governed_release, organise


def test_the_gates_look_as_before(
    desk: Desk,
    make_desk: Callable[..., Desk],
    locations: Locations,
    tmp_path: Path,
    snap_compare: Callable[..., bool],
) -> None:
    organise(desk, tmp_path)
    release_id = governed_release(desk)
    filled(desk, release_id, defects=(defect(id="BUG-2", summary="Loses money", severity="high"),))
    make_desk("grace").record.sign(release_id, "definition")
    desk.record.add_part(release_id, "change", {"id": "CHG-7", "summary": "Late idea"})
    desk.record.override(release_id, "incident-response-named", "the on-call team of the week")

    async def open_it(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.press("5")
        await pilot.pause()
        await pilot.press("5")
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause()

    app = ReluiApp(desk, locations, Settings(theme="relui-dark"))
    assert snap_compare(app, terminal_size=(120, 40), run_before=open_it)
