"""How a change of the organisation is told: its effect on the releases, before it and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from relui.cli.command import switch
from relui.cli.session import Session

if TYPE_CHECKING:
    from relui.desk.organisation import Amended

PREVIEW = switch("Say the effect on the releases, and write nothing.")


def tell_preview(session: Session, effect: tuple[str, ...], more: Mapping[str, object] | None = None) -> int:
    """Print what a change would do; a document says `more` beside it."""
    if session.json:
        session.out.document({"changed": False, "effect": effect, **(more or {})})
        return 0
    for words in effect or ("No release is touched.",):
        session.out.word(words)
    session.out.word("Nothing was written.")
    return 0


def tell_amended(session: Session, amended: Amended, more: Mapping[str, object] | None = None) -> int:
    """Print what a change did; a document says `more` beside it."""
    if session.json:
        session.out.document({"changed": amended.changed, "effect": amended.effect, **(more or {})})
        return 0
    session.out.word("Done." if amended.changed else "It is so already. Nothing changed.")
    for words in amended.effect:
        session.out.word(words)
    return 0
