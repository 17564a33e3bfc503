"""State signs. A state is never told by colour alone: the sign says it too."""

from __future__ import annotations

from relui.domain.checklist import State

_ASCII = {
    State.OPEN: "[ ]",
    State.DONE: "[x]",
    State.PARTIAL: "[~]",
    State.NOT_APPLICABLE: "[-]",
    State.FAILED: "[!]",
}
_UNICODE = {
    State.OPEN: " ○ ",
    State.DONE: " ● ",
    State.PARTIAL: " ◐ ",
    State.NOT_APPLICABLE: " − ",
    State.FAILED: " ✗ ",
}
MARKS = {
    State.OPEN: "open",
    State.DONE: "done",
    State.PARTIAL: "partial",
    State.NOT_APPLICABLE: "not-applicable",
    State.FAILED: "failed",
}
WORDS = {
    State.OPEN: "open",
    State.DONE: "done",
    State.PARTIAL: "partly done",
    State.NOT_APPLICABLE: "not applicable",
    State.FAILED: "failed",
}

SIMULATED = "~"
"""Before a time: what was written then was written under a clock that was set by hand."""


def sign(state: State, signs: str = "ascii") -> str:
    """Three cells that tell the state; `signs` is the set from the settings."""
    return (_UNICODE if signs == "unicode" else _ASCII)[state]


def bar(done: int, total: int, width: int) -> tuple[str, str]:
    """A progress bar as its filled and its empty part. Full only when everything is done."""
    if total <= 0:
        return "", "-" * width
    filled = width if done >= total else min(width - 1, round(done / total * width))
    if done and not filled:
        filled = 1
    return "━" * filled, "─" * (width - filled)
