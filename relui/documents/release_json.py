"""A whole release as relui's own JSON: state and log as stored, so that the chain still verifies elsewhere.

The reader is relui/loading/release_json.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from relui.domain.log import Entry
from relui.domain.patches import Document
from relui.domain.release import Release

FORM = 1
"""The version of the form. It grows when an older relui could not read it any more."""


def to_json(release: Release | Document, entries: Iterable[Entry | Document]) -> dict[str, Any]:
    """`{"relui": 1, "release": {...}, "log": [...]}`.

    Stored documents go in verbatim, fields that this version does not know included; structs become the
    documents that the store writes of them.
    """
    return {"relui": FORM, "release": _document(release), "log": [_document(entry) for entry in entries]}


def _document(value: Release | Entry | Document) -> Document:
    if isinstance(value, dict):
        return value
    # By way of JSON: to_builtins alone would leave tuples, which are no JSON and unequal to lists.
    document: Document = msgspec.json.decode(msgspec.json.encode(value))
    return document
