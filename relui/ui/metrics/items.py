"""How the items of checklists fared, in lines: what is in trouble first, with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from textual.content import Content

from relui.domain.learning.item_record import ENOUGH, OFTEN, ItemRecord
from relui.ui.kit.text import column, line, paragraphs
from relui.ui.kit.times import span

_ADVICE = {"drop": "drop it?", "automate": "automate?", "": ""}
_MARKS = {"drop": "partial", "automate": "overdue", "": "muted"}
_CELLS = (("on", 5), ("late", 6), ("failed", 8), ("left out", 10), ("open", 6), ("median", 11))
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
        ("left out", each.left_out), ("stayed open", each.left_open),
    ):  # fmt: skip
        share = f"  {value / each.releases * 100:.0f} %" if value else ""
        lines.append(line((f"{name:<14}", "muted"), f"{value:>5} of {each.releases}", (share, "muted")))
    took = "not known: it was ticked with others, or first in its phase" if each.minutes is None else ""
    lines.append(line(("median time   ", "muted"), took or minutes_words(each)))
    return [*lines, line(), *paragraphs(advice_words(each), _MARKS[each.advice] if each.advice else "muted")]


def advice_words(each: ItemRecord) -> str:
    """What to do about an item, and why."""
    if each.advice == "drop":
        return "Drop it? No release did it: it was left out or stayed open on every one."
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
