"""Actions in words: a line each for the list, and everything about one below it [S0.9]."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from relui.domain.learning.actions import Action
from relui.ui.kit.text import column, line, spread
from relui.ui.kit.times import when

OLD = 60
"""Days after which an open action is old: about two releases of a service that goes out monthly."""
_STATES = {"open": ("[ ]", "text"), "done": ("[x]", "done"), "dropped": ("[-]", "not-applicable")}
_SOURCES = {
    "retrospective": "asked for by the retrospective of",
    "completion": "remained when the deployment was completed of",
    "review": "asked for by the review of",
    "hand": "raised by hand for",
}


def age_words(action: Action, now: datetime) -> str:
    """How long it is open, or was."""
    days = action.age_days(now)
    return "today" if not days else "1 day" if days == 1 else f"{days} days"


def action_row(action: Action, rooms: tuple[int, int], now: datetime, width: int) -> Content:
    """One line: state, id, service, text, and at the right who owns it and its age.

    `rooms` are the columns of ids and of services. The text goes before the owner where there is little room.
    """
    sign = _STATES[action.state]
    old = action.open and action.age_days(now) > OLD
    left = line(
        " ", sign, " ", column(action.id, rooms[0], "accent"),
        " ", column(action.service, rooms[1], "bold text"),
        " ", (action.text, "text" if action.open else "muted"),
    )  # fmt: skip
    age = column(age_words(action, now).rjust(8), 8, "overdue" if old else "muted")
    right = line(column(action.owner, 9, "text"), age) if width >= 70 else age
    return spread(left, line(right, " "), width, gap=2)


def rooms_of(actions: Iterable[Action]) -> tuple[int, int]:
    """The columns that ids and services need, up to a bound."""
    found = tuple(actions)
    ids = max((len(each.id) for each in found), default=4)
    return ids, min(max((len(each.service) for each in found), default=8), 14)


def action_detail(action: Action, stands_on: str, now: datetime, zone: str) -> list[Content]:
    """Everything about one: its text in full, where it comes from, where it stands, how it was settled."""
    raised = when(action.raised_at, zone, year=now.year)
    lines = [
        line((action.text, "bold text")),
        line((f"{_SOURCES[action.source]} ", "muted"), (action.release, "accent"), (f", {raised}", "muted")),
    ]
    owner = line(("owner ", "muted"), action.owner)
    if not action.open:
        at = when(action.settled_at, zone, year=now.year) if action.settled_at else ""
        where = f" on {action.settled_in}" if action.settled_in else ""
        why = f": {action.reason}" if action.reason else ""
        return [*lines, owner, line((action.state, _STATES[action.state][1]),
                                    f"{where} by {action.settled_by}, {at}{why}")]  # fmt: skip
    age = age_words(action, now)
    old = action.age_days(now) > OLD
    lines.append(
        line(
            owner,
            (", open for " if age != "today" else ", raised ", "muted"),
            (age, "overdue" if old else "text"),
        )
    )
    if stands_on:
        lines.append(line(("stands on the checklist of ", "muted"), (stands_on, "accent")))
    else:
        lines.append(line((f"comes back on the next release of {action.service}", "muted")))
    been = [each for each in action.carried if each != stands_on]
    return [*lines, line(("was on ", "muted"), ", ".join(been))] if been else lines
