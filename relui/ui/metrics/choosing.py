"""What the metrics are about: choosing a period, a service, a type of release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relui.domain.release import RELEASE_TYPES
from relui.ui.kit.choose import Choose

if TYPE_CHECKING:
    from relui.ui.metrics.screen import MetricsScreen

PERIODS: tuple[tuple[str, int], ...] = (
    ("last 3 months", 3), ("last 6 months", 6), ("last 12 months", 12), ("last 24 months", 24),
    ("last 5 years", 60), ("everything", 0),
)  # fmt: skip
"""Each ends today; how many months it has, that of today included, and 0 for everything."""


async def choose_period(screen: MetricsScreen) -> None:
    """Choose among periods that end today."""
    at = next(at for at, (_, months) in enumerate(PERIODS) if months == screen.months)
    chosen = await _choose(screen, "Period", [(words, "") for words, _ in PERIODS], at)
    if chosen is not None:
        screen.months = PERIODS[chosen][1]
        screen.ask_anew()


async def choose_service(screen: MetricsScreen) -> None:
    """Choose among the services of the archive."""
    counts: dict[str, int] = {}
    for row in screen.rows or ():
        counts[row.service] = counts.get(row.service, 0) + 1
    names = ["", *sorted(counts, key=str.casefold)]
    said = {name: f"{count} {'release' if count == 1 else 'releases'}" for name, count in counts.items()}
    choices = [(name or "all services", said.get(name, "")) for name in names]
    at = names.index(screen.service) if screen.service in names else 0
    chosen = await _choose(screen, "Service", choices, at)
    if chosen is not None:
        screen.service = names[chosen]
        screen.ask_anew()


async def choose_type(screen: MetricsScreen) -> None:
    """Choose among the types of releases."""
    names = ["", *RELEASE_TYPES]
    at = names.index(screen.type)
    chosen = await _choose(screen, "Type", [(name or "all types", "") for name in names], at)
    if chosen is not None:
        screen.type = names[chosen]
        screen.ask_anew()


async def _choose(screen: MetricsScreen, title: str, choices: list[tuple[str, str]], at: int) -> int | None:
    chosen: int | None = await screen.app.push_screen_wait(Choose(title, choices, at=at))
    return chosen
