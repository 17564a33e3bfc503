"""What a person would see: the screen's cells as text, and small steps that tests share."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from relui.ui.app import ReluiApp
from relui.ui.checklist.screen import ChecklistScreen
from relui.ui.releases.screen import HomeScreen


def seen(app: ReluiApp) -> str:
    """The whole screen as text, line by line."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()  # the only place where all widgets are laid out
    return "\n".join("".join(segment.text for segment in strip)[:width].rstrip() for strip in lines[:height])


def home(app: ReluiApp) -> HomeScreen:
    """The release list, which must be on top."""
    assert isinstance(app.screen, HomeScreen)
    return app.screen


def checklist(app: ReluiApp) -> ChecklistScreen:
    """The checklist, which must be on top."""
    assert isinstance(app.screen, ChecklistScreen)
    return app.screen


async def settled(pilot: Pilot[None]) -> None:
    """Everything that was asked for has happened."""
    reading = [worker for worker in pilot.app.workers if worker.group == "archive"]
    if reading:  # an empty list would mean all workers, and a dialog's waits for an answer
        await pilot.app.workers.wait_for_complete(reading)
    await pilot.pause()
    await pilot.pause()


async def open_checklist(pilot: Pilot[None]) -> ChecklistScreen:
    """Open the release under the cursor."""
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()
    assert isinstance(pilot.app, ReluiApp)
    return checklist(pilot.app)


async def type_line(pilot: Pilot[None], text: str) -> None:
    """Fill the dialog's line and press Enter."""
    await pilot.pause()
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await settled(pilot)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Fill the dialog's text and save it."""
    await pilot.pause()
    pilot.app.screen.query_one(TextArea).text = text
    await pilot.press("ctrl+s")
    await settled(pilot)
