"""Stored releases read for their checklists alone: a fraction of the time that the whole record takes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from relui.domain.learning.item_record import BareRelease
from relui.regular_files import read_regular


class _File(Struct, gc=False):
    """The one table of a release's file that is looked at; the log is skipped."""

    release: dict[str, BareRelease] = {}


@cache
def _decoder() -> msgspec.json.Decoder[_File]:
    return msgspec.json.Decoder(_File)


def lean_release(path: Path) -> BareRelease | None:
    """The checklist in a release's file; None when it cannot be read: `verify` and `doctor` tell why."""
    try:
        found = list(_decoder().decode(read_regular(path)).release.values())
    except (OSError, ValueError, RecursionError):
        return None
    return found[0] if len(found) == 1 else None
