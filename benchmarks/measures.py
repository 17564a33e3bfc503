"""Two series taken in turn, their ratio, and the table of ratios that a run ends with."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Once = Callable[[], float]
"""Does a thing once and returns what it took."""


@dataclass(frozen=True)
class Measure:
    """What relui and its reference took, in turn, and what relui is allowed.

    `limit` bounds the ratio at p50 and at p95; when `absolute`, it bounds relui's own figures instead.
    """

    name: str
    reference_name: str
    relui: Sequence[float]
    reference: Sequence[float]
    limit: float
    unit: str = "ms"
    absolute: bool = False

    @property
    def ratios(self) -> tuple[float, float]:
        """relui over its reference, at p50 and at p95."""
        return tuple(percentile(self.relui, share) / percentile(self.reference, share) for share in (50, 95))  # type: ignore[return-value]

    @property
    def met(self) -> bool:
        """Whether relui keeps within the limit at p50 and at p95."""
        figures = (percentile(self.relui, 50), percentile(self.relui, 95)) if self.absolute else self.ratios
        return all(figure <= self.limit for figure in figures)

    def document(self) -> dict[str, object]:
        """As JSON holds it."""
        return {
            "name": self.name,
            "reference": self.reference_name,
            "unit": self.unit,
            "runs": len(self.relui),
            "relui": {"p50": percentile(self.relui, 50), "p95": percentile(self.relui, 95)},
            "reference_took": {"p50": percentile(self.reference, 50), "p95": percentile(self.reference, 95)},
            "ratio": dict(zip(("p50", "p95"), self.ratios, strict=True)),
            "limit": self.limit,
            "limit_is": "absolute" if self.absolute else "ratio",
            "met": self.met,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` percent of `values` lie, interpolated."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share / 100
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def in_turn(sides: Sequence[Once], runs: int, *, warm_up: int = 1) -> list[list[float]]:
    """What each side took in each of `runs` rounds A B A B ..., after rounds that do not count."""
    took: list[list[float]] = [[] for _ in sides]
    for run in range(-warm_up, runs):
        for series, side in zip(took, sides, strict=True):
            figure = side()
            if run >= 0:
                series.append(figure)
    return took


def table(measures: Sequence[Measure]) -> str:
    """One line a measure: figures at p50 / p95."""
    head = ("measure", "reference", "runs", "relui", "reference", "ratio", "limit", "met")
    lines = [head]
    for each in measures:
        p50, p95 = each.ratios
        lines.append(
            (
                each.name,
                each.reference_name,
                str(len(each.relui)),
                _pair(each.relui, each.unit),
                _pair(each.reference, each.unit),
                f"{p50:.2f} / {p95:.2f}",
                f"{each.limit:.0f} {each.unit}" if each.absolute else f"{each.limit:.1f}",
                "met" if each.met else "NOT MET",
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _pair(values: Sequence[float], unit: str) -> str:
    digits = 1 if unit == "ms" else 0
    return f"{percentile(values, 50):.{digits}f} / {percentile(values, 95):.{digits}f} {unit}"
