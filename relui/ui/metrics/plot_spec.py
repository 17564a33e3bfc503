"""What a plot of one measure shows, before anybody draws it: bars, their names, a scale of round steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from textual.content import Content

from relui.domain.learning.trends import Measure
from relui.ui.metrics.words import Group

SMALLEST = (48, 8)
"""Columns and rows below which a plot says less than its numbers."""


class PlotSpec(Struct, frozen=True):
    """Bars in order: name, value, and whether each is of the last months; `lying` bars go to the right.

    `scale` has the ticks as position and words; it begins with the lowest and ends with the highest.
    """

    names: tuple[str, ...]
    values: tuple[float | None, ...]
    recent: tuple[bool, ...]
    scale: tuple[tuple[float, str], ...]
    lying: bool = False


def plot_spec(groups: Sequence[Group], measure: Measure, *, lying: bool) -> PlotSpec | None:
    """The plot of one measure, or nothing when no group has a value."""
    known = [each.value for each in groups if each.value is not None]
    if not known:
        return None
    return PlotSpec(
        tuple(each.short for each in groups),
        tuple(each.value for each in groups),
        tuple(each.recent for each in groups),
        scale_of(known, measure),
        lying,
    )


def legible(spec: PlotSpec | None, width: int, height: int) -> bool:
    """Whether a plot of that size can be read: room for every bar, and names as wide as their letters."""
    if spec is None or width < SMALLEST[0] or height < SMALLEST[1]:
        return False
    if any(Content(name).cell_length != len(name) for name in spec.names):
        return False  # the plotting library counts letters, not cells
    if spec.lying:
        longest = max(map(len, spec.names))
        return len(spec.names) + 3 <= height and longest <= width // 3
    return len(spec.names) * 2 + 10 <= width


def scale_of(values: Sequence[float], measure: Measure) -> tuple[tuple[float, str], ...]:
    """Some five ticks with round steps from nothing, or from the lowest below nothing, to the highest."""
    low, high = min((*values, 0.0)), max((*values, 0.0))
    if measure.unit == "share":
        high = 1.0 if high > 0.5 else max(high, 0.05)
        step = 0.25 if high > 0.5 else _step(high * 100) / 100
        return tuple((at, f"{at * 100:.0f} %") for at in _ticks(0.0, high, step))
    unit, word = _unit(max(abs(low), high)) if measure.unit == "minutes" else (1.0, "")
    step = _step((high - low) / unit)
    if measure.unit != "score":
        step = max(step, 1.0)
    found = _ticks(low / unit, high / unit, step)
    return tuple((at * unit, f"{at:g}{word}") for at in found)


def _unit(highest: float) -> tuple[float, str]:
    """Minutes in the unit that such durations are read in, and its name."""
    if highest >= 2 * 1440:
        return 1440.0, " d"
    return (60.0, " h") if highest >= 180 else (1.0, " min")


def _step(reach: float) -> float:
    """A round step, so that some four of them reach."""
    if reach < 1e-9:  # nothing to speak of, and a quarter of the smallest number is zero
        return 1.0
    power = 10.0 ** math.floor(math.log10(reach / 4))
    return next(step * power for step in (1, 2, 5, 10) if step * power * 4.5 >= reach)


def _ticks(low: float, high: float, step: float) -> list[float]:
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 6) for number in range(first, max(last, first + 1) + 1)]
