"""Commands of the metrics, of what is owed after releases, and of the page of a review."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.kit.command import Command, Commands

if TYPE_CHECKING:
    from relui.ui.metrics.screen import MetricsScreen
    from relui.ui.review.owed import OwedScreen
    from relui.ui.review.screen import ReviewScreen


class _Metric(Command):
    section = "Metrics"


class NextView(_Metric):
    """The next view: by month, by service, by type, the items."""

    id, title, keys, rank = "metrics-next", "Next view", ("tab", "l", "right"), 1

    @classmethod
    def run(cls, screen: MetricsScreen) -> None:
        screen.turn_view(1)


class PreviousView(_Metric):
    """The view before."""

    id, title, keys = "metrics-previous", "Previous view", ("shift+tab", "h", "left")

    @classmethod
    def run(cls, screen: MetricsScreen) -> None:
        screen.turn_view(-1)


class ShowFigures(_Metric):
    """The figures of what is under the cursor, in full; begins to read again what was stopped."""

    id, title, keys, rank = "metrics-figures", "In full", ("enter",), 2

    @classmethod
    def refusal(cls, screen: MetricsScreen) -> str:
        return "" if screen.missing or screen.figures() else "Nothing is selected."

    @classmethod
    def run(cls, screen: MetricsScreen) -> None:
        screen.show_figures()


class PlotOrText(_Metric):
    """Show the plot, or its numbers with bars of text."""

    id, title, keys, rank = "metrics-plot", "Plot/text", ("v",), 3

    @classmethod
    def refusal(cls, screen: MetricsScreen) -> str:
        return screen.why_no_plot()

    @classmethod
    def run(cls, screen: MetricsScreen) -> None:
        screen.switch_plot()


class ChoosePeriod(_Metric):
    """Choose the period: the last 12 months at first, a few, years, or everything."""

    id, title, keys, rank = "metrics-period", "Period", ("p",), 4

    @classmethod
    def run(cls, screen: MetricsScreen) -> Awaitable[None]:
        from relui.ui.metrics.choosing import choose_period

        return choose_period(screen)


class ChooseService(_Metric):
    """Show one service alone, or all of them."""

    id, title, keys, rank = "metrics-service", "Service", ("s",), 5

    @classmethod
    def run(cls, screen: MetricsScreen) -> Awaitable[None]:
        from relui.ui.metrics.choosing import choose_service

        return choose_service(screen)


class ChooseType(_Metric):
    """Show one type of release alone, or all of them."""

    id, title, keys, rank = "metrics-type", "Type", ("t",), 6

    @classmethod
    def run(cls, screen: MetricsScreen) -> Awaitable[None]:
        from relui.ui.metrics.choosing import choose_type

        return choose_type(screen)


class FilterItems(_Metric):
    """Show only items with these words: text, path, advice."""

    id, title, keys, rank = "metrics-filter", "Filter", ("slash",), 7

    @classmethod
    def refusal(cls, screen: MetricsScreen) -> str:
        return "" if screen.view == "items" else "This is for the items. Tab goes there."

    @classmethod
    def run(cls, screen: MetricsScreen) -> None:
        screen.start_filter()


METRICS: Commands = (
    NextView,
    PreviousView,
    ShowFigures,
    PlotOrText,
    ChoosePeriod,
    ChooseService,
    ChooseType,
    FilterItems,
)


class _Owed(Command):
    section = "Owed"


class OpenOwed(_Owed):
    """Go there: a debt leads to its release's checklist, a review to its page."""

    id, title, keys, rank = "owed-open", "Go there", ("enter", "l", "right"), 1

    @classmethod
    def refusal(cls, screen: OwedScreen) -> str:
        if not screen.read and screen.reading:
            return "What is owed is still being read."
        return "" if screen.chosen is not None else "Nothing is selected."

    @classmethod
    def run(cls, screen: OwedScreen) -> None:
        screen.go_there()


class FilterOwed(_Owed):
    """Show only lines with these words."""

    id, title, keys, rank = "owed-filter", "Filter", ("slash",), 2

    @classmethod
    def run(cls, screen: OwedScreen) -> None:
        screen.start_filter()


OWED: Commands = (OpenOwed, FilterOwed)


class _Review(Command):
    section = "Review"


class ChooseReleases(_Review):
    """Take the release under the cursor off the page, or put it on again."""

    id, title, keys, rank = "review-choose", "On the page", ("space",), 1

    @classmethod
    def run(cls, screen: ReviewScreen) -> None:
        screen.choose()


class ChooseAll(_Review):
    """All releases on the page, or none."""

    id, title, keys, rank = "review-all", "All/none", ("a",), 3

    @classmethod
    def run(cls, screen: ReviewScreen) -> None:
        screen.choose_all()


class RecordHeld(_Review):
    """Record that the review of the releases on the page was held: notes, the day, actions."""

    id, title, keys, rank = "review-held", "Record as held", ("H",), 2

    @classmethod
    def refusal(cls, screen: ReviewScreen) -> str:
        return "" if screen.on_page else "No release is on the page. Space puts one on it."

    @classmethod
    def run(cls, screen: ReviewScreen) -> Awaitable[None]:
        return screen.record_held()


class OpenReviewed(_Review):
    """Open the checklist of the release under the cursor."""

    id, title, keys, rank = "review-open", "Open", ("enter",), 4

    @classmethod
    def run(cls, screen: ReviewScreen) -> None:
        screen.open_release()


class SwitchPane(_Review):
    """Move between the releases and the page; the moving keys scroll the page then."""

    id, title, keys, rank = "review-pane", "Releases/page", ("tab",), 5

    @classmethod
    def run(cls, screen: ReviewScreen) -> None:
        screen.switch_pane()


REVIEW: Commands = (ChooseReleases, ChooseAll, RecordHeld, OpenReviewed, SwitchPane)
