"""The changes of a release as CSV, for spreadsheets: no cell is ever taken for a formula."""

from __future__ import annotations

from relui.documents.csv_text import csv_text
from relui.domain.release import Release

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
