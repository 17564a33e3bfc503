"""What an act would overwrite that somebody else wrote since it was shown is told, never lost silently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET

from relui.domain.log import Entry
from relui.domain.patches import Document, Patch, same, value_at
from relui.errors import WrittenMeanwhile


def refuse_overwriting(seen: Document, patches: Sequence[Patch], log: Callable[[], Sequence[Entry]]) -> None:
    """Refuse patches of fields that are not any more as they were `seen`.

    `log` gives the log of the document that the patches change, read only when it has to say who wrote.
    Raises WrittenMeanwhile with what stands there now.
    """
    lost = [patch for patch in patches if not _same(value_at(seen, patch.path), patch.before)]
    if not lost:
        return
    entries = log()
    told = [
        f"{_who(patch.path, entries)} changed {_what(patch.path)}. It is now:\n{_words(patch.before)}"
        for patch in lost[:4]
    ]
    raise WrittenMeanwhile("\n\n".join(told))


def _same(one: Any, other: Any) -> bool:
    return one is other if UNSET in (one, other) else same(one, other)


def _who(path: tuple[str, ...], entries: Sequence[Entry]) -> str:
    """Who wrote at this path, above it or below it last."""
    for entry in reversed(entries):
        for patch in entry.patches:
            short = min(len(patch.path), len(path))
            if patch.path[:short] == path[:short]:
                return entry.name
    return "Somebody"


def _what(path: tuple[str, ...]) -> str:
    """`the note of pre-deploy.backup`, `the risk`."""
    name = path[-1].replace("_", " ")
    if path[0] == "marks" and len(path) > 1:
        return f"what is recorded on {path[1]}" if len(path) == 2 else f"the {name} of {path[1]}"
    return f"the {name}" if len(path) < 3 else f"the {name} of {path[-2]}"


def _words(value: Any) -> str:
    if value is UNSET or value in ("", None):
        return "(empty)"
    if isinstance(value, dict):
        return "\n".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
