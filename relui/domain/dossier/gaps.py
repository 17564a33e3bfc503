"""Something that is missing, in words, and where it is met: what criteria, forms and documents tell."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Gap(Struct, frozen=True):
    """One thing that is missing.

    `at` is where it is met: a kind of part (`change`, `component` ...), `edit`, `confirm`, `promote`,
    `sign` or `book`; `name` is the part's id, the editable field or the confirmation that is meant.
    `shared` is how the text begins where others have the same beginning, such as one cause: `text` is that
    and the rest. `way` leads elsewhere where it can no longer be met there.
    """

    text: str
    at: str = ""
    name: str = ""
    shared: str = ""
    way: Gap | None = None


def sentence(gaps: Iterable[Gap], limit: int = 4) -> str:
    """The first few gaps as one line, and how many more there are; empty for none."""
    found = told_once(gaps)
    more = f"; and {len(found) - limit} more" if len(found) > limit else ""
    return "; ".join(found[:limit]) + more


def told_once(gaps: Iterable[Gap]) -> list[str]:
    """The texts of gaps, those with the same beginning as one: a cause is told once."""
    found: dict[str, list[str]] = {}
    for gap in gaps:
        alike = found.setdefault(gap.shared or gap.text, [])
        if gap.shared:
            alike.append(gap.text.removeprefix(gap.shared).strip())
    return [f"{shared} {', '.join(rest)}" if rest else shared for shared, rest in found.items()]
