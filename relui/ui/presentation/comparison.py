"""Two releases side by side: what was planned, what came of it, and the items that ended differently."""

from __future__ import annotations

from textual.content import Content

from relui.domain.instants import format_duration
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.summary import on_time, summarise
from relui.ui.presentation.signs import MARKS, sign
from relui.ui.presentation.text import column, line
from relui.ui.presentation.times import span, when

_LABEL = 13
_MOST = 40
"""Items of one kind that are named."""


def comparison(left: Release, right: Release, zone: str, width: int, signs: str = "ascii") -> list[Content]:
    """Lines of exactly the columns that `width` leaves; a `*` stands where the two differ."""
    room = max((width - _LABEL - 4) // 2, 8)
    facts = zip(_facts(left, zone), _facts(right, zone), strict=True)
    lines = []
    for (label, mine), (_, other) in facts:
        mark = "muted" if mine == other else "text"
        sign_of = ("  ", "") if mine == other else ("* ", "accent")
        lines.append(
            line(sign_of, column(label, _LABEL, "muted"), column(mine, room, mark), "  ",
                 column(other, room, mark))
        )  # fmt: skip
    return [*lines, *_items(left, right, room, signs)]


def _facts(release: Release, zone: str) -> list[tuple[str, str]]:
    row = summarise(release)
    took = row.completed_at - row.started_at if row.started_at and row.completed_at else None
    punctual = {True: "yes", False: "no", None: "never started"}[on_time(row)]
    found = ", ".join(f"{count} {severity}" for severity, count in row.defects.items()) or "none"
    return [
        ("release", release.id),
        ("what", f"{row.service} {row.version}"),
        ("type", f"{row.type}, impact {row.impact}"),
        ("owner", row.owner),
        ("template", row.template),
        ("planned", when(row.go_live, zone, year=0)),
        ("planned for", format_duration(row.duration)),
        ("started", when(row.started_at, zone, year=0) if row.started_at else "never"),
        ("took", span(took) if took is not None else "not known"),
        ("on time", punctual),
        ("outcome", row.outcome or "not closed"),
        ("items", f"{row.done} of {row.total} resolved"),
        ("failed", str(row.failed)),
        ("left out", str(row.not_applicable)),
        ("late", str(row.late)),
        ("changes", str(len(row.changes))),
        ("defects", found),
        ("escaped", str(row.escaped)),
    ]


def _items(left: Release, right: Release, room: int, signs: str) -> list[Content]:
    mine = {leaf.path: leaf for leaf in Outline(left).leaves()}
    others = {leaf.path: leaf for leaf in Outline(right).leaves()}
    differing = [path for path in mine if path in others and mine[path].state is not others[path].state]
    lines: list[Content] = []
    if differing:
        lines += [
            line(""),
            line(("Items that ended differently ", "accent"), (str(len(differing)), "bold text")),
        ]
        for path in differing[:_MOST]:
            one, two = mine[path].state, others[path].state
            lines.append(
                line(
                    "  ",
                    (sign(one, signs), MARKS[one]),
                    " ",
                    (sign(two, signs), MARKS[two]),
                    " ",
                    mine[path].text,
                )
            )
        lines += _more(len(differing))
    for words, found, missing in (("Only in", mine, others), ("Only in", others, mine)):
        names = [found[path].text for path in found if path not in missing]
        if names:
            release = left if found is mine else right
            lines += [line(""), line((f"{words} {release.id} ", "accent"), (str(len(names)), "bold text"))]
            lines += [line("  ", name) for name in names[:_MOST]] + _more(len(names))
    if not differing and mine.keys() == others.keys():
        lines += [line(""), line(("Every item ended the same way.", "muted"))]
    return lines


def _more(count: int) -> list[Content]:
    return [line((f"  and {count - _MOST} more", "muted"))] if count > _MOST else []
