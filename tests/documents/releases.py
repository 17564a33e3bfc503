"""Releases of every shape, for the properties of what is written of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from relui.domain.checklist import Item, ItemField, Mark, Phase, State
from relui.domain.release import Closing, Release, Retrospective
from relui.domain.text import clean, slug, unique
from relui.loading.checklist_shape import ID_LIMIT

_SPICE = st.sampled_from(
    ["- [ ] ", "* [x] ", "# ", "## Retrospective", "`", "```", "[a](b)", "[Name]: x", "**b**", "_e_", "1. ",
     "---", "&amp;", "<!-- ", "-->", "\\", "> ", "| a |", "===", "~~", "Note:", "Reason: ",
     "Done by ", " #", "___", "http://x/_y_", "Ä 🚀", " *(optional)*", "<b>", "+", "\u00a0", "[x]", "(T-1h)",
     "; stage: ", "a\u200db", "    "]
)  # fmt: skip
_PIECES = st.one_of(_SPICE, st.text(max_size=8))


def lines(*, required: bool = True) -> st.SearchStrategy[str]:
    """One line of text as the record keeps it."""
    made = st.lists(_PIECES, min_size=1, max_size=4).map(lambda pieces: clean("".join(pieces)).strip())
    return made.filter(bool) if required else made


def texts() -> st.SearchStrategy[str]:
    """A text of several lines, or none."""

    def kept(pieces: list[str]) -> str:
        text = clean("\n".join(pieces), multiline=True).strip("\n")
        return text if text.strip() else ""

    return st.lists(st.one_of(lines(required=False), _PIECES), max_size=4).map(kept)


def moments() -> st.SearchStrategy[datetime]:
    """An instant to the second, between 2000 and 2060."""
    start = datetime(2000, 1, 1, tzinfo=UTC)
    return st.integers(0, 60 * 365 * 86400).map(lambda seconds: start + timedelta(seconds=seconds))


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])


@st.composite
def items(draw: st.DrawFn, depth: int = 0) -> tuple[Item, ...]:
    """Items with the ids that their texts give, so that paths can be compared."""
    found: list[Item] = []
    for text in draw(st.lists(lines(), min_size=0 if depth else 1, max_size=3)):
        labels = draw(st.lists(lines(), max_size=2))
        fields: list[ItemField] = []
        for label in labels:
            fields.append(
                ItemField(unique(slug(label, limit=ID_LIMIT), [field.id for field in fields]), label)
            )
        found.append(
            Item(
                id=unique(slug(text, limit=ID_LIMIT), [item.id for item in found]),
                text=text,
                help=draw(texts()),
                optional=draw(st.booleans()),
                role=draw(lines(required=False)),
                fields=tuple(fields),
                items=draw(items(depth + 1)) if depth < 2 and draw(st.booleans()) else (),
            )
        )
    return tuple(found)


@st.composite
def marks(draw: st.DrawFn, item: Item) -> Mark:
    """What may be recorded on an item; a parent bears no state."""
    state = State.OPEN if item.items else draw(st.sampled_from([s for s in State if s is not State.PARTIAL]))
    decided = state is not State.OPEN
    return Mark(
        state=state,
        by=draw(lines()) if decided else "",
        at=draw(moments()) if decided else None,
        reason=draw(lines(required=False)) if decided else "",
        note=draw(texts()),
        evidence=tuple(draw(st.lists(lines(), max_size=2))),
        fields={field.id: draw(lines()) for field in item.fields if draw(st.booleans())},
        late=decided and draw(st.booleans()),
    )


@st.composite
def releases(draw: st.DrawFn) -> Release:
    """A release with wild texts in every place."""
    phases: list[Phase] = []
    found: dict[str, Mark] = {}
    for name in draw(st.lists(lines(), min_size=1, max_size=3)):
        phase = Phase(
            id=unique(slug(name, limit=ID_LIMIT), [one.id for one in phases]),
            name=name,
            stage=draw(st.sampled_from(["build", "deploy", "close"])),
            due=draw(st.sampled_from(["T", "T-48h", "T+30m", "T-2d", "T - 1h"])),
            optional=draw(st.booleans()),
            owed=draw(st.booleans()),
            items=draw(items()),
        )
        phases.append(phase)
        _mark(draw, phase.items, phase.id, found)
    closing = Closing(
        outcome="partial", at=draw(moments()), by=draw(lines()), reason=draw(lines(required=False)),
        left_open={path: draw(lines()) for path in list(found)[:1]},
    )  # fmt: skip
    fields: dict[str, Any] = {name: draw(texts()) for name in ("rationale", "risk", "rollback")}
    return Release(
        id="REL-2026-11-001", title=draw(lines()), service=draw(lines()), version=draw(lines()),
        owner=draw(lines()), go_live=draw(moments()), zone=draw(ZONES), duration=draw(st.integers(1, 5000)),
        template=draw(lines()),
        phases=tuple(phases), marks=found, created_at=draw(moments()), created_by=draw(lines()),
        started_at=draw(st.none() | moments()), closing=closing if draw(st.booleans()) else None,
        environment=draw(lines()), notes_link=draw(lines(required=False)),
        retrospective=Retrospective(draw(texts()), draw(texts()), draw(texts())), **fields,
    )  # fmt: skip


def _mark(draw: st.DrawFn, found: tuple[Item, ...], above: str, into: dict[str, Mark]) -> None:
    for item in found:
        path = f"{above}.{item.id}"
        mark = draw(marks(item))
        if mark != Mark():
            into[path] = mark
        _mark(draw, item.items, path, into)
