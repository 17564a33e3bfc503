"""Choosing what the metrics are about: a period, a service, a type of release. Esc gives nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from textual.app import App

from relui.domain.release import RELEASE_TYPES
from relui.domain.summary import Summary
from relui.ui.kit.question import Choose

PERIODS: tuple[tuple[str, int], ...] = (
    ("last 3 months", 3), ("last 6 months", 6), ("last 12 months", 12), ("last 24 months", 24),
    ("last 5 years", 60), ("everything", 0),
)  # fmt: skip
"""Each ends today; how many months it has, that of today included, and 0 for everything."""


async def choose_period(app: App[None], months: int) -> int | None:
    """Choose among periods that end today: how many months it has."""
    at = next(at for at, (_, each) in enumerate(PERIODS) if each == months)
    chosen = await app.push_screen_wait(Choose("Period", [(words, "") for words, _ in PERIODS], at=at))
    return None if chosen is None else PERIODS[chosen][1]


async def choose_service(app: App[None], service: str, rows: Iterable[Summary]) -> str | None:
    """Choose among the services of the archive, or nothing for all of them."""
    counts = Counter(row.service for row in rows)
    names = ["", *sorted(counts, key=str.casefold)]
    words = {name: f"{count} {'release' if count == 1 else 'releases'}" for name, count in counts.items()}
    choices = [(name or "all services", words.get(name, "")) for name in names]
    at = names.index(service) if service in names else 0
    chosen = await app.push_screen_wait(Choose("Service", choices, at=at))
    return None if chosen is None else names[chosen]


async def choose_type(app: App[None], type: str) -> str | None:
    """Choose among the types of releases, or nothing for all of them."""
    names = ["", *RELEASE_TYPES]
    choices = [(name or "all types", "") for name in names]
    chosen = await app.push_screen_wait(Choose("Type", choices, at=names.index(type)))
    return None if chosen is None else names[chosen]
