"""The calendar as it was read at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from relui.domain.calendar.board import Board
    from relui.domain.organisation import Organisation
    from relui.domain.release import Release


class Calendar(Struct, frozen=True):
    """The organisation and the active releases at one moment, and the board made of them."""

    organisation: Organisation
    releases: tuple[Release, ...]
    board: Board
