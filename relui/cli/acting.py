"""How an act is told: what changed, what was so already, what was left and why, and its effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from relui.cli.command import switch
from relui.cli.session import Session
from relui.cli.shapes import act
from relui.desk.act import Done, Opened
from relui.domain.outline import Outline
from relui.domain.ruling import Ruling

if TYPE_CHECKING:
    from relui.desk.organisation import Amended


def tell(session: Session, done: Done, already: str) -> None:
    """Print what an act led to. `already` is the sentence for when nothing had to be changed."""
    outline = Outline(done.release)
    _tell(session, done, already, outline, f" {outline.done} of {outline.total} done.")


def tell_record(session: Session, done: Done, already: str) -> None:
    """Print what an act on the record led to: the same, without a word on the checklist."""
    _tell(session, done, already, Outline(done.release), "")


def unchanged(opened: Opened) -> Done:
    """What an act leads to that finds nothing to do on a closed release."""
    return Done(release=opened.release, record=opened.record, ruling=Ruling(opened.release, None))


def _tell(session: Session, done: Done, already: str, outline: Outline, stands: str) -> None:
    if session.json:
        session.out.document(act(done))
        return
    ruling = done.ruling
    said = session.out.word
    if ruling.act is not None:
        said(f"{done.release.id}: {ruling.act.text}.{stands}")
    else:
        said(f"{done.release.id}: {already}")
    if ruling.act is not None and ruling.already:
        said(f"So already: {_named(outline, ruling.already)}.")
    for path, why in ruling.left:
        said(f"Left: {_named(outline, (path,))}: {why.rstrip('.')}.")
    for word in ruling.told:
        said(word)


def _named(outline: Outline, paths: tuple[str, ...], most: int = 6) -> str:
    """Items with their texts; what is no item by its name alone."""
    words = [f"{outline.nodes[path].text} ({path})" if path in outline.nodes else path for path in paths]
    return named(words, most)


def named(words: Sequence[str], most: int = 6) -> str:
    """The first of many, and how many more there are."""
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


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
