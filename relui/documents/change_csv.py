"""The changes of a release as CSV, for spreadsheets: no cell is ever taken for a formula."""

from __future__ import annotations

from relui.domain.release import Release
from relui.domain.text import clean

COLUMNS = ("reference", "summary", "status", "target", "owner", "ready", "kind", "breaking", "origin")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def changes_csv(release: Release) -> str:
    """Every change in a row, under COLUMNS; comma-separated, lines end in CR LF as RFC 4180 has it."""
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for each in release.dossier.changes:
        cells = (
            each.id, each.summary, each.status, str(each.target or ""), each.owner,
            "yes" if each.ready else "no", each.kind, "yes" if each.breaking else "no", each.origin,
        )  # fmt: skip
        writer.writerow([cell(text) for text in cells])
    return stream.getvalue()


def cell(text: str) -> str:
    """A text as a spreadsheet may have it: an apostrophe stands before what it would compute."""
    plain = clean(text)
    return f"'{plain}" if text.startswith(_FORMULA) or plain.lstrip().startswith(_FORMULA) else plain
