"""The open calendar, as its controllers know it: what was read and painted, what stands on its days."""

from __future__ import annotations

from typing import Protocol

from relui.ui.calendar.axis import Layout
from relui.ui.calendar.blocks import Look
from relui.ui.calendar.face import CalendarFace
from relui.ui.calendar.reading import CalendarReading
from relui.ui.calendar.scene import Scene
from relui.ui.kit.asker import Asker


class OpenCalendar(Asker, Protocol):
    """What the calendar's screen is to those who work on it."""

    filter_text: str

    @property
    def reading(self) -> CalendarReading:
        """The calendar as it was last read."""

    @property
    def face(self) -> CalendarFace:
        """Where the calendar is painted."""

    @property
    def is_mounted(self) -> bool:
        """It can be painted."""

    def scene(self) -> Scene:
        """What stands on the days in sight."""

    def plan(self) -> Layout:
        """How the week fits."""

    def look(self) -> Look:
        """What is marked."""

    def key_of(self, command_id: str) -> str:
        """The key that runs a command, as people write it."""

    def show(self) -> None:
        """Paint everything anew."""

    def show_keys(self) -> None:
        """Fill the key bar."""

    def why_unchangeable(self) -> str:
        """Why nothing can be changed here, or nothing."""
