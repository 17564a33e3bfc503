"""Something that is missing, in words, and where it is met: what criteria, forms and documents tell."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Gap(Struct, frozen=True):
    """One thing that is missing.

    `at` is where it is met: a kind of part (`change`, `component` ...), `edit`, `confirm`, `promote`,
    `sign` or `book`; `name` is the part's id, the editable field or the confirmation that is meant.
    """

    text: str
    at: str = ""
    name: str = ""


def sentence(gaps: Iterable[Gap], limit: int = 4) -> str:
    """The first few gaps as one line, and how many more there are; empty for none."""
    found = list(gaps)
    more = f"; and {len(found) - limit} more" if len(found) > limit else ""
    return "; ".join(gap.text for gap in found[:limit]) + more
