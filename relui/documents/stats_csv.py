"""Trends and items as CSV, for spreadsheets: no text in it is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Iterable

from relui.documents.csv_text import csv_text
from relui.domain.learning.item_record import ItemRecord
from relui.domain.learning.trends import Trend

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
