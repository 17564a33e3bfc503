"""What other programs take: a whole release as relui's own JSON, and changes, trends and items as CSV.

In the JSON state and log stand as stored, so that the chain still verifies elsewhere; its reader is
relui/loading/release_json.py. In the CSV no cell is ever taken for a formula by a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from relui.domain.learning.item_record import ItemRecord
from relui.domain.learning.trends import Trend
from relui.domain.log import Entry
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.text import clean

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


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(head: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> str:
    """The rows under their head; lines end in CR LF as RFC 4180 has it."""
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(head)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return stream.getvalue()


def cell(value: str | float | None) -> str:
    """A number as it is, nothing for None; an apostrophe before a text that a spreadsheet would compute."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    plain = clean(value)
    return f"'{plain}" if value.startswith(_FORMULA) or plain.lstrip().startswith(_FORMULA) else plain


COLUMNS = ("reference", "summary", "status", "target", "owner", "ready", "kind", "breaking", "origin")


def changes_csv(release: Release) -> str:
    """Every change in a row, under COLUMNS."""
    return csv_text(
        COLUMNS,
        (
            (each.id, each.summary, each.status, str(each.target or ""), each.owner,
             "yes" if each.ready else "no", each.kind, "yes" if each.breaking else "no", each.origin)
            for each in release.dossier.changes
        ),
    )  # fmt: skip


TREND_COLUMNS = (
    "key", "releases", "deployments", "on_time_share", "rollback_share", "overran_share", "overrun_minutes",
    "escaped_defects", "emergency_share", "lead_time_minutes", "change_failure_rate",
    "time_to_restore_minutes", "satisfaction",
)  # fmt: skip
ITEM_COLUMNS = (
    "path", "text", "releases", "done", "late", "failed", "left_out", "stayed_open", "median_minutes",
    "advice",
)  # fmt: skip


def trends_csv(trends: Iterable[Trend]) -> str:
    """A row for each group; shares between 0 and 1, nothing where nothing is known."""
    return csv_text(
        TREND_COLUMNS,
        (
            (each.key, each.releases, each.deployments, each.on_time, each.rolled_back, each.overran,
             each.overrun, each.escaped, each.emergencies, each.lead, each.failed, each.restore,
             each.satisfaction)
            for each in trends
        ),
    )  # fmt: skip


def items_csv(items: Iterable[ItemRecord]) -> str:
    """A row for each item."""
    return csv_text(
        ITEM_COLUMNS,
        (
            (each.path, each.text, each.releases, each.done, each.late, each.failed, each.left_out,
             each.left_open, each.minutes, each.advice)
            for each in items
        ),
    )  # fmt: skip
