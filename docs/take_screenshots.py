"""Take the pictures in docs/screenshots from the app itself: `.venv/bin/python docs/take_screenshots.py`.

The demo is built in a temporary folder under a clock that stands still, so the same code gives the same
bytes. Each picture is an SVG without a font of its own: a viewer's monospace font is used, and nothing
is fetched from anywhere.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from textual.pilot import Pilot

from relui.clock import Clock
from relui.demo.build import build_demo
from relui.desk.desk import Desk
from relui.domain.instants import parse_instant
from relui.domain.log import Actor
from relui.loading.templates import TemplateLibrary
from relui.locations import Locations, find_locations
from relui.settings import Settings
from relui.ui.app import ReluiApp

FOLDER = Path(__file__).parent / "screenshots"
NOW = parse_instant("2026-11-20T20:01Z", "UTC").at
"""A Friday evening, in the middle of a deployment."""
WHO = Actor("mara", "mara")
_FETCHED_FONT = re.compile(r"\s*@font-face \{.*?\n\s*\}", re.DOTALL)
_CHANGES_THE_SCREEN = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TEXTUAL_THEME")


class Picture(Struct, frozen=True):
    """One picture: the name of its file, what is pressed before, the theme, columns and rows."""

    name: str
    keys: Sequence[str]
    theme: str = "relui-dark"
    size: tuple[int, int] = (120, 36)


PICTURES = (
    Picture("checklist", ["enter", "space"]),
    Picture("releases", []),
    Picture("new-release", ["c", *"payments", "tab", *"5.4.0"]),
    Picture("archive", ["6"]),
    Picture("calendar", ["down", "3"]),
    Picture("record", ["up", "up", "5", "5", "g"]),
    Picture("metrics", ["7"], size=(120, 40)),
    Picture("retrospective", ["6", "R"]),
    Picture("small-and-plain", ["enter"], theme="plain", size=(80, 24)),
)


def main() -> None:
    """Write every picture anew, and say which of them differ from before."""
    for name in list(os.environ):
        if name.startswith("RELUI_") or name in _CHANGES_THE_SCREEN:
            del os.environ[name]
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        with TemporaryDirectory() as folder:
            drawn = asyncio.run(taken(picture, Path(folder)))
        path = FOLDER / f"{picture.name}.svg"
        same = path.is_file() and path.read_text(encoding="utf-8") == drawn
        path.write_text(drawn, encoding="utf-8")
        sys.stdout.write(f"{path.name}: {'as before' if same else 'changed'}\n")


async def taken(picture: Picture, folder: Path) -> str:
    """The picture as SVG, taken of an app over a demo in `folder`."""
    app = _app(find_locations(str(folder / "data"), {"RELUI_CONFIG": str(folder / "config")}), picture.theme)
    async with app.run_test(size=picture.size) as pilot:
        await _settled(pilot)
        for key in picture.keys:
            await pilot.press(key)
            await _settled(pilot)
        drawn = app.export_screenshot(title="relui")
    own_font = _FETCHED_FONT.sub("", drawn).replace(
        "font-family: Fira Code, monospace", "font-family: monospace"
    )
    return own_font.replace("font-family: arial", "font-family: sans-serif")


def _app(locations: Locations, theme: str) -> ReluiApp:
    clock = Clock(NOW, frozen=True)
    library = TemplateLibrary(locations.templates, None)
    build_demo(
        locations.data,
        locations.demo,
        clock=clock,
        library=lambda: library,
        host_zone=lambda: "Europe/Berlin",
    )
    desk = Desk(
        locations.data, clock=clock, actor=WHO, library=lambda: library, host_zone=lambda: "Europe/Berlin"
    )
    return ReluiApp(desk, locations, Settings(theme=theme))


async def _settled(pilot: Pilot[None]) -> None:
    """What was asked for has happened: the archive is read beside the screen."""
    reading = [worker for worker in pilot.app.workers if worker.group == "archive"]
    if reading:
        await pilot.app.workers.wait_for_complete(reading)
    await pilot.pause()
    await pilot.pause()


if __name__ == "__main__":
    main()
