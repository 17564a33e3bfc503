"""Commands of the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from relui.ui.kit.command import Command, Commands


class _Metrics(Protocol):
    view: str

    @property
    def missing(self) -> bool: ...
    def figures(self) -> Sequence[object]: ...
    def why_no_plot(self) -> str: ...


def _nothing_in_full(screen: _Metrics) -> str:
    return "" if screen.missing or screen.figures() else "Nothing is selected."


def _no_plot(screen: _Metrics) -> str:
    return screen.why_no_plot()


def _no_items(screen: _Metrics) -> str:
    return "" if screen.view == "items" else "This is for the items. Tab goes there."


_metric = partial(Command, section="Metrics")

# fmt: off
METRICS: Commands = (
    _metric("metrics-next", "Next view", ("tab", "l", "right"), "turn_view",
            "The next view: by month, by service, by type, the items.", given=1, rank=1),
    _metric("metrics-previous", "Previous view", ("shift+tab", "h", "left"), "turn_view",
            "The view before.", given=-1),
    _metric("metrics-figures", "In full", ("enter",), "show_figures",
            "The figures of what is under the cursor, in full; begins to read again what was stopped.",
            rank=2, refused=_nothing_in_full),
    _metric("metrics-plot", "Plot/text", ("v",), "switch_plot",
            "Show the plot, or its numbers with bars of text.", rank=3, refused=_no_plot),
    _metric("metrics-period", "Period", ("p",), "choose_period",
            "Choose the period: the last 12 months at first, a few, years, or everything.", rank=4),
    _metric("metrics-service", "Service", ("s",), "choose_service",
            "Show one service alone, or all of them.", rank=5),
    _metric("metrics-type", "Type", ("t",), "choose_type",
            "Show one type of release alone, or all of them.", rank=6),
    _metric("metrics-filter", "Filter", ("slash",), "start_filter",
            "Show only items with these words: text, path, advice.", rank=7, refused=_no_items),
)
# fmt: on
