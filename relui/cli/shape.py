"""What a document behind `--json` is made of: plain values, and structs with every field they have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

Shape = dict[str, Any]


def shape_of(part: Struct) -> Shape:
    """Every field of a part, also those that are as they were made."""
    from msgspec.structs import asdict

    whole = asdict(part)
    if "cases" in whole:
        whole["cases"] = shapes_of(whole["cases"])
    return whole


def shapes_of(parts: Iterable[Struct]) -> list[Shape]:
    """Several parts."""
    return [shape_of(part) for part in parts]
