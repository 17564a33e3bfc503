"""Trends in words: the measures' score, one of them as numbers with bars, and how items fared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct
from textual.content import Content

from relui.domain.learning.item_record import ENOUGH, OFTEN, ItemRecord
from relui.domain.learning.trends import Course, Measure, MeasureChange, PeriodTrends, Tendency, Trend
from relui.ui.kit.text import column, line, paragraphs
from relui.ui.kit.times import span

VERDICT_MARKS: dict[Tendency, str] = {
    "better": "done",
    "worse": "failed",
    "as before": "muted",
    "other": "text",
    "unclear": "muted",
}
_SAID: dict[Tendency, str] = {
    "better": "better",
    "worse": "worse",
    "as before": "as before",
    "other": "changed",
    "unclear": "-",
}
_EIGHTHS = "▁▂▃▄▅▆▇█"
BAR, EARLIER = "█", "▒"
"""What bars are made of: the last months, and those before. Told apart without colour."""


class Group(Struct, frozen=True):
    """One group as it is shown: its name, a short one for an axis, its releases, its value.

    `recent` is false for a month before the last ones.
    """

    name: str
    short: str
    releases: int
    value: float | None
    recent: bool = True


def value_words(value: float | None, measure: Measure, *, rate: bool = False) -> str:
    """`83 %`, `38 min`, `8 d 8 h`, `12 min less`, `7`; a `rate` has a decimal; `-` is not known."""
    if value is None:
        return "-"
    if measure.unit == "share":
        return f"{value * 100:.0f} %"
    if measure.unit == "minutes":
        words = span(timedelta(minutes=abs(round(value))))
        return f"{words} less" if round(value) < 0 else words
    if measure.unit == "score":
        return f"{value:.1f}"
    if not rate:
        return f"{value:.0f}"
    if not value:
        return "none"
    return f"{value:.1f} a month" if measure.id == "releases" else f"{value:.2f} a release"


def change_words(change: MeasureChange) -> str:
    """By how much: `+8 points`, `-25 min`, `+10 %`; nothing where one side is not known."""
    if change.recent is None or change.before is None:
        return ""
    gap, measure = change.recent - change.before, change.measure
    sign = "+" if gap >= 0 else "-"
    if measure.unit == "share":
        points = abs(round(change.recent * 100) - round(change.before * 100))
        return f"{sign}{points} {'point' if points == 1 else 'points'}" if points else ""
    if measure.unit == "minutes":
        return f"{sign}{span(timedelta(minutes=abs(round(gap))))}" if round(gap) else ""
    if measure.unit == "score":
        return f"{sign}{abs(gap):.1f}"
    if not change.before:
        return f"{sign}{abs(gap):.2f}" if gap else ""
    return f"{sign}{abs(gap) / change.before * 100:.0f} %"


def months_words(count: int) -> str:
    """`3 months`."""
    return "1 month" if count == 1 else f"{count} months"


def verdict_lines(found: PeriodTrends) -> list[Content]:
    """The big question and its answer in two lines."""
    changes, spans = found.changes, found.course
    recent, before = found.recent.releases, found.before.releases if found.before else 0
    counts = {verdict: [c for c in changes if c.verdict == verdict] for verdict in VERDICT_MARKS}
    last = months_words(len(spans.recent.month_keys))
    if spans.before is None:
        return [
            line(" ", ("Better or worse?", "bold text"), "  One month alone compares with nothing."),
            line(),
        ]
    then = months_words(len(spans.before.month_keys))
    of = (f"  last {last}: {recent} releases, the {then} before: {before}", "muted")
    if not counts["better"] and not counts["worse"]:
        plain = "As before." if counts["as before"] else "Too few releases to tell."
        return [line(" ", ("Better or worse?", "bold text"), f"  {plain}", of), line()]
    words: list[str | tuple[str, str] | Content] = [" ", ("Better or worse?", "bold text"), "  "]
    words += [(f"{len(counts['better'])} better", "done"), ", "]
    words += [(f"{len(counts['worse'])} worse", "failed"), f", {len(counts['as before'])} as before"]
    told: list[str | tuple[str, str] | Content] = [" "]
    for verdict in ("worse", "better"):
        if counts[verdict]:
            titles = ", ".join(c.measure.title.lower() for c in counts[verdict])
            told += [(f"{verdict.capitalize()}:", f"bold {VERDICT_MARKS[verdict]}"), f" {titles}.  "]
    return [line(*words, of), line(*told)]


def score_head(spans: Course, width: int) -> Content:
    """The line above the measures."""
    last = f"last {months_words(len(spans.recent.month_keys))}"
    then = f"{months_words(len(spans.before.month_keys))} before" if spans.before else ""
    each = "each month"
    heads = ("", "", last, then, "change", *((each,) if width >= 98 else ()))
    cells = [column(text, room, "muted") for text, room in zip(heads, _rooms(width), strict=False)]
    return Content.assemble(" ", *cells).truncate(width, ellipsis=True)


def _rooms(width: int) -> tuple[int, ...]:
    """The width of each column: verdict, name, both values, the change, the months."""
    return (11, 17, 18, 18, 15, 12) if width >= 80 else (10, 16, 16, 17, 15, 12)


def score_row(change: MeasureChange, values: Sequence[float | None], width: int) -> Content:
    """One measure: the verdict as a word, its value now and before, and its months as a line of blocks."""
    measure, mark = change.measure, VERDICT_MARKS[change.verdict]
    strong = f"bold {mark}" if change.verdict in ("better", "worse") else mark
    words = (
        (_SAID[change.verdict], strong),
        (measure.title, "text"),
        (value_words(change.recent, measure, rate=True), "bold text"),
        (value_words(change.before, measure, rate=True), "muted"),
        (change_words(change), mark),
    )
    cells = [column(text, room, mark) for (text, mark), room in zip(words, _rooms(width), strict=False)]
    if width >= 98:
        cells.append(line((sparks(values[-(width - 82) :]), "accent")))
    return Content.assemble(" ", *cells).truncate(width, ellipsis=True)


def sparks(values: Sequence[float | None]) -> str:
    """One block a value, the lowest and highest of them full range; a dot where nothing was measured."""
    known = [value for value in values if value is not None]
    low, high = min((*known, 0.0)), max((*known, 0.0))
    if high == low:
        return "".join("·" if value is None else _EIGHTHS[0] for value in values)
    return "".join(
        "·" if value is None else _EIGHTHS[round((value - low) / (high - low) * 7)] for value in values
    )


def measure_title(measure: Measure, by: str) -> str:
    """What the plot and the numbers show: `On time by month: started as planned, and not rolled back`."""
    return f"{measure.title} by {by}: {measure.words}"


def numbers(groups: Sequence[Group], total: Trend, measure: Measure, width: int) -> list[Content]:
    """The numbers of one measure: all together, then a line a group, with a bar where there is room."""
    found = value_words(measure.of(total), measure)
    cell = max([len(value_words(each.value, measure)) for each in groups] + [len(found), 8])
    longest = max([Content(each.name).cell_length for each in groups] + [8])
    room = min(longest, max(8, width // 3 if width >= 60 else width - cell - 12))
    bars = width - room - cell - 16
    peak = max((abs(each.value) for each in groups if each.value is not None), default=0.0)
    top = max(peak, 1.0) if measure.unit == "share" and peak > 0.5 else peak

    def row(name: str, mark: str, value: str, value_mark: str, count: str, bar: Content) -> Content:
        cells = (column(name, room, mark), " ", (f"{value:>{cell}}", value_mark), (f"{count:>10}", "muted"))
        return line(*cells, "  " if bar else "", bar).truncate(width, ellipsis=True)

    made = [row("", "muted", "", "muted", "releases", Content())]
    made.append(row("all", "bold text", found, "bold text", str(total.releases), Content()))
    for each in groups:
        value, bar = value_words(each.value, measure), _bar(each, top, bars) if bars >= 8 else Content()
        mark = "text" if each.recent else "muted"
        made.append(row(each.name, "text", value, mark, str(each.releases), bar))
    return made


def _bar(group: Group, top: float, width: int) -> Content:
    if group.value is None:
        return line(("nothing measured" if group.releases else "no release", "muted"))
    cells = round(abs(group.value) / top * (width - 1)) if top else 0
    cells = max(cells, 1) if group.value else 0
    sign = "-" if group.value < 0 else ""
    return line(sign, ((BAR if group.recent else EARLIER) * cells, "accent" if group.recent else "muted"))


def month_groups(
    found: Sequence[tuple[str, Trend | None]], measure: Measure, recent: Sequence[str]
) -> list[Group]:
    """The months of a period for one measure."""
    made: list[Group] = []
    for key, trend in found:
        day = date(int(key[:4]), int(key[5:]), 1)
        short = f"{day:%b}" if day.month != 1 else f"{day:%Y}"
        value = measure.of(trend) if trend else 0.0 if measure.unit == "count" else None
        made.append(Group(f"{day:%b %Y}", short, trend.releases if trend else 0, value, key in recent))
    return made


def other_groups(groups: Sequence[Trend], measure: Measure) -> list[Group]:
    """Services or types for one measure, the worst first; those without a value last."""
    turn = 1 if measure.better == "more" else -1
    rows = sorted(
        groups, key=lambda each: (measure.of(each) is None, turn * (measure.of(each) or 0), each.key)
    )
    return [Group(each.key, each.key, each.releases, measure.of(each)) for each in rows]


_ADVICE = {"drop": "drop it?", "automate": "automate?", "": ""}
_MARKS = {"drop": "partial", "automate": "overdue", "": "muted"}
_CELLS = (("on", 5), ("late", 6), ("failed", 8), ("n/a", 10), ("open", 6), ("median", 11))
_ROOM = 11 + sum(width for _, width in _CELLS) + 2


def item_head(width: int) -> Content:
    """The line above the items."""
    cells = "".join(f"{name:>{room}}" for name, room in _CELLS)
    named = column("advice", 11, "muted"), column("item", max(10, width - _ROOM), "muted")
    return Content.assemble(" ", *named, line((cells, "muted"))).truncate(width, ellipsis=True)


def item_row(each: ItemRecord, width: int) -> Content:
    """One item: the advice as a word, its text, on how many releases it was and what became of it."""
    room = max(10, width - _ROOM)
    numbers = ((each.releases, "text"), (each.late, "overdue"), (each.failed, "failed"),
               (each.left_out, "partial"), (each.left_open, "text"))  # fmt: skip
    cells = [
        line((f"{value or '-':>{room}}", mark if value else "muted"))
        for (value, mark), (_, room) in zip(numbers, _CELLS, strict=False)
    ]
    return Content.assemble(
        " ",
        column(_ADVICE[each.advice], 11, _MARKS[each.advice]),
        column(each.text, room, "text"),
        *cells,
        line((f"{minutes_words(each):>11}", "text" if each.minutes is not None else "muted")),
    ).truncate(width, ellipsis=True)


def minutes_words(each: ItemRecord) -> str:
    """The median of what it took: `4 min`, `40 s`, `-` when nothing is known."""
    if each.minutes is None:
        return "-"
    if each.minutes < 1:
        return f"{each.minutes * 60:.0f} s"
    return span(timedelta(minutes=round(each.minutes)))


def item_detail(each: ItemRecord) -> list[Content]:
    """All figures of one item, and why the advice is given."""
    lines = [*paragraphs(each.text, "bold text"), line((each.path, "muted")), line()]
    for name, value in (
        ("done", each.done), ("of these late", each.late), ("failed", each.failed),
        ("not applicable", each.left_out), ("stayed open", each.left_open),
    ):  # fmt: skip
        share = f"  {value / each.releases * 100:.0f} %" if value else ""
        lines.append(line((f"{name:<14}", "muted"), f"{value:>5} of {each.releases}", (share, "muted")))
    took = "not known: it was ticked with others, or first in its phase" if each.minutes is None else ""
    lines.append(line(("median time   ", "muted"), took or minutes_words(each)))
    return [*lines, line(), *paragraphs(advice_words(each), _MARKS[each.advice] if each.advice else "muted")]


def advice_words(each: ItemRecord) -> str:
    """What to do about an item, and why."""
    if each.advice == "drop":
        return "Drop it? No release did it: it was not applicable or stayed open on every one."
    if each.advice == "automate":
        share = (each.failed + each.late) / each.releases
        often = f"from {OFTEN * 100:.0f} % on that is often"
        return f"Automate it? It was late or failed on {share * 100:.0f} % of its releases; {often}."
    if each.releases < ENOUGH:
        return f"Nothing is concluded from fewer than {ENOUGH} releases."
    return "Nothing stands out."


def fitting_items(found: Sequence[ItemRecord], text: str) -> list[ItemRecord]:
    """The items that have every word of a filter in their text, path or advice."""
    words = text.casefold().split()
    return [
        each for each in found if all(w in f"{each.text} {each.path} {each.advice}".casefold() for w in words)
    ]
