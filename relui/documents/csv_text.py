"""Comma-separated text for spreadsheets: no cell is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from relui.domain.text import clean

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
