"""What is owed after releases, as rows: debts, retrospectives, reviews that are due, reviews held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from textual.content import Content

from relui.domain.learning.actions import Review
from relui.domain.learning.debts import Debt
from relui.domain.learning.reviews import DueReview, OwedRetrospective
from relui.domain.summary import Summary
from relui.ui.kit.markdown import markdown
from relui.ui.kit.rows import Row, RowState, section
from relui.ui.kit.text import line, paragraphs
from relui.ui.kit.times import relative, span, when

DEBT, RETROSPECTIVE, REVIEW, HELD = "debt", "retrospective", "review", "held"


def owed_rows(
    debts: Sequence[Debt],
    retrospectives: Sequence[OwedRetrospective],
    due: Sequence[DueReview],
    held: Sequence[Review],
    known: Mapping[str, Summary],
    now: datetime,
) -> list[Row]:
    """The rows in sections; `known` are the releases of the reviews by identifier."""
    rows: list[Row] = []
    if debts:
        words = "items of the full checklist that an emergency left for later"
        found = [_debt(each, now) for each in debts]
        rows += section("debts", "Debts of emergencies", found, words, str(len(debts)))
    for kind, title, words in (
        ("major", "Reviews of major releases", "each alone, soon after its deployment"),
        ("periodic", "Periodic reviews", "the other releases of a month on one page"),
    ):
        found = [_review(each, known, now) for each in due if each.kind == kind]
        rows += section(kind, title, found, words, str(len(found))) if found else []
    if retrospectives:
        found = [_retrospective(each, now) for each in retrospectives]
        words = "of releases that were closed without; Enter writes one"
        rows += section("retrospectives", "Retrospectives", found, words, str(len(found)))
    if held:
        shown = [_held(each) for each in held]
        rows += section(HELD, "Held", shown, "the latest first", str(len(held)))
    return rows


def _late(due: datetime, overdue: bool, now: datetime) -> str:
    return f"{span(now - due)} late" if overdue else f"due {relative(due, now)}"


def _debt(each: Debt, now: datetime) -> Row:
    words = f"{each.service}: owes {len(each.open)} of {len(each.items)} items, {_age(each.age_days)} old"
    state: RowState = "bad" if each.overdue else "unmet"
    return Row(DEBT, each.release, each.release, words, state, _late(each.due, each.overdue, now),
               f"for {each.owner}")  # fmt: skip


def _retrospective(each: OwedRetrospective, now: datetime) -> Row:
    words = f"{each.service} {each.version}"
    state: RowState = "bad" if each.overdue else "unmet"
    return Row(RETROSPECTIVE, each.release, each.release, words, state, _late(each.due, each.overdue, now),
               f"for {each.owner}")  # fmt: skip


def _age(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def review_key(each: DueReview) -> str:
    """What the cursor stays on: a periodic review stays itself when some of its releases were reviewed."""
    return each.month if each.kind == "periodic" else each.releases[0]


def _review(each: DueReview, known: Mapping[str, Summary], now: datetime) -> Row:
    state: RowState = "bad" if each.overdue else "unmet"
    if each.kind == "major":
        row = known.get(each.releases[0])
        words = f"{row.service} {row.version}" if row else ""
        extra = f"for {row.owner}" if row else ""
        return Row(REVIEW, review_key(each), each.releases[0], words, state,
                   _late(each.due, each.overdue, now), extra)  # fmt: skip
    count = len(each.releases)
    services = sorted({known[name].service for name in each.releases if name in known})
    words = f"{count} {'release' if count == 1 else 'releases'}: {', '.join(services)}"
    return Row(REVIEW, review_key(each), each.month, words, state, _late(each.due, each.overdue, now))


def _held(each: Review) -> Row:
    words = " ".join(each.notes.split())
    count = f"{len(each.releases)} releases" if len(each.releases) > 1 else each.releases[0]
    return Row(HELD, each.id, each.id, words, "met", str(each.held), count)


def debt_detail(each: Debt, now: datetime, zone: str) -> list[Content]:
    """One debt: since when, until when, and what is owed."""
    mark = "overdue" if each.overdue else "text"
    lines = [
        line((f"{each.release}  {each.service}", "bold text"), (f"   for {each.owner}", "muted")),
        line(("deployed ", "muted"), when(each.since, zone, year=now.year), f", {_age(each.age_days)} ago"),
        line(("due      ", "muted"), (f"{when(each.due, zone, year=now.year)}, ", mark),
             (_late(each.due, each.overdue, now).removeprefix("due "), mark)),
    ]  # fmt: skip
    shown = [
        line("  ", ("failed  " if item.resolution == "failed" else "", "failed"), item.text)
        for item in each.open
    ]
    return [*lines, line(("owed", "muted")), *shown]


def retrospective_detail(each: OwedRetrospective, now: datetime, zone: str) -> list[Content]:
    """A retrospective that is owed: since when, and until when."""
    mark = "overdue" if each.overdue else "text"
    return [
        line((f"{each.release}  {each.service} {each.version}", "bold text"),
             (f"   for {each.owner}", "muted")),
        line(("closed   ", "muted"), when(each.closed, zone, year=now.year), " without its retrospective"),
        line(("due      ", "muted"), (f"{when(each.due, zone, year=now.year)}, ", mark),
             (_late(each.due, each.overdue, now).removeprefix("due "), mark)),
    ]  # fmt: skip


def review_detail(each: DueReview, known: Mapping[str, Summary], now: datetime, zone: str) -> list[Content]:
    """One review that is due, with its releases."""
    mark = "overdue" if each.overdue else "text"
    lines = [
        line((each.words, "bold text")),
        line((f"due {when(each.due, zone, year=now.year)}, ", mark),
             (_late(each.due, each.overdue, now).removeprefix("due "), mark)),
    ]  # fmt: skip
    for name in each.releases:
        row = known.get(name)
        lines.append(line("  ", (name, "accent"), f"  {release_words(row)}" if row else ""))
    return lines


def release_words(row: Summary) -> str:
    """`checkout 10.6.0, minor, rolled-back`."""
    return f"{row.service} {row.version}, {row.type}, {row.outcome or 'not closed'}"


def held_detail(each: Review) -> list[Content]:
    """A review that was held, in full."""
    lines = [
        line(
            (f"{each.id}  held on {each.held}", "bold text"), (f"   recorded by {each.recorded_by}", "muted")
        )
    ]
    return [*lines, *paragraphs(each.notes), line(("of ", "muted"), ", ".join(each.releases))]


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
    cells = [[_cell(cell) for cell in row.strip("| ").split(" | ")] for row in rows if set(row) - set("|- ")]
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
