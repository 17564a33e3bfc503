"""The page of a review on a screen: the Markdown that `relui pir page` prints, with its table set out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from textual.content import Content

from relui.ui.kit.markdown import markdown
from relui.ui.kit.text import line

_LAST = "## Notes of the review"


def page_lines(text: str, width: int) -> list[Content]:
    """The lines of a page at a width; the empty place for notes at its end is left out."""
    lines: list[Content] = []
    body = text.partition(_LAST)[0].rstrip()
    for is_table, group in groupby(body.split("\n"), key=lambda row: row.startswith("|")):
        rows = list(group)
        lines += _table(rows, width) if is_table else markdown("\n".join(rows), width)
    blank = [not each.plain.strip() for each in lines]
    return [each for at, each in enumerate(lines) if not (at and blank[at] and blank[at - 1])]


def _table(rows: Iterable[str], width: int) -> list[Content]:
    """A table in columns where they fit, else each row in two lines or more."""
    cells = [
        [_cell(cell) for cell in row.strip("| ").split(" | ")] for row in rows if not row.startswith("|--")
    ]
    if len(cells) < 2:
        return []
    head, *body = cells
    widths = [max(cell.cell_length for cell in column) for column in zip(*cells, strict=False)]
    if sum(widths) + 2 * (len(widths) - 1) > width:
        return [made for row in body for made in _card(head, row, width)]
    made = [_row([line((cell.plain, "muted")) for cell in head], widths)]
    return [*made, *(_row([line((row[0].plain, "accent")), *row[1:]], widths) for row in body)]


def _cell(text: str) -> Content:
    found = markdown(text, 1000)
    return found[0] if found else Content()


def _row(cells: list[Content], widths: list[int]) -> Content:
    padded = [cell.pad_right(room - cell.cell_length) for cell, room in zip(cells, widths, strict=False)]
    return Content("  ").join(padded)


def _card(head: list[Content], row: list[Content], width: int) -> list[Content]:
    """The first three cells are what it is, the others what became of it."""
    name = Content.assemble(line((row[0].plain, "bold accent")), "  ", Content(", ").join(row[1:4]))
    facts = [
        Content.assemble(line((f"{title.plain.lower()} ", "muted")), cell)
        for title, cell in zip(head[4:], row[4:], strict=False)
    ]
    folded = Content(", ").join(facts).wrap(max(width - 2, 8))
    return [*name.wrap(width), *(Content.assemble("  ", part) for part in folded)]
