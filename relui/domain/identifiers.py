"""Identifiers: REL-YYYY-MM-NNN, never reused, unchanged when the date moves [S1.7]."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from relui.domain.instants import local_day
from relui.domain.naming import did_you_mean
from relui.domain.text import quoted
from relui.errors import BadInput

_ID = r"REL-(\d{4})-(0[1-9]|1[0-2])-(\d{3}|[1-9]\d{3,5})"  # compiled at its first use


def month_of(go_live: datetime, zone: str) -> str:
    """The month that an identifier counts in: that of the go-live, in its zone."""
    return f"{local_day(go_live, zone):%Y-%m}"


def identifier(month: str, number: int) -> str:
    """The identifier of the month's release with that number, counted from 1."""
    return f"REL-{month}-{number:03d}"


def parts(release_id: str) -> tuple[str, int] | None:
    """Month and number of an identifier, or None for a text that is none."""
    found = re.fullmatch(_ID, release_id, re.ASCII)
    return (f"{found[1]}-{found[2]}", int(found[3])) if found and int(found[3]) else None


def matching(short: str, known: Iterable[str]) -> list[str]:
    """The identifiers that `short` may stand for: whole, an end of it such as `11-003` or `3`, or whole
    parts of it such as `2026-11`; in order."""
    wanted = short.strip().upper()
    candidates = sorted(set(known))
    if wanted in candidates:
        return [wanted]
    found = [name for name in candidates if name.endswith(f"-{wanted}")]
    if not found and wanted.isdigit():
        found = [name for name in candidates if name.rpartition("-")[2].lstrip("0") == wanted.lstrip("0")]
    if not found and "-" in wanted.strip("-"):  # never part of a number: `2` must not mean 2026
        found = [name for name in candidates if f"-{wanted.removeprefix('REL-')}-" in f"{name}-"]
    return found


def resolve(short: str, known: Iterable[str]) -> str:
    """The one identifier that `short` stands for (see `matching`).

    Raises BadInput when none or several fit, listing the candidates.
    """
    candidates = list(known)
    found = matching(short, candidates)
    if len(found) == 1:
        return found[0]
    if not found:  # a part that is cut short, such as `11-00`, chooses nothing; but it is told what it fits
        wanted = short.strip().upper().removeprefix("REL-")
        begun = sorted(name for name in candidates if wanted and f"-{wanted}" in name)
        found = begun if len(begun) > 1 else []
    if found:
        raise BadInput(
            f"{quoted(short)} is ambiguous: {', '.join(found[:10])}. Write more of the identifier."
        )
    raise BadInput(
        f"There is no active release {quoted(short)}.{did_you_mean(short.strip().upper(), candidates)}"
    )
