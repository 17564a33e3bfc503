"""Whether the database migrations of a release fit into the window that is open for them [S0.6]."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from relui.domain.checklist import Item, State
from relui.domain.outline import Node, Outline
from relui.domain.release import Release

MINUTES_FIELD = "minutes"
"""The field in which an item holds how long a database migration takes, in minutes."""
FACT = "window-fits"


class OpenTime(Struct, frozen=True):
    """What the calendar says about the planned time of a release.

    `why` tells why no window covers it; empty when one does, or when nothing restricts it. `minutes` are
    those from its start until that window shuts; None when nothing restricts it.
    """

    minutes: float | None = None
    why: str = ""


def asks_for_window(release: Release) -> bool:
    """An item of its checklist is bound to the window: whoever changes it asks the calendar."""
    return any(_asks(phase.items) for phase in release.phases)


def _asks(items: Iterable[Item]) -> bool:
    return any(item.when_done == FACT or _asks(item.items) for item in items)


def missing_fit(release: Release, outline: Outline, open_time: OpenTime | None) -> str:
    """Why the migrations do not fit, in words; empty when they do.

    Each that applies is estimated and ticked, and all of them together fit into the planned duration and
    into the window. Without `open_time` the window is not looked at.
    """
    wanted = _migrations(outline)
    if not wanted:
        return "no migration is estimated"
    for leaf in wanted:
        if leaf.state is not State.DONE or not leaf.mark.fields.get(MINUTES_FIELD):
            return f"'{leaf.text}' is not ticked with its minutes"
    estimates = [_number(leaf.mark.fields[MINUTES_FIELD]) for leaf in wanted]
    needed = sum(estimates)
    if min(estimates) < 0 or needed > release.duration:
        return f"{needed:g} min do not fit into the planned {release.duration} min"
    if open_time is None:
        return ""
    if open_time.why:
        return open_time.why
    if open_time.minutes is not None and needed > open_time.minutes:
        return f"{needed:g} min do not fit into the {open_time.minutes:g} min until the window shuts"
    return ""


def migrates(outline: Outline) -> bool:
    """A migration that is to be estimated applies to the release."""
    return bool(_migrations(outline))


def _migrations(outline: Outline) -> list[Node]:
    asked = [leaf for leaf in outline.leaves() if _asks_for_minutes(leaf)]
    return [leaf for leaf in asked if leaf.state is not State.NOT_APPLICABLE]


def _asks_for_minutes(leaf: Node) -> bool:
    fields = leaf.item.fields if leaf.item else ()
    return any(field.id == MINUTES_FIELD and field.kind == "number" for field in fields)


def _number(text: str) -> float:
    """An estimate; one that cannot be read never fits."""
    try:
        return float(text)
    except ValueError:
        return float("inf")
