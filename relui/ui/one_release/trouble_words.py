"""Help in trouble in words: one quiet line where a symptom is met, and the whole of it [S1.35]."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from relui.domain.learning.trouble import Remedy, trouble_for
from relui.ui.kit.text import line

_STEP = 4
"""Columns before a step's words, on its further lines too."""


def hint_lines(situations: Sequence[str], key: str) -> list[Content]:
    """A blank line and one that asks for the symptom, names its cause and the key; nothing without help.

    It asks and does not say: that a criterion is not met may have another cause.
    """
    found = trouble_for(*situations)
    if not found:
        return []
    first, more = found[0], len(found) - 1
    tail = f"{key} tells what to do" + (f", and of {more} more" if more else "")
    cause = f"{first.cause[:1].lower()}{first.cause[1:].rstrip('.')}"
    return [
        line(""),
        line((f"{first.symptom}?", "text"), (f" Likely: {cause}. ", "muted"), (f"{tail}.", "accent")),
    ]


def remedy_lines(remedy: Remedy, width: int, *, indent: str = "") -> list[Content]:
    """Symptom, likely cause and steps, folded to a width with the steps' words below one another."""
    lines = [
        *_hanging("", (remedy.symptom, "bold accent"), width, indent),
        *_hanging("likely: ", (remedy.cause, "text"), width, indent),
    ]
    for number, step in enumerate(remedy.what_to_do, start=1):
        lines += _hanging(f"{number}.".rjust(_STEP - 1) + " ", (step, "text"), width, indent)
    return lines


def _hanging(head: str, words: tuple[str, str], width: int, indent: str) -> list[Content]:
    before = len(indent) + len(head)
    first, *rest = line(words).wrap(max(width - before, 20))
    blank = " " * before
    return [line(indent, (head, "muted"), first), *(line(blank, more) for more in rest)]


def troubles(remedies: Iterable[Remedy], width: int, *, indent: str = "") -> list[Content]:
    """Several remedies with a blank line between them."""
    lines: list[Content] = []
    for each in remedies:
        lines += [line("")] if lines else []
        lines += remedy_lines(each, width, indent=indent)
    return lines


def about(remedy: Remedy) -> str:
    """All its words, for a search."""
    return f"trouble {remedy.symptom} {remedy.cause} {' '.join(remedy.what_to_do)} {remedy.id}".casefold()
