"""Which columns of a CSV file of changes are read as what: by the names that trackers use, or as mapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from relui.domain.text import clean, quoted

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "reference", "ref", "key", "issue key", "change number", "change id", "change", "number",
        "issue number", "ticket", "ticket number", "ticket id", "work item id", "issue id", "iid",
        "#", "bug id", "task custom id", "task id", "card id", "story id", "id",
    ),
    "summary": (
        "summary", "title", "subject", "short description", "issue summary", "name", "task name", "card name",
        "description",
    ),
    "approval": (
        "approval", "approval status", "approval state", "change approval", "cab approval", "cab decision",
        "cab status", "approved", "authorisation", "authorization", "authorised", "authorized",
    ),
    "status": ("status", "state", "issue status"),
    "target": (
        "target", "target date", "target end", "due", "due date", "planned end",
        "planned end date", "end date", "scheduled end", "deadline",
    ),
    "owner": ("owner", "change owner", "assignee", "assigned to", "assignees", "responsible"),
    "ready": ("ready", "owner ready", "owner says ready"),
    "kind": ("kind", "issue type", "work item type", "type", "tracker", "category"),
    "breaking": ("breaking", "breaking change"),
}  # fmt: skip
"""Field of a change -> the names of columns that are taken for it, the surest first.

A tracker's key comes before a number inside it. `approval` is what decides the status where there is one.
"""
_SHOWN = 12
"""Columns that are passed over are named up to this many."""


def columns_of(names: Sequence[str], mapping: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """Field -> index of its column, and the mapped fields whose column is not there."""
    index: dict[str, int] = {}
    for position, name in enumerate(names):
        index.setdefault(_plain(name), position)
    columns: dict[str, int] = {}
    lost: list[str] = []
    for field, column in mapping.items():
        if _plain(column) in index:
            columns[field] = index[_plain(column)]
        else:
            lost.append(field)
    for field, usual in COLUMNS.items():
        if field in mapping or (field == "approval" and "status" in mapping):
            continue
        for name in usual:
            position = index.get(_plain(name), -1)
            if position >= 0 and position not in columns.values():
                columns[field] = position
                break
    return columns, lost


def told_of(names: Sequence[str], columns: Mapping[str, int]) -> Iterator[str]:
    """Which column was read as what, and which were passed over."""
    read = []
    for field, position in columns.items():
        words = {"approval": "status", "id": "reference"}.get(field, field)
        if field == "status" and "approval" in columns:
            words = "what was withdrawn"
        read.append(f"{words} from {quoted(names[position])}")
    yield f"Read: {', '.join(read)}."
    over = [name for at, name in enumerate(names) if at not in columns.values() and clean(name).strip()]
    if over:
        some = ", ".join(quoted(name) for name in over[:_SHOWN])
        yield f"Passed over: {some}{f' and {len(over) - _SHOWN} more' if len(over) > _SHOWN else ''}."


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold()) or name.strip()
