"""What a rule answers with, and the refusal that every rule begins with."""

from __future__ import annotations

from msgspec import Struct

from relui.domain.instants import local_day
from relui.domain.log import Act
from relui.domain.release import Release
from relui.errors import Refused


class Ruling(Struct, frozen=True):
    """What a rule decided: the new release, the act for the log (None: nothing changed), and what it
    did with which item paths. `left` pairs a path with why it was left as it was."""

    release: Release
    act: Act | None
    changed: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()


def refuse_closed(release: Release) -> None:
    """Raises Refused for an archived release: it is read-only."""
    if release.closing is not None:
        day = local_day(release.closing.at, release.zone)
        raise Refused(
            f"{release.id} is archived since {day}: nothing in it can change. "
            "Copy it as a new release to work on it again."
        )
