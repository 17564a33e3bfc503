"""How an act is told: what changed, what was so already, what was left and why, and its effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from relui.cli.command import switch
from relui.cli.session import Session
from relui.cli.shapes import act
from relui.desk.act import Done, Opened
from relui.domain.outline import Outline
from relui.domain.ruling import Ruling

if TYPE_CHECKING:
    from relui.desk.organisation import Amended, Amendment


def tell(session: Session, done: Done, already: str = "nothing changed.", *, on_record: bool = False) -> None:
    """Print what an act led to. `already` is the sentence for when nothing had to be changed.

    An act on the record says nothing of how far the checklist is.
    """
    if session.json:
        session.out.document(act(done))
        return
    ruling, release, outline = done.ruling, done.release, done.opened.outline
    stands = "" if on_record else f" {outline.done} of {outline.total} done."
    session.out.word(f"{release.id}: {f'{ruling.act.text}.{stands}' if ruling.act else already}")
    if ruling.act is not None and ruling.already:
        session.out.word(f"So already: {_named(outline, ruling.already)}.")
    session.out.words(f"Left: {_named(outline, (path,))}: {why.rstrip('.')}." for path, why in ruling.left)
    session.out.words(ruling.told)


def tell_record(session: Session, done: Done, already: str = "nothing changed.") -> None:
    """Print what an act on the record led to."""
    tell(session, done, already, on_record=True)


def tell_archived(session: Session, done: Done) -> None:
    """Say where a release lies that its act moved to the archive."""
    if done.record.archived and not session.json:
        session.out.word(f"Archived as {done.record.where}.")


def unchanged(opened: Opened) -> Done:
    """What an act leads to that finds nothing to do on a closed release."""
    return Done(release=opened.release, record=opened.record, ruling=Ruling(opened.release, None))


def _named(outline: Outline, paths: tuple[str, ...], most: int = 6) -> str:
    """Items with their texts; what is no item by its name alone."""
    words = [f"{outline.nodes[path].text} ({path})" if path in outline.nodes else path for path in paths]
    return named(words, most)


def named(words: Sequence[str], most: int = 6) -> str:
    """The first of many, and how many more there are."""
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


PREVIEW = switch("Say the effect on the releases, and write nothing.")


def amend(
    session: Session,
    preview: bool,
    change: Amendment,
    carry_out: Callable[[], Amended],
    more: Mapping[str, object] | None = None,
) -> None:
    """Change the organisation, or only say what `change` would do; a document says `more` beside it."""
    if preview:
        effect = session.desk.organisation.preview(change)
        if not session.answers({"changed": False, "effect": effect, **(more or {})}):
            session.out.words((*(effect or ("No release is touched.",)), "Nothing was written."))
        return
    amended = carry_out()
    if not session.answers({"changed": amended.changed, "effect": amended.effect, **(more or {})}):
        session.out.word("Done." if amended.changed else "It is so already. Nothing changed.")
        session.out.words(amended.effect)
