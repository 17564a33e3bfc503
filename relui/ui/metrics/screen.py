"""Metrics: are releases getting better or worse, by which measure, where; and which items are in trouble."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from relui.domain.instants import local_day
from relui.domain.learning.item_record import ItemRecord
from relui.domain.learning.trends import (
    MEASURES,
    By,
    Measure,
    PeriodTrends,
    Span,
    Trends,
    course,
    month_start,
    trends_of_period,
)
from relui.domain.summary import Summary
from relui.loading.themes import PLAIN_THEME
from relui.ui.kit.archive_reading import READING, ReadsArchive
from relui.ui.kit.command import Commands
from relui.ui.kit.lines import Bar, LineList, Pane
from relui.ui.kit.text import line, title_bar
from relui.ui.kit.times import when
from relui.ui.metrics import choosing
from relui.ui.metrics.commands import METRICS
from relui.ui.metrics.lists import ItemList, MeasureList
from relui.ui.metrics.plot import PlotView
from relui.ui.metrics.plot_spec import SMALLEST, PlotSpec, legible, plot_spec
from relui.ui.metrics.words import (
    Group,
    fitting_items,
    item_detail,
    item_head,
    measure_title,
    month_groups,
    numbers,
    other_groups,
    score_head,
    verdict_lines,
)

View = Literal["month", "service", "type", "items"]
VIEWS: dict[View, str] = {"month": "By month", "service": "By service", "type": "By type", "items": "Items"}
_NUMBERS_WIDTH = 38


class MetricsScreen(ReadsArchive):
    """The measures with their verdicts; the one under the cursor as a plot and as numbers."""

    commands: ClassVar[Commands] = METRICS
    beside = ("detail", "numbers")
    CSS_PATH = "style.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.view: View = "month"
        self.months, self.service, self.type = 12, "", ""
        self.as_text: bool | None = None
        self.rows: list[Summary] | None = None
        self.items: tuple[ItemRecord, ...] | None = None
        self.trends: PeriodTrends | None = None
        self._groups: Trends | None = None

    def parts(self) -> ComposeResult:
        """Title, views, the answer, the measures, one of them in full; or the items."""
        yield Bar(id="title")
        yield Bar(id="views")
        yield Bar(id="verdict")
        yield Bar(id="head")
        yield MeasureList(id="measures")
        yield Bar(id="named")
        with Container(id="lower"):
            yield PlotView(id="plot")
            yield Pane(id="numbers", fold=False)
        yield ItemList(id="items")
        yield Pane(id="detail")
        yield Pane(id="nothing")

    def on_mount(self) -> None:
        """Read the catalogue beside the screen."""
        self._show()
        self.say(f"{READING} archive ...", "muted")
        self.read_archive()

    @property
    def measures(self) -> MeasureList:
        """The measures."""
        return self.query_one("#measures", MeasureList)

    @property
    def item_list(self) -> ItemList:
        """The items."""
        return self.query_one("#items", ItemList)

    def bar_commands(self) -> Commands:
        """Without the way to where we are."""
        return tuple(command for command in self.all_commands() if command.id != "go-metrics")

    def main_list(self) -> LineList:
        """The list of the view that shows."""
        return self.item_list if self.view == "items" else self.measures

    # -- reading -------------------------------------------------------------------------------------

    def take_rows(self, rows: list[Summary]) -> None:
        """The catalogue was read: the trends are worked out, if it differs."""
        self.reading_ended()
        if rows != self.rows:
            self.rows = rows
            self._reckon()
        self.read_what_is_missing(anew=True)

    def take_items(self, found: tuple[ItemRecord, ...]) -> None:
        """The items were read."""
        self.items = found
        self.reading_ended()
        self._show()

    @property
    def _known(self) -> bool:
        """There are releases in the period that was asked for."""
        return self.trends is not None and bool(self.trends.total.releases)

    # -- what shows ----------------------------------------------------------------------------------

    def _reckon(self) -> None:
        """Work the trends out anew: another period, service, or archive."""
        if self.rows is None:
            return
        zone = self.desk.organisation.display_zone()
        today = local_day(self.now, zone)
        first = month_start(today, self.months) if self.months else self._oldest(zone, today)
        self.trends = trends_of_period(self._asked, course(first, today))
        self._groups = None
        self.items = None
        self._show()

    def _asked(self, span: Span, by: By = "month") -> Trends:
        return self.desk.archive.trends_of(
            self.rows or [], by, first=span.first, last=span.last, service=self.service, type=self.type
        )

    def _oldest(self, zone: str, today: date) -> date:
        days = [row.started_at or row.go_live for row in self.rows or ()]
        return local_day(min(days), zone).replace(day=1) if days else today

    def _show(self) -> None:
        """Show what was worked out."""
        found, known = self.trends, self._known
        on_items = self.view == "items"
        for name in ("verdict", "measures", "named", "lower"):
            self.query_one(f"#{name}").display = known and not on_items
        self.query_one("#head").display = known
        ready = on_items and known and bool(self.items)
        self.query_one("#items").display = self.query_one("#detail").display = ready
        nothing = self.query_one("#nothing", Pane)
        nothing.display = not known or (on_items and not ready)
        nothing.show([line((self._nothing(), "muted"))])
        self._show_bars()
        if not known or found is None:
            return
        if on_items:
            self._show_items()
            return
        recent = found.course.recent.month_keys
        values = [
            [group.value for group in month_groups(found.months, each.measure, recent)]
            for each in found.changes
        ]
        self.measures.show(found.changes, values)
        self.show_measure()

    def _nothing(self) -> str:
        if self.rows is None:
            return "Reading the archive ..." if self.reading else "Reading was stopped. Enter begins again."
        if not self.rows:
            return "Nothing was released yet: metrics come from closed releases. F on a release closes it."
        if not self._known:
            return "No archived release fits. p chooses another period, s another service, t another type."
        if self.items is None:
            return (
                "Reading the checklists ..." if self.reading else "Reading was stopped. Enter begins again."
            )
        return "No item was found."

    def _show_bars(self) -> None:
        width = self.size.width
        self.query_one("#title", Bar).show(title_bar("Metrics", when(self.now, self.relui.zone()), width))
        pieces: list[str | tuple[str, str] | Content] = [" "]
        for name, title in VIEWS.items():
            pieces += [(f" {title} ", "bold accent" if name == self.view else "muted"), " "]
        period = next(words for words, months in choosing.PERIODS if months == self.months)
        chosen = [period, self.service or "all services", *([f"{self.type} releases"] if self.type else [])]
        pieces += ["  ", (", ".join(chosen), "text")]
        if self.filter_text and self.view == "items":
            pieces += [("   filter: ", "muted"), (self.filter_text, "overdue")]
        self.query_one("#views", Bar).show(line(*pieces).truncate(max(width, 1), ellipsis=True))
        if self.trends is None:
            return
        if self.view == "items":
            self.query_one("#head", Bar).show(item_head(width - 1))
            return
        self.query_one("#head", Bar).show(score_head(self.trends.course, width - 1))
        verdict = verdict_lines(self.trends)
        self.query_one("#verdict", Bar).show(*(one.truncate(max(width, 1), ellipsis=True) for one in verdict))

    def measure(self) -> Measure:
        """The measure under the cursor."""
        chosen = self.measures.selected
        return chosen.measure if chosen else MEASURES[0]

    def groups(self, measure: Measure) -> Sequence[Group]:
        """What the plot shows of a measure, in this view."""
        assert self.trends is not None
        if self.view in ("month", "items"):
            return month_groups(self.trends.months, measure, self.trends.course.recent.month_keys)
        by: By = "type" if self.view == "type" else "service"
        if self._groups is None or self._groups.by != by:
            self._groups = self._asked(self.trends.course.whole, by)
        return other_groups(self._groups.groups, measure)

    def _spec(self) -> PlotSpec | None:
        measure = self.measure()
        return plot_spec(self.groups(measure), measure, lying=self.view != "month")

    def show_measure(self) -> None:
        """The measure under the cursor, as a plot with its numbers, or as numbers alone."""
        if not self._known or self.view == "items":
            return
        measure, plot = self.measure(), self.plotted
        self.set_class(not plot, "-text")
        self.query_one("#plot").display = plot
        self.query_one("#named", Bar).show(line(" ", (measure_title(measure, self.view), "bold text")))
        if plot:
            self.query_one("#plot", PlotView).show(self._spec())
        width = _NUMBERS_WIDTH - 3 if plot else max(self.size.width - 3, 20)
        self.query_one("#numbers", Pane).show(self._numbers(measure, width), top=True)

    @property
    def plotted(self) -> bool:
        """Whether the plot shows: as chosen, else where it can be read and colours are not forbidden."""
        if self.as_text is not None:
            return not self.as_text and not self.why_no_plot()
        return self.relui.theme != PLAIN_THEME and not self.why_no_plot()

    def why_no_plot(self) -> str:
        """Why there is only text now; nothing when the plot can be read."""
        if self.view == "items":
            return "The items have no plot."
        if not self._known:
            return "There is nothing to plot."
        height = self.size.height - (13 if self.has_class("-low") else 22)
        if legible(self._spec(), self.size.width - _NUMBERS_WIDTH - 2, height):
            return ""
        columns = SMALLEST[0] + _NUMBERS_WIDTH + 2
        return f"A plot cannot be read here: it needs about {columns} columns, and a row for each bar."

    def _show_items(self) -> None:
        if self.items is not None:
            self.item_list.show(fitting_items(self.items, self.filter_text))
        chosen = self.item_list.selected
        self.query_one("#detail", Pane).show(item_detail(chosen) if chosen else [], top=True)

    def fit(self, width: int, height: int) -> None:
        """A plot may fit now that did not before, and the other way round."""
        super().fit(width, height)
        self._show()

    # -- events and acts -----------------------------------------------------------------------------

    @on(LineList.Moved, "#measures")
    def _measure_moved(self) -> None:
        self.show_measure()

    @on(LineList.Moved, "#items")
    def _item_moved(self) -> None:
        self._show_items()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_command("metrics-figures")

    def beat(self, changed: frozenset[str]) -> None:
        """A release was written: closing one changes the archive."""
        if changed and self.rows is not None and not self.reading:
            self.read_archive()

    def reload(self) -> None:
        """Another zone of display, for the clock: months are those of the organisation's."""
        self._show()

    def back(self) -> None:
        """Esc stops reading, takes the filter away, then leaves."""
        if self.reading:
            self.stop_reading()
            self._show()
        elif self.filter_text:
            self.filter_by("")
        else:
            self.app.pop_screen()

    def filter_by(self, text: str) -> None:
        """Show only items with these words."""
        self.filter_text = text
        self._show()

    def turn_view(self, by: int) -> None:
        """The next or the previous view; the items are read when they are first asked for."""
        names = list(VIEWS)
        self.view = names[(names.index(self.view) + by) % len(names)]
        self.read_what_is_missing()
        self._show()
        self.main_list().focus()
        self.show_keys()

    @property
    def missing(self) -> bool:
        """What this view needs was not read: its reading was stopped."""
        return not self.reading and (self.rows is None or (self.view == "items" and self.items is None))

    def read_what_is_missing(self, *, anew: bool = False) -> None:
        """Begin to read what this view needs; `anew` also while something is read."""
        if self.reading and not anew:
            return
        if self.rows is None:
            self.read_archive()
        elif self.view == "items" and self.items is None and self.trends is not None:
            span = self.trends.course.whole
            self.say(f"{READING} checklists ...", "muted")
            self.read_items((span.first, span.last), self.service, self.type)

    def switch_plot(self) -> None:
        """Plot or text, from now on."""
        self.as_text = self.plotted
        self.show_measure()

    def figures(self) -> list[Content]:
        """What is under the cursor in full."""
        if self.view == "items":
            chosen = self.item_list.selected if self.items else None
            return item_detail(chosen) if chosen else []
        if not self._known:
            return []
        return self._numbers(self.measure(), 66)

    def _numbers(self, measure: Measure, width: int) -> list[Content]:
        """The numbers; of months the latest first, since the list may be longer than its place."""
        assert self.trends is not None
        groups = self.groups(measure)
        shown = groups[::-1] if self.view == "month" else groups
        return numbers(shown, self.trends.total, measure, width)

    def show_figures(self) -> None:
        """In a dialog, to scroll in."""
        if self.missing:
            self.read_what_is_missing()
            self._show()
            return
        from relui.ui.kit.reading import Figures

        title = "Item" if self.view == "items" else measure_title(self.measure(), self.view)
        self.app.push_screen(Figures(title, self.figures()))

    async def choose_period(self) -> None:
        """Another period."""
        self._ask_anew(months=await choosing.choose_period(self.app, self.months))

    async def choose_service(self) -> None:
        """One service alone, or all."""
        self._ask_anew(service=await choosing.choose_service(self.app, self.service, self.rows or ()))

    async def choose_type(self) -> None:
        """One type of release alone, or all."""
        self._ask_anew(type=await choosing.choose_type(self.app, self.type))

    def _ask_anew(self, **chosen: int | str | None) -> None:
        """Another period, service or type was chosen, unless none was."""
        for name, value in chosen.items():
            if value is None:
                return
            setattr(self, name, value)
        self._reckon()
        self.read_what_is_missing(anew=True)
        self._show()
